"""The evidence lexicon: every way in which a student may name a rubric's evidence, derived once a rubric.

A variant is a set of weighted terms (names, words, figures, years). How much a term counts depends on how rare it is
in English, whether it is a name, and how many items of the rubric share it, so that "Kirov" alone finds the murder of
Kirov while "party" alone finds nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from analyser.records import EvidenceItem, Rubric, SideKey
from analyser.rubrics.dates import Date, find_dates, parse_rubric_date
from analyser.rubrics.names import (
    BRACKET,
    ParsedName,
    Piece,
    Source,
    calendar,
    forenames,
    initials,
    parse_name,
    stopwords,
    titles,
    without_dates,
    without_notes,
)
from analyser.rubrics.numbers import LEAST_TENS, RANGE_DASHES, ROMAN, Number, find_numbers, is_ordinal_text, ordinal_key
from analyser.rubrics.sides import SideNames, side_names
from analyser.rubrics.words import (
    COMMON_SIZE,
    POSSESSIVE,
    UNKNOWN_TIER,
    Word,
    confusable,
    family,
    find_words,
    fold,
    is_country,
    is_event,
    is_known_name,
    kin,
    load_cues,
    name_forms,
    same_kind,
    same_place,
    sound,
    stem,
    tier,
)

TermKind = Literal["name", "word", "number", "year", "side", "phrase"]

# Weight of a term by the SCOWL size of its word: the rarer a word, the more it tells (a coarse inverse frequency).
# Unit: arbitrary; range 0.5 to 3. Set on the drafts of five questions, checked on four others.
WEIGHT_BY_TIER: Mapping[int, float] = {10: 0.8, 20: 1.0, 35: 1.6, 50: 2.2, UNKNOWN_TIER: 3.0}
NAME_BONUS = 0.6  # added for an ordinary word that is written as a name
TITLE_WEIGHT = 0.5
FORENAME_WEIGHT = 0.8
SIDE_WEIGHT = 0.5
YEAR_WEIGHT = 0.8
UNIQUE_YEAR_WEIGHT, DISTINCT_YEAR_WEIGHT = 1.0, 1.6  # a year of one item only; where another item shares its words
MONTH_WEIGHT, DAY_WEIGHT = 1.2, 2.2  # a month or day of one item only
PHRASE_WEIGHT = 3.0
OWNER_WEIGHT, KNOWN_NAME_WEIGHT = 1.0, 2.2
SMALL_NUMBER_WEIGHT, NUMBER_WEIGHT, FIGURE_WEIGHT = 0.8, 2.0, 2.6
SMALL_NUMBER = 12
BEFORE_PLACES = frozenset("of at in to from on over against with".split())
VERSUS = frozenset(("v", "vs", "versus"))
SHARING_PENALTY = 0.7  # each further item with the same term divides its weight by 1 + this
QUESTION_FACTOR = 0.4  # a word of the question itself tells little
CONTEXT_FACTOR = 0.5  # words that only qualify a name
MAX_ITEMS_A_TERM = 12  # a term shared by more items than this is dropped, which bounds the work a draft takes
LASTING_KINDS = ("person", "organisation", "group", "place", "concept")  # what has a beginning rather than a date
MIN_ACRONYM = 3
MAX_OWNER_DISTANCE = 3  # words between a name and the side it is said to be of
LEAST_VARIANT = 0.5  # weight below which a variant says nothing
LEAST_WORDS = 2  # content words of a phrase that may also stand apart
LEAST_PHRASE = 4  # words of a phrase of ordinary words
FREQUENT = 10  # SCOWL size of the commonest words, which name nothing by themselves
FREQUENT_SIZE = 20  # SCOWL size up to which a word is too frequent to stand for a name by itself

# Quality (0 to 1) of a match between a draft's word and a term.
EXACT, INFLECTED, FAMILY, KIN, KIND, NEAR = 1.0, 1.0, 0.95, 0.85, 0.75, 0.55
# The same where one of the commonest words only shares the root ("person", personality). Set by hand, under KIND.
FREQUENT_KIN = 0.7
# Letters (1 and more) that a word loses in its stem when the stem may be another word's. Set by hand: inflections have
# up to three ("-ing"), while endings that make another word are longer ("-ality").
LEAST_ENDING = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a variant. ``is_core`` terms make up the whole; the others only add to a match."""

    text: str
    key: str
    kind: TermKind
    weight: float
    is_core: bool = True
    is_common: bool = False  # a name that is an ordinary English word too
    is_required: bool = False  # without it something else is named ("Second Five-Year Plan")
    is_owner: bool = False  # "Obama's" in "Obama's Libya campaign"
    is_author: bool = False  # "Locke's" in "Locke's Two Treatises": the owner of a work
    is_place: bool = False  # a well-known name behind a preposition: "Congress of Paris"
    is_surname: bool = (
        False  # a forename or title that stands behind a forename: "William Herbert", "Martin Luther King"
    )
    is_unique: bool = True  # no other item of the rubric has it
    owners: frozenset[int] = frozenset()  # the items of the rubric that have it
    is_key: bool = False  # rare enough, and this item's alone, to carry a mention by itself


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to name an item; ``source`` says where it comes from."""

    text: str
    source: Source
    terms: tuple[Term, ...]
    dates: tuple[Date, ...] = ()

    @property
    def total(self) -> float:
        return sum(t.weight for t in self.terms if t.is_core)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that belongs to an item, with the words beside it that say of what."""

    value: float
    unit: str
    text: str
    label: str = ""
    noun: str = ""  # stem of what is counted
    is_aside: bool = False  # in brackets


