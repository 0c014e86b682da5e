"""Overlapping marks over a text -> consecutive pieces, each with the marks that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from analyser.records import Span


@dataclass(frozen=True, slots=True)
class Mark(Span):
    """A stretch of text that belongs to something; ``ref`` names what."""

    ref: str


@dataclass(frozen=True, slots=True)
class Piece(Span):
    """A stretch of text covered by the same marks throughout.

    ``marks`` are those marks, the shortest (the innermost) first; ``opening`` and ``closing`` those among them that
    begin and end here.
    """

    marks: tuple[Mark, ...] = ()
    opening: tuple[Mark, ...] = ()
    closing: tuple[Mark, ...] = ()


def split_at_marks(span: Span, marks: Iterable[Mark]) -> Iterator[Piece]:
    """Cut ``span`` at every beginning and end of a mark inside it; the pieces join up to the whole span.

    A mark that reaches beyond the span counts as far as it goes. A mark that opens or closes outside the span does
    not open or close in it.
    """
    inside = sorted(
        {m for m in marks if m.overlaps(span) and m.start < m.end}, key=lambda m: (m.end - m.start, m.start, m.ref)
    )
    cuts = sorted({span.start, span.end}.union(*((max(m.start, span.start), min(m.end, span.end)) for m in inside)))
    for start, end in pairwise(cuts):
        covering = tuple(m for m in inside if m.start <= start and end <= m.end)
        yield Piece(
            start,
            end,
            covering,
            tuple(m for m in covering if m.start == start),
            tuple(m for m in covering if m.end == end),
        )
