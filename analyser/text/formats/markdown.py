"""Markdown (CommonMark with tables, footnotes and a metadata head), by way of HTML."""

from __future__ import annotations

from typing import Any

from analyser.text.decoding import decode
from analyser.text.formats import plain
from analyser.text.formats.html import pieces_of
from analyser.text.pieces import Contents, Piece

# Bytes above which a file is read as plain text, whose marks are much the same: the parser takes seconds where brackets
# are never closed, the more the longer the text. An essay of 10,000 words has 60,000.
MAX_MARKDOWN_BYTES = 100_000


def read(data: bytes, name: str) -> Contents:
    """The pieces of a Markdown text in reading order, its footnotes last; a metadata head counts as front matter."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    if len(data) > MAX_MARKDOWN_BYTES:
        return plain.read(data, name)
    decoded = decode(data, name)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(front_matter_plugin)
    links: dict[str, Any] = {}
    tokens = parser.parse(decoded.text, links)
    head = [token.content for token in tokens if token.type == "front_matter"]
    pieces = tuple(Piece("front_matter", line) for text in head for line in text.splitlines())
    html = f"<html><body>{parser.renderer.render(tokens, parser.options, links)}</body></html>"
    return Contents(pieces + pieces_of(html), plain.encoding_notices(decoded))
