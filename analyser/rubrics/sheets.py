"""A rubric as tables, one a part, and back: what the spreadsheets of ``rubric export`` and ``import`` hold.

A cell holds text. Lists stand one item a line; ids of evidence are joined by commas; figures stand one a line as
"what: number". Comments of the file go into the column ``note`` of the entry they stand at. Nothing here knows a file
format: ``sheets_xlsx`` and ``sheets_csv`` do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from analyser.errors import RubricError
from analyser.rubrics.editing import PARTS, Place, find_comments, read_rubric_text, write_rubric_text
from analyser.rubrics.json_schema import key_help
from analyser.rubrics.positions import KeyPath, parse_yaml
from analyser.rubrics.reading import GUESS_CUTOFF, find_problems, rubric_from_text

NOTE = "note"
QUESTION = "question"  # the part that holds what stands once in a rubric, a row each
COLUMNS: Mapping[str, tuple[str, ...]] = {
    QUESTION: ("key", "value", NOTE),
    "points": ("id", "kind", "statement", "accept", "reject", "evidence", "weight", "hint", NOTE),
    "evidence": ("id", "name", "kind", "side", "date", "aliases", "figures", "facts", "hint", NOTE),
    "criteria": ("id", "statement", "look_for", "hint", NOTE),
    "context": ("id", "statement", NOTE),
    "levels": ("level", "descriptor", NOTE),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {part: columns[:2] for part, columns in COLUMNS.items()} | {
    "points": ("kind", "statement"),
    "evidence": ("name",),
    "criteria": ("statement",),
    "context": ("statement",),
}
MODEL_BY_PART = {
    "points": "PointEntry", "evidence": "EvidenceEntry", "criteria": "CriterionEntry", "context": "ContextEntry",
    "levels": "LevelEntry",
}  # fmt: skip
# The rows of the part "question": how a key is called there, and its path in the file.
PATH_BY_KEY: Mapping[str, KeyPath] = {
    "id": ("id",),
    "version": ("version",),
    "language": ("language",),
    "question": ("question",),
    **{f"side {s}: {k}": ("sides", s, k) for s in ("a", "b") for k in ("name", "aliases", "frame")},
    "judgement": ("judgement", "statement"),
    **{f"if {stance}": ("judgement", "stances", stance) for stance in ("similar", "different", "mixed")},
    "judgement: hint": ("judgement", "hint"),
    "source": ("source",),
}
MODEL_BY_PARENT: Mapping[KeyPath, str] = {
    (): "RubricFile",
    ("judgement",): "JudgementEntry",
    ("judgement", "stances"): "StancesEntry",
}
# What the column "side" takes; a side called "None" or "Both" does not change what these mean.
SIDES = ("a", "b", "both", "none")
LISTS = frozenset(("accept", "reject", "aliases", "look_for", "facts"))
PREFIX_BY_PART = {"evidence": "E", "criteria": "C", "context": "X"}
PREFIX_BY_KIND = {"similarity": "S", "difference": "D"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """One part of a rubric. ``cells`` are rows of text; ``places`` says where each cell of a read file stands."""

    part: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    places: tuple[tuple[str, ...], ...] = ()

    def place(self, row: int, column: str) -> str:
        """Where a cell stands, or where its row does when the column is not there."""
        if row >= len(self.places):
            return f"sheet {self.part.capitalize()}"
        return self.places[row][self.columns.index(column) if column in self.columns else 0]


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One thing wrong with a spreadsheet."""

    place: str
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRubric:
    """A rubric file's text made from tables, and what was done on the way that a teacher should know."""

    text: str
    notices: tuple[str, ...]


# ---------------------------------------------------------------- out


def tables_of(text: str, name: str) -> list[Table]:
    """The tables of a valid rubric file."""
    read = read_rubric_text(text, name)
    data, _ = parse_yaml(read.text, name)
    notes: dict[tuple[str, str], list[str]] = {(chunk.part, chunk.id): chunk.notes() for chunk in read.items()}
    said = str(data)
    between = [c for chunk in read.chunks if not chunk.part for c in find_comments(chunk.text, said)]
    rows = [
        (key, _cell(path[-1], value), "")
        for key, path in PATH_BY_KEY.items()
        if (value := _at(data, path)) or key in ("judgement: hint", "side a: aliases", "side b: aliases")
    ]
    loose = [c.removeprefix("#").removeprefix(" ") for c in between]
    for key, part in (("question", "question"), ("side a: name", "sides"), ("judgement", "judgement")):
        rows = [(k, v, "\n".join(notes[part, part]) if k == key else n) for k, v, n in rows]
    rows[0] = (*rows[0][:2], "\n".join(loose))
    tables = [Table(QUESTION, COLUMNS[QUESTION], tuple(rows))]
    for part, columns in list(COLUMNS.items())[1:]:
        cells = [
            tuple(
                "\n".join(notes.get((part, entry.get("id", "")), [])) if c == NOTE else _cell(c, entry.get(c, ""), part)
                for c in columns
            )
            for entry in data.get(part) or []
        ]
        tables.append(Table(part, columns, tuple(cells)))
    return tables


