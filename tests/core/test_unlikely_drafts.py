"""Drafts that are no answer: too short, off the question, with a table at the end."""

import pytest

from analyser import analyse_essay, load_rubric
from analyser.text.reading import essay_from_text

pytestmark = pytest.mark.usefixtures("untrained")

OTHER = "Photosynthesis takes place in the chloroplast and needs light, water and carbon dioxide from the air. " * 12
CLOSED = (
    "Both kings ruled by fear, and the nobles knew it well enough in each reign.\n\n"
    "Henry VII fined many of them while Edward IV fined few, so the two were quite different rulers.\n\n"
    "In conclusion Henry VII and Edward IV were not similar in their methods at all.\n\nHenry"
)


@pytest.fixture(scope="module")
def rubric():
    return load_rubric("henry-vii-edward-iv")


def test_an_essay_on_another_question_is_remarked_on(rubric):
    feedback = analyse_essay(essay_from_text(OTHER), rubric)
    assert "N202" in [notice.code for notice in feedback.essay.notices]
    assert not [m for m in feedback.matches if m.status == "covered"]


def test_two_words_make_no_point(rubric):
    feedback = analyse_essay(essay_from_text("Hello there"), rubric)
    assert {m.status for m in feedback.matches} == {"missing"}
    assert "N202" not in [notice.code for notice in feedback.essay.notices]


def test_a_stray_word_at_the_end_is_not_the_conclusion(rubric):
    feedback = analyse_essay(essay_from_text(CLOSED), rubric)
    assert "conclusion" in feedback.findings.judgement.where
    assert "no_conclusion" not in feedback.findings.judgement.notes
