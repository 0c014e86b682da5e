"""Rubric -> spreadsheet -> rubric: nothing is lost, and every mistake is told with its cell."""

import csv
import datetime as dt
import io

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from test_editing import COMMENTED

from analyser import shipped
from analyser.cli import main
from analyser.errors import AnalyserError, RubricError, UsageError
from analyser.rubrics import rubric_from_text
from analyser.rubrics.editing import write_rubric_text
from analyser.rubrics.positions import parse_yaml
from analyser.rubrics.schema import EVIDENCE_KINDS, RubricFile
from analyser.rubrics.sheets import rubric_of, tables_of
from analyser.rubrics.sheets_csv import letter, read_csv, write_csv
from analyser.rubrics.sheets_files import export_rubric, import_rubric, save_imported

openpyxl = pytest.importorskip("openpyxl")

SUFFIXES = (".xlsx", ".csv")
HARD = """\
id: hard
version: 3
language: en-GB
question: How far are A and B alike?
sides:
  a: {name: '=A1+2', aliases: ['+A', '-A', '@A', "'A'"], frame: 1917-12}
  b: {name: '1848', aliases: ['007', 1e5, TRUE, 50%], frame: March 1917}
judgement:
  statement: Says how far
  stances: {similar: 'yes', mixed: 'no'}
  hint: Where do you stand?
context: [{id: X1, statement: '#REF!'}]
criteria: [{id: C1, statement: scale, look_for: ['"quoted"', 'a; b', 'a, b', "two\\nlines"]}]
points:
  - {id: S1, kind: similarity, statement: "one\\n\\ntwo", accept: ['"both: all"'], reject: ['- no'],
     evidence: [E01, E02], weight: 2.50, hint: "Why?"}
  - {id: D1, kind: difference, statement: "it's, so"}
evidence:
  - {id: E01, name: "'blood and iron' speech", kind: quotation, side: both, date: 1862-09-30,
     figures: {"a: b": "1: 2", '"c"': 3%},
     facts: [one, 'two: three']}
  - {id: E02, name: "Jan 1918", date: -44, aliases: ["5 January 1918", '"two\\nlines"']}
levels: [{level: 5, descriptor: "- good"}]
source: |
  A book.
  Another.
"""
SAMPLES = {"hard": HARD, "commented": COMMENTED} | {
    rubric_id: shipped.rubric_path(rubric_id).read_text(encoding="utf8") for rubric_id in shipped.rubric_ids()
}


def through(text: str, suffix: str, folder) -> str:
    file, sheet = folder / "rubric.yaml", folder / f"rubric{suffix}"
    file.write_text(text, encoding="utf8")
    export_rubric(file, sheet)
    return import_rubric(sheet).text


def stripped(data):
    """Spreadsheets keep a text without the spaces and line ends around it."""
    if isinstance(data, dict):
        return {(k.strip() if isinstance(k, str) else k): stripped(v) for k, v in data.items()}
    return [stripped(v) for v in data] if isinstance(data, list) else data.strip() if isinstance(data, str) else data


def content(text: str):
    return stripped(RubricFile.model_validate(parse_yaml(text, "x")[0]).model_dump())


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_nothing_is_lost(text, suffix, tmp_path):
    back = through(text, suffix, tmp_path)
    assert content(back) == content(text)
    assert through(back, suffix, tmp_path) == back


@pytest.mark.parametrize("name", ["None", "Both", "B"])
def test_a_side_named_like_a_key_changes_no_evidence(name, tmp_path):
    data, _ = parse_yaml(COMMENTED, "x")
    data["sides"]["a"]["name"] = name
    data["evidence"] = [
        {"id": f"E{n}", "name": key, "side": key} for n, key in enumerate(("a", "b", "both", "none"), 1)
    ]
    for point in data["points"]:
        point.pop("evidence", None)
    text = write_rubric_text(data, {})
    assert content(through(text, ".csv", tmp_path)) == content(text)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_comments_are_kept(suffix, tmp_path):
    back = through(COMMENTED, suffix, tmp_path)
    for line in COMMENTED.splitlines():
        if line.lstrip().startswith("#") and "this is text" not in line:
            assert line.strip() in back, line
    for comment in ("# my own", "# the first", "# link", "# sugar"):
        assert comment in back


TEXT = st.text(st.characters(codec="utf8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=25).filter(
    str.strip
)
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join).filter(str.strip)
ITEMS = st.lists(LINES, max_size=3)
DATES = st.sampled_from(["", "1917", "1917-12", "1917-12-20", "1936/1938", "-44", "-44/-31"])


def entries(**fields):
    return st.lists(st.fixed_dictionaries(fields), max_size=3)


