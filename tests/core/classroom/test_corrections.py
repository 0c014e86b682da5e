"""The teacher's verdicts: they win, survive, come in by three ways, and are counted."""

import json

import openpyxl
import pytest
from class_sample import CUES, DRAFTS, stub_feedback, stub_for, tree, write_files
from click.testing import CliRunner

from analyser.classroom import analyse_class
from analyser.classroom.agreement import find_agreement
from analyser.classroom.corrections import (
    Correction,
    allowed_statuses,
    apply_corrections,
    corrections_text,
    load_corrections,
    merged,
)
from analyser.classroom.state import from_state, to_state
from analyser.cli import main
from analyser.errors import UsageError
from analyser.rubrics import load_rubric
from analyser.text.reading import essay_from_text

FILES = {"Amy.txt": DRAFTS["half"], "Ben.txt": DRAFTS["full"]}


@pytest.fixture
def rubric(rubric_path):
    return load_rubric(rubric_path)


@pytest.fixture
def marked(tmp_path, rubric_path):
    """A marked class, and a function that marks it again."""
    source = write_files(tmp_path / "in", FILES)

    def mark():
        return analyse_class(source, rubric_path, output=tmp_path / "out", make_analyse=stub_for)

    mark()
    return tmp_path / "out", mark


def feedback_of(name, rubric):
    return stub_feedback(essay_from_text(DRAFTS[name], f"{name}.txt", name), rubric)


def test_feedback_comes_back_exactly(rubric):
    for name in DRAFTS:
        feedback = feedback_of(name, rubric)
        again = from_state(json.loads(json.dumps(to_state(feedback))), rubric)
        assert again.essay == feedback.essay
        assert again.messages == feedback.messages
        assert again.matches == feedback.matches
        assert again.findings == feedback.findings


@pytest.mark.parametrize("item_id", ["judgement", *CUES])
@pytest.mark.parametrize("name", list(DRAFTS))
def test_every_verdict_wins(rubric, item_id, name):
    feedback = feedback_of(name, rubric)
    for status in allowed_statuses(rubric)[item_id]:
        corrected = apply_corrections(feedback, [Correction("amy", "d", item_id, status)])
        findings = corrected.findings
        found = {f.id: f for f in (*findings.criteria, *corrected.matches, *findings.evidence)}
        one = findings.judgement if item_id == "judgement" else found[item_id]
        assert (one.status, one.confidence) == (status, 1.0)
        if item_id in ("S1", "S2", "D1"):
            assert one.reason == "Set by the teacher."
            assert one.probabilities[status] == 1.0
        assert status != "missing" or not one.quotes
        others = {f.id: f for f in (*feedback.findings.criteria, *feedback.matches, *feedback.findings.evidence)}
        assert all(found[i] == other for i, other in others.items() if i != item_id)


def test_coverage_and_messages_follow_the_verdict(rubric):
    feedback = feedback_of("bare", rubric)
    corrected = apply_corrections(feedback, [Correction("amy", "d", "S1", "covered", "Between the lines, yes.")])
    assert (feedback.coverage["similarities"], corrected.coverage["similarities"]) == (0.0, 0.5)
    assert corrected.messages[0].text == "Your teacher: Between the lines, yes."
    assert corrected.messages[0].code == "T100"


def test_comment_alone_changes_no_verdict(rubric):
    feedback = feedback_of("full", rubric)
    commented = apply_corrections(feedback, [Correction("amy", "d", "S1", "", "Well put.")])
    assert commented.matches == feedback.matches
    assert commented.messages[1:] == feedback.messages


def test_survives_runs_and_a_new_draft_starts_afresh(marked, tmp_path):
    out, mark = marked
    row = next(row for row in mark().rows if row.student == "Amy")
    one = Correction(row.key, row.draft, "S2", "covered", "Read it again.", "ilse-aldo", 1, {"status": "missing"})
    (out / "corrections.jsonl").write_text(corrections_text([one]), encoding="utf8")
    for _ in range(2):
        row = next(row for row in mark().rows if row.student == "Amy")
        assert row.statuses["S2"] == "covered"
        assert row.corrected == ("S2",)
        assert row.comments == ("Read it again.",)
    record = json.loads((out / "records.jsonl").read_text(encoding="utf8").splitlines()[0])
    assert record["marking"]["set_by_teacher"] == ["S2"]
    first = tree(out)
    mark()
    assert tree(out) == first
    (tmp_path / "in" / "Amy.txt").write_text(DRAFTS["bare"], encoding="utf8")
    row = next(row for row in mark().rows if row.student == "Amy")
    assert row.statuses["S2"] == "missing"
    assert load_corrections(out) == [one]


