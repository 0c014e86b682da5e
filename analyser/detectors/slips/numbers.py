"""Numbers of the same things as the rubric counts, and not its numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from analyser.detectors.slips.reading import Reading, cues, distance, names_share
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.numbers import ROUNDING, Number
from analyser.rubrics.variants import Figure, ItemVariants, counted_nouns
from analyser.rubrics.words import find_words, fold, stem

MAX_NUMBER_DISTANCE = 5  # words that may stand between a thing and the number tied to it
DENIED_WITHIN = 4  # words behind a number in which a negation is taken to deny it; set by hand
# Share of a name's weight (0 to 1), dates apart, that must be matched before its number is held against the draft: more
# where the figure is a measure, which says of no figure what it is a figure of.
WHOLE_NAME, HALF_NAME = 0.55, 0.35
OUT_OF = re.compile(r"\s+(?:out\s+)?of(?:\s+the)?\s+")
MEASURED = re.compile(r"(?:\s*[a-z%]+)?\s+of\s+(?:all\s+|the\s+)*(\w+)")
# What is measured at another time or place, and so is another measure.
ELSEWHERE = re.compile(r"\b(?:past|once|formerly|previously|earlier|ago|century|then|used to)\b|\b[Ii]n [A-Z]")
PAUSE = re.compile(r"[,;:.]")
APPROXIMATE = ("about", "around", "roughly", "some")
TURNED = ("to", "down to", "up to", "-", "–")


def number_slips(reading: Reading) -> list[Slip]:
    """Shares, ranges and counts that are others than the rubric's."""
    numbers_in = numbers_by_sentence(reading)
    known = {(f.noun, f.value) for item in reading.lexicon.items for f in item.figures}
    found = []
    for index, item in enumerate(reading.lexicon.items):
        if not item.figures:
            continue
        for mention in reading.by_item.get(index, ()):
            here = numbers_in.get(mention.sentence_index, [])
            slip = _turned_round(reading, item, here)
            for near in range(mention.sentence_index - 1, mention.sentence_index + 2):
                slip = slip or _wrong_share(reading, item, numbers_in.get(near, []))
            slip = (
                slip or _wrong_size(reading, item, mention, here) or _wrong_count(reading, item, mention, here, known)
            )
            if slip is not None:
                found.append(slip)
                break
        else:
            sizes = (_wrong_size_then(reading, item, sentence, numbers_in[sentence]) for sentence in numbers_in)
            found += [slip for slip in sizes if slip is not None][:1]
    return found


def numbers_by_sentence(reading: Reading) -> dict[int, list[Number]]:
    """The draft's numbers that are no dates."""
    draft = reading.draft
    found: dict[int, list[Number]] = defaultdict(list)
    for number in draft.numbers:
        is_date = any(d.start <= number.start < d.end for d in draft.dates)
        if not is_date and draft.sentence[number.first_word] >= 0:
            found[draft.sentence[number.first_word]].append(number)
    return found


def is_near(a: float, b: float) -> bool:
    """Whether two figures may be one of them rounded."""
    return abs(a - b) <= ROUNDING * max(a, b)


def _slip(reading: Reading, item: ItemVariants, start: int, end: int, expected: str, until: int = 0) -> Slip:
    return Slip("number", item.id, reading.quote(start, max(end, until)), reading.text[start:end], expected)


def _wrong_count(
    reading: Reading, item: ItemVariants, mention: Mention, here: list[Number], known: set[tuple[str, float]]
) -> Slip | None:
    """A number beside the mention that counts the same things as a figure of the item."""
    words = reading.draft.words
    share = names_share(reading.rule(mention), mention)
    figures = [
        f
        for f in item.figures
        if len(f.noun) > 1
        and not (_is_measure(f) and f.is_aside)
        and share >= (WHOLE_NAME if _is_measure(f) else HALF_NAME)
    ]
    if not figures:
        return None
    beside = [n for n in here if distance(list(mention.words), n.first_word, n.last_word) <= MAX_NUMBER_DISTANCE]
    numbers = [n for n in beside if not any((noun, n.value) in known for noun in counted_nouns(words, n))]
    for number in numbers:
        nouns = counted_nouns(words, number)
        # "First" counts nothing, and 70S is what a thing is called.
        same = [
            f
            for f in figures
            if f.noun in nouns
            and f.unit == number.unit
            and (not _is_measure(f) or _is_same_measured(reading, item, mention, f, number))
        ]
        if number.is_ordinal or any(
            re.search(r"\d[A-Z]", t) for t in (item.name, reading.text[number.start : number.end])
        ):
            continue
        if not same or any(is_near(f.value, number.value) for f in same) or _is_within(item, number):
            continue
        # "Six hundred ducats was not the sum": a negation close behind denies it too.
        behind = words[min(number.last_word + DENIED_WITHIN, len(words) - 1)].end
        pause = PAUSE.search(reading.text, number.end, max(number.end, behind))
        until = max(mention.end, pause.start() if pause else behind)
        if reading.is_denied(reading.quote(min(mention.start, number.start), until)):
            continue
        before = {w.key for w in words[max(0, number.first_word - 3) : number.first_word]}
        if before & cues()["above"] and all(number.value < f.value for f in same):
            continue
        if before & cues()["below"] and all(number.value > f.value for f in same):
            continue
        if any(is_near(f.value, n.value) for f in same for n in numbers):
            continue
        until = words[min(number.last_word, len(words) - 1)].end
        return _slip(reading, item, number.start, number.end, " or ".join(f.text for f in same), until)
    return None


