"""A question above the essay is known for what it is; an answer in its words is not taken for it."""

import pytest

from analyser.rubrics import load_rubric
from analyser.text.parsing import parse_essay
from analyser.text.questions import is_question, mark_question
from analyser.text.reading import essay_from_text

TERROR = load_rubric("stalin-lenin-terror")
METHODS = (
    "'The methods of the Suffragettes and of the US Civil Rights movement were fundamentally different.' "
    "How far do you agree?"
)
CASES = [
    (TERROR.question, TERROR.question, True),
    ("how acurate is it to say stalins use of terror was fundamentaly similar to lenins", TERROR.question, True),
    (f"Question 3: {TERROR.question} Explain your answer.", TERROR.question, True),
    (TERROR.question.upper().rstrip("?"), TERROR.question, True),
    (METHODS.replace("'", "“"), METHODS, True),
    (METHODS.replace("fundamentally ", ""), METHODS, True),
    (TERROR.question.replace("How accurate is it", "It is accurate").replace("?", "."), TERROR.question, False),
    (METHODS.split("'")[1], METHODS, False),
    ("How many people died under each of them?", TERROR.question, False),
    ("How far do you agree? I agree a lot.", METHODS, False),
    ("Stalin's terror", TERROR.question, False),
    ("", TERROR.question, False),
]


@pytest.mark.parametrize(("words", "question", "expected"), CASES)
def test_which_blocks_are_the_question(words, question, expected):
    assert is_question(words, question) is expected


def test_an_introduction_that_opens_with_the_question_stays():
    opening = f"{TERROR.question} To answer this one must ask who was hunted, by whom, and what for. " * 2
    assert not is_question(opening, TERROR.question)


def test_the_question_is_no_part_of_the_answer():
    essay = essay_from_text(f"{CASES[1][0]}\n\nBoth of them had a secret police to watch everybody else.")
    parsed = parse_essay(essay, TERROR)
    assert [block.kind for block in parsed.essay.blocks] == ["front_matter", "paragraph"]
    assert parsed.essay.n_paragraphs == 1
    assert all(parsed.essay.text[s.start :].startswith("Both") for s in parsed.sentences)
    assert mark_question(parsed.essay, TERROR.question) == parsed.essay
