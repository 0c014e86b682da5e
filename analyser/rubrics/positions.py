"""YAML read safely, with the line of every key and value kept.

Every scalar is kept as the text the teacher wrote (so ``no`` stays "no" and ``1917-12`` stays a date, whatever YAML
would make of them); the schema turns the few numbers into numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyser.errors import RubricError

# Bytes; about eighty times the shipped rubrics, and room for over a thousand pieces of evidence.
MAX_BYTES = 1_000_000
# Levels of nesting; a rubric needs five.
MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]


def read_yaml(path: Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The file's mapping as plain dicts, lists and strings, and the 1-based line of every key path."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise RubricError("E201", f"the rubric cannot be read ({error.strerror})", where=str(path)) from None
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes; a rubric may have {MAX_BYTES:,}"
        raise RubricError("E202", message, where=str(path), hint="Is this the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RubricError(
            "E203", "this is not UTF-8 text", where=f"{path}:{line}", hint="Save the rubric as UTF-8 text."
        ) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """As ``read_yaml``, from text; ``name`` stands in the error messages."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        is_tab = "'\\t'" in str(error.problem)
        hint = "Indent with spaces, not tabs." if is_tab else "Check the indentation, colons and quotation marks here."
        raise RubricError("E204", f"this is not valid YAML ({error.problem})", where=where, hint=hint) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise RubricError("E204", f"this is not valid YAML ({str(error).splitlines()[0]})", where=name) from None
    if not isinstance(root, MappingNode):
        found = "an empty file" if root is None else "no mapping of keys to values"
        raise RubricError(
            "E205",
            f"found {found}; a rubric starts with 'id: ...'",
            where=name,
            hint="Copy a shipped rubric to start from.",
        )
    lines: dict[KeyPath, int] = {}
    value = _plain(root, (), lines, set(), name)
    return value, lines


def _plain(node: Node, path: KeyPath, lines: dict[KeyPath, int], seen: set[int], name: str) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(node, ScalarNode):
        return node.value
    if id(node) in seen or len(path) > MAX_DEPTH:
        message = "anchors and aliases (&name, *name) or very deep nesting are not allowed in a rubric"
        raise RubricError("E206", message, where=f"{name}:{line}", hint="Write the text out where it is needed.")
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        return [_plain(child, (*path, index), lines, seen, name) for index, child in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, child in node.value:
        key_line = key_node.start_mark.line + 1
        key = str(key_node.value)
        if key in mapping:
            first = lines[(*path, key)]
            message = f"the key '{key}' stands twice (first in line {first})"
            raise RubricError("E207", message, where=f"{name}:{key_line}", hint="Keep one of them.")
        lines[(*path, key)] = key_line
        mapping[key] = _plain(child, (*path, key), lines, seen, name)
    return mapping
