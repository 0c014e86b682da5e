"""What a teacher's corrections have taught about one rubric, kept in a small file that holds nobody's words.

A rubric of one's own keeps it beside itself (``<id>.learned.json``), a shipped one in the user's folder of the
analyser. ``analyser learn`` writes it; matching uses it, as long as rubric and matcher are those it was made with.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from analyser import shipped
from analyser.alignment.linear import softmax
from analyser.errors import UsageError
from analyser.records import POINT_LABELS, Rubric

SCHEMA = "analyser.learned/1"
SUFFIX = ".learned.json"
# A probability of nought has no logarithm; the general model gives none so small.
LEAST = 1e-9
# Logits that a file may hold, as a guard against damage: fitted offsets stay under 2.
MOST_OFFSET = 20.0


@dataclass(frozen=True, slots=True)
class Offsets:
    """``scale`` multiplies the general logits; ``labels`` are added to them, one for each of POINT_LABELS."""

    scale: float
    labels: tuple[float, ...]

    def adjust(self, probabilities: np.ndarray) -> np.ndarray:
        """The general model's probabilities (n, 4) with what was learnt; rows sum to 1."""
        return softmax(general_logits(probabilities) * self.scale + np.array(self.labels))


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt, from how much, and what it belongs to (``made_with`` names rubric and matcher)."""

    offsets: Offsets
    n_drafts: int
    n_points: int
    made_with: str


def general_logits(probabilities: np.ndarray) -> np.ndarray:
    return np.log(np.clip(probabilities, LEAST, 1))


def fingerprint(rubric: Rubric, matcher: str) -> str:
    """Names the rubric's points and the matcher: when either changes, what was learnt no longer fits.

    ``matcher`` says which weights are in use.
    """
    points = [(point.id, point.kind, point.statement) for point in rubric.points]
    return sha256(repr((rubric.id, points, matcher)).encode("utf8")).hexdigest()[:32]


def learned_path(rubric: Rubric) -> Path | None:
    """Where what is learnt about a rubric is kept; None for a rubric that was made in memory."""
    if not rubric.folder:
        return None
    if Path(rubric.folder).resolve() == shipped.rubric_path(rubric.id).parent.resolve():
        return shipped.user_folder() / "learned" / f"{rubric.id}{SUFFIX}"
    return Path(rubric.folder) / f"{rubric.id}{SUFFIX}"


def read_learned(path: Path) -> Learned | None:
    """What was learnt, or None when nothing was. Raises UsageError (E386) when the file is damaged."""
    try:
        return _checked(json.loads(path.read_text(encoding="utf8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "E386",
            f"what was learnt from corrections cannot be read ({error}).",
            where=str(path),
            hint="`analyser learn --forget --rubric ...` removes it; then learn again.",
        ) from None


def write_learned(learned: Learned, path: Path) -> None:
    """Write the file whole or not at all. Raises UsageError (E385)."""
    text = json.dumps({"schema": SCHEMA, **asdict(learned)}, indent=1) + "\n"
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf8", dir=path.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UsageError("E385", f"what was learnt cannot be kept ({error.strerror}).", where=str(path)) from None


def _checked(data: Mapping[str, Any]) -> Learned:
    if data["schema"] != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    scale, labels = float(data["offsets"]["scale"]), tuple(float(x) for x in data["offsets"]["labels"])
    if len(labels) != len(POINT_LABELS) or not all(abs(x) <= MOST_OFFSET for x in (scale, *labels)) or scale <= 0:
        raise ValueError("its numbers are out of range")
    return Learned(Offsets(scale, labels), int(data["n_drafts"]), int(data["n_points"]), str(data["made_with"]))
