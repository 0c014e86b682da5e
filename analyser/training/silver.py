"""Plain text parsed by the teacher, as further training data of the pipeline.

The texts are the training splits of the public sets and the passages and drafts written for this project; no test text
of a treebank is among them. Documents are made like those of the treebanks: runs of 20 to 90 words with line breaks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import srsly
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from analyser.training.pipeline_code import customise_tokenizer
from analyser.training.treebank import PARAGRAPH_BREAKS, TRAINING_DOCUMENT_WORDS
from analyser.training.written_data import ANSWERS

# Words a public set gives at most, so that prose of many kinds is read and no set drowns the others. Captions (snli)
# and short answers are plainer than essays and count less. Set by hand, like all numbers here. Sets for non-commercial
# use (SICK) are left out.
WORDS_BY_SET = {
    "argkp": 90_000, "beetle": 20_000, "scientsbank": 40_000, "saf": 60_000, "digiklausur": 30_000, "stita": 20_000,
    "wice": 150_000, "fm2": 30_000, "snli": 40_000, "mnli": 260_000, "sanli_wiki": 120_000, "stsb_open": 30_000,
    "claim_stance": 10_000, "realsumm": 250_000,
}  # fmt: skip
WORDS_OF_ESSAYS, WORDS_WRITTEN = 200_000, 350_000
# Characters of a text: a shorter one is no sentence, of a longer one the beginning is read. Words of a sentence: a
# longer one is a list, or several that were not cut.
MIN_CHARACTERS, MAX_CHARACTERS = 25, 8000
MAX_SENTENCE_WORDS = 85
# Share of parsed documents, the least certain ones, that is thrown away besides those whose heads form no tree.
DOUBTFUL = 0.1
# How often a gold document is read for each time that a silver one is.
GOLD_COPIES = 3
BATCH = 32
ROOT = "ROOT"


class Parse(NamedTuple):
    """A parser's word on a document: heads (0 is the root, k the k-th word), labels, mean certainty of the heads."""

    heads: list[int]
    tags: list[str]
    morphs: list[str]
    relations: list[str]
    certainty: float


def read_raw_texts(public: Path, written: Sequence[Path], rng: random.Random) -> list[str]:
    """Texts in random order, each once and on one line."""
    found: list[str] = []
    for name, limit in WORDS_BY_SET.items():
        rows = list(srsly.read_gzip_jsonl(public / name / "train.jsonl.gz"))
        rng.shuffle(rows)
        found += _up_to(limit, (row.get(key) or "" for row in rows for key in ("text", "point")))
    essays = (
        row.get("text") or ""
        for path in sorted(public.glob("argrewrite/essays*"))
        for row in srsly.read_gzip_jsonl(path)
    )
    found += _up_to(WORDS_OF_ESSAYS, essays)
    files = (path for folder in written for path in sorted(folder.rglob("*.jsonl")) if path.name != ANSWERS)
    passages = [row["text"] for path in files for row in srsly.read_jsonl(path)]
    passages += [srsly.read_json(path)["text"] for folder in written for path in sorted(folder.rglob("draft-*.json"))]
    rng.shuffle(passages)
    found += _up_to(WORDS_WRITTEN, passages)
    rng.shuffle(found)
    return found


def _up_to(n_words: int, texts: Iterable[str]) -> list[str]:
    kept: dict[str, None] = {}
    size = 0
    for text in texts:
        line = re.sub(r"\s+", " ", text).strip()[:MAX_CHARACTERS]
        if len(line) >= MIN_CHARACTERS and line not in kept and size <= n_words:
            kept[line] = None
            size += len(line.split())
    return list(kept)


def gather(texts: Iterable[str], nlp: Language, rng: random.Random) -> Iterator[str]:
    """Runs of sentences of 20 to 90 words; where a text begins there may be a line break."""
    run, size, limit = "", 0, rng.choice(TRAINING_DOCUMENT_WORDS)
    for doc in nlp.pipe(texts, batch_size=64):
        gap = rng.choice(PARAGRAPH_BREAKS)
        for sentence in doc.sents:
            if not (words := sentence.text.strip()) or len(sentence) > MAX_SENTENCE_WORDS:
                continue
            if run and size + len(sentence) > limit:
                yield run
                run, size, limit = "", 0, rng.choice(TRAINING_DOCUMENT_WORDS)
            run, size, gap = f"{run}{gap if run else ''}{words}", size + len(sentence), " "
    if run:
        yield run


def annotate(texts: Iterable[str], parse: Callable[[Sequence[Doc]], list[Parse]], nlp: Language) -> list[Doc]:
    """Documents with the tags and trees of ``parse`` and lemmas by ``nlp``; doubtful and broken ones are left out."""
    make = customise_tokenizer(nlp.__class__(nlp.vocab)).make_doc
    docs = sorted((make(text) for text in texts), key=len)
    docs = [doc for doc in docs if not doc[0].is_space]
    found: list[tuple[float, Doc]] = []
    for start in range(0, len(docs), BATCH):
        batch = docs[start : start + BATCH]
        for doc, one in zip(batch, parse(batch), strict=True):
            if is_tree(one.heads):
                found.append((one.certainty, with_lemmas(to_doc(doc, one), nlp)))
    found.sort(key=lambda pair: pair[0])
    return [doc for _, doc in found[int(DOUBTFUL * len(found)) :]]


def is_tree(heads: Sequence[int]) -> bool:
    """Whether heads (0 for a root, else the position from 1) form trees that follow one another in the text."""
    roots: list[int] = []
    for word in range(1, len(heads) + 1):
        seen = set()
        while heads[word - 1]:
            if word in seen:
                return False
            seen.add(word)
            word = heads[word - 1]
        if word in roots and word != roots[-1]:
            return False
        roots.append(word)
    return True


def to_doc(doc: Doc, parsed: Parse) -> Doc:
    """The document with the teacher's annotation; whitespace hangs on the word before it, as in the treebanks."""
    heads = [max(0, token.i - 1) for token in doc]
    tags, parts, morphs, relations = (["_SP"] * len(doc), ["SPACE"] * len(doc), [""] * len(doc), ["dep"] * len(doc))
    positions = [token.i for token in doc if not token.is_space]
    for k, i in enumerate(positions):
        heads[i] = positions[parsed.heads[k] - 1] if parsed.heads[k] else i
        tags[i], relations[i] = parsed.tags[k], parsed.relations[k] if parsed.heads[k] else ROOT
        parts[i], _, morphs[i] = parsed.morphs[k].partition("|")
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=tags,
        pos=parts,
        morphs=morphs,
        heads=heads,
        deps=relations,
    )


def with_lemmas(doc: Doc, nlp: Language) -> Doc:
    """Set the lemmas that the pipeline of the first training gives these words with these tags."""
    for name in ("tok2vec", "trainable_lemmatizer", "essay_lemmas"):
        doc = nlp.get_pipe(name)(doc)
    return doc


def write_mixture(gold: Sequence[Doc], silver: Sequence[Doc], path: Path) -> None:
    DocBin(docs=[*list(gold) * GOLD_COPIES, *silver]).to_disk(path)
