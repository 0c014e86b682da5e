"""Pairs for the cross-encoder from sentences that bring in a piece of evidence without its name."""

import json
import random

import pytest

from analyser.records import POINT_LABELS
from analyser.training.evidence_data import Described, evidence_pairs, read_cited, read_described
from analyser.training.written_data import Question, read_drafts, read_questions

SIDES = ("Bread", "Cake")
PIECE = {
    "name": "Chorleywood process (1961)",
    "context": "The Chorleywood process of 1961 made bread cheap.",
    "found": [f"They found a fast way, number {n}." for n in range(5)],
    "near": [f"They found a slow way, number {n}." for n in range(4)],
}
OTHER = PIECE | {
    "name": "Battenberg",
    "context": "A Battenberg is chequered.",
    "found": ["It is pink."] * 5,
    "near": [],
}
RUBRIC = {
    "id": "bread-cake",
    "question": "How far are bread and cake alike?",
    "sides": {"a": "Bread", "b": "Cake"},
    "criteria": {},
    "points": {"S1": "both are baked"},
    "evidence": {"E1": "Battenberg", "E2": "Poilane"},
}
DRAFT = {
    "text": "Bread is cheap. Each slice is pink. It has four squares. So they differ.",
    "judgement": {"status": "missing", "stance": "none", "where": [], "quote": ""},
    "criteria": {},
    "points": {"S1": {"label": "missing", "quote": ""}},
    "evidence": {"E1": {"label": "used", "quote": "pink. It has"}, "E2": {"label": "missing", "quote": ""}},
}


@pytest.fixture
def folder(tmp_path):
    own = tmp_path / "bread-cake"
    own.mkdir()
    (own / "rubric.json").write_text(json.dumps(RUBRIC))
    (own / "draft-01.json").write_text(json.dumps(DRAFT))
    (own / "evidence.jsonl").write_text(json.dumps(PIECE) + "\n" + json.dumps(OTHER) + "\n")
    return tmp_path


def test_pieces_are_read_with_the_question_s_sides_and_are_no_passages(folder):
    assert read_questions([folder]) == []
    question = Question("bread-cake", SIDES, {}, ())
    assert read_described([], [folder]) == []
    ((piece, other),) = read_described([question], [folder])
    assert piece == Described(SIDES, PIECE["name"], PIECE["context"], tuple(PIECE["found"]), tuple(PIECE["near"]))
    assert other.name == "Battenberg"


def test_a_draft_s_labels_say_which_sentences_bring_a_piece_in(folder):
    cited, lacking = read_cited(read_drafts([folder]))
    assert (cited.name, cited.found, cited.absent) == ("Battenberg", ("Each slice is pink. It has four squares.",), ())
    assert (lacking.name, lacking.found) == ("Poilane", ())
    assert "Bread is cheap." in lacking.absent


def test_pairs_say_what_is_there_and_what_is_not(folder):
    groups = read_described([Question("bread-cake", SIDES, {}, ())], [folder])
    found = list(evidence_pairs(groups, read_cited(read_drafts([folder])), random.Random(3)))
    said = {(text, wanted.split(". Evidence: ")[1].split(" (The")[0]): POINT_LABELS[k] for text, wanted, k in found}
    assert all(said[text, PIECE["name"]] == "covered" for text in (*PIECE["found"], PIECE["context"]))
    assert all(said[text, PIECE["name"]] == "missing" for text in PIECE["near"])
    assert said["Each slice is pink. It has four squares.", "Battenberg"] == "covered"
    assert {label for (_, name), label in said.items() if name == "Poilane"} == {"missing"}
    contexts = [wanted for _, wanted, _ in found if PIECE["context"] in wanted]
    assert 0 < len(contexts) < len([wanted for _, wanted, _ in found if PIECE["name"] in wanted])
    # Told of one piece, a sentence is of no other.
    assert {said.get((text, PIECE["name"]), "missing") for text in OTHER["found"]} == {"missing"}