def column_help(part: str, column: str) -> str:
    """What to write in a column, in a teacher's words."""
    if column == NOTE:
        return "Your own remarks; they become comments of the rubric file. What begins with 'check:' wants your eye."
    if part == QUESTION:
        return {"key": "What it is. Leave these as they are.", "value": "What to write is told beside."}[column]
    ways = "One a line (Alt+Enter). " if column in LISTS or column == "figures" else ""
    return ways + key_help()[MODEL_BY_PART[part]][column]


def key_row_help(key: str) -> str:
    """What to write in the row of a key of the sheet Question."""
    path = PATH_BY_KEY[key]
    ways = "One a line (Alt+Enter). " if path[-1] in LISTS else ""
    return ways + key_help()[MODEL_BY_PARENT.get(path[:-1], "SideEntry")][str(path[-1])]


def _at(data: Any, path: KeyPath) -> Any:
    for key in path:
        data = data.get(key, "") if isinstance(data, dict) else ""
    return data


def _cell(column: str | int, value: Any, part: str = "") -> str:
    if isinstance(value, Mapping):
        return "\n".join(_line(f"{_label(k)}: {v.strip()}") for k, v in value.items())
    if isinstance(value, str):
        return _clean(value).strip()
    return ", ".join(value) if (part, column) == ("points", "evidence") else "\n".join(_line(v) for v in value)


def _clean(text: str) -> str:
    return CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(item: str) -> str:
    """An item of a list on one line; one that holds a line end is written as a JSON string."""
    item = _clean(item).strip()
    return json.dumps(item, ensure_ascii=False) if _needs_quotes(item) else item


def _item(line: str) -> str:
    quoted = _quoted(line)
    return quoted if quoted is not None and _needs_quotes(quoted) else line


def _needs_quotes(item: str) -> bool:
    quoted = _quoted(item)
    return "\n" in item or (quoted is not None and _needs_quotes(quoted))


def _quoted(line: str) -> str | None:
    """The text that a line holds as a JSON string, or None when it is no such string."""
    if not (line.startswith('"') and line.endswith('"')):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _label(label: str) -> str:
    """What a figure counts; quoted where the colon behind it could not be told from one inside."""
    is_plain = label == " ".join(label.split()) and label and ":" not in label and not label.startswith('"')
    return label if is_plain else json.dumps(_clean(label), ensure_ascii=False)


# ---------------------------------------------------------------- in


def rubric_of(tables: Sequence[Table], name: str, problems: Sequence[SheetProblem] = ()) -> ImportedRubric:
    """A rubric file's text from tables; every mistake is told at once, with its cell.

    ``problems`` are those that reading the file has found already.
    """
    reader = _Reader(tables)
    found = [*problems, *reader.problems]
    rest = [
        SheetProblem(reader.place(p.path), p.code, p.message, p.hint)
        for p in find_problems(reader.data, reader.place)
        if not (found and p.code == "E212")  # what is missing may be what could not be read
    ]
    _raise(name, [*found, *sorted(rest, key=lambda p: p.code == "E212")])
    text = write_rubric_text(reader.data, reader.notes)
    rubric_from_text(text, name)
    return ImportedRubric(text, tuple(reader.notices))


def sheet_error(name: str, code: str, message: str, hint: str = "", place: str = "") -> RubricError:
    """The error for a file that cannot be read as a spreadsheet at all."""
    return RubricError(code, message, where=f"{name}: {place}" if place else name, hint=hint)


def nearest(word: str, choices: Sequence[str]) -> str:
    """'Did you mean ...?' for a misspelt name, or nothing."""
    found = process.extractOne(word.lower(), choices, scorer=fuzz.ratio, score_cutoff=GUESS_CUTOFF)
    return f"Did you mean '{found[0]}'? " if found else ""


def _raise(name: str, problems: Sequence[SheetProblem]) -> None:
    if not problems:
        return
    first, *others = problems
    more = "".join(
        f"\n{p.code}: {name}: {p.place}: {p.message} {p.hint}".rstrip() for p in others[: SHOWN_PROBLEMS - 1]
    )
    if len(others) >= SHOWN_PROBLEMS:
        more += f"\n... and {len(others) - SHOWN_PROBLEMS + 1} more"
    raise RubricError(first.code, first.message, where=f"{name}: {first.place}", hint=first.hint + more)


