import json
from dataclasses import replace

import pytest
from report_sample import build_feedback, build_rubric

from analyser.errors import UsageError
from analyser.records import POINT_LABELS
from analyser.report import from_record, render, to_record

# The record of schema analyser.feedback/1: the keys of each object, in order.
KEYS = {
    "": "schema analyser_version models rubric essay judgement criteria points evidence slips unlinked_evidence "
    "coverage messages",
    "rubric": "id version",
    "essay": "id source n_words n_paragraphs text",
    "judgement": "status stance where confidence quotes",
    "criteria": "id status confidence quotes",
    "points": "id kind status confidence probabilities quotes reason",
    "evidence": "id status confidence quotes matched",
    "slips": "kind evidence quote found expected",
    "unlinked_evidence": "evidence quote",
    "coverage": "criteria similarities differences evidence",
    "messages": "code about tone text hint",
}


@pytest.fixture
def record():
    return to_record(build_feedback())


@pytest.mark.parametrize("key", KEYS)
def test_the_keys_of_the_record(record, key):
    entries = record[key] if key else record
    for entry in entries if isinstance(entries, list) else [entries]:
        assert " ".join(entry) == KEYS[key]


def test_quotes_are_words_of_the_text(record):
    text = record["essay"]["text"]
    quotes = [*record["judgement"]["quotes"]]
    for key in ("criteria", "points", "evidence"):
        quotes += [quote for entry in record[key] for quote in entry["quotes"]]
        assert all(entry["quotes"] for entry in record[key] if entry["status"] != "missing")
    quotes += [entry["quote"] for key in ("slips", "unlinked_evidence") for entry in record[key]]
    assert all(text[quote["start"] : quote["end"]] == quote["text"] for quote in quotes)


@pytest.mark.parametrize(
    "found", [{"covered": 1 / 3, "partial": 1 / 3, "contradicted": 1 / 3}, {}, {"missing": 2.0, "covered": 1.0}]
)
def test_probabilities_hold_four_labels_and_sum_to_one(found):
    feedback = build_feedback()
    feedback = replace(feedback, matches=(replace(feedback.matches[0], probabilities=found),))
    shares = to_record(feedback)["points"][0]["probabilities"]
    assert tuple(shares) == POINT_LABELS
    assert sum(shares.values()) == pytest.approx(1, abs=1e-9)


def test_a_record_comes_back_whole(record):
    again = from_record(json.loads(json.dumps(record)), build_rubric())
    for part in ("findings", "matches", "messages", "trained_models", "analyser_version"):
        assert getattr(again, part) == getattr(build_feedback(), part)
    assert {**to_record(again), "essay": None} == {**record, "essay": None}
    assert again.essay.text == record["essay"]["text"]


def test_lines_that_did_not_count_as_essay_do_not_count_again(record):
    again = from_record(record, build_rubric())
    assert again.essay.n_words == record["essay"]["n_words"]
    assert [block.kind for block in again.essay.blocks][:2] == ["front_matter", "paragraph"]


@pytest.mark.parametrize("format", ["terminal", "markdown", "json", "html"])
def test_a_record_that_came_back_can_be_shown(record, format):
    assert render(from_record(record, build_rubric()), format, colour=False)


def test_what_a_slip_should_have_been_is_left_out_unless_revealed():
    feedback = build_feedback()
    assert json.loads(render(feedback, "json"))["slips"][0]["expected"] == ""
    assert json.loads(render(feedback, "json", reveal=True)) == to_record(feedback)


def broken(record, change):
    change(record)
    return record


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: r.update(schema="analyser.feedback/2"), "E310"),
        (lambda r: r.pop("points"), "E310"),
        (lambda r: r.update(criteria=None), "E310"),
        (lambda r: r["judgement"]["quotes"][0].update(start=3), "E310"),
        (lambda r: r["essay"].update(text=None), "E310"),
        (lambda r: r["rubric"].update(id="other"), "E311"),
        (lambda r: r["rubric"].update(version=1), "E311"),
    ],
)
def test_a_broken_record_is_refused_with_a_code(record, change, code):
    with pytest.raises(UsageError) as caught:
        from_record(broken(record, change), build_rubric())
    assert caught.value.code == code


def test_no_record_at_all():
    with pytest.raises(UsageError, match="E310"):
        from_record(["no"], build_rubric())


def test_unknown_format():
    with pytest.raises(UsageError, match=r"E312.*terminal, markdown, json, html"):
        render(build_feedback(), "pdf")
