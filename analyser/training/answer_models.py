"""Fit the two models that weigh the detectors' reading of judgement and criteria against the cross-encoder's.

They are fitted on drafts of questions whose answers the cross-encoder did not learn (``held_out`` and ``points_only``
in ``meta.json``) and on the labelled essays. Figures on the labelled essays are leave-one-question-out.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from analyser.alignment.aligner import load_encoders
from analyser.alignment.answers import (
    ANSWERS,
    ANSWERS_FILE,
    ASKED_FROM,
    SET_FROM,
    STANCES,
    AnswerModels,
    criterion_features,
    judgement_features,
    read_sentences,
    weighed,
)
from analyser.alignment.linear import Linear
from analyser.detectors.criteria import find_criteria
from analyser.detectors.judgement import find_judgement
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.top import all_weights, by_rubric
from analyser.training.written_data import Draft, read_drafts

# Inverse strength of the L2 penalty. Between 0.03 and 0.3 the figures on left-out questions move within chance.
PENALTY = 0.1


@dataclass(frozen=True, slots=True)
class Rows:
    """``features`` (n, n_features), ``labels`` (n,) and ``questions`` (n,) of rubric ids."""

    features: np.ndarray
    labels: np.ndarray
    questions: np.ndarray

    def without(self, question: str) -> Rows:
        keep = self.questions != question
        return Rows(self.features[keep], self.labels[keep], self.questions[keep])


@dataclass(frozen=True, slots=True)
class AnswerRows:
    """Rows of judgements (labels are indices into ANSWERS) and of criteria (1 where one is set)."""

    judgement: Rows
    criterion: Rows


def unlearned(written: list[Path], folder: Path) -> list[Draft]:
    """Written drafts of the questions whose answers the cross-encoder in ``folder`` did not learn."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf8"))
    kept = {*meta["held_out"], *meta.get("points_only", ())}
    return [draft for draft in read_drafts(written) if draft.rubric.id in kept]


def collect(drafts: list[Draft], folder: Path) -> AnswerRows:
    """Read every draft with the detectors and the cross-encoder in ``folder``."""
    nlp, (_, cross) = load_pipeline(), load_encoders(folder)
    judgements: list[tuple[np.ndarray, int, str]] = []
    criteria: list[tuple[np.ndarray, int, str]] = []
    for rubric, group in by_rubric(drafts):
        for draft in group:
            parsed = parse_essay(draft.essay, rubric, nlp)
            readings = read_sentences(parsed, rubric, cross)
            label = draft.raw["judgement"]
            answer = label["stance"] if label["status"] == "stated" else label["status"]
            judgements.append(
                (judgement_features(find_judgement(parsed, rubric), readings), ANSWERS.index(answer), rubric.id)
            )
            findings = find_criteria(parsed, rubric)
            for finding, row in zip(findings, criterion_features(findings, readings), strict=True):
                criteria.append((row, int(draft.raw["criteria"][finding.id] == "covered"), rubric.id))
    return AnswerRows(_rows(judgements), _rows(criteria))


def fit(rows: AnswerRows) -> AnswerModels:
    return AnswerModels(_fit(rows.judgement, len(ANSWERS)), _fit(rows.criterion, 2))


def fit_without(rows: AnswerRows, question: str) -> AnswerModels:
    """The models from all questions but one."""
    return fit(AnswerRows(rows.judgement.without(question), rows.criterion.without(question)))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of drafts whose judgement and (where one is stated) stance are right, and F1 of the criteria; 0 to 1.

    ``n_missed``: criteria called missing though they are set.
    """

    judgement: float
    stance: float
    criteria: float
    n_missed: int


def left_out_figures(rows: AnswerRows, questions: set[str]) -> tuple[Figures, Figures]:
    """Of the drafts on some questions: the detectors' alone, and with the models from all other questions."""
    found = rows.judgement.features[:, : len(ANSWERS)].argmax(1)
    judged, likely = np.zeros(len(rows.judgement.labels)), np.zeros(len(rows.criterion.labels))
    for question in questions:
        models = fit_without(rows, question)
        own = rows.judgement.questions == question
        likely_answers = models.judgement.probabilities(rows.judgement.features[own])
        judged[own] = [
            ANSWERS.index(weighed(ANSWERS[one], row)) for one, row in zip(found[own], likely_answers, strict=True)
        ]
        own = rows.criterion.questions == question
        likely[own] = models.criterion.probabilities(rows.criterion.features[own])[:, 1]
    kept = np.isin(rows.judgement.questions, list(questions))
    kept_criteria = np.isin(rows.criterion.questions, list(questions))
    likely, is_labelled = likely[kept_criteria], rows.criterion.labels[kept_criteria]
    is_covered, is_unsure = rows.criterion.features[kept_criteria, :2].T > 0.5
    labels = rows.judgement.labels[kept]
    return (
        _figures(found[kept], labels, is_covered, ~(is_covered | is_unsure), is_labelled),
        _figures(judged[kept], labels, likely >= SET_FROM, (likely < ASKED_FROM) & ~is_covered, is_labelled),
    )


def _figures(
    answer: np.ndarray, label: np.ndarray, is_set: np.ndarray, is_missing: np.ndarray, is_labelled: np.ndarray
) -> Figures:
    n_stances = len(STANCES)
    is_stated = label < n_stances
    status, right_status = np.where(answer < n_stances, 0, answer), np.where(is_stated, 0, label)
    return Figures(
        float((status == right_status).mean()),
        float((answer == label)[is_stated].mean()),
        float(f1_score(is_labelled, is_set)),
        int((is_missing & (is_labelled > 0)).sum()),
    )


def save(models: AnswerModels, path: Path) -> None:
    data = {
        name: {key: np.round(getattr(model, key), 5).tolist() for key in ("mean", "scale", "weights")}
        for name, model in (("judgement", models.judgement), ("criterion", models.criterion))
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf8")


def _rows(found: list[tuple[np.ndarray, int, str]]) -> Rows:
    features, labels, questions = zip(*found, strict=True)
    return Rows(np.array(features), np.array(labels), np.array(questions))


def _fit(rows: Rows, n_classes: int) -> Linear:
    mean, scale = rows.features.mean(0), rows.features.std(0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    model = LogisticRegression(C=PENALTY, max_iter=2000).fit((rows.features - mean) / scale, rows.labels)
    return Linear(mean, scale, all_weights(model, n_classes))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled essays")
    parser.add_argument("--written", type=Path, nargs="+", required=True, help="folders of written drafts")
    parser.add_argument("--models", type=Path, required=True, help="models/matcher")
    args = parser.parse_args()
    drafts = read_drafts(args.essays) + unlearned(args.written, args.models)
    rows = collect(drafts, args.models)
    save(fit(rows), args.models / ANSWERS_FILE)
    print(f"{len(rows.judgement.labels)} judgements, {len(rows.criterion.labels)} criteria; left-out questions:")
    essays = {draft.rubric.id for draft in read_drafts(args.essays)}
    for name, questions in (("labelled essays", essays), ("written drafts", set(rows.judgement.questions) - essays)):
        for reader, figures in zip(("detectors", "both"), left_out_figures(rows, questions), strict=True):
            shown = f"judgement {figures.judgement:.3f}, stance {figures.stance:.3f}"
            print(f"{name}, {reader}: {shown}, criteria F1 {figures.criteria:.3f}, {figures.n_missed} missed")


if __name__ == "__main__":
    main()
