"""The teacher's desk: the verdicts of a marked class to go through, and her decisions saved one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyser.classroom.classes import RECORDS, RUBRIC_FILE
from analyser.classroom.corrections import FILE as CORRECTIONS_FILE
from analyser.classroom.corrections import (
    Correction,
    allowed_statuses,
    corrections_text,
    load_corrections,
    merged,
    tool_verdicts,
)
from analyser.classroom.extra import require_extra
from analyser.classroom.state import Store
from analyser.errors import UsageError
from analyser.report.class_report import doubts_of, item_labels
from analyser.report.json import from_record
from analyser.rubrics import load_rubric

# Characters of the draft shown on either side of a quote.
N_CONTEXT = 160


@dataclass(frozen=True, slots=True)
class Item:
    """One verdict to look at. ``status`` and ``confidence`` are the tool's; ``context`` the words around its quote."""

    student: str
    key: str
    draft: str
    id: str
    label: str
    status: str
    confidence: float
    context: str
    allowed: tuple[str, ...]
    tool: dict[str, Any]
    quotes: tuple[str, ...]


class Desk:
    """A marked class's folder, opened for review. Raises UsageError (E345) when it is none."""

    def __init__(self, output: Path):
        require_extra()
        self.output = output
        self.store = Store(output)
        rubric_file = self.store.folder / RUBRIC_FILE
        if not rubric_file.is_file() or not (output / RECORDS).is_file():
            raise UsageError("E345", "this is not the output folder of a finished `analyser mark`.", where=str(output))
        self.rubric = load_rubric(rubric_file)
        self.labels = item_labels(self.rubric)
        self.allowed = allowed_statuses(self.rubric)

    @property
    def names(self) -> dict[str, str]:
        """Students' names by their keys."""
        return {record["marking"]["key"]: record["marking"]["student"] for record in self._records()}

    def queue(self, *, show_all: bool = False, student: str | None = None) -> list[Item]:
        """The verdicts to look at, "unsure" ones first, then the least certain; decided ones are left out."""
        decided = {(c.student, c.draft, c.id) for c in load_corrections(self.output) if c.status}
        items = [
            item
            for record in self._records()
            if student is None or record["marking"]["student"].casefold() == student.casefold()
            for item in self._items(record, show_all=show_all)
            if (item.key, item.draft, item.id) not in decided
        ]
        return sorted(items, key=lambda item: (item.status != "unsure", item.confidence, item.student, item.id))

    def decide(self, item: Item, status: str, comment: str = "") -> None:
        """Keep a verdict or a comment at once."""
        new = Correction(
            item.key, item.draft, item.id, status, comment, self.rubric.id, self.rubric.version, item.tool, item.quotes
        )
        text = corrections_text(merged(load_corrections(self.output), [new]))
        self.store.write(self.output / CORRECTIONS_FILE, text.encode("utf8"))

    def _items(self, record: dict[str, Any], *, show_all: bool) -> Iterator[Item]:
        feedback = from_record(record, self.rubric)
        marking = record["marking"]
        verdicts = tool_verdicts(feedback)
        wanted = verdicts if show_all else {doubt.id: doubt for doubt in doubts_of(feedback)}
        first = dict(reversed(list(feedback.quotes())))
        for item_id in wanted:
            tool, quotes = verdicts[item_id]
            quote = first.get(item_id)
            text = feedback.essay.text
            context = text[max(0, quote.start - N_CONTEXT) : quote.end + N_CONTEXT] if quote else ""
            yield Item(
                marking["student"],
                marking["key"],
                marking["draft"],
                item_id,
                self.labels.get(item_id, item_id),
                tool["status"],
                tool["confidence"],
                " ".join(context.split()),
                self.allowed[item_id],
                tool,
                quotes,
            )

    def _records(self) -> Iterator[dict[str, Any]]:
        path = self.output / RECORDS
        with path.open(encoding="utf8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield json.loads(line)
                except ValueError:
                    raise UsageError("E345", f"line {number} is damaged.", where=str(path)) from None
