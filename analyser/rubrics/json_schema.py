"""A JSON Schema of rubric files, generated from the models, so that an editor completes and checks a rubric.

An editor reads ``1848`` as a number and ``hint:`` as nothing where the analyser keeps the text, so the schema allows
both. What a schema cannot say (each id once, links that lead somewhere) is left to ``analyser rubric check``.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from analyser.rubrics.schema import RubricFile

DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest that the YAML servers of editors know in full
TITLE = "Rubric of the essay analyser"
A_NUMBER = "1"


@lru_cache(maxsize=1)
def key_help() -> Mapping[str, Mapping[str, str]]:
    """What each key means, by the name of its model in ``schema.py`` and its own."""
    with (Path(__file__).parent / "keys.toml").open("rb") as file:
        return tomllib.load(file)


def rubric_schema() -> dict[str, Any]:
    """The JSON Schema as a plain mapping."""
    generated = RubricFile.model_json_schema(ref_template="#/definitions/{model}")
    definitions = generated.pop("$defs")
    for name, model in {**definitions, "RubricFile": generated}.items():
        for key, value in model["properties"].items():
            model["properties"][key] = {"description": key_help()[name][key], **_as_editors_read(value)}
        model.pop("title", None)
    generated["description"] = "What an answer to one comparison question may contain."
    return {"$schema": DIALECT, "title": TITLE, **generated, "definitions": dict(sorted(definitions.items()))}


def schema_text() -> str:
    """The JSON Schema as it is shipped."""
    return json.dumps(rubric_schema(), indent=2, ensure_ascii=False) + "\n"


def _as_editors_read(value: Any, *, is_optional: bool = False) -> Any:
    """One property without its made-up title, with unquoted numbers (and, where it may be left empty, null) allowed."""
    if not isinstance(value, dict):
        return value
    is_optional = is_optional or value.get("default") == ""
    changed = {k: v for k, v in value.items() if k != "title"}
    if changed.get("type") == "string" and not changed.keys() & {"enum", "const"}:
        changed["type"] = ["string"]
        if re.match(changed.get("pattern", ""), A_NUMBER):
            changed["type"].append("number")
        if is_optional and "minLength" not in changed:
            changed["type"].append("null")
    for key in ("items", "additionalProperties"):
        if key in changed:
            changed[key] = _as_editors_read(changed[key])
    if "$ref" in changed:  # draft 7 reads nothing beside a reference
        changed = {"allOf": [{"$ref": changed.pop("$ref")}], **changed}
    if "anyOf" in changed:
        changed["anyOf"] = [_as_editors_read(v, is_optional=is_optional) for v in changed["anyOf"]]
    return changed
