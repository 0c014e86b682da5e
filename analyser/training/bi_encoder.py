"""Train the matcher's bi-encoder: passages near the points they make, far from the points they do not.

Nearness is measured twice: by one vector a text, and word by word (late interaction: each word piece of the point looks
for its likest one in the passage; Khattab and Zaharia 2020, ColBERT), with learned weights of the point's word pieces.

All points of a question against a batch of its passages: binary cross-entropy over the whole matrix and a softmax over
the points of each passage that makes one. Needs the ``train`` extra; nothing at run time imports this module.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, BertModel

from analyser.alignment.windows import find_windows
from analyser.text.parsing import parse_essay
from analyser.training.cross_encoder import read_jsonl
from analyser.training.written_data import Draft, point_text, read_drafts, read_questions

MAX_TOKENS = 96
TARGET_BY_LABEL = {"covered": 1.0, "partial": 0.5, "contradicted": 0.0, "missing": 0.0}


@dataclass(frozen=True, slots=True)
class Group:
    """Points and texts of one question; ``targets`` and ``weights`` have shape (n_texts, n_points)."""

    source: str
    points: list[str]
    texts: list[str]
    targets: np.ndarray
    weights: np.ndarray


def passage_groups(folders: list[Path], held_out: set[str]) -> list[Group]:
    """One group a question; a passage counts fully for its own point, and half as a negative for the others."""
    groups = []
    for question in read_questions(folders):
        if question.slug in held_out:
            continue
        ids = list(question.statement_by_point)
        targets = np.zeros((len(question.passages), len(ids)), dtype=np.float32)
        weights = np.full_like(targets, 0.5)
        for row, passage in enumerate(question.passages):
            column = ids.index(passage.point)
            targets[row, column] = TARGET_BY_LABEL[passage.label]
            weights[row] = 0.1 if passage.kind in ("other_point", "long", "same_topic") else 0.5
            weights[row, column] = 2.0
            for other in passage.also:
                if other in ids:
                    targets[row, ids.index(other)], weights[row, ids.index(other)] = 1.0, 1.0
        points = [point_text(question.sides, i, question.statement_by_point[i]) for i in ids]
        groups.append(Group("passages", points, [p.text for p in question.passages], targets, weights))
    return groups


def draft_group(draft: Draft) -> Group:
    """A draft's windows; a window holding a label's words is positive, windows of absent points are negative."""
    parsed = parse_essay(draft.essay, draft.rubric)
    windows, text = find_windows(parsed), draft.essay.text
    sides = (draft.rubric.sides[0].name, draft.rubric.sides[1].name)
    targets = np.zeros((len(windows), len(draft.rubric.points)), dtype=np.float32)
    weights = np.ones_like(targets)
    for column, point in enumerate(draft.rubric.points):
        label, quote = draft.labels.get(point.id, ("missing", ""))
        start = text.find(quote) if quote else -1
        if start < 0:
            continue
        # Elsewhere in the draft the same point may be made again: a weaker negative.
        weights[:, column] = 0.3 if label == "covered" else 0.7
        for row, window in enumerate(windows):
            overlap = min(window.end, start + len(quote)) - max(window.start, start)
            if overlap > 0:
                is_held = overlap > 0.85 * len(quote)
                targets[row, column] = TARGET_BY_LABEL[label] if is_held else 0.0
                weights[row, column] = 1.0 if is_held else 0.0
    points = [point_text(sides, p.id, p.statement, p.kind) for p in draft.rubric.points]
    return Group("drafts", points, [text[w.start : w.end] for w in windows], targets, weights)


def public_groups(data: Path) -> list[Group]:
    """Key points of debates (ArgKP) and content units of summaries (REALSumm)."""
    rows_by_key: dict[tuple, list[dict]] = defaultdict(list)
    for row in read_jsonl(data / "argkp" / "train.jsonl.gz"):
        rows_by_key["argkp", row["question"], row["meta"]["stance"]].append(row)
    for row in read_jsonl(data / "realsumm" / "train.jsonl.gz"):
        rows_by_key["realsumm", row["id"].split("-")[1]].append(row)
    groups = []
    for key, rows in sorted(rows_by_key.items(), key=lambda item: str(item[0])):
        points = sorted({row["point"] for row in rows})
        texts = sorted({row["text"] for row in rows})
        if len(points) < 2:
            continue
        targets = np.zeros((len(texts), len(points)), dtype=np.float32)
        weights = np.zeros_like(targets)
        for row in rows:
            place = texts.index(row["text"]), points.index(row["point"])
            targets[place], weights[place] = TARGET_BY_LABEL[row["label"]], 1.0
        groups.append(Group(key[0], points, texts, targets, weights))
    return groups


class BiEncoder(nn.Module):
    """A BERT body with a weight for every word piece.

    Gives unit vectors of the texts (n, d) and of their word pieces (n, n_tokens, d), and the word pieces' weights
    (n, n_tokens), zero for padding and for the first and last piece ([CLS], [SEP]).
    """

    def __init__(self, body: BertModel):
        super().__init__()
        self.body = body
        self.weigh = nn.Linear(body.config.hidden_size, 1)

    def forward(self, input_ids, attention_mask, token_type_ids):
        states = self.body(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        states = states.float()
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        vectors = functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
        # [CLS] is the first piece and [SEP] the last one that is not padding.
        inner = attention_mask.to(states.dtype) * torch.cat([attention_mask[:, 1:], attention_mask[:, :1] * 0], 1)
        inner = torch.cat([inner[:, :1] * 0, inner[:, 1:]], 1)
        weights = functional.softplus(self.weigh(states)).squeeze(-1) * inner
        return vectors, functional.normalize(states, dim=-1), weights


def late_interaction(points: tuple[torch.Tensor, ...], texts: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Likeness (n_texts, n_points), -1 to 1: the weighted mean over a point's pieces of their likest in the text."""
    _, point_tokens, point_weights = points
    _, text_tokens, text_weights = texts
    likeness = torch.einsum("ptd,nsd->npts", point_tokens, text_tokens)
    likest = likeness.masked_fill((text_weights == 0)[:, None, None, :], -1.0).max(-1).values
    return (likest * point_weights).sum(-1) / point_weights.sum(-1).clamp(min=1e-6)


