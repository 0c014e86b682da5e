"""Plain text: its lines are sorted into blocks later, with the text that other formats bring."""

from __future__ import annotations

from analyser.records import Notice
from analyser.text.decoding import Decoded, decode
from analyser.text.pieces import Contents, Piece


def read(data: bytes, name: str) -> Contents:
    """The whole file as one piece."""
    decoded = decode(data, name)
    return Contents((Piece("paragraph", decoded.text),), encoding_notices(decoded))


def encoding_notices(decoded: Decoded) -> tuple[Notice, ...]:
    """A word of warning where the encoding had to be guessed."""
    if not decoded.is_guess:
        return ()
    return (
        Notice(
            "N106",
            f"The file is not in UTF-8; it was read as {decoded.encoding}. If quotation marks or accents look wrong, "
            "save it again as UTF-8.",
        ),
    )
