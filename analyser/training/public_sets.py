"""The matcher's encoders and the easy methods on the dev splits of public sets, by the measures of the sets' papers.

What a method says of a pair becomes a probability through a logistic regression fitted on a sample of the set's
training split, for every method alike; the encoders' weights stay as they are (they saw the training splits).
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analyser.alignment.encoders import BiEncoder, CrossEncoder, late_interaction
from analyser.training.baselines import Scorer, bm25, cosine, keywords, tf_idf
from analyser.training.measures import Figures, class_figures, key_point_figures, pyramid_figures

MATCHER = "matcher"
SETS = ("scientsbank", "beetle", "realsumm", "argkp")
# Training pairs that a method's probabilities are fitted on.
N_FITTED = 1500
SEED = 7
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
MIN_SENTENCE_WORDS = 3
# Sentences of a text, the nearest ones, that the cross-encoder reads.
N_READ = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """``group`` is what belongs together (a question; a topic and stance; a document)."""

    text: str
    point: str
    label: str
    group: str
    meta: Mapping[str, Any]


# Pairs -> what each method says of them: (n, k) numbers by its name.
Features = Callable[[Sequence[Pair]], dict[str, np.ndarray]]


def run_public(data: Path, bi: BiEncoder, cross: CrossEncoder, limit: int | None = None) -> dict[str, Any]:
    """Figures by set and method; ``limit`` is about the number of pairs read, for a quick look (None: all)."""
    features = _features(bi, cross)
    out: dict[str, Any] = {}
    for name in SETS:
        train, dev = read_pairs(data / name / "train.jsonl.gz"), read_pairs(data / name / "dev.jsonl.gz", limit)
        if name == "argkp":
            dev = all_key_points(dev)
        sample = random.Random(SEED).sample(train, min(limit or N_FITTED, len(train)))
        fitted, asked = features(sample), features(dev)
        out[name] = {}
        for method, values in fitted.items():
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
            model.fit(values, [_class(pair) for pair in sample])
            out[name][method] = _figures(name, dev, model.predict_proba(asked[method]), list(model.classes_))
    return out


def _class(pair: Pair) -> str:
    """SemEval-2013's three classes; present or not for the others."""
    return pair.meta.get("orig_3way", pair.label)


def _figures(name: str, dev: Sequence[Pair], probabilities: np.ndarray, classes: list[str]) -> Figures:
    if name in ("scientsbank", "beetle"):
        found = [classes[index] for index in probabilities.argmax(1)]
        return class_figures([_class(pair) for pair in dev], found)
    covered = probabilities[:, classes.index("covered")]
    if name == "realsumm":
        human = [float(pair.label == "covered") for pair in dev]
        return pyramid_figures([p.meta["doc"] for p in dev], [p.meta["system"] for p in dev], human, covered.tolist())
    matches = [None if pair.label == "" else pair.label == "covered" for pair in dev]
    return key_point_figures([pair.group for pair in dev], [pair.text for pair in dev], matches, covered)


def read_pairs(path: Path, limit: int | None = None) -> list[Pair]:
    """The pairs of a file; with ``limit`` about that many, in whole groups."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    pairs = [Pair(r["text"], r["point"], r["label"], _group(r), r["meta"]) for r in rows if r["text"] and r["point"]]
    if limit is None:
        return pairs
    kept: list[Pair] = []
    by_group: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.group].append(pair)
    for group in by_group.values():
        if len(kept) >= limit:
            break
        kept += group
    return kept


def all_key_points(pairs: Sequence[Pair]) -> list[Pair]:
    """Every argument with every key point of its topic and stance; pairs that are not in the set have no label."""
    label_by_pair = {(p.text, p.point): p.label for p in pairs}
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    points: dict[str, dict[str, None]] = defaultdict(dict)
    for pair in pairs:
        texts[pair.group][pair.text] = None
        points[pair.group][pair.point] = None
    return [
        Pair(text, point, label_by_pair.get((text, point), ""), group, {})
        for group in texts
        for text in texts[group]
        for point in points[group]
    ]


def _group(row: Mapping[str, Any]) -> str:
    meta = row["meta"]
    if "stance" in meta:
        return f"{row['question']} {meta['stance']}"
    return str(meta.get("qid") or meta.get("doc") or row["question"])


def _features(bi: BiEncoder, cross: CrossEncoder) -> Features:
    easy: dict[str, Scorer] = {"TF-IDF": tf_idf, "BM25": bm25, "plain cosine": cosine(bi), "keyword rules": keywords}

    def features(pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
        texts, points = list(dict.fromkeys(p.text for p in pairs)), list(dict.fromkeys(p.point for p in pairs))
        text_index, point_index = ({t: i for i, t in enumerate(all_)} for all_ in (texts, points))
        rows, columns = [point_index[p.point] for p in pairs], [text_index[p.text] for p in pairs]
        found = {method: scorer(points, texts)[rows, columns][:, None] for method, scorer in easy.items()}
        return {MATCHER: np.column_stack([_read(pairs, bi, cross), found["keyword rules"]]), **found}

    return features


def _read(pairs: Sequence[Pair], bi: BiEncoder, cross: CrossEncoder) -> np.ndarray:
    """Each pair as the tool reads a draft, sentence by sentence: shape (n, 8).

    The cross-encoder's four log-probabilities for the sentence that best shows the point and its highest "there", and
    the highest cosine, late interaction and shared words of any sentence. Texts have their sentences read one by one.
    """
    sentences = {pair.text: _sentences(pair.text) for pair in pairs}
    encoded = {
        text: bi.read(text) for text in {s for all_ in sentences.values() for s in all_} | {p.point for p in pairs}
    }
    rows = []
    for pair in pairs:
        own, point = sentences[pair.text], encoded[pair.point]
        by_word = late_interaction([point], [encoded[sentence] for sentence in own])[0]
        cosines = np.array([encoded[sentence].vector @ point.vector for sentence in own])
        shared = keywords([pair.point], own)[0]
        nearest = np.argsort(-(by_word + shared), kind="stable")[:N_READ]
        read = np.log(cross.score([(own[i], pair.point) for i in nearest]) + 1e-6)
        best = read[np.argmax(read[:, 0])]
        rows.append((*best, np.logaddexp(read[:, 0], read[:, 1]).max(), cosines.max(), by_word.max(), shared.max()))
    return np.array(rows)


def _sentences(text: str) -> list[str]:
    """The sentences of a text; the sets' full stops stand apart or close. Very short ones stay with the one before."""
    found: list[str] = []
    for part in SENTENCE_END.split(text.strip()):
        if found and len(part.split()) < MIN_SENTENCE_WORDS:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found
