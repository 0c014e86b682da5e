"""What a format reader hands over: the stretches of a draft in reading order, before any text is normalised."""

from __future__ import annotations

from dataclasses import dataclass

from analyser.records import BlockKind, Notice


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as its format marks it. ``text`` may still hold line breaks; ``level`` is as in ``Block``.

    ``front_matter`` stands for what the format calls a title; whether it is one is decided from its place.
    """

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """The pieces of one file, footnotes last, and what must be said about how it was read."""

    pieces: tuple[Piece, ...]
    notices: tuple[Notice, ...] = ()
