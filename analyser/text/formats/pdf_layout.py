"""The lines of PDF pages -> pieces: running heads go, notes move to the end, lines become paragraphs."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from analyser.records import BlockKind
from analyser.text.hyphens import Vocabulary, join_lines, vocabulary_of
from analyser.text.lines import MARK, SENTENCE_END
from analyser.text.pieces import Piece

# In parts of the height of a line, by hand from pages of Word, LibreOffice, Chromium and LaTeX.
SAME_LINE = 0.3  # base lines this near are one line
NOTE_HEIGHT = 0.94  # of the body's height: lines at the foot of a page at most this high are notes
OTHER_HEIGHT = 0.08  # lines whose heights differ by more belong to different paragraphs
HEADING_HEIGHT = 1.12  # of the body's height: short lines from this on are headings
INDENT = 0.7  # a line set in by this begins a paragraph
SPACE = 0.25  # the width of a space
# In parts of the usual distance between the lines of a paragraph: lines further apart belong to different ones.
WIDE_GAP = 1.3
HEADING_GAP = 1.6  # of their height: lines of one heading are at most this far apart
# Room that a line which does not end a sentence leaves at its end when the writer broke it: in heights of a line before
# a capital, in parts of the column's width before a small letter or where the lines are set in.
ROOM_BEFORE_CAPITAL = 2.0
ROOM_BEFORE_SMALL = 0.3
# Lines at the head and at the foot of a page that may be running heads.
N_MARGIN_LINES = 2
# Share (0 to 1) of pages that carry a running head, and its longest form (words).
MIN_HEAD_RATIO = 0.5
MAX_HEAD_WORDS = 15
# Longest heading (words), and the levels given to large and to bold ones.
MAX_HEADING_WORDS = 14
LARGE_LEVEL, BOLD_LEVEL = 1, 2
# Lines that a quotation set off from the text has at least.
MIN_QUOTATION_LINES = 2

# A page number alone, or what browsers print around a page: its address, the date and time.
MARGIN_LINE = re.compile(
    r"(?:page\s*)?[-–—\[( ]*(?:\d{1,3}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,3})?[-–—\]) ]*"
    r"|\w+:///?\S+(?:\s+\d+/\d+)?|\d{1,2}/\d{1,2}/\d{2,4},?\s+\d{1,2}:\d{2}(?:\s?[ap]m)?",
    re.I,
)
NOTE_NUMBER = re.compile(r"(?:\d{1,3}|[*†‡])[.)]?\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page. Places are in points from its left and lower edge; ``begins_raised`` when a note's number,
    left out of ``text``, comes first."""

    text: str
    left: float
    right: float
    base: float
    height: float
    is_bold: bool
    page_index: int
    begins_raised: bool
    first_word_width: float

    def stripped(self) -> Line:
        return replace(self, text=self.text.strip())

    def is_as_high_as(self, other: Line) -> bool:
        return abs(self.height - other.height) <= OTHER_HEIGHT * max(self.height, other.height)

    def is_beside(self, other: Line) -> bool:
        """Whether both stand in one column of one page."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return self.page_index == other.page_index and 2 * shared > min(
            self.right - self.left, other.right - other.left
        )


@dataclass(frozen=True, slots=True)
class _Body:
    """How the body of one file is set: the usual height of its lines and distance between them."""

    lines: tuple[Line, ...]
    height: float
    pitch: float
    edges: dict[Line, tuple[float, float]]


def lay_out(pages: list[list[Line]]) -> list[Piece]:
    """The pieces of a PDF's pages in reading order, its footnotes last."""
    pages = _without_running_heads([_heads_first(page) for page in pages])
    vocabulary = vocabulary_of(line.text for page in pages for line in page)
    height = _usual_height(line for page in pages for line in page)
    notes = [_note_lines(page, height) for page in pages]
    body = [line for page, below in zip(pages, notes, strict=True) for line in page[: len(page) - len(below)]]
    return [
        *_body_pieces(body, height, vocabulary),
        *_note_pieces([line for page in notes for line in page], vocabulary),
    ]


def _heads_first(page: list[Line]) -> list[Line]:
    """The page with lines that were drawn last and stand above all others put first."""
    n_moved = 0
    while n_moved < min(N_MARGIN_LINES, len(page) - 1) and page[-1 - n_moved].base > page[0].base:
        n_moved += 1
    return page[len(page) - n_moved :] + page[: len(page) - n_moved]


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    margins = []
    for page in pages:
        by_place = sorted(page, key=lambda line: -line.base)
        margins.append({*by_place[:N_MARGIN_LINES], *by_place[max(N_MARGIN_LINES, len(page) - N_MARGIN_LINES) :]})
    counts = Counter(key for lines in margins for key in {_head_key(line) for line in lines})
    n_needed = max(2, MIN_HEAD_RATIO * len(pages))

    def is_head(line: Line) -> bool:
        is_repeated = counts[_head_key(line)] >= n_needed and len(line.text.split()) <= MAX_HEAD_WORDS
        return is_repeated or MARGIN_LINE.fullmatch(line.text) is not None

    return [
        [line for line in page if line not in lines or not is_head(line)]
        for page, lines in zip(pages, margins, strict=True)
    ]


def _head_key(line: Line) -> str:
    """What the running head of every page has in common."""
    return re.sub(r"\d+", "#", line.text.lower())


