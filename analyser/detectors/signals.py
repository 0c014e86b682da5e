"""Signals of likeness and difference in one passage, each with the weight it gives to either side.

A signal is a word that relates the two sides ("alike", "worlds apart") or a grade given to the question's claim
("accurate", "I disagree"), which the question's polarity turns into one of the two. All offsets are the shadow text's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyser.records import Span
from analyser.text.cues import WORD, Cue, CueSheet, load_classes

# Words within one clause in which a negator, a degree word or the claim bears on a signal: "not a single important
# difference" has three between, "cannot in my view be defended" four.
NEGATION_REACH = 6
DEGREE_REACH = 5
FOLLOWING_REACH = 8
CLAIM_REACH = 4
# Letters before a signal within which "anything but" negates it, and after the start of its sentence within which an
# extent put in front does.
ANYTHING_BUT_REACH = 30
FRONT_REACH = 45
# Weights (1 is a plain signal, 0 none). Chosen on the drafts of left-in questions so that "similar in a few ways but
# very different" falls on one side and "alike in method, unlike in aim" on neither.
STRONG_WEIGHT = 1.3
CONCEDED_WEIGHT = 0.4
ATTRIBUTE_WEIGHT = 0.7
LISTED_WEIGHT = 0.4
EXCEPTION_WEIGHT = 0.2
DENIED_IDENTITY_WEIGHT = 0.4
# What the two sides of a split signal get: "partly accurate", and "not entirely accurate".
PARTLY_SHARE = 0.8
NOT_TOTAL_SHARE = 0.6
# Longest quotation, in words, that still mentions the question's words rather than quoting somebody.
MAX_MENTION_WORDS = 3


@dataclass(frozen=True, slots=True)
class Polarity:
    """What the question's claim says: ``claim`` +1 that the sides are alike, -1 that they are not, 0 neither.

    ``is_agreement``: it asks whether two people agree. ``quality``: what it asks who had more of. ``topic``: its words.
    """

    claim: int
    is_agreement: bool = False
    quality: str = ""
    topic: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Signal(Span):
    """Weights for either side. ``is_attribute``: an adjective before a noun ("different people") or a bare noun."""

    similar: float
    different: float
    is_claim: bool = False
    is_attribute: bool = False

    @property
    def lean(self) -> int:
        return (self.similar > self.different) - (self.similar < self.different)

    def scaled(self, weight: float) -> Signal:
        return replace(self, similar=self.similar * weight, different=self.different * weight)

    def turned(self) -> Signal:
        return replace(self, similar=self.different, different=self.similar)


def relation_signals(sheet: CueSheet, start: int, end: int, polarity: Polarity | None) -> list[Signal]:
    """Words of likeness and difference that compare. Without a polarity the passage is the question itself."""
    found: list[tuple[Cue, int]] = [(cue, 1) for cue in sheet.within(start, end, "similar")]
    found += [(cue, -1) for cue in sheet.within(start, end, "different")]
    hidden: list[Span] = [*sheet.within(start, end, "masked")]
    if polarity is not None:
        hidden += _quotations(sheet.shadow.text, start, end)
        found += _agreements(sheet, start, end, polarity)
        found += comparatives(sheet.shadow.text, start, end, polarity.quality)
    kept = [
        (cue, sign) for cue, sign in _longest(found, hidden) if polarity is None or not is_asked(sheet, cue, start, end)
    ]
    return [_modified(sheet, cue, sign, start, end) for cue, sign in kept]


def claim_signals(
    sheet: CueSheet, start: int, end: int, polarity: Polarity, relations: Sequence[Signal], is_claim_open: bool
) -> list[Signal]:
    """Add the grades given to the question's claim; a relation that only words the claim is taken up by its grade."""
    claims: list[Span] = [*sheet.within(start, end, "claim"), *_mentions(sheet, start, end)]
    groups = {"agree": 1, "disagree": -1, "half_right": 0}
    if claims or (is_claim_open and _PRONOUN_SUBJECT.match(sheet.shadow.text, start, end)):
        groups |= {"right": 1, "wrong": -1}
    found = [(cue, sign) for group, sign in groups.items() for cue in sheet.within(start, end, group)]
    signals = list(relations)
    for cue, sign in _longest(found, sheet.within(start, end, "masked")):
        if not sign:
            signals.append(Signal(cue.start, cue.end, 1.0, 1.0, is_claim=True))
            continue
        if not _grades_claim(sheet, cue, claims) or is_asked(sheet, cue, start, end):
            continue
        content = [s for s in signals if not s.is_claim and _words_claim(sheet, s, cue, claims, end)]
        balance = sum(s.similar - s.different for s in content)
        lean = polarity.claim if not balance else 1 if balance > 0 else -1
        if not lean:
            continue
        signals = [s for s in signals if s not in content]
        signals.append(replace(_modified(sheet, cue, sign * lean, start, end), is_claim=True, is_attribute=False))
    return sorted(signals, key=lambda s: s.start)


