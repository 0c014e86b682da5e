"""Learning platforms' exports: whose each file is, told by its path. One small module a platform, found automatically.

A new platform is a module in this folder with an ``IMPORTER``: a name and a function ``place`` of a path and a Setting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from analyser.classroom.roster import Roster

# Share (0 to 1) of the files that a platform's rules must place for an export to be taken as that platform's: the rest
# may be worksheets and strays. By hand; a real export is placed whole.
MIN_PLACED_RATIO = 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """Whose a file is, and what the platform says about it.

    ``student_id`` is the platform's id ('' when it has none: the name is the key); ``work`` the assignment, where one
    export holds several; ``version`` counts hand-ins (0 for work not handed in); ``prefix`` is what must stand before
    a feedback file's name when it is sent back.
    """

    student: str
    student_id: str = ""
    work: str = ""
    version: int = 1
    is_late: bool = False
    kind: Literal["file", "text", "link", "feedback"] = "file"
    prefix: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known beside the paths."""

    roster: Roster = field(default_factory=Roster)
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """``priority`` decides between equals, lowest first; ``has_named_authors`` when each file should name its student
    as author, so that another name is worth a look."""

    name: str
    place: Callable[[str, Setting], Placed | None]
    priority: int = 10
    has_named_authors: bool = False


@cache
def importers() -> tuple[Importer, ...]:
    """All importers, the most specific first."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted((module.IMPORTER for module in modules), key=lambda importer: importer.priority))


def choose(paths: Sequence[str], setting: Setting) -> Importer:
    """The importer that places most of the paths; the plain folder when none places half of them."""

    def n_placed(importer: Importer) -> int:
        return sum(importer.place(path, setting) is not None for path in paths)

    best = max(importers()[:-1], key=n_placed)
    n_best = n_placed(best)
    return best if n_best and n_best >= MIN_PLACED_RATIO * len(paths) else importers()[-1]
