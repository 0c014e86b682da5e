"""Constructions by which a text ties a person to a thing: "X's theory", "written by X", "the union that X led".

The same constructions are read in a draft and in what the rubric and its model answer say, so that like is held against
like. A construction counts only where nothing else stands between the person and the thing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from analyser.detectors.hits import DraftWords
from analyser.detectors.slips.reading import cues
from analyser.rubrics.names import forenames, is_first_name, titles
from analyser.rubrics.words import Word, is_event, stem

Relation = Literal["make", "act", "lead", "own", "cite"]
VERBS: tuple[Relation, ...] = ("make", "act", "lead")
# Words (1 and more) over which a construction may reach. Set by hand, from the longest that names nothing else between:
# "first set up by the sociologist X", "X, who had first written".
MAX_LIGHT, MAX_OBJECT, MAX_AGENT = 4, 6, 4
MAX_CALLED = 8  # words from "started" to "called"; set by hand, as the next
MAX_ASIDE = 4  # words of where and when between "founded" and "by"
MAX_WORK = 3  # words from "did" to the study
BREAK = re.compile(r"[;:.!?()\n]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Tie:
    """That a text ties the person named by words ``first`` to ``last`` to a thing; ``is_passive`` for "by X"."""

    relation: Relation
    person: str
    first: int
    last: int
    is_passive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A text's words, and which person (or None) the word at an index names."""

    text: str
    draft: DraftWords
    person_at: Callable[[int], str | None]

    def is_dated(self, index: int) -> bool:
        """Whether a word is part of a date."""
        dates, start = self.draft.dates, self.draft.words[index].start
        before = bisect_right(dates, start, key=lambda d: d.start) - 1
        return before >= 0 and start < dates[before].end

    def gap(self, left: int, right: int) -> str:
        """The text between two words."""
        return self.text[self.draft.words[left].end : self.draft.words[right].start]

    def is_open(self, left: int, right: int) -> bool:
        """Whether two words stand in one sentence with no colon, bracket or dash between them."""
        is_same = self.draft.sentence[left] == self.draft.sentence[right] >= 0
        return is_same and BREAK.search(re.sub(r"\b(?:Mr|Mrs|Dr|St|[A-Z])\.", "", self.gap(left, right))) is None

    def name_from(self, index: int, stop: int) -> tuple[int, str] | None:
        """(last word, person) of a name that begins at ``index``: titles and forenames, then the person."""
        for i in range(index, min(stop, index + MAX_AGENT)):
            if person := self.person_at(i):
                while i + 1 < stop and (further := self.person_at(i + 1)) and self.gap(i, i + 1).isspace():
                    i, person = i + 1, further
                return i, person
            key = self.draft.words[i].key
            is_first = key in titles() or key in forenames() or is_first_name(self.draft.words[i])
            if not (is_first or key in ("the", "a", "an") or len(key) == 1):
                return None
        return None

    def name_to(self, index: int) -> tuple[int, str] | None:
        """(first word, person) of a name that ends at ``index``."""
        person = self.person_at(index)
        if person is None:
            return None
        first = index
        while first and self.is_open(first - 1, first) and self._is_part(first - 1):
            first -= 1
        return first, person

    def _is_part(self, index: int) -> bool:
        key = self.draft.words[index].key
        is_name = self.person_at(index) is not None and self.gap(index, index + 1).isspace()
        return key in titles() or key in forenames() or is_name


def find_ties(names: Names, first: int, last: int) -> list[Tie]:
    """The persons tied to the thing that words ``first`` to ``last`` name."""
    found: list[Tie] = []
    for reader in (_owner, _subject, _own_work, _agent, _relative, _cited):
        found += reader(names, first, last)
    return found


def verb_at(words: tuple[Word, ...], index: int) -> tuple[Relation, int] | None:
    """The relation that the verb at ``index`` says, and its last word with its particle."""
    key = stem(words[index].key)
    for relation in VERBS:
        for phrase in cues()[f"{relation}_phrasal"]:
            verb, _, particle = phrase.partition("_")
            if key == stem(verb) and index + 1 < len(words) and words[index + 1].key == particle:
                return relation, index + 1
        if key in cues()[relation]:
            return relation, index
    # "did a study", "made an experiment".
    if key in ("do", "make", "conduct") and any(_is_work_noun(w) for w in words[index + 1 : index + 1 + MAX_WORK]):
        return "make", index
    return None


