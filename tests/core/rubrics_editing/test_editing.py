"""Edits of a rubric's text: what is edited changes, everything else stays byte for byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser import shipped
from analyser.rubrics import rubric_from_text
from analyser.rubrics.editing import CHECK, read_rubric_text

COMMENTED = """\
# yaml-language-server: $schema=rubric.schema.json
id: bread-cake   # my own
# check: is this the whole question?
question: How far are bread
  and cake alike?
sides:
  # check: any other names?
  a: {name: Bread, aliases: [loaf]}
  b: {name: Cake}
judgement: {statement: Says how far they are alike}

points:
# The likenesses.

# from: "Both are baked."
# check: one idea?
#   or two
- id: S1   # the first
  kind: similarity
  # a note inside
  statement: both are baked, "#1" of all
  evidence: [E1, E2]  # link
  hint: |
    How are they made?
    # check: this is text, not a comment
# from: "Cake is sweet."
-
  id: D1
  kind: difference
  statement: >
    cake is sweet,
    bread is not
  evidence:
  - E2   # sugar
  # at the end of D1

# The evidence.
evidence:
  - {id: E1, name: oven, figures: {heat: 200 degrees}}
  # from: "a pound of sugar"
  - id: E2
    name: sugar
# The end.
"""
FLOW = """\
# mine
{id: x, question: q, sides: {a: {name: A}, b: {name: B}}, judgement: {statement: s},
points: [{id: S1, kind: similarity, statement: both}]}
"""
BRACKETS = """\
id: x
question: q
sides: {a: {name: A}, b: {name: B}}
judgement: {statement: s}
points: [   # mine
  # check: the first
  {id: S1, kind: similarity, statement: both},
  {id: S2, kind: similarity, statement: "both, too"},
]
source: me
"""


def comments(text: str) -> list[str]:
    return sorted(line.split("#", 1)[1] for line in text.splitlines() if "#" in line and '"#1"' not in line)


def test_a_file_is_cut_without_loss():
    read = read_rubric_text(COMMENTED, "x")
    assert read.text == COMMENTED
    assert [(c.part, c.id) for c in read.items()] == [
        ("question", "question"), ("sides", "sides"), ("judgement", "judgement"), ("points", "S1"), ("points", "D1"),
        ("evidence", "E1"), ("evidence", "E2"),
    ]  # fmt: skip
    assert read.find("points", "S1").checks() == ["one idea? or two"]
    assert read.find("sides", "sides").checks() == ["any other names?"]
    assert "# at the end of D1" in read.find("points", "D1").body
    assert 'a pound of sugar"' in read.find("evidence", "E2").above
    assert "The end" not in read.find("evidence", "E2").text
    assert "The evidence" not in read.find("points", "D1").text


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_shipped_rubrics_are_cut_without_loss(rubric_id):
    text = shipped.rubric_path(rubric_id).read_text(encoding="utf8")
    assert read_rubric_text(text, "x").text == text


def test_windows_line_ends_are_read():
    assert read_rubric_text(COMMENTED.replace("\n", "\r\n"), "x").text == COMMENTED


@pytest.mark.parametrize("text", [FLOW, BRACKETS], ids=["a whole rubric in braces", "a part in brackets"])
def test_flow_style(text):
    read = read_rubric_text(text, "x")
    assert rubric_from_text(read.text) == rubric_from_text(text)
    assert sorted(c for c in ("mine", "check: the first") if c in read.text) == sorted(
        c for c in ("mine", "check: the first") if c in text
    )


def test_an_edit_changes_one_entry_only():
    read = read_rubric_text(COMMENTED, "x")
    changed = read.with_values("points", "S1", {"statement": "new: with # signs", "evidence": ["E2"], "accept": ["so"]})
    point = rubric_from_text(changed.text).points[0]
    assert (point.statement, point.evidence, point.accept) == ("new: with # signs", ("E2",), ("so",))
    assert [a == b for a, b in zip(read.chunks, changed.chunks, strict=True)].count(False) == 1
    for comment in ("# the first", "# a note inside", "# link", "# check: one idea?"):
        assert comment in changed.text


def test_a_comment_is_never_lost_with_the_value_it_stood_at():
    read = read_rubric_text(COMMENTED, "x")
    changed = read.with_values("points", "D1", {"evidence": ["E1", "E2"]})
    assert "# sugar" in changed.text
    assert "# at the end of D1" in changed.text


def test_checks_go_and_other_comments_stay():
    read = read_rubric_text(COMMENTED, "x")
    bare = read.without_checks("points", "S1")
    assert "one idea" not in bare.text
    assert "or two" not in bare.text
    assert "# check: this is text, not a comment" in bare.text
    assert '# from: "Both are baked."' in bare.text
    assert rubric_from_text(bare.text) == rubric_from_text(COMMENTED)
    assert "any other" not in read.without_checks("sides", "sides").text


def test_a_mark_behind_an_entry_is_one_too():
    read = read_rubric_text(COMMENTED.replace("# sugar", "# check: sugar?"), "x")
    assert read.find("points", "D1").checks() == ["sugar?"]
    bare = read.without_checks("points", "D1")
    assert "sugar?" not in bare.text
    assert "# at the end of D1" in bare.text
    assert rubric_from_text(bare.text) == rubric_from_text(COMMENTED)


def test_links_follow_their_evidence():
    read = read_rubric_text(COMMENTED, "x")
    assert [p.evidence for p in rubric_from_text(read.without("evidence", "E2").text).points] == [("E1",), ()]
    renamed = read.with_values("evidence", "E2", {"id": "E9"}).relinked("E2", ("E9",))
    assert [p.evidence for p in rubric_from_text(renamed.text).points] == [("E1", "E9"), ("E9",)]


@pytest.mark.parametrize(
    ("like", "expected"), [("S1", "S2"), ("E1", "E3"), ("D1", "D2"), ("X1", "X1"), ("point", "point1")]
)
def test_the_next_id_is_free(like, expected):
    assert read_rubric_text(COMMENTED, "x").next_id(like) == expected


WORDS = st.text(st.characters(codec="utf8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40).filter(
    str.strip
)
LISTS = st.lists(WORDS, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    place=st.sampled_from([("points", "S1"), ("points", "D1"), ("evidence", "E1"), ("evidence", "E2")]),
    text=WORDS,
    items=LISTS,
)
def test_any_text_can_be_set_and_no_comment_is_lost(place, text, items):
    part, item_id = place
    names = ("statement", "accept") if part == "points" else ("name", "aliases")
    read = read_rubric_text(COMMENTED, "x")
    changed = read.with_values(part, item_id, dict(zip(names, (text, items), strict=True)))
    rubric = rubric_from_text(changed.text)
    entry = next(e for e in (rubric.points if part == "points" else rubric.evidence) if e.id == item_id)
    assert getattr(entry, names[0]) == text.strip()
    assert getattr(entry, names[1]) == tuple(item.strip() for item in items)
    for comment in (line for line in COMMENTED.splitlines() if CHECK.match(line) or line.lstrip().startswith("#")):
        assert comment.strip() in changed.text
