"""Web pages, as saved by word processors and browsers. Scripts are ignored and nothing is fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyser.records import BlockKind
from analyser.text.decoding import Decoded, decode
from analyser.text.formats.plain import encoding_notices
from analyser.text.pieces import Contents, Piece

if TYPE_CHECKING:
    from lxml.etree import _Element

# How far into a page its encoding may be declared (HTML standard: the first 1,024 bytes).
DECLARATION_BYTES = 1024
DECLARED_ENCODING = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.I)

DROPPED = frozenset(
    "head script style template noscript nav button select textarea object iframe svg math canvas audio video del rt"
    " rp".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th"
    " thead tr ul".split()
)
# How word processors and Markdown tools mark footnotes (Word: ftn1, Google Docs: ftnt1, Pandoc: fn1, LibreOffice:
# sdfootnote1) and comments, in ids, classes, roles and Word's own style properties.
NOTE = re.compile(
    r"(?:^|\s)_?(?:sd)?(?:footnote|endnote|ftnt?|edn|fn)-?(?:item|text|\d+)\b|doc-(?:foot|end)note\b", re.I
)
COMMENT = re.compile(r"(?:^|\s)cmnt\d|mso-element:\s*comment|MsoCommentText", re.I)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|mso-list:\s*ignore|mso-hide:\s*all", re.I)
NOTE_LINK = re.compile(r"#_?(?:sd)?(?:footnote|endnote|ftn|edn|fn|cmnt)", re.I)
# Longest text of a link between a note and its place in the text: "[12]".
MAX_NOTE_LINK_CHARACTERS = 4
KIND_BY_CLASS: tuple[tuple[re.Pattern[str], BlockKind], ...] = (
    (re.compile(r"\bMso(?:Title|Subtitle)", re.I), "front_matter"),
    (re.compile(r"\bMsoListParagraph", re.I), "list_item"),
    (re.compile(r"\bMso(?:Intense)?Quote", re.I), "quotation"),
)
SPACES = re.compile(r"[ \t\r\n\f]+")


def read(data: bytes, name: str) -> Contents:
    """The pieces of a web page in reading order, its footnotes last."""
    decoded = _decode(data, name)
    return Contents(pieces_of(decoded.text), encoding_notices(decoded))


def pieces_of(page: str) -> tuple[Piece, ...]:
    """The pieces of the HTML text of a page."""
    from lxml import etree

    page = re.sub(r"^\s*<\?xml[^>]*>", "", page.replace("\x00", ""))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return ()
    if root is None:
        return ()
    reader = _Reader()
    reader.walk(root, "paragraph", 0)
    reader.close("paragraph", 0)
    return tuple(reader.pieces + reader.notes)


class _Reader:
    """Walks a page and closes a piece at every edge of a block."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.notes: list[Piece] = []
        self.texts: list[str] = []

    def walk(self, element: _Element, kind: BlockKind, level: int, *, is_verbatim: bool = False) -> None:
        """Read the content of an element that stands in a block of this kind and level."""
        self.add(element.text, is_verbatim)
        for child in element:
            tag = str(child.tag).lower()
            if tag == "br":
                self.texts.append("\n")
            elif tag in BLOCKS and not _is_dropped(child, tag):
                self.close(kind, level)
                inner_kind, inner_level = _kind(child, tag, kind, level)
                self.walk(child, inner_kind, inner_level, is_verbatim=is_verbatim or tag == "pre")
                self.close(inner_kind, inner_level)
            elif not _is_dropped(child, tag):
                self.walk(child, kind, level, is_verbatim=is_verbatim)
            self.add(child.tail, is_verbatim)

    def add(self, text: str | None, is_verbatim: bool) -> None:
        if text:
            self.texts.append(text if is_verbatim else SPACES.sub(" ", text))

    def close(self, kind: BlockKind, level: int) -> None:
        text = "".join(self.texts)
        self.texts.clear()
        if not text.strip():
            return
        if kind == "footnote":
            self.notes.append(Piece(kind, text))
        else:
            self.pieces.append(Piece(kind, text, level))


def _kind(element: _Element, tag: str, kind: BlockKind, level: int) -> tuple[BlockKind, int]:
    """Kind and level inside a block element, given those around it."""
    link = element.find(".//a") if tag in ("p", "li") else None
    marks = _marks(element) if link is None else f"{_marks(element)} {link.get('id', '')} {link.get('name', '')}"
    if kind == "footnote" or NOTE.search(marks):
        return "footnote", 0
    if re.fullmatch("h[1-6]", tag):
        return "heading", int(tag[1])
    if tag == "blockquote":
        return "quotation", 0
    if tag == "li":
        return "list_item", max(0, sum(1 for _ in element.iterancestors("ul", "ol")) - 1)
    for pattern, found in KIND_BY_CLASS:
        if pattern.search(element.get("class", "")):
            return found, 0
    if tag in ("td", "th"):
        return "paragraph", 0
    return kind, level


def _marks(element: _Element) -> str:
    return " ".join(element.get(key, "") for key in ("id", "name", "class", "role", "style"))


def _is_dropped(element: _Element, tag: str) -> bool:
    """Whether an element is no text of the essay: scripts, hidden text, comments, links to and from notes."""
    if tag in DROPPED or not isinstance(element.tag, str) or element.get("hidden") is not None:
        return True
    if HIDDEN.search(element.get("style", "")) or COMMENT.search(_marks(element)):
        return True
    if tag == "a" and NOTE_LINK.match(element.get("href", "")):
        return len("".join(element.itertext()).strip()) <= MAX_NOTE_LINK_CHARACTERS
    link = element.find(".//a") if tag == "p" else None
    return link is not None and COMMENT.search(link.get("id", "")) is not None


def _decode(data: bytes, name: str) -> Decoded:
    declared = DECLARED_ENCODING.search(data[:DECLARATION_BYTES])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = (declared[1] or declared[2]).decode("ascii", "replace").lower()
        # The WHATWG Encoding standard: pages that declare Latin-1 are in truth in cp1252.
        encoding = "cp1252" if encoding in ("iso-8859-1", "latin1", "us-ascii", "ascii") else encoding
        try:
            return Decoded(data.decode(encoding), encoding)
        except (LookupError, UnicodeError):
            pass
    return decode(data, name)
