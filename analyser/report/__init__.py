"""Feedback as text: one file a format, one table. Imports records and errors only, so saved feedback needs no NLP.

A new format is one file with a function of (Feedback, Options) and one line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analyser.errors import UsageError
from analyser.records import Feedback
from analyser.report.html import render_html
from analyser.report.json import from_record, render_json, to_record
from analyser.report.markdown import render_markdown
from analyser.report.options import Options
from analyser.report.terminal import render_terminal
from analyser.report.view import overview

FORMATS: Mapping[str, Callable[[Feedback, Options], str]] = {
    "terminal": render_terminal,
    "markdown": render_markdown,
    "json": render_json,
    "html": render_html,
}

__all__ = ["FORMATS", "from_record", "overview", "render", "to_record"]


def render(
    feedback: Feedback,
    format: str,
    *,
    show_all: bool = False,
    reveal: bool = False,
    width: int | None = None,
    colour: bool = True,
) -> str:
    """Feedback in one of FORMATS.

    ``show_all`` shows every message and not only the first few; ``reveal`` what the rubric says (for teachers; compose
    the feedback with it too); ``width`` in columns and ``colour`` are for the terminal. Raises UsageError (E312) for
    another format.
    """
    if format not in FORMATS:
        raise UsageError("E312", f"there is no format '{format}'.", hint=f"Allowed: {', '.join(FORMATS)}.")
    return FORMATS[format](feedback, Options(show_all, reveal, width, colour))
