"""The parts of .docx and .odt files, which are ZIP archives of XML, read within limits and without entities."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from analyser.errors import DraftError

if TYPE_CHECKING:
    from lxml.etree import _Element

# Bytes of one part and of a whole archive when unpacked. A 50,000-word document with every word a tracked change has
# some 30 MB of XML; pictures hardly pack, so an archive of at most 50 MB does not honestly unpack to ten times that.
MAX_PART_BYTES = 64_000_000
MAX_ARCHIVE_BYTES = 500_000_000
# Parts in an archive: a document with a thousand pictures has a few thousand.
MAX_PARTS = 20_000

ENCRYPTED_FLAG = 0x1
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


def part_names(data: bytes, name: str) -> frozenset[str]:
    """The names of the parts of an archive."""
    return frozenset(_open(data, name).namelist())


def read_part(data: bytes, part: str, name: str) -> bytes | None:
    """The bytes of one part, or None when the archive lacks it.

    Raises DraftError when the archive is broken, locked, or unpacks to more than its limits.
    """
    archive = _open(data, name)
    try:
        info = archive.getinfo(part)
    except KeyError:
        return None
    if info.flag_bits & ENCRYPTED_FLAG:
        raise locked(name)
    if info.file_size > MAX_PART_BYTES:
        raise _bomb(name, f"its part {part} unpacks to {_megabytes(info.file_size)}")
    try:
        with archive.open(info) as stream:
            found = stream.read(MAX_PART_BYTES + 1)
    except BROKEN as error:
        raise corrupt(name, f"its part {part} cannot be unpacked") from error
    if len(found) > MAX_PART_BYTES:
        raise _bomb(name, f"its part {part} unpacks to more than {_megabytes(MAX_PART_BYTES)}")
    return found


def read_xml(data: bytes, part: str, name: str) -> _Element | None:
    """The root of one XML part, or None when the archive lacks it; no entity is resolved and nothing is fetched."""
    from lxml import etree

    found = read_part(data, part, name)
    if found is None:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(found, parser)
    except (etree.LxmlError, ValueError) as error:
        raise corrupt(name, f"its part {part} is not valid XML") from error


def corrupt(name: str, what: str) -> DraftError:
    return DraftError(
        "E121",
        f"the document is damaged: {what}.",
        where=name,
        hint="Open it in the program that made it and save it again; if it does not open there, find an earlier copy.",
    )


def locked(name: str) -> DraftError:
    return DraftError(
        "E120",
        "the document is protected by a password.",
        where=name,
        hint="Open it, take the password off, and save it again.",
    )


def _open(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise corrupt(name, "the file is cut short or is not whole") from error
    parts = archive.infolist()
    n_bytes = sum(part.file_size for part in parts)
    if n_bytes > MAX_ARCHIVE_BYTES or len(parts) > MAX_PARTS:
        raise _bomb(name, f"it unpacks to {_megabytes(n_bytes)} in {len(parts)} parts")
    return archive


def _bomb(name: str, what: str) -> DraftError:
    return DraftError(
        "E122",
        f"the file is far larger than it looks: {what}; at most {_megabytes(MAX_PART_BYTES)} a part and "
        f"{_megabytes(MAX_ARCHIVE_BYTES)} in all are read.",
        where=name,
        hint="Copy the essay into a new document and save that.",
    )


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.0f} MB"
