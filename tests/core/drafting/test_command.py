"""The command: what it writes, and what it refuses."""

import pytest
from click.testing import CliRunner
from model_answers import GUIDANCE

from analyser.cli import main
from analyser.errors import EXPLANATIONS
from analyser.rubrics.words import load_cues


@pytest.fixture
def answer(tmp_path):
    path = tmp_path / "answer.txt"
    path.write_text(GUIDANCE, encoding="utf8")
    return path


def run(*args):
    return CliRunner().invoke(main, ["rubric", *map(str, args)])


def test_draft_then_check(answer, tmp_path):
    folder = tmp_path / "out"
    result = run("draft", answer, "-o", folder)
    assert result.exit_code == 0, result.output
    assert {p.name for p in folder.iterdir()} == {"rubric.yaml", "model_answer.txt", ".drafted.yaml"}
    assert run("check", folder).exit_code == 0


def test_draft_and_review_at_once(answer, tmp_path):
    args = ["rubric", "draft", str(answer), "-o", str(tmp_path / "out"), "--review"]
    result = CliRunner().invoke(main, args, input="k\nq\n")
    assert result.exit_code == 0, result.output
    assert "Saved:" in result.output


def test_nothing_is_overwritten(answer, tmp_path):
    folder = tmp_path / "out"
    run("draft", answer, "-o", folder)
    path = folder / "rubric.yaml"
    edited = path.read_text(encoding="utf8").replace("faced plots", "met with plots", 1)
    path.write_text(edited, encoding="utf8")
    result = run("draft", answer, "-o", folder)
    assert result.exit_code == 2
    assert "E366" in result.output
    assert path.read_text(encoding="utf8") == edited
    assert run("draft", answer, "-o", folder, "--update").exit_code == 0
    assert "met with plots" in path.read_text(encoding="utf8")


def test_a_broken_rubric_is_not_merged_into(answer, tmp_path):
    (tmp_path / "rubric.yaml").write_text("id: [broken\n", encoding="utf8")
    result = run("draft", answer, "-o", tmp_path, "--update")
    assert result.exit_code == 2
    assert (tmp_path / "rubric.yaml").read_text(encoding="utf8") == "id: [broken\n"


def test_a_model_answer_that_is_there_is_kept(answer, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "model_answer.txt").write_text("The teacher's own.\n", encoding="utf8")
    assert run("draft", answer, "-o", folder).exit_code == 0
    assert (folder / "model_answer.txt.bak").read_text(encoding="utf8") == "The teacher's own.\n"


def test_a_rubric_that_is_no_text_is_told(answer, tmp_path):
    (tmp_path / "rubric.yaml").write_bytes(b"id: caf\xe9\n")
    result = run("draft", answer, "-o", tmp_path, "--update")
    assert result.exit_code == 2
    assert "analyser: E2" in result.output


def test_a_file_in_the_place_of_the_folder(answer):
    assert "E365" in run("draft", answer, "-o", answer).output


def test_codes_are_explained():
    for code in ("E360", "E361", "E362", "E363", "E364", "E365", "E366", "E367", "N361", "N362", "N363", "N364"):
        assert EXPLANATIONS[code]


@pytest.mark.parametrize(
    "name", ["drafting.toml", "drafting_evidence.toml", "drafting_hints.toml", "drafting_wording.toml"]
)
def test_every_group_of_words_names_its_source(name):
    assert all(group["source"] for group in load_cues(name).values())
