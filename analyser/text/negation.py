"""Negative words and how far they reach: from the word to the end of its clause, adverbial clauses left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analyser.records import Span
from analyser.rubrics.words import load_cues
from analyser.text.clauses import words_of

CUE = re.compile(
    r"(?<![\w'’])(?:not|never|no\s?-?one|nobody|nothing|nowhere|none|nor|neither|no|hardly|scarcely|barely|cannot)(?!['’]?\w)|(?<=\w)n['’]?t(?!\w)|(?<!\w)n['’]t(?!\w)",
    re.I,
)
# Verbs whose contracted negative is typed without the apostrophe; "want" and "went" are no negatives.
CONTRACTED = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|ca|could|wo|would|should|ai|might|must|need)$", re.I
)
# Subordinators that more often do something else.
AMBIGUOUS = frozenset(("for", "in", "like", "than", "as", "what", "once"))
# Relations of clauses and phrases within a clause, whose negation is not that of the claim.
SUBORDINATE = frozenset(("acl", "acl:relcl", "advcl", "advcl:relcl", "csubj", "obl", "obl:agent", "nmod", "appos"))
SCOPE_END = re.compile(r"[,;:–—?!.…()]|\s-\s")


@dataclass(frozen=True, slots=True)
class Negation:
    """A negative word and the words after it that it denies."""

    cue: Span
    scope: Span


@lru_cache(maxsize=1)
def _set_phrases() -> re.Pattern[str]:
    phrases = sorted(load_cues("clauses.toml")["not_negative"]["phrases"], key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(p).replace(chr(92) + ' ', r'[ ]+') for p in phrases)})(?!\w)", re.I
    )


@lru_cache(maxsize=1)
def _clause_words() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w'’])(?:{'|'.join(sorted(words_of('scope_ends'), key=len, reverse=True))})(?![\w'’])", re.I
    )


def find_negations(text: str, doc: Any, start: int, end: int) -> tuple[Negation, ...]:
    """The negations inside a clause, in order, each with the words it reaches."""
    masked = [m.span() for m in _set_phrases().finditer(text, start, end)]
    found = []
    for match in CUE.finditer(text, start, end):
        a, b = match.span()
        if any(x <= a < y for x, y in masked) or not _is_negative(text, match):
            continue
        found.append(Negation(Span(a, b), Span(*_scope(text, b, end))))
    return tuple(found)


def _is_negative(text: str, match: re.Match[str]) -> bool:
    word = match[0].lower()
    if word == "nt":
        stem = re.search(r"\w+$", text[max(0, match.start() - 8) : match.start()])
        return bool(stem) and CONTRACTED.fullmatch(stem[0]) is not None if stem else False
    if word == "no":
        return text[match.end() : match.end() + 1] not in (".", ",", "!", "?")
    return True


def _scope(text: str, start: int, end: int) -> tuple[int, int]:
    """From the first word after the cue to the end of the clause."""
    while start < end and not text[start].isalnum():
        if text[start] in ".;:?!,":
            return start, start
        start += 1
    stop = end
    if mark := SCOPE_END.search(text, start, end):
        stop = mark.start()
    opener = _clause_words().match(text, start, stop)
    if word := _clause_words().search(text, opener.end() if opener else start, stop):
        stop = word.start()
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def is_claim_negated(text: str, tokens: Sequence[Any], negations: Sequence[Negation], start: int, end: int) -> bool:
    """Whether the claim of a clause itself is denied, rather than something in a clause within it."""
    if not negations:
        return False
    if tokens and tokens[0].doc.has_annotation("DEP"):
        inside = {t.i for t in tokens}
        positions = {n.cue.start for n in negations}
        return sum(t.idx in positions and _is_of_claim(t, inside) for t in tokens) % 2 == 1
    first, last = _main_part(text, start, end)
    return sum(first <= n.cue.start < last for n in negations) % 2 == 1


def _is_of_claim(token: Any, inside: set[int]) -> bool:
    """By the parse: whether no inner clause or phrase stands between a negative word and the top of its clause."""
    while token.head.i != token.i and token.head.i in inside:
        if token.dep_ in SUBORDINATE:
            return False
        token = token.head
    return True


def _main_part(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a parse: from a fronted clause's comma or "then" to the next clause within."""
    words = _inner_openers()
    position = start
    if first := words.match(text, _skip(text, start, end)):
        after = re.compile(r",|(?<!\w)then(?!\w)", re.I).search(text, first.end(), end)
        position = after.end() if after else first.end()
    inner = words.search(text, position, end)
    return position, inner.start() if inner else end


@lru_cache(maxsize=1)
def _inner_openers() -> re.Pattern[str]:
    words = sorted(words_of("subordinators") - AMBIGUOUS, key=len, reverse=True)
    return re.compile(rf"(?<![\w'’])(?:{'|'.join(words)})(?![\w'’])", re.I)


def _skip(text: str, start: int, end: int) -> int:
    """Past a conjunction and marks at the start of a clause."""
    match = re.compile(r"[\W_]*(?:(?:and|but|so|or|also)\W+)?", re.I).match(text, start, end)
    return match.end() if match else start
