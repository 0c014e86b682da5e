"""What goes back to a learning platform: the feedback files under the names it goes by, and Moodle's worksheet.

No mark is ever sent: the grade column stays empty, and Moodle then imports the comment alone.
Sources: moodle mod/assign/feedback/file/importziplib.php and feedback/offline/importgradeslib.php; canvas-lms
Assignment#infer_comment_context_from_filename.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path, PurePosixPath

from analyser.report.class_report import ClassReport, Row, Said
from analyser.report.stable_zip import StableZip

# Headings of Moodle's worksheet that matter, in the languages whose exports have been seen. The file made when no
# worksheet is given has the English ones, since the import compares them with the site's language.
ID_HEADINGS = ("Identifier", "ID", "Identificador", "Identifiant")
GRADE_HEADINGS = ("Grade", "Bewertung", "Calificación", "Note")
COMMENT_HEADINGS = (
    "Feedback comments",
    "Feedback als Kommentar",
    "Comentarios de retroalimentación",
    "Feedback par commentaires",
)
MADE_HEADER = ("Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments")
NEVER = "-"  # what Moodle writes for "never" in its date columns
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def feedback_zip(report: ClassReport, folder: Path, file: Path) -> None:
    """Pack each student's feedback under the prefix of what was handed in; unplaceable ones are left out."""
    taken: set[str] = set()
    with StableZip(file) as archive:
        for row in report.rows:
            for path in _files(report, row, folder) if row.prefix else ():
                stem = f"{row.prefix}{_short(PurePosixPath(row.file).stem)} feedback"
                n = 1
                while (name := f"{stem}{'' if n == 1 else f' {n}'}{path.suffix}") in taken:
                    n += 1
                taken.add(name)
                archive.add(name, path.read_bytes())


def moodle_worksheet(report: ClassReport, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The grading worksheet with the comments filled in and the grades left blank.

    ``header`` and ``rows`` are those of the worksheet that Moodle exported; when there is none, one is made that holds
    the columns the import asks for.
    """
    id_column = _column(header, ID_HEADINGS)
    by_id = {row.platform_id: row for row in report.rows if row.platform_id}
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\r\n")
    if id_column is None or not any(re.search(r"\d", row[id_column]) for row in rows if len(row) > id_column):
        table.writerow(MADE_HEADER)
        for row in by_id.values():
            table.writerow([f"Participant {row.platform_id}", safe_cell(row.student), "", NEVER, comment(row)])
        return buffer.getvalue()
    grade, comments = _column(header, GRADE_HEADINGS), _column(header, COMMENT_HEADINGS)
    table.writerow([*header, *([] if comments is not None else [COMMENT_HEADINGS[0]])])
    for old in rows:
        cells = [*old, *[""] * (len(header) - len(old)), *([] if comments is not None else [""])]
        if grade is not None:
            cells[grade] = ""
        found = by_id.get(re.sub(r"\D+", "", cells[id_column]))
        if found:
            cells[-1 if comments is None else comments] = comment(found)
        table.writerow(cells)
    return buffer.getvalue()


def comment(row: Row) -> str:
    """What is said to one student, as the HTML that Moodle's comments hold."""
    return "".join(_comment_parts(row))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _comment_parts(row: Row) -> Iterator[str]:
    for title, is_praise in (("What works", True), ("Next steps", False)):
        said = [one for one in row.said if (one.tone == "praise") is is_praise]
        if said:
            yield f"<p><strong>{title}</strong></p><ul>{''.join(f'<li>{_html(one)}</li>' for one in said)}</ul>"
    yield "<p>This is feedback, not a mark.</p>"


def _html(said: Said) -> str:
    return " ".join(escape(part, quote=False) for part in (said.text, said.hint) if part)


def _files(report: ClassReport, row: Row, folder: Path) -> Iterator[Path]:
    for suffix in {"docx": ".docx", "html": ".html", "markdown": ".md"}.items():
        path = folder / f"{row.student}{suffix[1]}"
        if suffix[0] in report.file_formats and path.is_file():
            yield path


def _column(header: Sequence[str], headings: Sequence[str]) -> int | None:
    return next((index for index, name in enumerate(header) if name.strip().lstrip("\ufeff") in headings), None)


def _short(stem: str) -> str:
    """A file name's stem that leaves room for the prefix; no leading "." or "~", which Moodle ignores."""
    return stem[:80].strip(" .~") or "draft"
