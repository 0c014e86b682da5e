"""The matcher's parts with small stand-ins for the trained encoders."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import BREAD, Letters

from analyser.alignment.aligner import Judged, LexicalAligner, Thresholds, TopModel, TrainedAligner, spread, verdict
from analyser.alignment.encoders import EncodedText, late_interaction
from analyser.alignment.features import FEATURES, Candidates, linked_evidence, split_statement
from analyser.alignment.lexical import overlap_matrix, stem
from analyser.alignment.windows import find_windows
from analyser.alignment.wordpiece import WordPiece
from analyser.records import (
    POINT_LABELS,
    Block,
    Essay,
    EvidenceFinding,
    EvidenceItem,
    Findings,
    JudgementFinding,
)
from analyser.text.parsing import parse_essay

RUBRIC = replace(BREAD, evidence=(EvidenceItem("E1", "the oven"), EvidenceItem("E2", "wedding cake at feasts")))
NOTHING = Findings(JudgementFinding("missing", "none", (), 0.5))
TEXT = "Bread is baked in an oven. Cake is baked in one too.\n\nWe eat bread every day. Cake we eat only at feasts."


def essay(text: str) -> Essay:
    blocks, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            blocks.append(Block(start, start + len(part), "paragraph"))
        start += len(part) + 2
    return Essay("e", "e.txt", text, tuple(blocks))


class Overlap:
    """Stands for the cross-encoder: probability of covered from shared words."""

    def score(self, pairs):
        shares = [len(set(a.split()) & set(b.split())) / (1 + len(b.split())) for a, b in pairs]
        return np.array([[s, 0.1, 0.1, 0.8 - s] for s in shares]).reshape(len(pairs), 4)


def test_late_interaction_takes_the_likest_piece_of_each_passage_by_weight():
    def text(*pieces, weights=None):
        rows = np.array(pieces, dtype=np.float32).reshape(len(pieces), 2)
        return EncodedText(np.ones(2), rows, np.ones(len(rows)) if weights is None else np.array(weights))

    point = text((1, 0), (0, 1), weights=[3, 1])
    passages = [text((1, 0), (0.6, 0.8)), text(), text((0, 1))]
    # First: pieces at 1 and 0.8; second: no words; third: 0 and 1.
    assert late_interaction([point], passages) == pytest.approx(np.array([[(3 + 0.8) / 4, -1, 1 / 4]]))
    assert late_interaction([text()], passages)[0].tolist() == [-1, -1, -1]
    assert late_interaction([point], []).shape == (1, 0)


def trained() -> TrainedAligner:
    n = len(FEATURES)
    weights = np.zeros((4, n + 1))
    weights[0, FEATURES.index("cross_covered_max")] = 5
    top = TopModel(np.zeros(n), np.ones(n), weights, Thresholds(0.7, 0.6, 0.9))
    return TrainedAligner(RUBRIC, Letters(), Overlap(), top, "stand-in")


@pytest.mark.parametrize("aligner", [trained(), LexicalAligner(RUBRIC)], ids=["trained", "lexical"])
@pytest.mark.parametrize("text", [TEXT, "", "Bread.", "cake " * 3000, "🍰 مرحبا 。"])
def test_every_point_gets_a_verdict(aligner, text):
    parsed = parse_essay(essay(text), RUBRIC)
    matches = aligner.align(parsed, NOTHING)
    assert [m.id for m in matches] == ["S1", "D1"]
    for match in matches:
        assert sum(match.probabilities.values()) == pytest.approx(1)
        assert tuple(match.probabilities) == POINT_LABELS
        assert bool(match.quotes) == (match.status != "missing")
        assert all(q.text == text[q.start : q.end] for q in match.quotes)
        assert match.reason


def test_a_point_whose_evidence_is_named_is_never_missing():
    off_topic = parse_essay(essay("Dogs bark at the postman every single day of the week."), RUBRIC)
    aligner = trained()
    aligner.top.weights[3, -1] = 9  # everything looks missing
    assert {m.status for m in aligner.align(off_topic, NOTHING)} == {"missing"}
    aligner.rubric = replace(RUBRIC, points=(replace(RUBRIC.points[0], evidence=("E1", "E2")), RUBRIC.points[1]))
    named = tuple(EvidenceFinding(i, "named", 0.9, (off_topic.essay.quote(0, 4),)) for i in ("E1", "E2"))
    statuses = [m.status for m in aligner.align(off_topic, replace(NOTHING, evidence=named))]
    assert statuses == ["unsure", "missing"]


def test_the_same_draft_gives_the_same_verdicts():
    parsed = parse_essay(essay(TEXT), RUBRIC)
    assert trained().align(parsed, NOTHING) == trained().align(parsed, NOTHING)


CANDIDATES = (
    # probabilities of covered, partial, contradicted, missing -> status
    ((0.80, 0.05, 0.05, 0.10), "covered"),
    ((0.30, 0.50, 0.05, 0.15), "partial"),
    ((0.02, 0.02, 0.94, 0.02), "contradicted"),
    ((0.10, 0.10, 0.10, 0.70), "missing"),
    ((0.40, 0.10, 0.10, 0.40), "unsure"),
)


@pytest.mark.parametrize(("row", "status"), CANDIDATES)
def test_verdicts(row, status):
    parsed = parse_essay(essay(TEXT), RUBRIC)
    found = Candidates(find_windows(parsed)[:1], np.array([row]))
    match = verdict(parsed, RUBRIC.points[0], np.array(row), found, Thresholds(0.7, 0.6, 0.9))
    assert match.status == status


def test_a_passage_is_asked_about_once_where_another_is_near():
    parsed = parse_essay(essay(TEXT), RUBRIC)
    first, second = [w for w in find_windows(parsed) if w.n_sentences == 1][:2]
    limits = Thresholds(0.7, 0.6, 0.9)

    def judged(point, *scores):
        rows = np.array([(score, 0.1, 0.1, 0.8 - score) for score in scores])
        found = Candidates((first, second)[: len(scores)], rows)
        return Judged(verdict(parsed, point, rows[0], found, limits), found)

    def starts(*given):
        return [one.match.quotes[0].start for one in spread(parsed, given)]

    s1, d1 = RUBRIC.points
    said, near, far = judged(s1, 0.75, 0.1), judged(d1, 0.5, 0.4), judged(d1, 0.5, 0.1)
    assert (said.match.status, near.match.status) == ("covered", "unsure")
    assert starts(said, near) == [first.start, second.start]
    assert starts(said, far) == [first.start, first.start]
    assert starts(near) == [first.start]


@given(st.lists(st.text(alphabet="abc. \n!?", max_size=40), max_size=6))
@settings(max_examples=50, deadline=None)
def test_windows_quote_whole_sentences_of_one_block(parts):
    parsed = parse_essay(essay("\n\n".join(parts)), RUBRIC)
    for window in find_windows(parsed):
        block = parsed.essay.blocks[window.block_index]
        assert block.start <= window.start < window.end <= block.end
        assert 1 <= window.n_sentences <= 3


def test_overlap_sees_inflections():
    scores = overlap_matrix(["the bakers baked breads"], ["a baker bakes bread", "cats sleep"])
    assert scores[0, 0] > 0.2
    assert scores[0, 1] == 0
    assert stem("purged") == stem("purges") == stem("purging")


def test_halves_and_links():
    assert split_statement(RUBRIC.points[1].statement) == ["bread is eaten daily", "cake is for feasts"]
    assert split_statement("both are baked") == ["both are baked"]
    assert linked_evidence(RUBRIC) == [frozenset({"E1"}), frozenset({"E2"})]


def test_wordpiece():
    pieces = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "che", "##ka", "##s", "'", ","])
    assert pieces.ids("The Cheka's, ÇHEKA") == [4, 5, 6, 8, 1, 9, 5, 6]
    assert pieces.single("the cheka " * 50, 6) == [2, 4, 5, 6, 4, 3]
    ids, segments = pieces.pair("the the the the", "cheka", 7)
    assert ids == [2, 4, 4, 3, 5, 6, 3]
    assert segments == [0, 0, 0, 0, 1, 1, 1]
