"""A large tagger and parser that teaches the small pipeline: MiniLM fine-tuned on the treebanks' training splits.

It is too slow and too large to ship. What it says of plain text is data to train the pipeline on (``silver``): a small
parser learns more from many sentences that a better one has parsed than from the treebanks alone (tri-training, Zhou
and Li 2005; distillation of a parser, Kuncoro et al. 2016). Heads are chosen by biaffine attention (Dozat and Manning
2017). Needs the ``train`` extra; nothing at run time imports this module.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from spacy.tokens import Doc, Token
from torch import nn
from torch.nn import functional
from transformers import AutoTokenizer, BertModel

from analyser.training.silver import ROOT, Parse

# Documents of 20 to 90 words in a batch, and batches in all: three and a half passes over EWT and GUM.
BATCH, N_STEPS = 16, 1500
BODY_RATE, HEAD_RATE = 2e-4, 1.5e-3
# Widths of the biaffine scorers of heads and of relations.
ARC_SIZE, RELATION_SIZE = 300, 128
# Word pieces of one word that are read; a longer word is an address or noise.
MAX_PIECES = 6
CLASSIFY, SEPARATE, UNKNOWN = 101, 102, 100
NO_LABEL = -100


@dataclass(frozen=True, slots=True)
class Labels:
    """Penn tags, "UPOS|features" and relations, each in a fixed order."""

    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    relations: tuple[str, ...]

    @classmethod
    def of(cls, docs: Sequence[Doc]) -> Labels:
        words = [token for doc in docs for token in doc if not token.is_space]
        morphs = Counter(_morph(token) for token in words)
        relations = Counter(token.dep_ for token in words)
        return cls(
            tuple(sorted({token.tag_ for token in words})),
            tuple(name for name, n in morphs.items() if n > 1),
            tuple(name for name, n in relations.items() if n > 3),
        )


class Row(NamedTuple):
    """A document in word pieces: ids, shape of the word, whether a line break comes before it; where words start."""

    ids: list[int]
    shapes: list[int]
    breaks: list[int]
    first: list[int]


class Scores(NamedTuple):
    """For each word: tags, morphs, heads (0 is the root, k the k-th word), and its vectors as head and dependent."""

    tags: torch.Tensor
    morphs: torch.Tensor
    heads: torch.Tensor
    as_head: torch.Tensor
    as_dependent: torch.Tensor


def _morph(token: Token) -> str:
    return f"{token.pos_}|{token.morph}"


def word_shape(word: str) -> int:
    """The case of a word, which MiniLM's lower-case vocabulary does not show."""
    if not any(c.isalpha() for c in word):
        return 1
    if word.islower():
        return 2
    if word.isupper():
        return 3 if len(word) > 1 else 4
    return 5 if word[0].isupper() and word[1:].islower() else 6


class ParseTeacher(nn.Module):
    """MiniLM with the words' case and line breaks added to its input, and four classifiers on each word."""

    def __init__(self, body: BertModel, labels: Labels):
        super().__init__()
        size = body.config.hidden_size
        self.body, self.labels = body, labels
        self.shape, self.line_break = nn.Embedding(8, size), nn.Embedding(2, size)
        nn.init.normal_(self.shape.weight, std=0.02)
        nn.init.zeros_(self.line_break.weight)
        self.root = nn.Parameter(torch.randn(size) * 0.1)
        self.tag, self.morph = nn.Linear(size, len(labels.tags)), nn.Linear(size, len(labels.morphs))
        self.arc_head, self.arc_dependent = nn.Linear(size, ARC_SIZE), nn.Linear(size, ARC_SIZE)
        self.rel_head, self.rel_dependent = nn.Linear(size, RELATION_SIZE), nn.Linear(size, RELATION_SIZE)
        self.arc = nn.Parameter(torch.zeros(ARC_SIZE + 1, ARC_SIZE))
        self.relation = nn.Parameter(torch.zeros(len(labels.relations), RELATION_SIZE + 1, RELATION_SIZE + 1))
        self.drop = nn.Dropout(0.2)

    def forward(self, rows: Sequence[Row]) -> Scores:
        ids, shapes, breaks, first = (_padded(column) for column in zip(*rows, strict=True))
        given = self.body.embeddings.word_embeddings(ids) + self.shape(shapes) + self.line_break(breaks)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.body(inputs_embeds=given, attention_mask=(ids > 0).long()).last_hidden_state
        words = self.drop(torch.gather(states, 1, first.unsqueeze(-1).expand(-1, -1, states.size(-1))).float())
        with_root = torch.cat([self.root.expand(len(rows), 1, -1), words], 1)

        def bent(values: torch.Tensor) -> torch.Tensor:
            return self.drop(functional.leaky_relu(values, 0.1))

        heads = torch.einsum(
            "bid,de,bje->bij", _with_one(bent(self.arc_dependent(words))), self.arc, bent(self.arc_head(with_root))
        )
        heads = heads.masked_fill(torch.cat([first[:, :1] == 0, first == 0], 1).unsqueeze(1), -1e4)
        return Scores(
            self.tag(words),
            self.morph(words),
            heads,
            bent(self.rel_head(with_root)),
            bent(self.rel_dependent(words)),
        )

    def relations(self, scores: Scores, heads: torch.Tensor) -> torch.Tensor:
        """Relation scores (n_docs, n_words, n_relations) of each word to the head given."""
        index = heads.unsqueeze(-1).expand(-1, -1, scores.as_head.size(-1))
        chosen = torch.gather(scores.as_head, 1, index)
        return torch.einsum("bid,kde,bie->bik", _with_one(scores.as_dependent), self.relation, _with_one(chosen))


