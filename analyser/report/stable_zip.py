"""ZIP archives (and .docx files) with the same bytes for the same contents: one date, no trace of the machine."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO

# The earliest date that a ZIP archive can hold.
DATE = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o644 << 16


class StableZip:
    """A ZIP archive being written; each file is packed from bytes or from a file on disk."""

    def __init__(self, file: str | Path | IO[bytes]):
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> StableZip:
        return self

    def __exit__(self, *error: object) -> None:
        self.archive.close()

    def add(self, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = FILE_MODE
        info.create_system = 3
        self.archive.writestr(info, data)


def repacked(data: bytes) -> bytes:
    """The same archive with its parts in the same order and stable dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, StableZip(buffer) as new:
        for info in old.infolist():
            new.add(info.filename, old.read(info))
    return buffer.getvalue()
