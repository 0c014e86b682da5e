"""Universal Dependencies treebanks (CoNLL-U) to spaCy training documents.

The words of a treebank become the tokens of a spaCy ``Doc`` with their real whitespace, so that the parser can be
trained on, and scored against, raw text. Multiword tokens (``don't``) are cut into their syntactic words, as spaCy's
own English tokenizer does. Paragraph breaks become whitespace tokens, so the parser learns that they end a sentence.
"""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

# Words a training document may hold; the transition oracle of spaCy's parser slows down on documents longer than its
# cut (200 words), so runs of sentences are kept well below it. Drawn at random for each document.
TRAINING_DOCUMENT_WORDS = (20, 50, 90)
# What separates two paragraphs in the rebuilt raw text; drawn at random for each break.
PARAGRAPH_BREAKS = ("\n\n", "\n\n", "\n", " ")
PARAGRAPH_COMMENT = re.compile(r"# new(par|doc)")
GENRE_COMMENT = re.compile(r"# newdoc id = (\S+)")


@dataclass(slots=True)
class Word:
    """One syntactic word; ``head`` is an index into the sentence and equals the word's own index at the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    relation: str
    space_after: bool


@dataclass(slots=True)
class Sentence:
    """One treebank sentence; ``starts_paragraph`` is true where the source text begins a new paragraph."""

    words: list[Word]
    starts_paragraph: bool
    document: str


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file (plain or gzipped), in order."""
    opener = gzip.open if path.suffix == ".gz" else open
    rows: list[list[str]] = []
    starts_paragraph, document = True, ""
    with opener(path, "rt", encoding="utf8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("#"):
                starts_paragraph |= bool(PARAGRAPH_COMMENT.match(line))
                if found := GENRE_COMMENT.match(line):
                    document = found[1]
            elif line:
                rows.append(line.split("\t"))
            elif rows:
                yield Sentence(_words(rows), starts_paragraph, document)
                rows, starts_paragraph = [], False
    if rows:
        yield Sentence(_words(rows), starts_paragraph, document)


def _words(rows: list[list[str]]) -> list[Word]:
    """The syntactic words of one sentence, each with a form that is a slice of the surface text."""
    surface: dict[int, tuple[str, bool]] = {}
    for row in rows:
        if "-" in row[0]:
            first, last = (int(n) for n in row[0].split("-"))
            parts = [r for r in rows if r[0].isdigit() and first <= int(r[0]) <= last]
            offset = 0
            for part in parts:
                is_last = part is parts[-1]
                end = len(row[1]) if is_last else offset + len(part[1])
                surface[int(part[0])] = (row[1][offset:end], is_last and "SpaceAfter=No" not in row[9])
                offset = end
    syntactic = [row for row in rows if row[0].isdigit()]
    index_by_id = {int(row[0]): index for index, row in enumerate(syntactic)}
    words = []
    for index, row in enumerate(syntactic):
        form, space_after = surface.get(int(row[0]), (row[1], "SpaceAfter=No" not in row[9]))
        lemma = row[1] if row[2] == "_" and row[1] != "_" else row[2]
        is_root = row[6] == "0"
        words.append(
            Word(
                form=form or row[1],
                lemma=lemma,
                upos=row[3],
                xpos=row[4],
                feats="" if row[5] == "_" else row[5],
                head=index if is_root else index_by_id[int(row[6])],
                relation="ROOT" if is_root else row[7],
                space_after=space_after,
            )
        )
    return words


def to_doc(vocab: Vocab, sentences: list[Sentence], rng: random.Random) -> Doc:
    """One ``Doc`` with gold annotation from a run of sentences."""
    columns: dict[str, Any] = {k: [] for k in ("words", "spaces", "pos", "tags", "morphs", "lemmas", "heads", "deps")}

    def add(form, space, pos, tag, morph, lemma, head, dep):
        for key, value in zip(columns, (form, space, pos, tag, morph, lemma, head, dep), strict=True):
            columns[key].append(value)

    for position, sentence in enumerate(sentences):
        if position and sentence.starts_paragraph:
            separator = rng.choice(PARAGRAPH_BREAKS)
            columns["spaces"][-1] = separator == " "
            if separator != " ":
                add(separator, False, "SPACE", "_SP", "", separator, len(columns["words"]) - 1, "dep")
        base = len(columns["words"])
        for word in sentence.words:
            add(
                word.form,
                word.space_after,
                word.upos,
                word.xpos,
                word.feats,
                word.lemma,
                base + word.head,
                word.relation,
            )
    columns["spaces"][-1] = False
    return Doc(vocab, **columns)


def pack(vocab: Vocab, sentences: Iterable[Sentence], rng: random.Random, n_words: tuple[int, ...] | None) -> list[Doc]:
    """Gather sentences into documents of at most a drawn number of words, or one document a source document."""
    docs: list[Doc] = []
    current: list[Sentence] = []
    size, limit = 0, rng.choice(n_words) if n_words else None
    for sentence in sentences:
        is_full = size + len(sentence.words) > limit if limit else current and sentence.document != current[0].document
        if current and is_full:
            docs.append(to_doc(vocab, current, rng))
            docs[-1].user_data["document"] = current[0].document
            current, size = [], 0
            limit = rng.choice(n_words) if n_words else None
        current.append(sentence)
        size += len(sentence.words)
    if current:
        docs.append(to_doc(vocab, current, rng))
        docs[-1].user_data["document"] = current[0].document
    return docs


def convert(data: Path, out: Path, vocab: Vocab, seed: int = 1) -> dict[str, int]:
    """Write ``{train,dev,test}-{gum,ewt}.spacy`` and each split's joint file; return word counts."""
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    n_words_by_file: dict[str, int] = {}
    for split in ("train", "dev", "test"):
        joint = DocBin(store_user_data=True)
        for treebank in ("gum", "ewt"):
            sentences = read_conllu(data / f"{treebank}-{split}.conllu.gz")
            docs = pack(vocab, sentences, rng, TRAINING_DOCUMENT_WORDS if split == "train" else None)
            store = DocBin(docs=docs, store_user_data=True)
            store.to_disk(out / f"{split}-{treebank}.spacy")
            joint.merge(store)
            n_words_by_file[f"{split}-{treebank}"] = sum(1 for doc in docs for token in doc if not token.is_space)
        joint.to_disk(out / f"{split}.spacy")
    return n_words_by_file
