"""Words broken over two lines: whether the hyphen at the line's end belongs to the word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

# Shortest part (letters) that counts as a word of its own when the draft has it elsewhere: "in" begins "in-dustry".
MIN_PART_LETTERS = 4

LAST_PART = re.compile(r"([^\W_]+(?:[-'’][^\W_]+)*)-$")
FIRST_PART = re.compile(r"[^\W_]+")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@lru_cache(maxsize=1)
def hyphenated_prefixes() -> frozenset[str]:
    """First parts after which English keeps the hyphen, from ``cues/hyphens.toml``."""
    text = resources.files("analyser.cues").joinpath("hyphens.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["hyphenated"])


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of a draft in lower case, hyphenated ones whole, without those that a line's end breaks."""
    return frozenset(
        match[0].lower()
        for text in texts
        for line in text.split("\n")
        for match in WORD.finditer(line)
        if not line.startswith("-", match.end())
    )


def join_lines(first: str, second: str, words: frozenset[str]) -> str:
    """Two lines of one paragraph as one; ``words`` are those of the whole draft."""
    before = LAST_PART.search(first)
    after = FIRST_PART.match(second)
    if not before or not after:
        return f"{first} {second}"
    if _keeps_hyphen(before[1], after[0], words):
        return first + second
    return first[:-1] + second


def _keeps_hyphen(before: str, after: str, words: frozenset[str]) -> bool:
    if not after[0].islower() or before[-1].isdigit():
        return True
    left, right = before.lower(), after.lower()
    if left + right in words:
        return False
    if f"{left}-{right}" in words or left in hyphenated_prefixes():
        return True
    is_compound = left in words and right in words
    return is_compound and min(len(left), len(right)) >= MIN_PART_LETTERS
