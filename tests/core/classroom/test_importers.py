"""Whose a file is, by the paths that each platform writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.classroom.importers import Placed, Setting, choose, importers
from analyser.classroom.importers.pattern import compile_pattern
from analyser.classroom.names import file_name, labels, split_draft, without_name
from analyser.classroom.roster import read_roster
from analyser.errors import UsageError

MOODLE = "_assignsubmission_file"
# platform, path -> student, id, and what else is told
PATHS = [
    (
        "Moodle",
        f"Zoë O'Brien_123{MOODLE}_/essay.docx",
        Placed("Zoë O'Brien", "123", prefix=f"Zoë O'Brien_123{MOODLE}_/"),
    ),
    (
        "Moodle",
        f"Zoë O'Brien_123{MOODLE}/my_essay.docx",
        Placed("Zoë O'Brien", "123", prefix=f"Zoë O'Brien_123{MOODLE}/"),
    ),
    (
        "Moodle",
        f"Jan van Berg_77{MOODLE}_my_essay.docx",
        Placed("Jan van Berg", "77", prefix=f"Jan van Berg_77{MOODLE}_"),
    ),
    ("Moodle", f"Participant_55{MOODLE}_/a/b.docx", Placed("Participant 55", "55", prefix=f"Participant_55{MOODLE}_/")),
    (
        "Moodle",
        "Amy_9_assignsubmission_onlinetext_/onlinetext.html",
        Placed("Amy", "9", kind="text", prefix="Amy_9_assignsubmission_onlinetext_/"),
    ),
    (
        "Moodle",
        "Amy_9_assignfeedback_file_/note.docx",
        Placed("Amy", "9", kind="feedback", prefix="Amy_9_assignfeedback_file_/"),
    ),
    ("Canvas", "obrienzoe_1234_987_my_essay.docx", Placed("obrienzoe", "1234", prefix="obrienzoe_1234_987_")),
    (
        "Canvas",
        "obrienzoe_LATE_1234_987_x.docx",
        Placed("obrienzoe", "1234", is_late=True, prefix="obrienzoe_LATE_1234_987_"),
    ),
    ("Canvas", "müllerjörg_1234_987_x.docx", Placed("müllerjörg", "1234", prefix="müllerjörg_1234_987_")),
    ("Canvas", "a_b_12_3456_x.docx", Placed("a_b", "12", prefix="a_b_12_3456_")),
    ("Canvas", "obrienzoe_1234_text.html", Placed("obrienzoe", "1234", kind="text")),
    ("Canvas", "obrienzoe_1234_link.html", Placed("obrienzoe", "1234", kind="link")),
    ("Canvas", "anon_1aB2c_333_x.docx", Placed("Anonymous 1aB2c", "1aB2c", prefix="anon_1aB2c_333_")),
    (
        "Canvas",
        "anon_LATE_1aB2c_333_x.docx",
        Placed("Anonymous 1aB2c", "1aB2c", is_late=True, prefix="anon_LATE_1aB2c_333_"),
    ),
    ("Canvas", "smith_2024_11_draft.docx", None),
    ("Canvas", "essay_final.docx", None),
    (
        "Microsoft Teams",
        "12B - Student Work/Submitted files/Amy Müller/Terror/Version 3/x.docx",
        Placed("Amy Müller", work="Terror", version=3),
    ),
    ("Microsoft Teams", "Submitted files/Amy/Terror/Version 12/x.docx", Placed("Amy", work="Terror", version=12)),
    ("Microsoft Teams", "Amy/Terror/Version 1/x.docx", Placed("Amy", work="Terror")),
    ("Microsoft Teams", "Working files/Amy/Terror/x.docx", Placed("Amy", work="Terror", version=0)),
    ("Microsoft Teams", "Amy/x.docx", None),
    ("Google Classroom", "Terror/Amy Müller - Terror.pdf", Placed("Amy Müller", work="Terror")),
    ("Google Classroom", "Terror/IMG_2041.jpg", None),
    ("plain folder", "Amy/x.docx", Placed("Amy")),
    ("plain folder", "Amy Smith draft 2.docx", Placed("Amy Smith")),
]


@pytest.mark.parametrize(("platform", "path", "placed"), PATHS, ids=[path for _, path, _ in PATHS])
def test_path(platform, path, placed):
    importer = next(one for one in importers() if one.name == platform)
    found = importer.place(path, Setting())
    assert found == placed


@pytest.mark.parametrize("platform", ["Moodle", "Canvas", "Microsoft Teams", "Google Classroom", "plain folder"])
def test_platform_is_recognised_with_strays(platform):
    paths = [path for name, path, placed in PATHS if name == platform and placed]
    strays = [] if platform == "plain folder" else ["grades.csv"]
    assert choose([*paths, *strays], Setting()).name == platform


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("name,email,file", "Amy Smith,amy@school.example,IMG_2041.jpg"),
        ("Full name;Email address;file", "Amy Smith;amy@school.example;IMG_2041.jpg"),
        ("First name,Surname,Student Email,filename", "Amy,Smith,amy@school.example,IMG_2041.jpg"),
    ],
)
def test_roster_says_whose_an_image_is(tmp_path, header, row):
    (tmp_path / "roster.csv").write_text(f"\ufeff{header}\n{row}\n", encoding="utf8")
    setting = Setting(read_roster(tmp_path / "roster.csv"))
    classroom = next(one for one in importers() if one.name == "Google Classroom")
    found = classroom.place("Terror/IMG_2041.jpg", setting)
    assert found is not None
    assert found.student == "Amy Smith"


def test_roster_of_canvas_and_names_in_any_order(tmp_path):
    (tmp_path / "r.csv").write_text(
        'Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"O\'Brien, Zoë",1234,zoe,12B\n"Li, An",5,an,12B\n'
        '"Test, Student",6,t,12B\n',
        encoding="utf8",
    )
    roster = read_roster(tmp_path / "r.csv")
    assert roster.by_id["1234"].name == "Zoë O'Brien"
    assert roster.named("OBrien Zoe essay").id == "1234"
    assert roster.named("essay by zoë o’brien").id == "1234"
    assert roster.named("Zoe") is None


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\x01\x02" * 50])
def test_bad_roster(tmp_path, text):
    (tmp_path / "r.csv").write_text(text, encoding="utf8")
    with pytest.raises(UsageError) as error:
        read_roster(tmp_path / "r.csv")
    assert error.value.code == "E332"


def test_pattern():
    setting = Setting(pattern=compile_pattern(r"(?P<student_id>\d+)-(?P<last_name>\w+)-v(?P<version>\d)"))
    pattern = next(one for one in importers() if one.name == "pattern")
    assert pattern.place("x/77-smith-v2.docx", setting) == Placed("smith", "77", version=2)
    assert pattern.place("x/readme.txt", setting) is None


@pytest.mark.parametrize("pattern", ["(", r"(?P<file_id>\d+)", r"(?P<students>\d+)"])
def test_bad_pattern(pattern):
    with pytest.raises(UsageError) as error:
        compile_pattern(pattern)
    assert error.value.code == "E333"


@pytest.mark.parametrize(
    ("stem", "own", "rank"),
    [
        ("amy v2", "amy", 2),
        ("Amy_draft_3", "Amy", 3),
        ("Amy (2)", "Amy", 2),
        ("Amy final draft", "Amy", 999),
        ("Amy-rough", "Amy", 0),
        ("Amy draft", "Amy", 1),
        ("draft 2", "draft 2", None),
        ("Eva", "Eva", None),
        ("Stalinism", "Stalinism", None),
    ],
)
def test_draft_mark(stem, own, rank):
    assert split_draft(stem) == (own, rank)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Zoë O'Brien", "Zoë O'Brien"),
        ("a/b\\c:d*e", "a b c d e"),
        ("..", "student"),
        ("CON", "student CON"),
        ("nul.txt", "student nul.txt"),
        ("x" * 500, "x" * 120),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("\t\n", "student"),
    ],
)
def test_file_name(name, safe):
    assert file_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_makes_a_file_name(name):
    safe = file_name(name)
    assert safe
    assert len(safe.encode("utf8")) <= 140
    assert not set(safe) & set('<>:"/\\|?*\x00\n')
    assert safe == safe.strip(". ")
    assert file_name(safe) == safe


def test_labels_are_distinct():
    found = labels([("Amy", "1"), ("Amy", "2"), ("amy", ""), ("Ben", "3"), ("Amy (1)", "")])
    assert found == ["Amy (1)", "Amy (2)", "amy", "Ben", "Amy (1) 2"]


def test_name_is_replaced_but_kings_are_not():
    assert without_name("Henry Tudor, 12B", "Henry Tudor", "Student 001", is_heading=True) == "Student 001, 12B"
    assert without_name("by Tudor, Henry", "Henry Tudor", "Student 001", is_heading=False) == "by Student 001"
    assert without_name("Henry was king", "Henry Tudor", "Student 001", is_heading=False) == "Henry was king"
