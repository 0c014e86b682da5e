"""Read and check rubric files: the only reader of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from analyser import shipped
from analyser.errors import RubricError
from analyser.records import (
    ContextPoint,
    Criterion,
    EvidenceItem,
    JudgementRule,
    Level,
    Point,
    Rubric,
    Side,
)
from analyser.rubrics.positions import KeyPath, parse_yaml, read_yaml
from analyser.rubrics.schema import (
    ContextEntry,
    CriterionEntry,
    EvidenceEntry,
    JudgementEntry,
    LevelEntry,
    PointEntry,
    RubricFile,
    SideEntry,
    SidesEntry,
    StancesEntry,
)

# Similarity (0 to 100) above which an unknown word is offered as a guess; rapidfuzz's WRatio, the value difflib's
# get_close_matches uses (0.6).
GUESS_CUTOFF = 60

MODEL_BY_KEY: dict[str, type[BaseModel]] = {
    "sides": SidesEntry,
    "a": SideEntry,
    "b": SideEntry,
    "judgement": JudgementEntry,
    "stances": StancesEntry,
    "context": ContextEntry,
    "criteria": CriterionEntry,
    "points": PointEntry,
    "evidence": EvidenceEntry,
    "levels": LevelEntry,
}
FORM_BY_KEY = {
    "date": "Write a year (1917), a month (1917-12), a day (1917-12-20) or two of them (1936/1938); -44 is 44 BCE.",
    "id": "An id begins with a letter and has letters, digits, '.', '-' and '_' only, without spaces.",
}


def load_rubric(source: str | Path) -> Rubric:
    """The rubric with this shipped id, or in this file or folder.

    Raises RubricError (codes E2xx) naming file, line, key, what was found and what is allowed.
    """
    return read_rubric(find_rubric(source))


def find_rubric(source: str | Path) -> Path:
    """The path of the rubric file that ``source`` (a shipped id, a file or a folder) names."""
    if str(source) in shipped.rubric_ids():
        return shipped.rubric_path(str(source))
    path = Path(source)
    try:
        if path.is_dir():
            path = path / "rubric.yaml"
        if path.is_file():
            return path
    except OSError:  # a name too long for the file system
        pass
    known = shipped.rubric_ids()
    guess = _guess(str(source), known)
    hint = f"Did you mean '{guess}'? " if guess else ""
    raise RubricError(
        "E200",
        f"there is no rubric '{source}'",
        hint=f"{hint}Give the path of a rubric.yaml, or one of: {', '.join(known) or 'none is installed'}.",
    )


def read_rubric(path: Path) -> Rubric:
    """Read one rubric file."""
    data, lines = read_yaml(path)
    return _checked(data, lines, str(path), folder=str(path.parent))


def rubric_from_text(text: str, name: str = "rubric.yaml") -> Rubric:
    """A rubric from YAML text; ``name`` stands in the error messages."""
    data, lines = parse_yaml(text, name)
    return _checked(data, lines, name, folder="")


def rubric_from_json(data: Mapping[str, Any]) -> Rubric:
    """A rubric from the shape of the labelled sets: maps of id to text, points prefixed with their kind."""

    def points() -> Iterator[dict[str, str]]:
        for key, text in data["points"].items():
            kind, _, rest = text.partition(":")
            is_prefixed = kind in ("Similarity", "Difference")
            is_similarity = kind == "Similarity" if is_prefixed else key.startswith("S")
            statement = rest.strip() if is_prefixed else text
            yield {"id": key, "kind": "similarity" if is_similarity else "difference", "statement": statement}

    frames = dict(zip(("a", "b"), data.get("frames") or ("", ""), strict=True))

    def side(key: str, value: Any) -> Any:
        return {"name": value, "frame": frames[key]} if isinstance(value, str) else value

    plain = {
        "id": data["id"],
        "question": data["question"],
        "sides": {key: side(key, data["sides"][key]) for key in ("a", "b")},
        "judgement": {"statement": data.get("judgement") or f"Reaches a judgement on: {data['question']}"},
        "criteria": [{"id": key, "statement": text} for key, text in data.get("criteria", {}).items()],
        "points": list(points()),
        "evidence": [{"id": key, "name": text} for key, text in data.get("evidence", {}).items()],
    }
    return _record(RubricFile.model_validate(plain), folder="")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a rubric's data: where (a path of keys and positions), what, and what to do."""

    path: KeyPath
    code: str
    message: str
    hint: str


def find_problems(data: Mapping[str, Any], place: Callable[[KeyPath], str]) -> list[Problem]:
    """Everything that is wrong with a rubric's data; ``place`` puts a path into words ("line 12", "cell B3")."""
    try:
        file = RubricFile.model_validate(data)
    except ValidationError as error:
        # A value that fits neither of two forms is told once.
        by_path = {problem.path: problem for problem in reversed([_describe(d, data) for d in error.errors()])}
        return list(reversed(by_path.values()))
    return _id_problems(file, place)


def _checked(data: dict[str, Any], lines: dict[KeyPath, int], name: str, folder: str) -> Rubric:
    if problems := find_problems(data, lambda path: f"line {_line(path, lines)}"):
        # A missing key is often a misspelt one, so what stands there is told first.
        problems.sort(key=lambda problem: (problem.code == "E212", _line(problem.path, lines)))
        _raise(name, [(_line(p.path, lines), p.code, p.message, p.hint) for p in problems])
    return _record(RubricFile.model_validate(data), folder)


