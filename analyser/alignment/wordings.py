"""A point in all its wordings: the statement, what the teacher accepts in its place, and what only looks like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyser.alignment.encoders import BiEncoder, EncodedText
from analyser.records import Point, Rubric


@dataclass(frozen=True, slots=True)
class Wordings:
    """Wordings of one point as the encoders read them, and encoded."""

    texts: tuple[str, ...]
    encoded: tuple[EncodedText, ...]


def wording_texts(rubric: Rubric) -> tuple[tuple[str, ...], ...]:
    """For each point its statement and the accepted wordings, each under both sides' names and the kind."""
    return tuple(
        tuple(_text(rubric, point, words) for words in (point.statement, *point.accept)) for point in rubric.points
    )


def rejected_texts(rubric: Rubric) -> tuple[tuple[str, ...], ...]:
    """For each point the wordings that look right and are not."""
    return tuple(tuple(_text(rubric, point, words) for words in point.reject) for point in rubric.points)


def read_wordings(texts: tuple[str, ...], encoder: BiEncoder) -> Wordings:
    return Wordings(texts, tuple(encoder.read_all(texts)))


def best_of(wordings: tuple[Wordings, ...], scores: np.ndarray) -> np.ndarray:
    """The best score of any wording of each point: (n_wordings, n_passages) -> (n_points, n_passages).

    A point without wordings has minus infinity.
    """
    return np.array(
        [own.max(0) if len(own) else np.full(scores.shape[1], -np.inf) for own in _by_point(wordings, scores)]
    )


def position_of_best(wordings: tuple[Wordings, ...], scores: np.ndarray) -> np.ndarray:
    """Which wording of each point has the best score: shape (n_points, n_passages), -1 for a point without wordings."""
    found = [own.argmax(0) if len(own) else np.full(scores.shape[1], -1) for own in _by_point(wordings, scores)]
    return np.array(found)


def _by_point(wordings: tuple[Wordings, ...], scores: np.ndarray) -> list[np.ndarray]:
    return np.split(scores, np.cumsum([len(own.texts) for own in wordings])[:-1])


def _text(rubric: Rubric, point: Point, words: str) -> str:
    a, b = (side.name for side in rubric.sides)
    return f"{a} / {b}. {'Similarity' if point.kind == 'similarity' else 'Difference'}: {words}"
