"""A draft in any common format -> Essay: normalised text, blocks with exact offsets, notices.

What a file is, its contents say; its name only tells kinds of text apart. Nothing is ever fetched or executed.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analyser.errors import DraftError
from analyser.records import Block, Essay, Notice
from analyser.text.blocks import find_blocks
from analyser.text.formats import docx, html, markdown, odt, pdf, plain, rtf
from analyser.text.language import language_notices
from analyser.text.pieces import Contents, Piece
from analyser.text.sniffing import Kind, sniff

READER_BY_KIND: dict[Kind, Callable[[bytes, str], Contents]] = {
    "docx": docx.read,
    "odt": odt.read,
    "rtf": rtf.read,
    "pdf": pdf.read,
    "html": html.read,
    "markdown": markdown.read,
    "plain": plain.read,
}
KIND_BY_SUFFIX: dict[str, Kind] = {
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".odt": "odt",
    ".ott": "odt",
    ".rtf": "rtf",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
}
NAME_BY_KIND: dict[Kind, str] = {
    "docx": "a Word document",
    "odt": "an OpenDocument text",
    "rtf": "a rich text (RTF) file",
    "pdf": "a PDF",
    "html": "a web page",
    "markdown": "Markdown",
    "plain": "plain text",
}
# What stands between the blocks of an essay's text.
BLOCK_GAP = "\n\n"
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"

# Bytes of a draft: a dissertation with its pictures stays well below; reading is in memory.
MAX_BYTES = 50_000_000
# Words of a draft. Ten times the longest school or undergraduate essay; a book takes minutes to compare.
MAX_WORDS = 50_000
# Characters a file's name can have (NAME_MAX of Linux, macOS and Windows), and how many of a longer one are shown.
MAX_NAME, SHOWN_NAME = 255, 60
# Words below which nearly everything in a rubric must be missing, so that a word of warning is due.
MIN_WORDS = 20


def read_essay(source: str | Path, *, essay_id: str | None = None) -> Essay:
    """Read the draft in a file, or from standard input when ``source`` is "-".

    Raises DraftError (codes E1xx) when there is no file, or no text in it.
    """
    if str(source) == STANDARD_INPUT:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        return read_bytes(data, STANDARD_INPUT_NAME, essay_id=essay_id or "stdin")
    return read_bytes(_file_bytes(Path(source)), str(source), essay_id=essay_id)


def read_bytes(data: bytes, name: str, *, essay_id: str | None = None) -> Essay:
    """Read a draft from the bytes of a file; ``name`` is its name, for the suffix and for messages."""
    if len(data) > MAX_BYTES:
        raise DraftError(
            "E104",
            f"the file is larger than {MAX_BYTES // 1_000_000} MB.",
            where=name,
            hint="Copy the text of the essay into a new document, without pictures, and save that.",
        )
    if not data:
        raise DraftError("E105", "the file is empty.", where=name, hint="Save the draft again, then try again.")
    path = Path(name)
    kind = sniff(data, path.suffix.lower(), KIND_BY_SUFFIX, name)
    contents = READER_BY_KIND[kind](data, name)
    named_kind = KIND_BY_SUFFIX.get(path.suffix.lower(), kind)
    notices = contents.notices
    if named_kind != kind:
        notices = (
            Notice("N101", f"The file is named {path.suffix} and is {NAME_BY_KIND[kind]}: it was read as that."),
            *notices,
        )
    return _essay(contents.pieces, name, path.stem if essay_id is None else essay_id, notices)


def essay_from_text(text: str, source: str = "", essay_id: str = "") -> Essay:
    """Read a draft from plain text; blank lines, or else single line ends, separate its paragraphs."""
    return _essay((Piece("paragraph", text),), source, essay_id, ())


def _file_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DraftError("E102", "this is a folder, not a draft.", where=str(path), hint="Give one file in it.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except PermissionError as error:
        raise DraftError(
            "E103",
            "you have no permission to read this file.",
            where=str(path),
            hint="Change its permissions or copy it.",
        ) from error
    except (OSError, ValueError) as error:
        raise _missing(path) from error


def _missing(path: Path) -> DraftError:
    name = str(path)
    if len(path.name) > MAX_NAME or "\n" in name:
        hint = "Save it as a file, or pipe it in and give - as the name; in Python use essay_from_text."
        start = f"{' '.join(name.split())[:SHOWN_NAME]} ..."
        return DraftError("E101", "this is the text of a draft, not the name of a file.", where=start, hint=hint)
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except (OSError, ValueError):
        names = []
    guesses = difflib.get_close_matches(path.name, names, n=1)
    hint = f"Did you mean '{path.parent / guesses[0]}'?" if guesses else "Check the name and the folder."
    return DraftError("E101", "there is no such file.", where=name, hint=hint)


def _essay(pieces: tuple[Piece, ...], source: str, essay_id: str, notices: tuple[Notice, ...]) -> Essay:
    n_words = sum(len(piece.text.split()) for piece in pieces)
    if n_words > MAX_WORDS:
        raise DraftError(
            "E107",
            f"the draft has {n_words:,} words; at most {MAX_WORDS:,} are read.",
            where=source,
            hint="Give one essay, or split the file.",
        )
    found = find_blocks(pieces)
    if not any(re.search(r"[^\W\d_]", block.text) for block in found):
        raise DraftError("E106", "there are no words in it.", where=source, hint="Give the file with the essay's text.")
    blocks, position = [], 0
    for block in found:
        blocks.append(Block(position, position + len(block.text), block.kind, block.level))
        position += len(block.text) + len(BLOCK_GAP)
    essay = Essay(essay_id, source, BLOCK_GAP.join(block.text for block in found), tuple(blocks))
    return replace(essay, notices=(*notices, *_content_notices(essay)))


def _content_notices(essay: Essay) -> tuple[Notice, ...]:
    body = " ".join(essay.text[block.start : block.end] for block in essay.blocks if block.kind != "front_matter")
    if essay.n_words < MIN_WORDS:
        short = Notice("N102", f"The draft has only {essay.n_words} words, too few to say much about it.")
        return (short, *language_notices(body))
    return language_notices(body)