def _wrong_size(reading: Reading, item: ItemVariants, mention: Mention, here: list[Number]) -> Slip | None:
    """ "A survey of 723 pupils" where the rubric's is one of 237."""
    if names_share(reading.rule(mention), mention) < WHOLE_NAME:
        return None
    words = reading.draft.words
    for figure in item.figures:
        match = re.search(rf"(\w+) of (?:about )?{re.escape(figure.text)}", item.name)
        if match is None or any(is_near(figure.value, n.value) for n in here):
            continue
        head = stem(fold(match[1]))
        for number in here:
            before = words[max(0, number.first_word - 3) : number.first_word]
            keys = [w.key for w in before if w.key not in APPROXIMATE]
            is_same = keys[-1:] == ["of"] and len(keys) > 1 and stem(keys[-2]) == head
            if is_same and number.unit == figure.unit and not number.is_ordinal:
                return _slip(reading, item, number.start, number.end, figure.text)
    return None


def _is_size(keys: list[str], head: str) -> bool:
    """Whether the words before a number say that it is the size of ``head``: "unemployment had reached"."""
    while len(keys) > 1 and stem(keys[-1]) in cues()["size_links"]:
        keys = keys[:-1]
        if stem(keys[-1]) == head:
            return True
    return False


def _wrong_size_then(reading: Reading, item: ItemVariants, index: int, here: list[Number]) -> Slip | None:
    """ "Unemployment had reached 35% by 1933" where the rubric has 25% for that year.

    The name is one plain word, which finds nothing in a draft; that it has a size, then, says which it is.
    """
    words = reading.draft.words
    for figure in item.figures:
        match = re.search(rf"(\w+) of (?:about )?{re.escape(figure.text)}", item.name)
        if match is None or not _is_then(reading, item, index) or any(is_near(figure.value, n.value) for n in here):
            continue
        head = stem(fold(match[1]))
        for number in here:
            before = words[max(0, number.first_word - MAX_NUMBER_DISTANCE) : number.first_word]
            is_size = _is_size([w.key for w in before if w.key not in APPROXIMATE], head)
            quote = reading.quote(number.start, number.end)
            if is_size and number.unit == figure.unit and not number.is_ordinal and not reading.is_denied(quote):
                start = next(w.start for w in before if stem(w.key) == head)
                return replace(
                    _slip(reading, item, number.start, number.end, figure.text), quote=reading.quote(start, number.end)
                )
    return None


def _is_then(reading: Reading, item: ItemVariants, index: int) -> bool:
    """Whether a sentence is about the time that the item has, and no other: a size changes."""
    sentence = reading.parsed.sentences[index]
    dates = [d for d in reading.draft.dates if sentence.start <= d.start < sentence.end]
    return bool(dates) and all(any(d.agrees_with(own) for own in item.dates) for d in dates)


def _is_same_measured(reading: Reading, item: ItemVariants, mention: Mention, figure: Figure, number: Number) -> bool:
    """Whether two measures are of the same thing ("of pupils"), neither the rest of the whole nor of another year."""
    sentence = reading.parsed.sentences[mention.sentence_index]
    if any(sentence.start <= d.start < sentence.end for d in reading.draft.dates):
        return False
    if ELSEWHERE.search(reading.text, sentence.start, sentence.end):
        return False
    whole = 100 if figure.unit == "%" else 0
    measured = _measured(item.name[item.name.find(figure.text) + len(figure.text) :])
    is_same = bool(measured) and measured == _measured(reading.text[number.end : sentence.end])
    return is_same and not is_near(whole - figure.value, number.value)


def _measured(text: str) -> str:
    """The stem of the noun behind "of" right after a figure."""
    match = MEASURED.match(text)
    return stem(fold(match[1])) if match else ""


def _is_measure(figure: Figure) -> bool:
    return bool(figure.unit) or figure.noun in cues()["measures"]


def _is_within(item: ItemVariants, number: Number) -> bool:
    """Whether a number lies within a range of the item's ("2 to 10 micrometres")."""
    return any(
        a.value <= number.value <= b.value
        and re.search(rf"{re.escape(a.text)}\s*(?:to|-|–)\s*{re.escape(b.text)}", item.name)
        for a, b in pairwise(item.figures)
    )


def _wrong_share(reading: Reading, item: ItemVariants, numbers: list[Number]) -> Slip | None:
    """ "26 out of 36 families" where the rubric has 36 of 62 of them."""
    for a, b in pairwise(item.figures):
        if not b.noun or f"{a.text} of {b.text}" not in item.name.replace(" out of ", " of "):
            continue
        # "noble families": what is counted may stand behind an adjective.
        counted = {stem(w.key) for w in find_words(item.name[item.name.find(b.text) + len(b.text) :])[:2]}
        for x, y in pairwise(numbers):
            is_share = y.value > 0 and OUT_OF.fullmatch(reading.text[x.end : y.start]) is not None
            if not is_share or is_near(x.value * b.value, a.value * y.value):
                continue
            if counted.intersection(counted_nouns(reading.draft.words, y)):
                return _slip(reading, item, x.start, y.end, f"{a.text} of {b.text}")
    return None


def _turned_round(reading: Reading, item: ItemVariants, numbers: list[Number]) -> Slip | None:
    """ "From 42 to 55" where the rubric has it from 55 to 42."""
    for a, b in pairwise(item.figures):
        for x, y in pairwise(numbers):
            is_turned = a.value != b.value and (x.value, y.value) == (b.value, a.value)
            is_range = reading.text[x.end : y.start].strip() in TURNED
            if is_turned and is_range and f"{a.text} to {b.text}" in item.name:
                return _slip(reading, item, x.start, y.end, f"{a.text} to {b.text}")
    return None
