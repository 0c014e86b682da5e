"""Evidence tied to points by a model answer, with a small stand-in for the encoder."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import BREAD, Letters

from analyser.alignment.features import FEATURES, TIE_FEATURES, compute_features, encode_rubric, without_ties
from analyser.alignment.ties import Citing, find_citing, tie_evidence
from analyser.records import (
    EvidenceFinding,
    EvidenceItem,
    Findings,
    JudgementFinding,
    Rubric,
)
from analyser.rubrics.variants import derive_variants
from analyser.text.parsing import parse_essay
from analyser.text.reading import essay_from_text

RUBRIC = replace(
    BREAD,
    evidence=(EvidenceItem("E1", "the Aga"), EvidenceItem("E2", "the Feast of Fools"), EvidenceItem("E3", "Pompeii")),
)
ANSWER = """How far are bread and cake alike?

Both are baked in a hot oven such as the Aga. This is plain. Cake is for feasts, as at the Feast of Fools."""


@pytest.fixture
def rubric(tmp_path):
    (tmp_path / "model_answer.txt").write_text(ANSWER, encoding="utf8")
    return replace(RUBRIC, folder=str(tmp_path))


def ties_of(rubric: Rubric) -> np.ndarray:
    return encode_rubric(rubric, Letters(), find_citing(rubric, derive_variants(rubric))).ties


def test_sentences_that_name_evidence_are_found(rubric):
    citing = find_citing(rubric, derive_variants(rubric))
    assert [(sentence.text[:4], sentence.items) for sentence in citing] == [("Both", {0}), ("Cake", {1})]


def test_evidence_is_tied_to_the_point_it_is_named_with(rubric):
    ties = ties_of(rubric)
    assert ties.argmax(0)[:2].tolist() == [0, 1]
    assert not ties[:, 2].any()  # not named in the answer


def test_without_a_model_answer_nothing_is_tied():
    assert find_citing(RUBRIC, derive_variants(RUBRIC)) == ()
    assert not ties_of(RUBRIC).any()


def test_what_the_rubric_ties_counts_more_than_the_model_answer(rubric):
    first, second = rubric.points
    ties = ties_of(replace(rubric, points=(replace(first, evidence=("E3",)), second)))
    assert ties[0].tolist() == [0, 0, 1]
    assert ties[1].any()


@given(st.lists(st.tuples(st.text(max_size=60), st.frozensets(st.integers(0, 2))), max_size=6))
@settings(max_examples=50, deadline=None)
def test_ties_are_shares(sentences):
    points = [Letters().read(point.statement) for point in RUBRIC.points]
    citing = tuple(Citing(text or "a", items) for text, items in sentences)
    ties = tie_evidence(RUBRIC, points, citing, Letters())
    assert ties.shape == (2, 3)
    assert ((ties >= 0) & (ties <= 1)).all()
    assert (ties.sum(0) <= 1 + 1e-9).all()


class Even:
    def score(self, pairs):
        return np.full((len(pairs), 4), 0.25)


def features(rubric: Rubric, text: str, **quotes: str) -> np.ndarray:
    """One row a point; ``quotes`` are the words that name each piece of evidence."""
    essay = essay_from_text(text)
    found = tuple(
        EvidenceFinding(i, "used", 0.9, (essay.quote(essay.text.index(q), essay.text.index(q) + len(q)),))
        for i, q in quotes.items()
    )
    findings = Findings(JudgementFinding("missing", "none", (), 0.5), evidence=found)
    encoded = encode_rubric(rubric, Letters(), find_citing(rubric, derive_variants(rubric)))
    parsed = parse_essay(essay, rubric)
    return compute_features(parsed, rubric, encoded, findings, Letters(), Even())[0]


def column(rows: np.ndarray, name: str) -> list[float]:
    return rows[:, FEATURES.index(name)].tolist()


DRAFT = "People baked loaves in the Aga every day. Later the cakes came in as well."


def test_naming_tied_evidence_speaks_for_its_point(rubric):
    rows = features(rubric, DRAFT, E1="the Aga")
    assert column(rows, "has_ties") == [1, 1]
    assert column(rows, "tied_share") == [1, 0]
    assert column(rows, "tied_in_passage")[0] > 0.5
    assert column(rows, "tied_in_passage")[1] == 0


def test_without_ties_is_what_a_rubric_without_model_answer_gives(rubric):
    assert np.allclose(without_ties(features(rubric, DRAFT, E1="the Aga")), features(RUBRIC, DRAFT, E1="the Aga"))
    assert set(TIE_FEATURES) <= set(FEATURES)
