"""PDF files with a text layer: their characters with places; ``pdf_layout`` makes paragraphs of them."""

from __future__ import annotations

import ctypes
import re
import statistics
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from math import isfinite
from typing import TYPE_CHECKING

from analyser.errors import DraftError
from analyser.records import Notice
from analyser.text.formats.archive import corrupt, locked
from analyser.text.formats.pdf_layout import SAME_LINE, Line, lay_out
from analyser.text.pieces import Contents

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# PDFium is not safe to use from several threads at once.
PDFIUM_LOCK = threading.Lock()
# PDFium's error number for a missing password, and its characters for a hyphen at a line's end.
PASSWORD_ERROR = 4
HYPHENS = frozenset("\x02\ufffe\u00ad")
FONT_NAME_BYTES = 128
BOLD = re.compile(rb"bold|black|heavy|demi|cmbx", re.I)

# Most pages read. An essay of 50,000 words has some 150.
MAX_PAGES = 1000
# Words below which a file with a picture on a page counts as a scan: scanner programs stamp a word or two of their own.
MIN_WORDS_BESIDE_PICTURES = 12
# Share (0 to 1) of characters that must be letters, digits, spaces or ASCII; fonts without a character map give noise.
MIN_READABLE_RATIO = 0.7

# In parts of the height of the line, by hand from pages of Word, LibreOffice, Chromium and LaTeX.
RAISED = 0.1  # a figure this far above the base line is a note's number
SMALL = 0.9  # a raised figure is at most this high
MAX_WORD_GAP = 2.5  # parts of one line are at most this far apart
MIN_SPACE = 0.15  # parts this far apart have a space between them


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    left: float
    right: float
    base: float
    height: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters that PDFium gives as one line, and whether their font is bold."""

    chars: tuple[_Char, ...]
    is_bold: bool


def read(data: bytes, name: str) -> Contents:
    """The pieces of a PDF in reading order, its footnotes last."""
    with PDFIUM_LOCK:
        pages, pictures = _read_pages(data, name)
    n_words = sum(len(line.text.split()) for page in pages for line in page)
    if n_words < MIN_WORDS_BESIDE_PICTURES and any(pictures):
        raise DraftError(
            "E123",
            f"the PDF is a scan: its pages ({len(pages)}) hold pictures and no text.",
            where=name,
            hint="Run text recognition (OCR) on it, or type the essay out.",
        )
    _check_readable("".join(line.text for page in pages for line in page), name)
    n_unread = sum(has_picture and not page for has_picture, page in zip(pictures, pages, strict=True))
    notices = (
        (
            Notice(
                "N105",
                f"{n_unread} of the PDF's {len(pages)} pages hold pictures and no text; what they say was not read.",
            ),
        )
        if n_unread
        else ()
    )
    return Contents(tuple(lay_out(pages)), notices)


def _check_readable(text: str, name: str) -> None:
    n_readable = sum(c.isalnum() or c.isspace() or c.isascii() or c in "‘’“”–—…•£€" for c in text)
    if n_readable < MIN_READABLE_RATIO * len(text):
        raise DraftError(
            "E124",
            "the PDF does not say which letters its signs stand for, so its text cannot be read.",
            where=name,
            hint="Save the essay as .docx or plain text, or print it to a new PDF from the program that made it.",
        )


def _read_pages(data: bytes, name: str) -> tuple[list[list[Line]], list[bool]]:
    """The lines of every page, and whether it holds a picture."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD_ERROR:
            raise locked(name) from error
        raise corrupt(name, "it is not a whole PDF") from error
    try:
        return _pages_of(document)
    except pypdfium2.PdfiumError as error:
        raise corrupt(name, "a page of the PDF cannot be read") from error
    finally:
        document.close()


def _pages_of(document: PdfDocument) -> tuple[list[list[Line]], list[bool]]:
    pages, pictures = [], []
    for index in range(min(len(document), MAX_PAGES)):
        page = document[index]
        text_page = page.get_textpage()
        pages.append(_merged([line for run in _runs(text_page) if (line := _line(run, index)) is not None]))
        pictures.append(_has_picture(page))
        text_page.close()
        page.close()
    return pages, pictures


