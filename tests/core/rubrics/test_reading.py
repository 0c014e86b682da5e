"""Rubric files: what loads, and what each mistake is told."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser import shipped
from analyser.errors import EXPLANATIONS, RubricError
from analyser.rubrics import find_rubric, load_rubric, read_rubric, rubric_from_text
from analyser.rubrics.positions import MAX_BYTES

BARE = """\
id: bread-cake
question: How far are bread and cake alike?
sides: {a: {name: Bread}, b: {name: Cake}}
judgement: {statement: Says how far they are alike}
points:
- id: S1
  kind: similarity
  statement: both are baked
"""


def error(text: str) -> RubricError:
    with pytest.raises(RubricError) as caught:
        rubric_from_text(textwrap.dedent(text), "my.yaml")
    return caught.value


def test_a_bare_rubric_is_enough():
    rubric = rubric_from_text(BARE)
    assert rubric.points[0].statement == "both are baked"
    assert rubric.side("b").name == "Cake"
    assert rubric.version == 1


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_shipped_rubrics_are_complete(rubric_id):
    rubric = load_rubric(rubric_id)
    assert rubric.id == rubric_id
    assert all(p.hint and p.evidence and p.accept for p in rubric.points)
    assert all(e.kind and e.aliases for e in rubric.evidence)
    assert all(c.hint and c.look_for for c in rubric.criteria)


def test_yaml_that_would_change_a_word_is_kept():
    rubric = rubric_from_text(BARE + "evidence:\n- {id: E1, name: no, date: 1917-12, aliases: [1848, yes]}\n")
    assert (rubric.evidence[0].name, rubric.evidence[0].date) == ("no", "1917-12")
    assert rubric.evidence[0].aliases == ("1848", "yes")


MISTAKES = [
    (
        "unknown key, with a guess",
        BARE.replace("judgement:", "judgment:"),
        "E211",
        ["my.yaml:4", "Did you mean 'judgement'"],
    ),
    ("missing key", BARE.replace("question: How far are bread and cake alike?\n", ""), "E212", ["'question'"]),
    ("wrong choice, with a guess", BARE.replace("similarity", "similarty"), "E213", ["my.yaml:7", "'similarity'"]),
    ("empty text", BARE.replace("both are baked", "''"), "E214", ["my.yaml:8", "points.0.statement"]),
    ("wrong type", BARE.replace("points:", "points: 3\nx:"), "E214", ["my.yaml:5", "points"]),
    (
        "a date that is none",
        BARE + "evidence: [{id: E1, name: x, date: long ago}]\n",
        "E214",
        ["my.yaml:9", "long ago"],
    ),
    ("two equal ids", BARE + "- {id: S1, kind: difference, statement: x}\n", "E215", ["my.yaml:9", "first in line 6"]),
    ("evidence that is not there", BARE + "  evidence: [E9]\n", "E216", ["my.yaml:9", "'E9'"]),
    ("one side twice", BARE.replace("Cake}", "bread}"), "E217", ["my.yaml:3"]),
    ("tabs", "id: x\n\tquestion: y\n", "E204", ["my.yaml:2", "spaces, not tabs"]),
    ("a key twice", "id: x\nid: y\n", "E207", ["my.yaml:2", "line 1"]),
    ("a cycle of anchors", "a: &x [*x]\n", "E206", ["my.yaml:1"]),
    ("an alias used twice", "a: &x [b]\nc: *x\n", "E206", []),
    ("a list", "- a\n", "E205", []),
    ("nothing", "", "E205", ["an empty file"]),
    ("unclosed quotation", 'id: "x\n', "E204", ["my.yaml"]),
    ("deep nesting", "[" * 500, "E204", []),
]


@pytest.mark.parametrize(("text", "code", "words"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_mistakes(text, code, words):
    found = error(text)
    assert found.code == code
    assert found.code in EXPLANATIONS
    assert found.exit_code == 2
    for word in words:
        assert word in str(found)


def test_every_problem_is_listed():
    found = error(BARE.replace("similarity", "likeness").replace("judgement:", "judgment:"))
    assert str(found).count("my.yaml:") == 3  # the unknown key, the missing one it stands for, the wrong kind


def test_files_that_cannot_be_rubrics(tmp_path):
    big = tmp_path / "big.yaml"
    big.write_text("x" * (MAX_BYTES + 1))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"id: caf\xe9\n")
    for path, code in ((big, "E202"), (latin, "E203")):
        with pytest.raises(RubricError) as caught:
            read_rubric(path)
        assert caught.value.code == code
    with pytest.raises(RubricError) as caught:
        find_rubric(tmp_path / "none")
    assert caught.value.code == "E200"
    with pytest.raises(RubricError, match="Did you mean 'stalin-lenin-terror'"):
        find_rubric("stalin-lenin-teror")


@given(st.text(max_size=300))
def test_any_text_is_a_rubric_or_a_coded_error(text):
    code = "E205"
    try:
        rubric_from_text(text)
    except RubricError as caught:
        code = caught.code
    assert code in EXPLANATIONS
