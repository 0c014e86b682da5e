"""A Word document of the draft with the feedback as margin comments at the words they are about.

A draft that was handed in as .docx keeps its looks: the comments are put into the student's own document. Any other
becomes a document made from its text.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from analyser.records import Feedback, Quote, Span
from analyser.report.stable_zip import repacked
from analyser.report.view import NOT_A_MARK, Page, Said, build_page, clean

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "Essay analyser", "EA"
TEACHER, TEACHER_INITIALS = "Teacher", "T"
TEACHER_CODES = "T"
TITLE_BY_TONE = {"praise": "What works", "check": "To check", "next_step": "Next step"}
STYLE_BY_KIND = {"heading": "Heading 2", "list_item": "List Bullet", "quotation": "Quote"}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = f"{{{WORD}}}t"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# No comment can stand in these: deletions, text boxes, and the second form of a drawing.
SKIPPED = frozenset(
    {
        f"{{{WORD}}}del",
        f"{{{WORD}}}moveFrom",
        f"{{{WORD}}}txbxContent",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
SIGN = re.compile(r"[^\W_]")
# Words at the top of the draft that carry the comment on the whole.
N_FIRST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Comment:
    """What a margin comment says, of whom, and the words of the draft it is about (None: the draft as a whole)."""

    text: str
    span: Span | None = None
    is_teachers: bool = False


def render_docx(feedback: Feedback, original: bytes | None = None) -> bytes:
    """The draft as a .docx with comments; ``original`` are the bytes of the student's own .docx, where there is one.

    The same feedback and original always give the same bytes.
    """
    comments = list(_comments(feedback))
    document = _opened(original) if original else None
    if document is None or not _annotate(document, feedback.essay.text, comments):
        document = _from_text(feedback)
        _annotate(document, feedback.essay.text, comments)
    buffer = io.BytesIO()
    document.save(buffer)
    return repacked(buffer.getvalue())


# ---------------------------------------------------------------- what is said


def _comments(feedback: Feedback) -> Iterator[Comment]:
    """One comment on the whole, then one a message that quotes the draft or is about words in it."""
    page = build_page(feedback)
    quotes: dict[str, Quote] = {}
    for item_id, quote in feedback.quotes():
        quotes.setdefault(item_id, quote)
    anchored: list[tuple[Said, Span]] = []
    loose: list[Said] = []
    for said in (*_teachers(page), *(s for s in (*page.praise, *page.steps) if not _is_teachers(s))):
        span = _span(said, quotes)
        if span is None:
            loose.append(said)
        else:
            anchored.append((said, span))
    lines = [f"{page.overview[:1].upper()}{page.overview[1:]}.", *(_text(said) for said in loose), NOT_A_MARK]
    yield Comment("\n".join(lines))
    for said, span in anchored:
        yield Comment(_text(said), span, _is_teachers(said))


def _teachers(page: Page) -> list[Said]:
    return [said for said in (*page.steps, *page.more_steps) if _is_teachers(said)]


def _is_teachers(said: Said) -> bool:
    return said.message.code.startswith(TEACHER_CODES)


def _span(said: Said, quotes: Mapping[str, Quote]) -> Span | None:
    """Where the message's own quotation stands, or else the first words found for what it is about."""
    own = next((words.span for words in said.words if words.span), None)
    return own or quotes.get(said.message.about)


def _text(said: Said) -> str:
    message = said.message
    title = "" if _is_teachers(said) else f"{TITLE_BY_TONE[message.tone]}: "
    hint = f"\n{message.hint}" if message.hint else ""
    return clean(f"{title}{message.text}{hint}")


# ---------------------------------------------------------------- the document