@dataclass(frozen=True, slots=True)
class ItemVariants:
    """What is known of one item: its variants, dates, figures and side ('' where the rubric does not tell)."""

    id: str
    name: str
    variants: tuple[Variant, ...]
    dates: tuple[Date, ...] = ()
    is_beginning: bool = False
    figures: tuple[Figure, ...] = ()
    side: SideKey | Literal["both", ""] = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """That a key of a draft may stand for term ``term`` of variant ``variant`` of item ``item``."""

    item: int
    variant: int
    term: int
    quality: float


@dataclass(frozen=True, eq=False)
class EvidenceLexicon:
    """The items with their variants, and an index from keys of a draft's words to their terms."""

    items: tuple[ItemVariants, ...]
    postings: Mapping[str, tuple[Posting, ...]]
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # sound -> rubric words
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # first word -> words of a phrase
    figures: tuple[float, ...] = ()  # the numbers of the rubric that a draft may round, sorted
    sides: SideNames | None = None
    side_names: Mapping[SideKey, str] = field(default_factory=dict)


def derive_variants(rubric: Rubric) -> EvidenceLexicon:
    """Derive the evidence lexicon of a rubric; the names alone are enough."""
    sides = side_names(rubric)
    common = _question_stems(rubric)
    drafts = [_item_pieces(item) for item in rubric.evidence]
    raw = [[row for piece in pieces for row in _readings(piece, sides)] for _, pieces in drafts]
    shared = _sharing(raw)
    owner_by_key = _plain_owners(raw, shared)
    items = []
    for index, (item, (parsed, _), variants) in enumerate(zip(rubric.evidence, drafts, raw, strict=True)):
        own = shared | {key: frozenset((index,)) for key, owner in owner_by_key.items() if owner == index}
        weighted = []
        seen = set()
        for piece, terms in variants:
            dates = _dates(item, piece.alternative)
            variant = Variant(piece.text, piece.source, _weigh(terms, own, common), dates)
            keys = frozenset((t.key, t.is_core) for t in variant.terms)
            is_forename = all(_is_forename(t) or t.key in titles() for t in variant.terms if t.is_core)
            if is_forename and piece.source == "part":
                continue
            is_letter = all(len(t.key.lstrip("#")) < 2 for t in variant.terms if t.is_core)
            if is_letter:
                continue
            if variant.total >= LEAST_VARIANT and keys not in seen:
                seen.add(keys)
                weighted.append(variant)
        items.append(
            ItemVariants(
                item.id,
                item.name,
                tuple(weighted),
                dates=_dates(item, item.name),
                is_beginning=parsed.is_beginning or item.kind in LASTING_KINDS,
                figures=_figures(item, parsed),
                side=_side(item),
            )
        )
    items = [replace(item, side=item.side or _derived_side(item, rubric, sides)) for item in items]
    names: dict[SideKey, str] = {"a": rubric.sides[0].name, "b": rubric.sides[1].name}
    return EvidenceLexicon(
        tuple(items), _index(items), _vocabulary(items), _phrases(items), _round_figures(items), sides, names
    )


# ---------------------------------------------------------------- pieces and terms


