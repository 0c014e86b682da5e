"""Named evidence: who and what a model answer names, with kind, side, date, figures and aliases.

Candidates are names (runs of capitalised words, with the common noun that carries them: "the council at Ludlow"),
quoted words, figures with what they count, rare words of the subject ("plebiscites"), and the examples that "such as"
and its kin announce. A name of a side, of the question or of the essay itself is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from analyser.drafting.cue_groups import cue_spans
from analyser.records import EvidenceItem, ParsedEssay, Rubric, Span
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.names import calendar, forenames, stopwords, titles
from analyser.rubrics.sides import SideNames
from analyser.rubrics.words import (
    COMMON_SIZE,
    find_words,
    fold,
    is_country,
    is_known_name,
    load_cues,
    same_place,
    stem,
    tier,
)

FILE = "drafting_evidence.toml"
# SCOWL size from which a common noun is rare enough to be a term of the subject.
RARE_TIER = 50
# Words before a name that its common noun may stand away ("the council at Ludlow").
MAX_NAME_WORDS = 8
# Characters between a name and the date that is its own: "Thatcher found in November 1990".
MAX_DATE_DISTANCE = 45
# Words before a date that opens its sentence: "For example, in 1934 ...".
MAX_OPENING_WORDS = 4
QUOTED = re.compile(r"[‘“\"'](?=\S)([^‘’“”\"'\n]{3,60})(?<=\S)[’”\"'](?!\w)")
NUMBER = r"\d(?:[\d,]*\d)?(?:\.\d+)?"
COUNTED = re.compile(
    rf"(?:[£$€]\s?)?{NUMBER}(?:\s?(?:%|per cent|million|billion|thousand))?"
    rf"(?:\s+(?:of|to|out of)\s+{NUMBER})?(?:\s?(?:%|per cent))?"
)
DATES_IN_BRACKETS = re.compile(
    r"\((?:[A-Z][a-z]+ )?\d{4}(?:[-–]\d{2,4})?(?:(?:,| and|, and) (?:[A-Z][a-z]+ )?\d{4})*\)"
)
IN_BRACKETS = re.compile(r"\(([^()]{3,60})\)")
# Kinds of noun that make a term of the subject with the word before them.
COMPOUND_KINDS = ("place", "organisation", "event", "concept", "work")
MAX_DATED_WORDS, MAX_PHRASE_WORDS = 6, 4
# Endings of nouns for people who do a thing, and what is left when they are taken off.
DERIVED = (
    (r"(?:ists?|ers?|ors?|isms?)$", ""),
    (r"(?:ists?|ers?|ors?)$", "e"),
    (r"s$", ""),
    (r"ers?$", "ing"),
    (r"ness$", ""),
    (r"less$", ""),
    (r"^un", ""),
    (r"(?:a|i)bility$", "able"),
)
Kind = Literal[
    "person",
    "organisation",
    "event",
    "place",
    "group",
    "statistic",
    "date",
    "work",
    "quotation",
    "concept",
    "source",
    "",
]
OwnSide = Literal["a", "b", "both", "none"]


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """A piece of evidence as it stands in the text."""

    text: str
    kind: Kind = ""
    date: Date | None = None
    side: OwnSide = "none"
    sentence_index: int = 0
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class DraftedEvidence:
    """An item with where it stands."""

    item: EvidenceItem
    mentions: tuple[Mention, ...] = field(default=())

    @property
    def is_doubtful(self) -> bool:
        return all(m.is_doubtful for m in self.mentions)


def find_evidence(
    parsed: ParsedEssay, places: Sequence[Span], names: SideNames, rubric: Rubric
) -> list[DraftedEvidence]:
    """The evidence named in these stretches of the text, in reading order, with ids E01, E02, ..."""
    finder = _Finder(parsed, names, rubric)
    mentions = [m for place in places for m in finder.find(place)]
    return _merged(mentions)


class _Finder:
    def __init__(self, parsed: ParsedEssay, names: SideNames, rubric: Rubric):
        self.parsed, self.text, self.names, self.rubric = parsed, parsed.essay.text, names, rubric
        self.tokens = [t for t in parsed.doc if not t.is_space]
        self.question = frozenset(stem(w.key) for w in find_words(rubric.question))
        self.side_words = frozenset(w.key for s in rubric.sides for n in (s.name, *s.aliases) for w in find_words(n))
        self.common = frozenset(re.findall(r"(?<!\w)[a-z]{2,}(?!\w)", self.text))

    def find(self, place: Span) -> Iterator[Mention]:
        tokens = [t for t in self.tokens if place.start <= t.idx < place.end]
        taken: list[Span] = []
        for found in (
            self._quotations(place),
            self._names(tokens),
            self._figures(place),
            self._dated(place, tokens),
            self._bracketed(place, tokens),
            self._examples(place, tokens),
            self._of_terms(tokens),
            self._compounds(tokens),
            self._terms(tokens),
        ):
            for mention in found:
                if not any(mention.overlaps(t) for t in taken):
                    taken.append(mention)
                    if (told := self._told(mention, place)) is not None:
                        yield told

    # ------------------------------------------------------------ candidates

    def _quotations(self, place: Span) -> Iterator[Mention]:
        """Quoted words that name something: 'blood and iron', 'sofa government'; scare quotes on one word do not."""
        for match in QUOTED.finditer(self.text, place.start, place.end):
            words = match[1].split()
            if len(words) < 2 or (match[1].rstrip()[-1:] in ".?!" and len(words) > 8):
                if len(words) == 1 and match[1][0].isupper() and not self._is_side(match[1]):
                    yield Mention(match.start(1), match.end(1), match[1], "quotation")
                continue
            if all(stem(fold(w)) in self.question for w in words):
                continue
            end = match.end()
            following = re.match(r"\s+([a-z]+)", self.text[end : end + 24])
            name = match[1]
            if following and kind_of_noun(following[1]) in ("event", "work", "concept"):
                name, end = f"{match[1]} {following[1]}", end + following.end()
            yield Mention(match.start(), end, name, "quotation")

    def _names(self, tokens: Sequence[Any]) -> Iterator[Mention]:
        k = 0
        while k < len(tokens):
            if not self._starts_name(tokens, k):
                k += 1
                continue
            stop = self._name_end(tokens, k)
            start = self._name_start(tokens, k, stop)
            words = tokens[start:stop]
            text = self.text[words[0].idx : words[-1].idx + len(words[-1])]
            k = stop
            text = re.sub(r"(?:['’]s|(?<=s)['’])$", "", text).strip(" ,.;:'’‘“”\"")
            text = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.I)
            if self._is_named_evidence(text):
                yield Mention(words[0].idx, words[-1].idx + len(words[-1]), text)

    def _starts_name(self, tokens: Sequence[Any], k: int) -> bool:
        token = tokens[k]
        if not token.text[:1].isupper() or not token.text[:1].isalpha():
            return False
        is_name_tag = token.tag_ in ("NNP", "NNPS") or (token.text.isupper() and len(token.text) > 1)
        is_first = k == 0 or tokens[k - 1].text in (".", ":", "?", "!") or token.is_sent_start
        if is_first and token.lower_ in self.common and tier(token.lower_) <= RARE_TIER:
            return k + 1 < len(tokens) and tokens[k + 1].text[:1].isupper() and is_name_tag
        if is_first:
            key = fold(token.text)
            next_capital = k + 1 < len(tokens) and tokens[k + 1].text[:1].isupper()
            is_plain = tier(key) <= COMMON_SIZE and not is_known_name(key) and not next_capital
            return (is_name_tag and not is_plain) or tier(key) > RARE_TIER or is_known_name(key)
        return is_name_tag or (token.text[:1].isupper() and token.text != "I")

    def _name_end(self, tokens: Sequence[Any], k: int) -> int:
        stop = k + 1
        while stop < len(tokens) and stop - k < MAX_NAME_WORDS:
            token = tokens[stop]
            after = tokens[stop + 1] if stop + 1 < len(tokens) else None
            is_capital = (token.text[:1].isupper() and token.text[:1].isalpha()) or re.fullmatch(r"[IVX]+", token.text)
            if (
                is_capital
                or (token.tag_ == "HYPH" and after is not None)
                or (
                    token.text in ("’s", "'s", "’", "'")
                    and after is not None
                    and after.text[:1].isupper()
                    and stop - k == 1
                    and not self._is_side(tokens[k].text)
                )
            ):
                stop += 1
            elif token.lower_ == "of" and after is not None and self._is_capital_after(tokens, stop):
                stop += 2 if after.lower_ != "the" else 3
            elif token.text == "-" and after is not None and after.text[:1].isalnum():
                stop += 2
            elif kind_of_noun(token.lower_) and token.tag_ in ("NN", "NNS") and stop - k <= 3:
                stop += 1
                break
            else:
                break
        return stop

    def _is_capital_after(self, tokens: Sequence[Any], stop: int) -> bool:
        after = tokens[stop + 1]
        if after.lower_ == "the" and stop + 2 < len(tokens):
            after = tokens[stop + 2]
        return (
            after.text[:1].isupper()
            and after.text[:1].isalpha()
            and not find_dates(after.text)
            and fold(after.text) not in calendar()
        )

    def _name_start(self, tokens: Sequence[Any], k: int, stop: int) -> int:
        """Back to a common noun that carries the name: "the trial of ...", "council at Ludlow", "orthodox church"."""
        if fold(tokens[k].text) in calendar():
            return k
        if (
            k >= 2
            and tokens[k - 1].lower_ in ("of", "at", "over", "on")
            and kind_of_noun(tokens[k - 2].lower_) in ("event", "organisation", "work")
        ):
            return k - 2
        if (
            k >= 3
            and tokens[k - 1].lower_ == "the"
            and tokens[k - 2].lower_ in ("of", "over", "on", "against")
            and kind_of_noun(tokens[k - 3].lower_) in ("event", "organisation", "work")
        ):
            return k - 3
        return k

    def _is_named_evidence(self, text: str) -> bool:
        words = [w for w in find_words(text) if w.key]
        if not words:
            return False
        content = [w for w in words if w.key not in general_words() and not w.key.isdigit()]
        if not content or all(w.key in self.side_words for w in content):
            return False
        named = self.names.mentions(text)
        if named and all(kind_of_noun(w.key) == "group" or any(a <= w.start < b for a, b, _ in named) for w in content):
            return False  # "Athenian women": the people of a side
        if len(content) == 1:
            key = content[0].key
            if key in calendar() or key in titles():
                return False
            if stem(key) in self.question and not text[:1].isupper():
                return False
        return not self._is_side(text)

    def _is_side(self, text: str) -> bool:
        mentions = self.names.mentions(text)
        return bool(mentions) and mentions[0][0] == 0 and mentions[0][1] >= len(text) - 2

    def _figures(self, place: Span) -> Iterator[Mention]:
        """Figures with what they count."""
        dates = find_dates(self.text, place.start, place.end)
        for match in COUNTED.finditer(self.text, place.start, place.end):
            if any(d.start <= match.start() < d.end or d.start < match.end() <= d.end for d in dates):
                continue
            if self.text[match.start() - 1 : match.start()].isalnum() or self.text[match.end() : match.end() + 2] in (
                "th",
                "st",
                "nd",
                "rd",
            ):
                continue
            value = re.sub(r"\D", "", match[0])
            before = self.text[max(place.start, match.start() - 30) : match.start()]
            if len(value) < 2 and not re.search(r"%|per cent|million|[£$€]", match[0]):
                continue
            if re.search(
                r"\b(?:article|chapter|part|section|clause|act|scene|book|page|line|no\.?|number)\b(?:\s+of)?(?:\s+the)?\s*$",
                before,
                re.I,
            ):
                word = re.search(r"(\w+)(?:\s+of)?(?:\s+the)?\s*$", before, re.I)
                assert word is not None
                yield Mention(
                    match.start() - len(before) + word.start(),
                    match.end(),
                    self.text[match.start() - len(before) + word.start() : match.end()],
                )
                continue
            noun = re.match(r"\s+((?:[a-z-]+\s+){0,2}?[a-z-]{3,})\b", self.text[match.end() : match.end() + 40])
            end = match.end() + (noun.end() if noun else 0)
            yield Mention(match.start(), end, self.text[match.start() : end].strip(), "statistic")

    def _terms(self, tokens: Sequence[Any]) -> Iterator[Mention]:
        """Rare common nouns, and nouns that "such as" announces."""
        for token in tokens:
            if not token.tag_.startswith("NN") or token.text[:1].isupper() or len(token.text) < 4:
                continue
            key = fold(token.text)
            if not key.isalpha() or stem(key) in self.question or key in self.side_words or key in general_words():
                continue
            if tier(key) < RARE_TIER and tier(fold(token.lemma_)) < RARE_TIER and kind_of_noun(key) != "group":
                continue
            if self._is_derived(key):
                continue
            yield Mention(token.idx, token.idx + len(token), token.text, "concept", is_doubtful=True)

    def _is_derived(self, key: str) -> bool:
        """A word made of a common one ("oppositionists", "improvisers"): of the argument rather than the subject."""
        bases = {re.sub(pattern, end, key) for pattern, end in DERIVED}
        return any(b != key and tier(b) <= COMMON_SIZE for b in bases)

    def _dated(self, place: Span, tokens: Sequence[Any]) -> Iterator[Mention]:
        """What happened at dates in brackets: "legislated against retaining (1468 and 1504)"."""
        for match in DATES_IN_BRACKETS.finditer(self.text, place.start, place.end):
            before = [t for t in tokens if t.idx < match.start()][-MAX_DATED_WORDS:]
            verb = next((k for k in range(len(before) - 1, -1, -1) if before[k].tag_.startswith("VB")), None)
            while verb is not None and verb > 0 and before[verb].tag_ == "VBG":
                verb = next((k for k in range(verb - 1, -1, -1) if before[k].tag_.startswith("VB")), None)
            if verb is None or any(t.text in ",;:" for t in before[verb:]):
                continue
            yield Mention(
                before[verb].idx, match.end(), self.text[before[verb].idx : match.end()], "event", is_doubtful=True
            )

    def _bracketed(self, place: Span, tokens: Sequence[Any]) -> Iterator[Mention]:
        """A noun phrase in brackets: "(sliding window)"."""
        for match in IN_BRACKETS.finditer(self.text, place.start, place.end):
            for piece in re.finditer(r"[^,;]+", match[1]):
                start, end = match.start(1) + piece.start(), match.start(1) + piece.end()
                inside = [t for t in tokens if start <= t.idx < end]
                is_phrase = bool(inside) and inside[-1].tag_.startswith("NN") and len(inside) <= MAX_PHRASE_WORDS
                if is_phrase and not any(t.tag_.startswith("VB") or t.tag_ in ("MD", "IN", "WRB") for t in inside):
                    text = re.sub(r"^(?:the|an?|e\.g\.)\s+", "", piece[0].strip())
                    if not self._is_side(text) and not find_dates(text):
                        yield Mention(start, end, text, is_doubtful=True)

    def _examples(self, place: Span, tokens: Sequence[Any]) -> Iterator[Mention]:
        """The noun phrases that "such as" and "for example" announce."""
        for _, end in cue_spans(self.text[place.start : place.end], "listed"):
            stop = re.compile(r"[;:.()]|,\s+(?:and\s+)?(?:which|who|whose|but|while|whereas)\b").search(
                self.text, place.start + end, place.end
            )
            tail = Span(place.start + end, stop.start() if stop else place.end)
            for piece in re.finditer(r"(?:(?!,|\band\b|\bor\b).)+", self.text[tail.start : tail.end]):
                start = tail.start + piece.start() + len(piece[0]) - len(piece[0].lstrip())
                finish = tail.start + piece.end() - (len(piece[0]) - len(piece[0].rstrip()))
                inside = [t for t in tokens if start <= t.idx < finish]
                if not inside or len(inside) > MAX_PHRASE_WORDS or any(t.tag_[:2] in ("VB", "MD") for t in inside[1:]):
                    break
                if inside[-1].tag_.startswith("NN") and not self._is_side(self.text[start:finish]):
                    text = re.sub(r"^(?:the|an?|in|at|by|with|on)\s+", "", self.text[start:finish])
                    if stem(fold(text.split()[-1])) not in self.question:
                        yield Mention(start, finish, text, is_doubtful=True)

    def _of_terms(self, tokens: Sequence[Any]) -> Iterator[Mention]:
        """ "the doctrine of the mean", "weakness of will"."""
        heads = frozenset(load_cues(FILE)["of_terms"]["words"].split())
        for k in range(len(tokens) - 2):
            if tokens[k].lower_ not in heads or tokens[k + 1].lower_ != "of":
                continue
            last = k + 3 if tokens[k + 2].lower_ == "the" and k + 3 < len(tokens) else k + 2
            if tokens[last].tag_ in ("NN", "NNS") and stem(fold(tokens[last].text)) not in self.question:
                end = tokens[last].idx + len(tokens[last])
                yield Mention(tokens[k].idx, end, self.text[tokens[k].idx : end], "concept", is_doubtful=True)

    def _compounds(self, tokens: Sequence[Any]) -> Iterator[Mention]:
        """Two or three nouns that name a thing of the subject: "labour camps", "collective responsibility"."""
        for k in range(1, len(tokens)):
            head = tokens[k]
            kind = kind_of_noun(head.lower_)
            following = tokens[k + 1] if k + 1 < len(tokens) else None
            if kind not in COMPOUND_KINDS or not head.tag_.startswith("NN") or head.text[:1].isupper():
                continue
            if following is not None and following.tag_.startswith("NN"):
                continue
            modifier = tokens[k - 1]
            key = fold(modifier.text)
            if (
                modifier.tag_ not in ("NN", "JJ", "NNS")
                or modifier.text[:1].isupper()
                or modifier.lower_ in plain_modifiers()
            ):
                continue
            if stem(key) in self.question or key in self.side_words or key in general_words():
                continue
            start, end = modifier.idx, head.idx + len(head)
            yield Mention(start, end, self.text[start:end], kind, is_doubtful=True)

    # ------------------------------------------------------------ what is known of it

    def _told(self, mention: Mention, place: Span) -> Mention | None:
        """The mention with its date, kind and side; None for a country told of without a date."""
        date = self._date(mention, place)
        keys = [w.key for w in find_words(mention.text)]
        if len(keys) == 1 and date is None and same_place(keys[0]) and not mention.kind:
            return None
        return replace(
            mention,
            kind=mention.kind or self._kind(mention, date),
            date=date,
            side=self._side(mention),
            sentence_index=self.parsed.sentence_at(mention.start) or 0,
        )

    def _date(self, mention: Mention, place: Span) -> Date | None:
        """The date of the clause nearest after the name, or before it; None where another name is nearer."""
        own = find_dates(self.text, mention.start, mention.end)
        if own:
            return own[0]
        best: tuple[int, Date] | None = None
        for date in find_dates(self.text, place.start, place.end):
            is_after = date.start >= mention.end
            between = self.text[mention.end : date.start] if is_after else self.text[date.end : mention.start]
            if len(between) > MAX_DATE_DISTANCE or re.search(r"[;:.]|, (?:and|but|while|whereas)\b|\band\b", between):
                continue
            bare = self._without_sides(between)
            if is_after and "(" not in between and re.search(r"\b[A-Z][a-z]{2,}", bare):
                continue
            lead = self.text[place.start : date.start]
            is_opening = len(lead.split()) <= MAX_OPENING_WORDS or re.search(r"[;:]\s+(?:in\s+)?$", lead) is not None
            if not is_after and (not is_opening or re.search(r"[A-Z]|,.*,", bare)) and len(between) > 2:
                continue
            distance = len(between) + (0 if is_after else 20)
            if best is None or distance < best[0]:
                best = (distance, date)
        return best[1] if best else None

    def _without_sides(self, text: str) -> str:
        for start, end, _ in reversed(self.names.mentions(text)):
            text = text[:start] + text[end:]
        return text

    def _kind(self, mention: Mention, date: Date | None) -> Kind:
        words = find_words(mention.text)
        for word in reversed(words):
            if found := kind_of_noun(word.key):
                if found == "person" and len(words) < 2:
                    continue
                return found
        keys = [w.key for w in words]
        if any(k in titles() for k in keys) or (keys and keys[0] in forenames()):
            return "person"
        if len(mention.text) > 1 and mention.text.isupper():
            return "organisation"
        before = self.text[max(0, mention.start - 6) : mention.start].lower()
        if (keys and is_country(keys[-1])) or re.search(r"\b(?:in|at)\s+$", before):
            return "place"
        return "person" if len(words) <= 3 and all(w.is_capital for w in words) else ""

    def _side(self, mention: Mention) -> OwnSide:
        """Whose it is: the side of its clause, the side that owns it, or both where the clause is about the pair."""
        nearby = self.names.mentions(self.text, max(0, mention.start - 24), min(len(self.text), mention.end + 14))
        owners = {
            key
            for start, end, key in nearby
            if re.fullmatch(r"['’]s?\s+(?:\w+\s+)?", self.text[end : mention.start])
            or re.fullmatch(r"\s+(?:under|of)\s+", self.text[mention.end : start])
        }
        if len(owners) == 1:
            return next(iter(owners))
        unit = next((u for u in self.parsed.units if u.start <= mention.start < u.end), None)
        named = {key for _, _, key in self.names.mentions(self.text, unit.start, unit.end)} if unit else set()
        if len(named) == 1:
            return next(iter(named))
        if unit is not None and len(unit.sides) == 1:
            return next(iter(unit.sides))
        return "none"


# ---------------------------------------------------------------- words


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind]:
    data = load_cues(FILE)
    groups = ("event", "organisation", "group", "place", "work", "concept", "person")
    return {word: group for group in reversed(groups) for word in data[group]["words"].split()}  # type: ignore[misc]


def kind_of_noun(word: str) -> Kind:
    """The kind of evidence that a common noun names; '' for any other word."""
    key = fold(word)
    return _kinds().get(key) or _kinds().get(key.removesuffix("s"), "")


@lru_cache(maxsize=1)
def plain_modifiers() -> frozenset[str]:
    return frozenset(load_cues(FILE)["plain_modifiers"]["words"].split())


@lru_cache(maxsize=1)
def general_words() -> frozenset[str]:
    return frozenset(load_cues(FILE)["not_evidence"]["words"].split()) | stopwords()


# ---------------------------------------------------------------- items


def _merged(mentions: Sequence[Mention]) -> list[DraftedEvidence]:
    """One item a thing: mentions that share their telling words are one."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        keys = _keys(mention)
        for group in groups:
            if any(_is_same(keys, _keys(m)) for m in group):
                group.append(mention)
                break
        else:
            groups.append([mention])
    items = []
    for number, group in enumerate(groups, start=1):
        items.append(DraftedEvidence(_item(f"E{number:02d}", group), tuple(group)))
    return items


