"""What a marking run keeps in its output folder, so that it can be stopped at any instant and go on.

Every file is written whole under another name and then renamed, so each is either the old one, the new one or not
there. What a draft's feedback was made from (draft, rubric, weights, version) is part of it: if any of these changes,
the draft is done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from analyser import __version__, shipped
from analyser.alignment.learned import learned_path
from analyser.errors import UsageError
from analyser.readers import Reading
from analyser.records import Block, Feedback, Notice, Observation, Quote, Rubric
from analyser.report.json import from_record, to_record

FOLDER = ".analyser"
# Files of a trained model up to this many bytes are compared by content, larger ones (weights) by size.
MAX_HASHED_BYTES = 200_000
FORMAT = 1


class Store:
    """The files of one output folder."""

    def __init__(self, output: Path):
        self.output = output
        self.folder = output / FOLDER

    def open(self) -> None:
        """Make the folders, or get those of an earlier run ready. Raises UsageError (E334)."""
        try:
            for folder in (self.drafts, self.temporary):
                folder.mkdir(parents=True, exist_ok=True)
            self.clear()
            self.write(self.folder / "writable", b"")
            (self.folder / "writable").unlink()
        except OSError as error:
            raise UsageError(
                "E334",
                f"the output folder cannot be written ({error.strerror}).",
                where=str(self.output),
                hint="Choose another with -o.",
            ) from None

    def clear(self) -> None:
        """Clear away what a killed process left half-written."""
        for left in self.temporary.iterdir():
            left.unlink(missing_ok=True)

    @property
    def drafts(self) -> Path:
        return self.folder / "drafts"

    @property
    def temporary(self) -> Path:
        return self.folder / "unfinished"

    def write(self, path: Path, data: bytes) -> None:
        """Write a file whole or not at all. Raises OSError."""
        temporary = self.temporary / f"{os.getpid()}-{sha256(str(path).encode('utf8')).hexdigest()[:16]}"
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def new_file(self, name: str) -> Path:
        """Where to build a large file before ``keep`` puts it in its place."""
        return self.temporary / f"{os.getpid()}-{name}"

    def keep(self, built: Path, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        built.replace(path)

    def draft_file(self, owner: str, part: str) -> Path:
        """A file about one draft; ``owner`` is the student's key and the draft's hash, ``part`` what it holds."""
        return self.drafts / f"{sha256(owner.encode('utf8')).hexdigest()[:24]}.{part}"

    def read_json(self, path: Path) -> Any:
        """The contents, or None when the file is missing or damaged."""
        try:
            return json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None


def made_from(rubric: Rubric, reading: Reading) -> str:
    """A hash of what all feedback of a run is made from but the draft."""
    found = sha256(f"{FORMAT} {__version__} {rubric!r} {reading!r}".encode())
    folders = [shipped.folder("models"), *([Path(reading.matcher)] if reading.matcher else [])]
    for folder in folders:
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file():
                size = file.stat().st_size
                found.update(f"{file.relative_to(folder).as_posix()} {size}".encode())
                if size <= MAX_HASHED_BYTES:
                    found.update(file.read_bytes())
    learned = learned_path(rubric)
    if learned is not None and learned.is_file():
        found.update(learned.read_bytes())
    return found.hexdigest()[:32]


def to_state(feedback: Feedback) -> dict[str, Any]:
    """The feedback record with what the record leaves out, so that feedback comes back exactly."""
    return {
        "record": to_record(feedback),
        "blocks": [[b.start, b.end, b.kind, b.level] for b in feedback.essay.blocks],
        "notices": [[n.code, n.text] for n in feedback.essay.notices],
        "notes": list(feedback.findings.judgement.notes),
        "observations": [
            [o.code, [[q.start, q.end] for q in o.quotes], dict(o.slots)] for o in feedback.findings.observations
        ],
    }


def from_state(state: Mapping[str, Any], rubric: Rubric) -> Feedback:
    """Feedback as it was. Raises UsageError when the state is damaged or of another rubric."""
    feedback = from_record(state["record"], rubric)
    text = feedback.essay.text
    essay = replace(
        feedback.essay,
        blocks=tuple(Block(start, end, kind, level) for start, end, kind, level in state["blocks"]),
        notices=tuple(Notice(code, said) for code, said in state["notices"]),
    )
    findings = replace(
        feedback.findings,
        judgement=replace(feedback.findings.judgement, notes=tuple(state["notes"])),
        observations=tuple(
            Observation(code, tuple(Quote(start, end, text[start:end]) for start, end in quotes), slots)
            for code, quotes, slots in state["observations"]
        ),
    )
    return replace(feedback, essay=essay, findings=findings)
