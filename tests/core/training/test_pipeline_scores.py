"""End-to-end scores against gold documents, on documents built by hand."""

import spacy
from spacy.tokens import Doc

from analyser.training.pipeline_scores import Counts, f1

NLP = spacy.blank("en")


def doc(words: list[str], heads: list[int], deps: list[str]) -> Doc:
    n = len(words)
    return Doc(
        NLP.vocab,
        words=words,
        spaces=[True] * n,
        heads=heads,
        deps=deps,
        pos=["NOUN"] * n,
        tags=["NN"] * n,
        lemmas=[w.lower() for w in words],
    )


GOLD = doc(["Lenin", "wrote", "it"], [1, 1, 1], ["nsubj", "ROOT", "obj"])


def row(found: Doc, gold: Doc = GOLD) -> dict[str, float]:
    counts = Counts()
    counts.add(gold, found)
    return counts.row()


def test_the_same_document_scores_full_marks():
    assert set(row(GOLD).values()) == {100.0}


def test_a_wrong_head_and_a_wrong_relation():
    found = row(doc(["Lenin", "wrote", "it"], [1, 1, 0], ["obl", "ROOT", "obj"]))
    assert (found["uas"], found["las"], found["upos"]) == (f1(2, 3, 3), f1(1, 3, 3), 100.0)


def test_subtypes_do_not_count():
    assert row(doc(["Lenin", "wrote", "it"], [1, 1, 1], ["nsubj:outer", "ROOT", "obj"]))["las"] == 100.0


def test_a_word_cut_in_two_is_wrong_in_every_column():
    found = row(doc(["Len", "in", "wrote", "it"], [2, 2, 2, 2], ["nsubj", "dep", "ROOT", "obj"]))
    assert found["words"] == found["uas"] == f1(2, 3, 4)


def test_white_space_is_left_out():
    spaced = doc(["Lenin", "\n\n", "wrote", "it"], [2, 0, 2, 2], ["nsubj", "dep", "ROOT", "obj"])
    assert set(row(spaced).values()) == {100.0}