def _keys(mention: Mention) -> frozenset[str]:
    return frozenset(
        stem(w.key) for w in find_words(mention.text) if w.key not in general_words() and w.key not in titles()
    )


def _is_same(a: frozenset[str], b: frozenset[str]) -> bool:
    if not a or not b:
        return False
    small, large = sorted((a, b), key=len)
    return small == large or (small < large and any(tier(k) > RARE_TIER or is_known_name(k) for k in small))


def _item(item_id: str, group: Sequence[Mention]) -> EvidenceItem:
    fullest = max(group, key=lambda m: (len(m.text.split()), -m.start))
    date = next((m.date for m in group if m.date is not None), None)
    others = dict.fromkeys(m.text for m in group if m.text.casefold() != fullest.text.casefold())
    side: OwnSide = next((m.side for m in group if m.side != "none"), "none")
    if {"a", "b"} <= {m.side for m in group}:
        side = "both"
    kind = next((m.kind for m in (fullest, *group) if m.kind), "")
    figures = {}
    if kind == "statistic":
        match = COUNTED.match(fullest.text)
        if match:
            figures = {fullest.text[match.end() :].strip() or "figure": match[0].strip()}
    return EvidenceItem(item_id, fullest.text, kind, tuple(others), side, rubric_date(date), figures)


def rubric_date(date: Date | None) -> str:
    """A date in the form of the rubric file."""
    if date is None:
        return ""
    year, month, day = date.first
    if date.precision == "day":
        return f"{year}-{month:02d}-{day:02d}"
    if date.precision == "month":
        return f"{year}-{month:02d}"
    last = date.last[0]
    return str(year) if last == year else f"{year}/{last}"
