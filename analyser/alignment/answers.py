"""What the cross-encoder says of judgement, criteria and evidence, set beside what the detectors found.

The detectors read cues; an answer in words that they do not know ("twins in the textbook and strangers on the building
site") passes them by. The cross-encoder reads the sentences of the introduction and the conclusion, where 334 of 364
criteria are set and 388 of 389 answers given in the written drafts (models/matcher/data/README.md), and two logistic
models weigh the two readings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analyser import shipped
from analyser.alignment.aligner import TRAINED_MATCHER, load_encoders
from analyser.alignment.described import N_FEATURES, EvidenceReader
from analyser.alignment.encoders import CrossEncoder
from analyser.alignment.linear import Linear, log_odds
from analyser.detectors.judgement import QUALIFIED, place_of_sentence
from analyser.errors import TrainedModelError
from analyser.records import (
    POINT_LABELS,
    Criterion,
    CriterionFinding,
    EvidenceFinding,
    JudgementFinding,
    JudgementStatus,
    ParsedEssay,
    Place,
    Quote,
    Rubric,
    Stance,
)

ANSWERS_FILE = "answers.json"
MODELS = ("judgement", "criterion", "evidence")
# What an essay's answer can be, in the order of the judgement model's rows. The first three are stances.
ANSWERS = ("similar", "different", "mixed", "hedged", "missing")
STANCES: tuple[Stance, ...] = ("similar", "different", "mixed")
# The cross-encoder's four labels, as readings of a sentence with the question.
ALIKE, HALVES, UNLIKE, NO_ANSWER = range(4)
COLUMN = {"similar": ALIKE, "different": UNLIKE, "mixed": HALVES, "hedged": HALVES}
EDGES: tuple[Place, ...] = ("introduction", "conclusion")
# Sentences read at either end at most: a draft of two long paragraphs must not take long.
MAX_EDGE = 8
# Sentences of the body read at most where no answer was found at either end.
MAX_BODY = 60
# Probability (0 to 1) that a criterion is set from which that is said, and from which it is asked about. Below the
# second it is called missing, unless the detectors found it: then too it is asked about. The first is even odds; the
# second was set by hand, low because being told that something is missing when it is there is what users hate most.
SET_FROM, ASKED_FROM = 0.5, 0.25
# Probability (0 to 1) from which an answer that the detectors found is not taken for one; set by hand as high as that
# of the matcher's own verdicts.
NONE_FROM = 0.8
# Probability (0 to 1) that a sentence answers the question from which it is quoted beside the likeliest one, and from
# which it is asked about where no answer was found (in the body, where comparing is not yet answering, from the first).
# Set by hand: even odds, and low for the same reason as ASKED_FROM.
QUOTED_FROM, ASKED_ANSWER_FROM = 0.5, 0.3


def question_text(rubric: Rubric) -> str:
    """The question as the cross-encoder reads it; "covered" is an answer of likeness, "contradicted" of difference."""
    return f"{_sides(rubric)}. Judgement: {rubric.question}"


def criterion_text(rubric: Rubric, criterion: Criterion) -> str:
    """A criterion as the cross-encoder reads it."""
    return f"{_sides(rubric)}. Criterion: {criterion.statement}"


def _sides(rubric: Rubric) -> str:
    return " / ".join(side.name for side in rubric.sides)


@dataclass(frozen=True, slots=True)
class SentenceReadings:
    """The sentences at an essay's edges as the cross-encoder reads them.

    ``indices`` are those of the sentences, ``places`` where each stands; ``answers`` (n, 4) are the probabilities of an
    answer alike, by halves, unlike, and of none; ``standards`` (n_criteria, n) that a sentence sets a criterion.
    """

    indices: tuple[int, ...]
    places: tuple[Place, ...]
    answers: np.ndarray
    standards: np.ndarray


@dataclass(frozen=True, slots=True)
class AnswerModels:
    """``judgement`` gives a probability to each of ANSWERS, ``criterion`` to not set and set, ``evidence`` to not there
    and there."""

    judgement: Linear
    criterion: Linear
    evidence: Linear

    @classmethod
    def from_file(cls, path: Path) -> AnswerModels:
        """Read ``answers.json``; raises TrainedModelError (E402) when it is damaged."""
        try:
            data = json.loads(path.read_text(encoding="utf8"))
            parts = {
                name: Linear(*(np.array(data[name][key]) for key in ("mean", "scale", "weights"))) for name in MODELS
            }
            is_fitting = parts["judgement"].weights.shape == (len(ANSWERS), N_JUDGEMENT_FEATURES + 1)
            is_fitting &= parts["criterion"].weights.shape == (2, N_CRITERION_FEATURES + 1)
            is_fitting &= parts["evidence"].weights.shape == (2, N_FEATURES + 1)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"the matcher's models of answers cannot be read ({error})"
            raise TrainedModelError("E402", message, where=str(path)) from None
        if not is_fitting:
            raise TrainedModelError(
                "E402", "the matcher's models of answers belong to another version", where=str(path)
            )
        return cls(**parts)


class AnswerReader:
    """Weighs the cross-encoder's reading of answers, standards and evidence against what the detectors found."""

    def __init__(
        self, rubric: Rubric, cross: CrossEncoder, models: AnswerModels, described: EvidenceReader | None = None
    ):
        self.rubric, self.cross, self.models, self.described = rubric, cross, models, described

    def settle_evidence(
        self, parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...]
    ) -> tuple[EvidenceFinding, ...]:
        """The findings with what the draft brings in without naming it."""
        return self.described.settle(parsed, evidence, self.models.evidence) if self.described else evidence

    def _read_body(self, parsed: ParsedEssay, edges: tuple[int, ...]) -> SentenceReadings:
        """Every other sentence with the question: where nothing else answers it, one of the body may."""
        indices = tuple(i for i in range(len(parsed.sentences)) if i not in edges)[:MAX_BODY]
        answers = self.cross.score([(_sentence(parsed, i).text, question_text(self.rubric)) for i in indices])
        body: Place = "body"
        return SentenceReadings(indices, (body,) * len(indices), answers, np.zeros((0, len(indices))))

    def settle(
        self, parsed: ParsedEssay, judgement: JudgementFinding, criteria: tuple[CriterionFinding, ...]
    ) -> tuple[JudgementFinding, tuple[CriterionFinding, ...]]:
        """The two findings as both readings together have them."""
        readings = read_sentences(parsed, self.rubric, self.cross)
        if not readings.indices:
            return judgement, criteria
        row = self.models.judgement.probabilities(judgement_features(judgement, readings)[None])[0]
        settled = _settled_judgement(parsed, judgement, readings, row)
        if settled.status == "missing" and not settled.quotes:
            body = self._read_body(parsed, readings.indices)
            settled = replace(settled, quotes=_asked_answer(parsed, body, QUOTED_FROM))
        if not criteria:
            return settled, criteria
        likely = self.models.criterion.probabilities(criterion_features(criteria, readings))[:, 1]
        return settled, tuple(
            _settled_criterion(parsed, finding, readings, k, float(p))
            for k, (finding, p) in enumerate(zip(criteria, likely, strict=True))
        )


