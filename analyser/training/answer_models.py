"""Fit the models that weigh the detectors' reading of judgement, criteria and evidence against the cross-encoder's.

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
    MODELS,
    SET_FROM,
    STANCES,
    AnswerModels,
    criterion_features,
    judgement_features,
    read_sentences,
    weighed,
)
from analyser.alignment.described import ASKED_FROM as PIECE_ASKED_FROM
from analyser.alignment.described import FOUND_FROM, EvidenceReader, piece_features
from analyser.alignment.linear import Linear
from analyser.detectors import prepare_lexicons
from analyser.detectors.criteria import find_criteria
from analyser.detectors.evidence import find_evidence
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
    """Rows of judgements (labels are indices into ANSWERS), of criteria (1 where one is set) and of evidence.

    ``evidence`` has the pieces that the detectors did not find and of which sentences were read (1 where one is there);
    ``counts`` by question how many pieces the detectors found rightly, found wrongly and left unread though there.
    """

    judgement: Rows
    criterion: Rows
    evidence: Rows
    counts: dict[str, np.ndarray]


def unlearned(written: list[Path], folder: Path) -> list[Draft]:
    """Written drafts of the questions whose answers the cross-encoder in ``folder`` did not learn."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf8"))
    kept = {*meta["held_out"], *meta.get("points_only", ())}
    return [draft for draft in read_drafts(written) if draft.rubric.id in kept]


def collect(drafts: list[Draft], folder: Path) -> AnswerRows:
    """Read every draft with the detectors and the cross-encoder in ``folder``."""
    nlp, (bi, cross) = load_pipeline(), load_encoders(folder)
    judgements: list[tuple[np.ndarray, int, str]] = []
    criteria: list[tuple[np.ndarray, int, str]] = []
    pieces: list[tuple[np.ndarray, int, str]] = []
    counts: dict[str, np.ndarray] = {}
    for rubric, group in by_rubric(drafts):
        lexicon, reader = prepare_lexicons(rubric).evidence, EvidenceReader(rubric, bi, cross)
        for draft in group:
            parsed = parse_essay(draft.essay, rubric, nlp)
            if rubric.evidence:
                evidence = find_evidence(parsed, rubric, lexicon)
                is_there = np.array([draft.raw["evidence"][item.id]["label"] != "missing" for item in rubric.evidence])
                is_found = np.array([finding.status not in ("missing", "unsure") for finding in evidence])
                read = reader.read(parsed, evidence)
                is_read = np.isin(np.arange(len(evidence)), [one.item for one in read])
                for row, one in zip(piece_features(parsed, evidence, read), read, strict=True):
                    pieces.append((row, int(is_there[one.item]), rubric.id))
                own = [is_found & is_there, is_found & ~is_there, ~is_found & ~is_read & is_there]
                counts[rubric.id] = counts.get(rubric.id, np.zeros(3, int)) + np.array([part.sum() for part in own])
            readings = read_sentences(parsed, rubric, cross)
            label = draft.raw["judgement"]
            answer = label["stance"] if label["status"] == "stated" else label["status"]
            judgements.append(
                (judgement_features(find_judgement(parsed, rubric), readings), ANSWERS.index(answer), rubric.id)
            )
            findings = find_criteria(parsed, rubric)
            for finding, row in zip(findings, criterion_features(findings, readings), strict=True):
                criteria.append((row, int(draft.raw["criteria"][finding.id] == "covered"), rubric.id))
    return AnswerRows(_rows(judgements), _rows(criteria), _rows(pieces), counts)


def fit(rows: AnswerRows) -> AnswerModels:
    return AnswerModels(_fit(rows.judgement, len(ANSWERS)), _fit(rows.criterion, 2), _fit(rows.evidence, 2))


def fit_without(rows: AnswerRows, question: str) -> AnswerModels:
    """The models from all questions but one."""
    judgement, criterion, evidence = (
        part.without(question) for part in (rows.judgement, rows.criterion, rows.evidence)
    )
    return fit(AnswerRows(judgement, criterion, evidence, rows.counts))


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


@dataclass(frozen=True, slots=True)
class EvidenceFigures:
    """F1 of the evidence found (0 to 1), pieces called missing though there, and pieces asked about: there, not."""

    f1: float
    n_missed: int
    asked: tuple[int, int]


def left_out_evidence(rows: AnswerRows, questions: set[str]) -> tuple[EvidenceFigures, EvidenceFigures]:
    """Of the drafts on some questions: the detectors' evidence alone, and with the model from all other questions."""
    named = [question for question in questions if question in rows.counts]
    right, wrong, unread = sum((rows.counts[question] for question in named), np.zeros(3, int))
    likely, labels, doubts = [], [], []
    for question in named:
        own = rows.evidence.questions == question
        features = rows.evidence.features[own]
        likely.append(_fit(rows.evidence.without(question), 2).probabilities(features)[:, 1])
        labels.append(rows.evidence.labels[own] > 0)
        doubts.append(features[:, -1] > 0)
    p, is_there, is_unsure = np.concatenate(likely), np.concatenate(labels), np.concatenate(doubts)
    out = []
    for is_found, is_asked in (
        (np.zeros(len(p), bool), is_unsure),
        (p >= FOUND_FROM, (p < FOUND_FROM) & ((p >= PIECE_ASKED_FROM) | is_unsure)),
    ):
        n_right = right + (is_found & is_there).sum()
        n_lacking = unread + (~is_found & is_there).sum()
        f1 = 2 * n_right / (2 * n_right + wrong + (is_found & ~is_there).sum() + n_lacking)
        n_missed = int(n_lacking - (is_asked & is_there).sum())
        out.append(
            EvidenceFigures(float(f1), n_missed, (int((is_asked & is_there).sum()), int((is_asked & ~is_there).sum())))
        )
    return out[0], out[1]


def save(models: AnswerModels, path: Path) -> None:
    data = {
        name: {key: np.round(getattr(getattr(models, name), key), 5).tolist() for key in ("mean", "scale", "weights")}
        for name in MODELS
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
        for reader, pieces in zip(("detectors", "both"), left_out_evidence(rows, questions), strict=True):
            asked = f"asked about {pieces.asked[0]} that are there, {pieces.asked[1]} that are not"
            print(f"{name}, {reader}: evidence F1 {pieces.f1:.3f}, {pieces.n_missed} called missing, {asked}")


if __name__ == "__main__":
    main()