def test_verdicts_from_the_workbook(marked):
    out, mark = marked
    book = openpyxl.load_workbook(out / "class.xlsx")
    sheet = book["Review"]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, head["student"]).value == "Amy"
    sheet.cell(2, head["your verdict"]).value = "Partial "
    sheet.cell(2, head["your comment"]).value = "Say whom."
    book.save(out / "class.xlsx")
    row = mark().rows[0]
    assert (row.statuses["D1"], row.comments) == ("partial", ("Say whom.",))
    (one,) = load_corrections(out)
    assert (one.id, one.status, one.comment, one.tool["status"]) == ("D1", "partial", "Say whom.", "unsure")
    assert mark().rows[0].statuses["D1"] == "partial"


def test_wrong_verdict_in_the_workbook(marked):
    out, mark = marked
    book = openpyxl.load_workbook(out / "class.xlsx")
    sheet = book["Review"]
    head = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, head["your verdict"]).value = "perhaps"
    book.save(out / "class.xlsx")
    with pytest.raises(UsageError) as error:
        mark()
    assert error.value.code == "E347"
    assert "row 2" in str(error.value)
    (out / "class.xlsx").write_bytes(b"no workbook")
    with pytest.raises(UsageError) as error:
        mark()
    assert error.value.code == "E347"


def test_interactive_review_and_agreement(marked):
    out, mark = marked
    result = CliRunner().invoke(main, ["review", str(out)], input="\nt\nSay whom.\nc\n")
    assert result.exit_code == 0, result.output
    assert "there is nothing to agree to" in result.output
    assert [(c.id, c.status, c.comment) for c in load_corrections(out)] == [("D1", "covered", "Say whom.")]
    result = CliRunner().invoke(main, ["review", str(out), "--all", "--student", "ben"], input="\nx\ns\nm\nq\n")
    assert "3 decided" in result.output
    mark()
    result = CliRunner().invoke(main, ["agree", str(out)])
    assert result.exit_code == 0
    assert "Ben: the tool says" in result.output
    entries = json.loads(CliRunner().invoke(main, ["agree", str(out), "--json"]).output)
    assert {entry["id"] for entry in entries} >= {"D1"}
    assert next(entry for entry in entries if entry["id"] == "D1")["unsure"] == 1


def test_agreement_is_counted():
    def one(student, item_id, tool, hers):
        return Correction(student, "d", item_id, hers, tool={"status": tool})

    found = find_agreement(
        [
            one("a", "S1", "covered", "covered"),
            one("b", "S1", "missing", "covered"),
            one("c", "S1", "unsure", "covered"),
            one("a", "S2", "missing", "missing"),
            one("a", "C1", "missing", ""),
        ]
    )
    assert [(a.id, a.n_agreed, a.n_compared, a.n_unsure, a.differing) for a in found] == [
        ("S1", 1, 2, 1, (("b", "missing", "covered"),)),
        ("S2", 1, 1, 0, ()),
    ]


def test_later_verdicts_replace_earlier_ones():
    first = Correction("a", "d", "S1", "missing", "Hm.", tool={"status": "covered"})
    second = Correction("a", "d", "S1", "covered", tool={"status": "missing"})
    (one,) = merged([first], [second])
    assert (one.status, one.comment, one.tool) == ("covered", "Hm.", {"status": "covered"})


@pytest.mark.parametrize("line", ["{", "[]", '{"schema": "x"}', '{"schema": "analyser.correction/1", "student": 1}'])
def test_broken_corrections_are_named(tmp_path, line):
    (tmp_path / "corrections.jsonl").write_text(f"\n{line}\n", encoding="utf8")
    with pytest.raises(UsageError) as error:
        load_corrections(tmp_path)
    assert error.value.code == "E347"
    assert "line 2" in str(error.value)


@pytest.mark.parametrize("command", ["review", "agree"])
def test_no_marked_class(tmp_path, command):
    result = CliRunner().invoke(main, [command, str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith("analyser: E345")
