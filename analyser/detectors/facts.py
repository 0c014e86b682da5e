"""Facts that the rubric knows better (slips), and facts dropped in with nothing said about what they show.

A slip is claimed only where the rubric states the fact, the draft ties another date, number or side to the same thing
in so many words, and nothing in the draft speaks for another reading. A fact that the rubric does not know is never a
slip.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from analyser.detectors.hits import DraftWords
from analyser.detectors.mentions import MENTIONED, read_mentions
from analyser.detectors.use import MAX_MENTIONS
from analyser.detectors.windows import Mention
from analyser.records import EvidenceFinding, ParsedEssay, Quote, Rubric, SideKey, Slip, UnlinkedEvidence
from analyser.rubrics.dates import Date, find_days
from analyser.rubrics.numbers import ROUNDING, Number
from analyser.rubrics.variants import EvidenceLexicon, Figure, ItemVariants, Variant, counted_nouns
from analyser.rubrics.words import POSSESSIVE, Word, find_words, fold, is_event, load_cues, same_kind, stem

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
# Words that may stand between a thing and the date or number tied to it.
MAX_DATE_DISTANCE = 8
MAX_SIDE_DISTANCE = 6
MAX_NUMBER_DISTANCE = 5
# Share of a name's weight, dates apart, that must be matched before its date or number is held against the draft.
WHOLE_NAME = 0.55
HALF_NAME = 0.35
OUT_OF = re.compile(r"\s+(?:out\s+)?of(?:\s+the)?\s+")
# Words (1 and more) after a mention among which "by" may stand. Set by hand: enough for "that was first devised by",
# and further on it is often somebody else's doing.
MAX_MAKER_DISTANCE = 5
NAMES_ALONE = 0.7  # where what happened is not said ("Winnie Ewing won Hamilton")


@lru_cache(maxsize=1)
def _cues() -> dict[str, frozenset[str]]:
    data = load_cues("facts.toml")
    return {
        "open": frozenset(data["dates"]["open"].split()),
        "boundary": frozenset(data["dates"]["boundary"].split()),
        "measures": frozenset(stem(w) for w in data["numbers"]["measures"].split()),
        "above": frozenset(data["numbers"]["above"].split()),
        "below": frozenset(data["numbers"]["below"].split()),
        "verbs": frozenset(stem(v) for v in data["authorship"]["verbs"].split() if "_" not in v),
        "beginning": frozenset(stem(v) for v in data["authorship"]["beginning"].split()),
        "phrasal": frozenset(v for v in data["authorship"]["verbs"].split() if "_" in v),
        "negations": frozenset(data["authorship"]["negations"].split()),
    }


def find_slips(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[Slip, ...]:
    """Facts that are certainly not as the rubric has them, in the order of the text; one a quote and item."""
    return check_facts(parsed, lexicon)


def find_unlinked(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[UnlinkedEvidence, ...]:
    """Evidence that is only named, with the words that name it."""
    return tuple(UnlinkedEvidence(e.id, e.quotes[0]) for e in evidence if e.status == "named" and e.quotes)


def check_facts(parsed: ParsedEssay, lexicon: EvidenceLexicon) -> tuple[Slip, ...]:
    """Check the dates, numbers and sides tied to every certain mention."""
    draft, mentions = read_mentions(parsed, lexicon)
    certain = [m for m in mentions if m.score >= MENTIONED]
    found: dict[tuple[str, str], Slip] = {}
    by_item: dict[int, list[Mention]] = defaultdict(list)
    for mention in certain:
        if len(by_item[mention.item]) < MAX_MENTIONS:
            by_item[mention.item].append(mention)
    for check in (_date_slips, _day_slips, _number_slips, _side_slips, _name_slips):
        for slip in check(parsed, lexicon, draft, certain, by_item):
            found.setdefault((slip.evidence, slip.kind), slip)
    return tuple(sorted(found.values(), key=lambda s: s.quote.start))


# ---------------------------------------------------------------- dates


def _date_slips(
    parsed: ParsedEssay,
    lexicon: EvidenceLexicon,
    draft: DraftWords,
    certain: list[Mention],
    by_item: dict[int, list[Mention]],
) -> list[Slip]:
    dates_in = _dates_by_sentence(parsed, draft)
    mentions_in: dict[int, list[Mention]] = defaultdict(list)
    for mention in certain:
        mentions_in[mention.sentence_index].append(mention)
    found = []
    for index, mentions in by_item.items():
        item = lexicon.items[index]
        if not item.dates:
            continue
        near = [d for m in mentions for d in dates_in.get(m.sentence_index, ())]
        if any(date.agrees_with(own) for date in near for own in item.dates):
            continue
        for mention in mentions:
            known = item.variants[mention.variant].dates
            if not known or known[0].precision == "decade" or not _is_whole(mention, lexicon):
                continue
            for date in dates_in.get(mention.sentence_index, ()):
                if date.precision == "decade" or (date.precision == "years" and known[0].precision != "years"):
                    continue
                rivals = [m for m in mentions_in[mention.sentence_index] if m.item != index]
                if item.is_beginning and not _is_begun(draft, mention, date):
                    continue
                if _is_tied(parsed, draft, lexicon, mention, date, rivals):
                    quote = _span(parsed, draft, mention, date.start, date.end)
                    expected = " or ".join(_wording(d) for d in known)
                    found.append(Slip("date", item.id, quote, parsed.essay.text[date.start : date.end], expected))
                    break
    return found


def _day_slips(
    parsed: ParsedEssay,
    lexicon: EvidenceLexicon,
    draft: DraftWords,
    certain: list[Mention],
    by_item: dict[int, list[Mention]],
) -> list[Slip]:
    """Days without a year ("shot down on 22 October") that are others than the rubric's."""
    days = find_days(parsed.essay.text)
    if not days:
        return []
    found = []
    for index, mentions in by_item.items():
        item = lexicon.items[index]
        own = [d for d in item.dates if d.precision == "day"]
        for mention in mentions if len(own) == 1 and not item.is_beginning else ():
            here = [d for d in days if parsed.sentence_at(d.start) == mention.sentence_index]
            # A second day beside it may be the thing's own.
            if len(here) != 1 or here[0].first[1:] == own[0].first[1:] or not _is_whole(mention, lexicon):
                continue
            rivals = [m for m in certain if m.sentence_index == mention.sentence_index and m.item != index]
            if _is_tied(parsed, draft, lexicon, mention, here[0], rivals):
                quote = _span(parsed, draft, mention, here[0].start, here[0].end)
                said = parsed.essay.text[here[0].start : here[0].end]
                found.append(Slip("date", item.id, quote, said, _wording(own[0])))
                break
    return found


