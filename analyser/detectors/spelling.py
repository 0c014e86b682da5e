"""Which word of the rubric a misspelt word of the draft was meant to be, if that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from analyser.rubrics.words import is_english, is_known_name, sound, stem, tier

# Costs of edits between two words as they sound. Vowels are what spelling by ear gets wrong; consonants of one place of
# articulation come next (Treiman 1993; Mitton 1996 on the errors of school leavers).
VOWELS = frozenset("aeiou")
NEIGHBOURS = frozenset(
    frozenset(p) for p in ("td", "sz", "kg", "mn", "fv", "pb", "rl", "sk", "vb", "vu", "ei", "ia", "eu")
)
VOWEL_COST, NEIGHBOUR_COST, CONSONANT_COST, FAR_COST, SWAP_COST = 0.5, 1.0, 1.0, 1.75, 0.75
# Largest total cost allowed by the length of the rubric's word: nothing under 4 letters, and at most a fifth of it.
MIN_LENGTH = 4
LIMITS: tuple[tuple[int, float], ...] = ((4, 0.75), (5, 0.75), (6, 1.0), (7, 1.25), (8, 1.5), (10, 2.0), (12, 2.5))
# The winner must be this much cheaper than the next word of the rubric.
MARGIN = 0.5
INFLECTION = re.compile(r"(?:ed|ing|es|s)$")
FREQUENT_SIZE = 20  # SCOWL size up to which a word is surely meant as it stands
RAW_EDITS = 4  # first sieve: plain edits between the sounds
# Cost allowed on top where the other word of a name stands beside it. Set by hand: "lemon brothers" costs 1.5.
COMPANY = 0.5
SOUNDS_ALIKE, MISSPELT = 0.95, 0.9  # quality of the match


def limit(length: int) -> float:
    """Largest cost allowed for a rubric word of this length; negative where none is."""
    allowed = -1.0
    for least, cost in LIMITS:
        if length >= least:
            allowed = cost
    return allowed


def cost(a: str, b: str) -> float:
    """Weighted optimal-alignment distance between two sounded words."""
    previous2: list[float] = []
    previous = [0.0]
    for char in b:
        previous.append(previous[-1] + (VOWEL_COST if char in VOWELS else CONSONANT_COST))
    for i, x in enumerate(a):
        gap = VOWEL_COST if x in VOWELS else CONSONANT_COST
        row = [previous[0] + gap]
        for j, y in enumerate(b):
            if x == y:
                best = previous[j]
            else:
                best = min(
                    previous[j] + _swap(x, y),
                    previous[j + 1] + gap,
                    row[j] + (VOWEL_COST if y in VOWELS else CONSONANT_COST),
                )
                if i and j and x == b[j - 1] and y == a[i - 1]:
                    best = min(best, previous2[j - 1] + SWAP_COST)
            row.append(best)
        previous2, previous = previous, row
    return previous[-1]


def _swap(x: str, y: str) -> float:
    if x in VOWELS and y in VOWELS:
        return VOWEL_COST
    return NEIGHBOUR_COST if frozenset((x, y)) in NEIGHBOURS else FAR_COST


def _homophones(key: str, vocabulary: Mapping[str, tuple[str, ...]]) -> list[tuple[str, float]]:
    """The rubric's words that sound as a rare English word does."""
    if tier(key) <= FREQUENT_SIZE or len(key) < MIN_LENGTH:
        return []
    return [(word, MISSPELT) for word in vocabulary.get(sound(stem(key)), ()) if len(word) >= MIN_LENGTH]


def is_meant_in_company(key: str, name: str) -> bool:
    """Whether a word beside one word of a name is its other word misspelt, an English word or not."""
    if min(len(key), len(name)) < MIN_LENGTH or not (key + name).isalpha() or key[0] != name[0]:
        return False
    return cost(sound(key), sound(name)) <= limit(len(name)) + COMPANY


def meant_words(
    key: str, vocabulary: Mapping[str, tuple[str, ...]], sounds: Iterable[str], exact: frozenset[str]
) -> list[tuple[str, float]]:
    """The rubric's words that a draft's word may be a misspelling of, with the quality of the match.

    ``vocabulary`` maps sounds to rubric words; ``sounds`` is its keys as a sequence; ``exact`` the rubric words that
    the draft also spells right. Well-known names are never taken for misspellings, nor are English words, unless they
    are rare and sound just like the rubric's ("groins" for groynes).
    """
    if len(key) < MIN_LENGTH - 1 or not key.isalpha() or is_known_name(key):
        return []
    if is_english(key):
        return _homophones(key, vocabulary)
    heard = sound(key)
    if same := vocabulary.get(heard):
        return [(word, SOUNDS_ALIKE) for word in same if len(word) >= MIN_LENGTH - 1]
    bare_heard = sound(INFLECTION.sub("", key))
    if same := vocabulary.get(bare_heard):
        return [(word, SOUNDS_ALIKE) for word in same if len(word) >= MIN_LENGTH]
    candidates = process.extract(heard, sounds, scorer=OSA.distance, score_cutoff=RAW_EDITS, limit=8)  # type: ignore[arg-type]
    scored = []
    for other, _, _ in candidates:
        for word in vocabulary[other]:
            price = min(cost(heard, other), cost(bare_heard, other)) + (0.5 if heard[:1] != other[:1] else 0.0)
            scored.append((price, word))
    scored.sort()
    if not scored:
        return []
    price, word = scored[0]
    rivals = [p for p, w in scored[1:] if stem(w) != stem(word)]
    allowed = limit(len(word))
    if word in exact:
        allowed -= 0.75
    if price > allowed or (rivals and rivals[0] - price < MARGIN):
        return []
    return [(word, MISSPELT)]
