"""Feedback as one self-contained page: the draft beside the feedback, linked both ways.

Nothing is loaded from anywhere: the style and the script stand in the page, a Content-Security-Policy allows these
two by their hashes and no other source, and every word of the draft is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from analyser.records import Block, BlockKind, Span
from analyser.report.marks import Mark, split_at_marks
from analyser.report.view import NOT_A_MARK, TITLES, Item, Page, Part, Said, build_page, clean, one_line

if TYPE_CHECKING:
    from jinja2 import Environment

    from analyser.records import Essay, Feedback
    from analyser.report.options import Options

TEMPLATES = Path(__file__).parent / "templates"
# Steps of a meter beyond which it no longer shows every item of a part singly.
MAX_METER_STEPS = 30
TAGS: dict[BlockKind, str] = {
    "front_matter": "p",
    "heading": "h3",
    "paragraph": "p",
    "list_item": "li",
    "quotation": "blockquote",
    "footnote": "p",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the draft as the page shows it: plain, a link to feedback, or a place that feedback quotes.

    ``refs`` are the numbers of the items (or of messages) it belongs to, the innermost first; ``anchors`` the ids that
    begin here; ``closing`` the items whose quote ends here; ``has_tab_stop`` is set where an item's quote begins.
    """

    text: str
    refs: tuple[str, ...] = ()
    item: Item | None = None
    outer: Item | None = None
    anchors: tuple[str, ...] = ()
    closing: tuple[Item, ...] = ()
    has_tab_stop: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of the draft with the tag it gets."""

    kind: BlockKind
    tag: str
    runs: tuple[Run, ...]


def render_html(feedback: Feedback, options: Options) -> str:
    """Feedback as a page of HTML."""
    page = build_page(feedback, show_all=options.show_all, reveal=options.reveal)
    style, script = _asset("page.css"), _asset("page.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            said=_numbered_messages(page),
            groups=_draft(feedback.essay, page),
            meters={part.key: tuple(_meter(part)) for part in page.parts},
            titles=TITLES,
            not_a_mark=NOT_A_MARK,
            language=feedback.rubric.language or "en-GB",
            is_revealing=options.reveal,
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
            version=feedback.analyser_version,
        )
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["one_line"] = one_line
    return environment


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf8").strip()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf8')).digest()).decode()}"


def _numbered_messages(page: Page) -> dict[str, list[tuple[str, Said]]]:
    """Praise, steps and further steps, each message with the ref its places in the draft carry."""
    groups = {"praise": page.praise, "steps": page.steps, "more": page.more_steps}
    return {name: [(f"{name}{n}", said) for n, said in enumerate(group, start=1)] for name, group in groups.items()}


def _meter(part: Part) -> Iterator[str]:
    """The states of a part's items in order, one step each; scaled down where there are very many."""
    states = [item.state for item in part.items if item.about for _ in range(item.count)]
    n = len(states)
    if n <= MAX_METER_STEPS:
        yield from states
    else:
        yield from (states[step * n // MAX_METER_STEPS] for step in range(MAX_METER_STEPS))


# ---------------------------------------------------------------- the draft


def _draft(essay: Essay, page: Page) -> list[tuple[str, list[Shown]]]:
    """The blocks of the draft in order, list items that follow each other in one group of kind "ul"."""
    items = {str(item.number): item for part in page.parts for item in part.items if item.number}
    marks = [
        Mark(q.start, q.end, f"{ref}-{n}") for ref, item in items.items() for n, q in enumerate(item.quotes, start=1)
    ]
    for group in _numbered_messages(page).values():
        for ref, said in group:
            marks += [Mark(w.span.start, w.span.end, f"{ref}-{n}") for n, w in enumerate(said.words) if w.span]
    shown = [Shown(b.kind, TAGS[b.kind], tuple(_runs(essay, b, marks, items))) for b in _all_blocks(essay)]
    return [(tag, list(blocks)) for tag, blocks in groupby(shown, lambda block: "ul" if block.tag == "li" else "")]


def _all_blocks(essay: Essay) -> Iterator[Block]:
    """The blocks, and as plain paragraphs any words that stand between them: no word of the draft is lost."""
    position = 0
    for block in (*essay.blocks, Block(len(essay.text), len(essay.text), "paragraph")):
        between = essay.text[position : block.start]
        if between.strip():
            start = position + len(between) - len(between.lstrip())
            yield Block(start, position + len(between.rstrip()), "paragraph")
        if block.start < block.end:
            yield block
        position = max(position, block.end)


def _runs(essay: Essay, block: Span, marks: list[Mark], items: dict[str, Item]) -> Iterator[Run]:
    inside = [mark for mark in marks if mark.overlaps(block)]
    for piece in split_at_marks(block, inside):
        refs = tuple(dict.fromkeys(_ref(mark) for mark in piece.marks))
        own = [items[ref] for ref in refs if ref in items]
        yield Run(
            text=clean(essay.text[piece.start : piece.end]),
            refs=tuple(sorted(refs, key=lambda ref: ref not in items)),
            item=own[0] if own else None,
            outer=own[-1] if len(own) > 1 else None,
            anchors=tuple(mark.ref for mark in piece.opening),
            closing=tuple(dict.fromkeys(items[_ref(m)] for m in piece.closing if _ref(m) in items)),
            has_tab_stop=any(_ref(mark) in items for mark in piece.opening),
        )


def _ref(mark: Mark) -> str:
    return mark.ref.rpartition("-")[0]