def _item_pieces(item: EvidenceItem) -> tuple[ParsedName, list[Piece]]:
    parsed = parse_name(item.name)
    pieces = list(parsed.pieces)
    for alias in item.aliases:
        pieces += [replace(p, source="alias") for p in parse_name(alias).pieces]
    for piece in list(pieces):
        bare = without_dates(piece.text)
        words = [w for w in find_words(bare) if w.key not in stopwords()]
        is_phrase = all(w.is_capital and w.key not in forenames() and w.key not in titles() for w in words)
        letters = initials(bare)
        if len(words) >= MIN_ACRONYM and is_phrase and not re.search(r"[\d,:]", bare):
            pieces.append(Piece(letters, "acronym", bare, piece.alternative))
    return parsed, pieces


def _readings(piece: Piece, sides: SideNames) -> list[tuple[Piece, list[Term]]]:
    """The terms of a piece; of a phrase also its words by themselves, since students tell it in other words."""
    terms = _terms(piece, sides)
    words = [t for t in terms if t.kind == "word" and not t.is_core]
    found = [(piece, terms)]
    if any(t.kind == "phrase" for t in terms) and len(words) >= LEAST_WORDS:
        found.append((piece, [replace(t, is_core=t.kind != "year") for t in terms if t.kind != "phrase"]))
    return found


def _terms(piece: Piece, sides: SideNames) -> list[Term]:
    """The unweighted terms of a piece; those of its context come last and are not core."""
    found = _text_terms(piece.text, sides, is_core=True)
    keys = {t.key for t in found}
    for term in _text_terms(piece.context, sides, is_core=False):
        if term.key not in keys:
            keys.add(term.key)
            found.append(term)
    return _phrase_terms(piece.text, found)


def _text_terms(text: str, sides: SideNames, *, is_core: bool) -> list[Term]:
    words = find_words(text)
    dates = find_dates(text)
    side_spans = sides.mentions(text)
    numbers = {n.first_word: n for n in find_numbers(text, words)}
    terms: list[Term] = []
    ends: set[int] = set()  # the last words of numbers
    index = 0
    while index < len(words):
        word = words[index]
        if any(d.start <= word.start < d.end for d in dates):
            index += 1
            continue
        if number := numbers.get(index):
            # Either end of a range will do.
            is_upper = bool(terms) and text[number.start - 1] in RANGE_DASHES and index - 1 in ends
            terms.append(Term(text[number.start : number.end], number.key, "number", 0.0, is_core and not is_upper))
            ends.add(number.last_word - 1)
            index = number.last_word
            continue
        side = next((key for start, end, key in side_spans if start <= word.start < end), None)
        if side is not None:
            terms.append(Term(side, f"side:{side}", "side", 0.0, is_core))
        elif _is_middle_initial(words, index):
            pass
        elif word.key not in stopwords() or (word.is_capital and len(words) == 1):
            terms.append(_word_term(text, words, index, is_core=is_core))
        index += 1
    # A date alone ("October 1917") is all there is to go by; elsewhere dates only add.
    is_only_date = is_core and not terms
    for date in dates:
        for year in list(date.years)[:3]:
            terms.append(Term(str(year), f"@{year}", "year", 0.0, is_only_date))
        if date.key:
            terms.append(Term(text[date.start : date.end], date.key, "year", 0.0, is_only_date))
    seen: set[str] = set()
    return [t for t in terms if not (t.key in seen or seen.add(t.key))]  # type: ignore[func-returns-value]


def _is_middle_initial(words: list[Word], index: int) -> bool:
    """Whether a word is the E of "Joseph E. Johnston", which hardly anybody writes."""
    around = words[index - 1 : index] + words[index + 1 : index + 2]
    return (
        len(words[index].key) == 1
        and words[index].is_capital
        and len(around) == 2
        and all(w.is_capital and len(w.key) > 1 for w in around)
    )


def is_day_key(key: str) -> bool:
    """Whether a date's key names a day: it tells as much as a name, while a year or month alone tells nothing."""
    return key.count("-") > 1


def phrase_key(words: tuple[str, ...]) -> str:
    """The key of words that must stand in this order."""
    return "~" + " ".join(words)


