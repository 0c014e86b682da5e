"""A new draft merged into a rubric a teacher has edited: nothing of hers is lost.

Three texts meet: the draft as it was first made (kept beside the rubric), the rubric as it is now, and the new draft.
Whatever differs between the first two is the teacher's and stays: changed fields, her own entries, and her deletions.
The rest follows the new draft. An entry keeps its id as long as its wording stays near.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from analyser.drafting.records import DraftedRubric, Note
from analyser.drafting.writing import PARTS, comment, dump, to_map

# Likeness (0 to 100, rapidfuzz's token sort ratio) from which two wordings are one entry re-drafted. Set by hand: low,
# since the wording may have been changed since; whatever is under it is added as a new entry, with a note.
SAME_ENTRY = 72
TEXT_KEYS = ("statement", "name")


def merge(current: str, drafted: DraftedRubric, base: str = "") -> str:
    """The rubric file's new text. ``current`` is the file as it stands, ``base`` the draft it was made from."""
    mine = load(current)
    was = load(base) if base else CommentedMap()
    new = to_map(drafted)
    for part in sorted(PARTS, key=lambda part: part != "evidence"):  # points name evidence by the ids it gets here
        if part in new:
            new_ids = _merge_part(part, mine, was, new, drafted.note_by_id)
            if part == "evidence":
                _relink(new, new_ids)
    for key in ("question", "source", "language"):
        if key not in mine or (was.get(key) == mine.get(key) and key in new):
            mine[key] = new[key]
    for key in ("sides", "judgement"):
        if key in mine and key in new:
            _merge_map(mine[key], was.get(key) or CommentedMap(), new[key])
    return dump(mine)


def load(text: str) -> CommentedMap:
    """A rubric file with its comments; an empty mapping where there is none."""
    yaml = YAML()
    yaml.preserve_quotes = True
    return yaml.load(text) or CommentedMap()


def _merge_part(
    part: str, mine: CommentedMap, was: CommentedMap, new: CommentedMap, notes: Mapping[str, Note]
) -> dict[str, str]:
    """Merge one part; the id that each entry of the new draft has now ('' where the teacher deleted it)."""
    own: CommentedSeq = mine.setdefault(part, CommentedSeq())
    before = {str(e["id"]): e for e in was.get(part) or ()}
    new_ids: dict[str, str] = {}
    for entry in new[part]:
        drafted_id = str(entry["id"])
        old_id = _old_id(entry, before)
        here = _find(own, old_id) if old_id else None
        here = here if here is not None else _nearest(entry, own)
        if here is not None:
            new_ids[drafted_id] = str(here["id"])
            _merge_map(here, before.get(str(here["id"]), CommentedMap()), entry)
        elif old_id:
            new_ids[drafted_id] = ""  # the teacher deleted it
        else:
            added = copy.deepcopy(entry)
            added["id"] = _free_id(drafted_id, mine, was)
            new_ids[drafted_id] = str(added["id"])
            own.append(added)
            note = notes.get(drafted_id)
            if note:
                told = Note(note.source, note.certainty, ("new since the last draft", *note.checks))
                own.yaml_set_comment_before_after_key(len(own) - 1, before=comment(told), indent=2)
    return new_ids


def _old_id(entry: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]]) -> str:
    """The id of the entry of the first draft that this one re-drafts."""
    scored = [
        (_likeness(entry, e), key) for key, e in before.items() if e.get("kind") == entry.get("kind") or "name" in e
    ]
    best = max(scored, default=(0, ""))
    return best[1] if best[0] >= SAME_ENTRY else ""


def _nearest(entry: Mapping[str, Any], own: CommentedSeq) -> CommentedMap | None:
    best = max(own, key=lambda e: _likeness(entry, e), default=None)
    return best if best is not None and _likeness(entry, best) >= SAME_ENTRY else None


def _likeness(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    texts = [str(next((e[k] for k in TEXT_KEYS if k in e), "")) for e in (a, b)]
    return fuzz.token_sort_ratio(*texts) if all(texts) else 0


def _find(own: CommentedSeq, entry_id: str) -> CommentedMap | None:
    return next((e for e in own if str(e.get("id")) == entry_id), None)


def _merge_map(mine: CommentedMap, was: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Fields the teacher left as they were drafted follow the new draft; hers, and those she took out, stay."""
    for key, value in new.items():
        if key == "id":
            continue
        if isinstance(value, CommentedMap) and isinstance(mine.get(key), CommentedMap):
            _merge_map(mine[key], was.get(key) or CommentedMap(), value)
        elif (key not in mine and key not in was) or (key in mine and key in was and mine[key] == was[key]):
            mine[key] = value


def _free_id(wanted: str, mine: CommentedMap, was: CommentedMap) -> str:
    """The next id of the same letter that neither the rubric nor the first draft has used."""
    taken = {str(e.get("id")) for data in (mine, was) for part in PARTS for e in data.get(part) or ()}
    if wanted not in taken:
        return wanted
    letter, width = wanted.rstrip("0123456789"), len(wanted) - len(wanted.rstrip("0123456789"))
    number = 1
    while f"{letter}{number:0{width}d}" in taken:
        number += 1
    return f"{letter}{number:0{width}d}"


def _relink(new: CommentedMap, new_ids: Mapping[str, str]) -> None:
    """The new draft's points name evidence by the ids it has in the merged file, and none that was deleted."""
    for point in new.get("points") or ():
        if links := point.get("evidence"):
            wanted = [new_id for new_id in dict.fromkeys(new_ids[str(link)] for link in links) if new_id]
            if wanted:
                point["evidence"] = CommentedSeq(wanted)
                point["evidence"].fa.set_flow_style()
            else:
                del point["evidence"]