def _has_picture(page: PdfPage) -> bool:
    import pypdfium2.raw as raw

    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def _runs(text_page: PdfTextPage) -> Iterator[_Run]:
    import pypdfium2.raw as raw

    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    chars: list[_Char] = []
    is_bold = False
    for index in range(text_page.count_chars()):
        text = chr(raw.FPDFText_GetUnicode(text_page, index))
        is_end = text in "\r\n"
        if not is_end and raw.FPDFText_GetLooseCharBox(text_page, index, box):
            raw.FPDFText_GetCharOrigin(text_page, index, x, y)
            if not all(map(isfinite, (box.left, box.right, box.top, box.bottom, y.value))):
                continue
            if not text.isspace() and (not chars or is_bold):
                is_bold = _is_bold(text_page, index)
            is_end = text in HYPHENS
            chars.append(_Char("-" if is_end else text, box.left, box.right, y.value, abs(box.top - box.bottom)))
        if is_end and chars:
            yield _Run(tuple(chars), is_bold)
            chars = []
    if chars:
        yield _Run(tuple(chars), is_bold)


def _is_bold(text_page: PdfTextPage, index: int) -> bool:
    import pypdfium2.raw as raw

    font, flags = ctypes.create_string_buffer(FONT_NAME_BYTES), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, font, FONT_NAME_BYTES, flags)
    return BOLD.search(font.value) is not None


def _line(run: _Run, page_index: int) -> Line | None:
    inked = [char for char in run.chars if not char.text.isspace()]
    if not inked:
        return None
    height = statistics.mode(round(char.height, 1) for char in inked)
    base = statistics.mode(round(char.base, 1) for char in inked if abs(char.height - height) < 0.1)

    def is_raised(char: _Char) -> bool:
        return char.text.isdigit() and char.height < SMALL * height and char.base > base + RAISED * height

    return Line(
        text="".join(char.text for char in run.chars if not is_raised(char)),
        left=min(char.left for char in inked),
        right=max(char.right for char in inked),
        base=base,
        height=height,
        is_bold=run.is_bold,
        page_index=page_index,
        begins_raised=is_raised(inked[0]),
        first_word_width=_first_word_width([char for char in run.chars if not is_raised(char)]),
    )


def _first_word_width(chars: list[_Char]) -> float:
    word = list(takewhile(lambda char: not char.text.isspace(), dropwhile(lambda char: char.text.isspace(), chars)))
    return word[-1].right - word[0].left if word else 0.0


def _merged(lines: list[Line]) -> list[Line]:
    """The lines with those parts put together that stand side by side: PDFium ends a line at a raised figure."""
    found: list[Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last is not None and _is_number_beside(last, line):
            found[-1] = replace(line, begins_raised=True)
        elif last is not None and _is_same_line(last, line):
            is_apart = line.left - last.right > MIN_SPACE * last.height
            found[-1] = Line(
                text=f"{last.text}{' ' if is_apart else ''}{line.text}",
                left=last.left,
                right=max(last.right, line.right),
                base=last.base,
                height=max(last.height, line.height),
                is_bold=last.is_bold and line.is_bold,
                page_index=last.page_index,
                begins_raised=last.begins_raised,
                first_word_width=last.first_word_width,
            )
        else:
            found.append(line)
    stripped = [line.stripped() for line in found]
    return [line for line in stripped if line.text]


def _is_number_beside(number: Line, line: Line) -> bool:
    """Whether the first is a raised figure at the beginning of the second."""
    is_raised = number.height < SMALL * line.height and RAISED * line.height < number.base - line.base < line.height
    return number.text.strip().isdigit() and is_raised and abs(line.left - number.right) < line.height


def _is_same_line(first: Line, second: Line) -> bool:
    gap = second.left - first.right
    height = max(first.height, second.height)
    return abs(first.base - second.base) < SAME_LINE * height and -height < gap < MAX_WORD_GAP * height
