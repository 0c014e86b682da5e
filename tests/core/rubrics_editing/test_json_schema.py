"""The JSON Schema that editors use: up to date, true of the shipped rubrics, and as strict as the analyser."""

import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from analyser import shipped
from analyser.errors import RubricError
from analyser.rubrics import rubric_from_text
from analyser.rubrics.json_schema import rubric_schema, schema_text
from analyser.rubrics.sheets import rubric_of, tables_of

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
# What an editor's YAML reader makes numbers or null of, the analyser reads as text; both take it.
FINE = [
    BARE,
    BARE + "  weight: 2\n",
    BARE + "  hint:\n",
    BARE + "evidence:\n- {id: E1, name: 1848, date: 1848, aliases: [1848, 48.5], figures: {dead: 300}}\n",
    BARE + "levels:\n- {level: 5, descriptor: Reaches a judgement.}\n",
]
MISTAKES = {
    "unknown key": BARE.replace("judgement:", "judgment:"),
    "missing key": BARE.replace("question: How far are bread and cake alike?\n", ""),
    "wrong choice": BARE.replace("similarity", "similarty"),
    "empty text": BARE.replace("both are baked", "''"),
    "no date": BARE + "evidence:\n- {id: E1, name: x, date: long ago}\n",
    "no id": BARE.replace("id: S1", "id: 1"),
    "no point": BARE.replace(BARE[BARE.index("points:") :], "points: []\n"),
    "a text for a list": BARE + "  accept: it is baked\n",
    "a weight of nothing": BARE + "  weight: 0\n",
}


def problems(text: str) -> list[str]:
    data = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    return [error.message for error in jsonschema.Draft7Validator(rubric_schema()).iter_errors(data)]


def test_the_shipped_schema_is_up_to_date():
    file = shipped.folder("rubrics") / "rubric.schema.json"
    assert file.read_text(encoding="utf8") == schema_text(), "run: analyser rubric schema -o rubrics/rubric.schema.json"


def test_it_is_a_schema_and_every_key_is_explained():
    schema = rubric_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    for model in (schema, *schema["definitions"].values()):
        assert all(value["description"] for value in model["properties"].values())


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_shipped_rubrics_fit(rubric_id):
    assert problems(shipped.rubric_path(rubric_id).read_text(encoding="utf8")) == []


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_what_comes_from_a_spreadsheet_fits(rubric_id):
    text = shipped.rubric_path(rubric_id).read_text(encoding="utf8")
    assert problems(rubric_of(tables_of(text, "x"), "x").text) == []


@pytest.mark.parametrize("text", FINE)
def test_what_the_analyser_takes_it_takes(text):
    assert rubric_from_text(text)
    assert problems(text) == []


@pytest.mark.parametrize("text", MISTAKES.values(), ids=MISTAKES.keys())
def test_what_the_analyser_refuses_it_refuses(text):
    with pytest.raises(RubricError):
        rubric_from_text(text)
    assert problems(text)
