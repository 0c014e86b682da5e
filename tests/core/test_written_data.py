"""The passages and drafts in models/matcher/data keep to their datasheet."""

import json
from collections import Counter
from pathlib import Path

import pytest

from analyser.records import POINT_LABELS

DATA = Path(__file__).parents[2] / "models" / "matcher" / "data"
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


def test_the_datasheet_counts_what_is_there():
    sheet = (DATA / "README.md").read_text(encoding="utf8")
    passages = Counter(row["text"] for folder in FOLDERS for row in rows(folder))
    assert max(passages.values()) == 1
    n_drafts = sum(len(list(folder.glob("*-[0-9]*.json"))) for folder in FOLDERS)
    for number in (len(FOLDERS), sum(passages.values()), n_drafts):
        assert f"{number:,}" in sheet