@dataclass
class _Reader:
    """The data of a rubric from its tables, with the cell of every key path."""

    tables: Sequence[Table]
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    notes: dict[Place, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    place_by_path: dict[KeyPath, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_part = {table.part: table for table in self.tables}
        if QUESTION in by_part:
            self._read_question(by_part[QUESTION])
        for part in COLUMNS:
            if part != QUESTION and part in by_part:
                self._read_part(by_part[part])

    def place(self, path: KeyPath) -> str:
        part = path[0] if path and path[0] in COLUMNS else QUESTION
        while path and path not in self.place_by_path:
            path = path[:-1]
        return self.place_by_path.get(path, f"sheet {str(part).capitalize()}")

    def _read_question(self, table: Table) -> None:
        for row, key, value, note in _rows(table, COLUMNS[QUESTION]):
            path = PATH_BY_KEY.get(" ".join(key.lower().split()))
            place = table.place(row, "value")
            if path is None:
                if key or value:
                    allowed = ", ".join(PATH_BY_KEY)
                    hint = f"{nearest(key, list(PATH_BY_KEY))}Allowed: {allowed}."
                    self.problems.append(SheetProblem(table.place(row, "key"), "E374", f"the key is '{key}'.", hint))
                continue
            if path in self.place_by_path:
                hint = f"It stands in {self.place_by_path[path]} already; keep one of them."
                self.problems.append(SheetProblem(table.place(row, "key"), "E374", f"'{key}' stands twice.", hint))
                continue
            for length in range(1, len(path) + 1):
                self.place_by_path.setdefault(path[:length], place)
            if note:
                self.notes[("", path[0])] = [*self.notes.get(("", path[0]), []), *note.split("\n")]
            if value:
                target = self.data
                for step in path[:-1]:
                    target = target.setdefault(str(step), {})
                target[str(path[-1])] = self._value(str(path[-1]), value, place)

    def _read_part(self, table: Table) -> None:
        part, columns = table.part, COLUMNS[table.part]
        entries: list[dict[str, Any]] = []
        nameless: list[tuple[int, dict[str, Any]]] = []
        for row, *cells in _rows(table, columns):
            values = dict(zip(columns, cells, strict=True))
            note = values.pop(NOTE)
            if not any(values.values()):
                continue
            position = len(entries)
            self.place_by_path[(part, position)] = table.place(row, columns[0])
            entry: dict[str, Any] = {}
            for column, value in values.items():
                place = table.place(row, column)
                self.place_by_path[(part, position, column)] = place
                if value:
                    entry[column] = self._value(column, value, place, part)
            if note:
                self.notes[(part, position)] = note.split("\n")
            if part in PARTS and "id" not in entry:
                nameless.append((row, entry))
            entries.append(entry)
        if entries:
            self.data[part] = entries
            self.place_by_path.setdefault((part,), table.place(0, columns[0]))
        for row, entry in nameless:
            prefix = PREFIX_BY_PART.get(part) or PREFIX_BY_KIND.get(entry.get("kind", ""))
            if prefix:
                entry["id"] = _next_id(prefix, [e.get("id", "") for e in entries])
                self.notices.append(f"{table.place(row, columns[0])}: the id was left empty and is now {entry['id']}.")
        for position, entry in enumerate(entries):
            ordered = {c: entry[c] for c in columns if c in entry}
            entries[position] = ordered

    def _value(self, column: str, value: str, place: str, part: str = "") -> Any:
        if column in LISTS:
            return [_item(line.strip()) for line in value.split("\n") if line.strip()]
        if (part, column) == ("points", "evidence"):
            return [link for link in re.split(r"[,;\s]+", value) if link]
        if column == "figures":
            return dict(self._figures(value, place))
        if column in ("kind", "side"):
            return self._choice(column, value)
        return value

    def _choice(self, column: str, value: str) -> str:
        """A kind or side whatever its capitals; a side may be given by its name, unless that is a key itself."""
        if column == "side" and value.casefold() not in SIDES:
            for key in ("a", "b"):
                if value.casefold() == str(_at(self.data, ("sides", key, "name"))).casefold():
                    return key
        return value.lower()

    def _figures(self, value: str, place: str) -> Iterator[tuple[str, str]]:
        for line in (line.strip() for line in value.split("\n") if line.strip()):
            line = _item(line)
            label, number = _split_figure(line)
            if label is None:
                hint = "Write what it counts, a colon and the number, such as: fine: £70,650."
                self.problems.append(SheetProblem(place, "E376", f"'{line}' has no colon.", hint))
            else:
                yield label, number


def _split_figure(line: str) -> tuple[str | None, str]:
    if line.startswith('"'):
        try:
            label, end = json.JSONDecoder().raw_decode(line)
        except ValueError:
            label, end = None, 0
        if isinstance(label, str) and line[end : end + 1] == ":":
            return label, line[end + 1 :].strip()
    label, colon, number = line.partition(":")
    return (label.strip(), number.strip()) if colon else (None, "")


def _rows(table: Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """(row, the text of each of ``columns``) for each row that holds something."""
    at = {column: table.columns.index(column) for column in columns if column in table.columns}
    for row, cells in enumerate(table.cells):
        texts = [_clean(cells[at[c]]).strip("\n ") if c == NOTE and c in at else
                 _clean(cells[at[c]]).strip() if c in at else "" for c in columns]  # fmt: skip
        if any(texts):
            yield row, *texts


def _next_id(prefix: str, taken: Sequence[str]) -> str:
    numbers = [i[len(prefix) :] for i in taken if i.startswith(prefix) and i[len(prefix) :].isdigit()]
    width = max((len(n) for n in numbers if n.startswith("0")), default=0)
    return f"{prefix}{max(map(int, numbers), default=0) + 1:0{width}d}"
