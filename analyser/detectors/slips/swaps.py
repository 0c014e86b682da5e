"""Two things that the rubric tells apart taken for each other: who did it to whom, who had which place or figure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise

from analyser.detectors.slips.known import SIDE, known_of
from analyser.detectors.slips.makers import PersonTest
from analyser.detectors.slips.numbers import is_near, numbers_by_sentence
from analyser.detectors.slips.reading import Reading, cues, names_share, word_range
from analyser.detectors.slips.ties import Names
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.names import forenames, stopwords, titles
from analyser.rubrics.numbers import Number, is_same_figure
from analyser.rubrics.variants import ItemVariants
from analyser.rubrics.words import find_words, fold, is_event, stem

DONE_TO = re.compile(r"([A-Z][\w'’-]+) (\w+ing) ([A-Z][\w'’-]+)\b")
DONE_WITH = re.compile(r"(\w+) of ([A-Z][\w'’. -]+?),? \(?(?=\d|[A-Z]\w+ \d{4})")
HELD = re.compile(r"^(.*?),? in (?:the )?([A-Z][\w-]+|north|south|east|west)$")
NEAR = 80  # characters before a figure in which its side is looked for
# From a person to his place: all else ("looked to", "refused aid to") may be said of another's place.
PLACED = ("in", "was in", "was put in", "was placed in", "was based in", "was stationed in", "was given", "ruled in")
WANT_REACH = 5  # words from the verb of wanting to "his"
OWNER_REACH = 3  # sentences before in which "his" may have its owner
# From a side to its figure, and what may stand behind the figure.
HAS = ("had", "lost", "suffered")
APPROXIMATE = ("about", "around", "only", "just", "over", "some", "nearly")
COMPARED = ("to", "with", "unlike", "like", "than", "from", "compared", "as")
FIGURE_END = re.compile(r"(?:\s+(?:dead|deaths))?(?:\s*(?:[.;!?]|$)|,?\s+which\b)")
LEAST_FIGURE = 100  # below it, two things may have the same number by chance


def swap_slips(reading: Reading) -> list[Slip]:
    """All that is the wrong way round."""
    return reading.without_denied(
        [
            *_turned_deeds(reading),
            *_turned_places(reading),
            *_turned_figures(reading),
            *_wrong_sibling(reading),
            *_wrong_object(reading),
            *_not_his(reading),
        ]
    )


def _turned_deeds(reading: Reading) -> list[Slip]:
    """ "Schmidt replaced Kohl" where the rubric has Kohl replacing Schmidt."""
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        match = DONE_TO.match(item.name)
        if match is None:
            continue
        doer, verb, other = fold(match[1]), stem(match[2]), fold(match[3])
        for mention in mentions:
            inside = reading.words_between(mention.start, mention.end)
            words = [w for w in inside if w.key not in ("had", "then", "just", "simply")]
            keys = [w.key for w in words]
            if [k if k in (doer, other) else stem(k) for k in keys][-3:] == [other, verb, doer] and match[
                2
            ] not in keys:
                found.append(
                    Slip(
                        "name",
                        item.id,
                        reading.quote(words[-3].start, words[-1].end),
                        reading.text[words[-3].start : words[-1].end],
                        match[0],
                    )
                )
                break
    return found


def _turned_places(reading: Reading) -> list[Slip]:
    """Two people who have each other's places."""
    keys: dict[str, tuple[str, int]] = {}
    for index, item in enumerate(reading.lexicon.items):
        if match := HELD.match(item.name):
            people = [
                w for w in find_words(match[1]) if w.is_capital and w.key not in titles() and w.key not in forenames()
            ]
            keys |= {w.key: ("who", index) for w in people}
            keys[fold(match[2])] = ("where", index)
    found: list[Slip] = []
    if len(keys) < 4:
        return found
    by_sentence: dict[int, list[tuple[int, tuple[str, int]]]] = defaultdict(list)
    for i, word in enumerate(reading.draft.words):
        if (place := keys.get(word.key)) and reading.draft.sentence[i] >= 0:
            row = by_sentence[reading.draft.sentence[i]]
            if not row or row[-1][1] != place:
                row.append((i, place))
    for row in by_sentence.values():
        for start in range(len(row) - 3):
            (i, a), (_, b), (_, c), (j, d) = row[start : start + 4]
            is_turned = (a[0], b[0], c[0], d[0]) == ("who", "where", "who", "where") and a[1] == d[1] != b[1] == c[1]
            is_plain = _is_placed(reading, i, row[start + 1][0]) and _is_placed(reading, row[start + 2][0], j)
            if is_turned and is_plain:
                words, item = reading.draft.words, reading.lexicon.items[a[1]]
                quote = reading.quote(words[i].start, words[j].end)
                found.append(
                    Slip("attribution", item.id, quote, quote.text, f"{item.name}; {reading.lexicon.items[b[1]].name}")
                )
                break
    return found


