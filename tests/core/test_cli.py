"""The command line as a user meets it: output, exit codes, errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from analyser import __version__, shipped
from analyser.cli import FORMATS, main

ROOT = Path(__file__).parent.parent.parent
RUBRIC = "stalin-lenin-terror"
DRAFT = shipped.folder("rubrics") / RUBRIC / "draft.txt"

pytestmark = pytest.mark.usefixtures("untrained")


def run(*args, text=None):
    return CliRunner().invoke(main, [str(a) for a in args], input=text)


def record(draft, *options) -> dict:
    result = run("feedback", draft, "--rubric", RUBRIC, "--format", "json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_feedback_quotes_the_draft():
    found = record(DRAFT)
    text = found["essay"]["text"]
    quotes = [q for part in ("criteria", "points", "evidence") for item in found[part] for q in item["quotes"]]
    assert quotes
    assert all(text[q["start"] : q["end"]] == q["text"] for q in quotes)
    assert found["judgement"]["status"] == "stated"


def test_the_same_draft_gives_the_same_record():
    assert record(DRAFT) == record(DRAFT)


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_reaches_file_and_screen(format_, tmp_path):
    screen = run("feedback", DRAFT, "-r", RUBRIC, "-f", format_)
    assert screen.exit_code == 0
    out = tmp_path / "feedback.out"
    assert run("feedback", DRAFT, "-r", RUBRIC, "-f", format_, "-o", out).exit_code == 0
    assert out.read_text(encoding="utf8").strip() == screen.stdout.strip()
    assert os.listdir(tmp_path) == ["feedback.out"]


def test_a_broken_install_says_what_is_missing_and_works():
    result = run("feedback", "-", "-r", "stalin-lenin-terror", text="Lenin and Stalin both used terror. " * 20)
    assert result.exit_code == 0
    for code in ("N201", "N208"):
        assert result.stderr.count(code) == 1
        assert run("explain", code).exit_code == 0


def test_a_suffix_of_no_format_is_refused_before_any_work(tmp_path):
    out = tmp_path / "feedback.pdf"
    result = run("feedback", "draft.txt", "-r", "stalin-lenin-terror", "-o", str(out))
    assert result.exit_code == 2
    assert "E306" in result.output
    assert not out.exists()


@pytest.mark.parametrize(("suffix", "start"), [(".json", "{"), (".html", "<!doctype html"), (".md", "#")])
def test_the_suffix_chooses_the_format(suffix, start, tmp_path):
    out = tmp_path / f"feedback{suffix}"
    assert run("feedback", DRAFT, "-r", RUBRIC, "-o", out).exit_code == 0
    assert out.read_text(encoding="utf8").lower().startswith(start)


def test_standard_input():
    result = run("feedback", "-", "-r", RUBRIC, "-f", "json", text=DRAFT.read_text(encoding="utf8"))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["essay"]["n_words"] > 300


def test_a_mark_is_never_given():
    assert "not a mark" in run("feedback", DRAFT, "-r", RUBRIC).stdout


def test_fail_on_missing(tmp_path):
    draft = tmp_path / "short.txt"
    draft.write_text("Bread is baked. " * 20)
    assert run("feedback", draft, "-r", RUBRIC).exit_code == 0
    assert run("feedback", draft, "-r", RUBRIC, "--fail-on-missing").exit_code == 1


BAD_DRAFTS = [
    ("missing file", None, "E10"),
    ("empty file", b"", "E1"),
    ("binary", bytes(range(256)) * 40, "E1"),
    ("corrupt docx", b"PK\x03\x04 not really a zip", "E1"),
]


@pytest.mark.parametrize(("content", "code"), [d[1:] for d in BAD_DRAFTS], ids=[d[0] for d in BAD_DRAFTS])
def test_unreadable_drafts(content, code, tmp_path):
    draft = tmp_path / "draft.docx"
    if content is not None:
        draft.write_bytes(content)
    out = tmp_path / "out.html"
    result = run("feedback", draft, "-r", RUBRIC, "-o", out)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"analyser: {code}")
    assert len(result.stderr.strip().splitlines()) == 1
    assert not out.exists()


def test_a_folder_is_no_draft(tmp_path):
    assert run("feedback", tmp_path, "-r", RUBRIC).exit_code == 3


BAD_USE = [
    (("feedback", DRAFT, "-r", "no-such-rubric"), "E200"),
    (("feedback", DRAFT, "-r", RUBRIC, "-o", "no/such/folder/x.md"), "E304"),
    (("feedback", DRAFT, "-r", RUBRIC, "-o", ROOT), "is a directory"),
    (("feedback", DRAFT), "--rubric"),
    (("rubric", "check", DRAFT), "E20"),
    (("explain", "E999"), "E301"),
]


@pytest.mark.parametrize(("args", "said"), BAD_USE)
def test_wrong_use(args, said):
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_the_model_answer_is_nearly_complete(rubric_id, tmp_path):
    """Of the parts the detectors read; the points are the trained matcher's (tests/quality)."""
    answer = shipped.folder("rubrics") / rubric_id / "model_answer.txt"
    result = run("feedback", answer, "-r", rubric_id, "-f", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    there = [e["id"] for e in found["evidence"] if e["status"] in ("used", "named", "misused", "unsure")]
    assert len(there) >= 0.85 * len(found["evidence"]), sorted({e["id"] for e in found["evidence"]} - set(there))


def test_rubric_commands():
    assert run("rubric", "check", RUBRIC).exit_code == 0
    listed = run("rubric", "list").stdout
    assert all(rubric_id in listed for rubric_id in shipped.rubric_ids())
    shown = run("rubric", "show", RUBRIC).stdout
    assert "Bukharin" in shown
    assert "hint:" in shown


def test_explain_knows_every_code():
    from analyser.errors import EXPLANATIONS
    from analyser.feedback import explanations

    for code in [*EXPLANATIONS, *explanations()]:
        result = run("explain", code.lower())
        assert result.exit_code == 0, code
        assert len(result.stdout) > 20


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    assert "_ANALYSER_COMPLETE" in run("completion", shell).stdout


def test_version_starts_quickly_and_loads_no_nlp():
    code = """
import sys
from analyser.cli import main
try:
    main(["--version"])
except SystemExit:
    print("spacy" in sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["analyser,", "version", __version__, "False"]


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m analyser rubric show {RUBRIC} | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert result.stderr == ""


def test_what_is_wrong_and_what_to_do_are_two_sentences():
    assert "no rubric 'nowhere'. Give the path" in run("rubric", "check", "nowhere").stderr
