"""Words broken over two lines: whether the hyphen at the line's end belongs to the word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

# Shortest part (letters) that counts as a word of its own when the draft has it elsewhere: "in" begins "in-dustry".
MIN_PART_LETTERS = 4
# Share (0 to 1) of lines that end in a hyphen when a program breaks words: one in ten to twenty in justified columns;
# where only hyphens of the writer's own can stand at a line's end, one in a hundred.
MIN_HYPHENATED_RATIO = 0.04

# Longest word (characters) that is looked at; it also keeps the patterns below fast on lines without spaces.
MAX_WORD_CHARACTERS = 60

LAST_PART = re.compile(r"([^\W_]+(?:[-'’][^\W_]+)*)-$")
FIRST_PART = re.compile(r"[^\W_]+")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@lru_cache(maxsize=1)
def hyphenated_prefixes() -> frozenset[str]:
    """First parts after which English keeps the hyphen, from ``cues/hyphens.toml``."""
    text = resources.files("analyser.cues").joinpath("hyphens.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["hyphenated"])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the draft itself says about its hyphens: its words, hyphenated ones whole, in lower case, and whether so
    many lines end in a hyphen that a program must have broken words."""

    words: frozenset[str]
    is_hyphenated: bool


def vocabulary_of(lines: Iterable[str]) -> Vocabulary:
    """The vocabulary of the lines of a draft; parts of broken words are left out."""
    lines = [line.strip() for line in lines]
    n_hyphens = sum(_last_part(line) is not None for line in lines)
    words = frozenset(
        match[0].lower()
        for line in lines
        for match in WORD.finditer(line)
        if not (match.end() == len(line) - 1 and line.endswith("-"))
    )
    return Vocabulary(words, n_hyphens >= MIN_HYPHENATED_RATIO * len(lines))


def join_lines(first: str, second: str, vocabulary: Vocabulary) -> str:
    """Two lines of one paragraph as one."""
    before = _last_part(first)
    after = FIRST_PART.match(second)
    if before is None or after is None:
        return f"{first} {second}"
    is_kept = second.startswith("-", after.end()) or _keeps_hyphen(before, after[0], vocabulary)
    return first + second if is_kept else first[:-1] + second


def _last_part(line: str) -> str | None:
    """The word before the hyphen at a line's end."""
    match = LAST_PART.search(line[-MAX_WORD_CHARACTERS:]) if line.endswith("-") else None
    return match[1] if match else None


def _keeps_hyphen(before: str, after: str, vocabulary: Vocabulary) -> bool:
    if not after[0].islower() or before[-1].isdigit():
        return True
    left, right = before.lower(), after.lower()
    words = vocabulary.words
    if left + right in words:
        return False
    if f"{left}-{right}" in words or left in hyphenated_prefixes() or not vocabulary.is_hyphenated:
        return True
    is_compound = left in words and right in words
    return is_compound and min(len(left), len(right)) >= MIN_PART_LETTERS
