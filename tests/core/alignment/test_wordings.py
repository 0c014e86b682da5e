"""Accepted and rejected wordings of a point, with small stand-ins for the encoders."""

from dataclasses import replace

import numpy as np
import pytest
from stand_ins import BREAD, Letters

from analyser.alignment.features import compute_features, encode_rubric, nearest_windows
from analyser.alignment.wordings import best_of, position_of_best, read_wordings
from analyser.records import Findings, JudgementFinding
from analyser.text.parsing import parse_essay
from analyser.text.reading import essay_from_text

RUBRIC = BREAD
NOTHING = Findings(JudgementFinding("missing", "none", (), 0.5))
DRAFT = "We buy loaves each morning. Neither comes to table without fire. Nobody knows who was the first."


def test_scores_of_wordings_are_taken_together_by_point():
    wordings = tuple(read_wordings(texts, Letters()) for texts in (("a b", "c"), (), ("d",)))
    scores = np.array([[1.0, 2.0], [3.0, 0.0], [5.0, 6.0]])
    assert best_of(wordings, scores).tolist() == [[3, 2], [-np.inf, -np.inf], [5, 6]]
    assert position_of_best(wordings, scores).tolist() == [[1, 0], [-1, -1], [0, 0]]


class Same:
    """Says "covered" where a passage has all words of a wording."""

    def __init__(self):
        self.pairs = []

    def score(self, pairs):
        self.pairs += pairs
        shares = [self._share(passage, point) for passage, point in pairs]
        return np.array([[share * 0.9, 0.05, 0.0, 0.95 - share * 0.9] for share in shares]).reshape(len(pairs), 4)

    @staticmethod
    def _share(passage, point):
        wanted = set(point.split(": ", 1)[1].lower().split())
        return len(wanted & set(passage.lower().strip(".").split())) / len(wanted)


def read(**wordings):
    """The best reading of S1, "covered", and what was read."""
    rubric = replace(RUBRIC, points=(replace(RUBRIC.points[0], **wordings), RUBRIC.points[1]))
    encoded, cross = encode_rubric(rubric, Letters()), Same()
    parsed = parse_essay(essay_from_text(DRAFT), rubric)
    _, candidates = compute_features(parsed, rubric, encoded, NOTHING, Letters(), cross)
    return candidates[0].probabilities[:, 0].max(), [point.split(": ", 1)[1] for _, point in cross.pairs]


WORDING = "neither comes to table without fire"


def test_an_accepted_wording_makes_the_point():
    assert read()[0] < 0.3
    covered, texts = read(accept=(WORDING,))
    assert covered == pytest.approx(0.9)
    assert WORDING in texts


def test_a_rejected_wording_does_not():
    accepted = {"accept": ("neither comes without smoke",)}
    assert read(**accepted)[0] == pytest.approx(0.9 * 3 / 4)
    covered, texts = read(**accepted, reject=(WORDING,))
    assert covered < 0.9
    assert WORDING in texts


def test_a_rejected_wording_that_is_read_alike_leaves_the_point():
    covered, texts = read(accept=("neither comes without fire",), reject=(WORDING,))
    assert covered == pytest.approx(0.9)
    assert WORDING in texts


def test_accepted_wordings_help_to_choose_passages():
    accepting = replace(RUBRIC, points=(replace(RUBRIC.points[0], accept=(WORDING,)), RUBRIC.points[1]))
    parsed = parse_essay(essay_from_text(DRAFT), RUBRIC)
    plain, more = (nearest_windows(parsed, encode_rubric(r, Letters()), Letters()) for r in (RUBRIC, accepting))
    assert (more.likeness[0] >= plain.likeness[0] - 1e-9).all()
    assert more.likeness[0].max() > plain.likeness[0].max()
    assert more.likeness[1] == pytest.approx(plain.likeness[1])


@pytest.mark.parametrize("text", ["", "Bread."])
def test_drafts_without_passages(text):
    accepting = replace(RUBRIC, points=(replace(RUBRIC.points[0], accept=(WORDING,), reject=("x",)), RUBRIC.points[1]))
    parsed = parse_essay(essay_from_text(text or "." * 3 + " a"), accepting)
    rows, candidates = compute_features(
        parsed, accepting, encode_rubric(accepting, Letters()), NOTHING, Letters(), Same()
    )
    assert rows.shape[0] == len(candidates) == 2
