"""Rubric points x draft -> one verdict a point, with probabilities, the student's words and a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np

from analyser import shipped
from analyser.alignment.encoders import BiEncoder, CrossEncoder
from analyser.alignment.features import (
    FEATURES,
    LEXICAL_WEIGHT,
    THERE,
    Candidates,
    EncodedRubric,
    compute_features,
    encode_rubric,
    point_texts,
)
from analyser.alignment.learned import Offsets, fingerprint, learned_path, read_learned
from analyser.alignment.lexical import overlap_matrix
from analyser.alignment.linear import Linear
from analyser.alignment.ties import Citing, find_citing
from analyser.alignment.windows import find_windows
from analyser.alignment.wordpiece import WordPiece
from analyser.errors import TrainedModelError
from analyser.records import POINT_LABELS, Findings, Match, Notice, ParsedEssay, Point, PointStatus, Quote, Rubric
from analyser.rubrics.variants import EvidenceLexicon, derive_variants

TRAINED_MATCHER = "matcher"
COVERED, PARTIAL, CONTRADICTED, MISSING = range(4)
# A threshold no probability reaches.
NEVER = 1.1
# Pieces, and share (0 to 1), of the evidence that the rubric ties to a point from which the point is never called
# missing. Set by hand: being told that something is missing when it is there is what users hate most.
MIN_EVIDENCED, EVIDENCED_SHARE = 2, 0.5
# Share (0 to 1) of the best passage's score from which another one may be asked about in its place. On the labelled
# drafts the passages asked about for points that are there touch the labelled words in 135 of 264 cases with 0.5 (128
# without asking elsewhere, 131 with 0.7, 132 with 0.3), and those quoted twice fall from 263 to 187.
NEAR = 0.5
# What naming evidence tied to a point adds to a passage's score (0 to 1) when one is chosen to be quoted. On the
# labelled drafts the passages quoted for points that are there touch the labelled words in 248 of 392 cases (232 with
# 0.1, 253 with 0.5; a count made once during development).
NAMED = 0.3


class Aligner(Protocol):
    """Decides for one rubric which of its points a draft makes."""

    name: str

    def align(self, parsed: ParsedEssay, findings: Findings) -> tuple[Match, ...]: ...

    def judge(self, parsed: ParsedEssay, findings: Findings) -> tuple[Judged, ...]: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the passages it was chosen from, for a second reader."""

    match: Match
    candidates: Candidates


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities (0 to 1) above which a verdict is said; below, the point is ``unsure``.

    Chosen on left-out questions so that what is said is right often enough; see the model card.
    """

    covered: float
    missing: float
    contradicted: float


@dataclass(frozen=True, slots=True)
class TopModel(Linear):
    """The logistic regression over ``FEATURES`` whose classes are POINT_LABELS, and from when on each is said."""

    thresholds: Thresholds

    @classmethod
    def from_file(cls, path: Path) -> TopModel:
        """Read ``top.json``; raises TrainedModelError (E402) when it does not fit this version's features."""
        try:
            data = json.loads(path.read_text(encoding="utf8"))
            model = cls(
                np.array(data["mean"]),
                np.array(data["scale"]),
                np.array(data["weights"]),
                Thresholds(**data["thresholds"]),
            )
            is_fitting = tuple(data["features"]) == FEATURES and model.weights.shape == (4, len(FEATURES) + 1)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainedModelError(
                "E402", f"the matcher's top model cannot be read ({error})", where=str(path)
            ) from None
        if not is_fitting:
            raise TrainedModelError("E402", "the matcher's top model belongs to another version", where=str(path))
        return model

    @property
    def fingerprint(self) -> str:
        """Tells one fitted top model from another."""
        return sha256(b"".join(part.tobytes() for part in (self.mean, self.scale, self.weights))).hexdigest()[:16]


class TrainedAligner:
    """Bi-encoder for candidates, cross-encoder to read them, a calibrated linear model on top.

    ``citing`` is what the model answer beside the rubric cites (``ties.find_citing``); ``learned`` corrects the top
    model for one rubric, see ``with_learned``.
    """

    learned: Offsets | None = None

    def __init__(
        self,
        rubric: Rubric,
        bi: BiEncoder,
        cross: CrossEncoder,
        top: TopModel,
        name: str,
        citing: tuple[Citing, ...] = (),
    ):
        self.rubric, self.bi, self.cross, self.top, self.name = rubric, bi, cross, top, name
        self.citing = citing
        self.encoded: EncodedRubric = encode_rubric(rubric, bi, citing)

    @property
    def fingerprint(self) -> str:
        """Names rubric and weights, for what is learnt about them."""
        return fingerprint(self.rubric, f"{self.name} {self.top.fingerprint}")

    def features(self, parsed: ParsedEssay, findings: Findings) -> tuple[np.ndarray, list[Candidates]]:
        """One row of ``FEATURES`` a point, and the passages read for it."""
        return compute_features(parsed, self.rubric, self.encoded, findings, self.bi, self.cross)

    def align(self, parsed: ParsedEssay, findings: Findings) -> tuple[Match, ...]:
        return tuple(judged.match for judged in self.judge(parsed, findings))

    def judge(self, parsed: ParsedEssay, findings: Findings) -> tuple[Judged, ...]:
        features, candidates = self.features(parsed, findings)
        probabilities = self.top.probabilities(features)
        if self.learned is not None:
            probabilities = self.learned.adjust(probabilities)
        thresholds = self.top.thresholds
        careful = replace(thresholds, missing=NEVER)
        return spread(
            parsed,
            tuple(
                Judged(
                    verdict(parsed, point, row, found, careful if is_evidenced(point, findings) else thresholds), found
                )
                for point, row, found in zip(self.rubric.points, probabilities, candidates, strict=True)
            ),
        )


