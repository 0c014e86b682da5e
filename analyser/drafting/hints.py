"""Hints for drafted entries: questions that ask and do not tell, each tried against the guard of the feedback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from analyser.drafting.question import spoken_name
from analyser.feedback.leaks import Guard, make_guard
from analyser.records import Criterion, Essay, Point, Rubric
from analyser.rubrics.sides import side_names
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


@dataclass(frozen=True, slots=True)
class _Field:
    """What points can be about: its words, and its questions (those for people apart)."""

    words: frozenset[str]
    people: tuple[str, ...]
    questions: tuple[str, ...]


def with_hints(rubric: Rubric) -> Rubric:
    """The rubric with a hint for its judgement, each criterion and each point, none of which gives anything away."""
    guard = make_guard(rubric, Essay("", "", "", ()))
    names = {"a": spoken_name(rubric, "a"), "b": spoken_name(rubric, "b")}
    may_be_person = all(side_names(rubric).may_be_person.values())
    judgement = next((h for h in JUDGEMENT_HINTS if not guard.hint_leaks(h, "judgement")), "")
    used: list[str] = []
    criteria = [_hinted(c, CRITERION_HINTS, names, guard, used) for c in rubric.criteria]
    points = [
        _hinted(p, tuple(_questions(p.statement, about_people=may_be_person)), names, guard, used)
        for p in rubric.points
    ]
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


def _questions(statement: str, *, about_people: bool) -> Iterator[str]:
    """The questions of the fields a statement is about, the field with most of its words first."""
    stems = [stem(w.key) for w in find_words(statement)]
    weights = {name: sum(s in field.words for s in stems) for name, field in _fields().items()}
    for name in [*sorted(weights, key=lambda n: -weights[n]), "any"]:
        if weights[name] or name == "any":
            yield from _fields()[name].people if about_people else ()
            yield from _fields()[name].questions


@lru_cache(maxsize=1)
def _fields() -> dict[str, _Field]:
    return {
        name: _Field(
            frozenset(stem(w) for w in field["words"].replace("-", " ").split()),
            tuple(field["people"]),
            tuple(field["questions"]),
        )
        for name, field in load_cues(FILE).items()
    }
