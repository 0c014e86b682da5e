"""How much faster the matcher's two stages run than the same written plainly with torch, side by side in one run.

The plain version has the same two architectures and the same tokenizer, encodes all passages of a draft in batches of
32, takes the nearest of each point, and scores the pairs in batches of 32: what the usual tutorials do. It is written
with transformers alone, never with sentence-transformers, so that every machine measures the same. Its weights are
random, since speed does not depend on them. One thread each, and processor time, so that other work on the machine
does not show.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from analyser.alignment.aligner import load_encoders
from analyser.alignment.features import N_CANDIDATES, encode_rubric, nearest_windows, point_texts
from analyser.alignment.windows import find_windows
from analyser.records import ParsedEssay, Rubric
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import Draft

# MiniLM-L6-H384, the architecture of both encoders.
SIZES = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
BATCH = 32
MAX_TOKENS = 128
N_ROUNDS = 3

Match = Callable[[ParsedEssay], Any]


def run_throughput(drafts: Sequence[Draft], folder: Path) -> dict[str, Any] | None:
    """Processor seconds a draft of both, taking turns; None without torch. All drafts are of one rubric."""
    if not (find_spec("torch") and find_spec("transformers")):
        return None
    rubric = drafts[0].rubric
    parsed = [parse_essay(draft.essay, rubric, load_pipeline()) for draft in drafts]
    ours, plain = _ours(rubric, folder), _plain(rubric, folder)
    for match in (ours, plain):
        match(parsed[0])
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(N_ROUNDS):
        for one in parsed:
            for name, match in (("ours", ours), ("plain", plain)):
                started = time.process_time()
                match(one)
                seconds[name].append(time.process_time() - started)
    n_words = sum(one.essay.n_words for one in parsed) / len(parsed)
    found = {name: median(values) for name, values in seconds.items()}
    return {
        "plain_is": "transformers alone",
        "n_drafts": len(parsed),
        "n_words": round(n_words),
        "n_points": len(rubric.points),
        "seconds_ours": found["ours"],
        "seconds_plain": found["plain"],
        "times_faster": found["plain"] / found["ours"],
    }


def _ours(rubric: Rubric, folder: Path) -> Match:
    bi, cross = load_encoders(folder)
    encoded = encode_rubric(rubric, bi)

    def match(parsed: ParsedEssay) -> None:
        nearest = nearest_windows(parsed, encoded, bi)
        cross.score(
            [(nearest.passages[i], encoded.texts[k]) for k, chosen in enumerate(nearest.chosen) for i in chosen]
        )

    return match


def _plain(rubric: Rubric, folder: Path) -> Match:
    import torch

    torch.set_num_threads(1)
    encode, score = _plain_models(folder / "vocab.txt")
    texts = list(point_texts(rubric))
    points = encode(texts)

    def match(parsed: ParsedEssay) -> None:
        passages = [parsed.essay.text[w.start : w.end] for w in find_windows(parsed, max_sentences=2)]
        nearest = (points @ encode(passages).T).topk(min(N_CANDIDATES, len(passages))).indices.tolist()
        score([(passages[i], text) for text, indices in zip(texts, nearest, strict=True) for i in indices])

    return match


def _plain_models(vocabulary: Path) -> tuple[Callable[[list[str]], Any], Callable[[list], Any]]:
    """An encoder of texts and a scorer of pairs with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    tokenizer = BertTokenizerFast(vocab_file=str(vocabulary))
    config = BertConfig(vocab_size=len(vocabulary.read_text(encoding="utf8").splitlines()), num_labels=4, **SIZES)
    body, classifier = BertModel(config).eval(), BertForSequenceClassification(config).eval()

    def tokenized(*columns: list[str]) -> Any:
        return tokenizer(*columns, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")

    @torch.inference_mode()
    def encode(texts: list[str]) -> Any:
        found = []
        for start in range(0, len(texts), BATCH):
            batch = tokenized(texts[start : start + BATCH])
            states = body(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1).float()
            found.append(torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1))
        return torch.cat(found)

    @torch.inference_mode()
    def score(pairs: list) -> Any:
        logits = []
        for start in range(0, len(pairs), BATCH):
            first, second = zip(*pairs[start : start + BATCH], strict=True)
            logits.append(classifier(**tokenized(list(first), list(second))).logits.softmax(1))
        return torch.cat(logits)

    return encode, score
