"""A second reader's opinion on the points that were left unsure, and what it may change.

Verdicts that the matcher says are never touched. How reliable a second reader is on this task has not been measured, so
it settles a doubt only where it can show the words, and never alone calls a point missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

from analyser.alignment.aligner import Judged, is_evidenced
from analyser.records import POINT_LABELS, Findings, Match, Notice, ParsedEssay, Point, PointStatus, Quote, Rubric

# The matcher's own probability (0 to 1) of "missing" from which a second reader who finds nothing is believed: two
# readers then agree. Set by hand.
MIN_MISSING = 0.5
REASONS: Mapping[str, str] = {
    "covered": "A second reader takes this passage to make the point.",
    "partial": "A second reader takes this passage to make part of the point.",
    "contradicted": "A second reader takes this passage to say the opposite of the point.",
    "missing": "Neither the matcher nor a second reader found a passage that makes this point.",
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """One label of POINT_LABELS; ``quote`` shows it (None only for "missing")."""

    label: str
    quote: Quote | None


class SecondReader(Protocol):
    """Reads a draft again for the points in doubt. It answers for those it is sure of, and tells of its failures."""

    name: str

    def read(
        self, parsed: ParsedEssay, rubric: Rubric, doubts: Sequence[tuple[Point, Judged]]
    ) -> tuple[Mapping[str, Opinion], tuple[Notice, ...]]: ...


def settle(
    reader: SecondReader, parsed: ParsedEssay, rubric: Rubric, findings: Findings, judged: Sequence[Judged]
) -> tuple[tuple[Match, ...], tuple[Notice, ...]]:
    """The matches, those in doubt settled where the second reader could, and a word about it for the reader."""
    doubts = [(p, j) for p, j in zip(rubric.points, judged, strict=True) if j.match.status == "unsure"]
    opinions, notices = reader.read(parsed, rubric, doubts) if doubts else ({}, ())
    matches = []
    for point, one in zip(rubric.points, judged, strict=True):
        opinion = opinions.get(point.id) if one.match.status == "unsure" else None
        may_be_missing = not is_evidenced(point, findings) and one.match.probabilities["missing"] >= MIN_MISSING
        matches.append(_settled(one.match, opinion, may_be_missing) if opinion is not None else one.match)
    n = sum(new != old.match for new, old in zip(matches, judged, strict=True))
    if n:
        points = "One point" if n == 1 else f"{n} points"
        text = f"{points} in doubt settled by a second reader ({reader.name}); how often it is right was not measured."
        notices = (Notice("N205", text), *notices)
    return tuple(matches), notices


def _settled(match: Match, opinion: Opinion, may_be_missing: bool) -> Match:
    """The match with the opinion's verdict; its probabilities are the mean of both readers'."""
    if opinion.label not in POINT_LABELS or (opinion.quote is None) != (opinion.label == "missing"):
        return match
    if opinion.label == "missing" and not may_be_missing:
        return match
    shares = {
        label: round(match.probabilities[label] / 2 + 0.5 * (label == opinion.label), 4) for label in POINT_LABELS
    }
    return replace(
        match,
        status=cast(PointStatus, opinion.label),
        confidence=shares[opinion.label],
        probabilities=shares,
        quotes=(opinion.quote,) if opinion.quote is not None else (),
        reason=REASONS[opinion.label],
    )