def is_asked(sheet: CueSheet, cue: Span, start: int, end: int) -> bool:
    """Whether a word stands in a direct or indirect question or in a condition."""
    text = sheet.shadow.text
    stop = _SENTENCE_STOP.search(text, cue.end, end)
    if stop and stop[0] == "?":
        return True
    for form in sheet.within(start, end, "question_form"):
        if form.overlaps(cue):
            return True
        is_before = form.end <= cue.start and not _CLAUSE_STOP.search(text, form.end, cue.start)
        if is_before and not sheet.has(form.end, cue.start, "verdict"):
            return True
    return False


def words_back(text: str, position: int, n: int) -> int:
    """Where the n-th word before a position starts."""
    starts = [m.start() for m in WORD.finditer(text, max(0, position - 16 * n), position)]
    return starts[-n] if len(starts) >= n else max(0, position - 16 * n)


def words_on(text: str, position: int, n: int) -> int:
    """Where the n-th word after a position ends."""
    ends = [m.end() for m in WORD.finditer(text, position, min(len(text), position + 16 * n))]
    return ends[n - 1] if len(ends) >= n else min(len(text), position + 16 * n)


# ---------------------------------------------------------------- which words are signals


def _longest(found: list[tuple[Cue, int]], hidden: Sequence[Span]) -> list[tuple[Cue, int]]:
    """In order, without those that a longer one ("not the same" over "same") or a longer set phrase overlaps."""
    kept: list[tuple[Cue, int]] = []
    for cue, sign in sorted(found, key=lambda item: (item[0].start - item[0].end, item[0].start)):
        is_hidden = any(mask.overlaps(cue) and mask.end - mask.start > cue.end - cue.start for mask in hidden)
        if not is_hidden and not any(cue.overlaps(other) for other, _ in kept):
            kept.append((cue, sign))
    return sorted(kept, key=lambda item: item[0].start)


def _agreements(sheet: CueSheet, start: int, end: int, polarity: Polarity) -> list[tuple[Cue, int]]:
    """ "They agree about ...": always a relation where the question asks for it, else only with what they agree on."""
    found = []
    for group, sign in (("agree_between", 1), ("disagree_between", -1)):
        for cue in sheet.within(start, end, group):
            is_relation = polarity.is_agreement or _AGREE_ABOUT.match(sheet.shadow.text, cue.start)
            if is_relation and not _has_speaker(sheet.shadow.text, cue):
                found.append((cue, sign))
    return found


def _has_speaker(text: str, cue: Span) -> bool:
    """Whether the subject of "agree" is the writer, the reader or scholars rather than the two sides."""
    classes = load_classes()
    people = [
        word
        for word in text[max(0, cue.start - 30) : cue.start].split()[-4:]
        if word in classes["speaker"] or word in classes["third_party"]
    ]
    return bool(people) and people[-1] in classes["speaker"]


def comparatives(text: str, start: int, end: int, quality: str) -> list[tuple[Cue, int]]:
    """ "More absolute" against "as absolute as", where the question asks who had more of a quality."""
    if not quality:
        return []
    word = re.escape(quality)
    equal = re.compile(rf"\b(?:as|equally|just as|both(?: \w+)?) {word}\b|\bno (?:more|less) {word}\b")
    unequal = re.compile(rf"\b(?:(?:more|less) (?:of an? |of the )?{word}|{word}(?:r|er)?(?= (?:\w+ ){{0,3}}?than))\b")
    found = [(Cue(m.start(), m.end(), "similar"), 1) for m in equal.finditer(text, start, end)]
    return found + [(Cue(m.start(), m.end(), "different"), -1) for m in unequal.finditer(text, start, end)]


def _quotations(text: str, start: int, end: int) -> list[Span]:
    """Somebody else's words. A quoted word or two is a mention of the question's."""
    return [
        Span(m.start(), m.end()) for m in _QUOTATION.finditer(text, start, end) if len(m[0].split()) > MAX_MENTION_WORDS
    ]