def spread(parsed: ParsedEssay, judged: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Ask about each passage once: a doubt whose passage is quoted already asks about its next best one, if near."""
    quoted = [quote for one in judged if one.match.status != "unsure" for quote in one.match.quotes]
    out = list(judged)
    unsure = [k for k, one in enumerate(judged) if one.match.status == "unsure"]
    for k in sorted(unsure, key=lambda k: (-judged[k].match.probabilities["covered"], k)):
        match, found = judged[k].match, judged[k].candidates
        if any(quote.overlaps(match.quotes[0]) for quote in quoted):
            scores = _speaking(found)
            for index in np.argsort(-scores, kind="stable"):
                window = found.windows[int(index)]
                other = parsed.essay.quote(window.start, window.end)
                if scores[index] >= NEAR * scores.max() and not any(quote.overlaps(other) for quote in quoted):
                    match = replace(match, quotes=(other,), reason=_reason(parsed, "unsure", (other,)))
                    break
        quoted.extend(match.quotes)
        out[k] = replace(judged[k], match=match)
    return tuple(out)


def is_evidenced(point: Point, findings: Findings) -> bool:
    """Whether the draft names much of what the rubric says carries a point: then "missing" is too much to say."""
    named = {item.id for item in findings.evidence if item.status in ("used", "named", "misused")}
    found = named.intersection(point.evidence)
    return len(found) >= MIN_EVIDENCED and len(found) >= EVIDENCED_SHARE * len(point.evidence)


class LexicalAligner:
    """Without trained weights: word overlap relative to the rubric's other points. It is unsure most of the time."""

    name = "lexical"
    # A logistic curve of "there" over the best margin of TF-IDF cosine, set by hand to be unsure nearly always; its AUC
    # on the labelled drafts is 0.57 (the evaluation with models/matcher moved away).
    SLOPE, INTERCEPT = 4.0, -0.35
    SHARES = np.array([0.8, 0.2])
    THRESHOLDS = Thresholds(covered=0.8, missing=0.85, contradicted=NEVER)

    def __init__(self, rubric: Rubric):
        self.rubric = rubric

    def align(self, parsed: ParsedEssay, findings: Findings) -> tuple[Match, ...]:
        return tuple(judged.match for judged in self.judge(parsed, findings))

    def judge(self, parsed: ParsedEssay, findings: Findings) -> tuple[Judged, ...]:
        windows = find_windows(parsed, max_sentences=2)
        passages = [parsed.essay.text[w.start : w.end] for w in windows]
        overlap = overlap_matrix(list(point_texts(self.rubric)), passages)
        judged = []
        for k, point in enumerate(self.rubric.points):
            others = np.delete(overlap, k, axis=0)
            margin = overlap[k] - (others.max(0) if len(others) else 0)
            best = int(np.argmax(margin + LEXICAL_WEIGHT * overlap[k])) if len(windows) else -1
            there = 1 / (1 + np.exp(-(self.SLOPE * margin[best] + self.INTERCEPT))) if best >= 0 else 0.05
            row = np.array([*(there * self.SHARES), (1 - there) * 0.15, (1 - there) * 0.85])
            found = Candidates((windows[best],) if best >= 0 else (), np.tile(row, (int(best >= 0), 1)))
            judged.append(Judged(verdict(parsed, point, row, found, self.THRESHOLDS), found))
        return tuple(judged)


def verdict(parsed: ParsedEssay, point: Point, row: np.ndarray, found: Candidates, thresholds: Thresholds) -> Match:
    """The status said to a person: a firm word only above its threshold, else ``unsure``."""
    there = row[COVERED] + row[PARTIAL]
    status: PointStatus
    if not found.windows or row[MISSING] >= thresholds.missing:
        status, confidence = "missing", row[MISSING]
    elif row[CONTRADICTED] >= thresholds.contradicted and _is_read_as_opposite(found):
        status, confidence = "contradicted", row[CONTRADICTED]
    elif there >= thresholds.covered:
        status = "covered" if row[COVERED] >= row[PARTIAL] else "partial"
        confidence = there
    else:
        status, confidence = "unsure", max(there, 1 - there)
    quotes = () if status == "missing" else (_quote(parsed, found, status),)
    rounded = _rounded(row)
    return Match(
        point.id, point.kind, status, round(float(confidence), 3), rounded, quotes, _reason(parsed, status, quotes)
    )


def _is_read_as_opposite(found: Candidates) -> bool:
    """Whether some passage, read with the point, is likelier the opposite than any passage is the point itself."""
    return bool(found.probabilities[:, CONTRADICTED].max() > found.probabilities[:, COVERED].max())


def _rounded(row: np.ndarray) -> dict[str, float]:
    """Three decimals that still sum to 1."""
    values = [round(float(p), 3) for p in row]
    largest = int(np.argmax(row))
    values[largest] = round(values[largest] + 1 - sum(values), 3)
    return dict(zip(POINT_LABELS, values, strict=True))


def _quote(parsed: ParsedEssay, found: Candidates, status: str) -> Quote:
    """The passage that best shows the verdict; of two nearly as good, the shorter."""
    column = {"contradicted": CONTRADICTED, "partial": PARTIAL}.get(status, COVERED)
    scores = _speaking(found) if column == COVERED else found.probabilities[:, column]
    # A sentence more must add at least 0.1 of probability to be worth quoting.
    lengths = np.array([w.n_sentences for w in found.windows])
    best = found.windows[int(np.argmax(scores - 0.1 * (lengths - 1)))]
    return parsed.essay.quote(best.start, best.end)


def _speaking(found: Candidates) -> np.ndarray:
    """How far each passage speaks for the point, by its reading and by the evidence that it names."""
    tied = np.minimum(found.tied or (0.0,) * len(found.windows), 1)
    return found.probabilities[:, :MISSING] @ THERE + NAMED * tied


def _reason(parsed: ParsedEssay, status: PointStatus, quotes: tuple[Quote, ...]) -> str:
    if status == "missing":
        return "No passage of the draft comes near this point."
    sides = {side for unit in parsed.units if unit.overlaps(quotes[0]) for side in unit.sides}
    reach = (
        "of both sides" if len(sides) == 2 else "of one side by name" if len(sides) == 1 else "without naming a side"
    )
    said = {
        "covered": f"This passage makes the point, speaking {reach}.",
        "partial": f"This passage makes part of the point, speaking {reach}.",
        "contradicted": "This passage seems to say the opposite of the point.",
    }
    return said.get(
        status, f"This passage, speaking {reach}, comes nearest; it is not certain that it makes the point."
    )


@lru_cache(maxsize=2)
def load_encoders(folder: Path) -> tuple[BiEncoder, CrossEncoder]:
    """The two encoders of a trained matcher; kept, because loading takes longer than a draft."""
    tokenizer = WordPiece.from_file(folder / "vocab.txt")
    return BiEncoder(folder / "bi_encoder.onnx", tokenizer), CrossEncoder(folder / "cross_encoder.onnx", tokenizer)


def load_aligner(rubric: Rubric, folder: Path | None = None, *, lexicon: EvidenceLexicon | None = None) -> Aligner:
    """The trained matcher (``models/matcher`` unless ``folder`` is given), or word overlap when it is not installed.

    ``lexicon`` is the rubric's, where it is made already. A model answer beside the rubric is read.
    """
    folder = folder or shipped.trained_model(TRAINED_MATCHER)
    if folder is None or not (folder / "top.json").exists():
        return LexicalAligner(rubric)
    top = TopModel.from_file(folder / "top.json")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf8"))
    bi, cross = load_encoders(folder)
    citing = find_citing(rubric, lexicon or derive_variants(rubric))
    return TrainedAligner(rubric, bi, cross, top, f"{meta['name']}-{meta['version']}", citing)


def with_learned(aligner: Aligner) -> tuple[Aligner, Notice | None]:
    """The matcher with what a teacher's corrections have taught about its rubric, and a word to the reader about it.

    What was learnt with other points or other weights does not fit and is left alone. Raises UsageError (E386).
    """
    if not isinstance(aligner, TrainedAligner) or (path := learned_path(aligner.rubric)) is None:
        return aligner, None
    if (found := read_learned(path)) is None:
        return aligner, None
    if found.made_with != aligner.fingerprint:
        text = "What was learnt from corrections belongs to an earlier rubric or matcher and was not used."
        return aligner, Notice("N204", text)
    aligner.learned = found.offsets
    aligner.name = f"{aligner.name} + {found.n_drafts} corrected drafts"
    text = f"Points are judged with what was learnt from {found.n_drafts} corrected drafts on this question."
    return aligner, Notice("N203", text)