@st.composite
def rubrics(draw):
    """The data of any valid rubric."""
    a, b = draw(st.lists(TEXT, min_size=2, max_size=2, unique_by=lambda t: t.strip().casefold()))
    side = {"aliases": ITEMS, "frame": TEXT}
    data = {
        "id": draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}", fullmatch=True)),
        "version": str(draw(st.integers(1, 99))),
        "question": draw(LINES),
        "sides": {k: {"name": n, **draw(st.fixed_dictionaries(side))} for k, n in (("a", a), ("b", b))},
        "judgement": {"statement": draw(LINES), "stances": {"mixed": draw(TEXT)}, "hint": draw(TEXT)},
        "context": draw(entries(statement=LINES)),
        "criteria": draw(entries(statement=LINES, look_for=ITEMS, hint=TEXT)),
        "evidence": draw(entries(
            name=LINES, kind=st.sampled_from(EVIDENCE_KINDS), side=st.sampled_from(["a", "b", "both", "none"]),
            date=DATES, aliases=ITEMS, facts=ITEMS, figures=st.dictionaries(LINES, LINES, max_size=2), hint=TEXT,
        )),
        "points": draw(st.lists(st.fixed_dictionaries({
            "kind": st.sampled_from(["similarity", "difference"]), "statement": LINES, "accept": ITEMS, "reject": ITEMS,
            "hint": LINES, "weight": st.sampled_from(["1", "0.5", "10"]),
        }), min_size=1, max_size=3)),
        "levels": draw(entries(level=TEXT, descriptor=LINES)),
        "source": draw(LINES),
    }  # fmt: skip
    for part, prefix in (("context", "X"), ("criteria", "C"), ("evidence", "E"), ("points", "P")):
        data[part] = [{"id": f"{prefix}{n}", **entry} for n, entry in enumerate(data[part], start=1)]
    known = [entry["id"] for entry in data["evidence"]]
    for point in data["points"]:
        point["evidence"] = draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    return data


@settings(max_examples=40, deadline=None)
@given(rubrics(), st.sampled_from(SUFFIXES))
def test_any_rubric_comes_back(tmp_path_factory, data, suffix):
    text = write_rubric_text(data, {})
    assert content(text) == stripped(RubricFile.model_validate(data).model_dump())
    assert content(through(text, suffix, tmp_path_factory.mktemp("sheets"))) == content(text)


# ---------------------------------------------------------------- what a teacher does in a spreadsheet


@pytest.fixture
def book(tmp_path):
    """A workbook of the commented rubric, and a function that reads it back."""
    file, sheet = tmp_path / "rubric.yaml", tmp_path / "rubric.xlsx"
    file.write_text(COMMENTED, encoding="utf8")
    export_rubric(file, sheet)
    opened = openpyxl.load_workbook(sheet)

    def read():
        opened.save(sheet)
        return import_rubric(sheet)

    return opened, read


def test_the_workbook_is_comfortable(book):
    opened, _ = book
    assert opened.sheetnames == ["How to", "Question", "Points", "Evidence", "Criteria", "Context", "Levels"]
    assert opened.active.title == "Question"
    points = opened["Points"]
    assert [c.value for c in points[1]][:4] == ["id", "kind", "statement", "accept"]
    assert points.freeze_panes == "C2"
    assert points["C2"].alignment.wrap_text
    assert points.column_dimensions["C"].width >= 50
    assert points["C1"].comment.text.startswith("One idea")
    rules = {str(rule.sqref): rule.formula1 for rule in opened["Evidence"].data_validations.dataValidation}
    assert '"a,b,both,none"' in rules.values()
    assert any(formula.startswith('"person,') for formula in rules.values())
    assert points["I2"].fill.fgColor.rgb.endswith("FFF3B0")  # marked to check


def test_new_rows_get_ids_and_choices_may_be_typed(book):
    opened, read = book
    opened["Points"].append([None, "Similarity", "both are eaten"])
    opened["Evidence"].append([None, "a knife", "concept", "cake"])
    opened["Evidence"].append([None, None])
    found = read()
    rubric = rubric_from_text(found.text)
    assert (rubric.points[-1].id, rubric.points[-1].kind) == ("S2", "similarity")
    assert (rubric.evidence[-1].id, rubric.evidence[-1].side) == ("E3", "b")
    assert any("now S2" in notice for notice in found.notices)


def test_what_a_spreadsheet_makes_of_dates_and_numbers_is_turned_back(book):
    opened, read = book
    sheet = opened["Evidence"]
    sheet["E2"].value, sheet["E2"].number_format = dt.datetime(1917, 12, 1), "mmm-yy"
    sheet["E3"].value, sheet["E3"].number_format = dt.datetime(1917, 12, 20), "dd/mm/yyyy"
    sheet["F2"].value, sheet["F2"].number_format = 1848, "General"
    sheet["F3"].value, sheet["F3"].number_format = 0.28, "0%"
    one, two = rubric_from_text(read().text).evidence
    assert (one.date, two.date, one.aliases, two.aliases) == ("1917-12", "1917-12-20", ("1848",), ("28%",))


