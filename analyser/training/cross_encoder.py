"""Train the matcher's cross-encoder: (passage, rubric point) -> covered, partial, contradicted, missing.

Three stages. ``pretrain`` starts from all-MiniLM-L6-v2 and reads public pairs labelled by people (language inference,
key-point matching, content-unit presence, short-answer grading). ``finetune`` goes on with passages and drafts written
for comparison essays. ``answers`` adds the other things it is asked: whether a sentence answers the question, whether
it sets a criterion, and whether it brings in a piece of evidence. Needs the ``train`` extra (torch, transformers);
nothing at run time imports this module.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, BertModel

from analyser.training.answer_data import answer_pairs, read_marked
from analyser.training.averaging import averaged
from analyser.training.evidence_data import evidence_pairs, read_cited, read_described
from analyser.training.written_data import (
    draft_pairs,
    passage_pairs,
    read_drafts,
    read_questions,
)

LABELS = ("covered", "partial", "contradicted", "missing")
MAX_TOKENS = 112
BATCH = 32
# Public pairs a set gives to pre-training (None: all of its training split). Sets whose licence forbids commercial use
# (SICK) are left out; the large key-point and content-unit sets are cut so that no task drowns the others.
PUBLIC_SETS: dict[str, int | None] = {
    "mnli": None, "snli": None, "cad_nli": None, "sanli_wiki": 9000, "med": 2000, "breaking_nli": 1500, "fm2": None,
    "argkp": 9000, "realsumm": 9000, "scientsbank": None, "beetle": None, "saf": None,
}  # fmt: skip

Pair = tuple[str, str, int]


def read_jsonl(path: Path) -> Iterable[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def public_pairs(data: Path, rng: random.Random) -> list[Pair]:
    """The pre-training mix: (passage, point, label index)."""
    pairs: list[Pair] = []
    for name, limit in PUBLIC_SETS.items():
        rows = [r for r in read_jsonl(data / name / "train.jsonl.gz") if r.get("text") and r.get("point")]
        rows = [r for r in rows if r["label"] in LABELS]
        rng.shuffle(rows)
        if name == "argkp" and limit is not None:  # four in five of its pairs do not match
            matches = [r for r in rows if r["label"] == "covered"]
            rows = matches[: limit // 2] + [r for r in rows if r["label"] != "covered"][: limit - limit // 2]
        pairs += [(r["text"], r["point"], LABELS.index(r["label"])) for r in rows[:limit]]
    return pairs


class CrossEncoder(nn.Module):
    """A BERT body, mean pooling over the tokens of the pair, and a linear layer of four logits."""

    def __init__(self, body: BertModel, n_labels: int = len(LABELS)):
        super().__init__()
        self.body = body
        self.head = nn.Linear(body.config.hidden_size, n_labels)

    def forward(self, input_ids, attention_mask, token_type_ids):
        states = self.body(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return self.head((states * mask).sum(1) / mask.sum(1))


def load(folder: Path, **options) -> CrossEncoder:
    """A model saved by ``save``, or a fresh head on a plain BERT folder; ``options`` go to transformers."""
    model = CrossEncoder(BertModel.from_pretrained(folder, add_pooling_layer=False, **options))
    if (head := folder / "head.pt").exists():
        model.head.load_state_dict(torch.load(head, weights_only=True))
    return model


def save(model: CrossEncoder, folder: Path, tokenizer) -> None:
    model.body.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    torch.save(model.head.state_dict(), folder / "head.pt")


def batches(pairs: list[Pair], size: int, rng: random.Random) -> list[list[Pair]]:
    """Batches of pairs of similar length (less padding), in random order."""
    keyed = sorted(pairs, key=lambda p: len(p[0]) + len(p[1]) + rng.gauss(0, 25))
    cut = [keyed[i : i + size] for i in range(0, len(keyed), size)]
    rng.shuffle(cut)
    return cut


def train(
    draw: Callable[[], list[Pair]], init: list[str], out: Path, *, minutes: float, epochs: float, rate: float, seed: int
) -> None:
    """Fit until ``epochs`` passes or ``minutes`` of wall clock are over, whichever comes first; write ``out``.

    ``init`` names folders in transformers format, whose weights are averaged; ``draw`` gives the pairs of one epoch, so
    that augmentation is drawn anew each time.
    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(init[0].partition("=")[0])
    model = averaged(load, init).train()
    # What the words mean stays as pre-trained: the questions to come have other words than these. A quarter faster too.
    model.body.embeddings.requires_grad_(False)
    head, body = list(model.head.parameters()), [p for p in model.body.parameters() if p.requires_grad]
    groups = [{"params": body, "base": rate}, {"params": head, "base": rate * 10}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    pairs = draw()
    n_total = int(np.ceil(len(pairs) / BATCH) * epochs)
    started, n_steps, losses = time.monotonic(), 0, []
    is_over = False
    while not is_over:
        for batch in batches(pairs, BATCH, rng):
            done = max((time.monotonic() - started) / 60 / minutes, n_steps / n_total)
            if is_over := done >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1.0, (n_steps + 1) / 100) * (1 - done)
            texts, points, labels = zip(*batch, strict=True)
            encoded = tokenizer(
                list(texts), list(points), truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt"
            )
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**encoded)
            loss = functional.cross_entropy(logits.float(), torch.tensor(labels), label_smoothing=0.05)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            n_steps += 1
            losses.append(loss.item())
            if n_steps % 100 == 0:
                spent = time.monotonic() - started
                print(f"{spent / 60:.1f} min, step {n_steps}/{n_total}, loss {np.mean(losses[-100:]):.4f}", flush=True)
        pairs = draw()
    out.mkdir(parents=True, exist_ok=True)
    save(model.eval(), out, tokenizer)
    print(f"saved {out} after {n_steps} steps", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["pretrain", "finetune", "answers"])
    parser.add_argument("--public", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--written", type=Path, nargs="*", default=[], help="folders of passages and drafts (finetune)")
    parser.add_argument("--held-out", nargs="*", default=[], help="slugs of questions to leave out (finetune)")
    parser.add_argument("--points-only", nargs="*", default=[], help="learn only the points of these (answers)")
    parser.add_argument("--candidates", type=Path, help="folder with the bi-encoder that chooses passages (finetune)")
    parser.add_argument("--n-public", type=int, default=6000, help="public pairs rehearsed in each epoch (finetune)")
    parser.add_argument("--n-points", type=int, default=16000, help="pairs of points rehearsed in each epoch (answers)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--init", nargs="+", required=True, metavar="FOLDER[=SHARE]", help="to start from: one, or the mean of several"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    public = public_pairs(args.public, rng)
    questions = [q for q in read_questions(args.written) if q.slug not in args.held_out]
    kept = [d for d in read_drafts(args.written) if d.rubric.id not in args.held_out]
    in_drafts = draft_pairs(kept, args.candidates) if kept else []
    asked = [d for d in kept if d.rubric.id not in args.points_only] if args.stage == "answers" else []
    marked, cited = read_marked(asked), read_cited(asked)
    asked_of = {d.rubric.id for d in asked}
    described = read_described([q for q in questions if q.slug in asked_of], args.written)

    def draw() -> list[Pair]:
        if args.stage == "pretrain":
            return public
        in_passages = [pair for question in questions for pair in passage_pairs(question, rng)]
        pairs = in_passages + in_drafts
        print(f"{len(in_passages)} pairs of passages, {len(in_drafts)} of drafts, {args.n_public} public", flush=True)
        if args.stage == "answers":
            answers = [pair for draft in marked for pair in answer_pairs(draft, rng)]
            evidence = list(evidence_pairs(described, cited, rng))
            print(f"{len(answers)} of answers and standards, {len(evidence)} of evidence", flush=True)
            pairs = answers + evidence + rng.sample(pairs, args.n_points)
        return pairs + rng.sample(public, args.n_public)

    train(draw, args.init, args.out, minutes=args.minutes, epochs=args.epochs, rate=args.rate, seed=args.seed)


if __name__ == "__main__":
    main()
