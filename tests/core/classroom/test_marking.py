"""A whole run with a stub of the analyser: what is written, stopping it at any instant, and what can go wrong."""

import csv
import errno
import io
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from class_sample import DRAFTS, docx_bytes, faulty_stub_for, stub_for, tree, write_files, write_zip
from click.testing import CliRunner

import analyser
from analyser.classroom import analyse_class, running
from analyser.classroom.state import Store, made_from
from analyser.cli import main
from analyser.errors import UsageError
from analyser.feedback import compose_feedback
from analyser.readers import Reading
from analyser.records import Notice
from analyser.rubrics import load_rubric

FULL, HALF, BARE = DRAFTS["full"], DRAFTS["half"], DRAFTS["bare"]
FILES = {"Zoë O'Brien.docx": docx_bytes(FULL), "Amy.txt": HALF, "Ben.md": BARE, "Cy_D.txt": f"{FULL} And so on."}
SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from analyser.classroom import analyse_class
from class_sample import slow_stub_for
if __name__ == "__main__":
    analyse_class(sys.argv[1], sys.argv[2], output=sys.argv[3], jobs=2, make_analyse=slow_stub_for)
"""


def run(source, rubric, output, **options):
    return analyse_class(source, rubric, output=output, **{"make_analyse": stub_for, **options})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_files(tmp_path / "in", FILES)


def test_outputs(source, rubric_path, tmp_path):
    out = tmp_path / "out"
    report = run(source, rubric_path, out, formats=("docx", "html", "markdown"))
    names = ["Amy", "Ben", "Cy_D", "Zoë O'Brien"]
    assert [row.student for row in report.rows] == names
    files = set(tree(out))
    assert {f"feedback/{name}{suffix}" for name in names for suffix in (".docx", ".html", ".md")} <= files
    assert {"class.html", "class.xlsx", "records.jsonl"} <= files
    records = [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf8").splitlines()]
    assert [record["marking"]["student"] for record in records] == names
    assert all(record["schema"] == "analyser.feedback/1" for record in records)
    comments = [c.text for c in docx.Document(str(out / "feedback" / "Zoë O'Brien.docx")).comments]
    assert any("they were alike" in text for text in comments)
    assert list(report.points()["S2"]) == ["missing", "missing", "covered", "covered"]


def test_nothing_is_written_without_an_output(source, rubric_path):
    before = tree(source.parent)
    report = analyse_class(source, rubric_path, make_analyse=stub_for)
    assert len(report.overview()) == 4
    assert tree(source.parent) == before


def test_workers_give_the_same_bytes(source, rubric_path, tmp_path):
    run(source, rubric_path, tmp_path / "one")
    run(source, rubric_path, tmp_path / "two", jobs=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_unchanged_drafts_are_not_done_again(source, rubric_path, tmp_path):
    seen = []

    def counting(rubric):
        analyse = stub_for(rubric)

        def analyse_and_count(essay):
            seen.append(essay.id)
            return analyse(essay)

        return analyse_and_count

    out = tmp_path / "out"
    run(source, rubric_path, out, make_analyse=counting)
    first = tree(out)
    run(source, rubric_path, out, make_analyse=counting)
    assert tree(out) == first
    assert len(seen) == 4
    (source / "Amy.txt").write_text(FULL + " More.", encoding="utf8")
    run(source, rubric_path, out, make_analyse=counting)
    assert seen[4:] == ["Amy"]
    (source / "Ben.md").unlink()
    run(source, rubric_path, out, make_analyse=counting)
    assert not (out / "feedback" / "Ben.docx").exists()
    rubric_path.write_text(rubric_path.read_text().replace("feared the north", "feared the far north"))
    run(source, rubric_path, out, make_analyse=counting)
    assert len(seen) == 8


def test_a_reader_calibrated_anew_is_another_run(rubric_path, tmp_path):
    rubric, reading = load_rubric(rubric_path), Reading(matcher=str(tmp_path))
    before = made_from(rubric, reading)
    assert made_from(rubric, reading) == before
    (tmp_path / "analyser-top.json").write_text("{}")
    assert made_from(rubric, reading) != before


def second_reader(statuses, asked):
    """An analyser whose second reader says the next of ``statuses`` of D1 at each draft; "unsure" is no opinion."""

    def make(rubric):
        analyse = stub_for(rubric)

        def analyse_and_ask(essay):
            asked.append(essay.id)
            feedback, status = analyse(essay), next(statuses)
            told = (Notice("N206", "No second opinion on one point."),) if status != "covered" else ()
            matches = tuple(replace(m, status=status) if m.id == "D1" else m for m in feedback.matches)
            return compose_feedback(
                replace(essay, notices=told), rubric, feedback.findings, matches, trained_models=feedback.trained_models
            )

        return analyse_and_ask

    return make


@pytest.mark.parametrize(
    ("said", "n_asked", "kept"),
    [
        (("covered", "unsure", "unsure"), 1, "covered"),
        (("unsure", "covered", "unsure"), 2, "covered"),
        (("unsure", "unsure", "covered"), 3, "covered"),
        (("unsure", "unsure", "unsure"), 3, "unsure"),
        # Half an opinion is not lost to a server that is down the next time.
        (("partial", "unsure", "unsure"), 3, "partial"),
    ],
)
def test_a_draft_without_its_second_opinion_is_read_again(tmp_path, rubric_path, said, n_asked, kept):
    source, asked = write_files(tmp_path / "in", {"Amy.txt": HALF}), []
    make, reading = second_reader(iter(said), asked), Reading(address="http://localhost:1", model="small")
    for _ in said:
        report = run(source, rubric_path, tmp_path / "out", make_analyse=make, reading=reading)
    assert len(asked) == n_asked
    assert report.rows[0].statuses["D1"] == kept
    record = json.loads((tmp_path / "out" / "records.jsonl").read_text(encoding="utf8"))
    assert next(point["status"] for point in record["points"] if point["id"] == "D1") == kept


def test_damaged_state_is_done_again(source, rubric_path, tmp_path):
    out = tmp_path / "out"
    run(source, rubric_path, out)
    first = tree(out)
    for number, file in enumerate(sorted((out / ".analyser" / "drafts").iterdir())):
        file.write_bytes(file.read_bytes()[: number * 7])
    run(source, rubric_path, out)
    assert tree(out) == first


def signature(folder: Path) -> set[tuple[str, int]]:
    """What changes in a folder while a run writes to it; a file may go while this looks."""
    found = set()
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found.add((str(path), path.stat().st_mtime_ns))
    return found


def kill_and_resume(tmp_path, rubric_path, n_kills, n_drafts):
    drafts = {f"Student {n:02d}.txt": f"{(FULL, HALF, BARE)[n % 3]} Draft {n}." for n in range(n_drafts)}
    source = write_files(tmp_path / "class", drafts)
    script = write_files(tmp_path, {"script.py": SCRIPT.format(here=str(Path(__file__).parent))}) / "script.py"
    package = str(Path(analyser.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": package}
    command = [sys.executable, str(script), str(source), str(rubric_path)]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, env=environment)
    chance = random.Random(n_kills)
    for _ in range(n_kills):
        process = subprocess.Popen([*command, str(tmp_path / "killed")], env=environment, stderr=subprocess.DEVNULL)
        before = signature(tmp_path / "killed")
        while signature(tmp_path / "killed") == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.expovariate(10))
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.05)
    subprocess.run([*command, str(tmp_path / "killed")], check=True, env=environment)
    assert tree(tmp_path / "killed") == tree(tmp_path / "whole")


def test_killed_and_resumed(tmp_path, rubric_path):
    kill_and_resume(tmp_path, rubric_path, n_kills=3, n_drafts=12)


@pytest.mark.quality
def test_killed_fifty_times_and_resumed(tmp_path, rubric_path):
    kill_and_resume(tmp_path, rubric_path, n_kills=50, n_drafts=150)


def test_one_bad_draft_never_stops_the_rest(tmp_path, rubric_path):
    source = write_files(
        tmp_path / "in",
        {
            "Amy.txt": FULL,
            "Ben.txt": "please fail now",
            "Cy.txt": "please run out of memory",
            "Di.txt": "please die at once",
            "Ed.docx": b"PK\x03\x04 cut short",
            "Flo.txt": HALF,
        },
    )
    report = run(source, rubric_path, tmp_path / "out", jobs=2, make_analyse=faulty_stub_for)
    assert [row.student for row in report.rows] == ["Amy", "Flo"]
    codes = {remark.file: remark.code for remark in report.skipped}
    assert codes == {"Ben.txt": "E350", "Cy.txt": "E337", "Di.txt": "E337", "Ed.docx": "E121"}
    assert (tmp_path / "out" / "feedback" / "Flo.docx").exists()


def test_slow_draft_is_given_up(tmp_path, rubric_path, monkeypatch):
    monkeypatch.setattr(running, "MAX_SECONDS", 0.001)
    report = run(write_files(tmp_path / "in", {"Amy.txt": FULL}), rubric_path, tmp_path / "out", jobs=1)
    assert [remark.code for remark in report.skipped] == ["E338"]


def test_full_disk(source, rubric_path, tmp_path, monkeypatch):
    write, n = Store.write, iter(range(100))

    def failing(self, path, data):
        if next(n) >= 8:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, path, data)

    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", failing)
        with pytest.raises(UsageError) as error:
            run(source, rubric_path, out)
    assert error.value.code == "E339"
    assert "disk is full" in str(error.value)
    run(source, rubric_path, out)
    run(source, rubric_path, tmp_path / "whole")
    assert tree(out) == tree(tmp_path / "whole")


def test_output_that_cannot_be_used(source, rubric_path, tmp_path):
    (tmp_path / "file").write_text("x")
    for output, code in ((tmp_path / "file", "E334"), (source / "out", "E335")):
        with pytest.raises(UsageError) as error:
            run(source, rubric_path, output)
        assert error.value.code == code
    out = tmp_path / "out"
    run(source, rubric_path, out)
    text = rubric_path.read_text(encoding="utf8").replace("ilse-aldo", "other")
    other = write_files(tmp_path / "other", {"rubric.yaml": text}) / "rubric.yaml"
    for rubric, anonymise in ((rubric_path, True), (other, False)):
        with pytest.raises(UsageError) as error:
            run(source, rubric, out, anonymise=anonymise)
        assert error.value.code == "E335"


def test_two_runs_at_once(source, rubric_path, tmp_path):
    from filelock import FileLock

    out = tmp_path / "out"
    run(source, rubric_path, out)
    with FileLock(out / ".analyser" / "lock"), pytest.raises(UsageError) as error:
        run(source, rubric_path, out)
    assert error.value.code == "E336"


def test_copies_are_noted(tmp_path, rubric_path):
    long = " ".join(f"word{n} and then some more of it" for n in range(60))
    source = write_files(tmp_path / "in", {"Amy.txt": long, "Ben.txt": f"{long} My own end.", "Cy.txt": FULL})
    report = run(source, rubric_path, tmp_path / "out")
    assert [(r.code, r.student) for r in report.remarks] == [("N131", "Amy"), ("N131", "Ben")]
    assert report.remarks[0].text.startswith("shares much of its wording with Ben (")


# ---------------------------------------------------------------- platforms and back


def test_moodle_round_trip(tmp_path, rubric_path):
    """Each feedback file goes to the participant that Moodle's own rule reads from its path, and the worksheet keeps
    its header and every cell but the grade and the comment."""
    exported = [
        ("Zoë O'Brien_101_assignsubmission_file_/my_essay.docx", docx_bytes(FULL)),
        ("Ann Lee_102_assignsubmission_file_/essay.docx", docx_bytes(HALF)),
        ("Ann Lee_103_assignsubmission_file_/essay.txt", BARE),
        ("Jörg Müller Lüdenscheidt_104_assignsubmission_file_deep_name_1.txt", HALF + " Flat."),
        ("Participant_105_assignsubmission_onlinetext_/onlinetext.html", f"<p>{FULL}</p>"),
    ]
    archive = write_zip(tmp_path / "HIS-Terror-77.zip", exported)
    header = [
        "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
        "Last modified (submission)", "Last modified (grade)", "Feedback comments",
    ]  # fmt: skip
    rows = [
        [f"Participant {n}", name, "x@y.z", "Submitted", "12.00", "25.00", "Yes", "Monday", "Tuesday", "old"]
        for n, name in ((101, "Zoë O'Brien"), (102, "Ann Lee"), (103, "Ann Lee"), (109, "=Evil()"))
    ]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    worksheet = write_files(tmp_path, {"Grades.csv": "\ufeff" + buffer.getvalue()}) / "Grades.csv"
    report = run(archive, rubric_path, tmp_path / "out", roster=worksheet)
    assert report.importer == "Moodle"
    assert [row.student for row in report.rows] == [
        "Ann Lee (102)", "Ann Lee (103)", "Jörg Müller Lüdenscheidt", "Participant 105", "Zoë O'Brien",
    ]  # fmt: skip
    assert report.not_handed_in == ("=Evil()",)
    found = {}
    with zipfile.ZipFile(tmp_path / "out" / "upload" / "moodle-feedback.zip") as feedback:
        for name in feedback.namelist():
            found[moodle_participant(name)] = feedback.read(name)
    by_id = {row.platform_id: row.student for row in report.rows}
    assert found == {n: (tmp_path / "out" / "feedback" / f"{s}.docx").read_bytes() for n, s in by_id.items()}
    text = (tmp_path / "out" / "upload" / "moodle-worksheet.csv").read_text(encoding="utf-8-sig")
    back = list(csv.reader(io.StringIO(text)))
    assert back[0] == header
    for old, new in zip(rows, back[1:], strict=True):
        assert new[:4] == old[:4]
        assert new[4] == ""
        assert new[5:9] == old[5:9]
    assert back[1][9].startswith("<p><strong>What works")
    assert back[4][9] == "old"


def moodle_participant(path: str) -> str | None:
    """Moodle's rule (importziplib.php): each part of the path in turn, four pieces or more, the second a number."""
    if path.rpartition("/")[2].startswith((".", "~")):
        return None
    for part in path.split("/"):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and info[2] in ("assignsubmission", "assignfeedback"):
            return info[1]
    return None


