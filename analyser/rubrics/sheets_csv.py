"""The tables of a rubric as one CSV file, whose first column says which part a row belongs to.

Written for Excel: UTF-8 with a mark, commas, CRLF. A cell that a spreadsheet would take for a formula or turn into a
date gets an apostrophe in front, and loses it again when it is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analyser.rubrics.sheets import (
    COLUMNS,
    NOTE,
    SheetProblem,
    Table,
    nearest,
    sheet_error,
)

# The one heading under which the columns of several parts stand; any other column keeps its name.
HEADING: Mapping[tuple[str, str], str] = {
    ("question", "key"): "id",
    ("question", "value"): "text",
    ("levels", "level"): "id",
    ("levels", "descriptor"): "text",
    ("evidence", "name"): "text",
} | {(part, "statement"): "text" for part in ("points", "criteria", "context")}
HEADINGS = (
    "part", "id", "kind", "text", "side", "date", "evidence", "aliases", "accept", "reject", "look_for", "figures",
    "facts", "weight", "hint", NOTE,
)  # fmt: skip
DELIMITERS = ",;\t"  # of Excel in English, in most of Europe, and of "Unicode text"
FORMULA = re.compile(r"[=+\-@\t]")
# What a spreadsheet makes a date of: 1917-12, 12/1917, 5 January 1918, Jan 1918.
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATELIKE = re.compile(
    rf"\d{{1,4}}[-/]\d{{1,4}}(?:[-/]\d{{1,4}})?|(?:\d{{1,2}} )?(?:{MONTHS})[a-z]*\.?,? \d{{1,4}}(?:, \d{{2,4}})?", re.I
)


def write_csv(tables: Sequence[Table]) -> bytes:
    """The file's bytes."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for table in tables:
        for row in table.cells:
            cells = {HEADING.get((table.part, c), c): _guarded(v) for c, v in zip(table.columns, row, strict=True)}
            writer.writerow([table.part, *(cells.get(heading, "") for heading in HEADINGS[1:])])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf8")


def read_csv(path: Path, data: bytes) -> tuple[list[Table], list[SheetProblem]]:
    """The tables in a CSV file, and what is wrong with its headings and parts."""
    text = _decoded(data).lstrip("\ufeff")
    if "\0" in text:
        raise sheet_error(str(path), "E372", "this is no CSV file.", "Save it again as .csv or .xlsx.")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise sheet_error(str(path), "E372", f"this is no CSV file ({error}).", "Save it again as .csv.") from None
    names = ["_".join(cell.strip().lower().split()) for cell in rows[0]] if rows else []
    if "part" not in names:
        message = f"the first row has no column 'part' (found: {', '.join(filter(None, names)) or 'nothing'})."
        hint = f"The first row names the columns: {', '.join(HEADINGS)}."
        raise sheet_error(str(path), "E373", message, hint, "row 1")
    problems = [_unknown(column, name) for column, name in enumerate(names) if _has_unknown(name, column, rows)]
    cells: dict[str, list[tuple[str, ...]]] = {part: [] for part in COLUMNS}
    places: dict[str, list[tuple[str, ...]]] = {part: [] for part in COLUMNS}
    at = {name: names.index(name) for name in names}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        part = row[at["part"]].strip().lower() if len(row) > at["part"] else ""
        if part not in COLUMNS:
            hint = f"{nearest(part, list(COLUMNS))}Allowed: {', '.join(COLUMNS)}."
            problems.append(SheetProblem(f"cell {letter(at['part'])}{number}", "E374", f"the part is '{part}'.", hint))
            continue
        heads = [HEADING.get((part, column), column) for column in COLUMNS[part]]
        cells[part].append(tuple(_bare(row[at[head]]) if head in at and len(row) > at[head] else "" for head in heads))
        places[part].append(tuple(f"cell {letter(at.get(head, 0))}{number}" for head in heads))
        problems += [
            SheetProblem(
                f"cell {letter(at[head])}{number}",
                "E374",
                f"'{head}' does not belong to the part {part}.",
                f"Move it or empty the cell; {part} has: {', '.join(dict.fromkeys(heads))}.",
            )
            for head in HEADINGS[1:]
            if head not in heads and head in at and len(row) > at[head] and row[at[head]].strip()
        ]
    tables = [Table(p, COLUMNS[p], tuple(cells[p]), tuple(places[p])) for p in COLUMNS if cells[p]]
    return tables, problems


def letter(column: int) -> str:
    """The letter of a column as spreadsheets write it; 0 is A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _has_unknown(name: str, column: int, rows: Sequence[Sequence[str]]) -> bool:
    return name not in HEADINGS and any(len(row) > column and row[column].strip() for row in rows)


def _unknown(column: int, name: str) -> SheetProblem:
    hint = f"{nearest(name, HEADINGS)}Allowed: {', '.join(HEADINGS)}; or delete the column."
    return SheetProblem(f"cell {letter(column)}1", "E374", f"there is no column '{name}' in a rubric.", hint)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _guarded(text: str) -> str:
    return f"'{text}" if _needs_guard(text) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def _needs_guard(text: str) -> bool:
    if text.startswith("'"):
        return _needs_guard(text[1:])
    return bool(FORMULA.match(text) or DATELIKE.fullmatch(text))
