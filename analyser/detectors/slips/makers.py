"""Somebody else named as the maker, leader or owner of what the rubric or its model answer says is another's."""

from __future__ import annotations

from collections.abc import Mapping

from analyser.detectors.slips.known import LEAST_NAME, SIDE, Known, known_of, thing_range
from analyser.detectors.slips.reading import Reading, cues, has_verb, names_share
from analyser.detectors.slips.ties import Names, Relation, Tie, find_ties
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.names import calendar
from analyser.rubrics.sides import has_capitals
from analyser.rubrics.words import (
    COMMON_SIZE,
    POSSESSIVE,
    find_words,
    is_english,
    is_event,
    same_place,
    sound,
    stem,
    tier,
)

# Share of a name's weight (0 to 1) that must be matched before its maker is held against the draft. Set by hand: most
# of it, since a part may be something else of the same people.
WHOLE_NAME = 0.7
# Words (1 and more) after a mention among which "by" may stand. Set by hand: enough for "that was first devised by",
# and further on it is often somebody else's doing.
MAX_MAKER_DISTANCE = 5
# Endings of names for many people or for a people: Jacobins, Protestants; Yeats and Keynes are none.
PLURAL = ("ans", "ins", "ists", "ers", "ites", "ese", "ish")
LEAST_SOUND = 5  # letters of a misspelt name
# Which known ties a relation in the draft is held against.
HELD_AGAINST: Mapping[Relation, tuple[Relation, ...]] = {
    "make": ("make", "cite", "own"),
    "act": ("act", "cite", "own"),
    "lead": ("lead", "own"),
    "own": ("make", "cite", "own"),
    "cite": ("make", "cite", "own"),
}


def maker_slips(reading: Reading) -> list[Slip]:
    """Persons known from rubric or model answer to whom the draft gives what is another's."""
    known = known_of(reading.lexicon)
    if not known.ties:
        return []
    names = Names(reading.text, reading.draft, PersonTest(reading, known.names))
    anybody = Names(reading.text, reading.draft, AnyName(reading, known.names))
    persons = Names(reading.text, reading.draft, PersonTest(reading, known.people))
    found = []
    for index, mentions in reading.by_item.items():
        if index not in known.ties:
            continue
        things = [(m, thing_range(persons, m)) for m in mentions]
        slip = next((s for m, thing in things if (s := _check(reading, names, known, m, thing))), None)
        # Somebody of whom the rubric knows nothing, but only as the maker: no other has made it.
        slip = slip or next((s for m, t in things if (s := _check(reading, anybody, known, m, t, is_made=True))), None)
        if slip is not None:
            found.append(slip)
    return [s for s in found if not reading.is_denied(s.quote, is_near=True)]


def _check(
    reading: Reading,
    names: Names,
    known: Known,
    mention: Mention,
    thing: tuple[int, int] | None,
    *,
    is_made: bool = False,
) -> Slip | None:
    if thing is None or _thing_share(reading, known, mention) < WHOLE_NAME:
        return None
    ties = known.ties[mention.item]
    right = {p for people in ties.values() for p in people}
    sentence = {
        p for i, s in enumerate(reading.draft.sentence) if s == mention.sentence_index and (p := names.person_at(i))
    }
    for tie in find_ties(names, *thing):
        if is_made and tie.relation != "make":
            continue
        # Said of the thing itself, right behind it, a maker may be another than the person who speaks of it.
        if right & sentence and not (tie.is_passive and tie.relation == "make"):
            continue
        against = {p: w for r in HELD_AGAINST[tie.relation] for p, w in ties.get(r, {}).items()}
        if (
            not against
            or tie.person in known.beside.get(mention.item, ())
            or not _excludes(reading, known, mention, tie)
        ):
            continue
        # Both sides of the question: another check's matter.
        if tie.person.startswith(SIDE) and all(p.startswith(SIDE) for p in against):
            continue
        words = reading.draft.words
        quote = reading.quote(
            min(words[thing[0]].start, words[tie.first].start), max(words[thing[1]].end, words[tie.last].end)
        )
        said = POSSESSIVE.sub("", reading.text[words[tie.first].start : words[tie.last].end])
        expected = " or ".join(
            reading.lexicon.side_names["a" if p == SIDE + "a" else "b"] if p.startswith(SIDE) else w
            for p, w in against.items()
        )
        return Slip("attribution", reading.item(mention).id, quote, said, expected)
    return None


