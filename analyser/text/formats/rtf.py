"""Rich Text Format (.rtf), read as if every tracked change had been accepted.

A reader of its own, because striprtf drops footnotes, keeps deleted text and knows neither headings nor lists.
Control words are those of Microsoft's RTF Specification 1.9.1.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Literal

from analyser.records import BlockKind, Notice
from analyser.text.pieces import Contents, Piece

Destination = Literal["body", "note", "fonts", "styles", "dropped"]

# Groups nested deeper than this are not written by any program (the specification names no limit).
MAX_DEPTH = 1000

TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\(\r\n|.)|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.S
)
# The font table's character sets (specification, "Font Table").
CODEC_BY_CHARSET = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
CODEC_BY_WORD = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
CHARACTERS = {
    "tab": " ", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—",
    "endash": "–", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "softline": "\n",
}  # fmt: skip
SYMBOLS = {"~": " ", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}"}
PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "column", "cell", "nestcell", "row", "nestrow"})
DROPPED = frozenset(
    "info stylesheet fonttbl colortbl header headerl headerr headerf footer footerl footerr footerf pict object"
    " annotation comment atnid atnauthor fldinst pntext pn listtext listtable listoverridetable revtbl rsidtbl"
    " generator themedata colorschememapping latentstyles datastore xmlnstbl sp shprslt nonshppict bkmkstart bkmkend tc"
    " xe txe rxe formfield ftnsep ftnsepc aftnsep aftnsepc template datafield filetbl background mmathPr".split()
)
# Starred groups hold what older readers may skip; these hold text all the same.
KEPT_STARRED = frozenset({"shpinst", "shptxt", "footnote", "txbxcontent"})
LIST_WORDS = frozenset({"listtext", "pntext", "pn"})


@dataclass(frozen=True, slots=True)
class _State:
    """What a group passes on to the groups in it and what ends with it."""

    destination: Destination = "body"
    codec: str = "cp1252"
    n_skipped: int = 1  # fallback characters that follow a Unicode character
    is_hidden: bool = False
    is_deleted: bool = False


def read(data: bytes, name: str) -> Contents:
    """The pieces of an RTF document in reading order, its footnotes last."""
    reader = _Reader()
    reader.read(data)
    notices = (
        (Notice("N107", "The draft has tracked changes: it was read as if all of them were accepted."),)
        if reader.has_changes
        else ()
    )
    return Contents(tuple(reader.pieces + reader.notes), notices)


class _Reader:
    """A pass over the tokens of a document."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.notes: list[Piece] = []
        self.has_changes = False
        self.state = _State()
        self.stack: list[_State] = []
        self.texts: dict[Destination, list[str]] = {"body": [], "note": [], "styles": []}
        self.pending = bytearray()  # bytes of the current character set, not yet decoded
        self.to_skip = 0
        self.is_starred = False
        self.codec_by_font: dict[int, str] = {}
        self.kind_by_style: dict[int, tuple[BlockKind, int]] = {}
        self.font = self.style = 0
        self.default_codec = "cp1252"
        self.start_paragraph()

    def start_paragraph(self) -> None:
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self.list_level = 0

    def read(self, data: bytes) -> None:
        position = 0
        while match := TOKEN.match(data, position):
            position = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if text is not None:
                self.add_bytes(text)
            elif code is not None:
                self.add_bytes(bytes.fromhex(code.decode()))
            elif brace:
                self.on_brace(brace)
                if brace == b"}" and not self.stack:
                    break
            elif symbol is not None:
                self.on_symbol(symbol.decode("latin-1"))
            elif word is not None:
                value = int(number) if number else None
                if word == b"bin":
                    position += max(0, value or 0)
                else:
                    self.on_word(word.decode(), value)
        self.end_paragraph("note")
        self.end_paragraph("body")

    # ------------------------------------------------------------ text

    def add_bytes(self, data: bytes) -> None:
        n_skipped = min(self.to_skip, len(data))
        self.to_skip -= n_skipped
        self.is_starred = False
        if self.state.destination in self.texts:
            self.pending += data[n_skipped:]

    def add(self, text: str) -> None:
        self.decode_pending()
        state = self.state
        if state.destination in self.texts and not state.is_hidden and not state.is_deleted:
            self.texts[state.destination].append(text)

    def decode_pending(self) -> None:
        if not self.pending:
            return
        text = bytes(self.pending).decode(self.state.codec, "replace")
        self.pending.clear()
        if self.state.destination == "styles":
            self.on_style_name(text)
        else:
            self.add(text)

    def end_paragraph(self, destination: Destination) -> None:
        self.decode_pending()
        # Characters beyond the basic plane come as two halves.
        text = "".join(self.texts[destination]).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.texts[destination].clear()
        if not text.strip():
            return
        if destination == "note":
            self.notes.append(Piece("footnote", text))
        else:
            self.pieces.append(Piece(self.kind, text, self.list_level if self.kind == "list_item" else self.level))

    # ------------------------------------------------------------ groups and control words

    def on_brace(self, brace: bytes) -> None:
        self.decode_pending()
        self.to_skip = 0
        self.is_starred = False
        if brace == b"{":
            if len(self.stack) < MAX_DEPTH:
                self.stack.append(self.state)
        elif self.stack:
            outer = self.stack.pop()
            if self.state.destination == "note" and outer.destination != "note":
                self.end_paragraph("note")
            self.state = outer

    def on_symbol(self, symbol: str) -> None:
        self.decode_pending()
        if symbol == "*":
            self.is_starred = True
        elif symbol in ("\n", "\r", "\r\n"):
            self.on_word("par", None)
        elif self.to_skip:
            self.to_skip -= 1
        else:
            self.add(SYMBOLS.get(symbol, ""))

    def on_word(self, word: str, value: int | None) -> None:
        self.decode_pending()
        is_starred, self.is_starred = self.is_starred, False
        if word in LIST_WORDS and self.kind == "paragraph":
            self.kind = "list_item"
        if word == "fonttbl":
            self.state = replace(self.state, destination="fonts")
        elif word == "stylesheet":
            self.state = replace(self.state, destination="styles")
        elif word == "footnote":
            self.state = replace(self.state, destination="note")
        elif word in DROPPED or (is_starred and word not in KEPT_STARRED and self.state.destination != "styles"):
            self.state = replace(self.state, destination="dropped")
        elif word in CODEC_BY_WORD or word == "ansicpg":
            self.set_default_codec(CODEC_BY_WORD.get(word) or f"cp{value}")
        elif word in ("f", "fcharset"):
            self.on_font(word, value or 0)
        elif word == "uc":
            self.state = replace(self.state, n_skipped=max(0, value or 0))
        elif word == "u":
            self.add(chr((value or 0) % 0x10000))
            self.to_skip = self.state.n_skipped
        elif word in ("v", "deleted"):
            is_on = value != 0
            if word == "v":
                self.state = replace(self.state, is_hidden=is_on)
            else:
                self.state = replace(self.state, is_deleted=is_on)
                self.has_changes = self.has_changes or is_on
        elif word == "revised":
            self.has_changes = True
        elif word == "plain":
            self.state = replace(self.state, is_hidden=False, is_deleted=False)
        elif word in CHARACTERS:
            self.add(CHARACTERS[word])
        else:
            self.on_paragraph_word(word, value)

    def on_paragraph_word(self, word: str, value: int | None) -> None:
        destination = self.state.destination
        if destination == "styles":
            self.style = (value or 0) if word == "s" else self.style
        elif word in PARAGRAPH_ENDS:
            if destination in ("body", "note") and not self.state.is_deleted:
                self.end_paragraph(destination)
        elif destination != "body":
            return
        elif word == "pard":
            self.start_paragraph()
        elif word == "s" and (value or 0) in self.kind_by_style:
            self.kind, self.level = self.kind_by_style[value or 0]
        elif word == "outlinelevel" and value is not None and 0 <= value <= 8:
            self.kind, self.level = "heading", min(6, value + 1)
        elif word == "ls" and self.kind == "paragraph":
            self.kind = "list_item" if value else "paragraph"
        elif word == "ilvl":
            self.list_level = max(0, value or 0)

    def on_style_name(self, text: str) -> None:
        name = text.strip().rstrip(";").lower()
        if match := re.fullmatch(r"heading (\d)", name):
            self.kind_by_style[self.style] = "heading", min(6, max(1, int(match[1])))
        elif name in ("title", "subtitle"):
            self.kind_by_style[self.style] = "front_matter", 0
        elif name in ("quote", "intense quote", "block text", "quotations"):
            self.kind_by_style[self.style] = "quotation", 0

    def on_font(self, word: str, value: int) -> None:
        if self.state.destination != "fonts":
            if word == "f":
                self.state = replace(self.state, codec=self.codec_by_font.get(value, self.default_codec))
        elif word == "f":
            self.font = value
        elif value in CODEC_BY_CHARSET and value:
            # Character set 0 is "ANSI", which the document's own code page refines.
            self.codec_by_font[self.font] = CODEC_BY_CHARSET[value]

    def set_default_codec(self, codec: str) -> None:
        try:
            codecs.lookup(codec)
        except LookupError:
            return
        self.default_codec = codec
        self.state = replace(self.state, codec=codec)