def _phrase_terms(text: str, terms: list[Term]) -> list[Term]:
    """Words so ordinary that only their order tells ("To be or not to be") make up one term."""
    words = tuple(w.key for w in find_words(without_dates(text)))
    is_ordinary = all(
        t.kind in ("word", "number") and _base_weight(t) <= WEIGHT_BY_TIER[20] for t in terms if t.is_core
    )
    is_letters = len(words) > 2 and all(len(t.key) == 1 for t in terms if t.is_core and t.kind in ("name", "word"))
    if not is_letters and (len(words) < LEAST_PHRASE or not is_ordinary):
        return terms
    return [Term(text, phrase_key(words), "phrase", 0.0), *(replace(t, is_core=False) for t in terms)]


def _word_term(text: str, words: list[Word], index: int, *, is_core: bool) -> Term:
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    is_first_of_prose = (
        index == 0
        and following is not None
        and not following.is_capital
        and following.key not in VERSUS
        and tier(word.key) <= COMMON_SIZE
        and not (POSSESSIVE.search(text[word.start : word.end]) and tier(word.key) > FREQUENT_SIZE)
    )
    is_name = word.is_capital and not is_first_of_prose
    is_owner = is_name and following is not None and bool(POSSESSIVE.search(text[word.start : word.end]))
    return Term(
        text[word.start : word.end],
        stem(word.key) if not is_name else word.key,
        "name" if is_name else "word",
        0.0,
        is_core,
        is_common=is_name and (tier(word.key) <= COMMON_SIZE or word.key in calendar()),
        is_owner=is_owner,
        is_author=is_owner and _is_work(words[index + 1 :]),
        is_place=is_name and is_known_name(word.key) and index > 0 and words[index - 1].key in BEFORE_PLACES,
        is_surname=is_name
        and (word.key in forenames() or word.key in titles())
        and index > 0
        and any(w.key in forenames() for w in words[max(0, index - 2) : index])
        and words[index - 1].is_capital
        and not (following is not None and (following.is_capital or following.key[:1].isdigit())),
    )


def _is_work(words: list[Word]) -> bool:
    """Whether what somebody has is called as works are: every word a name, and none says what happened or is law."""
    telling = [w for w in words if w.key not in stopwords()]
    return bool(telling) and all(w.is_capital and not is_event(w.key) for w in telling)


# ---------------------------------------------------------------- weights


def _sharing(raw: list[list[tuple[Piece, list[Term]]]]) -> dict[str, frozenset[int]]:
    """The items in which each term stands."""
    owners: dict[str, set[int]] = defaultdict(set)
    for index, variants in enumerate(raw):
        for key in {_sharing_key(t) for _, terms in variants for t in terms}:
            owners[key].add(index)
    return {key: frozenset(items) for key, items in owners.items()}


def _plain_owners(raw: list[list[tuple[Piece, list[Term]]]], shared: Mapping[str, frozenset[int]]) -> dict[str, int]:
    """The item that a name shared by several means by itself: the Glass-Steagall Act rather than its repeal.

    It is the only one with a variant that has, beside what it shares with the same items, nothing but names.
    """
    plain: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, set[str]] = defaultdict(set)
    for index, variants in enumerate(raw):
        for piece, terms in variants:
            for term in terms:
                spellings[_sharing_key(term)].add(fold(term.text))
            core = [t for t in terms if t.is_core]
            if piece.source not in ("name", "alias") or any(t.kind != "name" or t.is_owner for t in core):
                continue
            for key in {_sharing_key(t) for t in core if not _is_forename(t)}:
                if len(shared[key]) > 1:
                    plain[key].add(index)
    return {key: next(iter(items)) for key, items in plain.items() if len(items) == 1 == len(spellings[key])}


def _sharing_key(term: Term) -> str:
    return stem(term.key) if term.kind in ("name", "word") else term.key


def _question_stems(rubric: Rubric) -> frozenset[str]:
    text = " ".join([rubric.question, *(s.name + " " + s.frame for s in rubric.sides)])
    return frozenset(stem(w.key) for w in find_words(text))


