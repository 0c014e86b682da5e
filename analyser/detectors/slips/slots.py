"""Another name in the very place where the rubric has its own: "disguised as Bellario", "Earl Bigod's rusty sword"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analyser.detectors.slips.reading import Reading
from analyser.detectors.spelling import is_meant_in_company
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.names import calendar, forenames, stopwords, titles
from analyser.rubrics.variants import Term, Variant
from analyser.rubrics.words import COMMON_SIZE, POSSESSIVE, Word, find_words, is_country, sound, stem, tier

# Words (0 and more) by which a place may lie outside the mention. Set by hand: an article and a forename.
MAX_OUTSIDE = 3
PAUSE = re.compile(r"[^\w\s.'’-]")


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a name: behind a title, behind a word and a preposition, or before a noun."""

    kind: Literal["title", "preposition", "noun"]
    name: str
    wording: str
    beside: tuple[str, ...]  # a title; stem and preposition; stem of a noun


def slot_slips(reading: Reading) -> list[Slip]:
    """Items of which all is said but a name, in whose place another stands."""
    found = []
    for mentions in reading.by_item.values():
        slip = next((s for m in mentions if (s := _check(reading, m))), None)
        if slip is not None:
            found.append(slip)
    return reading.without_denied(found)


def _check(reading: Reading, mention: Mention) -> Slip | None:
    rule, words = reading.rule(mention), reading.draft.words
    matched, lacking = _split(rule, mention)
    only = {stem(t.text.lower()) for t in lacking} if matched and len(lacking) == 1 else set()
    slots = [slot for slot in find_slots(rule.text) if only & {stem(slot.name), slot.name}]
    if not lacking:  # "General Lake had fifteen of them shot" of General Maxwell's executions
        others = (v for v in reading.item(mention).variants if v is not rule and len(find_words(v.text)) == 2)
        slots += [slot for v in others for slot in find_slots(v.text) if slot.kind == "title"]
    if not slots:
        return None
    here = [i for i, s in enumerate(reading.draft.sentence) if s == mention.sentence_index]
    heard = {sound(words[i].key) for i in here}
    own = {w.key for v in reading.item(mention).variants for w in find_words(v.text)}
    low, high = min(mention.words) - MAX_OUTSIDE, max(mention.words) + MAX_OUTSIDE
    for slot in slots:
        if sound(slot.name) in heard:
            continue
        for first, last in _filled(reading, slot, [i for i in here if low <= i <= high], mention):
            start, end = words[first].start, words[last].end
            key = words[last].key
            is_own = key in own or is_meant_in_company(key, slot.name)
            if is_own or any(a < end and start < b for a, b, _ in reading.sides):
                continue
            said = POSSESSIVE.sub("", reading.text[start:end])
            quote = reading.quote(min(mention.start, start), max(mention.end, end))
            return Slip("name", reading.item(mention).id, quote, said, slot.wording)
    return None


@lru_cache(maxsize=1024)
def find_slots(text: str) -> tuple[Slot, ...]:
    """The places of names in one wording of a piece of evidence."""
    words, found = find_words(text), []
    for i, word in enumerate(words):
        if not _is_name(word):
            continue
        wording = POSSESSIVE.sub("", text[word.start : word.end])
        key = find_words(wording)[0].key
        before = words[max(0, i - 2) : i]
        if before and before[-1].key in titles() and before[-1].is_capital:
            found.append(Slot("title", key, wording, (before[-1].key,)))
        elif len(before) == 2 and _is_content(before[0]) and before[1].key in stopwords():
            found.append(Slot("preposition", key, wording, (stem(before[0].key), before[1].key)))
        is_head = i + 1 < len(words) and _is_content(words[i + 1])
        if is_head and (i + 2 < len(words) or tier(words[i + 1].key) >= COMMON_SIZE):
            found.append(Slot("noun", key, wording, (stem(words[i + 1].key),)))
    return tuple(found)


def _is_name(word: Word) -> bool:
    ordinary = titles() | stopwords() | calendar()
    return word.is_capital and word.key.isalpha() and word.key not in ordinary and word.key not in forenames()


def _is_content(word: Word) -> bool:
    return not word.is_capital and word.key.isalpha() and word.key not in stopwords()


def _split(rule: Variant, mention: Mention) -> tuple[list[Term], list[Term]]:
    """The names and words of the wording that the mention has, and those that it lacks."""
    telling = [(i, t) for i, t in enumerate(rule.terms) if t.is_core and t.kind in ("name", "word", "phrase")]
    return [t for i, t in telling if i in mention.terms], [t for i, t in telling if i not in mention.terms]


def _filled(reading: Reading, slot: Slot, here: list[int], mention: Mention) -> Iterator[tuple[int, int]]:
    """First and last word of each name that stands in the place."""
    words, text = reading.draft.words, reading.text
    for i in here:
        if slot.kind == "noun":
            # Of "Jupiter missiles", those of a country say something else.
            is_free = (
                _is_name(words[i])
                and not is_country(words[i].key)
                and i not in reading.draft.starts
                and i not in mention.words
            )
            is_place = is_free and i + 1 in mention.words and stem(words[i + 1].key) == slot.beside[0]
            if is_place and text[words[i].end : words[i + 1].start] == " ":
                yield i, i
            continue
        first = i + len(slot.beside)
        own = [words[k].key for k in range(i, min(first, len(words)))]
        if slot.kind == "preposition":
            own[:1] = [stem(own[0])]
        if tuple(own) != slot.beside or first >= len(words):
            continue
        last = first
        while last in here and words[last].is_capital and words[last].key in forenames():
            last += 1
        is_open = last in here and PAUSE.search(text, words[i].end, words[last].start) is None
        if is_open and _is_name(words[last]):
            yield first, last