def _is_begun(draft: DraftWords, mention: Mention, date: Date) -> bool:
    """Whether the draft says that something lasting began on a date: only its beginning has one."""
    stems = [stem(w.key) for w in _words_between(draft, min(mention.start, date.start), max(mention.end, date.end))]
    return not _cues()["beginning"].isdisjoint(stems) or ("set" in stems and "up" in stems)


def _dates_by_sentence(parsed: ParsedEssay, draft: DraftWords) -> dict[int, list[Date]]:
    found: dict[int, list[Date]] = defaultdict(list)
    for date in draft.dates:
        index = parsed.sentence_at(date.start)
        if index is not None:
            found[index].append(date)
    return found


def _wording(date: Date) -> str:
    """A date as plain as the rubric gives it."""
    (year, month, day), last = date.first, date.last
    if date.precision == "day":
        return f"{day} {MONTHS[month - 1]} {year}"
    if date.precision == "month":
        return f"{MONTHS[month - 1]} {year}"
    return str(year) if year == last[0] else f"{year}-{last[0]}"


def _is_whole(mention: Mention, lexicon: EvidenceLexicon) -> bool:
    """Whether the mention names the thing itself and not only a person or place that belongs to it."""
    rule = lexicon.items[mention.item].variants[mention.variant]
    telling = [i for i, t in enumerate(rule.terms) if t.is_core and t.kind not in ("year", "side")]
    if not telling:
        return False
    kinds = {rule.terms[i].kind for i in telling}
    matched = [i for i in telling if i in mention.terms]
    share = sum(rule.terms[i].weight for i in matched) / sum(rule.terms[i].weight for i in telling)
    lacks_event = {"name", "word"} <= kinds and not any(rule.terms[i].kind == "word" for i in matched)
    if lacks_event:
        return share >= NAMES_ALONE and sum(rule.terms[i].kind == "name" for i in matched) > 1
    return share >= WHOLE_NAME