def _excludes(reading: Reading, known: Known, mention: Mention, tie: Tie) -> bool:
    """Whether what the draft says shuts out what is known: two may well lead one body, or own one event."""
    item = reading.item(mention)
    if tie.relation == "lead":
        others = (i for i in known.ties if i != mention.item)
        return any(tie.person in known.ties[i].get(r, {}) for i in others for r in ("lead", "own"))
    if tie.relation == "own":
        words = reading.draft.words[tie.last + 1 : min(mention.words) + 1]
        return any(stem(w.key) in cues()["works"] for w in words)
    return not (tie.relation == "make" and any(is_event(w) for w in item.name.lower().split()))


def _thing_share(reading: Reading, known: Known, mention: Mention) -> float:
    """The share of a name's weight that is matched, persons apart."""
    terms = reading.rule(mention).terms
    telling = [
        i
        for i, t in enumerate(terms)
        if t.is_core and t.kind in ("name", "word", "phrase") and t.key not in known.people
    ]
    total = sum(terms[i].weight for i in telling)
    return (
        sum(terms[i].weight for i in telling if i in mention.terms) / total
        if total
        else names_share(reading.rule(mention), mention)
    )


class PersonTest:
    """Which known person a word of the draft names: by its key, or by its sound where it is no English word."""

    def __init__(self, reading: Reading, people: Mapping[str, str]):
        self.words = reading.draft.words
        self.has_capitals = has_capitals(reading.text)
        self.people = people
        sides = reading.lexicon.sides
        self.side_at = {
            start: SIDE + key for start, _, key in reading.sides if sides is not None and sides.may_be_person[key]
        }
        by_sound: dict[str, set[str]] = {}
        for key in people:
            by_sound.setdefault(sound(key), set()).add(key)
        self.by_sound = {s: next(iter(keys)) for s, keys in by_sound.items() if len(keys) == 1}

    def __call__(self, index: int) -> str | None:
        word = self.words[index]
        if side := self.side_at.get(word.start):
            return side
        if word.key in self.people:
            is_common = tier(word.key) <= COMMON_SIZE
            return word.key if word.is_capital or (not self.has_capitals and not is_common) else None
        if len(word.key) < LEAST_SOUND or is_english(word.key) or (self.has_capitals and not word.is_capital):
            return None
        return self.by_sound.get(sound(word.key))


class AnyName(PersonTest):
    """A known person, else a name that is neither an English word, a place, nor a word of the rubric's evidence."""

    def __init__(self, reading: Reading, people: Mapping[str, str]):
        super().__init__(reading, people)
        self.not_persons = {w.key for item in reading.lexicon.items for w in find_words(item.name)}

    def __call__(self, index: int) -> str | None:
        if person := super().__call__(index):
            return person
        word = self.words[index]
        is_name = word.is_capital and word.key.isalpha() and len(word.key) >= LEAST_NAME and not is_english(word.key)
        is_other = word.key in self.not_persons or word.key in calendar() or same_place(word.key)
        return word.key if is_name and not is_other and not word.key.endswith(PLURAL) else None


# ---------------------------------------------------------------- anybody else


def name_slips(reading: Reading) -> list[Slip]:
    """Anybody named as the maker of what the rubric's name of it says is a third person's."""
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        for mention in mentions:
            terms = reading.rule(mention).terms
            owners = [i for i, t in enumerate(terms) if t.is_owner and t.is_core]
            others = [i for i, t in enumerate(terms) if t.is_core and not t.is_owner and t.kind in ("name", "word")]
            if len(owners) != 1 or owners[0] in mention.terms or not set(others) <= mention.terms:
                continue
            name = _maker(reading, mention)
            if name is None or any(a < name[1] and name[0] < b for a, b, _ in reading.sides):
                continue
            quote = reading.quote(min(mention.start, name[0]), max(mention.end, name[1]))
            expected = POSSESSIVE.sub("", terms[owners[0]].text)
            found.append(Slip("name", item.id, quote, reading.text[name[0] : name[1]], expected))
            break
    return reading.without_denied(found)


def _maker(reading: Reading, mention: Mention) -> tuple[int, int] | None:
    """The name behind "devised by" right after a mention."""
    words, sentence = reading.draft.words, reading.draft.sentence
    first = max(mention.words) + 1
    for i in range(first, min(first + MAX_MAKER_DISTANCE, len(words) - 1)):
        if sentence[i] != mention.sentence_index or words[i].key in cues()["negations"]:
            return None
        if words[i].key == "by" and i > first and has_verb(words[first:i]):
            last = i
            while last + 1 < len(words) and words[last + 1].is_capital and sentence[last + 1] == mention.sentence_index:
                last += 1
            return (words[i + 1].start, words[last].end) if last > i else None
    return None