def load_answers(rubric: Rubric, folder: Path | None = None) -> AnswerReader | None:
    """The reader of answers in the trained matcher's folder, or None when it is not installed."""
    folder = folder or shipped.trained_model(TRAINED_MATCHER)
    if folder is None or not (folder / ANSWERS_FILE).exists():
        return None
    bi, cross = load_encoders(folder)
    described = EvidenceReader(rubric, bi, cross) if rubric.evidence else None
    return AnswerReader(rubric, cross, AnswerModels.from_file(folder / ANSWERS_FILE), described)


def read_sentences(parsed: ParsedEssay, rubric: Rubric, cross: CrossEncoder) -> SentenceReadings:
    """Read the first sentences of the introduction and the last of the conclusion, MAX_EDGE of each at most."""
    places = [place_of_sentence(parsed, index) for index in range(len(parsed.sentences))]
    opening = [i for i, place in enumerate(places) if place == "introduction"][:MAX_EDGE]
    closing = [i for i, place in enumerate(places) if place == "conclusion"][-MAX_EDGE:]
    indices = (*opening, *closing)
    texts = [parsed.essay.text[parsed.sentences[i].start : parsed.sentences[i].end] for i in indices]
    asked = [question_text(rubric), *(criterion_text(rubric, criterion) for criterion in rubric.criteria)]
    scores = cross.score([(text, wanted) for wanted in asked for text in texts])
    scores = scores.reshape(len(asked), len(texts), len(POINT_LABELS))
    return SentenceReadings(indices, tuple(places[i] for i in indices), scores[0], scores[1:, :, 0])


# ---------------------------------------------------------------- features

N_JUDGEMENT_FEATURES = len(ANSWERS) + 1 + 4 * len(EDGES)
N_CRITERION_FEATURES = 7


def answer_of(finding: JudgementFinding) -> str:
    """One of ANSWERS."""
    return finding.stance if finding.status == "stated" else finding.status


