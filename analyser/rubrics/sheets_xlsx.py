"""The tables of a rubric as an Excel workbook, a sheet a part, comfortable to write in.

Every cell is text, so that ``1917-12`` stays what it is and nothing becomes a formula. openpyxl belongs to the
``class`` extra and is imported when it is needed.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

from analyser.errors import UsageError
from analyser.rubrics.schema import EVIDENCE_KINDS, EvidenceEntry
from analyser.rubrics.sheets import (
    COLUMNS,
    NOTE,
    QUESTION,
    REQUIRED,
    SheetProblem,
    Table,
    column_help,
    key_row_help,
    nearest,
    sheet_error,
)

TITLES = {part: part.capitalize() for part in COLUMNS}
HELP = "How to"
# Width of a column in characters.
WIDTHS: Mapping[str, int] = {
    "id": 7, "level": 9, "kind": 13, "side": 9, "date": 15, "weight": 8, "key": 18, "evidence": 14, "name": 34,
    "statement": 60, "descriptor": 80, "accept": 50, "reject": 40, "hint": 44, "aliases": 36, "figures": 32,
    "facts": 36, "look_for": 40, NOTE: 40, "value": 70, "what to write": 60,
}  # fmt: skip
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("points", "kind"): ("similarity", "difference"),
    ("evidence", "kind"): EVIDENCE_KINDS,
    ("evidence", "side"): get_args(EvidenceEntry.model_fields["side"].annotation),
}
SPARE_ROWS = 200  # empty rows below a part that have its lists to choose from
HEAD_FILL, HELP_COLOUR, CHECK_FILL = "1F3864", "595959", "FFF3B0"
MAX_CELL = 32_767  # characters, Excel's own limit
MAX_FILE, MAX_UNPACKED = 10_000_000, 100_000_000  # bytes; a rubric's workbook has about 20,000
MAX_ROWS, MAX_COLUMNS = 5_000, 60  # of a sheet; a rubric's has about 60 rows and 12 columns. More is told (E374)
HOW_TO = (
    "One sheet a part of the rubric. Change, add and delete rows as you like; the order of the rows is kept.",
    "Several items in one cell (aliases, accept, ...): one a line; Alt+Enter begins a new line (on a Mac, "
    "Control+Option+Enter).",
    "An id left empty is given for you. Change no id that feedback or corrections have already used.",
    "A row of a point, and of most parts, needs its text; every other cell may stay empty.",
    "A yellow note begins with 'check:'. Look at the row, then delete the note.",
    "Read it back with: analyser rubric import FILE.xlsx -o rubric.yaml",
)


def require_openpyxl() -> None:
    """Raise UsageError (E351) when openpyxl is not installed."""
    if find_spec("openpyxl") is None:
        raise UsageError(
            "E351",
            "reading and writing .xlsx needs a package that is not installed (openpyxl).",
            hint='Install it with: pip install "essay-analyser[class]", or use a .csv file.',
        )


# ---------------------------------------------------------------- out


def write_xlsx(tables: Sequence[Table], title: str) -> bytes:
    """The workbook's bytes; raises UsageError (E377) for a text too long for a cell."""
    require_openpyxl()
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = title
    book.remove(book.active)
    _write_help(book.create_sheet(HELP))
    for table in tables:
        _write_table(book.create_sheet(TITLES[table.part]), table)
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_help(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
    for row, text in enumerate(HOW_TO, start=1):
        _write(sheet.cell(row, 2), text)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    row = len(HOW_TO) + 2
    for part, columns in list(COLUMNS.items())[1:]:
        _write(sheet.cell(row, 1), TITLES[part])
        sheet.cell(row, 1).font = Font(bold=True)
        for column in columns:
            row += 1
            _write(sheet.cell(row, 1), column.replace("_", " "))
            choices = CHOICES.get((part, column))
            _write(
                sheet.cell(row, 2), column_help(part, column) + (f" One of: {', '.join(choices)}." if choices else "")
            )
            sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        row += 2


def _write_table(sheet: Any, table: Table) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    is_question = table.part == QUESTION
    columns = (*table.columns, "what to write") if is_question else table.columns
    top = Alignment(wrap_text=True, vertical="top")
    n_rows = len(table.cells)
    for index, column in enumerate(columns, start=1):
        head = sheet.cell(1, index)
        _write(head, column.replace("_", " "))
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=HEAD_FILL)
        head.alignment = top
        if column in table.columns:
            head.comment = Comment(column_help(table.part, column), "analyser", width=320, height=120)
        dimension = sheet.column_dimensions[head.column_letter]
        dimension.width, dimension.number_format, dimension.alignment = WIDTHS[column], "@", top
        if choices := CHOICES.get((table.part, column)):
            rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            rule.error = f"One of: {', '.join(choices)}."
            rule.errorTitle, rule.showErrorMessage = column, True
            rule.add(f"{head.column_letter}2:{head.column_letter}{n_rows + 1 + SPARE_ROWS}")
            sheet.add_data_validation(rule)
    for row, cells in enumerate(table.cells, start=2):
        texts = (*cells, key_row_help(cells[0])) if is_question else cells
        for index, (column, text) in enumerate(zip(columns, texts, strict=True), start=1):
            cell = sheet.cell(row, index)
            if len(text) > MAX_CELL:
                message = f"'{column}' of {cells[0]} has {len(text):,} characters; a cell holds {MAX_CELL:,}."
                raise UsageError("E377", message, hint="Export to .csv, or shorten it.")
            _write(cell, text)
            cell.number_format, cell.alignment = "@", top
            if column == "what to write" or (is_question and column == "key"):
                cell.font = Font(color=HELP_COLOUR, italic=column != "key")
            elif column == NOTE and "check:" in text:
                cell.fill = PatternFill("solid", fgColor=CHECK_FILL)
    sheet.freeze_panes = "B2" if is_question else "C2"
    if not is_question:
        sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(columns)).column_letter}{max(2, n_rows + 1)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _write(cell: Any, text: str) -> None:
    """Text as text: never a formula, a number, a date or an error, and still text after the cell was edited."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@'"


# ---------------------------------------------------------------- in


def read_xlsx(path: Path, data: bytes) -> tuple[list[Table], list[SheetProblem], list[str]]:
    """The tables in a workbook, what is wrong with its sheets, headings and cells, and the sheets left out."""
    require_openpyxl()
    from openpyxl import load_workbook

    _check_size(path, data)
    try:
        book = load_workbook(io.BytesIO(data))
    except Exception as error:  # openpyxl has no common class for broken files
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise sheet_error(
            str(path), "E372", f"the workbook cannot be opened ({reason}).", "Save it again as .xlsx."
        ) from None
    problems: list[SheetProblem] = []
    tables: list[Table] = []
    sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
    unread = [s.title for name, s in sheets.items() if name not in COLUMNS and s.title != HELP and s.max_row > 1]
    for part in COLUMNS:
        if part in sheets:
            tables.append(_read_table(sheets[part], part, problems))
        elif part in (QUESTION, "points"):
            hint = f"The workbook has: {', '.join(s.title for s in book.worksheets)}."
            problems.append(SheetProblem("the workbook", "E373", f"there is no sheet '{TITLES[part]}'.", hint))
    notices = []
    for title in unread:
        guess = nearest(title, [p for p in COLUMNS if p not in sheets])
        notices.append(f"The sheet '{title}' was not read. {guess}".strip())
    return tables, problems, notices


def _read_table(sheet: Any, part: str, problems: list[SheetProblem]) -> Table:
    title = TITLES[part]
    heads = [_name(cell.value) for cell in next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS))]
    known = (*COLUMNS[part], "what_to_write") if part == QUESTION else COLUMNS[part]
    for column in REQUIRED[part]:
        if column not in heads:
            found = ", ".join(filter(None, heads)) or "nothing"
            hint = f"Found: {found}. The first row of the sheet names its columns."
            problems.append(SheetProblem(f"sheet {title}, row 1", "E373", f"there is no column '{column}'.", hint))
    at = {column: heads.index(column) for column in COLUMNS[part] if column in heads}
    problems += _beyond(sheet, title)
    rows = list(_filled_rows(sheet))
    for index, name in enumerate(heads):
        cell = sheet.cell(1, index + 1)
        place = f"sheet {title}, cell {cell.coordinate}"
        if name and heads.index(name) != index:
            problems.append(SheetProblem(place, "E374", f"the column '{name}' stands twice.", "Keep one of them."))
        elif name and name not in known and any(row[index].value is not None for row in rows):
            hint = f"{nearest(name, known)}Allowed: {', '.join(COLUMNS[part])}; or delete the column."
            problems.append(SheetProblem(place, "E374", f"there is no column '{name}' in this part.", hint))
    cells, places = [], []
    for row in rows:
        cells.append(tuple(_text(row[at[c]], title, problems) if c in at else "" for c in COLUMNS[part]))
        places.append(tuple(f"sheet {title}, cell {row[at.get(c, 0)].coordinate}" for c in COLUMNS[part]))
    return Table(part, COLUMNS[part], tuple(cells), tuple(places))


def _beyond(sheet: Any, title: str) -> list[SheetProblem]:
    """The first cell below the rows that are read, and the first beside the columns."""
    if sheet.max_row <= MAX_ROWS and sheet.max_column <= MAX_COLUMNS:
        return []
    # The public iterators would make every empty cell up to the last one.
    filled = [place for place, cell in sheet._cells.items() if cell.value is not None]
    below = min((place for place in filled if place[0] > MAX_ROWS), default=None)
    beside = min((place for place in filled if place[1] > MAX_COLUMNS), default=None)
    return [
        SheetProblem(f"sheet {title}, cell {sheet.cell(*place).coordinate}", "E374", message, hint)
        for place, message, hint in (
            (below, f"only the first {MAX_ROWS:,} rows of a sheet are read.", "Move it up, or delete the row."),
            (beside, f"only the first {MAX_COLUMNS} columns of a sheet are read.", "Move it, or delete the column."),
        )
        if place is not None
    ]


def _filled_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    for row in sheet.iter_rows(min_row=2, max_row=min(sheet.max_row, MAX_ROWS) if sheet.max_row > 1 else 2,
                               max_col=MAX_COLUMNS):  # fmt: skip
        if any(cell.value is not None for cell in row):
            yield row


def _name(value: Any) -> str:
    return "_".join(str(value).strip().lower().split()) if value is not None else ""


def _text(cell: Any, title: str, problems: list[SheetProblem]) -> str:
    """What a cell says, as text; numbers and dates that a spreadsheet made of it are turned back."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e") or isinstance(value, dt.time | dt.timedelta):
        kind = {"f": "a formula", "e": "an error value"}.get(cell.data_type, "a time")
        shown = str(getattr(value, "text", value))[:40]
        place = f"sheet {title}, cell {cell.coordinate}"
        problems.append(SheetProblem(place, "E375", f"this is {kind} ('{shown}').", "Type the text itself."))
        return ""
    if isinstance(value, dt.datetime | dt.date):
        has_day = "d" in cell.number_format.lower().replace("[$-", "")
        return value.strftime("%Y-%m-%d" if has_day else "%Y-%m").lstrip("0")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if cell.number_format.endswith("%"):
            return f"{value * 100:.10g}%"
        return f"{value:.15g}"
    return str(value).replace("_x000D_", "")


def _check_size(path: Path, data: bytes) -> None:
    if len(data) > MAX_FILE:
        raise sheet_error(
            str(path), "E372", f"the file has {len(data):,} bytes; a rubric's may have {MAX_FILE:,}.", "Right file?"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            n_unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        is_old = data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        found = "an old Excel file (.xls) or one with a password" if is_old else "no Excel workbook"
        raise sheet_error(str(path), "E372", f"this is {found}.", "Save it as .xlsx without a password.") from None
    if n_unpacked > MAX_UNPACKED:
        raise sheet_error(str(path), "E372", f"the file unpacks to {n_unpacked:,} bytes.", "Is this a rubric?")
