"""The feedback record: feedback as JSON, and back, so that a saved record can be shown later in any format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analyser.errors import UsageError
from analyser.records import (
    POINT_LABELS,
    Block,
    CriterionFinding,
    Essay,
    EvidenceFinding,
    Feedback,
    Findings,
    JudgementFinding,
    Match,
    Message,
    Quote,
    Rubric,
    Slip,
    UnlinkedEvidence,
)

if TYPE_CHECKING:
    from analyser.report.options import Options

SCHEMA = "analyser.feedback/1"
# Decimals of confidences, probabilities and ratios: more than any of them is exact to.
N_DECIMALS = 4


def render_json(feedback: Feedback, options: Options) -> str:
    """The record as JSON text. What a slip should have been is left out unless answers are revealed."""
    record = to_record(feedback)
    if not options.reveal:
        record["slips"] = [{**slip, "expected": ""} for slip in record["slips"]]
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def to_record(feedback: Feedback) -> dict[str, Any]:
    """Feedback as the record of schema analyser.feedback/1: plain dicts, lists, strings and numbers."""
    essay, findings = feedback.essay, feedback.findings
    return {
        "schema": SCHEMA,
        "analyser_version": feedback.analyser_version,
        "models": dict(feedback.trained_models),
        "rubric": {"id": feedback.rubric.id, "version": feedback.rubric.version},
        "essay": {
            "id": essay.id,
            "source": essay.source,
            "n_words": essay.n_words,
            "n_paragraphs": essay.n_paragraphs,
            "text": essay.text,
        },
        "judgement": {
            "status": findings.judgement.status,
            "stance": findings.judgement.stance,
            "where": list(findings.judgement.where),
            "confidence": _rounded(findings.judgement.confidence),
            "quotes": _quotes(findings.judgement.quotes),
        },
        "criteria": [
            {"id": c.id, "status": c.status, "confidence": _rounded(c.confidence), "quotes": _quotes(c.quotes)}
            for c in findings.criteria
        ],
        "points": [
            {
                "id": m.id,
                "kind": m.kind,
                "status": m.status,
                "confidence": _rounded(m.confidence),
                "probabilities": _probabilities(m.probabilities),
                "quotes": _quotes(m.quotes),
                "reason": m.reason,
            }
            for m in feedback.matches
        ],
        "evidence": [
            {
                "id": e.id,
                "status": e.status,
                "confidence": _rounded(e.confidence),
                "quotes": _quotes(e.quotes),
                "matched": e.matched,
            }
            for e in findings.evidence
        ],
        "slips": [
            {
                "kind": s.kind,
                "evidence": s.evidence,
                "quote": _quote(s.quote),
                "found": s.found,
                "expected": s.expected,
            }
            for s in findings.slips
        ],
        "unlinked_evidence": [{"evidence": u.evidence, "quote": _quote(u.quote)} for u in findings.unlinked_evidence],
        "coverage": {part: _rounded(ratio) for part, ratio in feedback.coverage.items()},
        "messages": [
            {"code": m.code, "about": m.about, "tone": m.tone, "text": m.text, "hint": m.hint}
            for m in feedback.messages
        ],
    }


def from_record(record: Mapping[str, Any], rubric: Rubric) -> Feedback:
    """Feedback from a record and its rubric. Raises UsageError (E310 no record, E311 another rubric).

    The record does not hold how the draft was divided: paragraphs are found again at blank lines. Observations live
    on in the messages only.
    """
    if not isinstance(record, Mapping) or record.get("schema") != SCHEMA:
        found = record.get("schema") if isinstance(record, Mapping) else type(record).__name__
        raise UsageError("E310", f"this is no feedback record of schema '{SCHEMA}' (found: {found!r}).")
    try:
        _check_rubric(record, rubric)
        return _feedback(record, rubric)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise UsageError("E310", f"this feedback record is damaged: {what}.") from None


def _feedback(record: Mapping[str, Any], rubric: Rubric) -> Feedback:
    essay = _essay(record["essay"])
    judgement = record["judgement"]
    return Feedback(
        analyser_version=record["analyser_version"],
        trained_models=dict(record["models"]),
        rubric=rubric,
        essay=essay,
        findings=Findings(
            judgement=JudgementFinding(
                judgement["status"],
                judgement["stance"],
                tuple(judgement["where"]),
                judgement["confidence"],
                _read_quotes(judgement, essay),
            ),
            criteria=tuple(
                CriterionFinding(c["id"], c["status"], c["confidence"], _read_quotes(c, essay))
                for c in record["criteria"]
            ),
            evidence=tuple(
                EvidenceFinding(e["id"], e["status"], e["confidence"], _read_quotes(e, essay), e["matched"])
                for e in record["evidence"]
            ),
            slips=tuple(
                Slip(s["kind"], s["evidence"], _read_quote(s["quote"], essay), s["found"], s["expected"])
                for s in record["slips"]
            ),
            unlinked_evidence=tuple(
                UnlinkedEvidence(u["evidence"], _read_quote(u["quote"], essay)) for u in record["unlinked_evidence"]
            ),
        ),
        matches=tuple(
            Match(
                p["id"],
                p["kind"],
                p["status"],
                p["confidence"],
                dict(p["probabilities"]),
                _read_quotes(p, essay),
                p["reason"],
            )
            for p in record["points"]
        ),
        coverage=dict(record["coverage"]),
        messages=tuple(
            Message(m["code"], m["about"], m["tone"], m["text"], m.get("hint", "")) for m in record["messages"]
        ),
    )


def _check_rubric(record: Mapping[str, Any], rubric: Rubric) -> None:
    made_with = f"'{record['rubric']['id']}' version {record['rubric']['version']}"
    given = f"'{rubric.id}' version {rubric.version}"
    if made_with != given:
        raise UsageError(
            "E311",
            f"this record was made with rubric {made_with}, not with {given}.",
            hint="Show it with the rubric it was made with, or analyse the draft again.",
        )


def _essay(entry: Mapping[str, Any]) -> Essay:
    """The draft, its blocks found again; lines at the top that did not count as essay are taken off the word count."""
    text = entry["text"]
    blocks = list(_paragraphs(text))
    n_excess = sum(len(text[b.start : b.end].split()) for b in blocks) - entry["n_words"]
    for index, block in enumerate(blocks):
        n_words = len(text[block.start : block.end].split())
        if n_excess < n_words or n_words == 0:
            break
        blocks[index] = Block(block.start, block.end, "front_matter")
        n_excess -= n_words
    return Essay(entry["id"], entry["source"], text, tuple(blocks))


def _paragraphs(text: str) -> Iterator[Block]:
    """Runs of lines that are not blank."""
    start = end = position = 0
    for line in (*text.splitlines(keepends=True), "\n"):
        if line.strip():
            start = start if end else position + len(line) - len(line.lstrip())
            end = position + len(line.rstrip())
        elif end:
            yield Block(start, end, "paragraph")
            end = 0
        position += len(line)


def _quote(quote: Quote) -> dict[str, Any]:
    return {"start": quote.start, "end": quote.end, "text": quote.text}


def _quotes(quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    return [_quote(quote) for quote in quotes]


def _read_quote(entry: Mapping[str, Any], essay: Essay) -> Quote:
    quote = Quote(entry["start"], entry["end"], entry["text"])
    if essay.text[quote.start : quote.end] != quote.text:
        raise ValueError(f"the quote at {quote.start} is not in the text")
    return quote


def _read_quotes(entry: Mapping[str, Any], essay: Essay) -> tuple[Quote, ...]:
    return tuple(_read_quote(quote, essay) for quote in entry["quotes"])


def _rounded(value: float) -> float:
    return round(float(value), N_DECIMALS)


def _probabilities(found: Mapping[str, float]) -> dict[str, float]:
    """All four labels, summing to 1 after rounding; the largest takes up the rest."""
    total = sum(max(0.0, float(found.get(label, 0.0))) for label in POINT_LABELS)
    shares = {
        label: _rounded(max(0.0, float(found.get(label, 0.0))) / total if total > 0 else 1 / len(POINT_LABELS))
        for label in POINT_LABELS
    }
    largest = max(shares, key=lambda label: shares[label])
    others = sum(share for label, share in shares.items() if label != largest)
    return {**shares, largest: _rounded(1 - others)}
