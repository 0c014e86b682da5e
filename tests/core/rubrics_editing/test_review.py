"""The review in the terminal: every action, from piped answers."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner
from test_editing import COMMENTED

from analyser.cli import main
from analyser.errors import UsageError
from analyser.rubrics import load_rubric
from analyser.rubrics.editing_review import Review


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rubric.yaml"
    path.write_text(COMMENTED, encoding="utf8")
    return path


def review(file, *answers: str, edit_text=None):
    """Run a review with these answers and then the end of the input; returns what was said and the result."""
    said: list[str] = []
    left = list(answers)

    def ask(prompt: str) -> str:
        said.append(prompt)
        if not left:
            raise EOFError
        return left.pop(0)

    result = Review(file, ask, said.append, edit_text).run()
    assert not left
    return "\n".join(said), result


def test_marked_entries_come_first_and_enter_keeps(file):
    said, result = review(file, "", "", "k")
    order = [line for line in said.splitlines() if "/7  " in line]
    assert [line.split()[1] for line in order[:4]] == ["question", "sides", "S1", "judgement"]
    assert '# from: "Both are baked."' in said
    assert result.n_by_action == {"kept": 3}
    assert result.n_checks == 0
    text = file.read_text(encoding="utf8")
    assert text.count("# check:") == 1  # the one that is part of a text


def test_next_leaves_the_mark_and_back_returns(file):
    _, result = review(file, "n", "n", "b", "q")
    assert result.n_checks == 3
    assert not result.is_finished
    assert file.read_text(encoding="utf8") == COMMENTED
    assert "This is the first entry" in review(file, "b", "q")[0]


def test_edit(file):
    answers = [
        "n",
        "n",
        "e",
        "statement",
        "both are baked in an oven",
        "accept",
        "baked the two",
        "oven-made",
        "-1",
        "",
    ]
    said, _ = review(file, *answers, "weight", "2", "", "q")
    point = load_rubric(file).points[0]
    assert point.statement == "both are baked in an oven"
    assert point.accept == ("oven-made",)
    assert point.weight == 2
    assert "A similarity says it of both sides" in said


def test_a_wrong_value_is_refused_and_said(file):
    said, _ = review(file, "n", "n", "e", "kind", "similarty", "statement", "-", "evidence", "E7", "", "", "q")
    assert said.count("Not done: E21") == 3
    assert "Did you mean 'similarity'" in said
    assert file.read_text(encoding="utf8") == COMMENTED


def test_sides_and_figures_can_be_edited(file):
    review(file, "n", "e", "a.aliases", "crust", "", "b.frame", "since 1600", "", "q")
    bread, cake = load_rubric(file).sides
    assert bread.aliases == ("loaf", "crust")
    assert cake.frame == "since 1600"
    review(file, *"nnnnn", "e", "figures", "heat", "heat: 220 degrees", "loaves: 12", "-heat", "", "", "q")
    assert load_rubric(file).evidence[0].figures == {"loaves": "12"}


def test_split(file):
    said, _ = review(file, "n", "n", "s", "", "both are sold", "q")
    first, second, _ = load_rubric(file).points
    assert (first.id, second.id) == ("S1", "S2")
    assert second.statement == "both are sold"
    assert second.evidence == ("E1", "E2")
    assert second.kind == "similarity"
    assert "3/8  S1" in said


def test_merge(file):
    review(file, *"nnnnn", "m", "E2", "oven and sugar", "q")
    rubric = load_rubric(file)
    assert [(e.id, e.name, e.aliases) for e in rubric.evidence] == [("E1", "oven and sugar", ("oven", "sugar"))]
    assert [p.evidence for p in rubric.points] == [("E1",), ("E1",)]
    assert "There is no other entry of this kind" in review(file, *"nnn", "n", "m", "q")[0]


def test_drop_and_undo(file):
    said, result = review(file, *"nnnnnn", "d", "u", "q")
    assert file.read_text(encoding="utf8") == COMMENTED
    assert "Undone" in said
    assert result.n_by_action == {"dropped": 0}
    review(file, *"nnnnnn", "d")
    assert [p.evidence for p in load_rubric(file).points] == [("E1",), ()]
    assert "needs its question" in review(file, "d", "q")[0]


def test_the_last_point_stays(file):
    said, _ = review(file, *"nn", "d", *"nn", "b", "d", "q")
    assert "Not done" in said
    assert len(load_rubric(file).points) == 1


def test_an_id_can_be_changed_with_its_links(file):
    review(file, *"nnnnnn", "e", "id", "E99", "", "q")
    assert [p.evidence for p in load_rubric(file).points] == [("E1", "E99"), ("E99",)]


def test_long_texts_open_in_the_editor(file):
    file.write_text(COMMENTED.replace("cake is sweet,", "cake is sweet, " + "very " * 30), encoding="utf8")
    opened = []

    def edit_text(text):
        opened.append(text)
        return "cake is sweet,\nbread is not\n"

    review(file, *"nnnn", "e", "statement", "", "q", edit_text=edit_text)
    assert len(opened) == 1
    assert load_rubric(file).points[1].statement == "cake is sweet, bread is not"


def test_a_file_changed_meanwhile_is_not_overwritten(file):
    answers = iter(["n", "n", "d"])

    def ask(_):
        answer = next(answers)
        if answer == "d":
            file.write_text(COMMENTED + "# mine\n", encoding="utf8")
        return answer

    with pytest.raises(UsageError) as caught:
        Review(file, ask, lambda _: None).run()
    assert caught.value.code == "E370"
    assert file.read_text(encoding="utf8").endswith("# mine\n")
    assert "S1" not in file.with_name("rubric.yaml.review").read_text(encoding="utf8")


def test_windows_line_ends_are_kept(file):
    file.write_bytes(COMMENTED.replace("\n", "\r\n").encode())
    review(file, "k")
    data = file.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n")


def test_the_command_with_piped_answers(file):
    result = CliRunner().invoke(main, ["rubric", "review", str(file)], input="k\nd\nwhat\n")
    assert result.exit_code == 0
    assert "1 kept. 2 still to check." in result.output
    assert "One of: k keep" in result.output


def test_a_shipped_rubric_is_not_edited():
    result = CliRunner().invoke(main, ["rubric", "review", "stalin-lenin-terror"])
    assert result.exit_code == 2
    assert "E371" in result.output


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interruption_keeps_every_decision(file):
    command = [sys.executable, "-m", "analyser", "rubric", "review", str(file)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    process.stdin.write("k\n")
    process.stdin.flush()
    seen = ""
    while "2/7" not in seen:
        seen += process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Every decision is kept" in err
    assert "whole question" not in file.read_text(encoding="utf8")
