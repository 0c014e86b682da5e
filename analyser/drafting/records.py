"""What drafting hands on: the rubric, and for each of its entries where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analyser.records import Block, Essay, Notice, PointKind, Rubric, Span

Certainty = Literal["sure", "likely", "doubtful"]
# What a sentence of a model answer is for. "point" stands for a body sentence; its kind is told with it.
Role = Literal["judgement", "context", "criteria", "header", "point", "levels", "advice"]


@dataclass(frozen=True, slots=True)
class Note:
    """Where an entry comes from: the sentence of the model answer, how sure the tool is, and what to look at."""

    source: str = ""
    certainty: Certainty = "sure"
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftedRubric:
    """A drafted rubric. ``note_by_id`` has an entry's id, or a key such as ``question``, ``sides.a``, ``judgement``."""

    rubric: Rubric
    note_by_id: Mapping[str, Note] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    answer: str = ""  # the text it was drafted from


@dataclass(frozen=True, slots=True)
class Passage(Span):
    """A sentence of the model answer with what it is for; ``start`` to ``end`` is its content without any frame.

    ``kind`` is the kind of the part of the answer it stands in ('' where none is announced).
    """

    sentence_index: int
    block_index: int
    role: Role
    kind: PointKind | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A point as it stands in the text: the spans that state it, those that support it, and what to check."""

    kind: PointKind
    parts: tuple[Span, ...]
    support: tuple[Span, ...] = ()
    checks: tuple[str, ...] = ()
    certainty: Certainty = "sure"


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A model answer as read: the essay it is, its question, and the blocks that are the answer."""

    essay: Essay
    question: str
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
