"""Advice on rubrics: what must and must not be said of a rubric's words."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from analyser import advice, shipped
from analyser.cli_rubric_edit import COMMANDS, check
from analyser.errors import EXPLANATIONS
from analyser.feedback.leaks import leaking_hints
from analyser.rubrics import rubric_from_text
from analyser.rubrics.positions import parse_yaml
from analyser.rubrics.quality import Examined, find_advice, second_idea

GOOD = """\
id: bread-cake
question: How far are bread and cake alike?
sides: {a: {name: Bread, aliases: [loaf]}, b: {name: Cake, aliases: [gateau]}}
judgement: {statement: Says how far they are alike}
points:
- id: S1
  kind: similarity
  statement: both are baked
  hint: What happens in the kitchen?
  evidence: [E1]
- id: D1
  kind: difference
  statement: cake is sweet, whereas bread is not
  evidence: [E2]
evidence:
- {id: E1, name: oven, aliases: [stove]}
- {id: E2, name: sugar}
"""


def codes(text: str, examined: Examined | None = None) -> dict[str, tuple[int, str]]:
    rubric = rubric_from_text(text)
    found = find_advice(rubric, parse_yaml(text, "x")[1], examined or Examined(leaks=leaking_hints(rubric)))
    return {a.code: (a.line, f"{a.text} {a.todo}") for a in found}


def test_a_good_rubric_gets_no_advice():
    assert codes(GOOD) == {}


CASES = [
    ("W402", GOOD.replace("both are baked", "both are baked, and both are sold"), 8, "both are sold"),
    ("W403", GOOD.replace("both are baked", "bread is baked"), 8, "'Bread' alone"),
    ("W404", GOOD.replace("cake is sweet, whereas bread is not", "cake is sweet"), 13, "names 'Cake' alone"),
    ("W404", GOOD.replace("cake is", "Pavlova is").replace("bread is", "Sourdough is"), 13, "'Pavlova', 'Sourdough'"),
    ("W405", GOOD.replace("  evidence: [E2]\n", ""), 16, "E2 'sugar'"),
    ("W405", GOOD.replace("  evidence: [E2]\n", "").replace("  evidence: [E1]\n", ""), 5, "0 of 2 points"),
    ("W406", GOOD.replace("What happens in the kitchen?", "Are they baked?"), 9, "'baked'"),
    ("W407", GOOD.replace("[stove]", "[the people]"), 16, "everyday word"),
    ("W407", GOOD.replace("[loaf]", "[food]"), 3, "'food', an alias of side a"),
    ("W408", GOOD.replace("name: sugar", "name: sugar, aliases: [Stove]"), 17, "E1 and for E2"),
    ("W408", GOOD.replace("[gateau]", "[Loaf]"), 3, "side a and for side b"),
    ("W409", GOOD.replace(", aliases: [loaf]", ""), 3, "side a 'Bread'"),
]


@pytest.mark.parametrize(("code", "text", "line", "words"), CASES)
def test_advice(code, text, line, words):
    found = codes(text)
    assert set(found) == {code}
    assert found[code][0] == line
    assert words in found[code][1]
    assert code in EXPLANATIONS


def test_several_differences_are_told_in_one_piece():
    more = "- {id: D2, kind: difference, statement: Rye is old}\n- {id: D3, kind: difference, statement: Rye lasts}\n"
    text = codes(GOOD.replace("evidence:\n- {id: E1", more + "evidence:\n- {id: E1"))["W404"][1]
    assert "D2 and D3 name neither side" in text


def test_a_comparative_speaks_of_both():
    assert codes(GOOD.replace("cake is sweet, whereas bread is not", "cake is sweeter than that, and richer")) == {}


def test_an_accepted_wording_may_name_the_other_side():
    text = GOOD.replace("cake is sweet, whereas bread is not", "cake is sweet\n  accept: [bread has no sugar]")
    assert codes(text) == {}


def test_what_others_found_is_told():
    examined = Examined(overlaps=[("S1", "D1")], unseen=["D1", "E2"], n_checks=2)
    found = codes(GOOD, examined)
    assert set(found) == {"W401", "W410", "W411", "W412"}
    assert found["W401"] == (13, found["W401"][1])
    assert '"both are baked"' in found["W401"][1]
    assert found["W411"][0] == 17
    assert "2 entries are still marked" in found["W412"][1]


TWO = [
    "both purged the party, and both held show trials",
    "Both purged the party. Both held show trials.",
    "both purged the party; each held trials of rivals",
    "neither trusted the nobles and neither paid them",
    "Edward gave land to his friends, whereas Henry kept it, and Edward forgave traitors while Henry fined them",
    "both taxed the towns; moreover their ministers grew rich",
    "both used terror and also rewarded loyalty",
]
ONE = [
    "both purged 'unreliable' elements from the party",
    "neither followed a fixed plan; both improvised and took opportunities as they came",
    "both used attainder as a lever as well as a penalty, holding out reversal to those who earned it",
    "both used class-war terror to ensure the survival of the regime (Red Terror; liquidation of the kulaks)",
    "the President is head of state as well as head of government, whereas the Prime Minister is only first minister",
    "both relied on a secret police: Lenin created the Cheka, Stalin expanded its role as the NKVD",
    "in both, a second, slower emergency followed the earthquake (cholera in Haiti, contamination in Japan).",
    "both admired St. Francis and wrote of him",
    "Winston loves both Julia and the past, unlike Offred",
    "scale - Lenin's Red Terror never reached the scale of Stalin's mass terror of the 1930s",
]


@pytest.mark.parametrize("statement", TWO)
def test_two_ideas(statement):
    assert second_idea(statement) > 0


@pytest.mark.parametrize("statement", ONE)
def test_one_idea(statement):
    assert second_idea(statement) == 0


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_shipped_rubrics_are_good(rubric_id):
    text = shipped.rubric_path(rubric_id).read_text(encoding="utf8")
    assert codes(text) == {}


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(advice, "find_overlaps", lambda rubric: [])
    file = tmp_path / "rubric.yaml"
    file.write_text(GOOD, encoding="utf8")
    run = CliRunner().invoke
    assert run(check, [str(file), "--strict"]).exit_code == 0
    file.write_text(GOOD.replace("both are baked", "# check: sure?\n    bread is baked"), encoding="utf8")
    result = run(check, [str(file)])
    assert result.exit_code == 0
    assert f"{file}:8: W403: the similarity S1 speaks of 'Bread' alone" in result.output
    assert "W412: 1 entry is still marked" in result.output
    assert "2 things to look at" in result.output
    assert run(check, [str(file), "--strict"]).exit_code == 1
    assert "W403" not in run(check, [str(file), "--valid-only"]).output


def test_a_model_answer_that_writes_a_name_is_not_said_to_lack_it():
    item = rubric_from_text(GOOD.replace("name: oven", "name: the old oven (of 1900)")).evidence[0]
    assert advice._is_written(item, {"the", "old", "oven"})
    assert advice._is_written(item, {"stove"})
    assert not advice._is_written(item, {"oven"})


DOCS = Path(__file__).parents[3] / "docs" / "rubric.md"


def test_the_smallest_rubric_of_the_docs_is_enough():
    block = re.search(r"```yaml\n(id: .*?)```", DOCS.read_text(encoding="utf8"), re.S)
    assert rubric_from_text(block[1]).id == "mussolini-franco"


def test_the_docs_name_every_command_of_this_kind():
    said = DOCS.read_text(encoding="utf8")
    for command in COMMANDS:
        assert f"analyser rubric {command.name}" in said


def test_the_docs_quote_advice_as_it_is_given():
    """Every piece of advice in the docs has the words that the code gives it."""
    said = re.findall(r"^dictators/rubric.yaml:\d+: (W\d+): (.*)$", DOCS.read_text(encoding="utf8"), re.M)
    assert len(said) == 6
    given = {(code, *codes(text)[code][1].split()[-6:]) for code, text, _, _ in CASES}
    assert {(code, *text.split()[-6:]) for code, text in said} <= given
