"""Rubric file -> spreadsheet -> rubric file, by the suffix of the spreadsheet."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from analyser.errors import RubricError, UsageError
from analyser.rubrics.editing_files import save_whole
from analyser.rubrics.sheets import ImportedRubric, rubric_of, sheet_error, tables_of

SUFFIXES = (".xlsx", ".csv")
OTHER_FORMATS = {
    ".xls": "Excel's format before 2007", ".ods": "an OpenDocument spreadsheet", ".numbers": "an Apple Numbers file",
    ".xlsm": "a workbook with macros", ".tsv": "a table with tabs", ".txt": "plain text", ".gsheet": "only a link",
}  # fmt: skip
# The part of a workbook that holds when it was written.
PROPERTIES = "docProps/core.xml"


def export_rubric(file: Path, output: Path) -> Path | None:
    """Write the rubric in ``file`` as a spreadsheet; another that stood there is kept beside it, its path returned.

    Raises RubricError and UsageError (E305, E351, E377, E378).
    """
    check_suffix(output)
    try:
        text = _read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RubricError(
            "E203", "this is not UTF-8 text.", where=str(file), hint="Give a rubric.yaml, saved as UTF-8 text."
        ) from None
    tables = tables_of(text, str(file))
    if output.suffix.lower() == ".csv":
        from analyser.rubrics.sheets_csv import write_csv

        data = write_csv(tables)
    else:
        from analyser.rubrics.sheets_xlsx import write_xlsx

        data = write_xlsx(tables, file.parent.name)
    return _save(output, data)


def import_rubric(sheet: Path) -> ImportedRubric:
    """The rubric in a spreadsheet; raises RubricError with every mistake and its cell."""
    if sheet.is_dir():
        raise RubricError("E201", "this is a folder.", where=str(sheet), hint="Give the spreadsheet in it.")
    if not sheet.is_file():
        raise RubricError("E201", "there is no file of this name.", where=str(sheet), hint="Check its name and folder.")
    check_suffix(sheet)
    data = _read(sheet)
    notices: list[str] = []
    if sheet.suffix.lower() == ".csv" and data[:2] != b"PK":
        from analyser.rubrics.sheets_csv import read_csv

        tables, problems = read_csv(sheet, data)
    else:
        from analyser.rubrics.sheets_xlsx import read_xlsx

        tables, problems, notices = read_xlsx(sheet, data)
    found = rubric_of(tables, str(sheet), problems)
    return replace(found, notices=(*notices, *found.notices))


def save_imported(text: str, output: Path) -> Path | None:
    """Write an imported rubric; a file that stood there is kept beside it, and its path returned."""
    return _save(output, text.encode("utf8"))


def check_suffix(path: Path) -> None:
    """Raise UsageError (E378) when a file is neither .xlsx nor .csv."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        what = OTHER_FORMATS.get(suffix)
        message = f"this is {what}." if what else f"the suffix is '{suffix}'."
        raise UsageError(
            "E378", message, where=str(path), hint="Use .xlsx or .csv; every spreadsheet program saves them."
        )


def _save(output: Path, data: bytes) -> Path | None:
    kept = None
    if output.is_file() and _content(before := _read(output)) != _content(data):
        kept = output.with_name(f"{output.name}.bak")
        save_whole(kept, before)
    save_whole(output, data)
    return kept


def _content(data: bytes) -> bytes | dict[str, int]:
    """What tells two files apart: of a workbook, the checksums of its parts but for the time of writing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: info.CRC for info in archive.infolist() if info.filename != PROPERTIES}
    except zipfile.BadZipFile:
        return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise sheet_error(
            str(path), "E201", f"the file cannot be read ({error.strerror}).", "May you open it?"
        ) from None
