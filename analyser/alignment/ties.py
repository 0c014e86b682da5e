"""Which evidence carries which point: as the rubric says, or as its model answer shows.

A model answer names evidence where it makes its points. Each of its sentences is held against all points; what a
sentence names is tied to the points it is likest to, and a draft that names it is likelier to make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyser.alignment.encoders import BiEncoder, EncodedText, centred, late_interaction
from analyser.alignment.lexical import overlap_matrix
from analyser.detectors.mentions import MENTIONED, find_mentions
from analyser.records import Rubric
from analyser.rubrics.variants import EvidenceLexicon
from analyser.text.model_answer import read_model_answer_of
from analyser.text.parsing import parse_essay, plain_pipeline

# Weights of late interaction and of shared words beside the centred cosine, and the temperature of the softmax over
# points, on the scale of a cosine. Set by hand; with half or twice of each, the AUC on left-out questions stays
# within 0.004.
WORD_WEIGHT, OVERLAP_WEIGHT, TEMPERATURE = 2.0, 2.0, 0.08
# A tie weaker than this (0 to 1) is none.
LEAST_TIE = 0.3


@dataclass(frozen=True, slots=True)
class Citing:
    """A sentence of the model answer and the positions, in the rubric's evidence, of what it names."""

    text: str
    items: frozenset[int]


def find_citing(rubric: Rubric, lexicon: EvidenceLexicon) -> tuple[Citing, ...]:
    """The sentences of the model answer beside the rubric that name evidence; none without one."""
    answer = read_model_answer_of(rubric) if rubric.evidence else None
    if answer is None:
        return ()
    parsed = parse_essay(answer, rubric, plain_pipeline())
    items: dict[int, set[int]] = {}
    for mention in find_mentions(parsed, lexicon):
        if mention.score >= MENTIONED:
            items.setdefault(mention.sentence_index, set()).add(mention.item)
    sentences = parsed.sentences
    return tuple(Citing(answer.text[sentences[i].start : sentences[i].end], frozenset(items[i])) for i in sorted(items))


def tie_evidence(
    rubric: Rubric, points: list[EncodedText], citing: tuple[Citing, ...], encoder: BiEncoder
) -> np.ndarray:
    """How firmly (0 to 1) each piece of evidence is tied to each point: shape (n_points, n_evidence)."""
    ties = np.zeros((len(rubric.points), len(rubric.evidence)))
    if citing:
        likeness = _likeness(rubric, points, encoder.read_all(sentence.text for sentence in citing), citing)
        for item in range(len(rubric.evidence)):
            own = [i for i, sentence in enumerate(citing) if item in sentence.items]
            if own:
                best = likeness[:, own].max(1) / TEMPERATURE
                shares = np.exp(best - best.max())
                ties[:, item] = shares / shares.sum()
        ties[ties < LEAST_TIE] = 0
    position = {item.id: index for index, item in enumerate(rubric.evidence)}
    for row, point in zip(ties, rubric.points, strict=True):
        if point.evidence:
            row[:] = 0
            row[[position[item] for item in point.evidence]] = 1
    return ties


def _likeness(
    rubric: Rubric, points: list[EncodedText], sentences: list[EncodedText], citing: tuple[Citing, ...]
) -> np.ndarray:
    """Points x sentences, both topics taken off."""
    by_word = late_interaction(points, sentences)
    overlap = overlap_matrix([point.statement for point in rubric.points], [sentence.text for sentence in citing])
    cosine = centred(points) @ centred(sentences).T
    return cosine + WORD_WEIGHT * (by_word - by_word.mean(1, keepdims=True)) + OVERLAP_WEIGHT * overlap