def _weigh(terms: list[Term], shared: dict[str, frozenset[int]], common: frozenset[str]) -> tuple[Term, ...]:
    """Weigh the terms of a variant. ``shared`` maps a term to its items; ``common`` are the question's words."""
    terms = _regnal(terms, shared)
    has_rival = any(len(shared[_sharing_key(t)]) > 1 for t in terms if t.is_core and t.kind in ("name", "word"))
    weighted = []
    for term in terms:
        owners = shared[_sharing_key(term)]
        n_items = len(owners)
        if n_items > MAX_ITEMS_A_TERM and term.kind != "side":
            continue
        weight = _base_weight(term)
        is_question_word = term.kind in ("name", "word") and not common.isdisjoint(_close_keys(term))
        if term.kind == "year" and n_items == 1 and "-" in term.key:
            weight = DAY_WEIGHT if is_day_key(term.key) else MONTH_WEIGHT
        elif term.kind == "year" and n_items == 1:
            weight = DISTINCT_YEAR_WEIGHT if has_rival else UNIQUE_YEAR_WEIGHT
        elif term.kind != "side":
            weight /= 1 + SHARING_PENALTY * (n_items - 1)
        if is_question_word:
            weight *= QUESTION_FACTOR
        if not term.is_core and term.kind != "year":
            weight *= CONTEXT_FACTOR
        weighted.append(
            replace(
                term,
                weight=round(weight, 3),
                is_required=_is_required(term, terms),
                is_unique=n_items == 1,
                owners=owners if term.kind != "side" else frozenset(),
                is_key=n_items == 1 and not is_question_word and _is_telling(term, terms),
            )
        )
    has_name_key = any(t.is_key and t.kind == "name" for t in weighted)
    return tuple(replace(t, is_key=t.is_key and not (has_name_key and t.kind == "word")) for t in weighted)


def _regnal(terms: list[Term], shared: Mapping[str, frozenset[int]]) -> list[Term]:
    """The terms with a ruler's number left to choice where no other item has his name: "Louis" is Louis XVI."""
    found = list(terms)
    for index, (name, number) in enumerate(pairwise(terms)):
        is_ruler = name.kind == "name" and number.kind == "number" and ROMAN.fullmatch(number.text) is not None
        if is_ruler and _is_forename(name) and len(shared[_sharing_key(name)]) == 1:
            found[index : index + 2] = [replace(name, is_surname=True), replace(number, is_core=False)]
    return found


def _is_forename(term: Term) -> bool:
    return term.key in forenames() and not term.is_surname


def _is_title(term: Term) -> bool:
    return term.key in titles() and not term.is_surname


def _is_telling(term: Term, terms: list[Term]) -> bool:
    """Whether a term may carry a mention by itself: a rare word, a name that is no country, a large figure."""
    is_famous = is_known_name(term.key) or _tier(term) < UNKNOWN_TIER
    if term.kind == "year":
        return is_day_key(term.key)
    if not term.is_core or (term.is_owner and is_famous) or _is_title(term) or _is_forename(term):
        return False
    if term.kind == "phrase":
        return True
    if term.kind == "number":
        return _base_weight(term) >= FIGURE_WEIGHT
    if term.kind == "word":
        return _tier(term) > COMMON_SIZE
    if term.key in calendar():
        return False
    last_name = [t for t in terms if t.kind == "name" and t.is_core][-1:] == [term]
    return term.kind == "name" and last_name and _tier(term) > FREQUENT_SIZE and not is_country(term.key)


def _tier(term: Term) -> int:
    """How common the word of a term is, in the form the rubric uses or in the singular."""
    key = fold(term.text)
    return min(tier(key), tier(key.removesuffix("s")), tier(key.removesuffix("es")))


def _close_keys(term: Term) -> set[str]:
    key = fold(term.text)
    return {key, stem(key), *(stem(w) for w in kin(key)[0])}


def _is_required(term: Term, terms: list[Term]) -> bool:
    """Whether the term makes one name out of another: a compass point or an ordinal before a name."""
    if not term.is_core or term.kind not in ("name", "number"):
        return False
    if ROMAN.fullmatch(term.text):
        return False
    is_modifier = term.key in load_cues("event_words.toml")["modifiers"]["words"].split()
    is_ordinal = term.kind == "number" and is_ordinal_text(term.text) and term.text[:1].isupper() and len(terms) > 1
    return (is_modifier or is_ordinal) and any(t.kind == "name" for t in terms if t is not term)


