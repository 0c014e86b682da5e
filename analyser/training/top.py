"""Fit the matcher's top model: features of every point and draft -> calibrated probabilities and thresholds.

Figures are leave-one-question-out: for each question the model and its thresholds are chosen on the other questions.
The shipped ``top.json`` is fitted on all of them.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from analyser.alignment.aligner import Thresholds, TopModel, load_encoders
from analyser.alignment.features import FEATURES, compute_features, encode_rubric
from analyser.detectors import find_all, prepare_lexicons
from analyser.records import POINT_LABELS, Findings, Rubric
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import LABEL_INDEX, Draft, read_drafts

# Inverse strength of the L2 penalty; from 0.01 to 1 the leave-one-question-out log-loss moves by under 0.01.
PENALTY = 0.05
# What a said verdict must reach on left-out questions (share right), and the weight of a draft's question when some
# questions have more drafts than others: every question counts the same.
TARGET_PRECISION = 0.92
# A verdict that cannot reach its target is never said.
NEVER = 1.1


@dataclass(frozen=True, slots=True)
class Rows:
    """``features`` (n, n_features), ``labels`` (n,) as indices into POINT_LABELS, ``questions`` (n,) of rubric ids."""

    features: np.ndarray
    labels: np.ndarray
    questions: np.ndarray


def collect(drafts: list[Draft], folder: Path) -> Rows:
    """Compute the features of every labelled point of every draft with the encoders in ``folder``."""
    features, labels, questions = [], [], []
    bi, cross = load_encoders(folder)
    for rubric, group in by_rubric(drafts):
        encoded = encode_rubric(rubric, bi)
        for draft, findings, parsed in found(rubric, group):
            rows, _ = compute_features(parsed, rubric, encoded, findings, bi, cross)
            for row, point in zip(rows, rubric.points, strict=True):
                features.append(row)
                labels.append(LABEL_INDEX[draft.labels[point.id][0]])
                questions.append(rubric.id)
    return Rows(np.array(features), np.array(labels), np.array(questions))


def by_rubric(drafts: list[Draft]) -> Iterator[tuple[Rubric, list[Draft]]]:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.rubric.id].append(draft)
    for group in groups.values():
        yield group[0].rubric, group


def found(rubric: Rubric, drafts: list[Draft]) -> Iterator[tuple[Draft, Findings, object]]:
    """Each draft with what the detectors find in it, and its parse."""
    nlp, lexicons = load_pipeline(), prepare_lexicons(rubric)
    for draft in drafts:
        parsed = parse_essay(draft.essay, rubric, nlp)
        yield draft, find_all(parsed, rubric, lexicons), parsed


def fit(rows: Rows, thresholds: Thresholds | None = None) -> TopModel:
    """A multinomial logistic regression in which every question weighs the same."""
    mean, scale = rows.features.mean(0), rows.features.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    _, inverse, counts = np.unique(rows.questions, return_inverse=True, return_counts=True)
    weights = (counts.mean() / counts)[inverse]
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    model.fit((rows.features - mean) / scale, rows.labels, sample_weight=weights)
    full = np.full((len(POINT_LABELS), len(FEATURES) + 1), 0.0)
    full[:, -1] = -10.0
    for label, coefficients, intercept in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        full[label] = [*coefficients, intercept]
    return TopModel(mean, scale, full, thresholds or Thresholds(NEVER, NEVER, NEVER))


def left_out(rows: Rows) -> np.ndarray:
    """Probabilities (n, 4) of each row from a model that never saw its question."""
    out = np.zeros((len(rows.labels), len(POINT_LABELS)))
    for question in np.unique(rows.questions):
        is_own = rows.questions == question
        out[is_own] = fit(without(rows, question)).probabilities(rows.features[is_own])
    return out


def without(rows: Rows, question: str) -> Rows:
    keep = rows.questions != question
    return Rows(rows.features[keep], rows.labels[keep], rows.questions[keep])


def choose_thresholds(probabilities: np.ndarray, labels: np.ndarray, target: float = TARGET_PRECISION) -> Thresholds:
    """The lowest thresholds at which each verdict is right at least ``target`` of the time.

    ``contradicted`` is said of a student's claim, so it needs the same; when no threshold reaches the target with at
    least 20 verdicts, the verdict is never said.
    """
    covered, partial, contradicted, missing = range(4)
    is_there = (labels == covered) | (labels == partial)

    def lowest(scores: np.ndarray, right: np.ndarray, at_least: int) -> float:
        order = np.argsort(-scores, kind="stable")
        shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
        reached = np.flatnonzero((shares >= target) & (np.arange(1, len(order) + 1) >= at_least))
        return round(float(scores[order][reached[-1]]), 4) if len(reached) else NEVER

    return Thresholds(
        covered=lowest(probabilities[:, covered] + probabilities[:, partial], is_there, 20),
        missing=lowest(probabilities[:, missing], labels == missing, 20),
        contradicted=lowest(probabilities[:, contradicted], labels == contradicted, 8),
    )


def save(model: TopModel, path: Path) -> None:
    data = {
        "features": FEATURES,
        "mean": np.round(model.mean, 6).tolist(),
        "scale": np.round(model.scale, 6).tolist(),
        "weights": np.round(model.weights, 5).tolist(),
        "thresholds": {name: getattr(model.thresholds, name) for name in ("covered", "missing", "contradicted")},
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled drafts")
    parser.add_argument("--models", type=Path, required=True, help="models/matcher: encoders in, top.json out")
    args = parser.parse_args()
    rows = collect(read_drafts(args.essays), args.models)
    probabilities = left_out(rows)
    save(fit(rows, choose_thresholds(probabilities, rows.labels)), args.models / "top.json")
    there = probabilities[:, :2].sum(1)
    print(f"{len(rows.labels)} points of {len(np.unique(rows.questions))} questions; mean p(there) {there.mean():.3f}")


if __name__ == "__main__":
    main()
