"""From a file to a rubric: what is found in each genre, and what is said of texts that are no model answer."""

import pytest
from docx import Document

from analyser.drafting import draft_rubric
from analyser.drafting.frame import _context_clauses
from analyser.errors import DraftError
from analyser.feedback import leaking_hints


def draft(tmp_path, text, name="answer.txt", question=""):
    path = tmp_path / name
    path.write_text(text, encoding="utf8")
    return draft_rubric(path, question=question)


def test_guidance_becomes_a_rubric(drafted):
    rubric = drafted.rubric
    assert [side.name for side in rubric.sides] == ["Mary I", "Elizabeth I"]
    assert [p.kind for p in rubric.points] == ["similarity"] * 3 + ["difference"] * 3
    statements = [p.statement for p in rubric.points]
    assert statements[0] == "Both Mary I and Elizabeth I faced plots against their lives"
    assert statements[2].startswith("Neither Mary I nor Elizabeth I was able to raise")
    assert statements[4] == "Mary married Philip of Spain, whereas Elizabeth refused every suitor"
    assert statements[5].startswith("Mary lost Calais in 1558, whereas Elizabeth defeated the Armada")
    assert [c.statement for c in rubric.criteria] == [
        "the aims of each queen",
        "the methods she used",
        "how far she was obeyed",
    ]


def test_evidence_has_kind_side_and_date(drafted):
    by_name = {item.name: item for item in drafted.rubric.evidence}
    assert by_name["Ridolfi Plot"].date == "1571"
    assert (by_name["Calais"].side, by_name["Calais"].date) == ("a", "1558")
    assert by_name["Armada"].side == "b"
    assert not {"Mary", "Elizabeth"} & set(by_name)


def test_points_name_the_evidence_of_their_sentences(drafted):
    by_id = {item.id: item.name for item in drafted.rubric.evidence}
    first = drafted.rubric.points[0]
    assert {by_id[e] for e in first.evidence} >= {"Ridolfi Plot"}


def test_hints_ask_and_give_nothing_away(drafted):
    assert leaking_hints(drafted.rubric) == []
    hints = [p.hint for p in drafted.rubric.points]
    assert all(hint.rstrip().endswith("?") for hint in hints)
    assert len(set(hints)) == len(hints)


def test_every_word_of_a_statement_is_the_answers_or_a_side(drafted):
    """Drafting never invents: only "both", "neither", "whereas" and the names of the sides are added."""
    said = set(drafted.answer.lower().replace(",", " ").replace(".", " ").replace(";", " ").split())
    added = {"both", "neither", "nor", "each", "of", "and", "for", "whereas", "a"}
    for point in drafted.rubric.points:
        words = set(point.statement.lower().replace(",", " ").split())
        assert words <= said | added


ESSAY = """How similar were Gladstone and Disraeli as reformers?

Gladstone and Disraeli dominated their parties for a generation. I shall compare what they wanted and what they \
achieved, and argue that they were less alike than they seemed.

Both men widened the franchise in order to bring respectable workers into politics. Disraeli did so in 1867.

However, they differed over what needed reform. Gladstone attacked privilege in the army and the Church, whereas \
Disraeli turned to housing and health.

In conclusion, they shared a method and not a purpose, and the similarity is on the surface.
"""


def test_a_plain_essay_gives_a_point_a_paragraph(tmp_path):
    rubric = draft(tmp_path, ESSAY).rubric
    assert [p.kind for p in rubric.points] == ["similarity", "difference"]
    assert rubric.points[0].statement.startswith("Both Gladstone and Disraeli widened the franchise")


BULLETS = """# How similar are TCP and UDP?

## Similarities
- Both use port numbers
- Neither encrypts its contents

## Differences
- TCP sets up a connection, whereas UDP sends at once
- TCP resends lost data; UDP does not

Level 3 (7-9 marks): detailed comparison.
"""


def test_bullets_under_headings(tmp_path):
    found = draft(tmp_path, BULLETS, "scheme.md")
    assert [p.id for p in found.rubric.points] == ["S1", "S2", "D1", "D2"]
    assert [n.code for n in found.notices] == ["N364"]


TABLE = """**Question:** How similar are the rainforest and the tundra?

| Aspect | Rainforest | Tundra |
|---|---|---|
| main threat | clearance for cattle | warming |
| carbon | a great store | the same |
"""


