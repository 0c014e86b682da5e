"""What is known about a class after marking: a row a student, what was not marked, remarks; as tables for pandas.

Small on purpose, since it is held for thousands of students: no draft's text, and quotes only where a person must look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from analyser.records import CriterionFinding, Feedback, Match, Rubric

if TYPE_CHECKING:
    from pandas import DataFrame

RemarkKind = Literal["skipped", "set_aside", "note"]

# Verdicts the tool is less sure of than this (0 to 1) go to the review queue, with all "unsure" ones. By hand: it
# keeps the queue of a class of 30 to what can be looked through in a quarter of an hour.
MIN_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was decided or happened: ``skipped`` work got no feedback, ``set_aside`` by a rule in favour of
    another file, ``note`` is for her eye. ``analyser explain`` explains ``code``; ``key`` tells namesakes apart."""

    kind: RemarkKind
    code: str
    student: str
    file: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A verdict that wants the teacher's eye."""

    id: str
    status: str
    confidence: float
    quote: str = ""


@dataclass(frozen=True, slots=True)
class SlipRow:
    kind: str
    evidence: str
    found: str
    expected: str
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    tone: str
    about: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One student's draft. ``student`` is a distinct name (or code), also of the feedback files; ``statuses`` maps
    the ids of criteria, points and evidence, and "judgement", to verdicts, the teacher's where she gave one (their
    ids are in ``corrected``); ``prefix`` and ``platform_id`` serve the upload."""

    student: str
    key: str
    draft: str
    file: str
    n_words: int
    stance: str
    statuses: Mapping[str, str]
    coverage: Mapping[str, float]
    slips: tuple[SlipRow, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    said: tuple[Said, ...] = ()
    is_late: bool = False
    corrected: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    n_unlinked: int = 0
    prefix: str = ""
    platform_id: str = ""
    author: str = ""
    prints: tuple[int, ...] = ()

    @property
    def found_ratio(self) -> float:
        """Points found, half ones counting half, as a share of all points (for sorting; never shown as a mark)."""
        ratios = [self.coverage.get(part) for part in ("similarities", "differences")]
        known = [ratio for ratio in ratios if ratio is not None]
        return sum(known) / len(known) if known else 0.0


@dataclass(frozen=True)
class ClassReport:
    """A class's results, students in the order of their names."""

    rubric: Rubric
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()
    importer: str = ""
    not_handed_in: tuple[str, ...] = ()
    file_formats: tuple[str, ...] = field(default=())

    @property
    def skipped(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.kind == "skipped")

    def counts(self, item_id: str) -> Counter[str]:
        """How many students have each status in one criterion, point or piece of evidence."""
        return Counter(row.statuses.get(item_id, "missing") for row in self.rows)

    def doubts(self) -> Iterator[tuple[Row, Doubt]]:
        """The review queue: "unsure" first, then the least certain, without what she has decided."""
        queue = [(row, doubt) for row in self.rows for doubt in row.doubts if doubt.id not in row.corrected]
        yield from sorted(queue, key=lambda pair: (pair[1].status != "unsure", pair[1].confidence, pair[0].student))

    # ------------------------------------------------------------ tables

    def overview(self) -> DataFrame:
        """One row a student."""
        return _frame(
            (
                {
                    "student": row.student,
                    "file": row.file,
                    "late": row.is_late,
                    "words": row.n_words,
                    "judgement": row.statuses.get("judgement", ""),
                    "stance": row.stance,
                    **{
                        part: row.coverage.get(part) for part in ("criteria", "similarities", "differences", "evidence")
                    },
                    "slips": len(row.slips),
                    "evidence not explained": row.n_unlinked,
                    "to review": sum(doubt.id not in row.corrected for doubt in row.doubts),
                    "corrected by teacher": ", ".join(row.corrected),
                    "teacher's comments": "\n".join(row.comments),
                    "notices": ", ".join(row.notices),
                }
                for row in self.rows
            ),
            "student file late words judgement stance criteria similarities differences evidence slips".split(),
        )

    def points(self) -> DataFrame:
        """One row a student, one column a criterion or point, its cells the statuses."""
        ids = [c.id for c in self.rubric.criteria] + [p.id for p in self.rubric.points]
        return self._statuses(["judgement", *ids])

    def evidence(self) -> DataFrame:
        """One row a student, one column a piece of evidence, its cells the statuses."""
        return self._statuses([item.id for item in self.rubric.evidence])

    def slips(self) -> DataFrame:
        """One row a slip."""
        return _frame(
            (
                {
                    "student": row.student,
                    "kind": slip.kind,
                    "evidence": slip.evidence,
                    "written": slip.found,
                    "rubric has": slip.expected,
                    "quote": slip.quote,
                }
                for row in self.rows
                for slip in row.slips
            ),
            ["student", "kind", "evidence", "written", "rubric has", "quote"],
        )

    def review(self) -> DataFrame:
        """The review queue, with empty columns for the teacher's verdict and comment."""
        labels = item_labels(self.rubric)
        return _frame(
            (
                {
                    "student": row.student,
                    "id": doubt.id,
                    "asks for": labels.get(doubt.id, doubt.id),
                    "tool says": doubt.status,
                    "sure": doubt.confidence,
                    "quote": doubt.quote,
                    "your verdict": "",
                    "your comment": "",
                    "key": row.key,
                    "draft": row.draft,
                }
                for row, doubt in self.doubts()
            ),
            ["student", "id", "asks for", "tool says", "sure", "quote", "your verdict", "your comment", "key", "draft"],
        )

    def decisions(self) -> DataFrame:
        """One row a remark: what was not marked, set aside, late, copied."""
        return _frame(
            (
                {"what": r.kind.replace("_", " "), "code": r.code, "student": r.student, "file": r.file, "why": r.text}
                for r in self.remarks
            ),
            ["what", "code", "student", "file", "why"],
        )

    def _statuses(self, ids: list[str]) -> DataFrame:
        rows = ({"student": row.student, **{i: row.statuses.get(i, "missing") for i in ids}} for row in self.rows)
        return _frame(rows, ["student", *ids])


def item_labels(rubric: Rubric) -> dict[str, str]:
    """What each id asks for, in the rubric's own words (for teachers)."""
    return (
        {"judgement": rubric.judgement.statement}
        | {c.id: c.statement for c in rubric.criteria}
        | {p.id: p.statement for p in rubric.points}
        | {e.id: e.name for e in rubric.evidence}
    )


def doubts_of(feedback: Feedback) -> Iterator[Doubt]:
    """The verdicts on one draft that want the teacher's eye. Evidence only when the tool says it is unsure."""
    findings = feedback.findings
    judgement = findings.judgement
    if judgement.confidence < MIN_SURE:
        yield Doubt("judgement", judgement.status, judgement.confidence, _first(judgement.quotes))
    items: tuple[CriterionFinding | Match, ...] = (*findings.criteria, *feedback.matches)
    for found in items:
        if found.status == "unsure" or found.confidence < MIN_SURE:
            yield Doubt(found.id, found.status, found.confidence, _first(found.quotes))
    for item in findings.evidence:
        if item.status == "unsure":
            yield Doubt(item.id, item.status, item.confidence, _first(item.quotes))


def _first(quotes: tuple) -> str:
    return quotes[0].text if quotes else ""


def _frame(rows: Iterator[dict], columns: list[str]) -> DataFrame:
    import pandas

    frame = pandas.DataFrame(list(rows))
    return frame if len(frame.columns) else pandas.DataFrame(columns=columns)