def judgement_features(finding: JudgementFinding, readings: SentenceReadings) -> np.ndarray:
    """What the detectors found, how sure they are, and the likeliest reading of each kind at either end."""
    row = [float(answer_of(finding) == answer) for answer in ANSWERS] + [finding.confidence]
    for place in EDGES:
        answers = readings.answers[[p == place for p in readings.places]]
        best = answers.max(0) if len(answers) else np.zeros(4)
        anything = 1 - answers[:, NO_ANSWER].min() if len(answers) else 0.0
        row += [*log_odds(best[[ALIKE, UNLIKE, HALVES]]), float(log_odds(anything))]
    return np.array(row)


def criterion_features(findings: tuple[CriterionFinding, ...], readings: SentenceReadings) -> np.ndarray:
    """One row a criterion: what the detectors found, the two likeliest sentences, the other criteria's likeliest."""
    rows = []
    for k, finding in enumerate(findings):
        ordered = np.sort(np.append(readings.standards[k], [0.0, 0.0]))[::-1]
        others = np.delete(readings.standards, k, axis=0)
        opening = readings.standards[k][[place == "introduction" for place in readings.places]]
        first, second, rival, early = log_odds(
            np.array([ordered[0], ordered[1], others.max(initial=0.0), opening.max(initial=0.0)])
        )
        is_covered = finding.status == "covered"
        is_sure = is_covered and finding.confidence >= SURE_CONFIDENCE
        rows.append([is_covered, finding.status == "unsure", is_sure, first, second, first - rival, early])
    return np.array(rows, dtype=float).reshape(len(findings), N_CRITERION_FEATURES)


# The confidence that the detector of criteria gives to a match that is plain (0 to 1).
SURE_CONFIDENCE = 0.9


# ---------------------------------------------------------------- settling


def _settled_judgement(
    parsed: ParsedEssay, found: JudgementFinding, readings: SentenceReadings, row: np.ndarray
) -> JudgementFinding:
    best = weighed(answer_of(found), row)
    confidence = round(float(row[ANSWERS.index(best)]), 3)
    if best == "missing":
        asked = _asked_answer(parsed, readings, ASKED_ANSWER_FROM)
        return JudgementFinding("missing", "none", (), confidence, asked, found.notes)
    if best == answer_of(found):
        return found
    column = readings.answers[:, COLUMN[best]]
    if column.max() < ASKED_ANSWER_FROM:  # no sentence alone is read so: the one that is likeliest an answer
        column = 1 - readings.answers[:, NO_ANSWER]
    notes = tuple(note for note in found.notes if note == QUALIFIED)
    status: JudgementStatus = "hedged" if best == "hedged" else "stated"
    halves: Stance = found.stance if found.stance == "mixed" else "none"
    stance = next((name for name in STANCES if name == best), halves)
    if column.max() < ASKED_ANSWER_FROM:  # nor any: then it must be the detectors' own words
        return JudgementFinding(status, stance, found.where, confidence, found.quotes, notes) if found.quotes else found
    chosen: dict[Place, int] = {}
    for place in EDGES:
        own = [n for n, p in enumerate(readings.places) if p == place]
        top = max(own, key=lambda n: column[n], default=None)
        if top is not None and (column[top] >= QUOTED_FROM or column[top] == column.max()):
            chosen[place] = top
    quotes = tuple(_sentence(parsed, readings.indices[n]) for n in reversed(chosen.values()))
    return JudgementFinding(status, stance, tuple(chosen), confidence, quotes, notes)


def weighed(found: str, row: np.ndarray) -> str:
    """The likeliest of ANSWERS; one that the detectors found is given up for none only where that is likely enough."""
    best = ANSWERS[int(row.argmax())]
    return found if best == "missing" and row.max() < NONE_FROM else best


def _asked_answer(parsed: ParsedEssay, readings: SentenceReadings, least: float) -> tuple[Quote, ...]:
    """The sentence that is likeliest an answer, if that is likely enough to ask."""
    if not readings.indices:
        return ()
    likeliest = int(readings.answers[:, NO_ANSWER].argmin())
    is_asked = 1 - readings.answers[likeliest, NO_ANSWER] >= least
    return (_sentence(parsed, readings.indices[likeliest]),) if is_asked else ()


def _settled_criterion(
    parsed: ParsedEssay, found: CriterionFinding, readings: SentenceReadings, k: int, likely: float
) -> CriterionFinding:
    confidence = round(max(likely, 1 - likely), 3)
    if likely < ASKED_FROM and found.status != "covered":
        return CriterionFinding(found.id, "missing", confidence)
    quotes = found.quotes or (_sentence(parsed, readings.indices[int(readings.standards[k].argmax())]),)
    return replace(found, status="covered" if likely >= SET_FROM else "unsure", confidence=confidence, quotes=quotes)


def _sentence(parsed: ParsedEssay, index: int) -> Quote:
    sentence = parsed.sentences[index]
    return parsed.essay.quote(sentence.start, sentence.end)