def test_a_table_with_a_column_for_each_side(tmp_path):
    points = draft(tmp_path, TABLE, "table.md").rubric.points
    assert [(p.kind, p.statement) for p in points] == [
        ("similarity", "Carbon – both rainforest and tundra: a great store"),
        ("difference", "Main threat – rainforest: clearance for cattle, whereas tundra: warming"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Milk, bread and two pounds of apples.\n", "E361"),
        ("How similar were Bismarck and Cavour?\n\nBuy milk, whereas the cheese can wait until Friday.\n", "E360"),
        ("Level 1: simple statements.\nLevel 2: some explanation.\nLevel 3: sustained analysis.\n", "E364"),
        ("How similar were Mao, Stalin and Hitler as dictators?\n\nAll three used terror.\n", "E362"),
        ("Why did Stalin win the struggle for power?\n\nHe controlled the party machine.\n", "E363"),
    ],
)
def test_texts_that_no_rubric_can_be_drafted_from(tmp_path, text, code):
    with pytest.raises(DraftError) as caught:
        draft(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.hint


def test_the_question_may_be_given_apart(tmp_path):
    body = "Both Mary and Elizabeth faced plots. Mary restored the Catholic Church, whereas Elizabeth did not."
    rubric = draft(tmp_path, body, question="How similar were the reigns of Mary I and Elizabeth I?").rubric
    assert len(rubric.points) == 2


def test_of_two_questions_the_first_is_drafted(tmp_path):
    text = (
        ESSAY + "\n\nHow similar were the reigns of Mary I and Elizabeth I?\n\nBoth Mary and Elizabeth faced plots.\n"
    )
    found = draft(tmp_path, text)
    assert [n.code for n in found.notices] == ["N361"]
    assert not any("Mary" in p.statement for p in found.rubric.points)


def test_one_paragraph_of_3000_words(tmp_path):
    sentence = (
        "Both Mary and Elizabeth faced plot number {n} in the shires. Mary lost town {n}, whereas Elizabeth held it. "
    )
    body = " ".join(sentence.format(n=n) for n in range(160))
    found = draft(tmp_path, f"How similar were the reigns of Mary I and Elizabeth I?\n\n{body}")
    assert "N362" in [n.code for n in found.notices]
    assert found.rubric.points


def test_smart_punctuation_changes_nothing(tmp_path):
    straight = (
        "How similar were Mary I and Elizabeth I?\n\n"
        "Both Mary and Elizabeth faced 'plots'. Mary's reign was short, whereas Elizabeth's was long."
    )
    curly = straight.replace(" '", " ‘").replace("'", "’")
    a, b = (draft(tmp_path, text).rubric for text in (straight, curly))
    assert [p.statement.replace("‘", "'").replace("’", "'") for p in b.points] == [p.statement for p in a.points]


@pytest.mark.parametrize("question_is_in_file", [True, False])
def test_a_word_file_that_is_a_table_alone(tmp_path, question_is_in_file):
    rows = [
        ("Similarities", "Differences"),
        ("Both queens faced plots", "Mary lost Calais, whereas Elizabeth held what she had"),
        ("Neither queen raised enough money", "Mary married Philip, whereas Elizabeth stayed single"),
    ]
    question = "How similar were the reigns of Mary I and Elizabeth I?"
    document = Document()
    if question_is_in_file:
        document.add_paragraph(question)
    table = document.add_table(rows=len(rows), cols=2)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    path = tmp_path / "table.docx"
    document.save(path)
    rubric = draft_rubric(path, question="" if question_is_in_file else question).rubric
    assert [p.id for p in rubric.points] == ["S1", "S2", "D1", "D2"]
    assert rubric.points[1].statement == "Neither Mary I nor Elizabeth I raised enough money"


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (
            "notes that both were reigning queens, and warns that they ruled far apart",
            ["Both were reigning queens", "They ruled far apart"],
        ),
        (
            "both had set the church and state against each other",
            ["Both had set the church and state against each other"],
        ),
    ],
)
def test_clauses_of_an_introduction_part_at_verbs_that_report(opening, expected):
    assert list(_context_clauses(opening)) == expected
