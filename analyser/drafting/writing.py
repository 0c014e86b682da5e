"""A drafted rubric -> YAML with comments: above each entry its sentence, how sure the tool is, and what to check."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from analyser.drafting.records import DraftedRubric, Note
from analyser.records import EvidenceItem, Rubric, Side

LINE_WIDTH = 120
COMMENT_WIDTH = 108
HEADER = (
    "Drafted from a model answer: every entry is to be read by a teacher before use.",
    "Above each entry: the sentence it comes from, and how sure the tool is (sure, likely, doubtful).",
    "Look at the lines that begin with 'check:' first. Delete what is no point, add what is missing.",
)
PARTS = ("context", "criteria", "points", "evidence")


def write_yaml(drafted: DraftedRubric) -> str:
    """The text of the rubric file."""
    return dump(to_map(drafted))


def dump(data: CommentedMap) -> str:
    """YAML text in the style of the shipped rubrics."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = LINE_WIDTH
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(data, stream)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def to_map(drafted: DraftedRubric) -> CommentedMap:
    """The mapping of the rubric file with its comments."""
    rubric, notes = drafted.rubric, drafted.note_by_id
    data = CommentedMap()
    data["id"] = rubric.id
    data["version"] = rubric.version
    data["language"] = rubric.language
    data["question"] = rubric.question
    data["sides"] = CommentedMap({side.key: _side(side) for side in rubric.sides})
    data["judgement"] = _judgement(rubric)
    entries = _entries(rubric)
    for part in PARTS:
        if entries[part]:
            data[part] = sequence(entries[part], notes)
    data["source"] = rubric.source
    data.yaml_set_start_comment("\n".join(HEADER) + "\n")
    for key in ("question", "sides", "judgement"):
        if key in notes:
            data.yaml_set_comment_before_after_key(key, before=comment(notes[key]))
    for side in rubric.sides:
        if note := notes.get(f"sides.{side.key}"):
            data["sides"].yaml_set_comment_before_after_key(side.key, before=comment(note), indent=2)
    return data


def sequence(entries: Iterable[CommentedMap], notes: Mapping[str, Note]) -> CommentedSeq:
    """Entries as a YAML list, each under its comment."""
    found = CommentedSeq(entries)
    for index, entry in enumerate(found):
        if note := notes.get(entry["id"]):
            found.yaml_set_comment_before_after_key(index, before=comment(note), indent=2)
    return found


def comment(note: Note) -> str:
    """The comment of an entry, without its number signs."""
    lines = textwrap.wrap(f"from: {note.source}", COMMENT_WIDTH, subsequent_indent="  ") if note.source else []
    lines.append(f"how sure: {note.certainty}")
    for check in note.checks:
        lines += textwrap.wrap(f"check: {check}", COMMENT_WIDTH, subsequent_indent="  ")
    return "\n".join(lines)


def _side(side: Side) -> CommentedMap:
    data = CommentedMap({"name": side.name})
    if side.aliases:
        data["aliases"] = list(side.aliases)
    if side.frame:
        data["frame"] = side.frame
    return data


def _judgement(rubric: Rubric) -> CommentedMap:
    rule = rubric.judgement
    data = CommentedMap({"statement": rule.statement})
    if rule.stances:
        data["stances"] = CommentedMap(rule.stances)
    if rule.hint:
        data["hint"] = rule.hint
    return data


def _entries(rubric: Rubric) -> dict[str, list[CommentedMap]]:
    context = [CommentedMap({"id": x.id, "statement": x.statement}) for x in rubric.context]
    criteria = [
        _kept({"id": c.id, "statement": c.statement, "look_for": c.look_for, "hint": c.hint}) for c in rubric.criteria
    ]
    points = [
        _kept(
            {
                "id": p.id,
                "kind": p.kind,
                "statement": p.statement,
                "accept": p.accept,
                "evidence": p.evidence,
                "hint": p.hint,
            }
        )
        for p in rubric.points
    ]
    return {
        "context": context,
        "criteria": criteria,
        "points": points,
        "evidence": [_evidence(e) for e in rubric.evidence],
    }


def _evidence(item: EvidenceItem) -> CommentedMap:
    side = item.side if item.side != "none" else ""
    return _kept(
        {
            "id": item.id,
            "name": item.name,
            "kind": item.kind,
            "aliases": item.aliases,
            "side": side,
            "date": item.date,
            "figures": dict(item.figures),
            "facts": item.facts,
        }
    )


def _kept(fields: Mapping[str, Any]) -> CommentedMap:
    """Only the keys that have a value; lists of short texts on one line."""
    data = CommentedMap()
    for key, value in fields.items():
        if not value:
            continue
        if isinstance(value, tuple):
            items = CommentedSeq(value)
            items.fa.set_flow_style()
            data[key] = items
        else:
            data[key] = value
    return data
