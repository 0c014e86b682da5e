"""The teacher's verdicts and comments. Hers always win, survive every run, and can be learnt from.

They are kept in ``corrections.jsonl`` in the output folder, one JSON object a line, keyed by student, draft and id; a
later line on the same three replaces an earlier one. A new draft of the student starts afresh.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast, get_args

from analyser.errors import UsageError
from analyser.feedback import compose_feedback
from analyser.records import (
    POINT_LABELS,
    CriterionStatus,
    EvidenceStatus,
    Feedback,
    JudgementStatus,
    Message,
    PointStatus,
    Rubric,
)

FILE = "corrections.jsonl"
SCHEMA = "analyser.correction/1"
COMMENT_CODE = "T100"
SET_BY_TEACHER = "Set by the teacher."


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision of hers. ``status`` is her verdict ('' for a comment alone); ``tool`` what the tool had said: its
    status, confidence and, for a point, probabilities; ``quotes`` the words it went by."""

    student: str
    draft: str
    id: str
    status: str
    comment: str = ""
    rubric: str = ""
    rubric_version: int = 1
    tool: Mapping[str, Any] = field(default_factory=dict)
    quotes: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        return f"{self.student} {self.draft}"


def allowed_statuses(rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """The verdicts she may give, by id; "unsure" is the tool's alone."""
    kinds: list[tuple[Iterable[str], Any]] = [
        (["judgement"], JudgementStatus),
        ((c.id for c in rubric.criteria), CriterionStatus),
        ((p.id for p in rubric.points), PointStatus),
        ((e.id for e in rubric.evidence), EvidenceStatus),
    ]
    return {i: tuple(s for s in get_args(kind) if s != "unsure") for ids, kind in kinds for i in ids}


def load_corrections(output: Path) -> list[Correction]:
    """All corrections in force, in the order they were first made. Raises UsageError (E347) naming the broken line."""
    path = output / FILE
    found: dict[tuple[str, str, str], Correction] = {}
    try:
        lines = path.read_text(encoding="utf8").split("\n")  # JSON may hold other line ends
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("E347", f"the corrections cannot be read ({error}).", where=str(path)) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            schema = entry.pop("schema", None)
            one = Correction(**{**entry, "quotes": tuple(entry.get("quotes", ()))})
            if schema != SCHEMA or not all(isinstance(v, str) for v in (one.student, one.draft, one.id, one.status)):
                raise ValueError(f"it is not of schema {SCHEMA}")
        except (ValueError, TypeError, AttributeError) as error:
            raise UsageError(
                "E347", f"line {number} is no correction ({error}).", where=str(path), hint="Mend or delete the line."
            ) from None
        found[one.student, one.draft, one.id] = one
    return list(found.values())


def corrections_text(corrections: Iterable[Correction]) -> str:
    """The file's contents."""
    return "".join(
        json.dumps(
            {
                "schema": SCHEMA,
                "student": c.student,
                "draft": c.draft,
                "id": c.id,
                "status": c.status,
                "comment": c.comment,
                "rubric": c.rubric,
                "rubric_version": c.rubric_version,
                "tool": dict(c.tool),
                "quotes": list(c.quotes),
            },
            ensure_ascii=False,
        )
        + "\n"
        for c in corrections
    )


def merged(old: Iterable[Correction], new: Iterable[Correction]) -> list[Correction]:
    """Old and new corrections; a new verdict replaces the old one, and an old comment stays unless there is a new."""
    found = {(c.student, c.draft, c.id): c for c in old}
    for c in new:
        before = found.get((c.student, c.draft, c.id))
        if before:
            c = replace(
                c, status=c.status or before.status, comment=c.comment or before.comment, tool=before.tool or c.tool
            )
        found[c.student, c.draft, c.id] = c
    return list(found.values())


def by_owner(corrections: Iterable[Correction]) -> dict[str, tuple[Correction, ...]]:
    """Corrections by the draft they are about."""
    found: dict[str, list[Correction]] = defaultdict(list)
    for c in corrections:
        found[c.owner].append(c)
    return {owner: tuple(group) for owner, group in found.items()}


def tool_verdicts(feedback: Feedback) -> dict[str, tuple[dict[str, Any], tuple[str, ...]]]:
    """What the tool says of each id, as a correction keeps it: the verdict and the words it goes by."""
    findings = feedback.findings
    verdicts: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {}
    items: tuple[Any, ...] = (*findings.criteria, *feedback.matches, *findings.evidence)
    for item_id, found in (("judgement", findings.judgement), *((item.id, item) for item in items)):
        said: dict[str, Any] = {"status": found.status, "confidence": round(found.confidence, 4)}
        if hasattr(found, "probabilities"):
            said["probabilities"] = {label: round(found.probabilities[label], 4) for label in POINT_LABELS}
        verdicts[item_id] = said, tuple(quote.text for quote in found.quotes)
    return verdicts


def apply_corrections(feedback: Feedback, corrections: Iterable[Correction]) -> Feedback:
    """The feedback with the teacher's verdicts in place of the tool's, put into words anew, her comments first."""
    given = {c.id: c for c in corrections}
    allowed = allowed_statuses(feedback.rubric)
    status = {i: c.status for i, c in given.items() if c.status in allowed.get(i, ())}
    comments = tuple(
        Message(COMMENT_CODE, i if i in allowed else "", "next_step", f"Your teacher: {' '.join(c.comment.split())}")
        for i, c in given.items()
        if c.comment.strip()
    )
    if not status:
        return replace(feedback, messages=(*comments, *feedback.messages))
    findings = feedback.findings
    judgement = findings.judgement
    if "judgement" in status:
        is_missing = status["judgement"] == "missing"
        judgement = replace(
            judgement,
            status=cast(JudgementStatus, status["judgement"]),
            confidence=1.0,
            stance="none" if is_missing else judgement.stance,
            where=() if is_missing else judgement.where,
            quotes=() if is_missing else judgement.quotes,
        )
    corrected = replace(
        findings,
        judgement=judgement,
        criteria=tuple(_decided(c, status) for c in findings.criteria),
        evidence=tuple(_decided(e, status) for e in findings.evidence),
        slips=tuple(s for s in findings.slips if status.get(s.evidence) not in ("used", "named", "missing")),
        unlinked_evidence=tuple(u for u in findings.unlinked_evidence if status.get(u.evidence) in (None, "named")),
    )
    matches = tuple(
        replace(
            _decided(m, status),
            probabilities={label: float(label == status[m.id]) for label in POINT_LABELS},
            reason=SET_BY_TEACHER,
        )
        if m.id in status
        else m
        for m in feedback.matches
    )
    composed = compose_feedback(
        feedback.essay, feedback.rubric, corrected, matches, trained_models=feedback.trained_models
    )
    return replace(
        composed,
        matches=tuple(replace(m, reason=SET_BY_TEACHER) if m.id in status else m for m in composed.matches),
        analyser_version=feedback.analyser_version,
        messages=(*comments, *composed.messages),
    )


def _decided(finding: Any, status: Mapping[str, str]) -> Any:
    if finding.id not in status:
        return finding
    is_missing = status[finding.id] == "missing"
    return replace(finding, status=status[finding.id], confidence=1.0, quotes=() if is_missing else finding.quotes)