def test_unknown_sheets_are_left_and_named(book):
    opened, read = book
    opened.create_sheet("My notes").append(["a"])
    opened["My notes"].append(["b"])
    assert any("My notes" in notice for notice in read().notices)


def test_every_mistake_is_told_at_once_with_its_cell(book):
    opened, read = book
    opened["Points"]["B2"] = "similarty"
    opened["Points"]["F3"] = "E9"
    opened["Points"]["C3"] = "=1+1"
    opened["Points"]["J1"], opened["Points"]["J2"] = "statment", "x"
    opened["Evidence"]["E2"] = "long ago"
    opened["Evidence"]["G2"] = "200 degrees"
    opened["Question"]["A3"] = "versoin"
    opened["Question"]["B3"] = "2"
    with pytest.raises(RubricError) as caught:
        read()
    said = str(caught.value)
    for code, place, words in [
        ("E213", "sheet Points, cell B2", "Did you mean 'similarity'"),
        ("E375", "sheet Points, cell C3", "a formula ('=1+1')"),
        ("E374", "sheet Points, cell J1", "Did you mean 'statement'"),
        ("E214", "sheet Evidence, cell E2", "1917-12"),
        ("E376", "sheet Evidence, cell G2", "fine: £70,650"),
        ("E374", "sheet Question, cell A3", "Did you mean 'version'"),
    ]:
        line = next((line for line in said.splitlines() if place in line and code in line), "")
        assert words in line, (place, said)


def test_empty_cells_far_away_are_no_mistake(book):
    opened, read = book
    opened["Points"]["A900000"].number_format = opened["Points"]["XFD2"].number_format = "@"
    read()


def test_links_and_ids_are_checked(book):
    opened, read = book
    opened["Points"]["F3"] = "E9"
    opened["Evidence"]["A3"] = "E1"
    with pytest.raises(RubricError) as caught:
        read()
    assert "E216" in str(caught.value)
    assert "E215" in str(caught.value)
    assert "first in sheet Evidence, cell A2" in str(caught.value)


BROKEN = [
    ("a missing sheet", lambda b: b.remove(b["Points"]), "E373", "no sheet 'Points'"),
    ("a missing column", lambda b: b["Points"].delete_cols(3), "E373", "no column 'statement'"),
    ("a column twice", lambda b: b["Points"].__setitem__("D1", "statement"), "E374", "stands twice"),
    ("a key twice", lambda b: b["Question"].__setitem__("A3", "id"), "E374", "stands twice"),
    ("no points", lambda b: b["Points"].delete_rows(2, 5), "E212", "sheet Points"),
    (
        "a row far below",
        lambda b: b["Points"].__setitem__("C5001", "x"),
        "E374",
        "C5001: only the first 5,000 rows",
    ),
    ("a column far off", lambda b: b["Points"].__setitem__("BI2", "x"), "E374", "cell BI2: only the first 60 columns"),
    ("an error value", lambda b: b["Points"].__setitem__("C2", "#REF!"), "E375", "an error value"),
]


