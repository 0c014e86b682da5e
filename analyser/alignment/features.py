"""What the matcher knows about each rubric point and a draft: one row of numbers a point.

A draft's sentences are all about the topic, so absolute likeness says little; most features are relative: to the
essay's other passages, or to the rubric's other points. Shared words choose candidates but are no feature: in the
labelled drafts the points with most of the rubric's words are the contradicted ones, and a model that learns so tells
a student who writes like the textbook that she says the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analyser.alignment.encoders import BiEncoder, CrossEncoder, late_interaction
from analyser.alignment.lexical import content_stems, overlap_matrix
from analyser.alignment.ties import Citing, tie_evidence
from analyser.alignment.windows import Window, find_windows
from analyser.alignment.wordings import (
    Wordings,
    best_of,
    position_of_best,
    read_wordings,
    rejected_texts,
    wording_texts,
)
from analyser.records import POINT_LABELS, Findings, ParsedEssay, Quote, Rubric

MISSING = POINT_LABELS.index("missing")
# How much more (0 to 1) a passage must speak for a rejected wording than for the point not to count. Set by hand: where
# the two differ by a word they are read nearly alike, and a point that is there must not be called missing.
MARGIN = 0.1
# How far a reading as covered, partial or contradicted speaks for a passage.
THERE = np.array((1.0, 0.5, 0.0))
# Passages a point sends to the cross-encoder; the time of a draft grows with them. Set by hand.
N_CANDIDATES = 4
# Weight of word overlap beside the centred cosine when candidates are chosen; both are on a cosine scale.
LEXICAL_WEIGHT = 0.5

LIKENESS = re.compile(
    r"\b(?:both|similar\w*|same|likewise|equally|alike|neither|each|as well|also|too|in common|shared?|parallel\w*)\b",
    re.I,
)
CONTRAST = re.compile(
    r"\b(?:whereas|while|whilst|unlike|but|however|contrast\w*|differ\w*|although|though|instead|rather than|not|"
    r"never|only|other hand)\b",
    re.I,
)
# Where a statement of two halves is cut: a difference has one for each side.
HALVES = re.compile(r"[,;]?\s+(?:whereas|while|unlike|but|and)\s+|[;:]\s+", re.I)
MIN_HALF_WORDS = 3
# Stands for "no passage names this side" or "none names what is tied to the point": a centred cosine (-1 to 1) below
# nearly all best ones. Set by hand.
NO_PASSAGE = -0.2
# The share of a point's evidence that stands for "nothing is tied to it": about the mean where something is.
NO_TIES = 0.3
NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nothing|hardly|wrong|reject\w*|myth|false|\w+n['’]t)\b", re.I
)

FEATURES: tuple[str, ...] = (
    "bi_max", "bi_top5", "bi_margin", "bi_share", "bi_rank",
    "word_max", "word_relative", "word_top5", "word_margin", "word_margin_top5", "word_rank",
    "bi_weaker_side", "bi_stronger_side", "bi_both_sides", "bi_weaker_half", "bi_stronger_half",
    "cross_covered_max", "cross_covered_top2", "cross_there_max", "cross_there_mean", "cross_partial_max",
    "cross_contradicted_max", "cross_contradicted_share", "cross_covered_relative", "cross_there_best",
    "is_similarity", "best_has_both", "best_has_one", "similarity_with_both", "similarity_weaker_side",
    "best_has_cue", "best_has_negation",
    "evidence_share", "has_ties", "tied_share", "tied_in_passage", "tied_likeness", "log_words",
)  # fmt: skip
TIE_FEATURES = ("has_ties", "tied_share", "tied_in_passage", "tied_likeness")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages read closely for one point, best first, with the cross-encoder's probabilities (n, 4).

    ``tied`` is how much evidence tied to the point each names (0 and more); empty when that is not known.
    """

    windows: tuple[Window, ...]
    probabilities: np.ndarray
    tied: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedRubric:
    """Point texts as the encoders read them, encoded, their vectors (n_points, 384), and those of each one's halves.

    ``wordings`` are each point's statement and what the teacher accepts in its place, ``rejected`` what only looks like
    it. ``ties`` (n_points, n_evidence) says how firmly (0 to 1) each piece of evidence is tied to each point.
    """

    texts: tuple[str, ...]
    vectors: np.ndarray
    wordings: tuple[Wordings, ...]
    rejected: tuple[Wordings, ...]
    halves: tuple[np.ndarray, ...]
    evidence_by_point: tuple[frozenset[str], ...]
    ties: np.ndarray


