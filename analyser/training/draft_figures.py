"""The benchmark's figures on labelled drafts and passages: the matcher's, the easy methods', and how they grow."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from analyser.alignment.aligner import TopModel, load_encoders
from analyser.alignment.encoders import BiEncoder
from analyser.alignment.features import FEATURES
from analyser.alignment.windows import find_windows
from analyser.learning.fitting import fit_offsets
from analyser.records import POINT_LABELS
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training import top
from analyser.training.baselines import bm25, keywords, tf_idf
from analyser.training.evaluate import records
from analyser.training.measures import Figures, point_figures
from analyser.training.written_data import LABEL_INDEX, Draft, point_text, read_questions

SEED = 7
# Random choices of questions or drafts that a point of a curve is the mean of.
N_DRAWS = 4
# Corrected drafts of a question; -1 is all but one.
N_CORRECTED = (1, 3, 5, -1)


def matcher_models(rows: top.Rows) -> dict[str, TopModel]:
    """For each question a top model from the other questions alone."""
    models = {}
    for question in sorted(set(rows.questions)):
        others = top.without(rows, question)
        models[question] = top.fit(others)
    return models


def matcher_points(drafts: Sequence[Draft], models: Mapping[str, TopModel]) -> list[dict[str, Any]]:
    """What the whole tool says of every labelled point, each question by the model of the others."""
    found = records(list(drafts), dict(models), {})
    points = []
    for draft in drafts:
        said = {point["id"]: point for point in found[f"{draft.rubric.id}-{draft.essay.id}"]["points"]}
        for point in draft.rubric.points:
            one = said[point.id]
            points.append(
                {
                    "question": draft.rubric.id,
                    "draft": draft.essay.id,
                    "point": point.id,
                    "label": draft.labels[point.id][0],
                    "status": one["status"],
                    "probabilities": [round(one["probabilities"][label], 3) for label in POINT_LABELS],
                }
            )
    return points


def easy_scores(drafts: Sequence[Draft], bi: BiEncoder) -> dict[str, np.ndarray]:
    """One score a labelled point by each easy method, in the order of the drafts and their rubrics' points."""
    scores: dict[str, list[float]] = defaultdict(list)
    for rubric, group in top.by_rubric(list(drafts)):
        statements = [point.statement for point in rubric.points]
        vectors = bi.encode(statements)
        for draft in group:
            parsed = parse_essay(draft.essay, rubric, load_pipeline())
            passages = [draft.essay.text[w.start : w.end] for w in find_windows(parsed, max_sentences=2)]
            scores["TF-IDF"] += tf_idf(statements, passages).max(1).tolist()
            scores["BM25"] += bm25(statements, passages).max(1).tolist()
            scores["plain cosine"] += (vectors @ bi.encode(passages).T).max(1).tolist()
            scores["keyword rules"] += keywords(statements, [draft.essay.text])[:, 0].tolist()
    return {method: np.array(values) for method, values in scores.items()}


def easy_figures(score: np.ndarray, rows: top.Rows) -> Figures:
    """A score gets the same top model and thresholds as the matcher's features.

    It stands in every column, since the penalty that suits many features would flatten a single one.
    """
    features = np.tile(score[:, None], len(FEATURES))
    own = replace(rows, features=features)
    probabilities, statuses = np.zeros((len(score), len(POINT_LABELS))), np.full(len(score), "unsure", dtype=object)
    for question, model in matcher_models(own).items():
        is_own = own.questions == question
        probabilities[is_own] = model.probabilities(features[is_own])
        statuses[is_own] = _statuses(probabilities[is_own], model)
    kept = own.is_draft
    return point_figures(probabilities[kept], statuses[kept], own.labels[kept])


def _statuses(probabilities: np.ndarray, model: TopModel) -> np.ndarray:
    limits, there = model.thresholds, probabilities[:, :2].sum(1)
    is_said = [
        probabilities[:, 3] >= limits.missing,
        probabilities[:, 2] >= limits.contradicted,
        there >= limits.covered,
    ]
    return np.select(is_said, ["missing", "contradicted", "covered"], "unsure").astype(object)