def _opened(data: bytes) -> Document | None:
    """The student's document, or None when it is of a kind that comments cannot be put into (macros, damage)."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, LxmlError, BadZipFile, KeyError, ValueError, OSError, AttributeError):
        return None
    return document


def _from_text(feedback: Feedback) -> Document:
    from datetime import datetime

    import docx

    document = docx.Document()
    essay = feedback.essay
    for block in essay.blocks:
        paragraph = document.add_paragraph(style=STYLE_BY_KIND.get(block.kind))
        paragraph.add_run(clean(essay.text[block.start : block.end]))
    properties = document.core_properties
    properties.title, properties.author, properties.comments = essay.id, "", ""
    properties.created = properties.modified = datetime(1980, 1, 1)
    properties.last_modified_by = ""
    return document


def _annotate(document: Document, text: str, comments: Sequence[Comment]) -> bool:
    """Put the comments in; False when the document does not hold the draft's words, so that nothing can be anchored."""
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    body = document.element.body
    letters = _signs(_text_elements(body))
    if not letters:
        return False
    places = [_place(c.span, text, letters) if c.span else None for c in comments]
    if any(c.span for c in comments) and not any(places):
        return False
    whole = (0, _n_first_words(text, letters))
    anchors = [place or whole for place in places]
    _cut_runs(body, {start for start, _ in anchors}, {end for _, end in anchors})
    run_at = [element.getparent() for element in _text_elements(body) for _ in SIGN.finditer(element.text or "")]
    for comment, place, (start, end) in zip(comments, places, anchors, strict=True):
        said = comment.text
        if comment.span and place is None:
            said = f"“{text[comment.span.start : comment.span.end]}”\n{said}"
        author = (TEACHER, TEACHER_INITIALS) if comment.is_teachers else (AUTHOR, INITIALS)
        ends = [Run(run, Paragraph(run.getparent(), document._body)) for run in (run_at[start], run_at[end - 1])]
        made = document.add_comment(ends, said, *author)
        # The date is optional, and the same feedback should give the same file.
        made._comment_elm.attrib.pop(f"{{{WORD}}}date", None)
    return True


def _text_elements(body: Any) -> list[Any]:
    return [e for e in body.iter(TEXT) if not any(a.tag in SKIPPED for a in e.iterancestors())]


def _signs(elements: Sequence[Any]) -> str:
    return "".join(_folded(sign) for element in elements for sign in SIGN.findall(element.text or ""))


@cache
def _folded(sign: str) -> str:
    """One sign without accent and case, so that both ways of writing an accented letter compare equal."""
    return unicodedata.normalize("NFKD", sign)[0].casefold()[:1]


def _place(span: Span, text: str, letters: str) -> tuple[int, int] | None:
    """The letters of the document that a span of the draft stands for, or None.

    Only letters and digits are compared: spaces, quotation marks and hyphens differ between a document and the draft
    as read. Of several equal places the one as far on as in the draft is taken.
    """
    before = SIGN.findall(text[: span.start])
    sought = "".join(_folded(sign) for sign in SIGN.findall(text[span.start : span.end]))
    if not sought:
        return None
    places = [match.start() for match in re.finditer(f"(?={re.escape(sought)})", letters)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - len(before)))
    return start, start + len(sought)


def _n_first_words(text: str, letters: str) -> int:
    """Letters of the draft's first few words, which carry the comment on the whole."""
    return max(1, min(len(letters), len(SIGN.findall(" ".join(text.split()[:N_FIRST_WORDS])))))


def _cut_runs(body: Any, starts: set[int], ends: set[int]) -> None:
    """Cut a document's runs so that one begins at each letter of ``starts`` and one ends before each of ``ends``."""
    cuts_by_element: dict[Any, list[int]] = {}
    n = 0
    for element in _text_elements(body):
        for sign in SIGN.finditer(element.text or ""):
            if n in starts:
                cuts_by_element.setdefault(element, []).append(sign.start())
            if n + 1 in ends:
                cuts_by_element.setdefault(element, []).append(sign.end())
            n += 1
    for run in {element.getparent(): None for element in cuts_by_element}:
        _cut_run(run, cuts_by_element)


def _cut_run(run: Any, cuts_by_element: Mapping[Any, Sequence[int]]) -> None:
    """Replace a run by runs of the same looks that hold its contents in order, cut at the offsets of its texts."""
    properties = run.find(f"{{{WORD}}}rPr")
    new = [_empty_like(run, properties)]
    for child in [c for c in run if c is not properties]:
        text = child.text or ""
        cuts = sorted(set(cuts_by_element.get(child, ())))
        for index, (start, end) in enumerate(pairwise((0, *cuts, len(text))) if cuts else ()):
            if index:
                new.append(_empty_like(run, properties))
            if start < end:
                piece = copy(child)
                piece.text = text[start:end]
                piece.set(SPACE, "preserve")
                new[-1].append(piece)
        if not cuts:
            new[-1].append(child)
    for piece in new:
        if len(piece) > (properties is not None):
            run.addprevious(piece)
    run.getparent().remove(run)


def _empty_like(run: Any, properties: Any) -> Any:
    empty = copy(run)
    for child in list(empty):
        empty.remove(child)
    if properties is not None:
        empty.append(deepcopy(properties))
    return empty