def load(folder: Path, **options) -> BiEncoder:
    """A model saved by ``save``, or fresh piece weights on a plain BERT folder; ``options`` go to transformers."""
    model = BiEncoder(BertModel.from_pretrained(folder, add_pooling_layer=False, **options))
    if (path := folder / "weigh.pt").exists():
        model.weigh.load_state_dict(torch.load(path, weights_only=True))
    return model


def save(model: BiEncoder, folder: Path, tokenizer) -> None:
    model.body.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    torch.save(model.weigh.state_dict(), folder / "weigh.pt")


def embed(model: BiEncoder, tokenizer, texts: list[str]) -> tuple[torch.Tensor, ...]:
    encoded = tokenizer(texts, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return tuple(part.float() for part in model(**encoded))


def matrix_loss(scores: torch.Tensor, calibration: nn.Parameter, targets: torch.Tensor, weights: torch.Tensor):
    """Loss of a score matrix (n_texts, n_points): each cell by itself, and the right points against the others."""
    scale, bias = calibration
    element = functional.binary_cross_entropy_with_logits(
        scores * scale + bias, targets, reduction="none", pos_weight=torch.tensor(2.0)
    )
    loss = (element * weights).sum() / weights.sum().clamp(min=1)
    sure = (targets * (weights > 0)).max(1).values >= 0.99
    if sure.any():
        log_share = functional.log_softmax(scores[sure] * 20, dim=-1)
        loss = loss - 0.5 * ((log_share * targets[sure]).sum(1) / targets[sure].sum(1)).mean()
    return loss


def sample(group: Group, rng: random.Random, n_texts: int = 32, n_points: int = 16):
    """A balanced batch: half of the texts make a point, half make none."""
    makes_one = (group.targets * (group.weights > 0)).max(1) > 0
    positive, negative = np.flatnonzero(makes_one).tolist(), np.flatnonzero(~makes_one).tolist()
    chosen = rng.sample(positive, min(n_texts // 2, len(positive))) + rng.sample(
        negative, min(n_texts // 2, len(negative))
    )
    columns = rng.sample(range(len(group.points)), min(n_points, len(group.points)))
    block = np.ix_(chosen, columns)
    return (
        [group.points[c] for c in columns],
        [group.texts[r] for r in chosen],
        torch.tensor(group.targets[block]),
        torch.tensor(group.weights[block]),
    )


def train(groups: list[Group], init: Path, out: Path, *, minutes: float, rate: float, seed: int) -> None:
    """Fit for ``minutes`` of wall clock and write ``out`` in transformers format."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(init)
    model = load(init).train()
    # What the words mean stays as pre-trained: the questions to come have other words than these.
    model.body.embeddings.requires_grad_(False)
    # Scale and bias that turn a likeness into a logit: of the vectors, and word by word.
    calibrations = [nn.Parameter(torch.tensor([12.0, -7.0])) for _ in range(2)]
    body = [parameter for parameter in model.body.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": body, "base": rate},
            {"params": model.weigh.parameters(), "base": 5e-3},
            {"params": calibrations, "base": 1e-2},
        ],
        lr=rate,
        weight_decay=0.01,
    )
    groups_by_source: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        groups_by_source[group.source].append(group)
    # Share of steps a source gets: the task itself most, the public sets as regularisers.
    shares = {"passages": 0.45, "drafts": 0.3, "argkp": 0.12, "realsumm": 0.13}
    sources = [s for s in shares if groups_by_source[s]]
    started, n_steps, losses = time.monotonic(), 0, []
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        source = rng.choices(sources, [shares[s] for s in sources])[0]
        points, texts, targets, weights = sample(rng.choice(groups_by_source[source]), rng)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, (n_steps + 1) / 40) * (1 - done)
        of_points, of_texts = embed(model, tokenizer, points), embed(model, tokenizer, texts)
        by_vector = of_texts[0] @ of_points[0].T
        by_word = late_interaction(of_points, of_texts)
        loss = sum(
            matrix_loss(scores, calibration, targets, weights)
            for scores, calibration in zip((by_vector, by_word), calibrations, strict=True)
        )
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        n_steps += 1
        losses.append(loss.item())
        if n_steps % 50 == 0:
            spent = time.monotonic() - started
            print(f"{spent / 60:.1f} min, step {n_steps}, loss {np.mean(losses[-50:]):.4f}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    save(model.eval(), out, tokenizer)
    print(f"saved {out} after {n_steps} steps", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--written", type=Path, nargs="+", required=True, help="folders of passages and drafts")
    parser.add_argument("--held-out", nargs="*", default=[], help="slugs of questions to leave out")
    parser.add_argument("--init", type=Path, required=True, help="folder to start from, in transformers format")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    held_out = set(args.held_out)
    groups = passage_groups(args.written, held_out) + public_groups(args.public)
    groups += [draft_group(d) for d in read_drafts(args.written) if d.rubric.id not in held_out]
    print(len(groups), "groups", flush=True)
    train(groups, args.init, args.out, minutes=args.minutes, rate=args.rate, seed=args.seed)


if __name__ == "__main__":
    main()
