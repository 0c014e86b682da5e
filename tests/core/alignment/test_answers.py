"""What the cross-encoder adds to judgement and criteria, with a stand-in that knows a few words."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import BREAD

from analyser.alignment.answers import (
    ANSWERS,
    MAX_EDGE,
    N_CRITERION_FEATURES,
    N_JUDGEMENT_FEATURES,
    AnswerModels,
    AnswerReader,
    read_sentences,
)
from analyser.alignment.described import N_FEATURES
from analyser.alignment.linear import Linear
from analyser.detectors.criteria import find_criteria
from analyser.detectors.judgement import find_judgement
from analyser.errors import TrainedModelError
from analyser.records import Block, Criterion, Essay
from analyser.text.parsing import parse_essay

RUBRIC = replace(BREAD, criteria=(Criterion("C1", "what they cost"), Criterion("C2", "who eats them")))
WORDS = {"twins": 0, "strangers": 2, "halfway": 1, "purse": 0, "mouth": 0}


class Words:
    """Reads "twins" as an answer alike, "strangers" as one unlike, "halfway" as one by halves; a purse sets C1."""

    def score(self, pairs):
        return np.array([self._read(*pair) for pair in pairs])

    def _read(self, text, wanted):
        row = [0.02, 0.02, 0.02, 0.94]
        words = {"cost": ("purse",), "eats": ("mouth",)}
        known = next((found for key, found in words.items() if key in wanted), ("twins", "strangers", "halfway"))
        for word in known:
            if word in text:
                row = [0.02] * 4
                row[WORDS[word]] = 0.94
        return row


def models(detectors: float = 1.0, reading: float = 1.0) -> AnswerModels:
    """Models that add up, by hand, what the detectors say and what the sentences of the conclusion say."""
    judgement = np.zeros((len(ANSWERS), N_JUDGEMENT_FEATURES + 1))
    judgement[:, : len(ANSWERS)] = detectors * np.eye(len(ANSWERS))
    judgement[:3, -5:-2] = reading * np.eye(3)
    criterion = np.zeros((2, N_CRITERION_FEATURES + 1))
    criterion[1, 0], criterion[1, 3] = 4 * detectors, reading
    made = (judgement, criterion, np.zeros((2, N_FEATURES + 1)))
    return AnswerModels(*(Linear(np.zeros(w.shape[1] - 1), np.ones(w.shape[1] - 1), w) for w in made))


def parsed(text: str):
    blocks, start = [], 0
    for paragraph in text.split("\n\n"):
        blocks.append(Block(start, start + len(paragraph), "paragraph"))
        start += len(paragraph) + 2
    return parse_essay(Essay("e", "e", text, tuple(blocks)), RUBRIC)


def settled(text: str, made: AnswerModels | None = None):
    essay = parsed(text)
    reader = AnswerReader(RUBRIC, Words(), made or models())
    return reader.settle(essay, find_judgement(essay, RUBRIC), find_criteria(essay, RUBRIC))


BODY = "\n\nBread is flour and water. We eat it daily.\n\n"


@pytest.mark.parametrize(
    ("end", "stance"), [("They are twins.", "similar"), ("Strangers, I mean strangers.", "different")]
)
def test_an_answer_in_words_the_detectors_do_not_know(end, stance):
    judgement, _ = settled("Loaves first." + BODY + end.lower())
    assert (judgement.status, judgement.stance, judgement.where) == ("stated", stance, ("conclusion",))
    assert [quote.text for quote in judgement.quotes] == [end.lower()]


def test_what_the_detectors_are_sure_of_stands():
    text = "Loaves first." + BODY + "In conclusion, bread and cake are fundamentally different."
    judgement, _ = settled(text, models(reading=0.0))
    assert judgement == find_judgement(parsed(text), RUBRIC)


def test_an_answer_is_not_taken_away_on_a_hunch():
    text = "Loaves first." + BODY + "In conclusion, bread and cake are fundamentally different."
    made = models(detectors=0.0, reading=0.0)
    made.judgement.weights[ANSWERS.index("missing"), -1] = 1.0  # even so no answer is only the likeliest of five
    assert settled(text, made)[0].status == "stated"
    made.judgement.weights[ANSWERS.index("missing"), -1] = 9.0
    assert settled(text, made)[0].status == "missing"


@pytest.mark.parametrize(("end", "quotes"), [("they are twins.", ["they are twins."]), ("we eat it daily.", [])])
def test_what_may_be_an_answer_is_asked_about(end, quotes):
    made = models(detectors=0.0, reading=0.0)
    made.judgement.weights[ANSWERS.index("missing"), -1] = 9.0
    judgement, _ = settled("Loaves first." + BODY + end, made)
    assert (judgement.status, [quote.text for quote in judgement.quotes]) == ("missing", quotes)


def test_an_answer_in_the_middle_is_asked_about():
    judgement, _ = settled("Loaves first.\n\nBread is flour. For me it is halfway. We eat it.\n\nSo much for bread.")
    assert (judgement.status, [quote.text for quote in judgement.quotes]) == ("missing", ["For me it is halfway."])


def test_what_the_detectors_set_is_at_least_asked_about():
    text = "I judge them by what they cost." + BODY + "So much for bread."
    assert find_criteria(parsed(text), RUBRIC)[0].status == "covered"
    _, criteria = settled(text, models(detectors=-2.0, reading=0.0))
    assert (criteria[0].status, criteria[0].quotes) == ("unsure", find_criteria(parsed(text), RUBRIC)[0].quotes)


@pytest.mark.parametrize(
    ("weight", "status", "quote"),
    [(1.0, "covered", "look in the purse."), (0.001, "covered", ""), (-1.0, "missing", "")],
)
def test_a_criterion_follows_the_reading(weight, status, quote):
    _, criteria = settled("First, look in the purse." + BODY + "So much for bread.", models(reading=weight))
    assert criteria[0].status == status
    assert quote in "".join(q.text for q in criteria[0].quotes)


def test_a_criterion_in_doubt_is_asked_about():
    made = models()
    made.criterion.weights[1, -1] = -3.6
    _, criteria = settled("First, look in the purse." + BODY + "So much for bread.", made)
    assert (criteria[0].status, criteria[1].status) == ("unsure", "missing")
    assert [q.text for q in criteria[0].quotes] == ["First, look in the purse."]


def test_only_the_edges_are_read():
    text = " ".join(f"Loaf number {n} is good." for n in range(40))
    found = read_sentences(parsed(text + BODY + text), RUBRIC, Words())
    assert len(found.indices) == 2 * MAX_EDGE
    assert found.answers.shape == (2 * MAX_EDGE, 4)
    assert found.standards.shape == (2, 2 * MAX_EDGE)


def test_an_essay_without_a_sentence_stays_as_it_is():
    judgement, criteria = settled("")
    assert judgement.status == "missing"
    assert {c.status for c in criteria} == {"missing"}


@given(
    st.lists(
        st.sampled_from([*WORDS, "bread", "alike", "I agree.", "\n\n", "Both?", "\u05d0", "\U0001f600"]), max_size=30
    )
)
@settings(max_examples=60, deadline=None)
def test_quotes_are_the_essay_s_words(words):
    text = " ".join(words).strip()
    judgement, criteria = settled(text)
    for quote in (*judgement.quotes, *(q for c in criteria for q in c.quotes)):
        assert text[quote.start : quote.end] == quote.text
    assert judgement.quotes or judgement.status == "missing"
    assert not judgement.where or judgement.status != "missing"
    assert all(c.quotes or c.status == "missing" for c in criteria)


@pytest.mark.parametrize("data", ["", "{}", json.dumps({"judgement": {}, "criterion": {}})])
def test_damaged_models(tmp_path, data):
    (tmp_path / "answers.json").write_text(data)
    with pytest.raises(TrainedModelError) as caught:
        AnswerModels.from_file(tmp_path / "answers.json")
    assert caught.value.code == "E402"


def test_models_of_another_version(tmp_path):
    part = {"mean": [0.0], "scale": [1.0], "weights": [[1.0, 0.0]]}
    (tmp_path / "answers.json").write_text(json.dumps({"judgement": part, "criterion": part, "evidence": part}))
    with pytest.raises(TrainedModelError, match="another version"):
        AnswerModels.from_file(tmp_path / "answers.json")