def _is_placed(reading: Reading, who: int, where: int) -> bool:
    """Whether nothing but a name, "was" or "was given" and "in the" stands between a person and a place."""
    words = reading.draft.words[who + 1 : where]
    keys = [w.key for w in words if not w.is_capital and w.key != "of"]
    return " ".join(k for k in keys if k != "the") in PLACED


def _turned_figures(reading: Reading) -> list[Slip]:
    """ "Haiti had 18,500" where that is the other side's figure, and its own is known."""
    pairs = _figure_pairs(reading)
    found: list[Slip] = []
    numbers_in = numbers_by_sentence(reading) if pairs else {}
    for numbers in numbers_in.values():
        for number in numbers:
            before = reading.sides_between(max(0, number.start - NEAR), number.start)
            if not before or number.value < LEAST_FIGURE:
                continue
            start, end, side = before[-1]
            if not _is_said_to_have(reading, start, end, number):
                continue
            for item, own, other in pairs:
                if (
                    item.side == side
                    and number.value == other
                    and not is_same_figure(own, other)
                    and not is_near(own, number.value)
                ):
                    quote = reading.quote(start, number.end)
                    found.append(
                        Slip("number", item.id, quote, reading.text[number.start : number.end], f"{own:,.10g}")
                    )
                    break
    return found


def _is_said_to_have(reading: Reading, start: int, end: int, number: Number) -> bool:
    """Whether a side, and no other side beside it, "had" the number right behind it, and no more is said of it."""
    keys = [w.key for w in reading.words_between(end, number.start) if w.key not in APPROXIMATE]
    index = reading.parsed.sentence_at(start)
    if index is None or index != reading.parsed.sentence_at(number.start) or len(keys) != 1 or keys[0] not in HAS:
        return False
    sentence = reading.parsed.sentences[index]
    before = reading.words_between(sentence.start, start)
    is_compared = any(w.key in COMPARED for w in before[-2:])
    is_alone = len(reading.sides_between(sentence.start, sentence.end)) == 1
    return is_alone and not is_compared and FIGURE_END.match(reading.text, number.end) is not None


def _figure_pairs(reading: Reading) -> list[tuple[ItemVariants, float, float]]:
    """(item, its figure, the other side's) of items that count the same things for either side."""
    counted = [
        (item, item.figures[0].value, _content(reading, item))
        for item in reading.lexicon.items
        if item.side in ("a", "b") and item.figures and item.figures[0].value >= LEAST_FIGURE
    ]
    return [
        (x, own, other)
        for x, own, words in counted
        for y, other, theirs in counted
        if x.side != y.side and words & theirs
    ]


def _content(reading: Reading, item: ItemVariants) -> frozenset[str]:
    spans = reading.lexicon.sides.mentions(item.name) if reading.lexicon.sides else []
    return frozenset(
        stem(w.key)
        for w in find_words(item.name)
        if w.key not in stopwords() and w.key.isalpha() and not any(a <= w.start < b for a, b, _ in spans)
    )


def _wrong_sibling(reading: Reading) -> list[Slip]:
    """People put into the other of two things that differ by a number: "the Trial of the 17, in which Zinoviev"."""
    known = known_of(reading.lexicon)
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        for mention in mentions:
            for other in reading.rivals(mention):
                homes = known.homes.get(other.item, frozenset())
                if not homes or index in homes or not any(_are_siblings(item, reading.lexicon.items[h]) for h in homes):
                    continue
                if any(m.item in homes for m in reading.rivals(mention)):
                    continue
                between = (
                    [w.key for w in reading.words_between(mention.end, other.start)]
                    if other.start >= mention.end
                    else []
                )
                sentence = reading.parsed.sentences[mention.sentence_index]
                is_denied = reading.is_denied(reading.quote(mention.start, sentence.end))
                is_possessive = re.match(r"['’]|\w*['’]", reading.text[other.end - 2 : other.end + 2]) is not None
                if (
                    between in (["in", "which"], ["where"], ["at", "which"], ["of"])
                    and not is_possessive
                    and not is_denied
                ):
                    right = " or ".join(reading.lexicon.items[h].name for h in homes)
                    quote = reading.quote(mention.start, other.end)
                    found.append(Slip("name", item.id, quote, reading.text[mention.start : mention.end], right))
                    break
            else:
                continue
            break
    return found


