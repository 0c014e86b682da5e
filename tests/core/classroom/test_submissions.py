"""Which drafts are marked, and what is said about the others; archives and files that mean harm."""

import os
import stat
import zipfile

import pytest
from class_sample import DRAFTS, docx_bytes, write_files, write_zip

from analyser.classroom import sources
from analyser.classroom.importers import Setting
from analyser.classroom.importers.pattern import compile_pattern
from analyser.classroom.submissions import gather
from analyser.errors import UsageError

FULL, HALF, BARE = DRAFTS["full"], DRAFTS["half"], DRAFTS["bare"]
# A second student, since one folder around everything is not taken for a student's.
ZED = {"Zed.txt": BARE}
WORKING_AMY, WORKING_BEN = "Working files/Amy/T/a.txt", "Working files/Ben/T/a.txt"
HANDED_IN_BEN = "Submitted files/Ben/T/Version 1/a.txt"
ONLINE_TEXT = "A_1_assignsubmission_onlinetext_/onlinetext.html"
PICTURE = b"\xff\xd8\xff\xe0 a picture"


def gathered(path, **setting):
    found = gather(path, Setting(**setting))
    marked = {(one.label, one.entry.path) for one in found.submissions}
    remarks = {(remark.kind, remark.code, remark.file) for remark in found.remarks}
    return found, marked, remarks


@pytest.mark.parametrize(
    ("files", "marked", "remarks"),
    [
        ({"Amy/a.txt": FULL, "Amy/b.txt": FULL, **ZED}, {"Amy/a.txt", "Zed.txt"}, {("set_aside", "N122", "Amy/b.txt")}),
        (
            {"Amy/a v1.txt": FULL, "Amy/a v2.txt": HALF, **ZED},
            {"Amy/a v2.txt", "Zed.txt"},
            {("set_aside", "N121", "Amy/a v1.txt")},
        ),
        ({"Amy.txt": FULL, "Amy final.txt": HALF}, {"Amy final.txt"}, {("set_aside", "N121", "Amy.txt")}),
        (
            {"Amy/a.docx": docx_bytes(FULL), "Amy/a.txt": FULL, **ZED},
            {"Amy/a.docx", "Zed.txt"},
            {("set_aside", "N124", "Amy/a.txt")},
        ),
        (
            {"Amy/a.txt": FULL, "Amy/b.jpg": PICTURE, **ZED},
            {"Amy/a.txt", "Zed.txt"},
            {("set_aside", "N128", "Amy/b.jpg")},
        ),
        (
            {"Amy/one.txt": FULL, "Amy/other.txt": HALF, **ZED},
            {"Amy/one.txt", "Amy/other.txt", "Zed.txt"},
            {("note", "N125", "Amy/one.txt"), ("note", "N125", "Amy/other.txt")},
        ),
        ({"Amy.txt": FULL, "Ben.txt": ""}, {"Amy.txt"}, {("skipped", "E105", "Ben.txt")}),
        ({"Amy.txt": FULL, "Ben.png": PICTURE}, {"Amy.txt"}, {("skipped", "E112", "Ben.png")}),
        ({"Amy.txt": FULL, "marks.py": "print(1)"}, {"Amy.txt"}, {("skipped", "E344", "marks.py")}),
        (
            {"Amy.txt": FULL, "Ben.txt": FULL},
            {"Amy.txt", "Ben.txt"},
            {("note", "N123", "Amy.txt"), ("note", "N123", "Ben.txt")},
        ),
        (
            {"Amy.txt": FULL, ".DS_Store": "x", "__MACOSX/._Amy.txt": "x", "~$Amy.docx": "x", "Thumbs.db": "x"},
            {"Amy.txt"},
            {("set_aside", "N126", f) for f in (".DS_Store", "__MACOSX/._Amy.txt", "~$Amy.docx", "Thumbs.db")},
        ),
        (
            {"Submitted files/Amy/T/Version 1/a.txt": HALF, "Submitted files/Amy/T/Version 2/a.txt": FULL},
            {"Submitted files/Amy/T/Version 2/a.txt"},
            {("set_aside", "N121", "Submitted files/Amy/T/Version 1/a.txt")},
        ),
        (
            {WORKING_AMY: HALF, WORKING_BEN: FULL, HANDED_IN_BEN: BARE},
            {WORKING_AMY, HANDED_IN_BEN},
            {
                ("note", "N130", WORKING_AMY),
                ("set_aside", "N121", WORKING_BEN),
            },
        ),
        (
            {"A_1_assignsubmission_file_/x.txt": FULL, ONLINE_TEXT: "<p>Hello</p>"},
            {"A_1_assignsubmission_file_/x.txt"},
            {("set_aside", "N128", ONLINE_TEXT)},
        ),
        (
            {"amy_LATE_12_345_x.txt": FULL, "ben_13_link.html": "<a>", "cy_14_346_x.txt": HALF},
            {"amy_LATE_12_345_x.txt", "cy_14_346_x.txt"},
            {("note", "N120", "amy_LATE_12_345_x.txt"), ("skipped", "E349", "ben_13_link.html")},
        ),
    ],
)
def test_rules(tmp_path, files, marked, remarks):
    write_files(tmp_path / "in", files)
    _, found, said = gathered(tmp_path / "in")
    assert {path for _, path in found} == marked
    assert said == remarks
    zipped = write_zip(tmp_path / "in.zip", files.items())
    _, found, said = gathered(zipped)
    assert {path for _, path in found} == marked
    assert said == remarks


def test_every_file_is_accounted_for(tmp_path):
    files = {"Amy/a.txt": FULL, "Amy/b.txt": FULL, "Ben.png": PICTURE, "Cy v1.txt": HALF, "Cy v2.txt": BARE, ".x": "y"}
    found, marked, remarks = gathered(write_files(tmp_path / "in", files))
    assert {path for _, path in marked} | {file for _, _, file in remarks} == set(files)
    assert all(remark.text for remark in found.remarks)