def _base_weight(term: Term) -> float:
    if term.kind == "side":
        return SIDE_WEIGHT
    if term.kind == "phrase":
        return PHRASE_WEIGHT
    if term.kind == "year":
        return YEAR_WEIGHT
    if term.kind == "number":
        value = float(term.key[1:])
        is_figure = value >= 1000 or "." in term.text or re.search(r"[%£$€]|per cent|million|billion", term.text)
        return FIGURE_WEIGHT if is_figure else SMALL_NUMBER_WEIGHT if value <= SMALL_NUMBER else NUMBER_WEIGHT
    if term.key in titles() and not term.is_surname:
        return TITLE_WEIGHT
    if term.kind == "name" and _is_forename(term):
        return FORENAME_WEIGHT
    if term.key in calendar():
        return WEIGHT_BY_TIER[10] + NAME_BONUS
    if term.is_owner and (is_known_name(term.key) or _tier(term) < UNKNOWN_TIER):
        return OWNER_WEIGHT
    if term.kind == "name" and is_known_name(term.key):
        return KNOWN_NAME_WEIGHT
    return WEIGHT_BY_TIER[_tier(term)] + (NAME_BONUS if term.is_common else 0.0)


# ---------------------------------------------------------------- facts


def _dates(item: EvidenceItem, text: str) -> tuple[Date, ...]:
    """The rubric's date of an item, or the dates in the part of its name at hand."""
    stated = parse_rubric_date(item.date)
    return (stated,) if stated else tuple(find_dates(without_notes(text)))


def _figures(item: EvidenceItem, parsed: ParsedName) -> tuple[Figure, ...]:
    found = []
    for label, text in (*item.figures.items(), ("", item.name)):
        dates = find_dates(text)
        words = find_words(text)
        for number in find_numbers(text, words):
            if not any(d.start <= number.start < d.end for d in dates):
                noun = (counted_nouns(words, number) or [""])[-1]
                is_aside = any(m.start() < number.start < m.end() for m in BRACKET.finditer(text))
                found.append(Figure(number.value, number.unit, text[number.start : number.end], label, noun, is_aside))
    return tuple(found)


def counted_nouns(words: Sequence[Word], number: Number) -> list[str]:
    """Stems of the words right after a number that may say what it counts; none where another number follows."""
    found = []
    for word in words[number.last_word : number.last_word + 3]:
        if not word.key.isalpha():
            break
        if word.key not in stopwords():
            found.append(stem(word.key))
    return found[:2]


def _side(item: EvidenceItem) -> SideKey | Literal["both", ""]:
    return "" if item.side == "none" else item.side


def _derived_side(item: ItemVariants, rubric: Rubric, sides: SideNames) -> SideKey | Literal[""]:
    """The side an item certainly belongs to: in its name, in the points beside it, or the only one of its time."""
    named = {key for _, _, key in sides.mentions(item.name)}
    if len(named) == 1:
        return next(iter(named))
    if named:
        return ""
    beside = {key for point in rubric.points for key in _sides_beside(item, point.statement, sides)}
    if beside:
        return next(iter(beside)) if len(beside) == 1 else ""
    of_time = {sides.side_of_year(year) for date in item.dates for year in date.years}
    only = next(iter(of_time)) if len(of_time) == 1 else None
    return only or ""


def _sides_beside(item: ItemVariants, statement: str, sides: SideNames) -> set[SideKey]:
    """The sides of the clauses of a statement that name the item; both where a clause says "both" or leaves it open."""
    found: set[SideKey] = set()
    for clause in re.split(r"[,;:()]|\b(?:whereas|while|unlike|but|and)\b", statement):
        words = find_words(clause)
        places = [_places(variant, words) for variant in item.variants]
        named = [p for p in places if p]
        if not named:
            continue
        mentions = sides.mentions(clause)
        keys = {key for _, _, key in mentions}
        if len(keys) > 1:
            keys = _owners(clause, words, named[0], mentions) or keys
        found |= keys
        if any(w.key == "both" for w in words):
            found |= {"a", "b"}
    return found


def _places(variant: Variant, words: list[Word]) -> list[int]:
    """Where all core terms of a variant stand among words, years apart; empty where one is lacking."""
    places = []
    for term in variant.terms:
        if term.is_core and term.kind not in ("year", "number", "phrase"):
            keys = term_keys(term)
            place = next((i for i, w in enumerate(words) if w.key in keys or stem(w.key) in keys), None)
            if place is None:
                return []
            places.append(place)
    return places


def names_exactly(variant: Variant, words: list[Word]) -> bool:
    """Whether words hold all core terms of a variant and nothing else that tells."""
    if not words or not _places(variant, words):
        return False
    keys = {key for term in variant.terms for key in term_keys(term)}
    return all(w.key in stopwords() or w.key in keys or stem(w.key) in keys for w in words)


