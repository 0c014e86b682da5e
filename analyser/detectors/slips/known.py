"""What the rubric and its model answer say about the evidence beyond its names: who made it, when it was, whose it is.

A bare rubric names evidence and little else; its points and the model answer beside it tie more to it. Only what stands
in a construction with one reading is taken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise

from analyser.detectors.hits import DraftWords
from analyser.detectors.mentions import MENTIONED, find_mentions
from analyser.detectors.slips.reading import cues
from analyser.detectors.slips.ties import Names, Relation, find_ties, is_possessive, verb_at
from analyser.detectors.windows import Mention
from analyser.records import Block, Essay, ParsedEssay, Rubric, Sentence
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.names import calendar, forenames, is_first_name, parse_name, stopwords, titles
from analyser.rubrics.numbers import find_numbers
from analyser.rubrics.variants import EvidenceLexicon, ItemVariants
from analyser.rubrics.words import (
    COMMON_SIZE,
    POSSESSIVE,
    UNKNOWN_TIER,
    find_words,
    is_english,
    is_event,
    same_place,
    stem,
    tier,
)
from analyser.text.model_answer import read_model_answer_of
from analyser.text.sentences import rule_starts

LEAST_NAME = 3  # letters of a name
# Words a thing's name may be spread over beyond its own. Set by hand: articles, a preposition, an adjective.
MAX_SPREAD = 4
SIDE = "side:"


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known: ``people`` and whatever else may be a person's name, by key, with the name as written.

    ``ties`` holds by item who is tied to it and how; ``beside`` who stands in a sentence with it.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    ties: Mapping[int, Mapping[Relation, Mapping[str, str]]] = field(default_factory=dict)
    beside: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class FactLexicon(EvidenceLexicon):
    """An evidence lexicon with what else is known of its items."""

    known: Known = field(default_factory=Known)


def known_of(lexicon: EvidenceLexicon) -> Known:
    """What is known beyond the lexicon itself."""
    return lexicon.known if isinstance(lexicon, FactLexicon) else Known()


def with_known(lexicon: EvidenceLexicon, rubric: Rubric) -> FactLexicon:
    """The lexicon with what the rubric's statements and the model answer beside it tie to its items."""
    parsed, draft = _read_sources(rubric)
    sides = lexicon.sides.mentions(parsed.essay.text) if lexicon.sides else []
    side_at = {s: SIDE + key for s, _, key in sides}
    people, loose = _people(parsed.essay.text, draft, frozenset(side_at))
    any_name = _person_test(draft, loose, side_at)
    names = Names(parsed.essay.text, draft, _person_test(draft, people, side_at))
    ties: dict[int, dict[Relation, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    beside: dict[int, set[str]] = defaultdict(set)
    dates: dict[int, list[tuple[Date, bool]]] = defaultdict(list)
    by_sentence: dict[int, set[str]] = defaultdict(set)
    for i in range(len(draft.words)):
        if person := any_name(i):
            by_sentence[draft.sentence[i]].add(person)
    mentions = [m for m in find_mentions(parsed, lexicon, draft) if m.score >= MENTIONED]
    for mention in mentions:
        beside[mention.item] |= by_sentence[mention.sentence_index]
        thing = thing_range(names, mention)
        if thing is None:
            continue
        for tie in find_ties(names, *thing):
            wording = POSSESSIVE.sub("", names.text[draft.words[tie.first].start : draft.words[tie.last].end])
            ties[mention.item][tie.relation][tie.person] = wording
        if date := _date_behind(names, thing[1]):
            dates[mention.item].append(date)
    for index, item in enumerate(rubric.evidence):
        for person, wording in _named_beside(item.name).items():
            ties[index]["cite"].setdefault(person, wording)
    items = tuple(_with_date(item, dates.get(i, [])) for i, item in enumerate(lexicon.items))
    items = tuple(_with_side(item, ties.get(i, {})) for i, item in enumerate(items))
    known = Known(
        people,
        loose,
        {i: {r: dict(p) for r, p in found.items()} for i, found in ties.items()},
        {i: frozenset(found) for i, found in beside.items()},
    )
    base = {f.name: getattr(lexicon, f.name) for f in fields(EvidenceLexicon)}
    return FactLexicon(**{**base, "items": items}, known=known)


def thing_range(names: Names, mention: Mention) -> tuple[int, int] | None:
    """The words of a mention that name the thing itself, persons apart; None where they stand too far apart."""
    draft = names.draft
    own = sorted(
        i
        for i in mention.words
        if not names.is_dated(i)
        and names.person_at(i) is None
        and draft.words[i].key not in titles()
        and draft.words[i].key not in forenames()
        and mention.start <= draft.words[i].start < mention.end
    )
    if not own or own[-1] - own[0] >= len(own) + MAX_SPREAD:
        return None
    return own[0], own[-1]


def _read_sources(rubric: Rubric) -> tuple[ParsedEssay, DraftWords]:
    """The model answer, the points, the names and the facts of the evidence as one text, read by punctuation alone."""
    model = read_model_answer_of(rubric)
    text, blocks = (model.text, list(model.blocks)) if model else ("", [])
    statements = [p.statement for p in rubric.points]
    for line in (*statements, *(line for e in rubric.evidence for line in (e.name, *e.aliases, *e.facts))):
        start = len(text) + 1
        text += "\n" + line
        blocks.append(Block(start, len(text), "paragraph"))
    sentences, index_of = [], []
    for number, block in enumerate(blocks):
        edges = [block.start, *rule_starts(text, block), block.end] if block.kind != "front_matter" else []
        sentences += [Sentence(a, b, number) for a, b in pairwise(edges)]
    words = find_words(text)
    index, starts = 0, set()
    for i, word in enumerate(words):
        while index < len(sentences) and sentences[index].end <= word.start:
            index += 1
        is_inside = index < len(sentences) and sentences[index].start <= word.start
        index_of.append(index if is_inside else -1)
        if is_inside and (i == 0 or index_of[i - 1] != index):
            starts.add(i)
    draft = DraftWords(
        tuple(words),
        tuple(index_of),
        frozenset(starts),
        tuple(find_numbers(text, words)),
        tuple(find_dates(text)),
        frozenset(range(len(sentences))),
    )
    return ParsedEssay(Essay(rubric.id, "", text, tuple(blocks)), None, tuple(sentences), ()), draft


def _named_beside(name: str) -> dict[str, str]:
    """The one person who stands for a thing in its name: "Patrick Pearse / the Proclamation"."""
    pieces = [piece for piece in parse_name(name).pieces if piece.source == "name"]
    persons = {}
    for piece in pieces:
        words = find_words(piece.text)
        is_titled = len(words) > 1 and (is_first_name(words[0]) or words[0].key in titles())
        if is_titled and all(w.is_capital for w in words):
            persons[words[-1].key] = POSSESSIVE.sub("", piece.text[words[-1].start : words[-1].end])
    return persons if len(pieces) > len(persons) == 1 else {}


# ---------------------------------------------------------------- people


def _people(text: str, draft: DraftWords, side_starts: frozenset[int]) -> tuple[dict[str, str], dict[str, str]]:
    """The persons named, and all names that may be persons'.

    A person is known by a forename or title, by what he did or had, or by the year of what he wrote.
    """
    good: dict[str, str] = {}
    loose: dict[str, str] = {}
    bad: set[str] = set()
    words = draft.words
    for i, word in enumerate(words):
        if not word.is_capital or draft.sentence[i] < 0:
            continue
        wording = POSSESSIVE.sub("", text[word.start : word.end])
        key = word.key
        if (
            len(key) < LEAST_NAME
            or wording.isupper()
            or key in stopwords()
            or key in titles()
            or key in calendar()
            or key in forenames()
            or same_place(key)
            or word.start in side_starts
        ):
            continue
        if _is_no_person(text, draft, i):
            bad.add(key)
        elif _is_person(text, draft, i):
            good.setdefault(key, wording)
        elif not is_english(key):
            loose.setdefault(key, wording)
    people = {key: wording for key, wording in good.items() if key not in bad}
    return people, people | {key: wording for key, wording in loose.items() if key not in bad}


def _is_no_person(text: str, draft: DraftWords, i: int) -> bool:
    before = draft.words[i - 1] if i else None
    following = draft.words[i + 1] if i + 1 < len(draft.words) else None
    is_next_capital = (
        following is not None and following.is_capital and text[draft.words[i].end : following.start] == " "
    )
    if before is None or draft.sentence[i - 1] != draft.sentence[i] or text[before.end : draft.words[i].start].strip():
        return False
    return before.key in ("in", "at", "near", "from") or (before.key == "the" and not is_next_capital)


def _is_person(text: str, draft: DraftWords, i: int) -> bool:
    words, word = draft.words, draft.words[i]
    is_start = i in draft.starts
    if is_start and tier(word.key) <= COMMON_SIZE and not is_possessive(text, word):
        return False
    before = words[i - 1] if i and draft.sentence[i - 1] == draft.sentence[i] else None
    if before and is_first_name(before) and text[before.end : word.start].isspace():
        is_name = tier(word.key) == UNKNOWN_TIER and not is_possessive(text, before)
        if before.key in forenames() or is_name:
            return True
    if before and before.is_capital and before.key in titles() and text[before.end : word.start].isspace():
        return True
    if is_possessive(text, word) and not (before and before.is_capital and before.key not in titles()):
        return True
    is_cited = re.match(r"(?:\s+and\s+[A-Z]\w+)?,?\s*\(?\d{4}\)", text[word.end : word.end + 40])
    if is_cited and not is_english(word.key):
        return True
    following = words[i + 1] if i + 1 < len(words) and draft.sentence[i + 1] == draft.sentence[i] else None
    if is_start and following and following.is_capital and text[word.end : following.start] == ", ":
        return not is_english(word.key)
    if following is None or text[word.end : following.start].strip():
        return False
    return bool(verb_at(words, i + 1)) or stem(following.key) in cues()["say"]


def _person_test(
    draft: DraftWords, people: Mapping[str, str], side_at: Mapping[int, str]
) -> Callable[[int], str | None]:
    def person_at(index: int) -> str | None:
        word = draft.words[index]
        if side := side_at.get(word.start):
            return side
        return word.key if word.is_capital and word.key in people else None

    return person_at


# ---------------------------------------------------------------- dates and sides


def _date_behind(names: Names, last: int) -> tuple[Date, bool] | None:
    """The date in brackets or behind "of" right after a thing, and whether it can only be its beginning."""
    text, end = names.text, names.draft.words[last].end
    match = re.match(r"['’\"”]?(?:\s*\((?:in )?|,? of )", text[end : end + 8])
    if match is None:
        return None
    start = end + match.end()
    date = next((d for d in names.draft.dates if d.start == start), None)
    if date is None or date.precision not in ("day", "month", "year"):
        return None
    is_closed = text[date.end : date.end + 1] in (")", ",", ";", ".", " ", "")
    return (date, not is_event(names.draft.words[last].key)) if is_closed else None


def _with_date(item: ItemVariants, found: list[tuple[Date, bool]]) -> ItemVariants:
    """An undated item with the one date that the model answer gives it."""
    if item.dates or not found or len({(d.first, d.last) for d, _ in found}) != 1:
        return item
    date, is_beginning = found[0]
    variants = tuple(replace(v, dates=(date,)) for v in item.variants)
    return replace(item, variants=variants, dates=(date,), is_beginning=item.is_beginning or is_beginning)


def _with_side(item: ItemVariants, ties: Mapping[Relation, Mapping[str, str]]) -> ItemVariants:
    """An item of no side with the one side that has made it."""
    persons = {p for relation in ties.values() for p in relation}
    if item.side or len(persons) != 1 or not next(iter(persons)).startswith(SIDE):
        return item
    return replace(item, side="a" if next(iter(persons)) == SIDE + "a" else "b")
