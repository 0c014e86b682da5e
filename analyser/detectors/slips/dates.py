"""Dates tied to a thing that are others than its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from analyser.detectors.mentions import MENTIONED
from analyser.detectors.slips.identity import is_half, is_lasting, is_of_aside, is_other_moment, is_whole
from analyser.detectors.slips.reading import Reading, cues, distance, word_range
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.dates import Date, find_days
from analyser.rubrics.names import without_dates
from analyser.rubrics.words import find_words, fold, is_event, stem

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
MAX_DATE_DISTANCE = 8  # words that may stand between a thing and the date tied to it
LEAST_MISSPELT = 5  # letters of a name that may be one letter off
MAX_PRONOUN_DISTANCE = 14  # words from a thing to the date of what is said of "it"
AND_IT = re.compile(r"\band\s+(?:it|they|he|she)\b")
CUT_OFF = re.compile(r"[;:()–—]|\.\s|\band\b")


def date_slips(reading: Reading) -> list[Slip]:
    """Years, months and full dates."""
    dates_in = _dates_by_sentence(reading)
    found = []
    for index, item in enumerate(reading.lexicon.items):
        mentions = reading.by_item.get(index, ())
        if not item.dates:
            continue
        mentions = reading.doubtful.get(index, ()) + mentions
        near = [d for m in mentions for d in dates_in.get(m.sentence_index, ())]
        # "In the 1920s" says too little to be the date of the thing.
        if any(date.agrees_with(own) for date in near if date.precision != "decade" for own in item.dates):
            continue
        slip = next(
            (s for m in mentions for d in dates_in.get(m.sentence_index, ()) if (s := _check(reading, m, d))), None
        )
        if slip is not None:
            found.append(slip)
    return found


def _check(reading: Reading, mention: Mention, date: Date) -> Slip | None:
    """The slip where the draft gives this date to the thing named, and it has another."""
    item = reading.item(mention)
    known = reading.rule(mention).dates
    if not known or known[0].precision == "decade" or date.precision == "decade":
        return None
    if date.precision == "years" and known[0].precision != "years":
        return None
    is_meant = len(known) == 1 and _is_half_right(date, known[0])
    if not is_meant and mention.score < MENTIONED:
        return None
    if not (is_half(reading, mention) if is_meant else is_whole(reading, mention)):
        return None
    if (item.is_beginning or is_lasting(item)) and not is_begun(reading, mention, date):
        return None
    if not is_tied(reading, mention, date, is_meant=is_meant):
        return None
    if not is_meant and (is_other_moment(reading, mention, date) or is_of_aside(reading, mention)):
        return None
    quote = reading.span(mention, date.start, date.end)
    return Slip("date", item.id, quote, reading.text[date.start : date.end], " or ".join(wording(d) for d in known))


def _is_half_right(date: Date, known: Date) -> bool:
    """Whether day and month, or the month alone, are those of the right date and only the rest is wrong.

    Something else in the same month of another year, said of the same thing, would be a rare chance.
    """
    named = ("day", "month")
    if date.precision not in named or known.precision not in named:
        return False
    is_day = date.precision == known.precision == "day"
    return date.first[1] == known.first[1] or (is_day and date.first[::2] == known.first[::2])


def day_slips(reading: Reading) -> list[Slip]:
    """Days without a year ("shot down on 22 October") that are others than the rubric's."""
    days = find_days(reading.text)
    if not days:
        return []
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        own = [d for d in item.dates if d.precision == "day"]
        for mention in mentions if len(own) == 1 and not item.is_beginning else ():
            here = [d for d in days if reading.parsed.sentence_at(d.start) == mention.sentence_index]
            # A second day beside it may be the thing's own.
            if len(here) != 1 or here[0].first[1:] == own[0].first[1:] or not is_whole(reading, mention):
                continue
            if is_tied(reading, mention, here[0]):
                quote = reading.span(mention, here[0].start, here[0].end)
                said = reading.text[here[0].start : here[0].end]
                found.append(Slip("date", item.id, quote, said, wording(own[0])))
                break
    return found


def is_begun(reading: Reading, mention: Mention, date: Date) -> bool:
    """Whether the draft says that something lasting began on a date: only its beginning has one."""
    draft = reading.draft
    first, last = word_range(draft, min(mention.start, date.start), max(mention.end, date.end))
    words = list(draft.words[first : last + 1])
    # "She founded the union in 1903": the verb stands before, with nothing but an article between.
    before = first - 1
    while before > 0 and draft.words[before].key in ("the", "a", "an", "their", "his", "her"):
        before -= 1
    if first > 0 and draft.sentence[before] == mention.sentence_index:
        words += draft.words[max(0, before - 1) : before + 1]
    stems = [stem(w.key) for w in words]
    return not cues()["beginning"].isdisjoint(stems) or ("set" in stems and "up" in stems)


def near_date_slips(reading: Reading) -> list[Slip]:
    """Dates that are pieces of evidence themselves, with the day and year, or day and month, right and the rest wrong.

    Only where the right date is nowhere in the draft, and nothing says that some time had gone by.
    """
    found = []
    for item in reading.lexicon.items:
        own = item.dates[0] if len(item.dates) == 1 and item.dates[0].precision == "day" else None
        if own is None or without_dates(item.name):
            continue
        given = [d for d in reading.draft.dates if d.precision in ("day", "month")]
        if any(d.agrees_with(own) for d in given):
            continue
        for date in given:
            is_near = date.precision == "day" and sum(a == b for a, b in zip(date.first, own.first, strict=True)) == 2
            if is_near and date.first[2] == own.first[2] and not _is_later(reading, date):
                quote = reading.quote(date.start, date.end)
                found.append(Slip("date", item.id, quote, quote.text, wording(own)))
                break
    return found


