"""Which way a passage leans on the comparison the question makes: alike, unlike, both by halves, or no way at all.

The signals of the passage are set against each other: what is set above the other ("more alike than different"), what
is said of the surface and what of the heart of the matter, what is the result and what only a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from analyser.detectors.signals import Polarity, Signal, claim_signals, relation_signals, words_on
from analyser.records import Span, Stance
from analyser.text.cues import CueSheet, load_classes

# Words after a noun within which "is only on the surface" is said of it.
SHALLOW_REACH = 7
# Letters before a signal in which "more" sets it above another.
MORE_REACH = 25
# Weights (1 is a plain signal). Chosen on the drafts of left-in questions so that "alike on the surface and
# fundamentally different underneath" falls on one side and "alike in aim and unlike in method" on neither.
SURFACE_WEIGHT = 0.4
DEEP_WEIGHT = 2.0
BROAD_WEIGHT = 1.8
NARROW_WEIGHT = 0.6
HYPOTHETICAL_WEIGHT = 0.4
RESULT_WEIGHT = 3.0
REASON_WEIGHT = 0.5
WEIGHED_WEIGHT = 2.5
# What each further signal of the same side adds to the heaviest one (0 to 1).
REPEATED_WEIGHT = 0.3
# One side leads when it has at least this many times the weight of the other (1 to 3): between them lies "mixed".
LEAD_RATIO = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says about the comparison; ``signals`` are in order."""

    signals: tuple[Signal, ...]
    similar: float
    different: float

    @property
    def lean(self) -> int:
        """+1 for alike, -1 for unlike, 0 for neither."""
        return (self.stance == "similar") - (self.stance == "different")

    @property
    def stance(self) -> Stance:
        if not self.similar and not self.different:
            return "none"
        if self.similar >= LEAD_RATIO * self.different:
            return "similar"
        return "different" if self.different >= LEAD_RATIO * self.similar else "mixed"


def read_stance(
    sheet: CueSheet, start: int, end: int, polarity: Polarity, asked: int = 0, is_claim_open: bool = False
) -> Reading:
    """Read one passage, by shadow offsets.

    ``asked`` is what a question just before it asked ("Alike? No."): +1 alike, -1 unlike, 0 nothing. ``is_claim_open``
    says that the sentence before it spoke of the claim, so that "it" may stand for the claim.
    """
    relations = relation_signals(sheet, start, end, polarity)
    signals = claim_signals(sheet, start, end, polarity, relations, is_claim_open)
    signals = _with_short_answer(sheet, start, end, polarity, signals, asked)
    signals = _with_ellipsis(sheet, start, end, signals)
    signals = _weighed(sheet, start, end, signals)
    signals = _by_role(sheet, start, end, signals)
    return Reading(tuple(signals), _together([s.similar for s in signals]), _together([s.different for s in signals]))


def _together(weights: list[float]) -> float:
    """The weight of several signals of one side: the heaviest, and little for each further one."""
    top = max(weights, default=0.0)
    return top + REPEATED_WEIGHT * (sum(weights) - top)


def _with_short_answer(
    sheet: CueSheet, start: int, end: int, polarity: Polarity, signals: list[Signal], asked: int
) -> list[Signal]:
    """ "No.", "Partly." after a question; "In logic, yes"."""
    text = sheet.shadow.text
    if any(s.is_claim for s in signals):
        return signals
    if part := _PART_ANSWER.match(text, start, end):
        is_similar = (part[1] == "yes") == (polarity.claim > 0)
        answer = Signal(start, part.end(), float(is_similar), float(not is_similar), is_claim=True)
        return sorted([*signals, answer], key=lambda s: s.start)
    if signals or not asked:
        return signals
    for group, value in (("short_half", 0), ("short_no", -1), ("short_yes", 1)):
        found = sheet.within(start, end, group)
        if found and _ONLY_LEAD.fullmatch(text, start, found[0].start) and _ENDS_ANSWER.match(text, found[0].end, end):
            similar, different = (float(value * asked >= 0), float(value * asked <= 0))
            return [Signal(start, found[0].end, similar, different, is_claim=True)]
    return signals


def _with_ellipsis(sheet: CueSheet, start: int, end: int, signals: list[Signal]) -> list[Signal]:
    """ "The methods were alike but the reasons were not": the negation turns the signal before it round."""
    text = sheet.shadow.text
    leads = load_classes()["elliptic_lead"]
    added: list[Signal] = []
    for cue in sheet.within(start, end, "elliptic_not"):
        is_bare = text[cue.start : cue.end].split()[0] in leads or _ENDS_ELLIPSIS.match(text[cue.end : end])
        before = [s for s in signals if s.end <= cue.start]
        if not is_bare or not before or "?" in text[before[-1].end : cue.start]:
            continue
        if any(s.overlaps(cue) or _follows_closely(text, cue, s) for s in signals):
            continue
        weight = max(1.0, before[-1].similar, before[-1].different)
        is_similar = before[-1].lean < 0
        added.append(Signal(cue.start, cue.end, weight * is_similar, weight * (not is_similar), before[-1].is_claim))
    return sorted(signals + added, key=lambda s: s.start)


