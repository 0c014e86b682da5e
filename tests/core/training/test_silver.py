"""Plain text parsed by a teacher as training data: what is kept of it, and how it is put together."""

import random

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from analyser.training import silver

ENGLISH = spacy.blank("en")


def parse_of(heads, certainty=0.9):
    n = len(heads)
    return silver.Parse(heads, ["NN"] * n, ["NOUN|Number=Sing"] * n, ["nsubj"] * n, certainty)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([0], True),
        ([2, 0, 2], True),
        ([2, 0, 4, 0], True),  # two sentences
        ([2, 1], False),  # a circle
        ([2, 3, 1, 0], False),
        ([1], False),  # a word that hangs on itself
        ([0, 0, 1], False),  # a sentence inside another
    ],
)
def test_only_trees_one_after_the_other_are_kept(heads, expected):
    assert silver.is_tree(heads) is expected


@given(st.lists(st.integers(0, 8), min_size=1, max_size=8))
def test_a_tree_makes_a_document_with_its_heads(heads):
    heads = [min(head, len(heads)) for head in heads]
    if not silver.is_tree(heads):
        return
    doc = silver.to_doc(ENGLISH.make_doc(" ".join(["word"] * len(heads))), parse_of(heads))
    assert [0 if token.head.i == token.i else token.head.i + 1 for token in doc] == heads
    assert sum(token.dep_ == "ROOT" for token in doc) == heads.count(0)


def test_a_line_break_hangs_on_the_word_before_it():
    doc = silver.to_doc(ENGLISH.make_doc("He ruled.\n\nShe fled."), parse_of([2, 0, 2, 5, 0, 5]))
    line_break = doc[3]
    assert (line_break.tag_, line_break.pos_, line_break.dep_, line_break.head.text) == ("_SP", "SPACE", "dep", ".")
    assert [sentence.text.strip() for sentence in doc.sents] == ["He ruled.", "She fled."]
    assert doc.text == "He ruled.\n\nShe fled."


def test_runs_hold_every_sentence_once_and_few_words():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    texts = [f"This is sentence number {i} of the text. It has a second one." for i in range(40)]
    runs = list(silver.gather(texts, nlp, random.Random(1)))
    joined = " ".join(" ".join(run.split()) for run in runs)
    assert joined == " ".join(texts)
    assert all(len(nlp.make_doc(run)) <= max(silver.TRAINING_DOCUMENT_WORDS) + 15 for run in runs)
    assert len(runs) > 5


def test_a_set_gives_each_text_once_and_no_more_words_than_it_may():
    texts = ["A text of seven words, more\n or less."] * 3 + [
        f"Another text that has number {i} in it." for i in range(50)
    ]
    kept = silver._up_to(40, [*texts, "Too short."])
    assert kept[0] == "A text of seven words, more or less."
    assert len(kept) == len(set(kept)) == 6


def test_the_least_certain_documents_are_left_out(monkeypatch):
    monkeypatch.setattr(silver, "with_lemmas", lambda doc, nlp: doc)
    texts = [f"Word {'more ' * i}" for i in range(20)]

    def parse(docs):
        return [parse_of([0] + [1] * (len(doc) - 1), certainty=1 - len(doc) / 100) for doc in docs]

    kept = silver.annotate(texts, parse, ENGLISH)
    assert len(kept) == 18
    assert max(map(len, kept)) < 20