@dataclass(frozen=True, slots=True)
class Nearest:
    """A draft's passages, their vectors (n, 384), the indices each point chose, and likeness (n_points, n).

    ``likeness`` is the cosine with both topics taken off and ``by_word`` late interaction, both with the likest wording
    of each point. ``wording`` and ``rejected`` (n_points, n) are the positions of that wording and of the likest
    rejected one (-1 where there is none).
    """

    windows: tuple[Window, ...]
    passages: tuple[str, ...]
    vectors: np.ndarray
    likeness: np.ndarray
    by_word: np.ndarray
    wording: np.ndarray
    rejected: np.ndarray
    chosen: tuple[tuple[int, ...], ...]


def point_texts(rubric: Rubric) -> tuple[str, ...]:
    """The points as in training: both sides' names, the kind, the statement."""
    return tuple(texts[0] for texts in wording_texts(rubric))


def encode_rubric(rubric: Rubric, encoder: BiEncoder, citing: tuple[Citing, ...] = ()) -> EncodedRubric:
    """Encode a rubric once for any number of drafts; ``citing`` is what its model answer cites (``find_citing``)."""
    halves = tuple(encoder.encode(split_statement(point.statement)) for point in rubric.points)
    wordings = tuple(read_wordings(texts, encoder) for texts in wording_texts(rubric))
    rejected = tuple(read_wordings(texts, encoder) for texts in rejected_texts(rubric))
    points = [own.encoded[0] for own in wordings]
    vectors = np.array([point.vector for point in points])
    texts = tuple(own.texts[0] for own in wordings)
    ties = tie_evidence(rubric, points, citing, encoder)
    return EncodedRubric(texts, vectors, wordings, rejected, halves, tuple(linked_evidence(rubric)), ties)


def split_statement(statement: str) -> list[str]:
    """The two halves of a statement, or the whole of it where it cannot be cut."""
    halves = HALVES.split(statement, maxsplit=1)
    return halves if all(len(half.split()) >= MIN_HALF_WORDS for half in halves) else [statement]


def linked_evidence(rubric: Rubric) -> list[frozenset[str]]:
    """Evidence that carries each point: as the rubric says, else items whose names share a word with the statement."""
    side_stems = {s for side in rubric.sides for s in content_stems(side.name)}
    stems_by_id = {item.id: set(content_stems(item.name)) - side_stems for item in rubric.evidence}
    linked = []
    for point in rubric.points:
        stems = set(content_stems(point.statement)) - side_stems
        linked.append(frozenset(point.evidence) or frozenset(i for i, words in stems_by_id.items() if words & stems))
    return linked


def compute_features(
    parsed: ParsedEssay, rubric: Rubric, encoded: EncodedRubric, findings: Findings, bi: BiEncoder, cross: CrossEncoder
) -> tuple[np.ndarray, list[Candidates]]:
    """Features of shape (n_points, len(FEATURES)) and the candidates of each point.

    For a draft without sentences the features are nought and there are no candidates.
    """
    n_points = len(rubric.points)
    nearest = nearest_windows(parsed, encoded, bi)
    windows = nearest.windows
    if not windows:
        return np.zeros((n_points, len(FEATURES))), [Candidates((), np.zeros((0, 4)))] * n_points
    found = {item.id: item.quotes for item in findings.evidence if item.status in ("used", "named", "misused")}
    in_passage = _tied_in_passages(rubric, encoded, windows, found)
    candidates = []
    for k, (indices, scores) in enumerate(zip(nearest.chosen, _read(encoded, nearest, cross), strict=True)):
        order = np.argsort(-(scores[:, :MISSING] @ THERE), kind="stable")
        best = [indices[i] for i in order]
        tied = tuple(float(in_passage[i, k]) for i in best)
        candidates.append(Candidates(tuple(windows[i] for i in best), scores[order], tied))
    halves = _best_halves(encoded, nearest.vectors)
    of_ties = _tied(rubric, encoded, nearest, found, in_passage)
    rows = _rows(parsed, rubric, encoded, nearest, halves, candidates, found.keys(), of_ties)
    return rows, candidates


def without_ties(features: np.ndarray) -> np.ndarray:
    """Features (n, len(FEATURES)) as they would be if no evidence were tied to any point."""
    bare = features.copy()
    for name, value in zip(TIE_FEATURES, _untied(len(bare)).T, strict=True):
        bare[:, FEATURES.index(name)] = value
    return bare


