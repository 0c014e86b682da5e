"""Pairs for the cross-encoder from the sentences of drafts that answer the question or set a standard."""

import json
import random

from analyser.records import POINT_LABELS
from analyser.training.answer_data import answer_pairs, read_marked
from analyser.training.written_data import read_drafts, read_questions

RUBRIC = {
    "id": "bread-cake",
    "question": "How far are bread and cake alike?",
    "sides": {"a": "Bread", "b": "Cake"},
    "criteria": {"C1": "what they cost", "C2": "who eats them"},
    "points": {"S1": "both are baked"},
    "evidence": {},
}
TEXT = "I judge them by the purse. They are twins.\n\nBread is cheap. Cake is dear.\n\nSo they are twins indeed."
DRAFT = {
    "text": TEXT,
    "judgement": {"status": "stated", "stance": "similar", "where": ["conclusion"], "quote": "twins indeed"},
    "criteria": {"C1": "covered", "C2": "missing"},
    "points": {"S1": {"label": "missing", "quote": ""}},
    "evidence": {},
}
MARKS = [
    ("I judge them by the purse.", "", ["C1"]),
    ("They are twins.", "similar", []),
    ("So they are twins", "similar", []),
]


def write(folder, marks):
    folder.mkdir(exist_ok=True)
    (folder / "rubric.json").write_text(json.dumps(RUBRIC))
    (folder / "draft-01.json").write_text(json.dumps(DRAFT))
    rows = [
        {"draft": "draft-01", "start": TEXT.index(text), "text": text, "stance": stance, "criteria": criteria}
        for text, stance, criteria in marks
    ]
    if marks:
        (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_marked(read_drafts([folder.parent]))[0]


def pairs(marked):
    return [(text, asked.split(". ")[1], POINT_LABELS[k]) for text, asked, k in answer_pairs(marked, random.Random(1))]


def test_marks_say_all_there_is(tmp_path):
    found = pairs(write(tmp_path / "q", MARKS))
    question, cost, eaters = f"Judgement: {RUBRIC['question']}", "Criterion: what they cost", "Criterion: who eats them"
    assert ("They are twins.", question, "covered") in found
    assert ("So they are twins indeed.", question, "covered") in found
    assert ("I judge them by the purse.", question, "missing") in found
    assert ("I judge them by the purse.", cost, "covered") in found
    assert ("I judge them by the purse.", eaters, "missing") in found
    assert not {label for text, asked, label in found if asked == eaters} - {"missing"}


def test_without_marks_only_the_label_is_known(tmp_path):
    found = pairs(write(tmp_path / "q", []))
    asked = f"Judgement: {RUBRIC['question']}"
    assert {asked} == {wanted for _, wanted, _ in found}
    assert ("So they are twins indeed.", asked, "covered") in found
    assert ("They are twins.", asked, "missing") in found  # the label says: in the conclusion only


def test_marks_are_no_passages(tmp_path):
    write(tmp_path / "q", MARKS)
    assert read_questions([tmp_path]) == []
