"""Corrections of points -> drafts with their right labels: from CSV, from JSON Lines, or from a marked class."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyser.errors import UsageError
from analyser.records import POINT_LABELS, Essay, Rubric
from analyser.text.decoding import decode
from analyser.text.reading import read_essay

COLUMNS = ("essay", "point", "label")
# What the files of a marked class are called; analyser.classroom writes them.
CLASS_RECORDS, CLASS_CORRECTIONS = "records.jsonl", "corrections.jsonl"
# Of a file of corrections: a class of 5,000 with every point corrected stays far below. Records hold whole drafts.
MAX_BYTES = 50_000_000
ALLOWED = ", ".join(POINT_LABELS)


@dataclass(frozen=True, slots=True)
class CorrectedDraft:
    """A draft, and the right label (an index into POINT_LABELS) of some of its points."""

    essay: Essay
    label_by_point: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Read:
    """The corrected drafts in order, and how many corrections were left aside: not of points, or of an older draft."""

    drafts: tuple[CorrectedDraft, ...]
    n_aside: int = 0


def read_corrections(source: Path, rubric: Rubric) -> Read:
    """Corrections from a CSV or JSON Lines file, or from the folder of a marked class.

    Essays are named by paths, taken from the corrections' own folder. Raises UsageError (E380 to E382) naming the line,
    and DraftError for an essay that cannot be read.
    """
    if source.is_dir():
        return _from_class(source, rubric)
    if source.name == CLASS_CORRECTIONS and (source.parent / CLASS_RECORDS).is_file():
        return _from_class(source.parent, rubric)
    labels = _gathered(_rows(source), rubric, source)
    return Read(tuple(CorrectedDraft(read_essay(source.parent / name), found) for name, found in labels.items()))


def _rows(source: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    text = _text(source, MAX_BYTES)
    if text.lstrip()[:1] in ("{", "["):
        yield from _json_rows(text, source)
        return
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
    absent = [name for name in COLUMNS if name not in table.fieldnames]
    if absent:
        found = f"found: {', '.join(table.fieldnames)[:120]}"
        raise UsageError("E380", f"the first line has no column {' or '.join(absent)} ({found}).", where=str(source))
    try:
        for row in table:
            if any((row[name] or "").strip() for name in COLUMNS):
                yield table.line_num, row
    except csv.Error as error:
        raise UsageError("E380", f"line {table.line_num} is no CSV ({error}).", where=str(source)) from None


def _json_rows(text: str, source: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):  # JSON may hold other line ends
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError("E380", f"line {number} is no JSON object ({error}).", where=str(source)) from None
        if not isinstance(row, dict):
            raise UsageError("E380", f"line {number} is no JSON object.", where=str(source))
        yield number, row


def _text(source: Path, max_bytes: float = math.inf) -> str:
    try:
        if source.stat().st_size > max_bytes:
            raise UsageError("E380", f"the file is larger than {max_bytes / 1e6:.0f} MB.", where=str(source))
        text = decode(source.read_bytes(), str(source)).text
    except OSError as error:
        raise UsageError("E380", f"the corrections cannot be read ({error.strerror}).", where=str(source)) from None
    if not text.strip():
        raise UsageError("E380", "the file is empty.", where=str(source))
    return text


def _gathered(rows: Iterable[tuple[int, Mapping[str, Any]]], rubric: Rubric, source: Path) -> dict[str, dict[str, int]]:
    """Labels by essay and point, in the order of the file."""
    points = {point.id for point in rubric.points}
    labels: dict[str, dict[str, int]] = {}
    for number, row in rows:
        values = {name: row.get(name) for name in COLUMNS}
        if absent := [name for name, value in values.items() if not isinstance(value, str) or not value.strip()]:
            raise UsageError("E380", f"line {number} has no {' or '.join(absent)}.", where=str(source))
        essay, point, label = (str(value).strip() for value in values.values())
        if point not in points:
            hint = f"Its points: {', '.join(sorted(points))}."
            raise UsageError("E381", f"line {number}: the rubric has no point '{point}'.", where=str(source), hint=hint)
        if label.lower() not in POINT_LABELS:
            raise UsageError(
                "E381", f"line {number}: '{label}' is no label.", where=str(source), hint=f"Allowed: {ALLOWED}."
            )
        index = POINT_LABELS.index(label.lower())
        own = labels.setdefault(essay, {})
        if own.setdefault(point, index) != index:
            said = f"{POINT_LABELS[own[point]]} before and {label.lower()} now"
            raise UsageError("E382", f"line {number}: {point} of '{essay}' is {said}.", where=str(source))
    return labels


def _from_class(output: Path, rubric: Rubric) -> Read:
    """The teacher's verdicts on points in a marked class; drafts that have been replaced since are left aside."""
    from analyser.classroom.corrections import load_corrections
    from analyser.report.json import from_record

    points = {point.id for point in rubric.points}
    labels: dict[str, dict[str, int]] = {}
    n_all = 0
    for correction in load_corrections(output):
        n_all += bool(correction.status)
        if correction.id in points and correction.status in POINT_LABELS:
            labels.setdefault(correction.owner, {})[correction.id] = POINT_LABELS.index(correction.status)
    drafts = []
    for number, record in _json_rows(_text(output / CLASS_RECORDS), output / CLASS_RECORDS):
        try:
            owner = f"{record['marking']['key']} {record['marking']['draft']}"
        except (KeyError, TypeError):
            raise UsageError(
                "E380", f"line {number} is no record of a class.", where=str(output / CLASS_RECORDS)
            ) from None
        if owner in labels:
            drafts.append(CorrectedDraft(from_record(record, rubric).essay, labels[owner]))
    return Read(tuple(drafts), n_all - sum(len(draft.label_by_point) for draft in drafts))