def is_possessive(text: str, word: Word) -> bool:
    """Whether a name stands in the possessive."""
    return bool(re.search(r"['’]s?$", text[word.start : word.end])) or bool(
        re.match(r"['’](?!\w)", text[word.end :][:2])
    )


def _is_work_noun(word: Word) -> bool:
    return stem(word.key) in cues()["works"]


def _owner(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "Durkheim's Moral Education", "Bourdieu's idea of cultural capital"."""
    words = names.draft.words
    for i in range(first - 1, max(-1, first - 1 - MAX_OBJECT), -1):
        if not names.is_open(i, first):
            return
        if (person := names.person_at(i)) and is_possessive(names.text, words[i]):
            between = words[i + 1 : first]
            is_near = len(between) <= 1 and "," not in names.gap(i, first)
            if is_near or any(_is_work_noun(w) for w in between):
                yield Tie("own", person, i, i)
            return


def _subject(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "Bismarck set up the Zollverein", "it was Bismarck who first devised the idea of the Zollverein"."""
    words = names.draft.words
    start = _before_called(names, first)
    reach = MAX_OBJECT if start == first else MAX_CALLED
    for v in range(start - 1, max(-1, start - 1 - reach), -1):
        if not names.is_open(v, first):
            return
        verb = verb_at(words, v)
        if verb is None:
            continue
        relation, end = verb
        between = words[end + 1 : start]
        has_object = any(w.is_capital for w in between[:-1] if start == first) or "," in names.gap(end, first)
        is_passive = v > 0 and words[v - 1].key in ("was", "were", "is", "are", "been", "being", "be")
        joins = [
            w.key
            for w in between
            if w.key in ("of", "for", "about", "in", "on", "to", "against", "by", "and", "from", "with")
        ]
        is_plain = not joins or (joins[0] in ("of", "on") and len(joins) == 1 and any(map(_is_work_noun, between)))
        is_named = start < first and not {w.key for w in between[:1]}.intersection(joins)
        if has_object or is_passive or not (is_plain or is_named) or end >= first:
            return
        yield from _before_verb(names, v, relation)
        return


def _before_called(names: Names, first: int) -> int:
    """Where the words for a thing begin that is then named: "a group up in Belfast called the United Irishmen"."""
    words = names.draft.words
    i = first - 1
    while i > 0 and words[i].key in ("the", "a", "an"):
        i -= 1
    is_called = i > 0 and words[i].key in ("called", "named", "titled", "entitled") and names.is_open(i, first)
    return i if is_called and words[i - 1].key not in ("was", "were", "is", "are", "be", "been") else first


def _before_verb(names: Names, verb: int, relation: Relation) -> Iterator[Tie]:
    """The subject of an active verb: a name right before it, light words apart."""
    words = names.draft.words
    for i in range(verb - 1, max(-1, verb - 2 - MAX_LIGHT), -1):
        if not names.is_open(i, verb):
            return
        if name := names.name_to(i):
            if is_possessive(names.text, words[i]) or _is_joined(names, name[0]):
                return
            yield Tie(relation, name[1], name[0], i)
            return
        if words[i].key not in cues()["light"]:
            return


def _is_joined(names: Names, index: int) -> bool:
    """Whether a name is one of two, or stands behind a preposition ("after Bismarck")."""
    if not index:
        return False
    return names.draft.words[index - 1].key in (
        "and", "or", "nor", "not", "of", "by", "for", "with", "to", "from", "after", "before", "under", "about",
        "unlike",
    )  # fmt: skip


def _own_work(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "Parsons, in his book Moral Education", "Bowles and Gintis proved it in Learning to Labour"."""
    words = names.draft.words
    start = next((i for i in range(first - 1, max(0, first - 1 - MAX_OBJECT), -1) if words[i].key == "in"), None)
    if start is None or not names.is_open(start, first):
        return
    between = words[start + 1 : first]
    is_his = bool(between) and between[0].key in ("his", "her", "their") and any(map(_is_work_noun, between))
    is_title = not between and words[first].is_capital and words[last].is_capital and last > first
    if not (is_his or is_title):
        return
    is_said = False
    for j in range(start - 1, max(-1, start - 2 - MAX_LIGHT), -1):
        if not names.is_open(j, first):
            return
        if name := names.name_to(j):
            if not is_possessive(names.text, words[j]) and (is_said or is_his):
                yield Tie("make", name[1], name[0], j)
            return
        is_verb = stem(words[j].key) in cues()["say"] | cues()["show"]
        is_said |= is_verb
        if not is_verb and words[j].key not in cues()["light"] and words[j].key not in ("this", "that"):
            return


def _agent(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "cultural capital, which was first set up by Tumin", "Holy Thursday, a poem by Wordsworth"."""
    words = names.draft.words
    relation: Relation | None = None
    for i in range(last + 1, min(len(words), last + 2 + MAX_LIGHT + 2 + MAX_ASIDE)):
        if relation and _is_where_or_when(names, i):
            continue
        if not names.is_open(last, i) or words[i].key in cues()["negations"]:
            return
        key = words[i].key
        if key == "of" and i == last + 1 and words[last].is_capital and not is_event(words[last].key):
            name = names.name_from(i + 1, len(words))
            if name and names.is_open(last, name[0]) and not is_possessive(names.text, words[name[0]]):
                yield Tie("own", name[1], i + 1, name[0])
            return
        if key in ("by", "under"):
            is_thing = i == last + 1 or _is_work_noun(words[i - 1])
            said = (
                "lead"
                if key == "under" and i == last + 1
                else relation or ("make" if is_thing and key == "by" else None)
            )
            name = names.name_from(i + 1, len(words))
            if said and name and names.is_open(last, name[0]) and not is_possessive(names.text, words[name[0]]):
                yield Tie(said, name[1], i + 1, name[0], is_passive=True)
            return
        if verb := verb_at(words, i):
            relation = verb[0]
        elif stem(key) in ("discuss", "describ", "talk") and words[i - 1].key in ("first", "originally"):
            relation = "make"
        elif not (key in cues()["light"] or _is_work_noun(words[i]) or (relation and key in ("up", "down", "out"))):
            return


def _is_where_or_when(names: Names, index: int) -> bool:
    """Whether a word is part of "in Belfast" or "in 1791"."""
    words = names.draft.words
    first = index if words[index].key == "in" else index - 1
    is_inside = words[first].key == "in" and first + 1 < len(words)
    return is_inside and (words[first + 1].is_capital or names.is_dated(first + 1))


def _relative(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "the Zollverein, which Bismarck set up"."""
    words = names.draft.words
    i = last + 1
    if i + 2 >= len(words) or words[i].key not in ("which", "that", "whom", "who") or not names.is_open(last, i + 1):
        return
    name = names.name_from(i + 1, len(words))
    if name is None or is_possessive(names.text, words[name[0]]):
        return
    for v in range(name[0] + 1, min(len(words), name[0] + 4)):
        if not names.is_open(last, v):
            return
        if verb := verb_at(words, v):
            following = words[verb[1] + 1].key if verb[1] + 1 < len(words) and names.is_open(v, verb[1] + 1) else ""
            if following not in ("the", "a", "an", "his", "her", "its", "their", "this", "that", "about", "of", "to"):
                yield Tie(verb[0], name[1], i + 1, name[0])
            return
        if words[v].key not in cues()["light"]:
            return


def _cited(names: Names, first: int, last: int) -> Iterator[Tie]:
    """ "Little Albert (Watson and Rayner, 1920)", "Willis, Learning to Labour (1977)"."""
    words = names.draft.words
    if (
        first
        and first - 1 in names.draft.starts
        and words[first].is_capital
        and words[last].is_capital
        and last > first
    ):
        person = names.person_at(first - 1)
        if person and names.gap(first - 1, first) == ", ":
            yield Tie("cite", person, first - 1, first - 1)
    match = re.match(r"['’\"”]?\s*\(", names.text[words[last].end : words[last].end + 4])
    if match is None or last + 1 >= len(words):
        return
    close = names.text.find(")", words[last].end)
    inside = [i for i in range(last + 1, min(len(words), last + 7)) if words[i].end <= close]
    persons = [(i, p) for i in inside if (p := names.person_at(i))]
    others = [
        i
        for i in inside
        if not names.person_at(i)
        and not words[i].key[:1].isdigit()
        and words[i].key not in ("and", "in")
        and words[i].key not in forenames()
        and words[i].key not in titles()
    ]
    if persons and not others:
        for i, person in persons:
            yield Tie("cite", person, i, i)
