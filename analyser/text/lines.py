"""The lines of a text -> its paragraphs: which line ends the writer meant and which an editor or a PDF put in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from analyser.text.hyphens import Vocabulary, join_lines

# Longest line (characters) that an editor can be thought to have wrapped: mail and editors wrap at 60 to 100, and a
# page of small type holds some 120. Longer lines are paragraphs, one each.
MAX_WRAP_WIDTH = 130
# Narrowest column worth re-joining (characters); below it stand verse, addresses and notes.
MIN_WRAP_WIDTH = 40
# A line is full when the next word would bring it past a share (0 to 1) of the text's width. Type of uneven width
# leaves lines of one column some 15 % apart, so after a sentence only a line of nearly the whole width is surely full.
FULL_RATIO = 0.8
STRICTLY_FULL_RATIO = 0.96
# A line in the middle of a sentence ends a paragraph only when the next word would leave it below this share (0 to 1).
SHORT_RATIO = 0.6
# Share (0 to 1) of the line ends within sentences that come after full lines in a wrapped text. Wrapped prose has
# nearly all, and lines of notes or verse, of any length up to the longest, about a quarter.
MIN_FULL_RATIO = 0.7
# Share (0 to 1) of line ends that stand within sentences in a wrapped text: most; few where each sentence has its line.
MIN_WITHIN_RATIO = 0.3
# The width is the length that this share (0 to 1) of lines stays below: one long address must not set it.
WIDTH_QUANTILE = 0.95
# Lines in a stretch from which "every line begins with a capital" is a sign of verse or a list.
MIN_VERSE_LINES = 4
# Longest line of verse (characters): alexandrines and ballad lines have up to 60.
MAX_VERSE_WIDTH = 65

SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")
# Marks of a list item, heading or quotation as typed: bullets, dashes, numbers, letters, Markdown's signs.
MARK = re.compile(
    r"(?:[-–—*•·‣▪◦●○■□➢➤✓+](?=\s)|o(?=\s[A-Z])|\(?\d{1,2}[.)](?=\s)|\(?[a-zA-Z]\)(?=\s)|\(?[ivx]{1,4}\)(?=\s)"
    r"|#{1,6}(?=\s)|>+)\s*"
)
# Marks that also stand in the middle of a sentence, so that a line may begin with one by chance.
DASHES = "-–—"


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its outer spaces, and how many stood before it."""

    text: str
    indent: int

    @property
    def length(self) -> int:
        return self.indent + len(self.text)

    @property
    def is_marked(self) -> bool:
        return MARK.match(self.text) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of one draft are set.

    ``width`` is what they were wrapped at (0: not wrapped); ``end_ratio`` the share of it from which a line that ends
    a sentence is full; ``is_capitalised`` when at most half of the lines begin with a small letter.
    """

    width: int
    end_ratio: float
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
    broken = [lines for lines in lists if len(lines) > 1]
    if not broken:
        return Layout(0, FULL_RATIO, is_capitalised)
    pairs = [pair for lines in broken for pair in pairwise(lines)]
    within = [(a, b) for a, b in pairs if not b.is_marked and not SENTENCE_END.search(a.text)]
    lengths = sorted(line.length for lines in broken for line in lines)
    # Where no line could have taken the next word, letters are alike and the longest line is the width.
    is_exact = all(_is_full(first, second, lengths[-1], 1.0) for first, second in within)
    width = lengths[-1 if is_exact else int(WIDTH_QUANTILE * (len(lengths) - 1))]
    n_full = sum(_is_full(first, second, width, FULL_RATIO) for first, second in within)
    is_frequent = len(within) >= max(1, MIN_WITHIN_RATIO * len(pairs))
    is_wrapped = is_frequent and MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH and n_full >= MIN_FULL_RATIO * len(within)
    ratio_without_gaps = 1.0 if is_exact else STRICTLY_FULL_RATIO
    return Layout(width if is_wrapped else 0, FULL_RATIO if len(broken) > 1 else ratio_without_gaps, is_capitalised)


def paragraphs(lines: list[Line], layout: Layout, vocabulary: Vocabulary) -> list[tuple[str, int]]:
    """The paragraphs of a stretch, each with the indent of its first line."""
    is_wrapped = bool(layout.width) and not _is_verse(lines)
    found: list[tuple[str, int]] = []
    for previous, line in zip([None, *lines], lines, strict=False):
        if previous is not None and _continues(previous, line, found[-1], layout, is_wrapped=is_wrapped):
            text, indent = found[-1]
            found[-1] = join_lines(text, line.text, vocabulary), indent
        else:
            found.append((line.text, line.indent))
    return found


def _is_full(first: Line, second: Line, width: int, ratio: float) -> bool:
    next_word = second.text.split(None, 1)[0]
    return first.length + 1 + len(next_word) > ratio * width


def _is_verse(lines: list[Line]) -> bool:
    """Every line begins with a capital, and some could have taken the next word."""
    if len(lines) < MIN_VERSE_LINES or any(line.text[0].islower() for line in lines):
        return False
    width = max(line.length for line in lines)
    return width <= MAX_VERSE_WIDTH and not all(_is_full(a, b, width, 1.0) for a, b in pairwise(lines))


def _continues(previous: Line, line: Line, paragraph: tuple[str, int], layout: Layout, *, is_wrapped: bool) -> bool:
    """Whether a line goes on with the paragraph that the previous line belongs to."""
    is_sentence_end = SENTENCE_END.search(previous.text) is not None
    if line.is_marked:
        is_chance = is_wrapped and line.text[0] in DASHES and _is_full(previous, line, layout.width, FULL_RATIO)
        return is_chance and not is_sentence_end
    if MARK.match(paragraph[0]) and line.indent > paragraph[1]:
        return True
    if is_sentence_end:
        is_full = is_wrapped and _is_full(previous, line, layout.width, layout.end_ratio)
        return is_full and line.indent <= previous.indent
    if is_wrapped:
        return _is_full(previous, line, layout.width, SHORT_RATIO)
    return line.text[0].islower() and layout.is_capitalised
