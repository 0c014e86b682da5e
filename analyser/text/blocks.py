"""Pieces as a format brings them -> the blocks of the essay: paragraphs, list items, headings, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from analyser.records import BlockKind
from analyser.text.front_matter import SHORT_LINE, mark_front_matter, matches_section, words_look_like_title
from analyser.text.hyphens import vocabulary_of
from analyser.text.lines import MARK, layout_of, paragraphs, stretches
from analyser.text.normalising import normalise
from analyser.text.pieces import Piece

# Longest typed heading (words): longer short lines are as often claims.
MAX_HEADING_WORDS = 5
# Words of the paragraph below it from which a bare line can be its heading; notes have lines of much the same length.
MIN_WORDS_BELOW_HEADING = 25
TYPED_HEADING_LEVEL = 2
# Spaces that one level of a typed list is set in by.
LIST_INDENT = 2


def find_blocks(pieces: Iterable[Piece]) -> list[Piece]:
    """The blocks of a draft in order; their texts are normalised and hold no line breaks."""
    blocks = list(_split(pieces))
    blocks = [_with_heading(block, below) for block, below in zip_longest(blocks, blocks[1:])]
    return mark_front_matter(blocks)


def _split(pieces: Iterable[Piece]) -> Iterator[Piece]:
    normal = [(piece, normalise(piece.text)) for piece in pieces]
    lines_of = [stretches(text) for _, text in normal]
    layout = layout_of(lines for stretch in lines_of for lines in stretch)
    vocabulary = vocabulary_of(line for _, text in normal for line in text.split("\n"))
    for (piece, _), found in zip(normal, lines_of, strict=True):
        if piece.kind == "heading":
            found = [[line for lines in found for line in lines]]
            texts = [(" ".join(line.text for line in lines), 0) for lines in found]
        else:
            texts = [paragraph for lines in found for paragraph in paragraphs(lines, layout, vocabulary)]
        for text, indent in texts:
            block = _without_marks(Piece(piece.kind, text, piece.level), indent)
            if re.search(r"\w", block.text.replace("_", "")):
                yield block


def _without_marks(block: Piece, indent: int) -> Piece:
    """The block without the bullet, number or sign typed before it, which tells its kind."""
    kind, text, level = block.kind, block.text, block.level
    while match := MARK.match(text):
        mark, text = match[0].strip(), text[match.end() :]
        if kind == "paragraph":
            kind, level = _marked_kind(mark, indent)
    return Piece(kind, text, level)


def _marked_kind(mark: str, indent: int) -> tuple[BlockKind, int]:
    if mark[0] == "#":
        return "heading", len(mark)
    if mark[0] == ">":
        return "quotation", 0
    return "list_item", indent // LIST_INDENT


def _with_heading(block: Piece, below: Piece | None) -> Piece:
    """The block as a heading when it is a line that was typed as one."""
    if block.kind not in ("paragraph", "list_item") or below is None or not SHORT_LINE.fullmatch(block.text):
        return block
    n_below = len(below.text.split())
    is_bare = len(block.text.split()) <= MAX_HEADING_WORDS and n_below >= MIN_WORDS_BELOW_HEADING
    is_heading = matches_section(block.text) or (
        is_bare and block.kind == "paragraph" and words_look_like_title(block.text)
    )
    return Piece("heading", block.text, TYPED_HEADING_LEVEL) if is_heading else block