def _usual_height(lines: Iterator[Line] | list[Line]) -> float:
    """The height of most of the text."""
    n_characters: Counter[float] = Counter()
    for line in lines:
        n_characters[round(line.height, 1)] += len(line.text)
    return n_characters.most_common(1)[0][0] if n_characters else 0.0


def _note_lines(page: list[Line], body_height: float) -> list[Line]:
    """The footnotes of a page: its last lines in smaller type, of which the first is numbered."""
    found: list[Line] = []
    for line in reversed(page):
        if line.height > NOTE_HEIGHT * body_height:
            break
        found.insert(0, line)
    while found and not _begins_note(found[0]):
        found.pop(0)
    return found


def _begins_note(line: Line) -> bool:
    return line.begins_raised or NOTE_NUMBER.match(line.text) is not None


def _note_pieces(lines: list[Line], vocabulary: Vocabulary) -> list[Piece]:
    texts: list[str] = []
    for line in lines:
        if _begins_note(line) or not texts:
            texts.append(NOTE_NUMBER.sub("", line.text, count=1))
        else:
            texts[-1] = join_lines(texts[-1], line.text, vocabulary)
    return [Piece("footnote", text) for text in texts]


# ---------------------------------------------------------------- paragraphs


def _body_pieces(lines: list[Line], height: float, vocabulary: Vocabulary) -> Iterator[Piece]:
    pitches = [
        a.base - b.base
        for a, b in pairwise(lines)
        if a.page_index == b.page_index and a.is_as_high_as(b) and 0 < a.base - b.base < 4 * height
    ]
    pitch = statistics.median_low(pitches) if pitches else 0.0
    body = _Body(tuple(lines), height, pitch, _column_edges(lines))
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and _begins_paragraph(paragraph, line, body):
            yield _piece(paragraph, body, vocabulary)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _piece(paragraph, body, vocabulary)


def _column_edges(lines: list[Line]) -> dict[Line, tuple[float, float]]:
    """Left and right edge of the column that each line stands in."""
    edges = {}
    lines_by_page: dict[int, list[Line]] = {}
    for line in lines:
        lines_by_page.setdefault(line.page_index, []).append(line)
    for line in lines:
        page = lines_by_page[line.page_index]
        beside = [other for other in page if line.is_beside(other) and line.is_as_high_as(other)]
        left = min((other.left for other in beside), default=line.left)
        edges[line] = left, max((other.right for other in beside), default=line.right)
    return edges


def _begins_paragraph(paragraph: list[Line], line: Line, body: _Body) -> bool:
    previous = paragraph[-1]
    if not previous.is_as_high_as(line) or previous.is_bold != line.is_bold:
        return True
    is_item = MARK.match(paragraph[0].text) is not None
    is_sentence_end = SENTENCE_END.search(previous.text) is not None
    is_broken_word = previous.text.endswith("-") and line.text[0].isalpha()
    left, right = body.edges[previous]
    room = right - previous.right - SPACE * line.height - line.first_word_width
    has_room = room > 0
    if MARK.match(line.text) and (is_item or has_room or not line.text[0].isalnum()):
        return True
    is_below = line.page_index == previous.page_index and line.base < previous.base
    if not is_below:
        is_set_in = line.left > body.edges[line][0] + INDENT * line.height
        return (has_room and is_sentence_end) or (is_set_in and not is_item and is_sentence_end)
    if line.height >= HEADING_HEIGHT * body.height:
        return previous.base - line.base > HEADING_GAP * line.height
    if previous.base - line.base > WIDE_GAP * body.pitch:
        return True
    if is_broken_word:
        return False
    if not is_item and line.left > previous.left + INDENT * line.height:
        return True
    is_set_out = line.left < previous.left - INDENT * line.height
    if is_set_out and len(paragraph) >= MIN_QUOTATION_LINES:
        return True
    if is_sentence_end:
        return has_room
    is_set_in = min(previous.left, line.left) > left + INDENT * line.height
    if is_set_in or line.text[0].islower():
        return room > ROOM_BEFORE_SMALL * (right - left)
    return room > ROOM_BEFORE_CAPITAL * line.height


def _piece(lines: list[Line], body: _Body, vocabulary: Vocabulary) -> Piece:
    text = lines[0].text
    for line in lines[1:]:
        text = join_lines(text, line.text, vocabulary)
    kind: BlockKind = "paragraph"
    level = 0
    is_short = len(text.split()) <= MAX_HEADING_WORDS and not text.endswith((".", ",", ";"))
    if is_short and lines[0].height >= HEADING_HEIGHT * body.height:
        kind, level = "heading", LARGE_LEVEL
    elif is_short and lines[0].is_bold:
        kind, level = "heading", BOLD_LEVEL
    elif _is_set_off(lines, body):
        kind = "quotation"
    return Piece(kind, text, level)


def _is_set_off(lines: list[Line], body: _Body) -> bool:
    """Whether a paragraph is set in at both sides, as quotations are."""
    if len(lines) < MIN_QUOTATION_LINES or MARK.match(lines[0].text):
        return False
    return all(
        line.left > body.edges[line][0] + INDENT * line.height
        and line.right < body.edges[line][1] - INDENT * line.height
        for line in lines
    )