def _follows_closely(text: str, cue: Span, signal: Signal) -> bool:
    """Whether a signal is what an elliptic-looking negation really negates."""
    return 0 <= signal.start - cue.end < MORE_REACH and not _PAUSE.search(text, cue.end, signal.start)


def _weighed(sheet: CueSheet, start: int, end: int, signals: list[Signal]) -> list[Signal]:
    """ "More alike than different", "the differences outweigh the similarities": one side is set above the other."""
    text = sheet.shadow.text
    for left, right in pairwise(signals):
        winner = _winner(sheet, text, start, left, right)
        if winner is not None:
            is_similar = winner.lean >= 0
            won = replace(
                winner,
                similar=WEIGHED_WEIGHT * is_similar,
                different=WEIGHED_WEIGHT * (not is_similar),
                is_attribute=False,
            )
            return [won if s is winner else s for s in signals if s is winner or s not in (left, right)]
    if len(signals) > 1 and _SECOND_COUNTS.search(text, start, end):
        last = signals[-1]
        return [*signals[:-1], last.scaled(WEIGHED_WEIGHT / max(last.similar, last.different, 1.0))]
    for signal in signals:  # "more alike than their opposite jobs suggest"
        than = _MORE.search(text[max(start, signal.start - MORE_REACH) : signal.start]) and _THAN.match(
            text, signal.end, end
        )
        if than:
            stop = _PAUSE.search(text, than.end(), end)
            limit = stop.start() if stop else end
            return [s for s in signals if not than.end() <= s.start < limit]
    return signals


def _winner(sheet: CueSheet, text: str, start: int, left: Signal, right: Signal) -> Signal | None:
    """Which of two neighbouring signals the words between and before them set above the other."""
    between = text[left.end : right.start]
    if _STOP.search(between):
        return None
    if left.lean * right.lean < 0:
        before = text[max(start, left.start - MORE_REACH) : left.start]
        if (_RATHER.search(before) and _THAN.match(between)) or _LEFT_MORE.fullmatch(between):
            return left
        if _LESS.search(before) and _THAN.match(between):
            return right
        if _MORE_THAN.search(between):
            return left
        if _LESS_THAN.search(between):
            return right
    if sheet.has(left.end, right.start, "outweighed"):
        return right
    if sheet.has(left.end, right.start, "outweighs"):
        return left
    return None


def _by_role(sheet: CueSheet, start: int, end: int, signals: list[Signal]) -> list[Signal]:
    """Weigh signals by depth ("on the surface", "at heart"), by extent, as result and as reason."""
    if not signals:
        return signals
    text = sheet.shadow.text
    turns = [m.start() for m in _RESULT.finditer(text, start, end)]
    turns += [cue.start for cue in sheet.within(start, end, "verdict")]
    reasons = [m.end() for m in _REASON.finditer(text, signals[0].end, end)]
    weighted: list[Signal] = []
    is_split = _is_split(text, signals, end)
    for index, signal in enumerate(signals):
        low = signals[index - 1].end if index else start
        high = signals[index + 1].start if index + 1 < len(signals) else end
        signal = _by_depth(sheet, signal, _own_region(text, signal, low, high), high, is_split)
        if any(signals[0].end <= turn < signal.start for turn in turns):
            signal = signal.scaled(RESULT_WEIGHT)
        elif any(reason <= signal.start and not _TURN.search(text, reason, signal.start) for reason in reasons):
            signal = signal.scaled(REASON_WEIGHT)
        weighted.append(signal)
    return weighted


def _is_split(text: str, signals: list[Signal], end: int) -> bool:
    """ "Similar in how they grew and fundamentally different in how they fell": each side has its own respect."""
    leans = {s.lean for s in signals if not s.is_claim and _RESPECT.match(text, s.end, end)}
    return {1, -1} <= leans


def _by_depth(sheet: CueSheet, signal: Signal, region: Span, high: int, is_split: bool) -> Signal:
    text = sheet.shadow.text
    is_noun = text[signal.start : signal.end].split()[0] in load_classes()["relation_noun"]
    following = text[signal.end : min(high, words_on(text, signal.end, SHALLOW_REACH))]
    if is_noun and _GREATER.match(following):
        heavier = max(signal.similar, signal.different) or 1.0
        signal = replace(signal.scaled(WEIGHED_WEIGHT / heavier), is_attribute=False)
    elif is_noun and _HOLDS.match(following):
        signal = replace(signal, is_attribute=False)
    if is_noun and _NOT_DEEP.search(following):
        signal = replace(signal.turned(), is_attribute=False)
    elif is_noun and sheet.has(signal.end, min(high, words_on(text, signal.end, SHALLOW_REACH)), "shallow"):
        lead = max(1.0, signal.similar, signal.different)
        is_similar = signal.lean < 0
        signal = replace(signal, similar=lead * is_similar, different=lead * (not is_similar), is_attribute=False)
    elif not (signal.is_claim or is_split) and sheet.has(region.start, region.end, "deep"):
        signal = signal.scaled(DEEP_WEIGHT)
    elif any(not cue.overlaps(signal) for cue in sheet.within(region.start, region.end, "surface", "shallow")):
        is_only = _ONLY.search(text, region.start, signal.end)  # "only superficially alike"
        signal = signal.turned() if is_only else signal.scaled(SURFACE_WEIGHT)
    if sheet.has(region.start, region.end, "broad"):
        signal = signal.scaled(BROAD_WEIGHT)
    elif sheet.has(region.start, region.end, "narrow"):
        signal = signal.scaled(NARROW_WEIGHT)
    if sheet.has(region.start, region.end, "hypothetical"):
        signal = signal.scaled(HYPOTHETICAL_WEIGHT)
    return signal


