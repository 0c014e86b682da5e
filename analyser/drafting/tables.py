"""Tables of a model answer: their rows, and what each row says in words.

The readers of drafts bring a table's cells as paragraphs, in order. Here the rows are read again (Word and Markdown)
and put in the place of their cells: a row that sets one side against the other becomes a difference, a column headed
"Similarities" a part of that name, a row of point and example a point with its example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analyser.drafting.cue_groups import has_cue
from analyser.records import Block, BlockKind, Essay, Side
from analyser.rubrics.words import find_words, stem
from analyser.text.formats.archive import read_xml
from analyser.text.reading import BLOCK_GAP

Row = list[str]
WORD_PART = "word/document.xml"
SAME = re.compile(r"\W*(?:the )?same\b|\W*as (?:for|with)\b|\W*(?:also|likewise)\W*$", re.I)
EXAMPLE_HEADING = re.compile(r"evidence|example|support|detail|fact", re.I)
# How a row that sets the sides against each other is put into words; wording.py leaves it as it is.
AGAINST = "{aspect} – {a}: {cell_a}, whereas {b}: {cell_b}"
ALIKE = "{aspect} – both {a} and {b}: {cell_a}"


def read_tables(path: Path) -> list[list[Row]]:
    """The tables of a Word or Markdown file, each a list of rows of cells; none for other files."""
    suffix = path.suffix.lower()
    try:
        data = path.read_bytes()
    except OSError:
        return []
    if data[:2] == b"PK":
        return _word_tables(data, str(path))
    return list(_pipe_tables(data.decode("utf8", errors="replace"))) if suffix in (".md", ".markdown", ".txt") else []


def with_rows(essay: Essay, tables: Sequence[Sequence[Row]], sides: Sequence[Side]) -> Essay:
    """The essay with the cells of its tables replaced by what their rows say."""
    pieces: list[tuple[BlockKind, int, str]] = [(b.kind, b.level, essay.text[b.start : b.end]) for b in essay.blocks]
    for table in tables:
        cells = [_key(line) for row in table for cell in row for line in cell.split("\n") if _key(line)]
        keys = [_key(text) for _, _, text in pieces]
        start = next((k for k in range(len(keys) - len(cells) + 1) if keys[k : k + len(cells)] == cells), None)
        if start is not None and cells:
            pieces[start : start + len(cells)] = [(kind, 0, text) for kind, text in _told(table, sides)]
    blocks, position = [], 0
    for kind, level, text in pieces:
        blocks.append(Block(position, position + len(text), kind, level))
        position += len(text) + len(BLOCK_GAP)
    text = BLOCK_GAP.join(text for _, _, text in pieces)
    return Essay(essay.id, essay.source, text, tuple(blocks), essay.notices)


def _key(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


# ---------------------------------------------------------------- what rows say


def _told(table: Sequence[Row], sides: Sequence[Side]) -> Iterator[tuple[BlockKind, str]]:
    header, rows = table[0], table[1:]
    places = [_side_column(header, side) for side in sides]
    if len(places) == 2 and None not in places and places[0] != places[1] and rows:
        yield from _set_against(header, rows, [p for p in places if p is not None], sides)
    elif sum(has_cue(cell, "likeness_head", "contrast_head") for cell in header) > 1:
        for column, heading in enumerate(header):
            yield "heading", heading
            for row in rows:
                yield from (("list_item", line) for line in _lines(row, column))
    else:
        yield from _by_row(header, rows)


def _set_against(
    header: Row, rows: Sequence[Row], places: Sequence[int], sides: Sequence[Side]
) -> Iterator[tuple[BlockKind, str]]:
    """Rows of a table with a column for each side."""
    first, second = places
    alike: list[str] = []
    unlike: list[str] = []
    for row in rows:
        if max(places) >= len(row) or not (row[first].strip() and row[second].strip()):
            continue
        aspect = "; ".join(c.strip() for k, c in enumerate(row) if k not in places and c.strip()) or header[0]
        cells = [_line(row[first]), _line(row[second])]
        is_same = SAME.match(cells[1]) is not None or _key(cells[0]) == _key(cells[1])
        form = ALIKE if is_same else AGAINST
        told = form.format(
            aspect=aspect[:1].upper() + aspect[1:], a=sides[0].name, b=sides[1].name, cell_a=cells[0], cell_b=cells[1]
        )
        (alike if is_same else unlike).append(told)
    for heading, told_rows in (("Similarities", alike), ("Differences", unlike)):
        if told_rows:
            yield "heading", heading
            yield from (("list_item", told) for told in told_rows)


def _by_row(header: Row, rows: Sequence[Row]) -> Iterator[tuple[BlockKind, str]]:
    """Other tables: a cell that names a part heads its row; a column of examples supports the cell before it."""
    is_example = [EXAMPLE_HEADING.search(cell) is not None for cell in header]
    is_headed = any(is_example) or all(len(cell.split()) <= 3 for cell in header)
    part = ""
    for row in rows if is_headed else [header, *rows]:
        label = next((c for c in row[:1] if _is_part(c)), "")
        if label and label != part:
            part = label
            yield "heading", label
        cells = [(k, _line(c)) for k, c in enumerate(row) if c.strip() and not (k == 0 and label)]
        text = ""
        for k, cell in cells:
            supports = is_headed and k < len(is_example) and is_example[k] and text
            text = (
                f"{text.rstrip('.')}. For example, {cell}"
                if supports
                else f"{text.rstrip('.')}: {cell}"
                if text
                else cell
            )
        if text:
            yield "list_item", text


def _is_part(cell: str) -> bool:
    return len(cell.split()) <= 4 and has_cue(
        cell, "likeness_head", "contrast_head", "criteria", "judgement", "opening"
    )


def _side_column(header: Row, side: Side) -> int | None:
    """The column whose heading has most words of a side's name."""
    wanted = {stem(w.key) for name in (side.name, *side.aliases) for w in find_words(name)}
    scores = [len(wanted & {stem(w.key) for w in find_words(cell)}) for cell in header]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _lines(row: Row, column: int) -> list[str]:
    return [line.strip(" •-–*") for line in row[column].split("\n") if line.strip(" •-–*")] if column < len(row) else []


def _line(cell: str) -> str:
    return " ".join(cell.split()).rstrip(".")


# ---------------------------------------------------------------- reading


def _pipe_tables(text: str) -> Iterator[list[Row]]:
    """Markdown tables: lines of cells between bars, with a line of dashes below the first."""
    rows: list[Row] = []
    for line in [*text.split("\n"), ""]:
        if re.match(r"\s*\|.*\|\s*$", line):
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", c) for c in cells):
                rows.append(cells)
        else:
            if len(rows) > 1:
                yield rows
            rows = []


def _word_tables(data: bytes, name: str) -> list[list[Row]]:
    document = read_xml(data, WORD_PART, name)
    if document is None:
        return []
    tables = []
    for table in _all(document, "tbl"):
        rows = []
        for row in _all(table, "tr"):
            rows.append(["\n".join(_text(p) for p in _all(cell, "p")) for cell in _all(row, "tc")])
        if len(rows) > 1:
            tables.append([row for row in rows if row])
    return tables


def _all(parent: Any, local: str) -> list[Any]:
    return [e for e in parent.iter() if str(e.tag).rpartition("}")[2] == local]


def _text(paragraph: Any) -> str:
    return "".join(e.text or "" for e in _all(paragraph, "t"))
