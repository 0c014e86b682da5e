"""The class as a workbook: overview, points, evidence, slips, review and decisions, made from pandas frames.

Text is written as text: nothing that a student wrote can become a formula or a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyser.report.class_report import ClassReport, item_labels
from analyser.report.upload import DANGEROUS

if TYPE_CHECKING:
    from pandas import DataFrame

# Colours that people with the common kinds of colour blindness tell apart (Okabe and Ito's palette, lightened), and
# dark enough text on each; the word stands in every cell as well.
COLOUR_BY_STATUS: Mapping[str, str] = {
    "covered": "#9AD0F5", "used": "#9AD0F5", "stated": "#9AD0F5",
    "partial": "#D6ECFA", "named": "#D6ECFA", "hedged": "#D6ECFA",
    "unsure": "#FFF3B0",
    "contradicted": "#F2B48C", "misused": "#F2B48C",
    "missing": "#FFFFFF",
}  # fmt: skip
WIDE = {"asks for": 50, "quote": 60, "why": 60, "your comment": 40, "file": 30, "teacher's comments": 40, "student": 28}
RATIOS = ("criteria", "similarities", "differences", "evidence", "sure")
HIDDEN = ("key", "draft")
# Width (characters) of a column of statuses and of any other.
STATUS_WIDTH, OTHER_WIDTH = 11, 16
MAX_CELL = 32_000  # characters; a cell holds 32,767


def write_workbook(report: ClassReport, file: Path) -> None:
    """Write the workbook; the same report always gives the same bytes."""
    import pandas

    sheets = {
        "Overview": report.overview(),
        "Points": report.points(),
        "Evidence": report.evidence(),
        "Slips": report.slips(),
        "Review": report.review(),
        "Decisions": report.decisions(),
    }
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with (
        open(file, "wb") as stream,
        pandas.ExcelWriter(stream, engine="xlsxwriter", engine_kwargs={"options": options}) as writer,
    ):
        writer.book.set_properties({"title": "Class feedback", "created": datetime(1980, 1, 1)})
        formats = {
            "head": writer.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": writer.book.add_format({"valign": "top", "quote_prefix": True}),
            "long": writer.book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True}),
            "ratio": writer.book.add_format({"num_format": "0%", "valign": "top"}),
            **{s: writer.book.add_format({"bg_color": colour}) for s, colour in COLOUR_BY_STATUS.items()},
        }
        labels = item_labels(report.rubric)
        for name, frame in sheets.items():
            _write_sheet(writer.book.add_worksheet(name), frame, labels, formats)


def _write_sheet(sheet: Any, frame: DataFrame, labels: Mapping[str, str], formats: Mapping[str, Any]) -> None:
    n_rows, n_columns = frame.shape
    columns = [str(name) for name in frame.columns]
    n_frozen = 1
    for index, name in enumerate(columns):
        is_status = name in labels
        width = STATUS_WIDTH if is_status else WIDE.get(name, OTHER_WIDTH)
        sheet.set_column(index, index, width, None, {"hidden": name in HIDDEN})
        sheet.write_string(0, index, name, formats["head"])
        if is_status:
            sheet.write_comment(0, index, labels[name], {"visible": False})
        if is_status or name in ("judgement", "tool says"):
            for status in COLOUR_BY_STATUS:
                rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": formats[status]}
                sheet.conditional_format(1, index, max(1, n_rows), index, rule)
        elif name in RATIOS:
            sheet.conditional_format(1, index, max(1, n_rows), index, {"type": "data_bar", "bar_color": "#9AD0F5"})
    for row_index, values in enumerate(frame.itertuples(index=False), start=1):
        for index, value in enumerate(values):
            _write_cell(sheet, row_index, index, columns[index], value, formats)
    sheet.freeze_panes(1, n_frozen)
    if n_columns:
        sheet.autofilter(0, 0, max(1, n_rows), n_columns - 1)


def _write_cell(sheet: Any, row: int, column: int, name: str, value: Any, formats: Mapping[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "")
    elif isinstance(value, int | float):
        if value == value:  # not NaN
            sheet.write_number(row, column, value, formats["ratio"] if name in RATIOS else None)
    elif value:
        text = str(value)[:MAX_CELL]
        style = formats["long"] if name in WIDE and name != "student" else None
        if style is None and text.startswith(DANGEROUS):
            style = formats["text"]
        sheet.write_string(row, column, text, style)
