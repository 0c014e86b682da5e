"""Train, assemble and measure the spaCy pipeline ``models/en_essay``.

    python -m analyser.training.pipeline --data DIR --base MINILM --written models/matcher/data --out models/en_essay

``DIR`` holds the public sets, and in ``ud`` the treebanks ``{gum,ewt}-{train,dev,test}.conllu.gz``. The steps: convert
these to spaCy documents; train on them with ``train.cfg`` of the model's folder; teach a large parser, started from
``MINILM``, the same; let it parse the plain text of the public sets and of ``--written``; go on training with both by
``continue.cfg``; assemble (tokenizer rules, lemma check, nothing that only training needs); score on the test splits;
write ``metrics.json`` and the card. ``--trained`` takes the training's result from a folder instead; ``--evaluate``
only scores what is in ``--out``.
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
from functools import partial
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.lookups import load_lookups
from spacy.tokens import Doc, DocBin

from analyser.text.lemmas import COMPONENT, EssayLemmas
from analyser.text.parsing import load_folder
from analyser.training import treebank
from analyser.training.pipeline_card import write_card
from analyser.training.pipeline_code import customise_tokenizer
from analyser.training.pipeline_scores import NOISE_LEVELS, measure_speed, score_pipeline

NAME, VERSION = "essay", "0.3.0"
CONFIG, CONTINUED = "train.cfg", "continue.cfg"
METRICS = "metrics.json"
SILVER_SEED = 3
TREEBANKS = ("gum", "ewt")
LEMMA_TABLES = ("lemma_index", "lemma_exc", "lemma_rules")
DESCRIPTION = (
    "English tagger, morphologizer, lemmatizer and dependency parser for student essays, trained on UD English-EWT, on "
    "the openly licensed genres of UD English-GUM and on plain text parsed by a larger model, with student noise"
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
        "name": "Plain text of the public sets of analyser/training/silver.py, parsed by a model started from "
        "all-MiniLM-L6-v2",
        "url": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        "license": "each set's own (LICENSE); Apache-2.0 (all-MiniLM-L6-v2)",
        "author": "named in LICENSE",
    },
    {
        "name": "WordNet 3.0 lemma tables and normal forms from spacy-lookups-data 1.0.5",
        "url": "https://github.com/explosion/spacy-lookups-data",
        "license": "WordNet licence (tables), MIT (package)",
        "author": "Princeton University; ExplosionAI GmbH",
    },
]


def train(treebanks: Path, config: Path, work: Path) -> Path:
    """Convert the treebanks and train; returns the folder of the best checkpoint on the development split."""
    corpora = work / "corpora"
    treebank.convert(treebanks, corpora, spacy.blank("en").vocab)
    return _spacy_train(config, work / "trained", corpora / "train.spacy", corpora / "dev.spacy")


def go_on(first: Path, data: Path, written: list[Path], base: Path, config: Path, work: Path) -> Path:
    """Train further on the treebanks and on plain text that a larger parser has parsed; returns the best checkpoint.

    Only the lemmatizer starts anew: spaCy 3.8 does not restore which label each edit tree of a saved one has
    (``tree2label``), so that it would learn to change nothing.
    """
    # Only this step needs torch.
    from analyser.training import parse_teacher, silver

    corpora = work / "corpora"
    nlp = assemble(first)
    gold = list(DocBin().from_disk(corpora / "train.spacy").get_docs(nlp.vocab))
    teacher, tokenizer = parse_teacher.train_teacher(gold, base)
    rng = random.Random(SILVER_SEED)
    runs = list(silver.gather(silver.read_raw_texts(data, written, rng), nlp, rng))
    parsed = silver.annotate(runs, partial(parse_teacher.parse, teacher, tokenizer), nlp)
    print(f"{sum(map(len, parsed)):,} words in {len(parsed):,} documents parsed by the teacher", flush=True)
    silver.write_mixture(gold, parsed, corpora / "mixed.spacy")
    return _spacy_train(
        config, work / "continued", corpora / "mixed.spacy", corpora / "dev.spacy", "--paths.first", str(first)
    )


def _spacy_train(config: Path, out: Path, train: Path, dev: Path, *more: str) -> Path:
    command = [sys.executable, "-m", "spacy", "train", str(config), "--output", str(out)]
    command += ["--code", str(Path(__file__).with_name("pipeline_code.py"))]
    command += ["--paths.train", str(train), "--paths.dev", str(dev), *more]
    subprocess.run(command, check=True)
    return out / "model-best"


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
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets, the treebanks in ud/")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder, with its training configs in it")
    parser.add_argument("--base", type=Path, help="all-MiniLM-L6-v2 in transformers format, for the teacher")
    parser.add_argument("--written", type=Path, nargs="*", default=[], help="folders of passages and drafts")
    parser.add_argument("--trained", type=Path, help="assemble this result of spacy train instead of training")
    parser.add_argument("--evaluate", action="store_true", help="only score the pipeline in --out")
    options = parser.parse_args(arguments)
    if not options.evaluate:
        if not (options.trained or options.base):
            parser.error("--base is needed to train; give --trained to assemble what was trained before")
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            trained = options.trained
            if trained is None:
                first = train(options.data / "ud", options.out / CONFIG, work)
                trained = go_on(first, options.data, options.written, options.base, options.out / CONTINUED, work)
            save(assemble(trained), options.out)
    metrics = evaluate(options.out, options.data / "ud")
    (options.out / METRICS).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf8")
    write_card(metrics, options.out)
    print(json.dumps({noise: {t: metrics["scores"][noise][t] for t in TREEBANKS} for noise in NOISE_LEVELS}, indent=1))


if __name__ == "__main__":
    main()
