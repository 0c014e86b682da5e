"""Bytes of a text file -> str, whatever program saved it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from analyser.errors import DraftError

# The longest marks first: UTF-32's little-endian mark begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What English text that is not Unicode is saved in: Windows, old Mac, DOS. In this order when nothing tells them apart.
WESTERN = ("cp1252", "mac_roman", "cp850")
# Share (0 to 1) of bytes above 127 that must make sense in English prose for a Western encoding to be believed. By
# hand: Cyrillic read as cp1252 makes sense for under a tenth, English prose in the right encoding for nearly all.
MIN_SENSIBLE_RATIO = 0.5
# Share (0 to 1) of zero bytes above which a file without a byte order mark is tried as UTF-16: English text has half.
MIN_UTF16_ZERO_RATIO = 0.3
# Share (0 to 1) of control characters from which bytes are no text: plain text has none but the odd stray one.
MAX_CONTROL_RATIO = 0.005
# Bytes that the general detector reads at most: enough for a whole essay, and it slows down with length.
MAX_DETECTION_BYTES = 60_000

CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\ufffd\ud800-\udfff]")
# Typographic characters and accented letters where English prose has them.
SENSIBLE = re.compile(
    r"(?<=\w)[’”](?!\w{4})|(?<=[.,!?;])[’”]|(?<![^\s(\[“‘—–])[‘“](?=\w)|(?<=[\s\w.,\"’”])[–—…](?=[\s\w\"‘“])|…(?=\s|$)"
    r"|(?:(?<=[A-Za-z])[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšž]|(?<![a-z])[àáâäåæçèéêëíîïñóôöøœšžÀÁÄÅÇÈÉÊËÎÑÓÖØÜŒŠŽ](?=[a-z]))(?![A-Z])"
    r"|[£€](?=\d)|(?<=\d)[½¼¾°%²](?!\w)|(?<!\S)[½¼¾](?!\w)|(?m:^)[•·](?=\s)|[§©](?=\s?\d)|\xa0"
)
# UTF-8 that was once read as cp1252 and saved again ("â€™" for an apostrophe).
MOJIBAKE = re.compile(
    "(?:Â[\xa0-\xbf]|Ã[\x80-\xbfŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|â€[\x80-\xbfœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™])+"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding it was read in; ``is_guess`` when the bytes alone do not prove it."""

    text: str
    encoding: str
    is_guess: bool = False


def decode(data: bytes, name: str) -> Decoded:
    """Decode the bytes of a text file, or raise DraftError E113 when they are no text."""
    found = _decode(data)
    if found is None or not _is_text(found.text):
        raise DraftError(
            "E113",
            "this is not a text file: its bytes make no words in any known encoding.",
            where=name,
            hint="Open it in the program that made it and save it as .docx, .odt, .pdf or plain text (UTF-8).",
        )
    return Decoded(MOJIBAKE.sub(_repaired, found.text), found.encoding, found.is_guess)


def looks_binary(data: bytes) -> bool:
    """Whether the bytes are no text in any known encoding."""
    found = _decode(data)
    return found is None or not _is_text(found.text)


def _decode(data: bytes) -> Decoded | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding)
    n_zeros = data.count(0)
    if n_zeros > MIN_UTF16_ZERO_RATIO * len(data):
        encoding = "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"
        return Decoded(data.decode(encoding, "replace"), encoding)
    if n_zeros:
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _mixed(data) or _western(data) or _detected(data)


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with some foreign bytes in it, as when two files were pasted together."""
    text = data.decode("utf-8", "surrogateescape")
    strays = re.findall("[\udc80-\udcff]", text)
    n_valid = len(re.findall("[^\x00-\x7f]", text)) - len(strays)
    if n_valid <= len(strays):
        return None
    return Decoded(re.sub("[\udc80-\udcff]", _stray, text), "utf-8", is_guess=True)


def _stray(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


def _western(data: bytes) -> Decoded | None:
    """The Western encoding in which the most bytes above 127 make sense, or None when too few do in any."""
    n_odd = sum(byte > 127 for byte in data)
    best, best_n = None, MIN_SENSIBLE_RATIO * n_odd
    for encoding in WESTERN:
        text = data.decode(encoding, "replace")
        n_sensible = sum(ord(match[0][0]) > 127 for match in SENSIBLE.finditer(text)) - text.count("\ufffd")
        if n_sensible > best_n:
            best, best_n = Decoded(text, encoding, is_guess=True), n_sensible
    return best


def _detected(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:MAX_DETECTION_BYTES]).best()
    return Decoded(data.decode(best.encoding, "replace"), best.encoding, is_guess=True) if best else None


def _is_text(text: str) -> bool:
    return len(CONTROL.findall(text)) <= MAX_CONTROL_RATIO * len(text)


def _repaired(match: re.Match[str]) -> str:
    try:
        return b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in match[0]).decode("utf-8")
    except UnicodeError:
        return match[0]