def _mentions(sheet: CueSheet, start: int, end: int) -> list[Span]:
    """The question's own words in quotation marks: 'fundamentally similar'."""
    return [
        Span(m.start(), m.end())
        for m in _QUOTATION.finditer(sheet.shadow.text, start, end)
        if len(m[0].split()) <= MAX_MENTION_WORDS and sheet.has(m.start(), m.end(), "similar", "different", "deep")
    ]


def _grades_claim(sheet: CueSheet, cue: Cue, claims: Sequence[Span]) -> bool:
    """Whether a grade has the claim before it or close behind it; "I agree" needs none."""
    if cue.group in ("agree", "disagree") or not claims:
        return True
    if any(c.overlaps(cue) for c in sheet.within(max(0, cue.start - 20), cue.end + 6, "concession")):
        return False  # "it is true that"
    reach = sheet.scope_after(cue, words_on(sheet.shadow.text, cue.end, CLAIM_REACH)).end
    return any(claim.start < cue.end or cue.end <= claim.start <= reach for claim in claims)


def _words_claim(sheet: CueSheet, relation: Span, grade: Cue, claims: Sequence[Span], end: int) -> bool:
    """Whether a relation is what the claim says: "accurate to say they were alike", "the claim of likeness is true"."""
    text = sheet.shadow.text
    if relation.start >= grade.end:
        lead = _TO_SAY.match(text, grade.end, end)
        return bool(lead) and not _NEW_REASON.search(text, grade.end, relation.start)
    for claim in claims:
        if claim.end <= relation.start and relation.end <= grade.start:
            is_joined = _CLAIM_OF.match(text, claim.end, relation.end + 1) or text.startswith("to ", claim.start)
            is_apart = _HARD_STOP.search(text, claim.end, relation.start) or _BUT.search(
                text, relation.end, grade.start
            )
            if is_joined and not is_apart:
                return True
    return any(claim.contains(relation) for claim in claims if text[claim.start] in "'\"")


# ---------------------------------------------------------------- what bears on a signal


def _modified(sheet: CueSheet, cue: Cue, sign: int, start: int, end: int) -> Signal:
    """The weights of a signal after the negation, degree and concession of its clause."""
    text = sheet.shadow.text
    inside = text[cue.start : cue.end]
    low, high = sheet.scope_before(cue, start).start, sheet.scope_after(cue, end).end
    before = Span(max(low, words_back(text, cue.start, NEGATION_REACH)), cue.start)
    near = Span(max(low, words_back(text, cue.start, DEGREE_REACH)), cue.start)
    after = Span(cue.end, min(high, words_on(text, cue.end, FOLLOWING_REACH)))

    def has(*groups: str) -> bool:
        return sheet.has(near.start, near.end, *groups) or sheet.has(after.start, after.end, *groups)

    is_answer = cue.group in ("agree", "disagree")
    utmost = sheet.within(start, end, "superlative")
    negators = [
        n
        for n in sheet.within(before.start, before.end, "no")
        if not _NOT_ONLY.match(text, n.start) and not any(n.overlaps(cue) for cue in utmost)
    ]
    is_negated = len(negators) % 2 == 1 and not is_answer
    is_hardly = sheet.has(near.start, near.end, "hardly") and (" " not in inside or cue.group == "right")
    is_hardly = (is_hardly and not any(near.overlaps(cue) for cue in utmost)) or bool(
        _ANYTHING_BUT.search(text, max(start, cue.start - ANYTHING_BUT_REACH), cue.start)
    )
    is_first = sheet.has(start, min(cue.start, start + FRONT_REACH), "little_extent")  # "to a small extent, they were"
    is_little = has("little_extent") or is_hardly or is_first
    is_partly = has("partly") or (is_answer and sheet.has(cue.start, cue.end, "partly"))
    is_strong = has("strong") or bool(_STRONG_WORD.search(text, max(0, cue.start - 6), cue.start))
    if is_negated and sheet.has(near.start, near.end, "total"):
        lead, rest = NOT_TOTAL_SHARE, 1.0
    else:
        lead, rest = (0.0, 1.0) if is_negated != is_little else (1.0, 0.0)
    if is_partly and not (is_little and not is_negated):
        lead, rest = max(lead, PARTLY_SHARE), max(rest, PARTLY_SHARE)
    is_plain = not (is_negated or is_little)
    weight = STRONG_WEIGHT if is_strong and not is_partly else 1.0
    classes = load_classes()
    is_noun = inside.split()[0] in classes["relation_noun"]
    is_attribute = _stands_before_noun(text, cue)
    if is_conceded(sheet, cue, start):
        weight *= CONCEDED_WEIGHT
    if inside in classes["relation_plural"] and is_plain:
        weight *= LISTED_WEIGHT
    if sheet.has(before.start, before.end, "exception") or _APART.match(text, cue.end, end):
        weight *= EXCEPTION_WEIGHT
    if inside in _DENIED_IDENTITY and not is_attribute and sheet.has(start, cue.start, "similar"):
        weight *= DENIED_IDENTITY_WEIGHT
    if is_attribute:
        weight *= ATTRIBUTE_WEIGHT
    similar, different = (lead, rest) if sign > 0 else (rest, lead)
    is_bare_noun = is_noun and is_plain and not is_strong and (" " not in inside or inside.split()[-1] == "between")
    return Signal(cue.start, cue.end, similar * weight, different * weight, is_attribute=is_attribute or is_bare_noun)


