"""The benchmark's measures and easy methods, on cases worked out by hand."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("bm25s")
pytest.importorskip("sklearn")

from stand_ins import Letters

from analyser.training import public_sets
from analyser.training.baselines import bm25, keywords, tf_idf
from analyser.training.benchmark import _without_nan, markdown, tables
from analyser.training.measures import (
    calibration_error,
    class_figures,
    key_point_figures,
    point_figures,
    pyramid_figures,
)
from analyser.training.public_sets import Pair, all_key_points

POINTS = ["both are baked in a hot oven", "cake is for feasts"]
TEXTS = ["Bread and cake are baked in ovens.", "Cake we keep for feasts.", "Dogs bark.", ""]


@pytest.mark.parametrize("method", [tf_idf, bm25, keywords])
def test_easy_methods_prefer_the_right_passage(method):
    scores = method(POINTS, TEXTS)
    assert scores.shape == (2, 4)
    assert scores[0].argmax() == 0
    assert scores[1].argmax() == 1
    assert (scores[:, 2:] == 0).all()


def test_keywords_forgive_one_slip_in_long_words():
    scores = keywords(["feasts", "oven"], ["feests in an ovan", "faests", "feestz"])
    assert scores.tolist() == [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.lists(st.text(max_size=30), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_keywords_are_shares(points, texts):
    scores = keywords(points, texts)
    assert scores.shape == (len(points), len(texts))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_point_figures():
    probabilities = np.array([[0.8, 0.1, 0.0, 0.1], [0.1, 0.1, 0.1, 0.7], [0.3, 0.3, 0.1, 0.3], [0.1, 0.1, 0.7, 0.1]])
    statuses = np.array(["covered", "missing", "unsure", "contradicted"], dtype=object)
    found = point_figures(probabilities, statuses, np.array([0, 3, 3, 2]))
    assert found["auc"] == 1
    assert found["kappa"] == pytest.approx(0.5)
    assert found["decided"] == 0.75
    assert (found["says_covered"], found["says_missing"], found["contradicted_recall"]) == (1, 1, 1)
    nothing_said = point_figures(probabilities, np.full(4, "unsure", dtype=object), np.array([0, 3, 3, 2]))
    assert math.isnan(nothing_said["says_missing"])


def test_calibration_error():
    assert calibration_error(np.array([0.75] * 4), np.array([True, True, True, False])) == 0
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


def test_class_figures():
    found = class_figures(["a", "a", "b", "c"], ["a", "b", "b", "b"])
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0.5 + 0) / 3)


def test_pyramid_figures():
    documents, systems = ["x"] * 3 + ["y"] * 3, ["1", "2", "3"] * 2
    human = [0.0, 0.5, 1.0, 0.0, 0.5, 1.0]
    same = pyramid_figures(documents, systems, human, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert all(value == pytest.approx(1) for value in same.values())
    mixed = pyramid_figures(documents, systems, human, [0.1, 0.2, 0.3, 0.6, 0.5, 0.4])
    assert mixed["summary_pearson"] == pytest.approx(0, abs=1e-9)


def test_key_point_figures():
    """Four arguments with two key points; the better half of the best pairs is kept."""
    groups, arguments = ["t"] * 8, [f"a{n}" for n in range(4) for _ in range(2)]
    scores = np.array([0.9, 0.1, 0.2, 0.8, 0.3, 0.1, 0.2, 0.1])
    matches = [True, False, False, None, False, False, False, False]
    found = key_point_figures(groups, arguments, matches, scores)
    assert found == {"map_strict": 1.0, "map_relaxed": 1.0}
    worse = key_point_figures(groups, arguments, [False, True, False, True, *[False] * 4], scores)
    assert worse["map_strict"] == pytest.approx(0.5)


def test_every_key_point_of_a_topic_is_asked_about():
    pairs = [Pair("a", "p", "covered", "t", {}), Pair("b", "q", "missing", "t", {}), Pair("c", "r", "covered", "u", {})]
    found = [(p.text, p.point, p.label) for p in all_key_points(pairs)]
    assert found == [
        ("a", "p", "covered"), ("a", "q", ""), ("b", "p", ""), ("b", "q", "missing"), ("c", "r", "covered"),
    ]  # fmt: skip


def test_tables_of_a_run_in_which_much_was_skipped():
    figures = point_figures(np.full((2, 4), 0.25), np.array(["unsure"] * 2, dtype=object), np.array([0, 3]))
    found = _without_nan(
        {
            "is_quick": True,
            "drafts": {"n": 1, "methods": {"matcher": figures}, "by_question": {"q1": figures}, "points": [1, 2]},
            "question_curve": [{"n": 1, **figures}],
            "correction_curve": [{"n": -1} | {f"{k}_{w}": v for k, v in figures.items() for w in ("before", "after")}],
            "contrast": None,
            "public": {"argkp": {"matcher": {"map_strict": 0.5, "map_relaxed": 0.6}}},
            "throughput": None,
        }
    )
    json.dumps(found, allow_nan=False)
    titles = [title for title, _, _ in tables(found)]
    assert titles == ["Labelled drafts", "ArgKP, mean average precision", "More questions", "Corrected drafts"]
    assert "| matcher | 0.500 | 0.600 |" in markdown(found)
    assert "trial run" in markdown(found)
    for _, _, rows in tables(found):
        assert len({len(row) for row in rows}) == 1


def test_texts_are_read_sentence_by_sentence():
    assert public_sets._sentences("Salt is square . No . Calcite looks like needles!  Yes it does.") == [
        "Salt is square . No .",
        "Calcite looks like needles!",
        "Yes it does.",
    ]
    assert public_sets._sentences("yes") == ["yes"]
    cross = Recording()
    text = "Dogs bark. Salt is square. Salt crystals are square here. Cats sleep all day."
    rows = public_sets._read([Pair(text, "salt is square", "covered", "g", {})], Letters(), cross)
    assert rows.shape == (1, 8)
    assert [passage for passage, _ in cross.read] == ["Salt is square.", "Salt crystals are square here."]
    assert rows[0, :4] == pytest.approx(np.log([0.7, 0.1, 0.1, 0.1]), abs=1e-4)


class Recording:
    """A cross-encoder that keeps what it is given."""

    def score(self, pairs):
        self.read = pairs
        return np.tile((0.7, 0.1, 0.1, 0.1), (len(pairs), 1))
