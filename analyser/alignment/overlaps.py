"""Points of one rubric that cannot be told apart: the matcher reads each of the two as making the other."""

from __future__ import annotations

from itertools import combinations

from analyser import shipped
from analyser.alignment.aligner import TRAINED_MATCHER, load_encoders
from analyser.alignment.lexical import overlap_matrix
from analyser.records import Rubric

# Cosine (-1 to 1) of the bi-encoder below which a pair is not read: none that the matcher takes for one is below it.
NEAR = 0.5
# Probability (0 to 1) of "covered", each read as a passage about the other, from which the matcher takes two points for
# one. Chosen on 5 questions (highest of 342 pairs of points: 0.50), checked on 4 others (highest of 253: 0.37); of 12
# pairs that say one thing in different words, 4 are above it. Cosine alone cannot tell: up to 0.69 for different
# points, 0.27 to 0.85 for those that say one thing.
SAME = 0.55
# TF-IDF cosine (0 to 1) that says the same without trained weights; between points of the 9 questions at most 0.23.
SAME_WORDS = 0.5


def find_overlaps(rubric: Rubric) -> list[tuple[str, str]]:
    """Pairs of ids of points that say so nearly the same that no draft can be told to make only one of them."""
    points = rubric.points
    texts = [point.statement for point in points]
    words = overlap_matrix(texts, texts)
    pairs = list(combinations(range(len(points)), 2))
    same = {(i, j) for i, j in pairs if points[i].kind == points[j].kind and words[i, j] >= SAME_WORDS}
    folder = shipped.trained_model(TRAINED_MATCHER)
    if folder is not None and (folder / "cross_encoder.onnx").exists():
        bi, cross = load_encoders(folder)
        vectors = bi.encode(texts)
        near = [(i, j) for i, j in pairs if (i, j) not in same and vectors[i] @ vectors[j] >= NEAR]
        for i, j in near:
            both = cross.score([(texts[i], texts[j]), (texts[j], texts[i])])
            if both[:, 0].min() >= SAME:
                same.add((i, j))
    return [(points[i].id, points[j].id) for i, j in sorted(same)]