def _own_region(text: str, signal: Signal, low: int, high: int) -> Span:
    """The stretch of its sentence that belongs to one signal: to the joints nearest it on either side."""
    start = low
    for match in _JOINT.finditer(text, low, signal.start):
        start = match.end()
    joint = _JOINT.search(text, signal.end, high)
    return Span(start, max(joint.start() if joint else high, signal.end))


_PART_ANSWER = re.compile(r"(?:in|on|as for|as to|over|about) [^,.;:?!]{1,60},\s*(yes|no)\b")
_ONLY_LEAD = re.compile(r"\W*(?:(?:so|well|in short|then)\W+)*")
_ENDS_ANSWER = re.compile(r"\W*(?:$|[,.!;:–—-])")
_ENDS_ELLIPSIS = re.compile(r"\s*(?:[.,;:!?)–—'\"]|$|and\b|but\b|at all)")
_PAUSE = re.compile(r"[,.;:]")
_STOP = re.compile(r"[.;:?!]")
_SECOND_COUNTS = re.compile(
    r"\b(?:the (?:second|latter|last)|the difference) (?:that |which )?(?:really )?(?:counts|matters|"
    r"is (?:more important|decisive))|\bthe (?:second|latter|last) (?:\w+ ){0,3}(?:counts|matters) (?:more|most)"
)
# "the contrasts are more telling than the parallels"; "the similarities are far greater"; "real, but not fundamental"
_MORE_THAN = re.compile(r"\b(?:is|are|was|were)\b[\w\s]{0,15}\b(?:more \w+|\w{2,}er) th[ae]n\b")
_LESS_THAN = re.compile(r"\b(?:is|are|was|were)\b[\w\s]{0,15}\bless \w+ th[ae]n\b")
_RESPECT = re.compile(
    r"\s+(?:in|on|as to|about|over) (?!in\b|the (?:surface|end|whole)\b|essence\b|substance\b|form\b|kind\b)"
)
_OF_IT = r"(?:\s+[\w']+){0,5}?\s+"  # "the distance | between the two men | was enormous"
_GREATER = re.compile(
    rf"{_OF_IT}(?:(?:is|are|was|were)\s+(?:far |much |clearly |simply |really |the )*(?:greater|stronger|deeper|bigger|"
    r"larger|overwhelming|profound|deep|great|huge|enormous|vast|wide|striking|more \w+)"
    r"|(?:matter|count|weigh)\w* (?:far |much )?more|(?:win|prevail|predominate|dominate)s?|(?:go|goes|run|runs) deeper"
    r"|ha(?:s|ve) the (?:better|edge|upper hand))\b"
)
_HOLDS = re.compile(
    rf"{_OF_IT}(?:is|are|was|were)\s+(?:\w+ )?(?:close|real|strong|clear|considerable|obvious|striking)\b"
)
_NOT_DEEP = re.compile(
    r"\b(?:is|are|was|were|but|and) (?:it |they )?(?:is |are |was |were )?not (?:really |very )?"
    r"(?:fundamental|deep|real|significant|great|essential|profound|important|decisive)\b"
)
_RATHER = re.compile(r"\b(?:more|rather)\s+(?:\w+\s+){0,2}$")
_LESS = re.compile(r"\bless\s+(?:\w+\s+){0,2}$")
_MORE = re.compile(r"\b(?:more|closer|further|less)\s+(?:\w+\s+){0,2}$")
_THAN = re.compile(r"[\s\w]{0,30}?\bth[ae]n\b")
_LEFT_MORE = re.compile(r"[\s\w]{0,12},? (?:and |but |much |far |a lot )?more th[ae]n(?: \w+){0,2} ")
_RESULT = re.compile(r":|\b(?:and so|so|therefore|thus|hence|which is why|which means|consequently)\b")
_REASON = re.compile(r"\b(?:because|since|as both|given that)\b")
_ONLY = re.compile(r"\b(?:only|merely|just)\b")
_TURN = re.compile(r"[;:]|\b(?:but|yet|whereas|however)\b")
_JOINT = re.compile(r"[,;:()–—.!?]|\b(?:and|but|yet|whereas|while|although|though|because|so)\b")