def _is_tied(
    parsed: ParsedEssay,
    draft: DraftWords,
    lexicon: EvidenceLexicon,
    mention: Mention,
    date: Date,
    rivals: list[Mention],
) -> bool:
    """Whether the draft says that the thing named was on this date."""
    first, last = _word_range(draft, date.start, date.end)
    own = [w for w in mention.words if not first <= w <= last]
    if first < 0 or not own:
        return False
    before = draft.words[first - 1].key if first else ""
    if before in _cues()["open"] or _is_range(parsed.essay.text, date):
        return False
    distance = _distance(own, first, last)
    if distance > MAX_DATE_DISTANCE:
        return False
    if before == "of" and first > 1 and not _is_head(draft, lexicon, mention, first - 2):
        return False
    nearest = min(own, key=lambda w: min(abs(w - first), abs(w - last)))
    low, high = (last + 1, nearest) if nearest > last else (nearest + 1, first)
    between = {draft.words[i].key for i in range(low, high)}
    gap = parsed.essay.text[draft.words[max(low - 1, 0)].end : draft.words[min(high, len(draft.words) - 1)].start]
    if between & _cues()["boundary"] or re.search(r"[;:()–—]|\.\s|\band\b", gap):
        return False
    for rival in rivals:
        theirs = [w for w in rival.words if not first <= w <= last]
        dates = lexicon.items[rival.item].dates
        is_theirs = any(date.agrees_with(d) for d in dates)
        if theirs and dates and _distance(theirs, first, last) < distance + is_theirs:
            return False
    return True


def _is_head(draft: DraftWords, lexicon: EvidenceLexicon, mention: Mention, index: int) -> bool:
    """Whether a date behind this word and "of" is the thing's: the "Act of 1927" was repealed at another time."""
    if index not in mention.words:
        return False
    terms = lexicon.items[mention.item].variants[mention.variant].terms
    events = [t for t in terms if t.is_core and t.kind == "word" and is_event(fold(t.text))]
    word = draft.words[index].key
    return not events or any(stem(word) == stem(fold(t.text)) for t in events)


def _is_range(text: str, date: Date) -> bool:
    return bool(re.match(r"\s*(?:[-–—]|to\b|until\b|and\s+\d)", text[date.end : date.end + 12]))


def _distance(words: list[int], first: int, last: int) -> int:
    return min(0 if first <= w <= last else min(abs(w - first), abs(w - last)) for w in words)


def _word_range(draft: DraftWords, start: int, end: int) -> tuple[int, int]:
    """Indices of the first and last word in a stretch of text; (-1, -1) where there is none."""
    first = bisect_left(draft.words, start, key=lambda w: w.start)
    last = bisect_left(draft.words, end, key=lambda w: w.start) - 1
    return (first, last) if first <= last else (-1, -1)


def _words_between(draft: DraftWords, start: int, end: int) -> list[Word]:
    first, last = _word_range(draft, start, end)
    return list(draft.words[first : last + 1]) if first >= 0 else []


def _span(parsed: ParsedEssay, draft: DraftWords, mention: Mention, start: int, end: int) -> Quote:
    """From the mention's nearest word to the fact tied to it."""
    words = [draft.words[i] for i in mention.words if not start <= draft.words[i].start < end]
    nearest = min(words, key=lambda w: min(abs(w.start - end), abs(start - w.end)))
    return parsed.essay.quote(min(nearest.start, start), max(nearest.end, end))


