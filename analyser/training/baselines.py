"""The easy methods that the benchmark runs beside the matcher: TF-IDF, BM25, plain cosine and keyword rules.

Each gives one score for a point and a text; whatever is fitted on top of it is fitted as the matcher's own top model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bm25s
import numpy as np
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cdist
from sklearn.feature_extraction.text import TfidfVectorizer

from analyser.alignment.encoders import BiEncoder
from analyser.alignment.lexical import FUNCTION_WORDS, WORD, content_stems

# (points, texts) -> scores of shape (n_points, n_texts)
Scorer = Callable[[Sequence[str], Sequence[str]], np.ndarray]
# Letters from which a keyword may have one slip: what H5P's essay type does with "forgive small mistakes".
MIN_FORGIVEN = 5


def tf_idf(points: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """Cosines of TF-IDF vectors of stems; the collection is what is given."""
    vectors = TfidfVectorizer(analyzer=content_stems, sublinear_tf=True).fit_transform([*points, *texts])
    return (vectors[: len(points)] @ vectors[len(points) :].T).toarray()


def bm25(points: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """Okapi BM25 with the library's usual settings; the point is the query."""
    index = bm25s.BM25()
    index.index([content_stems(text) or ["-"] for text in texts], show_progress=False)
    known = set(index.vocab_dict)
    queries = [[stem for stem in content_stems(point) if stem in known] for point in points]
    return np.array([index.get_scores(query) if query else np.zeros(len(texts)) for query in queries])


def cosine(encoder: BiEncoder) -> Scorer:
    """The bi-encoder's cosine as it is: no topic taken off, no other point to compare with."""

    def score(points: Sequence[str], texts: Sequence[str]) -> np.ndarray:
        return encoder.encode(list(points)) @ encoder.encode(list(texts)).T

    return score


def keywords(points: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """Share of a point's content words that a text holds, small slips forgiven: the keyword rules of H5P's essay type,
    with the statement's own words for a teacher's list."""
    bags = [{word.lower() for word in WORD.findall(text)} for text in texts]
    wanted = [{word.lower() for word in WORD.findall(point)} - FUNCTION_WORDS for point in points]
    held = _held_as(sorted(set().union(*wanted)), sorted(set().union(*bags)))
    return np.array(
        [[sum(not held[word].isdisjoint(bag) for word in own) / max(1, len(own)) for bag in bags] for own in wanted]
    ).reshape(len(points), len(texts))


def _held_as(words: list[str], vocabulary: list[str]) -> dict[str, set[str]]:
    """The words of a text that count for each keyword: itself, and for longer ones those one slip away."""
    held = {word: {word} for word in words}
    long = [word for word in words if len(word) >= MIN_FORGIVEN]
    if long and vocabulary:
        distances = cdist(long, vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=1)
        for row, column in zip(*np.nonzero(distances <= 1), strict=True):
            held[long[row]].add(vocabulary[column])
    return held
