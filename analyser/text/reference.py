"""Which of the two compared sides each clause is about: names, pronouns, "both", "the latter", the topic carried on.

A clause gets a side it names; one it points back to with a pronoun, where nobody else can be meant; both sides for
"both", "neither", "the two"; and, where it points to nobody, the side that the paragraph has been about up to here.
Wherever two readings are open, none is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from analyser.records import SideKey
from analyser.rubrics.dates import find_dates
from analyser.rubrics.sides import SideNames
from analyser.rubrics.words import fold, is_english, is_known_name, load_cues, same_place
from analyser.text.clauses import SUBJECTS, words_of

BOTH: frozenset[SideKey] = frozenset(("a", "b"))
NONE: frozenset[SideKey] = frozenset()
FORMER = re.compile(r"(?<!\w)the\s+(former|latter)(?!\w)", re.I)
OTHER = re.compile(
    r"(?<!\w)the\s+other(?:\s+(?:one|man|king|leader|side|country|was|did|had|is|does|has|would))(?!\w)", re.I
)
BOTH_WORD = re.compile(r"(?<!\w)both(?!\w)", re.I)
ALIKE = re.compile(
    r"(?<!\w)(?:are|were|is|was|be|both|so|very|much|more|less|most|quite|not|n['’]?t|really)\s+alike(?!\w)", re.I
)
TWO = re.compile(r"(?<!\w)(?:the|these)\s+two(?!\w)", re.I)
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
JOINED = re.compile(r"(?:['’]s?)?\s*(?:,|and|or|nor|&|,\s*and)\s*(?:(?:the|also|in|of)\s+)*", re.I)
# Words within which "and" after "both" joins two other things ("both the Left and the Right").
MAX_BOTH_AND = 6
# A name counts as the subject of its clause, where there is no parse, within so many words of its start.
MAX_SUBJECT_WORDS = 4
# Clauses over which a side stays the topic of a paragraph without being named or pointed to again.
MAX_CARRIED = 4
# Clauses at the start of a paragraph in which "they" without any antecedent are the two compared.
MAX_OPENING = 2


@dataclass(slots=True)
class State:
    """What the clauses of a paragraph so far leave to point back to."""

    topic: SideKey | None = None  # the last side spoken of alone, or as the subject
    order: tuple[SideKey, ...] = ()  # the sides in the order last named together
    plural: frozenset[SideKey] = NONE  # whom "they" can mean
    subject: frozenset[SideKey] = NONE  # the subject's side in the clause before
    n_carried: int = 0  # clauses since the topic was named or pointed to
    has_rival: bool = False  # somebody else has been the subject since
    n_clauses: int = 0  # of the paragraph so far
    is_alternating: bool = False  # the topic was just set against the other side, so either may come next


class SideReader:
    """Reads the clauses of one draft in order."""

    def __init__(self, text: str, doc: Any, names: SideNames):
        self.text, self.names = text, names
        self.has_parse = bool(doc.has_annotation("DEP"))
        self.tokens = [t for t in doc if not t.is_space]
        self.starts = [t.idx for t in self.tokens]
        self.mentions = names.mentions(text)
        self.mention_starts = [start for start, _, _ in self.mentions]
        self.state = State()

    def start_block(self) -> None:
        """A new paragraph: nothing is carried into it but the pair itself."""
        self.state = State(order=self.state.order, plural=BOTH)

    def read(self, start: int, end: int, *, is_question: bool, is_same_sentence: bool) -> frozenset[SideKey]:
        """The sides of the next clause."""
        state = self.state
        named = self._named(start, end)
        keys: set[SideKey] = {key for _, _, key in named}
        tokens = self.tokens[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        subject = self._subject(tokens, named)
        is_pointed = bool(keys)

        if self._has_pair(start, end):
            keys |= BOTH
            subject = subject or BOTH
            is_pointed = True
        if match := FORMER.search(self.text, start, end):
            if len(state.order) == 2:
                keys.add(state.order[match[1].lower() == "latter"])
                is_pointed = True
        elif OTHER.search(self.text, start, end) and state.topic and len(keys) < 2:
            keys.add("b" if state.topic == "a" else "a")
            is_pointed = True
        pointed = self._pronouns(tokens, named)
        if pointed:
            keys |= pointed
            is_pointed = True
            subject = subject or (pointed if self._is_pronoun_subject(tokens) else NONE)
        if not keys and is_same_sentence and state.subject and self._lacks_subject(tokens):
            keys |= state.subject
            subject = state.subject
            is_pointed = True
        if not keys and not self._has_open_pronoun(tokens):
            keys |= self._carried(start, end, tokens, is_question=is_question)
        self._remember(frozenset(keys), named, subject, tokens, is_pointed=is_pointed)
        return frozenset(keys)

    # ------------------------------------------------------------ what a clause points to

    def _named(self, start: int, end: int) -> list[tuple[int, int, SideKey]]:
        return self.mentions[bisect_left(self.mention_starts, start) : bisect_left(self.mention_starts, end)]

    def _has_pair(self, start: int, end: int) -> bool:
        text = self.text
        if any(self._is_pair_both(m, end) for m in BOTH_WORD.finditer(text, start, end)):
            return True
        return bool(
            _pair_phrases().search(text, start, end) or ALIKE.search(text, start, end) or self._has_two(start, end)
        )

    def _has_two(self, start: int, end: int) -> bool:
        match = TWO.search(self.text, start, end)
        return match is not None and not self.text[match.end() : end].lstrip().lower().startswith(
            ("things", "years", "reasons")
        )

    def _is_pair_both(self, match: re.Match[str], end: int) -> bool:
        """Not "both the Left and the Right"."""
        following = [m[0].lower() for m in WORD.finditer(self.text, match.end(), end)][:MAX_BOTH_AND]
        if following and following[0] in words_of("pair_nouns"):
            return True
        if "and" not in following:
            return True
        return self.has_parse and self.tokens[bisect_left(self.starts, match.start())].dep_ != "cc:preconj"

    def _pronouns(self, tokens: Sequence[Any], named: Sequence[tuple[int, int, SideKey]]) -> frozenset[SideKey]:
        state = self.state
        for t in tokens:
            word = t.lower_
            before = {key for start, _, key in named if start < t.idx}
            if before:
                break
            if word in words_of("singular_pronouns"):
                return self._topic_if(
                    state.topic is not None and self.names.may_be_person[state.topic] and not state.has_rival
                )
            if word in words_of("plural_pronouns") or (word == "there" and self._stands_for_their(t, tokens)):
                return state.plural
            if word in words_of("neuter_pronouns") and self._is_pointing_it(t, tokens):
                is_thing = state.topic is not None and not self._is_person(state.topic)
                return self._topic_if(is_thing and state.n_carried == 0 and not state.has_rival)
        return NONE

    def _has_open_pronoun(self, tokens: Sequence[Any]) -> bool:
        """A "he" that could be one of two people: the topic is not certain to go on."""
        return self.state.has_rival and any(
            t.lower_ in words_of("singular_pronouns") for t in tokens[:MAX_SUBJECT_WORDS]
        )

    def _topic_if(self, is_safe: bool) -> frozenset[SideKey]:
        return frozenset((self.state.topic,)) if is_safe and self.state.topic else NONE

    def _is_person(self, key: SideKey) -> bool:
        return self.names.may_be_person[key] and not self.names.is_plural[key] and key in self._he_sides

    @property
    def _he_sides(self) -> frozenset[SideKey]:
        """Sides that the draft calls he or she somewhere: the sentence after a name opens with it."""
        return _sides_called_he(self.text, tuple(self.mentions))

    def _stands_for_their(self, token: Any, tokens: Sequence[Any]) -> bool:
        """there where their or they are is meant: "there methods", "there both the same"."""
        index = token.i - tokens[0].i
        following = next((t for t in tokens if t.i > token.i), None)
        if following is None or following.lower_ in words_of("finite") or following.lower_ in ("s", "'s", "’s"):
            return False
        if following.lower_ in ("both", "the", "all"):
            return index == 0 or tokens[0].lower_ in words_of("coordinators")
        return self.has_parse and following.pos_ in ("NOUN", "ADJ") and token.dep_ != "expl"

    def _is_pointing_it(self, token: Any, tokens: Sequence[Any]) -> bool:
        """its; and "it" as the subject of a verb that tells something, not "it is hard to say that"."""
        if token.lower_ != "it":
            return token.lower_ == "its"
        if self.has_parse and token.dep_ == "expl":
            return False
        following = [t.lower_ for t in tokens if t.i > token.i]
        is_empty = bool(following) and following[0] in (
            "is",
            "was",
            "'s",
            "s",
            "’s",
            "could",
            "can",
            "might",
            "may",
            "seems",
            "would",
        )
        return not is_empty and (not self.has_parse or token.dep_ in SUBJECTS)

    def _carried(self, start: int, end: int, tokens: Sequence[Any], *, is_question: bool) -> frozenset[SideKey]:
        """The side of a date in its frame, else the topic of the paragraph."""
        state = self.state
        dated = {key for d in find_dates(self.text, start, end) if (key := self.names.side_of_year(d.first[0]))}
        if dated:
            return frozenset(dated) if len(dated) == 1 else NONE
        if state.topic is None or state.n_carried >= MAX_CARRIED or is_question or not tokens:
            return NONE
        first = tokens[0].lower_
        is_contrast = first in words_of("contrast") or first in ("but", "yet")
        if is_contrast or state.is_alternating or _frames().match(self.text, start, end):
            return NONE
        return frozenset((state.topic,))

    # ------------------------------------------------------------ what it leaves behind

    def _subject(self, tokens: Sequence[Any], named: Sequence[tuple[int, int, SideKey]]) -> frozenset[SideKey]:
        """The sides named in the subject of the clause (as the subject, or as its possessor)."""
        if not named or not tokens:
            return NONE
        if self.has_parse:
            places = {start: key for start, _, key in named}
            return frozenset(places[t.idx] for t in tokens if t.idx in places and _is_in_subject(t))
        limit = tokens[min(MAX_SUBJECT_WORDS, len(tokens)) - 1].idx
        return frozenset(key for start, _, key in named if start <= limit)

    def _is_pronoun_subject(self, tokens: Sequence[Any]) -> bool:
        pronouns = words_of("singular_pronouns") | words_of("plural_pronouns") | words_of("neuter_pronouns")
        if self.has_parse:
            return any(t.lower_ in pronouns and _is_in_subject(t) for t in tokens)
        return any(t.lower_ in pronouns for t in tokens[:3])

    def _lacks_subject(self, tokens: Sequence[Any]) -> bool:
        """A predicate after "but": it shares the subject of the clause before."""
        if not tokens or tokens[0].lower_ not in ("but", "yet", "and"):
            return False
        if self.has_parse:
            return not any(t.dep_ in SUBJECTS for t in tokens)
        return len(tokens) > 1 and (tokens[1].lower_ in words_of("finite") or tokens[1].lower_ in words_of("negators"))

    def _remember(
        self,
        keys: frozenset[SideKey],
        named: Sequence[tuple[int, int, SideKey]],
        subject: frozenset[SideKey],
        tokens: Sequence[Any],
        *,
        is_pointed: bool,
    ) -> None:
        state = self.state
        order = tuple(dict.fromkeys(key for _, _, key in named))
        state.n_clauses += 1
        if len(order) == 2:
            state.order = order
        elif len(order) == 1 and state.topic and state.topic != order[0]:
            state.order = (state.topic, order[0])
        if len(keys) == 1:
            self._remember_one(next(iter(keys)), named, subject, tokens, is_pointed=is_pointed)
        elif len(keys) == 2:
            is_pair = len(order) < 2 or self._is_joined(named)
            state.n_carried, state.has_rival, state.is_alternating = 0, False, False
            state.topic = next(iter(subject)) if len(subject) == 1 else None
            state.plural = BOTH if is_pair and state.topic is None else NONE
        else:
            self._remember_none(named, tokens)
        state.subject = subject

    def _remember_one(
        self,
        key: SideKey,
        named: Sequence[tuple[int, int, SideKey]],
        subject: frozenset[SideKey],
        tokens: Sequence[Any],
        *,
        is_pointed: bool,
    ) -> None:
        state = self.state
        rival = self._has_rival(tokens, named)
        is_group = self.names.is_plural[key] or not self.names.may_be_person[key]
        is_switch = bool(named) and key in subject and state.topic not in (None, key) and state.n_carried == 0
        if is_group:
            state.plural = frozenset((key,))
        elif is_switch and state.subject == {state.topic}:
            state.plural = BOTH  # "King said this and Malcolm said that, so their methods differed"
        elif is_pointed or self._has_plural_subject(tokens):
            state.plural = NONE
        if is_pointed:
            is_contrast = bool(tokens) and tokens[0].lower_ in ("but", "yet", *words_of("contrast"))
            state.is_alternating = is_contrast and state.topic not in (None, key)
            state.has_rival = rival and key not in subject
            state.n_carried = 0
        else:
            state.has_rival |= rival
            state.n_carried += 1
        state.topic = key

    def _remember_none(self, named: Sequence[tuple[int, int, SideKey]], tokens: Sequence[Any]) -> None:
        state = self.state
        state.n_carried += 1
        state.has_rival |= self._has_rival(tokens, named)
        if self._has_plural_subject(tokens) or state.n_clauses >= MAX_OPENING:
            state.plural = NONE
        if state.n_carried > MAX_CARRIED:
            state.topic = None

    def _is_joined(self, named: Sequence[tuple[int, int, SideKey]]) -> bool:
        """ "Stalin and Lenin" rather than "Stalin outdid Lenin"."""
        return any(x[2] != y[2] and JOINED.fullmatch(self.text[x[1] : y[0]]) is not None for x, y in pairwise(named))

    def _has_rival(self, tokens: Sequence[Any], named: Sequence[tuple[int, int, SideKey]]) -> bool:
        """Whether somebody else is the subject, so that a later "he" could be that person."""
        taken = {start for start, _, _ in named}
        for position, t in enumerate(tokens):
            if t.idx in taken or not t.text[:1].isalpha():
                continue
            if self.has_parse:
                if t.dep_ in ("nsubj", "nsubj:pass") and t.pos_ == "PROPN" and not same_place(fold(t.text)):
                    return not any(a <= t.idx < b for a, b, _ in named)
            elif position < MAX_SUBJECT_WORDS:
                key = fold(t.text)
                if (is_known_name(key) or (t.text[:1].isupper() and not is_english(key))) and not same_place(key):
                    return True
        return False

    def _has_plural_subject(self, tokens: Sequence[Any]) -> bool:
        """Whether other people are the subject, so that a later "they" could be them."""
        if self.has_parse:
            return any(t.dep_ in ("nsubj", "nsubj:pass") and t.tag_ in ("NNS", "NNPS") for t in tokens)
        return any(t.lower_ in ("people", "they") for t in tokens[:MAX_SUBJECT_WORDS])


def _is_in_subject(token: Any) -> bool:
    """By the parse: whether a word is the subject of a clause or belongs to it."""
    for t in (token, *token.ancestors):
        if t.dep_ in SUBJECTS:
            return True
        if t.pos_ in ("VERB", "AUX") or t.dep_ in ("obl", "obj", "advcl", "acl:relcl", "ROOT"):
            return False
    return False


@lru_cache(maxsize=4)
def _sides_called_he(text: str, mentions: tuple[tuple[int, int, SideKey], ...]) -> frozenset[SideKey]:
    he = re.compile(r"[^.!?;]{0,120}[.!?;,]?\s+(?:and\s+|but\s+)?(he|she|his|her|him)(?!\w)", re.I)
    return frozenset(key for _, end, key in mentions if he.match(text, end))


@lru_cache(maxsize=1)
def _pair_phrases() -> re.Pattern[str]:
    phrases = [
        p for p in load_cues("clauses.toml")["pairs"]["phrases"] if p not in ("both", "alike", "the two", "these two")
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(_spaced, phrases), key=len, reverse=True))})(?!\w)", re.I)


@lru_cache(maxsize=1)
def _frames() -> re.Pattern[str]:
    phrases = load_cues("clauses.toml")["impersonal"]["phrases"]
    return re.compile(rf"\W*(?:(?:and|but|so)\s+)?(?:{'|'.join(map(_spaced, phrases))})(?!\w)", re.I)


def _spaced(phrase: str) -> str:
    return r"\s+".join(re.escape(w) for w in phrase.split())