def test_namesakes_are_told_apart(tmp_path):
    files = {f"Amy Smith_{n}_assignsubmission_file_/essay.txt": f"{FULL} {n}" for n in (11, 12)}
    found, marked, _ = gathered(write_files(tmp_path / "in", files))
    assert {label for label, _ in marked} == {"Amy Smith (11)", "Amy Smith (12)"}
    assert len({one.key for one in found.submissions}) == 2


def test_one_common_folder_is_no_student(tmp_path):
    _, marked, _ = gathered(write_zip(tmp_path / "x.zip", [("class/Amy.txt", FULL), ("class/Ben.txt", HALF)]))
    assert {label for label, _ in marked} == {"Amy", "Ben"}


def test_pattern_lists_what_does_not_fit(tmp_path):
    write_files(tmp_path / "in", {"77-essay.txt": FULL, "readme.txt": HALF})
    found, marked, remarks = gathered(tmp_path / "in", pattern=compile_pattern(r"(?P<student_id>\d+)-"))
    assert {label for label, _ in marked} == {"77"}
    assert remarks == {("skipped", "E348", "readme.txt")}
    assert found.importer == "pattern"


def test_names_without_utf8_flag(tmp_path):
    """Many programs write UTF-8 names without saying so."""
    path = write_zip(tmp_path / "x.zip", [("Zo__.txt", FULL)])
    path.write_bytes(path.read_bytes().replace(b"Zo__.txt", "Zoë.txt".encode()))
    _, marked, _ = gathered(path)
    assert marked == {("Zoë", "Zoë.txt")}


# ---------------------------------------------------------------- harm


def test_archive_paths_that_lead_out(tmp_path):
    names = ["../evil.txt", "/etc/evil.txt", "C:evil.txt", "a/../../evil.txt", "a\\..\\..\\evil.txt"]
    path = write_zip(tmp_path / "x.zip", [("Amy.txt", FULL), *((name, HALF) for name in names)])
    found, marked, _ = gathered(path)
    assert {label for label, _ in marked} == {"Amy"}
    assert [remark.code for remark in found.remarks] == ["E341"] * len(names)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zip"]


def test_bomb(tmp_path):
    path = write_zip(tmp_path / "x.zip", [("Amy.txt", FULL), ("Ben.txt", b"0" * 20_000_000)])
    _, _, remarks = gathered(path)
    assert remarks == {("skipped", "E342", "Ben.txt")}


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_ENTRIES", 3)
    path = write_zip(tmp_path / "x.zip", [(f"{n}.txt", FULL) for n in range(4)])
    found, marked, _ = gathered(path)
    assert not marked
    assert [remark.code for remark in found.remarks] == ["E342"]


def test_links(tmp_path):
    outside = write_files(tmp_path / "outside", {"secret.txt": HALF})
    root = write_files(tmp_path / "in", {"Amy.txt": FULL})
    (root / "Ben.txt").symlink_to(outside / "secret.txt")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.txt")
    _, marked, remarks = gathered(root)
    assert {label for label, _ in marked} == {"Amy"}
    assert remarks == {("skipped", "E340", "Ben.txt"), ("skipped", "E340", "loop"), ("skipped", "E344", "pipe.txt")}
    info = zipfile.ZipInfo("Ben.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("Amy.txt", FULL)
        archive.writestr(info, "/etc/passwd")
    _, marked, remarks = gathered(tmp_path / "x.zip")
    assert remarks == {("skipped", "E340", "Ben.txt")}


def test_nested_archives(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", [("essay.txt", FULL)]).read_bytes()
    deeper = write_zip(tmp_path / "deeper.zip", [("inner.zip", inner)]).read_bytes()
    deepest = write_zip(tmp_path / "deepest.zip", [("deeper.zip", deeper)]).read_bytes()
    path = write_zip(tmp_path / "x.zip", [("Amy/mine.zip", inner), ("Ben/mine.zip", deepest), ("Cy.txt", HALF)])
    found, _, remarks = gathered(path)
    assert {(one.placed.student, one.entry.path) for one in found.submissions} == {
        ("Amy", "Amy/mine.zip/essay.txt"),
        ("Cy", "Cy.txt"),
    }
    assert remarks == {("skipped", "E343", "Ben/mine.zip/deeper.zip")}
    assert sources.read_entry(found.submissions[0].entry).decode() == FULL


def test_huge_file_is_not_read(tmp_path):
    root = write_files(tmp_path / "in", {"Amy.txt": FULL})
    with (root / "Ben.docx").open("wb") as file:
        file.truncate(3_000_000_000)
    _, marked, remarks = gathered(root)
    assert {label for label, _ in marked} == {"Amy"}
    assert remarks == {("skipped", "E104", "Ben.docx")}


def test_damaged_archives(tmp_path):
    whole = write_zip(tmp_path / "x.zip", [(f"{n}.txt", FULL * 50) for n in range(5)]).read_bytes()
    root = write_files(tmp_path / "in", {"Amy.txt": FULL, "Ben/cut.zip": whole[: len(whole) // 2]})
    _, marked, remarks = gathered(root)
    assert {label for label, _ in marked} == {"Amy"}
    assert remarks == {("skipped", "E346", "Ben/cut.zip")}


@pytest.mark.parametrize(("name", "code"), [("nothing", "E330"), ("file.txt", "E330"), ("empty", "E331")])
def test_nothing_to_mark(tmp_path, name, code):
    write_files(tmp_path, {"file.txt": FULL})
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as error:
        gather(tmp_path / name, Setting())
    assert error.value.code == code
