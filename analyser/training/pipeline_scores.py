"""Scores of a spaCy pipeline against treebank documents, end to end, as the CoNLL 2018 shared task counted them.

Words are compared by the characters they cover (white space left out), so the pipeline's own tokenizer is part of what
is scored: a word that the pipeline cuts differently counts as wrong in every column. Every figure is an F1 in per cent.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from analyser.training.pipeline_code import with_noise

NOISE_LEVELS = ("clean", "lower", "student")
NOISE_SEED = 3
# Relations whose F1 is listed apart: those that clauses, sides and who-did-what are read from.
RELATIONS = ("nsubj", "nsubj:pass", "obj", "obl:agent", "advcl", "ccomp", "conj", "acl:relcl", "parataxis", "ROOT")
COLUMNS = ("words", "upos", "xpos", "lemma", "lemma_caseless", "uas", "las", "sentences")

Edges = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    upos: str
    xpos: str
    lemma: str
    head: Edges | None
    relation: str


@dataclass(slots=True)
class Counts:
    """Running counts of one group of documents; ``row`` gives the F1 scores."""

    n_gold: int = 0
    n_found: int = 0
    n_gold_sentences: int = 0
    n_found_sentences: int = 0
    correct: Counter = field(default_factory=Counter)
    relations: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, gold: Doc, found: Doc) -> None:
        gold_words, gold_sentences = _layout(gold)
        found_words, found_sentences = _layout(found)
        self.n_gold += len(gold_words)
        self.n_found += len(found_words)
        self.n_gold_sentences += len(gold_sentences)
        self.n_found_sentences += len(found_sentences)
        self.correct["sentences"] += len(gold_sentences & found_sentences)
        for word in found_words.values():
            self.relations[word.relation][2] += 1
        for edges, right in gold_words.items():
            self.relations[right.relation][1] += 1
            word_found = found_words.get(edges)
            if word_found is not None:
                self._compare(right, word_found)

    def _compare(self, gold: Word, found: Word) -> None:
        is_head_right = gold.head == found.head
        checks = {
            "words": True,
            "upos": gold.upos == found.upos,
            "xpos": gold.xpos == found.xpos,
            "lemma": gold.lemma == found.lemma,
            "lemma_caseless": gold.lemma.lower() == found.lemma.lower(),
            "uas": is_head_right,
            "las": is_head_right and gold.relation.split(":")[0] == found.relation.split(":")[0],
        }
        self.correct.update(column for column, is_right in checks.items() if is_right)
        if is_head_right and gold.relation == found.relation:
            self.relations[gold.relation][0] += 1

    def row(self) -> dict[str, float]:
        scores = {c: f1(self.correct[c], self.n_gold, self.n_found) for c in COLUMNS if c != "sentences"}
        scores["sentences"] = f1(self.correct["sentences"], self.n_gold_sentences, self.n_found_sentences)
        return scores

    def relation_row(self) -> dict[str, float]:
        return {name: f1(*self.relations[name]) for name in RELATIONS}


def f1(n_correct: int, n_gold: int, n_found: int) -> float:
    """F1 in per cent, two decimals."""
    return round(200 * n_correct / max(1, n_gold + n_found), 2)


def score_pipeline(nlp: Language, docs: list[Doc], noise: str = "clean") -> dict[str, Counts]:
    """Counts by treebank, by genre of that treebank ("gum/essay") and for all; ``noise`` is one of NOISE_LEVELS."""
    rng = random.Random(NOISE_SEED)
    counts: dict[str, Counts] = defaultdict(Counts)
    for doc, gold in zip(docs, _noisy(nlp, docs, noise, rng), strict=True):
        found = nlp(gold.text)
        treebank, genre = genre_of(doc)
        for group in (treebank, f"{treebank}/{genre}"):
            counts[group].add(gold, found)
    return dict(counts)


def genre_of(doc: Doc) -> tuple[str, str]:
    """(treebank, genre) from the document's id: GUM_academic_art, weblog-blogspot..."""
    name = doc.user_data.get("document", "")
    if name.startswith("GUM_"):
        return "gum", name.split("_")[1]
    return "ewt", name.split("-")[0]


def measure_speed(nlp: Language, texts: list[str], repeat: int = 3) -> dict[str, float]:
    """Words a second of processor time on one core, the best of ``repeat`` runs, and the memory used by then."""
    n_words = sum(len(text.split()) for text in texts)
    nlp(texts[0])
    seconds = min(_processor_seconds(lambda: [nlp(text) for text in texts]) for _ in range(repeat))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"words_per_second": round(n_words / seconds), "peak_memory_mb": round(peak)}


def _processor_seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _noisy(nlp: Language, docs: Iterable[Doc], noise: str, rng: random.Random) -> Iterator[Doc]:
    for doc in docs:
        yield doc if noise == "clean" else with_noise(nlp, doc, rng, noise).reference


def _layout(doc: Doc) -> tuple[dict[Edges, Word], set[Edges]]:
    """The words by the characters they cover, white space left out of the count, and the sentences likewise."""
    edges: dict[int, Edges] = {}
    position = 0
    for token in doc:
        if not token.is_space:
            edges[token.i] = (position, position + len(token))
            position += len(token)
    words: dict[Edges, Word] = {}
    for token in doc:
        if token.is_space:
            continue
        head = token.head
        while head.is_space and head.head.i != head.i:
            head = head.head
        is_root = token.dep_ == "ROOT" or head.i == token.i
        words[edges[token.i]] = Word(
            token.pos_, token.tag_, token.lemma_, None if is_root else edges.get(head.i), token.dep_
        )
    sentences: set[Edges] = set()
    for sentence in doc.sents:
        inside = [edges[token.i] for token in sentence if token.i in edges]
        if inside:
            sentences.add((inside[0][0], inside[-1][1]))
    return words, sentences