def nearest_windows(parsed: ParsedEssay, encoded: EncodedRubric, bi: BiEncoder) -> Nearest:
    """The passages nearest to each point, by the bi-encoder and shared words."""
    windows = find_windows(parsed, max_sentences=2)
    passages = tuple(parsed.essay.text[w.start : w.end] for w in windows)
    if not windows:
        none = np.zeros((len(encoded.texts), 0))
        vectors = np.zeros((0, encoded.vectors.shape[1]))
        return Nearest((), (), vectors, none, none, none, none, ((),) * len(encoded.texts))
    read = bi.read_all(passages)
    vectors = np.array([passage.vector for passage in read])
    passage_units = _unit(vectors - vectors.mean(0))

    def compare(wordings: tuple[Wordings, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Cosine and late interaction of every wording: both (n_wordings, n_passages)."""
        flat = [text for own in wordings for text in own.encoded]
        centred = np.array([text.vector for text in flat]).reshape(len(flat), vectors.shape[1]) - encoded.vectors.mean(
            0
        )
        return _unit(centred) @ passage_units.T, late_interaction(flat, read)

    cosine, by_word = compare(encoded.wordings)
    overlap = overlap_matrix([text for own in encoded.wordings for text in own.texts], list(passages))
    likeness, word_likeness = best_of(encoded.wordings, cosine), best_of(encoded.wordings, by_word)
    shared = best_of(encoded.wordings, overlap)
    wording = position_of_best(encoded.wordings, cosine + by_word)
    rejected = position_of_best(encoded.rejected, np.add(*compare(encoded.rejected)))
    chosen = tuple(tuple(_choose(row, windows)) for row in likeness + LEXICAL_WEIGHT * shared)
    return Nearest(windows, passages, vectors, likeness, word_likeness, wording, rejected, chosen)


def _read(encoded: EncodedRubric, nearest: Nearest, cross: CrossEncoder) -> list[np.ndarray]:
    """The cross-encoder's probabilities (n, 4) of each point for the passages it chose.

    A passage that is likest to another accepted wording is read with that too, and the better reading holds. One that
    makes a rejected wording more than the point does not make the point.
    """
    asked = [[_texts_for(encoded, nearest, k, i) for i in indices] for k, indices in enumerate(nearest.chosen)]
    pairs = list(dict.fromkeys((one.passage, text) for of_point in asked for one in of_point for text in one.texts))
    scores = dict(zip(pairs, cross.score(pairs), strict=True))

    def reading(one: _Asked) -> np.ndarray:
        row = max((scores[one.passage, text] for text in one.accepted), key=lambda row: row[:MISSING] @ THERE)
        for text in one.rejected:
            if scores[one.passage, text][:MISSING] @ THERE >= row[:MISSING] @ THERE + MARGIN:
                row = row.copy()
                row[MISSING] += row[:2].sum()
                row[:2] = 0
        return row

    return [np.array([reading(one) for one in of_point]) for of_point in asked]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A passage and what it is read with: wordings of a point, the statement first, and what only looks like it."""

    passage: str
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.accepted + self.rejected


def _texts_for(encoded: EncodedRubric, nearest: Nearest, k: int, i: int) -> _Asked:
    accepted, rejected = encoded.wordings[k].texts, encoded.rejected[k].texts
    likest, refused = nearest.wording[k, i], nearest.rejected[k, i]
    return _Asked(
        nearest.passages[i],
        (accepted[0], accepted[likest]) if likest > 0 else (accepted[0],),
        (rejected[refused],) if refused >= 0 else (),
    )


def _best_halves(encoded: EncodedRubric, vectors: np.ndarray) -> np.ndarray:
    """The best centred cosine of each point's weaker and stronger half over all passages: shape (n_points, 2)."""
    points_mean, passages = encoded.vectors.mean(0), _unit(vectors - vectors.mean(0))
    best = [(_unit(half - points_mean) @ passages.T).max(1) for half in encoded.halves]
    return np.array([(scores.min(), scores.max()) for scores in best])


def _unit(matrix: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(norms > 0, norms, 1)


def _choose(scores: np.ndarray, windows: tuple[Window, ...]) -> list[int]:
    """Indices of the best windows; one that repeats a chosen one's first sentence and length class is passed over."""
    chosen: list[int] = []
    for index in np.argsort(-scores, kind="stable"):
        window = windows[index]
        is_inside = any(windows[c].first <= window.first and window.last <= windows[c].last for c in chosen)
        if not is_inside:
            chosen.append(int(index))
        if len(chosen) == N_CANDIDATES:
            break
    return chosen


def _sides(window: Window, sides_by_sentence: dict[int, set[str]]) -> set[str]:
    return set().union(*(sides_by_sentence.get(i, set()) for i in range(window.first, window.last)))


def _margin(matrix: np.ndarray) -> np.ndarray:
    """Each cell less the best other point's value for the same passage."""
    if len(matrix) < 2:
        return matrix
    ordered = np.sort(matrix, axis=0)
    return matrix - np.where(matrix == ordered[-1], ordered[-2], ordered[-1])


def _untied(n: int) -> np.ndarray:
    return np.tile((0.0, NO_TIES, 0.0, NO_PASSAGE), (n, 1))


def _tied_in_passages(
    rubric: Rubric, encoded: EncodedRubric, windows: tuple[Window, ...], found: Mapping[str, tuple[Quote, ...]]
) -> np.ndarray:
    """How much evidence tied to each point a passage names: shape (n_passages, n_points)."""
    names = np.array(
        [
            [any(w.start <= quote.start < w.end for quote in found.get(item.id, ())) for item in rubric.evidence]
            for w in windows
        ],
        dtype=float,
    )
    return names.reshape(len(windows), len(rubric.evidence)) @ encoded.ties.T


def _tied(
    rubric: Rubric,
    encoded: EncodedRubric,
    nearest: Nearest,
    found: Mapping[str, tuple[Quote, ...]],
    in_passage: np.ndarray,
) -> np.ndarray:
    """TIE_FEATURES of each point: shape (n_points, 4).

    Whether anything is tied to it, the share of that which is found, the most of it that one passage names, and the
    likeness of the nearest passage that names any.
    """
    ties, rows = encoded.ties, _untied(len(encoded.ties))
    is_found = np.array([item.id in found for item in rubric.evidence], dtype=float)
    for k in np.flatnonzero(ties.any(1)):
        naming = in_passage[:, k] > 0
        likeness = nearest.likeness[k][naming].max() if naming.any() else NO_PASSAGE
        rows[k] = (1, ties[k] @ is_found / ties[k].sum(), in_passage[:, k].max(), likeness)
    return rows


def _rows(parsed, rubric, encoded, nearest, halves, candidates, found, tied) -> np.ndarray:
    n_points, windows, centred = len(rubric.points), nearest.windows, nearest.likeness
    # Word by word, each point's likeness to a passage less its mean over the draft.
    by_word = nearest.by_word - nearest.by_word.mean(1, keepdims=True)
    word_margin, word_best = _margin(by_word), by_word.max(1)
    bi_margin = _margin(centred)
    best_point = centred.argmax(0)
    bi_max = centred.max(1)
    covered_max = np.array([c.probabilities[:, 0].max() for c in candidates])
    log_words = np.log(1 + parsed.essay.n_words)
    sides_by_sentence: dict[int, set[str]] = {}
    for unit in parsed.units:
        sides_by_sentence.setdefault(unit.sentence_index, set()).update(unit.sides)
    window_sides = [_sides(window, sides_by_sentence) for window in windows]
    has_a, has_b = (np.array([key in sides for sides in window_sides]) for key in ("a", "b"))
    contradicted, partial = POINT_LABELS.index("contradicted"), POINT_LABELS.index("partial")
    rows = []
    for k, point in enumerate(rubric.points):
        scores, best = candidates[k].probabilities, candidates[k].windows[0]
        there = scores[:, 0] + scores[:, partial]
        words = parsed.essay.text[best.start : best.end]
        sides = _sides(best, sides_by_sentence)
        reach = [centred[k][mask].max() if mask.any() else NO_PASSAGE for mask in (has_a, has_b, has_a & has_b)]
        is_similarity = point.kind == "similarity"
        linked = encoded.evidence_by_point[k]
        rows.append(
            (
                bi_max[k],
                np.sort(centred[k])[-5:].mean(),
                bi_margin[k].max(),
                (best_point == k).mean(),
                (bi_max < bi_max[k]).mean(),
                nearest.by_word[k].max(),
                word_best[k],
                np.sort(by_word[k])[-5:].mean(),
                word_margin[k].max(),
                np.sort(word_margin[k])[-5:].mean(),
                (word_best < word_best[k]).mean(),
                min(reach[:2]),
                max(reach[:2]),
                reach[2],
                *halves[k],
                covered_max[k],
                np.sort(scores[:, 0])[-2:].mean(),
                there.max(),
                there.mean(),
                scores[:, partial].max(),
                scores[:, contradicted].max(),
                scores[0, contradicted],
                covered_max[k] - covered_max.mean(),
                there[0],
                is_similarity,
                len(sides) == 2,
                len(sides) == 1,
                is_similarity and len(sides) == 2,
                is_similarity * min(reach[:2]),
                bool((LIKENESS if is_similarity else CONTRAST).search(words)),
                bool(NEGATION.search(words)),
                len(linked & found) / len(linked) if linked else NO_TIES,
                *tied[k],
                log_words,
            )
        )
    return np.array(rows, dtype=np.float64).reshape(n_points, len(FEATURES))