# ---------------------------------------------------------------- numbers


def _number_slips(
    parsed: ParsedEssay,
    lexicon: EvidenceLexicon,
    draft: DraftWords,
    certain: list[Mention],
    by_item: dict[int, list[Mention]],
) -> list[Slip]:
    date_spans = [(d.start, d.end) for d in draft.dates]
    numbers = [n for n in draft.numbers if not any(a <= n.start < b for a, b in date_spans)]
    numbers_in: dict[int, list[Number]] = defaultdict(list)
    for number in numbers:
        if draft.sentence[number.first_word] >= 0:
            numbers_in[draft.sentence[number.first_word]].append(number)
    found = []
    known = {(f.noun, f.value) for item in lexicon.items for f in item.figures}
    for index, mentions in by_item.items():
        item = lexicon.items[index]
        figures = [f for f in item.figures if f.noun and not (_is_measure(f) and f.is_aside)]
        if not item.figures:
            continue
        for mention in mentions:
            here = numbers_in.get(mention.sentence_index, [])
            slip = _turned_round(parsed, item, here)
            for index in range(mention.sentence_index - 1, mention.sentence_index + 2):
                slip = slip or _wrong_share(parsed, draft, item, numbers_in.get(index, []))
            rule = item.variants[mention.variant]
            counted = [
                f for f in figures if _names_share(rule, mention) >= (WHOLE_NAME if _is_measure(f) else HALF_NAME)
            ]
            if slip is None and counted:
                beside = [
                    n for n in here if _distance(list(mention.words), n.first_word, n.last_word) <= MAX_NUMBER_DISTANCE
                ]
                others = [
                    n for n in beside if not any((noun, n.value) in known for noun in counted_nouns(draft.words, n))
                ]
                slip = _wrong_number(parsed, draft, item, counted, others)
            if slip is not None:
                found.append(slip)
                break
    return found


def _names_share(rule: Variant, mention: Mention) -> float:
    """The share of a name that is matched, its numbers and dates left out."""
    telling = [t for t in rule.terms if t.is_core and t.kind in ("name", "word")]
    matched = [rule.terms[i] for i in mention.terms if rule.terms[i].is_core and rule.terms[i].kind in ("name", "word")]
    return sum(t.weight for t in matched) / sum(t.weight for t in telling) if telling else 0.0


def _is_measure(figure: Figure) -> bool:
    return bool(figure.unit) or figure.noun in _cues()["measures"]


def _wrong_number(
    parsed: ParsedEssay, draft: DraftWords, item: ItemVariants, figures: list[Figure], numbers: list[Number]
) -> Slip | None:
    """A number of the same things as a figure of the item, and not that figure."""
    text = parsed.essay.text
    for number in numbers:
        nouns = counted_nouns(draft.words, number)
        same = [f for f in figures if f.noun in nouns and f.unit == number.unit]
        if not same or any(_is_near(f.value, number.value) for f in same) or _is_within(item, number):
            continue
        before = {w.key for w in draft.words[max(0, number.first_word - 3) : number.first_word]}
        if before & _cues()["above"] and all(number.value < f.value for f in same):
            continue
        if before & _cues()["below"] and all(number.value > f.value for f in same):
            continue
        if any(_is_near(f.value, n.value) for f in same for n in numbers):
            continue
        end = draft.words[min(number.last_word, len(draft.words) - 1)].end
        quote = parsed.essay.quote(number.start, max(number.end, end))
        return Slip("number", item.id, quote, text[number.start : number.end], " or ".join(f.text for f in same))
    return None


def _is_within(item: ItemVariants, number: Number) -> bool:
    """Whether a number lies within a range of the item's ("2 to 10 micrometres")."""
    return any(
        a.value <= number.value <= b.value
        and re.search(rf"{re.escape(a.text)}\s*(?:to|-|–)\s*{re.escape(b.text)}", item.name)
        for a, b in pairwise(item.figures)
    )


