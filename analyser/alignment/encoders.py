"""The two ONNX encoders: a bi-encoder for candidates, a cross-encoder that reads passage and point together.

Each text or pair is run alone: with dynamically quantised weights a batch shares one activation scale, so a neighbour
would move a score; alone, the same words always give the same numbers. Several are run at once, one to a core.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from analyser.alignment.wordpiece import WordPiece
from analyser.errors import TrainedModelError

# Word pieces a passage and a pair may have; longer ones are cut. Three sentences of student prose have about 75.
MAX_PASSAGE_TOKENS = 96
MAX_PAIR_TOKENS = 128
# Texts whose encodings are kept (about 60 kB each): a long draft's sentences.
N_KEPT = 128
# Texts run at once at most, however many cores there are: a laptop has other work to do.
MAX_THREADS = 4

Read = TypeVar("Read")
Given = TypeVar("Given")


def _session(path: Path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exception classes are not public
        message = f"the weights cannot be loaded ({str(error).splitlines()[0][:120]})"
        raise TrainedModelError("E401", message, where=str(path), hint="Install essay-analyser again.") from None


def n_threads() -> int:
    """Texts run at once: one to a core, or what OMP_NUM_THREADS allows, as a process that marks beside others sets."""
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    return min(MAX_THREADS, int(allowed) if allowed.isdecimal() and int(allowed) else os.cpu_count() or 1)


@lru_cache(maxsize=1)
def _threads(n: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n, thread_name_prefix="encoder")


def _each(function: Callable[[Given], Read], given: Iterable[Given]) -> list[Read]:
    """The results in order. The encoders leave Python's lock while they compute, so threads are enough."""
    n = n_threads()
    return list(map(function, given) if n == 1 else _threads(n).map(function, given))


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text's unit vector (384,), its word pieces' unit vectors (n, 384) and how much each piece weighs (n,)."""

    vector: np.ndarray
    pieces: np.ndarray
    weights: np.ndarray


class BiEncoder:
    """Reads texts one by one, each without knowing of the others."""

    def __init__(self, path: Path, tokenizer: WordPiece):
        self._session = _session(path)
        self._tokenizer = tokenizer

        # Passages are read for the points and, where they are sentences, for the evidence too.
        self.read = lru_cache(maxsize=N_KEPT)(self._read)

    def _read(self, text: str) -> EncodedText:
        ids = np.array([self._tokenizer.single(text, MAX_PASSAGE_TOKENS)], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        vector, pieces, weights = self._session.run(["vector", "pieces", "weights"], feed)
        # Without [CLS] and [SEP], which stand for no word.
        return EncodedText(vector[0], pieces[0, 1:-1], weights[0, 1:-1])

    def read_all(self, texts: Iterable[str]) -> list[EncodedText]:
        return _each(self.read, texts)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of shape (n_texts, 384)."""
        return np.array([text.vector for text in self.read_all(texts)], dtype=np.float32).reshape(len(texts), -1)


def centred(texts: list[EncodedText]) -> np.ndarray:
    """Unit vectors of shape (n_texts, 384), what the texts have in common taken off."""
    vectors = np.array([text.vector for text in texts])
    vectors = vectors - vectors.mean(0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(norms > 0, norms, 1)


def late_interaction(points: list[EncodedText], passages: list[EncodedText]) -> np.ndarray:
    """Likeness word by word, -1 to 1, of shape (n_points, n_passages).

    The weighted mean, over the word pieces of a point, of the likest piece in the passage (Khattab and Zaharia 2020,
    ColBERT; here the weights are learned).
    """
    filled = [i for i, passage in enumerate(passages) if len(passage.pieces)]
    likeness = np.full((len(points), len(passages)), -1.0)
    if not filled:
        return likeness
    all_pieces = np.concatenate([passages[i].pieces for i in filled])
    starts = np.cumsum([0, *(len(passages[i].pieces) for i in filled[:-1])])
    for row, point in enumerate(points):
        if len(point.pieces):
            likest = np.maximum.reduceat(point.pieces @ all_pieces.T, starts, axis=1)
            likeness[row, filled] = point.weights @ likest / max(float(point.weights.sum()), 1e-6)
    return likeness


class CrossEncoder:
    """(passage, point) pairs -> probabilities of covered, partial, contradicted, missing: shape (n_pairs, 4)."""

    def __init__(self, path: Path, tokenizer: WordPiece):
        self._session = _session(path)
        self._tokenizer = tokenizer

    def score(self, pairs: list[tuple[str, str]]) -> np.ndarray:
        return np.array(_each(self._score, pairs), dtype=np.float64).reshape(len(pairs), -1)

    def _score(self, pair: tuple[str, str]) -> np.ndarray:
        ids, segments = self._tokenizer.pair(*pair, MAX_PAIR_TOKENS)
        input_ids = np.array([ids], dtype=np.int64)
        feed = {
            "input_ids": input_ids,
            "attention_mask": np.ones_like(input_ids),
            "token_type_ids": np.array([segments], dtype=np.int64),
        }
        logits = self._session.run(None, feed)[0][0].astype(np.float64)
        exponent = np.exp(logits - logits.max())
        return exponent / exponent.sum()
