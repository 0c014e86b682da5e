"""Facts of a model answer that cannot both be right, or lie outside their side's period: asked, never mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from analyser.drafting.evidence import DraftedEvidence
from analyser.records import ParsedEssay, Rubric
from analyser.rubrics.dates import Date, find_dates, parse_rubric_date

# Years a date may lie outside the period of its side: periods in questions are round, and what leads up to them counts.
MARGIN_YEARS = 1
# Kinds of evidence that happen once; a person or an organisation has many dates.
ONCE = ("event", "statistic", "work")
REVERSED = re.compile(r"\b(1[0-9]\d\d|20\d\d)\s*[-–—]\s*(1[0-9]\d\d|20\d\d|\d\d)\b")


def find_contradictions(
    parsed: ParsedEssay, evidence: Sequence[DraftedEvidence], rubric: Rubric
) -> dict[str, list[str]]:
    """By the id of a piece of evidence ('' for none), what does not fit."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for drafted in evidence:
        found[drafted.item.id] += _two_dates(drafted, parsed.essay.text)
        found[drafted.item.id] += _outside(drafted, rubric)
    for item, other, text in _two_figures(evidence):
        found[item] += [text]
        found[other] += [text]
    found[""] += _reversed(parsed.essay.text)
    return {key: list(dict.fromkeys(texts)) for key, texts in found.items() if texts}


def _two_dates(item: DraftedEvidence, text: str) -> list[str]:
    """Two dates for what happens once."""
    if item.item.kind not in ONCE:
        return []
    dated = [(m, m.date) for m in item.mentions if m.date is not None]
    for k, (first, date) in enumerate(dated):
        for second, other in dated[k + 1 :]:
            if not date.agrees_with(other) and first.sentence_index != second.sentence_index:
                return [f"the model answer dates it {_words(date, text)} and {_words(other, text)}"]
    return []


def _outside(item: DraftedEvidence, rubric: Rubric) -> list[str]:
    """A date outside the period that the question gives its side."""
    if item.item.side not in ("a", "b"):
        return []
    side = rubric.side("a" if item.item.side == "a" else "b")
    periods, date = find_dates(side.frame), parse_rubric_date(item.item.date)
    if not periods or date is None or item.item.kind in ("work", "quotation"):
        return []
    first = min(p.first[0] for p in periods) - MARGIN_YEARS
    last = max(p.last[0] for p in periods) + MARGIN_YEARS
    if date.last[0] < first or date.first[0] > last:
        return [f"{item.item.date} lies outside {side.frame}, the period of {side.name} in the question"]
    return []


def _two_figures(evidence: Sequence[DraftedEvidence]) -> list[tuple[str, str, str]]:
    """One thing of one side counted twice with different results."""
    found = []
    counted = [(e, label, value) for e in evidence for label, value in e.item.figures.items() if label != "figure"]
    for k, (first, label, value) in enumerate(counted):
        for second, other_label, other in counted[k + 1 :]:
            is_same = label == other_label and first.item.side == second.item.side != "none"
            if is_same and value != other and first.mentions[0].sentence_index != second.mentions[0].sentence_index:
                text = f"the model answer counts {value} {label} here and {other} {other_label} there"
                found.append((first.item.id, second.item.id, text))
    return found


def _reversed(text: str) -> list[str]:
    """Periods that end before they begin: 1936-1934."""
    found = []
    for match in REVERSED.finditer(text):
        first, tail = int(match[1]), match[2]
        last = int(str(first)[: 4 - len(tail)] + tail)
        if last < first and len(tail) == 4:
            found.append(f"the period {match[0]} ends before it begins")
    return found


def _words(date: Date, text: str) -> str:
    return text[date.start : date.end]
