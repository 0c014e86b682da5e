"""Sentences that bring in a piece of evidence in other words than its name, as pairs for the cross-encoder.

``evidence.jsonl`` in a question's folder has one line for a piece of evidence: ``name`` as a rubric has it, ``context``
(the sentence in which a model answer would name it), ``found`` (student sentences that bring it in without its name)
and ``near`` (sentences on the same question that do not, though their words or facts are close).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyser.alignment.described import evidence_text
from analyser.records import POINT_LABELS
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import EVIDENCE, Draft, Question

FOUND, ABSENT = POINT_LABELS.index("covered"), POINT_LABELS.index("missing")
# Share of the pairs in which the piece is shown with the sentence of a model answer that names it: at run time a rubric
# may have a model answer beside it, or none.
CONTEXT_SHARE = 0.5
# Sentences that bring in another piece of the same question, and sentences of a draft that lacks it, drawn for a piece.
N_OTHERS, N_LACKING = 2, 4

Pair = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Described:
    """A piece of evidence of the question with the two ``sides``; the texts that bring it in and those that do not."""

    sides: tuple[str, str]
    name: str
    context: str
    found: tuple[str, ...]
    absent: tuple[str, ...]


def read_described(questions: list[Question], folders: list[Path]) -> list[list[Described]]:
    """The pieces described in other words, question by question."""
    sides = {question.slug: question.sides for question in questions}
    out = []
    for path in sorted(p for folder in folders for p in folder.rglob(EVIDENCE)):
        if path.parent.name in sides:
            rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]
            out.append(
                [
                    Described(sides[path.parent.name], r["name"], r["context"], tuple(r["found"]), tuple(r["near"]))
                    for r in rows
                ]
            )
    return out


def read_cited(drafts: list[Draft]) -> list[Described]:
    """The evidence labelled in drafts: the sentences with its words, or those of a draft that lacks it."""
    nlp, out = load_pipeline(), []
    for draft in drafts:
        labels = {key: label for key, label in draft.raw["evidence"].items() if isinstance(label, dict)}
        if not labels:
            continue
        sentences = parse_essay(draft.essay, draft.rubric, nlp).sentences
        text, names = draft.essay.text, {item.id: item.name for item in draft.rubric.evidence}
        sides = (draft.rubric.sides[0].name, draft.rubric.sides[1].name)
        for key, label in labels.items():
            if label["label"] == "missing":
                lacking = tuple(text[s.start : s.end] for s in sentences)
                out.append(Described(sides, names[key], "", (), lacking))
            elif (start := text.find(label["quote"])) >= 0:
                end = start + len(label["quote"])
                own = [s for s in sentences if s.start < end and start < s.end]
                out.append(Described(sides, names[key], "", (text[own[0].start : own[-1].end],), ()))
    return out


def evidence_pairs(groups: list[list[Described]], cited: list[Described], rng: random.Random) -> Iterator[Pair]:
    """(sentence, piece of evidence, label index), drawn anew each time."""
    for group in groups:
        for piece in group:
            for text in piece.found:
                yield text, _wanted(piece, rng), FOUND
            yield piece.context, evidence_text(piece.sides, piece.name), FOUND
            for text in piece.absent:
                yield text, _wanted(piece, rng), ABSENT
            others = [text for other in group if other is not piece for text in (*other.found, other.context)]
            for text in rng.sample(others, min(N_OTHERS, len(others))):
                yield text, _wanted(piece, rng), ABSENT
    for piece in cited:
        for text in piece.found:
            yield text, _wanted(piece, rng), FOUND
        for text in rng.sample(piece.absent, min(N_LACKING, len(piece.absent))):
            yield text, _wanted(piece, rng), ABSENT


def _wanted(piece: Described, rng: random.Random) -> str:
    return evidence_text(piece.sides, piece.name, piece.context if rng.random() < CONTEXT_SHARE else "")