def _is_later(reading: Reading, date: Date) -> bool:
    index = reading.parsed.sentence_at(date.start)
    if index is None:
        return True
    sentence = reading.parsed.sentences[index]
    return not cues()["later"].isdisjoint(w.key for w in reading.words_between(sentence.start, sentence.end))


def _dates_by_sentence(reading: Reading) -> dict[int, list[Date]]:
    found: dict[int, list[Date]] = defaultdict(list)
    for date in reading.draft.dates:
        index = reading.parsed.sentence_at(date.start)
        if index is not None:
            found[index].append(date)
    return found


def wording(date: Date) -> str:
    """A date as plain as the rubric gives it."""
    (year, month, day), last = date.first, date.last
    if date.precision == "day":
        return f"{day} {MONTHS[month - 1]} {year}"
    if date.precision == "month":
        return f"{MONTHS[month - 1]} {year}"
    return str(year) if year == last[0] else f"{year}-{last[0]}"


def is_tied(reading: Reading, mention: Mention, date: Date, *, is_meant: bool = False) -> bool:
    """Whether the draft says that the thing named was on this date.

    ``is_meant``: the date is half right, so "and it" may stand between.
    """
    draft, text = reading.draft, reading.text
    first, last = word_range(draft, date.start, date.end)
    own = [w for w in (*mention.words, *_partner(reading, mention)) if not first <= w <= last]
    if first < 0 or not own:
        return False
    before = draft.words[first - 1].key if first else ""
    if _is_said_of_it(reading, mention, date):
        return True
    if before in cues()["open"] or is_range(text, date):
        return False
    gap = distance(own, first, last)
    if gap > (MAX_PRONOUN_DISTANCE if is_meant else MAX_DATE_DISTANCE):
        return False
    if before == "of" and first > 1 and not _is_head(reading, mention, first - 2):
        return False
    nearest = min(own, key=lambda w: min(abs(w - first), abs(w - last)))
    low, high = (last + 1, nearest) if nearest > last else (nearest + 1, first)
    between = {draft.words[i].key for i in range(low, high)}
    stretch = text[draft.words[max(low - 1, 0)].end : draft.words[min(high, len(draft.words) - 1)].start]
    if is_meant:
        stretch = AND_IT.sub(" ", stretch)
    if between & cues()["boundary"] or CUT_OFF.search(stretch):
        return False
    return not any(_is_nearer(reading, m, date, (first, last), gap) for m in reading.rivals(mention))


def _is_said_of_it(reading: Reading, mention: Mention, date: Date) -> bool:
    """Whether "it was set up in" stands between a thing and a date: "there was no SEC until it was set up in 1934"."""
    if date.start <= mention.end or reading.parsed.sentence_at(date.start) != mention.sentence_index:
        return False
    between = reading.words_between(mention.end, date.start)
    keys = [w.key for w in between]
    tail = next((keys[i:] for i in range(len(keys)) if keys[i : i + 2] in (["it", "was"], ["it", "got"])), [])
    is_begun = len(tail) in (4, 5) and tail[-1] == "in" and stem(tail[2]) in {*cues()["beginning"], "set"}
    others = [m for m in reading.rivals(mention) if mention.end <= m.start < date.start]
    return (
        is_begun
        and len(keys) <= MAX_PRONOUN_DISTANCE
        and not others
        and not CUT_OFF.search(reading.text[mention.end : date.start])
    )


def _partner(reading: Reading, mention: Mention) -> list[int]:
    """The words of a misspelt partner in a joint name: "davis and more" of Davis and Moore."""
    words, last = reading.draft.words, max(mention.words)
    if last + 2 >= len(words) or words[last + 1].key != "and":
        return []
    partner = words[last + 2].key
    names = [w.key for w in find_words(reading.item(mention).name) if w.is_capital and len(w.key) >= LEAST_MISSPELT]
    is_meant = any(OSA.distance(partner, name, score_cutoff=1) <= 1 for name in names)
    return [last + 1, last + 2] if is_meant else []


def _is_nearer(reading: Reading, rival: Mention, date: Date, words: tuple[int, int], gap: int) -> bool:
    """Whether a dated rival stands nearer to a date, or as near where the date is its own."""
    theirs: Sequence[int] = [w for w in rival.words if not words[0] <= w <= words[1]]
    dates = reading.item(rival).dates
    is_theirs = any(date.agrees_with(d) for d in dates)
    return bool(theirs and dates) and distance(theirs, *words) < gap + is_theirs


def _is_head(reading: Reading, mention: Mention, index: int) -> bool:
    """Whether a date behind this word and "of" is the thing's: the "Act of 1927" was repealed at another time."""
    if index not in mention.words:
        return False
    terms = reading.rule(mention).terms
    events = [t for t in terms if t.is_core and t.kind == "word" and is_event(fold(t.text))]
    word = reading.draft.words[index].key
    return not events or any(stem(word) == stem(fold(t.text)) for t in events)


def is_range(text: str, date: Date) -> bool:
    """Whether a date only opens a stretch of time ("1640 to 1660"); "in 1279 to stop him" does not."""
    return bool(_OPENS_RANGE.match(text, date.end))


_OPENS_RANGE = re.compile(
    r"\s*(?:[-–—]|until\b|and\s+\d|to\s+(?:about\s+|around\s+|early\s+|mid|late\s+)?(?:\d|(?:the|his|her|its|their|that|this)\b|"
    rf"(?:{'|'.join(MONTHS)})\b))",
    re.IGNORECASE,
)