@pytest.mark.parametrize(("change", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_workbooks(book, change, code, words):
    opened, read = book
    change(opened)
    with pytest.raises(RubricError) as caught:
        read()
    assert code in str(caught.value)
    assert words in str(caught.value)


# ---------------------------------------------------------------- CSV


def test_nothing_in_a_csv_is_a_formula_or_a_date():
    text = write_csv(tables_of(HARD, "x")).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")], row
    assert "'1917-12," in text
    assert "''blood" not in text


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8")])
def test_csv_as_spreadsheets_save_it(delimiter, encoding, tmp_path):
    stream = io.StringIO()
    rows = list(
        csv.reader(io.StringIO(write_csv(tables_of(COMMENTED.replace("oven", "four à pain"), "x")).decode("utf-8-sig")))
    )
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    sheet = tmp_path / "rubric.csv"
    sheet.write_bytes(stream.getvalue().encode(encoding))
    assert rubric_from_text(import_rubric(sheet).text).evidence[0].name == "four à pain"


def test_csv_mistakes_are_told_with_their_cells(tmp_path):
    tables, problems = read_csv(tmp_path / "x.csv", (
        b"Part,ID,Kind,Text,Sides\n"
        b"question,id,,bread-cake,\nquestion,question,,How far?,\n"
        b"point,S1,similarity,both,\n"
        b"points,S1,similar,both,a\n"
        b"criteria,C1,similarity,scale,\n"
    ))  # fmt: skip
    with pytest.raises(RubricError) as caught:
        rubric_of(tables, "x.csv", problems)
    said = str(caught.value)
    for words in ("cell A4", "Did you mean 'points'", "cell E1", "Did you mean 'side'", "cell C5",
                  "Did you mean 'similarity'", "cell C6", "'kind' does not belong to the part criteria"):  # fmt: skip
        assert words in said


def test_letters_of_columns():
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


# ---------------------------------------------------------------- files

NOT_SHEETS = [
    ("rubric.xlsx", b"PK\x03\x04 broken", "E372"),
    ("rubric.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "E372"),
    ("rubric.xlsx", b"part,id\n", "E372"),
    ("rubric.csv", b"name,age\n", "E373"),
    ("rubric.csv", b"", "E373"),
    ("rubric.csv", b"part\0\0", "E372"),
    ("rubric.ods", b"PK", "E378"),
    ("rubric", b"PK", "E378"),
]


@pytest.mark.parametrize(("name", "data", "code"), NOT_SHEETS)
def test_files_that_are_no_spreadsheet(name, data, code, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(AnalyserError) as caught:
        import_rubric(tmp_path / name)
    assert caught.value.code == code
    assert name in str(caught.value)


def test_a_workbook_that_unpacks_to_too_much_is_refused(book, tmp_path, monkeypatch):
    monkeypatch.setattr("analyser.rubrics.sheets_xlsx.MAX_UNPACKED", 1000)
    with pytest.raises(RubricError) as caught:
        book[1]()
    assert caught.value.code == "E372"


def test_without_openpyxl_csv_still_works(tmp_path, monkeypatch):
    monkeypatch.setattr("analyser.rubrics.sheets_xlsx.find_spec", lambda name: None)
    file = tmp_path / "rubric.yaml"
    file.write_text(COMMENTED, encoding="utf8")
    with pytest.raises(UsageError) as caught:
        export_rubric(file, tmp_path / "x.xlsx")
    assert caught.value.code == "E351"
    assert "or use a .csv file" in str(caught.value)
    export_rubric(file, tmp_path / "x.csv")


def test_a_text_too_long_for_a_cell(tmp_path):
    file = tmp_path / "rubric.yaml"
    file.write_text(COMMENTED + f"source: {'long ' * 8000}\n", encoding="utf8")
    with pytest.raises(UsageError) as caught:
        export_rubric(file, tmp_path / "x.xlsx")
    assert caught.value.code == "E377"


def test_the_former_rubric_is_kept(tmp_path):
    output = tmp_path / "rubric.yaml"
    assert save_imported("one\n", output) is None
    assert save_imported("one\n", output) is None
    kept = save_imported("two\n", output)
    assert kept.read_text(encoding="utf8") == "one\n"
    assert output.read_text(encoding="utf8") == "two\n"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_edited_spreadsheet_is_kept(suffix, tmp_path):
    file, sheet = tmp_path / "rubric.yaml", tmp_path / f"rubric{suffix}"
    file.write_text(COMMENTED, encoding="utf8")
    command = ["rubric", "export", str(file), "-o", str(sheet)]
    assert "kept" not in CliRunner().invoke(main, command).stderr
    assert "kept" not in CliRunner().invoke(main, command).stderr
    if suffix == ".xlsx":
        opened = openpyxl.load_workbook(sheet)
        opened["Points"]["C2"] = "my own words"
        opened.save(sheet)
    else:
        sheet.write_bytes(sheet.read_bytes() + b"my own words\n")
    edited = sheet.read_bytes()
    kept = sheet.with_name(f"{sheet.name}.bak")
    assert f"The former spreadsheet is kept: {kept}" in CliRunner().invoke(main, command).stderr
    assert kept.read_bytes() == edited
    assert "kept" not in CliRunner().invoke(main, command).stderr
    assert kept.read_bytes() == edited


def test_a_file_that_is_no_text_is_told(tmp_path):
    file = tmp_path / "rubric.yaml"
    file.write_bytes(b"id: \xd9\x00")
    with pytest.raises(RubricError, match=r"E203.*UTF-8"):
        export_rubric(file, tmp_path / "rubric.csv")


def test_a_folder_is_told_as_one(tmp_path):
    with pytest.raises(RubricError, match=r"this is a folder\. Give the spreadsheet in it"):
        import_rubric(tmp_path)


@pytest.mark.parametrize("figures", [{"a\nb": ":c"}, {":a": ":b"}, {"?a": "?b"}])
def test_marks_of_yaml_at_the_head_of_a_text_are_quoted(figures):
    data = {
        "id": "x", "version": "1", "question": "How far?", "sides": {"a": {"name": "A"}, "b": {"name": "B"}},
        "judgement": {"statement": "Says"}, "points": [{"id": "S1", "kind": "similarity", "statement": "x"}],
        "evidence": [{"id": "E1", "name": "n", "kind": "date", "figures": figures}],
    }  # fmt: skip
    assert parse_yaml(write_rubric_text(data, {}), "x")[0]["evidence"][0]["figures"] == figures
