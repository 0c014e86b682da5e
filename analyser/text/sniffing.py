"""What a file really is, from its first bytes; a file name only decides between kinds of text."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from analyser.errors import DraftError
from analyser.text.decoding import looks_binary
from analyser.text.formats.archive import corrupt, locked, part_names

Kind = Literal["docx", "odt", "rtf", "pdf", "html", "markdown", "plain"]

# Kinds of text that nothing in the bytes need show.
TEXT_KINDS = frozenset({"html", "markdown", "plain"})
# How far into a file a mark may stand: the PDF standard lets 1,024 bytes of anything come first.
HEAD_BYTES = 1024

HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|article)\b",
    re.I | re.S,
)
XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")


class Unsupported(NamedTuple):
    """A kind of file that is recognised and cannot be read: its code, what it is and what to do."""

    code: str
    what: str
    hint: str


SAVE_AS = "Save it as .docx, .odt, .pdf or plain text and give that file."
PICTURE = Unsupported("E112", "this is a picture, not text.", "Type the essay out, or scan it with text recognition.")
OLD_WORD = Unsupported(
    "E110", "this is an old Word file (.doc).", "Open it in Word or LibreOffice and save it as .docx."
)
PAGES = Unsupported("E111", "this is a Pages document.", "In Pages choose File > Export To > Word (or PDF).")
ARCHIVE = Unsupported("E114", "this is an archive of files.", "Unpack it and give the draft itself.")
SHEET = Unsupported("E114", "this is a spreadsheet.", SAVE_AS)
SLIDES = Unsupported("E114", "this is a slide show.", SAVE_AS)
SOUND = Unsupported("E114", "this is a sound or video file.", "Type the essay out and give the text.")
OTHER_OFFICE = Unsupported("E114", "this is an office file of a kind that holds no essay.", SAVE_AS)
XML = Unsupported("E114", "this is an XML file.", SAVE_AS)
PROGRAM = Unsupported("E114", "this is a program or other binary file.", "Give the draft itself.")

UNSUPPORTED_BY_MARK: tuple[tuple[bytes, int, Unsupported], ...] = (
    (b"\x89PNG\r\n", 0, PICTURE),
    (b"\xff\xd8\xff", 0, PICTURE),
    (b"GIF8", 0, PICTURE),
    (b"II*\x00", 0, PICTURE),
    (b"MM\x00*", 0, PICTURE),
    (b"WEBP", 8, PICTURE),
    (b"ftypheic", 4, PICTURE),
    (b"ftypmif1", 4, PICTURE),
    (b"ftypavif", 4, PICTURE),
    (b"ftyp", 4, SOUND),
    (b"RIFF", 0, SOUND),
    (b"ID3", 0, SOUND),
    (b"OggS", 0, SOUND),
    (b"fLaC", 0, SOUND),
    (b"\x1f\x8b", 0, ARCHIVE),
    (b"7z\xbc\xaf", 0, ARCHIVE),
    (b"Rar!", 0, ARCHIVE),
    (b"BZh", 0, ARCHIVE),
    (b"\xfd7zXZ", 0, ARCHIVE),
    (b"\x7fELF", 0, PROGRAM),
    (b"SQLite format 3", 0, PROGRAM),
)


def sniff(data: bytes, suffix: str, kind_by_suffix: dict[str, Kind], name: str) -> Kind:
    """The kind of a file, or DraftError when it is a kind that cannot be read. Its contents win over its suffix."""
    head = data[:HEAD_BYTES]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_archive(data, name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole_error(data, name)
    for mark, position, unsupported in UNSUPPORTED_BY_MARK:
        if head.startswith(mark, position):
            raise _error(unsupported, name)
    if HTML_START.match(head):
        return "html"
    if XML_START.match(head):
        raise _error(XML, name)
    kind = kind_by_suffix.get(suffix, "plain")
    if kind in TEXT_KINDS:
        return kind
    if looks_binary(data):
        raise corrupt(name, f"its contents are not those of a {suffix} file")
    return "plain"


def _sniff_archive(data: bytes, name: str) -> Kind:
    parts = part_names(data, name)
    if "word/document.xml" in parts or any(re.fullmatch(r"word/document\d*\.xml", part) for part in parts):
        return "docx"
    if "content.xml" in parts and "mimetype" in parts:
        return "odt"
    if any(part.endswith(".iwa") or part == "index.xml" for part in parts):
        raise _error(PAGES, name)
    if any(part.startswith("xl/") for part in parts):
        raise _error(SHEET, name)
    if any(part.startswith("ppt/") for part in parts):
        raise _error(SLIDES, name)
    raise _error(ARCHIVE, name)


def _ole_error(data: bytes, name: str) -> DraftError:
    """Old Office files are refused; a locked .docx is wrapped in one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return locked(name)
    if "WordDocument".encode("utf-16-le") in data:
        return _error(OLD_WORD, name)
    return _error(OTHER_OFFICE, name)


def _error(unsupported: Unsupported, name: str) -> DraftError:
    return DraftError(unsupported.code, unsupported.what, where=name, hint=unsupported.hint)