def is_conceded(sheet: CueSheet, cue: Span, start: int) -> bool:
    """Whether a word stands in a clause of concession, before the comma that ends it."""
    for concession in sheet.within(start, cue.start, "concession"):
        is_main_clause = sheet.has(concession.end, cue.start, "verdict")
        if not is_main_clause and not _CONCESSION_STOP.search(sheet.shadow.text, concession.end, cue.start):
            return True
    return False


def _stands_before_noun(text: str, cue: Span) -> bool:
    """ "Turned them on different people": an adjective before a noun, with no copula to say it of the sides."""
    if text[cue.start : cue.end].split()[-1] not in ("different", "similar", "same", "identical", "opposite"):
        return False
    if _COPULA.search(text[max(0, cue.start - 40) : cue.start]):
        return False
    following = _NEXT_WORD.match(text, cue.end)
    return following is not None and following[1] not in load_classes()["predicative"]


_PRONOUN_SUBJECT = re.compile(
    r"(?:(?:but|and|so|overall|however|therefore|hence|thus|yet|in conclusion|on balance)\b,?\s*)*"
    r"(?:i (?:would |will |shall |therefore |must )*(?:argue|say|think|believe|conclude|feel) (?:that )?)?"
    r"(?:it|this|that)\b"
)
_QUOTATION = re.compile(r"\"([^\"\n]{1,400})\"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){1,400})'(?!\w)")
_AGREE_ABOUT = re.compile(
    r"(?:dis)?agree (?:about|on|upon|over|that|in|with each other|with one another)\b|(?:dis)?agree[,.]"
)
_TO_SAY = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:to\s+(?:say|call|describe|claim|argue|suggest|conclude|treat|see|regard|speak|talk|think|"
    r"state|present|maintain|label)|that|with\s+the\s+(?:statement|claim|view|idea|suggestion|proposition|argument)"
    r"\s+that)\b"
)
_CLAIM_OF = re.compile(r"\s+(?:of|that|about|for|is that|in the question that)\b")
_NEW_REASON = re.compile(r"[;:]|\b(?:because|since|but)\b")
_HARD_STOP = re.compile(r"[;:.]")
_BUT = re.compile(r"[;:.]|\bbut\b")
_SENTENCE_STOP = re.compile(r"[.!?;]")
_CLAUSE_STOP = re.compile(r"[,;:–—]")
_CONCESSION_STOP = re.compile(r"[,;:.–—]")
_ANYTHING_BUT = re.compile(r"\banything but (?:\w+ )?$")
_NOT_ONLY = re.compile(
    r"\S+\s+(?:only|just|merely|simply|least)\b|no (?:\w+ )?doubt\b|no,? (?:they|it|he|she|we|i|the|i'm)\b"
)
# Degree words that are also something else ("that", "so") when they do not stand right before the word they grade.
_STRONG_WORD = re.compile(r"\b(?:so|that|too|much|far|more)\s+$")
_APART = re.compile(r"(?: [\w'-]+){0,8} (?:apart|aside),")
# "Similar but not the same" denies identity, not likeness.
_DENIED_IDENTITY = frozenset(("not the same", "identical", "not identical"))
_NEXT_WORD = re.compile(r"\s+([a-z'-]+)")
_COPULA = re.compile(
    r"\b(?:is|are|was|were|be|been|became|become|being|remain|remained)(?:n't|nt)?\s+(?:(?:not|two|both|a|an|the|very|"
    r"quite|really|fundamentally|completely|totally|entirely|basically|essentially|rather|just|almost|exactly|much|in|"
    r"fact|of)\s+){0,4}$"
)
