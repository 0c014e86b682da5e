"""Sentences of student prose, names put in capitals, and what happens without the trained pipeline."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from analyser import shipped
from analyser.records import Block, Essay, EvidenceItem, JudgementRule, Rubric, Side
from analyser.rubrics.sides import side_names
from analyser.text import parsing

NLP = spacy.blank("en")
SIDES = (Side("a", "Stalin"), Side("b", "Lenin"))


def rubric(*evidence: EvidenceItem) -> Rubric:
    return Rubric("r", 1, "en-GB", "How red was it?", SIDES, JudgementRule("j"), (), evidence=evidence)


def sentences(text: str) -> list[str]:
    essay = Essay("e", "e", text, (Block(0, len(text), "paragraph"),))
    return [text[s.start : s.end] for s in parsing.find_sentences(essay, NLP(text))]


# text with | where a sentence begins
SPLIT = [
    "He fell ill. |Then he died.",
    "he fell ill. |then he died",
    "Was he ill? |He was!  |He died.",
    "He said “No.” |Then he left.",
    "It was the Act of 1911 (see above). |It passed.",
    "He met Malcolm X. |He was afraid.",
    "They wanted land, peace, etc. |They got none.",
    "Is that so? |yes it is",
]
KEPT = [
    "Mr. Davies and Dr. Smith met at St. Peter's Field.",
    "J. S. Mill wrote it, cf. p. 12 of vol. 2.",
    "It grew, e.g. in 1921, by 3.5 per cent.",
    "He ... hesitated.",
    "'Why did they do it?' he asked.",
    "1. The causes of the war",
]


@pytest.mark.parametrize("marked", SPLIT)
def test_split(marked):
    assert sentences(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("text", KEPT)
def test_kept_whole(text):
    assert sentences(text) == [text]


def test_blocks_end_sentences_and_front_matter_has_none():
    text = "Jo Smith\nthe causes of terror\nhe was afraid and so\nwere they"
    lines = [0, 9, 30, 51]
    kinds = ("front_matter", "heading", "list_item", "paragraph")
    ends = [8, 29, 50, len(text)]
    essay = Essay("e", "e", text, tuple(Block(a, b, k) for a, b, k in zip(lines, ends, kinds, strict=True)))
    found = parsing.find_sentences(essay, NLP(text))
    assert [(text[s.start : s.end], s.block_index) for s in found] == [
        ("the causes of terror", 1),
        ("he was afraid and so", 2),
        ("were they", 3),
    ]


def test_text_without_full_stops_is_cut_at_clauses():
    text = " and ".join(["he had many people arrested in the towns"] * 30)
    found = sentences(text)
    assert all(len(s.split()) <= parsing_limit() for s in found)
    assert len(found) >= 4
    assert all(s.startswith(("he", "and he")) for s in found)


def parsing_limit() -> int:
    from analyser.text.sentences import MAX_SENTENCE_WORDS

    return MAX_SENTENCE_WORDS


@given(st.text(alphabet="ab .,;!?\n\"'’éÉIX1", max_size=200))
def test_sentences_cover_the_text_in_order(text):
    essay = Essay("e", "e", text, (Block(0, len(text), "paragraph"),))
    found = parsing.find_sentences(essay, NLP(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert "".join("".join(text[s.start : s.end] for s in found).split()) == "".join(text.split())


def test_names_get_their_capitals_and_nothing_moves():
    names = parsing.known_names(rubric(EvidenceItem("E1", "Kirov, the Red Army", aliases=("red flags",))))
    text = "lennin and stalin i think shot kirov with red guns in germany"
    restored = parsing.restore_case(text, names, side_names(rubric()))
    assert restored == "Lennin and Stalin I think shot Kirov with red guns in Germany"
    assert len(restored) == len(text)


def test_without_the_trained_folder_it_says_so_once_and_works(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped, "trained_model", lambda name: None)
    check_fallback()
    broken = tmp_path / "en_essay"
    broken.mkdir()
    (broken / "config.cfg").write_text("[nlp]\nlang = ")
    monkeypatch.setattr(shipped, "trained_model", lambda name: broken)
    check_fallback()


def check_fallback():
    parsing.load_pipeline.cache_clear()
    try:
        nlp = parsing.load_pipeline()
        assert parsing.pipeline_name(nlp) == "blank"
        essay = Essay("e", "e", "Stalin was cruel. Lenin was not.", (Block(0, 32, "paragraph"),))
        parsed = parsing.parse_essay(essay, rubric(), nlp)
        assert [n.code for n in parsed.essay.notices] == ["N201"]
        assert [u.sides for u in parsed.units] == [{"a"}, {"b"}]
    finally:
        parsing.load_pipeline.cache_clear()


def test_a_blank_pipeline_given_on_purpose_gives_no_notice():
    essay = Essay("e", "e", "Stalin was cruel.", (Block(0, 17, "paragraph"),))
    assert parsing.parse_essay(essay, rubric(), spacy.blank("en")).essay.notices == ()