def _are_siblings(a: ItemVariants, b: ItemVariants) -> bool:
    names = [re.sub(r"\([^)]*\)|\d+", "", item.name).split() for item in (a, b)]
    return names[0] == names[1] and a.name != b.name


def _not_his(reading: Reading) -> list[Slip]:
    """ "Obama wanted money for his wall" where the wall is Trump's."""
    known = known_of(reading.lexicon)
    names = Names(reading.text, reading.draft, PersonTest(reading, known.names))
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        for mention in mentions:
            rule = reading.rule(mention)
            for place, owned in pairwise(rule.terms):
                if not (place.is_owner and place.is_core and owned.is_core) or rule.terms.index(place) in mention.terms:
                    continue
                slip = _other_owner(
                    reading, names, mention, (fold(place.text), place.text), stem(fold(owned.text)), item
                )
                if slip is not None:
                    found.append(slip)
    return found


def _wrong_object(reading: Reading) -> list[Slip]:
    """ "Lehman Brothers was rescued in March 2008" where the rubric has the rescue of Bear Stearns in that month."""
    found = []
    words, sentence = reading.draft.words, reading.draft.sentence
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        match = DONE_WITH.match(item.name)
        if match is None or not is_event(fold(match[1])) or len(item.dates) != 1:
            continue
        own = {w.key for w in find_words(match[2])}
        for mention in mentions:
            here = [i for i, s in enumerate(sentence) if s == mention.sentence_index]
            if own & {words[i].key for i in here}:
                continue
            for rival in reading.rivals(mention):
                last = word_range(reading.draft, rival.start, rival.end)[1]
                verb = last + 2
                is_passive = (
                    verb < len(words)
                    and words[verb - 1].key in ("was", "were", "got")
                    and sentence[verb] == sentence[last]
                )
                is_named = words[last].is_capital and names_share(reading.rule(rival), rival) >= 1.0
                if not (is_passive and is_named and stem(words[verb].key) == stem(fold(match[1]))):
                    continue
                dates = [
                    d for d in reading.draft.dates if words[verb].end < d.start <= words[verb].end + len(" in the ")
                ]
                if any(d.precision in ("day", "month") and d.first[:2] == item.dates[0].first[:2] for d in dates):
                    quote = reading.quote(rival.start, dates[0].end)
                    found.append(Slip("name", item.id, quote, reading.text[rival.start : rival.end], match[2]))
                    break
    return found


def _wants(reading: Reading, who: int, his: int) -> bool:
    """Whether a person wants or makes something, and "his" stands close behind."""
    words = reading.draft.words
    verb = next((i for i in range(who + 1, his) if words[i].key not in cues()["light"]), his)
    return verb < his <= verb + WANT_REACH and stem(words[verb].key) in cues()["want"]


def _other_owner(
    reading: Reading, names: Names, mention: Mention, owner: tuple[str, str], owned: str, item: ItemVariants
) -> Slip | None:
    words, sentence = reading.draft.words, reading.draft.sentence
    here = [i for i, s in enumerate(sentence) if s == mention.sentence_index]
    persons = [(i, p) for i in here if (p := names.person_at(i)) and not p.startswith(SIDE)]
    if not persons or any(p == owner[0] for _, p in persons):
        return None
    recent = range(bisect_left(sentence, mention.sentence_index - OWNER_REACH), here[0])
    if any(names.person_at(i) == owner[0] or words[i].key == owner[0] for i in recent):
        return None
    for i in sorted(mention.words):
        if stem(words[i].key) == owned and i > here[0] and words[i - 1].key in ("his", "her"):
            before = [(j, p) for j, p in persons if j < i]
            if len({p for _, p in before}) == 1 and _wants(reading, before[-1][0], i - 1):
                j = before[-1][0]
                quote = reading.quote(words[j].start, words[i].end)
                return Slip(
                    "attribution",
                    item.id,
                    quote,
                    reading.text[words[j].start : words[j].end],
                    owner[1].removesuffix("'s").removesuffix("’s"),
                )
    return None
