"""Feedback for a terminal: readable at 80 columns, without colour and read aloud. Every state is a word."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from analyser.report.view import NOT_A_MARK, STATE_ORDER, Item, Page, Part, Said, build_page, one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from analyser.records import Feedback
    from analyser.report.options import Options

# Columns: what a terminal has when it does not say, and the least that text can be set in.
DEFAULT_WIDTH = 80
MIN_WIDTH = 40
# Words of a quotation shown for an item, unless everything is asked for.
MAX_QUOTE_WORDS = 30
STATE_WIDTH = 13
# Colours of the reader's own palette; bold and plain carry the same without colour.
STYLES = {"there": "green", "part": "yellow", "unsure": "yellow", "check": "magenta", "missing": "bright_black"}


def render_terminal(feedback: Feedback, options: Options) -> str:
    """Feedback as text for a terminal, with colour codes only where ``options.colour``."""
    from rich.console import Console

    buffer = StringIO()
    console = Console(
        file=buffer,
        width=max(MIN_WIDTH, options.width or DEFAULT_WIDTH),
        force_terminal=options.colour,
        color_system="standard" if options.colour else None,
        no_color=not options.colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    page = build_page(feedback, show_all=options.show_all, reveal=options.reveal)
    _print_page(console, page, options)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()).strip("\n") + "\n"


def _print_page(console: Console, page: Page, options: Options) -> None:
    console.print(_bold(page.title))
    console.print(one_line(page.question))
    console.print(page.facts)
    console.print()
    console.print(_labelled("At a glance", page.overview))
    console.print(NOT_A_MARK)
    for notice in page.notices:
        console.print(_labelled("About the file", one_line(notice)))
    if page.praise:
        _print_heading(console, "What works")
        for said in page.praise:
            console.print(_row("-", _said_lines(said), width=1))
    if page.steps:
        _print_heading(console, "Next steps")
        for number, said in enumerate(page.steps, start=1):
            title = _title(said, options)
            console.print(_row(f"{number}.", _said_lines(said, title), width=3))
        if page.more_steps:
            console.print(f"{len(page.more_steps)} more with --all, for when these are done.")
    _print_heading(console, "Part by part")
    for part in page.parts:
        if part.n_all or part.items:
            _print_part(console, part, options)
    if options.show_all and page.levels:
        _print_heading(console, "What the levels ask for")
        for level, descriptor in page.levels:
            console.print(_row(f"Level {one_line(level)}", [one_line(descriptor)], width=STATE_WIDTH))


def _print_heading(console: Console, text: str) -> None:
    console.print()
    console.print(_bold(text))


def _print_part(console: Console, part: Part, options: Options) -> None:
    console.print(_labelled(part.title, part.summary))
    if part.key == "evidence" and not options.reveal:
        rows: Iterator[tuple[str, str, list[str]]] = _evidence_rows(part)
    else:
        rows = (_item_row(item, options) for item in part.items if item.state != "missing" or options.reveal)
    for state, word, lines in rows:
        console.print(_row(word, lines, width=STATE_WIDTH, style=STYLES[state], indent=2))
    if part.n_missing and not options.reveal:
        words = f"{part.n_missing} {'more' if part.n_missing < part.n_all else 'so far'}"
        if part.key != "judgement":
            console.print(_row("Not found", [words], width=STATE_WIDTH, style=STYLES["missing"], indent=2))


def _item_row(item: Item, options: Options) -> tuple[str, str, list[str]]:
    quotes = item.quotes if options.show_all else item.quotes[:1]
    lines = [one_line(item.label)] if item.label else []
    note = f"{item.note} " if item.note else ""
    lines += [f"{note if n == 0 else ''}“{_cut(quote.text, options)}”" for n, quote in enumerate(quotes)]
    lines += [f"({one_line(item.detail)})"] if item.detail else []
    return item.state, item.word, lines


def _evidence_rows(part: Part) -> Iterator[tuple[str, str, list[str]]]:
    """Evidence in one row a word, its names one after another."""
    for state in STATE_ORDER:
        found = [item for item in part.with_state(state) if item.quotes]
        for word in dict.fromkeys(item.word for item in found):
            names = (_named(item) for item in found if item.word == word)
            yield state, word, ["; ".join(dict.fromkeys(names))]


def _named(item: Item) -> str:
    note = f"{item.note} " if item.note else ""
    return f"{note}“{one_line(item.quotes[0].text)}”"


def _cut(text: str, options: Options) -> str:
    words = one_line(text).split(" ")
    is_cut = len(words) > MAX_QUOTE_WORDS and not options.show_all
    return " ".join(words[:MAX_QUOTE_WORDS]) + " …" if is_cut else " ".join(words)


def _title(said: Said, options: Options) -> str:
    ids = " ".join(filter(None, (said.message.about, said.message.code)))
    return f"{said.title} ({ids}): " if options.reveal else f"{said.title}: "


def _said_lines(said: Said, title: str = "") -> list[str]:
    return [title + one_line(said.message.text)] + ([one_line(said.message.hint)] if said.message.hint else [])


def _bold(text: str) -> RenderableType:
    from rich.text import Text

    return Text(one_line(text), style="bold")


def _labelled(label: str, text: str) -> RenderableType:
    from rich.text import Text

    return Text.assemble((f"{label}: ", "bold"), text)


def _row(head: str, lines: list[str], *, width: int, style: str = "", indent: int = 0) -> RenderableType:
    """A hanging row: the head, then lines that wrap beside it."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=width, no_wrap=False)
    grid.add_column()
    grid.add_row(Text(head, style=style), Text("\n".join(lines)))
    return Padding(grid, (0, 0, 0, indent))
