"""The model answer beside a rubric is read without its question, or not at all."""

from dataclasses import replace

import pytest

from analyser.rubrics import load_rubric
from analyser.text.model_answer import read_model_answer_of

RUBRIC = load_rubric("stalin-lenin-terror")
ANSWER = "Both leaders set up a secret police, the one the Cheka and the other the NKVD."


def body(essay):
    return [essay.text[block.start : block.end] for block in essay.blocks]


@pytest.mark.parametrize(
    "above",
    ["", f"{RUBRIC.question}\n\n", f"Question 1\n\n{RUBRIC.question.upper()} Explain your answer.\n\n"],
    ids=["no question", "as in the rubric", "in capitals under a number"],
)
def test_the_question_is_left_out(tmp_path, above):
    (tmp_path / "model_answer.txt").write_text(above + ANSWER, encoding="utf8")
    essay = read_model_answer_of(replace(RUBRIC, folder=str(tmp_path)))
    assert essay is not None
    assert body(essay) == [ANSWER]


def test_a_paragraph_that_only_speaks_of_the_question_stays(tmp_path):
    opening = f"{RUBRIC.question} " + "To answer it one has to ask whom each of the two leaders feared, and why. " * 4
    (tmp_path / "model_answer.txt").write_text(f"{opening}\n\n{ANSWER}", encoding="utf8")
    essay = read_model_answer_of(replace(RUBRIC, folder=str(tmp_path)))
    assert essay is not None
    assert len(body(essay)) == 2


@pytest.mark.parametrize("data", [None, b"", b"\x00\x01\x02" * 50, RUBRIC.question.encode()], ids=repr)
def test_none_that_can_be_read(tmp_path, data):
    if data is not None:
        (tmp_path / "model_answer.txt").write_bytes(data)
    assert read_model_answer_of(replace(RUBRIC, folder=str(tmp_path))) is None


def test_a_rubric_made_in_memory_has_none():
    assert read_model_answer_of(replace(RUBRIC, folder="")) is None
