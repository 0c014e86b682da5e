"""Feedback as Markdown (CommonMark). The student's words are escaped, so that they show as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyser.report.view import NOT_A_MARK, Item, Page, Part, Said, build_page, one_line

if TYPE_CHECKING:
    from analyser.records import Feedback
    from analyser.report.options import Options

# What CommonMark or its tables and strike-through could read as markup, anywhere or at the start of a line.
SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~#&!$@^=]|(?<=\w)://|^[-+]|^\d+[.)](?=\s|$)")


def render_markdown(feedback: Feedback, options: Options) -> str:
    """Feedback as a Markdown document."""
    page = build_page(feedback, show_all=options.show_all, reveal=options.reveal)
    return "\n".join(_lines(page, options)).rstrip() + "\n"


def escape(text: str) -> str:
    """One line of plain text that Markdown shows unchanged."""
    return SPECIAL.sub(_escaped, one_line(text))


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}" if found[0].isdigit() else f"\\{found}"


def _lines(page: Page, options: Options) -> Iterator[str]:
    yield from (f"# {escape(page.title)}", "", f"> {escape(page.question)}", "")
    yield from (f"**At a glance:** {escape(page.overview)}  ", f"{page.facts}", "", f"*{NOT_A_MARK}*", "")
    for notice in page.notices:
        yield from (f"About the file: {escape(notice)}", "")
    if page.praise:
        yield from ("## What works", "")
        yield from (f"- {_said(said)}" for said in page.praise)
        yield ""
    if page.steps:
        yield from ("## Next steps", "")
        for number, said in enumerate(page.steps, start=1):
            ids = f" ({said.message.about} {said.message.code})".replace("( ", "(") if options.reveal else ""
            yield f"{number}. **{said.title}{ids}.** {_said(said, indent=len(str(number)) + 2)}"
        yield ""
        if page.more_steps:
            yield from (f"{len(page.more_steps)} more can be shown, for when these are done.", "")
    yield from ("## Part by part", "")
    for part in page.parts:
        if part.n_all or part.items:
            yield from _part(part, options)
    if page.levels and options.show_all:
        yield from ("## What the levels ask for", "")
        yield from (f"- **Level {escape(level)}:** {escape(descriptor)}" for level, descriptor in page.levels)
        yield ""


def _said(said: Said, indent: int = 2) -> str:
    """What was seen, and on a line of its own what to do."""
    text, hint = escape(said.message.text), escape(said.message.hint)
    return f"{text}  \n{' ' * indent}{hint}" if hint else text


def _part(part: Part, options: Options) -> Iterator[str]:
    yield from (f"### {part.title}: {part.summary}", "")
    for item in part.items:
        if item.state != "missing" or (options.reveal and item.label):
            yield f"- **{item.word}:** {_item(item, options)}"
    if part.n_missing and not options.reveal and part.key != "judgement":
        yield f"- **Not found:** {part.n_missing}"
    yield ""


def _item(item: Item, options: Options) -> str:
    quotes = item.quotes if options.show_all else item.quotes[:1]
    pieces = [escape(item.label)] if item.label else []
    pieces += [item.note] if item.note else []
    pieces += ["; ".join(f"“{escape(quote.text)}”" for quote in quotes)] if quotes else []
    pieces += [f"({escape(item.detail)})"] if item.detail else []
    return " ".join(pieces)
