"""Shared words between passages and points, weighted by how rare a word is in this essay and this rubric (TF-IDF)."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Function words say nothing about which point is made. A closed class of English; Quirk et al. 1985, 2.34-2.45.
FUNCTION_WORDS = frozenset(
    """
    a about after all also although an and any are as at be because been before being between both but by can
    could did do does during each either for from had has have he her him his how however i if in into is it its
    itself may might more most much must neither no nor not of on one only or other our out over own same she
    should since so some such than that the their them themselves then there these they this those though through
    thus to too under until up upon us very was we were what when where whereas whether which while who whom whose
    why will with within without would you
    """.split()
)
SUFFIXES = tuple("ations ation ingly edly ments ment ness ings ing ies ied ers est ed es er ly s y e".split())
# Letters a stem keeps at least.
MIN_STEM = 4


def stem(word: str) -> str:
    """A crude stem: enough to let inflected and derived forms of one word meet."""
    word = re.sub(r"['’]s?$", "", word.lower())
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
            return word[: -len(suffix)]
    return word


def content_stems(text: str) -> list[str]:
    """Stems of the content words of a text, in order."""
    return [stem(w) for w in WORD.findall(text) if w.lower() not in FUNCTION_WORDS]


def overlap_matrix(points: list[str], passages: list[str]) -> np.ndarray:
    """TF-IDF cosines of shape (n_points, n_passages), each 0 to 1; the collection is the points and passages given."""
    bags = [Counter(content_stems(text)) for text in (*points, *passages)]
    n_documents = len(bags)
    document_count = Counter(term for bag in bags for term in bag)
    index = {term: i for i, term in enumerate(document_count)}
    matrix = np.zeros((n_documents, max(1, len(index))), dtype=np.float32)
    for row, bag in enumerate(bags):
        for term, count in bag.items():
            matrix[row, index[term]] = (1 + math.log(count)) * math.log((1 + n_documents) / (1 + document_count[term]))
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms > 0, norms, 1)
    return matrix[: len(points)] @ matrix[len(points) :].T