def _owners(
    clause: str, words: list[Word], places: list[int], mentions: list[tuple[int, int, SideKey]]
) -> set[SideKey]:
    """The side right before a name ("Lenin's labour camps") or right after it ("the gulag system under Stalin")."""
    first, last = words[min(places)], words[max(places)]
    for start, end, key in mentions:
        if end <= first.start and len(find_words(clause, end, first.start)) <= 1:
            return {key}
        between = [w.key for w in find_words(clause, last.end, start)] if start >= last.end else []
        if between and len(between) <= MAX_OWNER_DISTANCE and between[-1] in ("under", "of", "by"):
            return {key}
    return set()


# ---------------------------------------------------------------- the index


def term_keys(term: Term) -> dict[str, float]:
    """The keys under which a draft's word may stand for a term, each with the quality of the match.

    A function word stands for nothing but itself: "in 1960" names no "sit-ins", "you will" no Willis.
    """
    own, function = fold(term.text), _function_words()
    return {key: quality for key, quality in _all_keys(term).items() if key == own or key not in function}


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(load_cues("classes.toml")["function"]["words"].split())


def _all_keys(term: Term) -> dict[str, float]:
    if term.kind == "number":
        is_ordinal = bool(ROMAN.fullmatch(term.text)) or is_ordinal_text(term.text)
        keys = {ordinal_key(term.key): EXACT} if is_ordinal else {term.key: EXACT}
        # "World War 2" is the Second, but "two years" are no second ones.
        return keys | {term.key: EXACT} if ROMAN.fullmatch(term.text) else keys
    if term.kind in ("year", "side", "phrase"):
        return {term.key: EXACT}
    key = fold(term.text)
    keys = {key: EXACT}
    keys.setdefault(stem(key), INFLECTED if not _is_overstemmed(key) else FREQUENT_KIN)
    if re.fullmatch(r"[A-Z]{2,}s", term.text):
        keys[key[:-1]] = EXACT
    if len(key) < 3 or term.key in titles():
        return keys
    for word in (*same_place(key), *confusable(key)):
        keys.setdefault(stem(word), FAMILY)
    if re.fullmatch(r"[A-Z]{4,}", term.text):
        return keys
    if term.kind == "name" and not term.is_common:
        for form in (*name_forms(key), *forenames().get(key, ())):
            keys.setdefault(form, FAMILY)
        for word in kin(key)[0]:
            keys.setdefault(stem(word), KIN)
        return keys
    if tier(key) > COMMON_SIZE:
        keys.setdefault(family(key), FAMILY)
    derived, near = kin(key)
    for word in derived:
        keys.setdefault(stem(word), KIN)
    if term.kind == "word":
        for word in same_kind(key):
            keys.setdefault(word if "_" in word else stem(word), KIND)
        for word in near:
            keys.setdefault(stem(word), NEAR)
    return keys


def _is_overstemmed(key: str) -> bool:
    """Whether the stem of a word is another word, one of the commonest: person is no personality."""
    return len(key) - len(stem(key)) >= LEAST_ENDING and tier(stem(key)) <= FREQUENT


def _index(items: list[ItemVariants]) -> dict[str, tuple[Posting, ...]]:
    index: dict[str, list[Posting]] = defaultdict(list)
    for i, item in enumerate(items):
        for v, variant in enumerate(item.variants):
            for t, term in enumerate(variant.terms):
                for key, quality in term_keys(term).items():
                    index[key].append(Posting(i, v, t, quality))
    return {key: tuple(found) for key, found in index.items()}


def _phrases(items: list[ItemVariants]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for item in items:
        for variant in item.variants:
            for term in variant.terms:
                if term.kind == "phrase":
                    words = tuple(term.key[1:].split(" "))
                    found[words[0]].add(words)
    return {first: tuple(sorted(phrases)) for first, phrases in found.items()}


def _round_figures(items: list[ItemVariants]) -> tuple[float, ...]:
    values = {float(t.key[1:]) for i in items for v in i.variants for t in v.terms if t.kind == "number"}
    return tuple(sorted(v for v in values if v >= LEAST_TENS))


def _vocabulary(items: list[ItemVariants]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for variant in item.variants:
            for term in variant.terms:
                if term.kind in ("name", "word"):
                    for key in {fold(term.text), stem(fold(term.text))}:
                        found[sound(key)].add(key)
    return {s: tuple(sorted(words)) for s, words in found.items()}
