"""Hints for drafted entries: questions that ask and do not tell, each tried against the guard of the feedback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from analyser.feedback.leaks import Guard, make_guard
from analyser.records import Criterion, Essay, Point, Rubric
from analyser.rubrics.words import find_words, load_cues, stem

FILE = "drafting_hints.toml"
Entry = TypeVar("Entry", Point, Criterion)
JUDGEMENT_HINTS = (
    "Which sentence of yours tells the reader where you stand on the question?",
    "Could a reader say in one sentence what your answer is?",
)
CRITERION_HINTS = (
    "What will you measure {a} and {b} by? Say so early, and keep to it.",
    "Two things are alike or unlike in some respect: in which respects will you look at {a} and {b}?",
    "Before you decide, tell the reader what you are looking for on both sides. What else could you look for?",
    "Is there another way to put {a} and {b} to the test?",
)


def with_hints(rubric: Rubric) -> Rubric:
    """The rubric with a hint for its judgement, each criterion and each point, none of which gives anything away."""
    guard = make_guard(rubric, Essay("", "", "", ()))
    names = {"a": rubric.sides[0].name, "b": rubric.sides[1].name}
    judgement = next((h for h in JUDGEMENT_HINTS if not guard.hint_leaks(h, "judgement")), "")
    used: list[str] = []
    criteria = [_hinted(c, CRITERION_HINTS, names, guard, used) for c in rubric.criteria]
    points = [_hinted(p, tuple(_questions(p.statement)), names, guard, used) for p in rubric.points]
    return replace(
        rubric,
        judgement=replace(rubric.judgement, hint=judgement),
        criteria=tuple(criteria),
        points=tuple(points),
    )


def _hinted(entry: Entry, templates: tuple[str, ...], names: dict[str, str], guard: Guard, used: list[str]) -> Entry:
    """The entry with the first question that leaks nothing, one not yet used before one that was."""
    texts = [template.format(**names) for template in templates]
    fitting = [text for text in texts if not guard.hint_leaks(text, entry.id)]
    hint = next((text for text in fitting if text not in used), next(iter(fitting), ""))
    used.append(hint)
    return replace(entry, hint=hint)


def _questions(statement: str) -> Iterator[str]:
    """The questions of the fields a statement is about, the field with most of its words first."""
    stems = [stem(w.key) for w in find_words(statement)]
    weights = {name: sum(s in words for s in stems) for name, (words, _) in _fields().items()}
    for name in sorted(weights, key=lambda n: -weights[n]):
        if weights[name]:
            yield from _fields()[name][1]
    yield from _fields()["any"][1]


@lru_cache(maxsize=1)
def _fields() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    return {
        name: (frozenset(stem(w) for w in field["words"].replace("-", " ").split()), tuple(field["questions"]))
        for name, field in load_cues(FILE).items()
    }
