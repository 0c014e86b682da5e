"""How feedback is to be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """``show_all`` shows every message; ``reveal`` what the rubric says; ``width`` (columns) and ``colour`` are for
    the terminal."""

    show_all: bool = False
    reveal: bool = False
    width: int | None = None
    colour: bool = True