def test_moodle_worksheet_without_an_export(tmp_path, rubric_path):
    archive = write_zip(tmp_path / "x.zip", [("Amy Li_5_assignsubmission_file_/a.txt", FULL)])
    run(archive, rubric_path, tmp_path / "out")
    text = (tmp_path / "out" / "upload" / "moodle-worksheet.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"]
    assert rows[1][:4] == ["Participant 5", "Amy Li", "", "-"]


def test_canvas_round_trip(tmp_path, rubric_path):
    exported = {
        "obrienzoe_LATE_1234_987_my_2_essays.docx": docx_bytes(FULL),
        "leeann_55_4321_essay.docx": docx_bytes(HALF),
        "leeann_56_4322_essay.docx": docx_bytes(BARE),
        "müllerjörg_57_text.html": f"<p>{HALF} Typed.</p>",
    }
    archive = write_zip(tmp_path / "course-essay_submissions.zip", exported.items())
    gradebook = '﻿Student,ID,SIS Login ID,Section,Essay (7)\n    Points Possible,,,,25\n"O\'Brien, Zoë",1234,z,B,EX\n'
    roster = write_files(tmp_path, {"gradebook.csv": gradebook}) / "gradebook.csv"
    report = run(archive, rubric_path, tmp_path / "out", roster=roster)
    assert report.importer == "Canvas"
    assert {row.student for row in report.rows} == {"Zoë O'Brien", "leeann (55)", "leeann (56)", "müllerjörg"}
    with zipfile.ZipFile(tmp_path / "out" / "upload" / "canvas-feedback.zip") as feedback:
        ids = {tuple([t for t in name.split("_") if t.isdigit()][:2]) for name in feedback.namelist()}
    assert ids == {("1234", "987"), ("55", "4321"), ("56", "4322")}


