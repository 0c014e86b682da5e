"""Train, assemble and measure the spaCy pipeline ``models/en_essay``.

    python -m analyser.training.pipeline --data DIR --out models/en_essay

``DIR`` holds the treebanks ``{gum,ewt}-{train,dev,test}.conllu.gz``. The steps: convert them to spaCy documents, train
with ``train.cfg`` of the model's folder, assemble (tokenizer rules, lemma check, nothing that only training needs),
score on the test splits, and write ``metrics.json`` and the card. ``--trained`` takes the training's result from a
folder instead; ``--evaluate`` only scores what is in ``--out``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.lookups import load_lookups
from spacy.tokens import Doc

from analyser.text.lemmas import COMPONENT, EssayLemmas
from analyser.text.parsing import load_folder
from analyser.training import treebank
from analyser.training.pipeline_card import write_card
from analyser.training.pipeline_code import customise_tokenizer
from analyser.training.pipeline_scores import NOISE_LEVELS, measure_speed, score_pipeline

NAME, VERSION = "essay", "0.1.0"
CONFIG = "train.cfg"
METRICS = "metrics.json"
TREEBANKS = ("gum", "ewt")
LEMMA_TABLES = ("lemma_index", "lemma_exc", "lemma_rules")
DESCRIPTION = (
    "English tagger, morphologizer, lemmatizer and dependency parser for student essays, trained on UD English-EWT and "
    "the openly licensed genres of UD English-GUM with student noise"
)
SOURCES = [
    {
        "name": "UD English-EWT r2.16 (commit 15d613d8447b3478787d4c278730a1e48a945efb)",
        "url": "https://github.com/UniversalDependencies/UD_English-EWT",
        "license": "CC BY-SA 4.0",
        "author": "Natalia Silveira, Timothy Dozat, Christopher Manning, Sebastian Schuster, Ethan Chi, John Bauer, "
        "Miriam Connor, Marie-Catherine de Marneffe, Nathan Schneider, Sam Bowman, Hanzhi Zhu, Daniel Galbraith",
    },
    {
        "name": "UD English-GUM r2.16 (commit afb41ee9bca57991125814fa04d96a0e61470c8b), without the genres essay, "
        "letter, podcast, fiction, whow and reddit",
        "url": "https://github.com/UniversalDependencies/UD_English-GUM",
        "license": "annotations CC BY 4.0; texts CC BY, CC BY-SA or public domain",
        "author": "Amir Zeldes and the GUM team",
    },
    {
        "name": "WordNet 3.0 lemma tables and normal forms from spacy-lookups-data 1.0.5",
        "url": "https://github.com/explosion/spacy-lookups-data",
        "license": "WordNet licence (tables), MIT (package)",
        "author": "Princeton University; ExplosionAI GmbH",
    },
]


def train(data: Path, config: Path, work: Path) -> Path:
    """Convert the treebanks and train; returns the folder of the best checkpoint on the development split."""
    corpora = work / "corpora"
    treebank.convert(data, corpora, spacy.blank("en").vocab)
    command = [sys.executable, "-m", "spacy", "train", str(config), "--output", str(work / "trained")]
    command += ["--code", str(Path(__file__).with_name("pipeline_code.py"))]
    command += ["--paths.train", str(corpora / "train.spacy"), "--paths.dev", str(corpora / "dev.spacy")]
    subprocess.run(command, check=True)
    return work / "trained" / "model-best"


def assemble(trained: Path) -> Language:
    """The pipeline to ship: with tokenizer rules and lemma check, without what only training needs."""
    nlp = customise_tokenizer(spacy.load(trained))
    lemmas = nlp.add_pipe(COMPONENT, after="trainable_lemmatizer")
    assert isinstance(lemmas, EssayLemmas)
    tables = load_lookups("en", list(LEMMA_TABLES))
    lemmas.set_tables(*(tables.get_table(name) for name in LEMMA_TABLES))
    nlp.config["initialize"] = {"vectors": None, "init_tok2vec": None, "before_init": None, "lookups": None}
    nlp.config["corpora"] = {}
    nlp.config["paths"] = {}
    nlp.config["training"] = {}
    nlp.meta.update(
        {
            "name": NAME,
            "version": VERSION,
            "description": DESCRIPTION,
            "author": "The essay-analyser authors",
            "license": "CC BY-SA 4.0",
            "sources": SOURCES,
        }
    )
    return nlp


def _needed_strings(nlp: Language) -> list[str]:
    """The strings that the saved components refer to by number; those of the training texts are dropped."""
    needed: set[str] = set()
    for name in ("tagger", "morphologizer", "parser"):
        pipe: Any = nlp.get_pipe(name)
        needed |= set(pipe.labels)
    lemmatizer: Any = nlp.get_pipe("trainable_lemmatizer")
    for tree in srsly.msgpack_loads(lemmatizer.trees.to_bytes())["trees"]:
        needed |= {nlp.vocab.strings[tree[part]] for part in ("orig", "subst") if part in tree}
    return sorted(needed)


def save(nlp: Language, out: Path) -> None:
    """Write the pipeline into its folder; the training config and the texts of the card stay."""
    for old in out.iterdir() if out.is_dir() else ():
        if old.is_dir():
            shutil.rmtree(old)
    nlp.to_disk(out)
    srsly.write_json(out / "vocab" / "strings.json", _needed_strings(nlp))


def load_test_docs(data: Path, nlp: Language) -> list[Doc]:
    """The test splits as one document a source document."""
    rng = random.Random(1)
    docs: list[Doc] = []
    for name in TREEBANKS:
        docs += treebank.pack(nlp.vocab, treebank.read_conllu(data / f"{name}-test.conllu.gz"), rng, None)
    return docs


def evaluate(out: Path, data: Path) -> dict[str, Any]:
    """All figures of a saved pipeline: scores by noise level and group, relations, speed, size and loading time."""
    start = time.process_time()
    nlp = load_folder(out)
    load_seconds = time.process_time() - start
    docs = load_test_docs(data, nlp)
    metrics: dict[str, Any] = {"name": f"en_{nlp.meta['name']}", "version": nlp.meta["version"], "scores": {}}
    for noise in NOISE_LEVELS:
        counts = score_pipeline(nlp, docs, noise)
        metrics["scores"][noise] = {group: {"n_words": c.n_gold, **c.row()} for group, c in sorted(counts.items())}
        if noise == "clean":
            metrics["relations"] = {group: counts[group].relation_row() for group in TREEBANKS}
    metrics |= measure_speed(nlp, [doc.text for doc in docs if len(doc) > 500])
    metrics["load_seconds"] = round(load_seconds, 2)
    metrics["size_mb"] = round(sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) / 1e6, 1)
    return metrics


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the treebanks")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder, with train.cfg in it")
    parser.add_argument("--trained", type=Path, help="assemble this result of spacy train instead of training")
    parser.add_argument("--evaluate", action="store_true", help="only score the pipeline in --out")
    options = parser.parse_args(arguments)
    if not options.evaluate:
        with tempfile.TemporaryDirectory() as work:
            trained = options.trained or train(options.data, options.out / CONFIG, Path(work))
            save(assemble(trained), options.out)
    metrics = evaluate(options.out, options.data)
    (options.out / METRICS).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf8")
    write_card(metrics, options.out)
    print(json.dumps({noise: {t: metrics["scores"][noise][t] for t in TREEBANKS} for noise in NOISE_LEVELS}, indent=1))


if __name__ == "__main__":
    main()
