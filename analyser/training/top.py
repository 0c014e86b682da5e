"""Fit the matcher's top model: features of every point and draft -> calibrated probabilities.

Figures are leave-one-question-out: for each question the model is fitted on the other questions.
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
from analyser.alignment.features import FEATURES, compute_features, encode_rubric, without_ties
from analyser.alignment.ties import find_citing
from analyser.detectors import find_all, prepare_lexicons
from analyser.records import POINT_LABELS, Findings, ParsedEssay, Rubric
from analyser.rubrics.variants import derive_variants
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import LABEL_INDEX, Draft, read_drafts, read_model_answers

# Inverse strength of the L2 penalty; between 0.01 and 0.2 the AUC on left-out questions moves by under 0.005.
PENALTY = 0.02
# A verdict is said from this calibrated probability on: about this share of them is then right (calibration error on
# left-out questions: 0.04). Thresholds that reached a precision of 0.85 on the other questions were tried first; they
# rest on few verdicts, and "missing", which must be right, was right in 0.79 of the times it was said, here in 0.9.
SAID_FROM = 0.8
THRESHOLDS = Thresholds(covered=SAID_FROM, missing=SAID_FROM, contradicted=SAID_FROM)


@dataclass(frozen=True, slots=True)
class Rows:
    """``features`` (n, n_features), ``labels`` (n,) as indices into POINT_LABELS, ``questions`` (n,) of rubric ids.

    ``is_draft`` (n,) is false for rows of a model answer: it covers every point, and anchors the model where an essay
    speaks in the rubric's own words. Such rows are fitted, never scored.
    """

    features: np.ndarray
    labels: np.ndarray
    questions: np.ndarray
    is_draft: np.ndarray

    def only(self, keep: np.ndarray) -> Rows:
        return Rows(self.features[keep], self.labels[keep], self.questions[keep], self.is_draft[keep])


def collect(drafts: list[Draft], folder: Path) -> Rows:
    """Compute the features of every labelled point of every draft with the encoders in ``folder``."""
    features, labels, questions, is_draft = [], [], [], []
    bi, cross = load_encoders(folder)
    for rubric, group in by_rubric(drafts):
        encoded = encode_rubric(rubric, bi, find_citing(rubric, derive_variants(rubric)))
        for draft, findings, parsed in found(rubric, group):
            rows, _ = compute_features(parsed, rubric, encoded, findings, bi, cross)
            for row, point in zip(rows, rubric.points, strict=True):
                features.append(row)
                labels.append(LABEL_INDEX[draft.labels[point.id][0]])
                questions.append(rubric.id)
                is_draft.append(not draft.is_model_answer)
    return Rows(np.array(features), np.array(labels), np.array(questions), np.array(is_draft))


def by_rubric(drafts: list[Draft]) -> Iterator[tuple[Rubric, list[Draft]]]:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.rubric.id].append(draft)
    for group in groups.values():
        yield group[0].rubric, group


def found(rubric: Rubric, drafts: list[Draft]) -> Iterator[tuple[Draft, Findings, ParsedEssay]]:
    """Each draft with what the detectors find in it, and its parse."""
    nlp, lexicons = load_pipeline(), prepare_lexicons(rubric)
    for draft in drafts:
        parsed = parse_essay(draft.essay, rubric, nlp)
        yield draft, find_all(parsed, rubric, lexicons), parsed


def fit(rows: Rows) -> TopModel:
    """A multinomial logistic regression in which every question weighs the same.

    Each row is fitted twice, as it is and with no evidence tied to its point: a rubric need not have a model answer.
    """
    rows = Rows(
        np.concatenate((rows.features, without_ties(rows.features))),
        *(np.tile(column, 2) for column in (rows.labels, rows.questions, rows.is_draft)),
    )
    mean, scale = rows.features.mean(0), rows.features.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    _, inverse, counts = np.unique(rows.questions, return_inverse=True, return_counts=True)
    weights = (counts.mean() / counts)[inverse] / 2
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    model.fit((rows.features - mean) / scale, rows.labels, sample_weight=weights)
    return TopModel(mean, scale, all_weights(model, len(POINT_LABELS)), THRESHOLDS)


def all_weights(model: LogisticRegression, n_classes: int) -> np.ndarray:
    """Coefficients and intercepts, shape (n_classes, n_features + 1); a class without any row is next to impossible."""
    full = np.zeros((n_classes, model.coef_.shape[1] + 1))
    if n_classes == 2:
        full[1] = [*model.coef_[0], model.intercept_[0]]
        return full
    full[:, -1] = -10.0
    for label, coefficients, intercept in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        full[label] = [*coefficients, intercept]
    return full


def left_out(rows: Rows) -> np.ndarray:
    """Probabilities (n, 4) of each row from a model that never saw its question."""
    out = np.zeros((len(rows.labels), len(POINT_LABELS)))
    for question in np.unique(rows.questions):
        is_own = rows.questions == question
        out[is_own] = fit(without(rows, question)).probabilities(rows.features[is_own])
    return out


def without(rows: Rows, question: str) -> Rows:
    return rows.only(rows.questions != question)


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
    rows = collect(read_drafts(args.essays) + read_model_answers(args.essays), args.models)
    model = fit(rows)
    save(model, args.models / "top.json")
    n_questions = len(np.unique(rows.questions))
    print(f"{rows.is_draft.sum()} points of drafts, {(~rows.is_draft).sum()} of model answers, {n_questions} questions")
    print(model.thresholds)


if __name__ == "__main__":
    main()
