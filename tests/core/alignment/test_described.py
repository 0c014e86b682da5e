"""Evidence without its name, with stand-ins: the cross-encoder knows a few words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import BREAD, Letters

from analyser.alignment.described import (
    ASKED_FROM,
    FOUND_FROM,
    MAX_READ,
    N_FEATURES,
    N_READ,
    EvidenceReader,
    evidence_text,
)
from analyser.alignment.linear import Linear
from analyser.detectors.evidence import find_evidence
from analyser.records import Block, Essay, EvidenceItem
from analyser.rubrics.variants import derive_variants
from analyser.text.parsing import parse_essay

NAMES = {"E1": "Chorleywood process (1961)", "E2": "Battenberg", "E3": "Poilane"}
RUBRIC = replace(BREAD, evidence=tuple(EvidenceItem(key, name) for key, name in NAMES.items()))
TELLING = {"Chorleywood": "fast dough", "Battenberg": "chequered"}
TEXT = (
    "In the sixties they found a way with fast dough and the small bakers shut. "
    "Each slice is chequered in pink. Poilane baked for the rich."
)


class Telling:
    """Reads a sentence as bringing in a piece where it has the words that tell it."""

    def __init__(self):
        self.pairs = []

    def score(self, pairs):
        self.pairs += pairs
        found = [any(k in wanted and words in text for k, words in TELLING.items()) for text, wanted in pairs]
        return np.array([[0.9, 0.0, 0.0, 0.1] if one else [0.02, 0.0, 0.0, 0.98] for one in found]).reshape(-1, 4)


def model(intercept: float = 0.0) -> Linear:
    """Adds the log odds of the likeliest sentence and ``intercept``."""
    weights = np.zeros((2, N_FEATURES + 1))
    weights[1, 0], weights[1, -1] = 1.0, intercept
    return Linear(np.zeros(N_FEATURES), np.ones(N_FEATURES), weights)


def settled(text: str, made: Linear, rubric=RUBRIC, cross=None):
    parsed = parse_essay(Essay("e", "e", text, (Block(0, len(text), "paragraph"),)), rubric)
    found = find_evidence(parsed, rubric, derive_variants(rubric))
    reader = EvidenceReader(rubric, Letters(), cross or Telling())
    return found, {f.id: f for f in reader.settle(parsed, found, made)}


def test_a_piece_told_in_other_words_is_found():
    before, after = settled(TEXT, model())
    assert [f.status for f in before[:2]] == ["missing", "missing"]
    assert (after["E1"].status, after["E1"].matched) == ("used", "description")
    assert after["E1"].quotes[0].text == "In the sixties they found a way with fast dough and the small bakers shut."
    assert after["E1"].confidence >= FOUND_FROM


def test_a_doubtful_one_is_asked_about():
    _, after = settled(TEXT, model(-2.6))
    assert after["E2"].status == "unsure"
    assert ASKED_FROM <= after["E2"].confidence < FOUND_FROM
    assert after["E2"].quotes[0].text == "Each slice is chequered in pink."


def test_an_unlikely_one_stays_missing():
    before, after = settled(TEXT, model(-9.0))
    assert tuple(after.values()) == before


def test_what_the_detectors_found_is_neither_read_nor_changed():
    cross = Telling()
    before, after = settled(TEXT, model(9.0), cross=cross)
    assert after["E3"] == before[2]
    assert after["E3"].status in ("used", "named")
    assert not any("Poilane" in wanted for _, wanted in cross.pairs)


def test_of_a_long_rubric_so_many_sentences_are_read():
    items = tuple(EvidenceItem(f"E{n}", f"Quibbleword {n} Zephyr") for n in range(100))
    text = " ".join(f"Loaf number {n} is good for the poor." for n in range(60))
    cross = Telling()
    settled(text, model(), replace(BREAD, evidence=items), cross)
    assert len(cross.pairs) == MAX_READ
    texts = [wanted for _, wanted in cross.pairs]
    assert max(texts.count(wanted) for wanted in texts) <= N_READ


@pytest.mark.parametrize("text", ["", "Loaves.", "!?"])
def test_hardly_any_text_stays_as_it_is(text):
    before, after = settled(text, model(9.0))
    assert tuple(after.values()) == before


def test_the_model_answer_s_sentence_stands_behind_the_name():
    sides = ("Bread", "Cake")
    assert evidence_text(sides, "Battenberg") == "Bread / Cake. Evidence: Battenberg"
    assert evidence_text(sides, "Battenberg", "It is pink.") == "Bread / Cake. Evidence: Battenberg (It is pink.)"


@given(
    st.lists(st.sampled_from(["fast dough", "chequered", "Poilane", "loaf.", "And so", "\n\n", "\u05d0"]), max_size=30)
)
@settings(max_examples=50, deadline=None)
def test_quotes_are_the_essay_s_words(words):
    text = " ".join(words).strip()
    _, after = settled(text, model())
    for finding in after.values():
        assert all(text[q.start : q.end] == q.text for q in finding.quotes)
        assert bool(finding.quotes) == (finding.status != "missing")
