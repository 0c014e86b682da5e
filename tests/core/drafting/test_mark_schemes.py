"""What mark schemes and examiners' guidance say of both sides, of standards and of marking itself."""

import pytest

from analyser.drafting import draft_rubric

QUESTION = "How similar were the ways in which the powers handled the Berlin Blockade and the Suez Crisis?\n\n"
GUIDANCE = """Examiner's guidance. Candidates may argue that the crises were handled in similar ways. {likeness}

On the other hand, candidates should point out differences. The Berlin Blockade lasted eleven months whereas the Suez
Crisis was over in nine days. {difference}

Better answers will weigh the similarities against the differences using criteria such as the means used, the risk run
and the outcome, and will reach a judgement, for instance that the ways were much alike.
"""


def drafted(tmp_path, likeness="In both cases talks failed.", difference="", text=""):
    path = tmp_path / "answer.txt"
    path.write_text(text or QUESTION + GUIDANCE.format(likeness=likeness, difference=difference), encoding="utf8")
    return draft_rubric(path).rubric


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        (
            "In both crises the Americans avoided the use of force.",
            "In both the Berlin Blockade and the Suez Crisis, the Americans avoided the use of force",
        ),
        (
            "Secret talks stood in the background of both; sixty bombers were sent to Britain in July 1948.",
            "Secret talks stood in the background of both the Berlin Blockade and the Suez Crisis; sixty bombers were "
            "sent to Britain in July 1948",
        ),
        (
            "Newspapers in both countries called for war.",
            "Newspapers in both the Berlin Blockade and the Suez Crisis called for war",
        ),
    ],
)
def test_both_gives_way_to_the_sides_once(tmp_path, sentence, statement):
    assert statement in [p.statement for p in drafted(tmp_path, likeness=sentence).points]


@pytest.mark.parametrize(
    "sentence", ["No more than Level 3 for answers that treat one crisis only.", "Level 2 answers only narrate."]
)
def test_what_is_said_of_marking_is_no_point(tmp_path, sentence):
    rubric = drafted(tmp_path, difference=sentence)
    assert len([p for p in rubric.points if p.kind == "difference"]) == 1
    assert "Level" not in {e.name for e in rubric.evidence}


def test_the_line_with_the_marks_is_no_context(tmp_path):
    text = (
        "How far did Sparta and Athens differ in their treatment of women?\n\nMark scheme - 25 marks\n\n"
        "Differences\n\n- Spartan women owned two fifths of the land; Athenian women owned none\n"
        "- Spartan girls married at 18-20, Athenian girls at 14\n"
    )
    rubric = drafted(tmp_path, text=text)
    assert not rubric.context
    names = {e.name for e in rubric.evidence}
    assert not {n for n in names if "Athen" in n or "Spart" in n or n.endswith(",")}


def test_named_criteria_are_told_apart(tmp_path):
    assert [c.statement for c in drafted(tmp_path).criteria] == ["the means used", "the risk run", "the outcome"]