def _is_near(a: float, b: float) -> bool:
    return abs(a - b) <= ROUNDING * max(a, b)


def _wrong_share(parsed: ParsedEssay, draft: DraftWords, item: ItemVariants, numbers: list[Number]) -> Slip | None:
    """ "26 out of 36 families" where the rubric has 36 of 62 of them."""
    text = parsed.essay.text
    for a, b in pairwise(item.figures):
        if not b.noun or f"{a.text} of {b.text}" not in item.name.replace(" out of ", " of "):
            continue
        # "noble families": what is counted may stand behind an adjective.
        counted = {stem(w.key) for w in find_words(item.name[item.name.find(b.text) + len(b.text) :])[:2]}
        for x, y in pairwise(numbers):
            is_share = y.value > 0 and OUT_OF.fullmatch(text[x.end : y.start]) is not None
            if not is_share or _is_near(x.value * b.value, a.value * y.value):
                continue
            if counted.intersection(counted_nouns(draft.words, y)):
                return Slip(
                    "number",
                    item.id,
                    parsed.essay.quote(x.start, y.end),
                    text[x.start : y.end],
                    f"{a.text} of {b.text}",
                )
    return None


def _turned_round(parsed: ParsedEssay, item: ItemVariants, numbers: list[Number]) -> Slip | None:
    """ "From 42 to 55" where the rubric has it from 55 to 42."""
    text = parsed.essay.text
    for a, b in pairwise(item.figures):
        for x, y in pairwise(numbers):
            is_turned = a.value != b.value and (x.value, y.value) == (b.value, a.value)
            if is_turned and text[x.end : y.start].strip() in ("to", "down to", "up to", "-", "–"):
                is_so_in_rubric = f"{a.text} to {b.text}" in item.name
                if is_so_in_rubric:
                    return Slip(
                        "number",
                        item.id,
                        parsed.essay.quote(x.start, y.end),
                        text[x.start : y.end],
                        f"{a.text} to {b.text}",
                    )
    return None


# ---------------------------------------------------------------- sides


def _side_slips(
    parsed: ParsedEssay,
    lexicon: EvidenceLexicon,
    draft: DraftWords,
    certain: list[Mention],
    by_item: dict[int, list[Mention]],
) -> list[Slip]:
    if lexicon.sides is None:
        return []
    text = parsed.essay.text
    spans = lexicon.sides.mentions(text)
    found = []
    for index, mentions in by_item.items():
        item = lexicon.items[index]
        if item.side not in ("a", "b"):
            continue
        own: SideKey = item.side
        for mention in mentions:
            sentence = parsed.sentences[mention.sentence_index]
            unit = next((u for u in parsed.units if u.start <= mention.start < u.end), None)
            low, high = (unit.start, unit.end) if unit else (sentence.start, sentence.end)
            inside = spans[bisect_left(spans, (low,)) : bisect_left(spans, (high,))]
            other = next(
                (s for s in inside if s[2] != own and _is_author(text, draft, mention, s, inside, lexicon)), None
            )
            within = spans[bisect_left(spans, (mention.start,)) : bisect_left(spans, (mention.end,))]
            is_own_named = any(key == own for _, _, key in within)
            if other is not None and not is_own_named:
                quote = parsed.essay.quote(min(other[0], mention.start), max(other[1], mention.end))
                expected = lexicon.side_names[own]
                found.append(Slip("attribution", item.id, quote, text[other[0] : other[1]], expected))
                break
    return found


