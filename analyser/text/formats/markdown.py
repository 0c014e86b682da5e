"""Markdown (CommonMark with tables, footnotes and a metadata head), by way of HTML."""

from __future__ import annotations

from analyser.text.decoding import decode
from analyser.text.formats.html import pieces_of
from analyser.text.formats.plain import encoding_notices
from analyser.text.pieces import Contents, Piece


def read(data: bytes, name: str) -> Contents:
    """The pieces of a Markdown text in reading order, its footnotes last; a metadata head counts as front matter."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    decoded = decode(data, name)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(front_matter_plugin)
    head = [token.content for token in parser.parse(decoded.text) if token.type == "front_matter"]
    pieces = tuple(Piece("front_matter", line) for text in head for line in text.splitlines())
    html = f"<html><body>{parser.render(decoded.text)}</body></html>"
    return Contents(pieces + pieces_of(html), encoding_notices(decoded))
