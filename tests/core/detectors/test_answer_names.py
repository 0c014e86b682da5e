"""Further names of evidence from a model answer: only where the answer says that two names are one thing."""

import pytest
from evidence_drafts import rubric

from analyser.detectors.answer_names import find_answer_names, find_names, with_answer
from analyser.rubrics.variants import derive_variants

NAMES = {"E01": "the Cheka (founded December 1917)", "E02": "NUWSS", "E03": "Battle of Plassey", "E04": "Robert Clive"}
TOLD = [
    ("He created the communist secret police (the Cheka) in 1917.", {"E01": ("communist secret police",)}),
    ("The National Union of Women's Suffrage Societies, led by Fawcett, marched.",
     {"E02": ("National Union of Women's Suffrage Societies",)}),
    ("Robert Clive, known as Clive of India, won it.", {"E04": ("Clive of India",)}),
]  # fmt: skip
NOT_TOLD = [
    "He changed its role (as the Cheka) later.",
    "The Cheka (1917) shot hostages.",
    "Robert Clive (Battle of Plassey) was a soldier.",
    "Some say (and they are right) that the Cheka was cruel.",
    "Robert Clive, or so they say, took bribes.",
    "",
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_names_told(text, expected):
    assert find_names(derive_variants(rubric(NAMES)), text) == expected


@pytest.mark.parametrize("text", NOT_TOLD)
def test_nothing_else_is_a_name(text):
    assert find_names(derive_variants(rubric(NAMES)), text) == {}


def test_a_rubric_without_an_answer_keeps_its_lexicon():
    made = rubric(NAMES)
    lexicon = derive_variants(made)
    assert find_answer_names(lexicon, made) == {}
    assert with_answer(lexicon, made) is lexicon


def test_further_names_are_variants():
    lexicon = derive_variants(rubric(NAMES), {"E01": ("communist secret police",)})
    assert ("communist secret police", "answer") in {(v.text, v.source) for v in lexicon.items[0].variants}
