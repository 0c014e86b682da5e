"""The lines of a text -> its paragraphs: which line ends the writer meant and which an editor or a PDF put in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from analyser.text.hyphens import join_lines

# Longest line (characters) that an editor can be thought to have wrapped: mail and editors wrap at 60 to 100, and a
# page of small type holds some 120. Longer lines are paragraphs, one each.
MAX_WRAP_WIDTH = 130
# Narrowest column worth re-joining (characters); below it stand verse, addresses and notes.
MIN_WRAP_WIDTH = 40
# A line counts as full when the next word would bring it past this share (0 to 1) of the text's width. Type of uneven
# width leaves lines of one column some 15 % apart.
FULL_RATIO = 0.8
# Share (0 to 1) of line ends after full lines from which a text counts as wrapped. Wrapped prose has nearly all, and
# lines of notes or verse, of any length up to the longest, about a quarter.
MIN_FULL_RATIO = 0.7
# The width is the length that this share (0 to 1) of lines stays below: one long address must not set it.
WIDTH_QUANTILE = 0.95
# Lines in a stretch from which "every line begins with a capital" is a sign of verse or a list.
MIN_VERSE_LINES = 3

SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")
# Marks of a list item, heading or quotation as typed: bullets, dashes, numbers, letters, Markdown's signs.
MARK = re.compile(
    r"(?:[-–—*•·‣▪◦●○■□➢➤✓+](?=\s)|o(?=\s[A-Z])|\(?\d{1,2}[.)](?=\s)|\(?[a-zA-Z]\)(?=\s)|\(?[ivx]{1,4}\)(?=\s)|#{1,6}(?=\s)|>+)\s*"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its outer spaces, and how many stood before it."""

    text: str
    indent: int

    @property
    def is_marked(self) -> bool:
        return MARK.match(self.text) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of one draft are set: the width they were wrapped at (0: not wrapped), and whether at most half of
    them begin with a small letter."""

    width: int
    is_capitalised: bool


def stretches(text: str) -> list[list[Line]]:
    """The lines between blank lines."""
    found: list[list[Line]] = [[]]
    for raw in text.split("\n"):
        line = raw.strip()
        if line:
            found[-1].append(Line(line, len(raw) - len(raw.lstrip())))
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def layout_of(lists: Iterable[list[Line]]) -> Layout:
    """The layout of all stretches of a draft together."""
    lists = list(lists)
    firsts = [line.text[0] for lines in lists for line in lines]
    is_capitalised = 2 * sum(first.islower() for first in firsts) <= len(firsts)
    lists = [lines for lines in lists if len(lines) > 1]
    lengths = sorted(len(line.text) for lines in lists for line in lines)
    if not lengths:
        return Layout(0, is_capitalised)
    pairs = [pair for lines in lists for pair in pairwise(lines)]
    width = lengths[int(WIDTH_QUANTILE * (len(lengths) - 1))]
    n_full = sum(_is_full(first, second, width) for first, second in pairs if not second.is_marked)
    n_plain = sum(not second.is_marked for _, second in pairs)
    is_wrapped = MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH and n_full >= MIN_FULL_RATIO * max(1, n_plain)
    return Layout(width if is_wrapped else 0, is_capitalised)


def paragraphs(lines: list[Line], layout: Layout, words: frozenset[str]) -> list[tuple[str, int]]:
    """The paragraphs of a stretch, each with the indent of its first line."""
    is_wrapped = bool(layout.width) and not _is_verse(lines, layout)
    found: list[tuple[str, int]] = []
    for previous, line in zip([None, *lines], lines, strict=False):
        if previous is not None and _continues(previous, line, found[-1], layout, is_wrapped):
            text, indent = found[-1]
            found[-1] = join_lines(text, line.text, words), indent
        else:
            found.append((line.text, line.indent))
    return found


def _is_full(first: Line, second: Line, width: int) -> bool:
    next_word = second.text.split(None, 1)[0]
    return len(first.text) + 1 + len(next_word) > FULL_RATIO * width


def _is_verse(lines: list[Line], layout: Layout) -> bool:
    """Every line begins with a capital, and not every one is full."""
    if len(lines) < MIN_VERSE_LINES or any(line.text[0].islower() for line in lines):
        return False
    return not all(_is_full(a, b, layout.width) for a, b in pairwise(lines))


def _continues(previous: Line, line: Line, paragraph: tuple[str, int], layout: Layout, is_wrapped: bool) -> bool:
    """Whether a line goes on with the paragraph that the previous line belongs to."""
    if line.is_marked:
        return False
    is_sentence_end = SENTENCE_END.search(previous.text) is not None
    is_item = MARK.match(paragraph[0]) is not None
    if is_item and line.indent > paragraph[1]:
        return True
    if line.indent > previous.indent and is_sentence_end:
        return False
    if is_wrapped and _is_full(previous, line, layout.width):
        return True
    is_lower = line.text[0].islower()
    return is_lower and not is_sentence_end and (is_wrapped or layout.is_capitalised)