def _raise(name: str, problems: list[tuple[int, str, str, str]]) -> None:
    """Raise one error; it states the first problem in full and how many more there are, a line each."""
    line, code, message, hint = problems[0]
    more = "".join(f"\n{c}: {name}:{n}: {m} {h}".rstrip() for n, c, m, h in problems[1:10])
    if len(problems) > 10:
        more += f"\n... and {len(problems) - 10} more"
    raise RubricError(code, message, where=f"{name}:{line}", hint=hint + more)


def _line(path: tuple[Any, ...], lines: dict[KeyPath, int]) -> int:
    """The line of a key path, or of its nearest parent."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _value(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _describe(details: ErrorDetails, data: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors in a teacher's words."""
    path = tuple(
        p for p in details["loc"] if p != "constrained-str" and not str(p).startswith(("literal[", "function-"))
    )
    key = ".".join(str(p) for p in path)
    found = _value(data, path)
    kind = details["type"]
    if kind == "extra_forbidden":
        allowed = _allowed_keys(path)
        guess = _guess(str(path[-1]), allowed)
        hint = (f"Did you mean '{guess}'? " if guess else "") + f"Allowed here: {', '.join(allowed)}."
        return Problem(path, "E211", f"unknown key '{key}'.", hint)
    if kind == "missing":
        return Problem(
            path, "E212", f"the key '{key}' is missing.", "It is required: see the example in the documentation."
        )
    if kind == "literal_error":
        allowed = str(details.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
        allowed = [a for a in allowed if a]
        guess = _guess(str(found), allowed)
        hint = (f"Did you mean '{guess}'? " if guess else "") + f"Allowed: {', '.join(allowed)}."
        return Problem(path, "E213", f"'{key}' is '{found}'.", hint)
    shown = repr(found) if found is None or len(str(found)) <= 60 else repr(str(found)[:57] + "...")
    form = FORM_BY_KEY.get(str(path[-1]), "") if kind == "string_pattern_mismatch" else ""
    if form:
        return Problem(path, "E214", f"'{key}' is {shown}.", form)
    return Problem(path, "E214", f"'{key}' is {shown}: {details['msg'][:1].lower()}{details['msg'][1:]}.", "")


def _allowed_keys(path: tuple[Any, ...]) -> list[str]:
    parents = [p for p in path[:-1] if isinstance(p, str)]
    model = MODEL_BY_KEY.get(parents[-1], RubricFile) if parents else RubricFile
    return list(model.model_fields)


def _guess(word: str, choices: Iterable[str]) -> str:
    found = process.extractOne(word, list(choices), score_cutoff=GUESS_CUTOFF)
    return found[0] if found else ""


def _id_problems(file: RubricFile, place: Callable[[KeyPath], str]) -> list[Problem]:
    problems = []
    first: dict[str, KeyPath] = {}
    parts: dict[str, list[Any]] = {
        "context": file.context,
        "criteria": file.criteria,
        "points": file.points,
        "evidence": file.evidence,
    }
    for part, entries in parts.items():
        for index, entry in enumerate(entries):
            path: KeyPath = (part, index, "id")
            if entry.id in first:
                message = f"the id '{entry.id}' stands twice (first in {place(first[entry.id])})."
                problems.append(Problem(path, "E215", message, "Each id must be the only one in the file."))
            first.setdefault(entry.id, path)
    known = [item.id for item in file.evidence]
    for index, point in enumerate(file.points):
        for position, wanted in enumerate(point.evidence):
            if wanted not in known:
                guess = _guess(wanted, known)
                hint = f"Did you mean '{guess}'?" if guess else "Add it under 'evidence', or drop it here."
                message = f"point '{point.id}' names evidence '{wanted}', which is not there."
                problems.append(Problem(("points", index, "evidence", position), "E216", message, hint))
    if file.sides.a.name.casefold() == file.sides.b.name.casefold():
        message = f"both sides are called '{file.sides.b.name}'."
        problems.append(Problem(("sides", "b", "name"), "E217", message, "A comparison needs two sides."))
    return problems


def _record(file: RubricFile, folder: str) -> Rubric:
    def side(key, entry: SideEntry) -> Side:
        return Side(key, entry.name, tuple(entry.aliases), entry.frame)

    stances = {k: v for k, v in file.judgement.stances.model_dump().items() if v}
    return Rubric(
        id=file.id,
        version=file.version,
        language=file.language,
        question=file.question,
        sides=(side("a", file.sides.a), side("b", file.sides.b)),
        judgement=JudgementRule(file.judgement.statement, stances, file.judgement.hint),
        points=tuple(
            Point(p.id, p.kind, p.statement, tuple(p.accept), tuple(p.reject), tuple(p.evidence), p.weight, p.hint)
            for p in file.points
        ),
        criteria=tuple(Criterion(c.id, c.statement, tuple(c.look_for), c.hint) for c in file.criteria),
        evidence=tuple(
            EvidenceItem(
                e.id, e.name, e.kind, tuple(e.aliases), e.side, e.date, dict(e.figures), tuple(e.facts), e.hint
            )
            for e in file.evidence
        ),
        context=tuple(ContextPoint(x.id, x.statement) for x in file.context),
        levels=tuple(Level(level.level, level.descriptor) for level in file.levels),
        source=file.source,
        folder=folder,
    )
