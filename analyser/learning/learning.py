"""Corrections -> what is learnt about a rubric, with how well it does on drafts it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyser.alignment.aligner import TrainedAligner, load_aligner
from analyser.alignment.learned import Learned, learned_path, write_learned
from analyser.detectors import find_all, prepare_lexicons
from analyser.errors import UsageError
from analyser.learning.corrections import CorrectedDraft, read_corrections
from analyser.learning.fitting import fit_offsets
from analyser.records import Rubric
from analyser.rubrics import load_rubric
from analyser.text.parsing import load_pipeline, parse_essay

# Drafts from which something is learnt: with fewer the figures on left-out drafts of the labelled questions hardly
# rise (docs/learn.md).
MIN_DRAFTS = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """How well points are judged: ``n_right`` is there-or-not right at even odds, ``log_loss`` in nats a point."""

    n_right: int
    log_loss: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was learnt and where it is kept, with the figures before and after, each draft left out in turn."""

    learned: Learned
    path: Path
    before: Figures
    after: Figures
    n_aside: int = 0


def learn(corrections: str | Path, rubric: Rubric | str | Path) -> Outcome:
    """Learn from corrections about one rubric, and keep it for later runs.

    ``corrections`` is a CSV or JSON Lines file or the folder of a marked class. What was learnt before is replaced.
    Raises UsageError (E380 to E388), DraftError and RubricError.
    """
    rubric = rubric if isinstance(rubric, Rubric) else load_rubric(rubric)
    path = _place(rubric)
    aligner = load_aligner(rubric)
    if not isinstance(aligner, TrainedAligner):
        raise UsageError("E384", "the trained matcher is not installed.", hint="Install essay-analyser again.")
    read = read_corrections(Path(corrections), rubric)
    if len(read.drafts) < MIN_DRAFTS:
        raise UsageError(
            "E383",
            f"these are corrections of points in {len(read.drafts)} drafts; at least {MIN_DRAFTS} are needed.",
            where=str(corrections),
            hint="Label every point of a draft, also where the tool was right.",
        )
    general, labels, drafts = judged(aligner, read.drafts)
    learned = Learned(fit_offsets(general, labels), len(read.drafts), len(labels), aligner.fingerprint)
    outcome = Outcome(
        learned, path, figures(general, labels), figures(left_out(general, labels, drafts), labels), read.n_aside
    )
    write_learned(learned, path)
    return outcome


def forget(rubric: Rubric | str | Path) -> Path:
    """Remove what was learnt about a rubric. Raises UsageError (E387 when there is nothing, E385)."""
    path = _place(rubric if isinstance(rubric, Rubric) else load_rubric(rubric))
    try:
        path.unlink()
    except FileNotFoundError:
        raise UsageError("E387", "nothing was learnt about this rubric.", where=str(path)) from None
    except OSError as error:
        raise UsageError("E385", f"the file cannot be removed ({error.strerror}).", where=str(path)) from None
    return path


def judged(aligner: TrainedAligner, drafts: tuple[CorrectedDraft, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The general model's probabilities (n, 4) of every corrected point, its right label, and its draft's index."""
    general, labels, indices = [], [], []
    nlp, lexicons = load_pipeline(), prepare_lexicons(aligner.rubric)
    for index, draft in enumerate(drafts):
        parsed = parse_essay(draft.essay, aligner.rubric, nlp)
        features, _ = aligner.features(parsed, find_all(parsed, aligner.rubric, lexicons))
        for point, row in zip(aligner.rubric.points, aligner.top.probabilities(features), strict=True):
            if point.id in draft.label_by_point:
                general.append(row)
                labels.append(draft.label_by_point[point.id])
                indices.append(index)
    return np.array(general), np.array(labels), np.array(indices)


def left_out(general: np.ndarray, labels: np.ndarray, drafts: np.ndarray) -> np.ndarray:
    """Probabilities (n, 4) of each point, learnt from the other drafts alone."""
    out = general.copy()
    for draft in np.unique(drafts):
        is_own = drafts == draft
        out[is_own] = fit_offsets(general[~is_own], labels[~is_own]).adjust(general[is_own])
    return out


def figures(probabilities: np.ndarray, labels: np.ndarray) -> Figures:
    """There means covered or partial, the first two of POINT_LABELS."""
    is_right = (probabilities[:, :2].sum(1) >= 0.5) == (labels < 2)
    return Figures(int(is_right.sum()), float(-np.log(probabilities[np.arange(len(labels)), labels]).mean()))


def _place(rubric: Rubric) -> Path:
    if (path := learned_path(rubric)) is None:
        raise UsageError("E388", f"the rubric '{rubric.id}' was not read from a file.")
    return path