def test_teams_author(tmp_path, rubric_path):
    source = write_files(
        tmp_path / "12B - Student Work",
        {
            "Submitted files/Amy Li/Terror/Version 2/essay.docx": docx_bytes(FULL, author="Brother Li"),
            "Submitted files/Ben Oz/Terror/Version 1/essay.docx": docx_bytes(HALF, author="Somebody Else"),
        },
    )
    report = run(source, rubric_path, tmp_path / "out")
    assert report.importer == "Microsoft Teams"
    assert [(r.code, r.student) for r in report.remarks] == [("N129", "Ben Oz")]


# ---------------------------------------------------------------- codes for names


def test_anonymised_throughout(tmp_path, rubric_path):
    archive = write_zip(
        tmp_path / "x.zip",
        [
            (
                "Zoë Okonkwo_101_assignsubmission_file_/okonkwo.docx",
                docx_bytes(f"Zoë Okonkwo, 12B\n\n{FULL}", "Okonkwo"),
            ),
            (
                "Bertil Lindqvist_102_assignsubmission_file_/mine.txt",
                f"By Lindqvist\n\n{HALF} Bertil Lindqvist wrote this.",
            ),
            ("Carla Quispe_103_assignsubmission_file_/quispe.png", b"\xff\xd8\xff\xe0"),
        ],
    )
    out = tmp_path / "out"
    run(archive, rubric_path, out, anonymise=True, formats=("docx", "html", "markdown"))
    for name, data in unpacked(tree(out)).items():
        for word in ("Okonkwo", "Lindqvist", "Quispe", "Zoë", "Bertil"):
            assert word.casefold() not in name.casefold()
            assert word.casefold().encode() not in data.lower(), (word, name)
            assert word.encode() not in data, (word, name)
    key = tmp_path / "out.key.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(key.read_text(encoding="utf8"))))
    assert {row["code"] for row in rows} == {"Student 001", "Student 002", "Student 003"}
    assert {row["name"] for row in rows} >= {"Zoë Okonkwo", "Bertil Lindqvist"}
    first = tree(out)
    run(archive, rubric_path, out, anonymise=True, formats=("docx", "html", "markdown"))
    assert tree(out) == first
    with zipfile.ZipFile(out / "upload" / "moodle-feedback.zip") as feedback:
        assert {moodle_participant(name) for name in feedback.namelist()} == {"101", "102"}


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files, and the parts of those that are archives."""
    found = {}
    for name, data in files.items():
        found[name] = data
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found |= unpacked({f"{name}/{part}": archive.read(part) for part in archive.namelist()})
    return found


# ---------------------------------------------------------------- the command


@pytest.fixture
def stubbed(monkeypatch):
    """The command with the stub in place of the analyser."""
    import analyser.classroom as classroom

    real = classroom.analyse_class

    def stubbed_class(*arguments, **options):
        return real(*arguments, **{**options, "make_analyse": stub_for, "jobs": None})

    monkeypatch.setattr(classroom, "analyse_class", stubbed_class)


def test_command(source, rubric_path, tmp_path, stubbed):
    write_files(source, {"Eve.txt": ""})
    arguments = ["mark", str(source), "--rubric", str(rubric_path), "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.stderr == "analyser: E105: Eve.txt: the file is empty.\n"
    assert result.stdout.startswith("4 drafts marked, 1 not")
    result = CliRunner().invoke(main, [*arguments, "--json"])
    summary = json.loads(result.stdout)
    assert (summary["marked"], summary["importer"], result.exit_code) == (4, "plain folder", 1)
    (source / "Eve.txt").unlink()
    result = CliRunner().invoke(main, [*arguments, "--quiet", "--format", "html"])
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "out" / "feedback" / "Amy.html").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["nowhere"], "E330"), (["in", "--roster", "nothing.csv"], "E332"), (["in", "--pattern", "("], "E333")],
)
def test_command_used_wrongly(source, rubric_path, tmp_path, stubbed, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["mark", *arguments, "--rubric", str(rubric_path), "-o", "out"])
    assert result.exit_code == 2
    assert code in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_interrupted(source, rubric_path, tmp_path, monkeypatch):
    import analyser.classroom as classroom

    def interrupted(*arguments, progress, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(classroom, "analyse_class", interrupted)
    result = CliRunner().invoke(main, ["mark", str(source), "--rubric", str(rubric_path), "-o", str(tmp_path / "out")])
    assert result.exit_code == 130
    assert "Give the same command again" in result.stderr
