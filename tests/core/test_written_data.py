"""The passages and drafts in models/matcher/data keep to their datasheet."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from analyser.records import POINT_LABELS

DATA = Path(__file__).parents[2] / "models" / "matcher" / "data"
META = json.loads((DATA.parent / "meta.json").read_text(encoding="utf8"))
FOLDERS = sorted(path for path in (DATA / "questions").glob("*") if path.is_dir())
LABEL_BY_KIND = {
    **dict.fromkeys(("paraphrase", "plain", "misspelt", "evidence", "metaphor", "long"), "covered"),
    **dict.fromkeys(("one_side", "hint"), "partial"),
    **dict.fromkeys(("opposite", "swapped", "rejected"), "contradicted"),
    **dict.fromkeys(("same_words", "same_topic", "other_point", "one_fact", "vague"), "missing"),
}


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "passages.jsonl").read_text(encoding="utf8").splitlines()]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_question_is_labelled_throughout(folder):
    rubric = json.loads((folder / "rubric.json").read_text(encoding="utf8"))
    assert rubric["id"] == folder.name
    for row in rows(folder):
        assert row["point_id"] in rubric["points"]
        assert row["label"] == LABEL_BY_KIND[row["kind"]]
        assert set(row.get("also", ())) <= set(rubric["points"]) - {row["point_id"]}
    drafts = sorted(folder.glob("*-[0-9]*.json"))
    assert len(drafts) >= 2
    for path in drafts:
        draft = json.loads(path.read_text(encoding="utf8"))
        assert set(draft["points"]) == set(rubric["points"])
        assert set(draft["criteria"]) == set(rubric["criteria"])
        for found in draft["points"].values():
            assert found["label"] in POINT_LABELS
            assert bool(found["quote"]) == (found["label"] != "missing")
            assert found["quote"] in draft["text"]


@pytest.mark.parametrize(
    "path", sorted((DATA / "questions").glob("*/answers.jsonl")), ids=lambda path: path.parent.name
)
def test_marked_sentences_are_the_drafts_own(path):
    """Every mark quotes its draft, and marks and labels of a draft agree on which criteria are set."""
    criteria = json.loads((path.parent / "rubric.json").read_text(encoding="utf8"))["criteria"]
    drafts = {p.stem: json.loads(p.read_text(encoding="utf8")) for p in path.parent.glob("*-[0-9]*.json")}
    for mark in map(json.loads, path.read_text(encoding="utf8").splitlines()):
        draft = drafts[mark["draft"]]
        assert draft["text"][mark["start"] :].startswith(mark["text"])
        assert mark["stance"] in ("", "similar", "different", "mixed", "hedged")
        assert set(mark["criteria"]) <= set(criteria)
        assert mark["text"]
        assert mark["stance"] or mark["criteria"] or mark["is_other_standard"]
        assert all(draft["criteria"][name] == "covered" for name in mark["criteria"])


def test_the_datasheet_counts_the_marks():
    sheet = (DATA / "README.md").read_text(encoding="utf8")
    n_lines, n_answers, n_setting = 0, 0, 0
    at_edge: dict[str, dict[tuple, bool]] = {"answer": {}, "criterion": {}}
    for path in (DATA / "questions").glob("*/answers.jsonl"):
        texts = {
            p.stem: json.loads(p.read_text(encoding="utf8"))["text"].rstrip() for p in path.parent.glob("*-[0-9]*.json")
        }
        for mark in map(json.loads, path.read_text(encoding="utf8").splitlines()):
            n_lines += 1
            n_answers += bool(mark["stance"])
            n_setting += bool(mark["criteria"])
            text, draft = texts[mark["draft"]], (path.parent.name, mark["draft"])
            is_edge = "\n" not in text[: mark["start"]] or "\n" not in text[mark["start"] :]
            things = [("criterion", (*draft, name)) for name in mark["criteria"]]
            for kind, key in [*things, *([("answer", draft)] if mark["stance"] else [])]:
                at_edge[kind][key] = at_edge[kind].get(key, False) or is_edge
    for number in (n_lines, n_answers, n_setting, *(len(v) for v in at_edge.values())):
        assert f"{number:,}" in sheet
    for found in at_edge.values():
        assert f"{sum(found.values()):,}" in sheet


PIECES = sorted((DATA / "questions").glob("*/evidence.jsonl"))
DATE = re.compile(r"[\s,(]*\b\d{4}\b\)?")


@pytest.mark.parametrize("path", PIECES, ids=lambda path: path.parent.name)
def test_evidence_is_told_without_its_name(path):
    pieces = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    assert len({piece["name"] for piece in pieces}) == len(pieces) == 5
    texts = [text for piece in pieces for text in (*piece["found"], *piece["near"])]
    assert len(set(texts)) == len(texts)
    for piece in pieces:
        assert (len(piece["found"]), len(piece["near"])) == (5, 4)
        name = DATE.sub("", piece["name"]).lower()
        # The last of them may have the name mangled or half given.
        assert not any(name in text.lower() for text in piece["found"][:4])


def test_the_datasheet_counts_the_evidence():
    sheet = (DATA / "README.md").read_text(encoding="utf8")
    n_pieces = sum(len(path.read_text(encoding="utf8").splitlines()) for path in PIECES)
    assert f"{n_pieces} in all on {len(PIECES)} questions" in sheet
    kept = {*META["held_out"], *META["points_only"]}
    assert not kept & {path.parent.name for path in PIECES}


def test_the_datasheet_counts_what_is_there():
    sheet = (DATA / "README.md").read_text(encoding="utf8")
    passages = Counter(row["text"] for folder in FOLDERS for row in rows(folder))
    assert max(passages.values()) == 1
    n_drafts = sum(len(list(folder.glob("*-[0-9]*.json"))) for folder in FOLDERS)
    for number in (len(FOLDERS), sum(passages.values()), n_drafts):
        assert f"{number:,}" in sheet