def matcher_figures(points: Sequence[Mapping[str, Any]]) -> Figures:
    return point_figures(
        np.array([point["probabilities"] for point in points]),
        np.array([point["status"] for point in points], dtype=object),
        np.array([LABEL_INDEX[point["label"]] for point in points]),
    )


# ---------------------------------------------------------------- curves


def question_curve(rows: top.Rows) -> list[dict[str, float]]:
    """Figures on a left-out question by the number of other questions that the top model was fitted on."""
    questions, rng = sorted(set(rows.questions)), np.random.default_rng(SEED)
    curve = []
    for n in range(1, len(questions)):
        probabilities, labels = [], []
        for question in questions:
            others = [other for other in questions if other != question]
            is_asked = (rows.questions == question) & rows.is_draft
            for chosen in _some(list(itertools.combinations(others, n)), rng):
                model = top.fit(rows.only(np.isin(rows.questions, chosen)))
                probabilities.append(model.probabilities(rows.features[is_asked]))
                labels.append(rows.labels[is_asked])
        curve.append({"n": n, **_curve_figures(np.concatenate(probabilities), np.concatenate(labels))})
    return curve


def correction_curve(rows: top.Rows, drafts: np.ndarray, models: Mapping[str, TopModel]) -> list[dict[str, float]]:
    """Figures on a question's other drafts by the number of its drafts that were corrected, before and after."""
    rng, curve = np.random.default_rng(SEED), []
    for n in N_CORRECTED:
        before, after, labels = [], [], []
        for question, model in models.items():
            is_own = (rows.questions == question) & rows.is_draft
            own = sorted(set(drafts[is_own]))
            n_taught = n if n > 0 else len(own) - 1
            if not 0 < n_taught < len(own):
                continue
            for chosen in _some(list(itertools.combinations(own, n_taught)), rng):
                is_taught = is_own & np.isin(drafts, chosen)
                is_asked = is_own & ~is_taught
                general = model.probabilities(rows.features[is_asked])
                offsets = fit_offsets(model.probabilities(rows.features[is_taught]), rows.labels[is_taught])
                before.append(general)
                after.append(offsets.adjust(general))
                labels.append(rows.labels[is_asked])
        if labels:
            truth = np.concatenate(labels)
            curve.append(
                {"n": n}
                | {f"{k}_before": v for k, v in _curve_figures(np.concatenate(before), truth).items()}
                | {f"{k}_after": v for k, v in _curve_figures(np.concatenate(after), truth).items()}
            )
    return curve


def _curve_figures(probabilities: np.ndarray, labels: np.ndarray) -> Figures:
    found = point_figures(probabilities, np.full(len(labels), "unsure", dtype=object), labels)
    return {key: found[key] for key in ("auc", "kappa", "kappa4", "ece", "log_loss")}


def _some(choices: list[tuple], rng: np.random.Generator) -> Iterator[tuple]:
    """A few of the choices, or all of them when they are few."""
    indices = range(len(choices)) if len(choices) <= N_DRAWS else rng.choice(len(choices), N_DRAWS, replace=False)
    return (choices[int(index)] for index in indices)


# ---------------------------------------------------------------- passages by kind


def contrast_figures(written: Sequence[Path], weights: Path, slugs: Sequence[str], limit: int | None) -> dict[str, Any]:
    """The cross-encoder's label of passages on questions that its weights did not see, by kind."""
    _, cross = load_encoders(weights)
    asked = [question for question in read_questions(list(written)) if question.slug in slugs]
    pairs, labels, kinds = [], [], []
    for question in asked:
        for passage in question.passages[:limit]:
            text = point_text(question.sides, passage.point, question.statement_by_point[passage.point])
            pairs.append((passage.text, text))
            labels.append(LABEL_INDEX[passage.label])
            kinds.append(passage.kind)
    wanted, kind = np.array(labels), np.array(kinds)
    found = cross.score(pairs).argmax(1)
    return {
        "questions": [question.slug for question in asked],
        "n": len(pairs),
        "macro_f1": float(f1_score(wanted, found, average="macro", zero_division=0)),
        "f1": dict(zip(POINT_LABELS, f1_score(wanted, found, labels=range(4), average=None).tolist(), strict=True)),
        "right_by_kind": {k: float((found == wanted)[kind == k].mean()) for k in sorted(set(kinds))},
    }
