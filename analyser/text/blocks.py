"""Pieces as a format brings them -> the blocks of the essay: paragraphs, list items, headings, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, zip_longest

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
# Paragraphs from which they can be the lines of a pasted text, and the share (0 to 1) of them that must have a sentence
# end within: about half do in prose, and paragraphs or notes as short as a line hardly ever.
MIN_PASTED_LINES = 10
MIN_ENDS_WITHIN_RATIO = 0.2
SENTENCE_WITHIN = re.compile(r"[a-z)][.?!][\"”’')\]]* +[\"“‘'(]?[A-Z]")
# Spaces that one level of a typed list is set in by.
LIST_INDENT = 2


def find_blocks(pieces: Iterable[Piece]) -> list[Piece]:
    """The blocks of a draft in order; their texts are normalised and hold no line breaks."""
    blocks = list(_split(pieces))
    blocks = [_with_heading(block, below) for block, below in zip_longest(blocks, blocks[1:])]
    return mark_front_matter(blocks)


def _split(pieces: Iterable[Piece]) -> Iterator[Piece]:
    pieces = _mended([replace(piece, text=normalise(piece.text)) for piece in pieces])
    stretches_of = [stretches(piece.text) for piece in pieces]
    layout = layout_of(lines for found in stretches_of for lines in found)
    vocabulary = vocabulary_of(line for piece in pieces for line in piece.text.split("\n"))
    for piece, found in zip(pieces, stretches_of, strict=True):
        if piece.kind == "heading":
            texts = [(" ".join(line.text for lines in found for line in lines), 0)]
        else:
            texts = [paragraph for lines in found for paragraph in paragraphs(lines, layout, vocabulary)]
        for text, indent in texts:
            block = _without_marks(replace(piece, text=text), indent)
            if re.search(r"\w", block.text.replace("_", "")):
                yield block


def _mended(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with paragraphs put together that are the lines of a text pasted from a PDF or a message."""
    runs = [(kind, list(run)) for kind, run in groupby(pieces, key=lambda piece: piece.kind)]
    texts = ["\n".join(piece.text for piece in run) for kind, run in runs if kind == "paragraph"]
    broken = [lines for text in texts for lines in stretches(text)]
    n_lines = sum(map(len, broken))
    n_ends = sum(SENTENCE_WITHIN.search(line.text) is not None for lines in broken for line in lines)
    if n_lines < MIN_PASTED_LINES or n_ends < MIN_ENDS_WITHIN_RATIO * n_lines or not layout_of(broken).width:
        return pieces
    mended = [run if kind != "paragraph" else [Piece("paragraph", texts.pop(0))] for kind, run in runs]
    return [piece for run in mended for piece in run]


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