def _with_one(values: torch.Tensor) -> torch.Tensor:
    return torch.cat([values, torch.ones_like(values[..., :1])], -1)


def _padded(rows: Sequence[Sequence[int]], fill: int = 0) -> torch.Tensor:
    out = torch.full((len(rows), max(map(len, rows))), fill)
    for i, row in enumerate(rows):
        out[i, : len(row)] = torch.tensor(row)
    return out


def _words(doc: Doc) -> list[Token]:
    return [token for token in doc if not token.is_space]


def encode(doc: Doc, tokenizer: Any) -> Row:
    """A document's words in word pieces; tokens of whitespace are left out."""
    words = _words(doc)
    row = Row([CLASSIFY], [0], [0], [])
    for word, pieces in zip(
        words, tokenizer([w.text for w in words], add_special_tokens=False)["input_ids"], strict=True
    ):
        pieces = (pieces or [UNKNOWN])[:MAX_PIECES]
        row.first.append(len(row.ids))
        row.ids.extend(pieces)
        row.shapes.extend([word_shape(word.text)] * len(pieces))
        row.breaks.extend([int(word.i > 0 and doc[word.i - 1].is_space)] * len(pieces))
    row.ids.append(SEPARATE)
    row.shapes.append(0)
    row.breaks.append(0)
    return row


def _gold(doc: Doc, labels: Labels) -> tuple[list[int], list[int], list[int], list[int]]:
    """Heads (0 for the root), tags, morphs and relations of a document's words; rare labels are not learnt."""
    words = _words(doc)
    position = {word.i: k + 1 for k, word in enumerate(words)}
    tags, morphs, relations = (
        {name: k for k, name in enumerate(names)} for names in (labels.tags, labels.morphs, labels.relations)
    )
    return (
        [0 if word.dep_ == ROOT else position[word.head.i] for word in words],
        [tags.get(word.tag_, NO_LABEL) for word in words],
        [morphs.get(_morph(word), NO_LABEL) for word in words],
        [relations.get(word.dep_, NO_LABEL) for word in words],
    )


def train_teacher(
    docs: Sequence[Doc], base: Path, *, n_steps: int = N_STEPS, seed: int = 1
) -> tuple[ParseTeacher, Any]:
    """Fine-tune the BERT model in ``base`` on gold documents; returns the model and its tokenizer."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    labels = Labels.of(docs)
    model = ParseTeacher(BertModel.from_pretrained(base, add_pooling_layer=False), labels).train()
    rows = [(encode(doc, tokenizer), _gold(doc, labels)) for doc in docs if _words(doc)]
    body = list(model.body.parameters())
    known = {id(p) for p in body}
    heads = [p for p in model.parameters() if id(p) not in known]
    groups = [{"params": body, "base": BODY_RATE}, {"params": heads, "base": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, lr=BODY_RATE, weight_decay=0.01)
    started, losses = time.monotonic(), []
    for step, batch in zip(range(n_steps), _batches(rows, rng), strict=False):
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, (step + 1) / 100) * (1 - step / n_steps)
        loss = _loss(model, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        if (step + 1) % 100 == 0:
            minutes = (time.monotonic() - started) / 60
            print(
                f"teacher: {minutes:.1f} min, step {step + 1}/{n_steps}, loss {np.mean(losses[-100:]):.3f}", flush=True
            )
    return model.eval(), tokenizer


def _batches(rows: list, rng: random.Random) -> Iterator[list]:
    """Batches of documents of similar length, in random order, without end."""
    while True:
        ordered = sorted(rows, key=lambda row: len(row[0].ids) + rng.gauss(0, 15))
        cut = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
        rng.shuffle(cut)
        yield from cut


def _loss(model: ParseTeacher, batch: list) -> torch.Tensor:
    scores = model([row for row, _ in batch])
    heads, tags, morphs, relations = (_padded(column, NO_LABEL) for column in zip(*(g for _, g in batch), strict=True))

    def missed(values: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(values.flatten(0, 1), right.flatten(), ignore_index=NO_LABEL)

    of_relations = missed(model.relations(scores, heads.clamp(min=0)), relations)
    return (
        missed(scores.heads, heads) + of_relations + 0.5 * (missed(scores.tags, tags) + missed(scores.morphs, morphs))
    )


@torch.inference_mode()
def parse(model: ParseTeacher, tokenizer: Any, docs: Sequence[Doc]) -> list[Parse]:
    """Tag and parse documents of words; each word takes its likeliest head, so the heads may not form a tree."""
    scores = model([encode(doc, tokenizer) for doc in docs])
    heads = scores.heads.argmax(-1)
    is_root = (heads == 0).unsqueeze(-1)
    is_root_label = torch.tensor([name == ROOT for name in model.labels.relations])
    relations = model.relations(scores, heads).masked_fill(is_root != is_root_label, -1e4).argmax(-1)
    certainty = scores.heads.softmax(-1).amax(-1)
    tags, morphs = scores.tags.argmax(-1), scores.morphs.argmax(-1)
    found = []
    for k, doc in enumerate(docs):
        n = len(_words(doc))
        found.append(
            Parse(
                heads[k, :n].tolist(),
                [model.labels.tags[i] for i in tags[k, :n].tolist()],
                [model.labels.morphs[i] for i in morphs[k, :n].tolist()],
                [model.labels.relations[i] for i in relations[k, :n].tolist()],
                float(certainty[k, :n].mean()),
            )
        )
    return found
