"""Re-drafting keeps everything a teacher has edited."""

from dataclasses import replace

from ruamel.yaml import YAML

from analyser.drafting.updating import load, merge
from analyser.drafting.writing import write_yaml
from analyser.records import EvidenceItem
from analyser.rubrics.reading import rubric_from_text


def test_the_written_file_is_a_rubric_with_comments(drafted):
    text = write_yaml(drafted)
    rubric = rubric_from_text(text)
    assert [p.statement for p in rubric.points] == [p.statement for p in drafted.rubric.points]
    assert text.count("# from: ") >= len(rubric.points) + len(rubric.evidence)
    assert "# how sure: " in text


def test_merging_the_same_draft_changes_nothing(drafted):
    text = write_yaml(drafted)
    assert merge(text, drafted, text) == text


def test_edits_additions_and_deletions_stay(drafted):
    base = write_yaml(drafted)
    data = load(base)
    data["points"][0]["hint"] = "My own hint?"
    data["points"][1]["statement"] = "Both queens governed through a council of my own wording"
    data["points"].append({"id": "T1", "kind": "difference", "statement": "An idea of my own"})
    deleted = data["evidence"].pop(0)["id"]
    for point in data["points"]:
        point["evidence"] = [e for e in point.get("evidence", []) if e != deleted]
    mine = _dump(data)
    merged = rubric_from_text(merge(mine, drafted, base))
    by_id = {p.id: p for p in merged.points}
    assert by_id["S1"].hint == "My own hint?"
    assert by_id["S2"].statement.endswith("my own wording")
    assert by_id["T1"].statement == "An idea of my own"
    assert deleted not in [e.id for e in merged.evidence]


def test_comments_of_the_teacher_stay(drafted):
    base = write_yaml(drafted)
    mine = base.replace("points:\n", "points:  # my remark\n", 1)
    assert "# my remark" in merge(mine, drafted, base)


def test_what_the_new_draft_adds_gets_a_free_id(drafted):
    base = write_yaml(drafted)
    point = replace(
        drafted.rubric.points[0], id="S1", statement="Neither queen left a child to follow her", evidence=()
    )
    points = (point, *drafted.rubric.points[1:])
    new = replace(drafted, rubric=replace(drafted.rubric, points=points))
    text = merge(base, new, base)
    merged = rubric_from_text(text)
    assert merged.points[0].statement == drafted.rubric.points[0].statement
    assert merged.points[-1].statement == "Neither queen left a child to follow her"
    assert merged.points[-1].id not in {p.id for p in drafted.rubric.points}
    assert "check: new since the last draft" in text


def test_links_follow_evidence_that_is_numbered_anew(drafted):
    """A new draft that names one more thing first calls all others by other ids."""
    base = write_yaml(drafted)
    old = drafted.rubric
    ids = {item.id: f"E{number:02d}" for number, item in enumerate(old.evidence, start=2)}
    evidence = [
        EvidenceItem("E01", "Treaty of Edinburgh"), *(replace(item, id=ids[item.id]) for item in old.evidence)
    ]  # fmt: skip
    points = [replace(p, evidence=tuple(ids[e] for e in p.evidence)) for p in old.points]
    points[0] = replace(points[0], evidence=("E01", *points[0].evidence))
    new = replace(drafted, rubric=replace(old, evidence=tuple(evidence), points=tuple(points)))
    merged = rubric_from_text(merge(base, new, base))
    name_by_id = {item.id: item.name for item in merged.evidence}
    assert name_by_id == {item.id: item.name for item in old.evidence} | {merged.evidence[-1].id: "Treaty of Edinburgh"}
    assert merged.points[0].evidence == (merged.evidence[-1].id, *old.points[0].evidence)
    assert [p.evidence for p in merged.points[1:]] == [p.evidence for p in old.points[1:]]


def test_without_the_first_draft_nothing_is_changed(drafted):
    base = write_yaml(drafted)
    data = load(base)
    data["points"][0]["hint"] = "My own hint?"
    merged = rubric_from_text(merge(_dump(data), drafted))
    assert merged.points[0].hint == "My own hint?"


def _dump(data):
    import io

    stream = io.StringIO()
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    yaml.dump(data, stream)
    return stream.getvalue()