def _is_author(
    text: str,
    draft: DraftWords,
    mention: Mention,
    side: tuple[int, int, SideKey],
    sides: list[tuple[int, int, SideKey]],
    lexicon: EvidenceLexicon,
) -> bool:
    """Whether the draft says that the side made, did or owned the thing named."""
    start, end, _ = side
    if end <= mention.start:
        if any(s is not side and end <= s[0] < mention.end for s in sides):
            return False
        between = _words_between(draft, end, mention.start)
        if len(between) > MAX_SIDE_DISTANCE or {w.key for w in between} & _cues()["negations"]:
            return False
        if re.search(r"[;:()]|\band\b", text[end : mention.start]):
            return False
        if re.search(r"['’]s?$", text[start:end]) or re.match(r"['’]s?\b", text[end : end + 2]):
            rule = lexicon.items[mention.item].variants[mention.variant]
            return len(between) <= 1 and rule.source != "alias" and any(rule.terms[i].is_key for i in mention.terms)
        return _has_verb(between) or (len(between) <= 1 and _begins_with_event(draft, mention, lexicon))
    if start >= mention.end:
        if any(s is not side and mention.start <= s[0] < start for s in sides):
            return False
        between = _words_between(draft, mention.end, start)
        keys = [w.key for w in between]
        is_agent = keys[-1:] == ["by"]
        inside = _words_between(draft, mention.start, start)
        return (
            is_agent
            and len(between) <= MAX_SIDE_DISTANCE
            and not set(keys) & _cues()["negations"]
            and _has_verb(inside)
        )
    return False


def _begins_with_event(draft: DraftWords, mention: Mention, lexicon: EvidenceLexicon) -> bool:
    """Whether the mention opens with a verb for what was done ("took away party cards")."""
    first = draft.words[min(mention.words)]
    rule = lexicon.items[mention.item].variants[mention.variant]
    verbs = {stem(m.partition("_")[0]) for t in rule.terms if t.kind == "word" for m in same_kind(t.key) if "_" in m}
    return stem(first.key) in verbs


def _has_verb(words: list[Word]) -> bool:
    stems = [stem(w.key) for w in words]
    if _cues()["verbs"] & set(stems):
        return True
    for phrase in _cues()["phrasal"]:
        verb, _, particle = phrase.partition("_")
        if stem(verb) in stems and particle in (w.key for w in words[stems.index(stem(verb)) + 1 :]):
            return True
    return False


# ---------------------------------------------------------------- names


def _name_slips(
    parsed: ParsedEssay,
    lexicon: EvidenceLexicon,
    draft: DraftWords,
    certain: list[Mention],
    by_item: dict[int, list[Mention]],
) -> list[Slip]:
    """Somebody else named as the maker of what the rubric says is a third person's."""
    text = parsed.essay.text
    sides = lexicon.sides.mentions(text) if lexicon.sides else []
    found = []
    for index, mentions in by_item.items():
        item = lexicon.items[index]
        for mention in mentions:
            rule = item.variants[mention.variant]
            owners = [i for i, t in enumerate(rule.terms) if t.is_owner and t.is_core]
            others = [
                i for i, t in enumerate(rule.terms) if t.is_core and not t.is_owner and t.kind in ("name", "word")
            ]
            if len(owners) != 1 or owners[0] in mention.terms or not set(others) <= mention.terms:
                continue
            name = _maker(parsed, draft, mention)
            is_side = name is not None and any(a < name[1] and name[0] < b for a, b, _ in sides)
            if name is None or is_side:
                continue
            quote = parsed.essay.quote(min(mention.start, name[0]), max(mention.end, name[1]))
            expected = POSSESSIVE.sub("", rule.terms[owners[0]].text)
            found.append(Slip("name", item.id, quote, text[name[0] : name[1]], expected))
            break
    return found


def _maker(parsed: ParsedEssay, draft: DraftWords, mention: Mention) -> tuple[int, int] | None:
    """The name behind "devised by" right after a mention."""
    words = draft.words
    first = max(mention.words) + 1
    for i in range(first, min(first + MAX_MAKER_DISTANCE, len(words) - 1)):
        if draft.sentence[i] != mention.sentence_index or words[i].key in _cues()["negations"]:
            return None
        if words[i].key == "by" and i > first and _has_verb(list(words[first:i])):
            last = i
            while (
                last + 1 < len(words)
                and words[last + 1].is_capital
                and draft.sentence[last + 1] == mention.sentence_index
            ):
                last += 1
            return (words[i + 1].start, words[last].end) if last > i else None
    return None
