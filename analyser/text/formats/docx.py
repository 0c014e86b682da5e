"""Word documents (.docx), read as if every tracked change had been accepted.

Elements are told by local name, so that the strict and the transitional form of the standard (ISO/IEC 29500) are both
read. Written on lxml: mammoth, the usual library, loses simple fields, keeps hidden text and takes some 0.2 s more.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from analyser.records import BlockKind, Notice
from analyser.text.formats.archive import corrupt, part_names, read_xml
from analyser.text.pieces import Contents, Piece

if TYPE_CHECKING:
    from lxml.etree import _Element

# Longest line (words) in bold alone that is taken for a heading, and the level such a heading gets.
MAX_BOLD_HEADING_WORDS = 12
BOLD_HEADING_LEVEL = 2
# Indent at both sides (twentieths of a point) from which a paragraph is set off as a quotation: a quarter of an inch.
MIN_QUOTATION_INDENT = 360
# Styles that lead back to themselves are followed this many steps.
MAX_STYLE_STEPS = 20

# What tracked changes take away, and what is no text of the student's: contents lists, comments, fields' code.
DROPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "tblPr", "tcPr", "Fallback"}
)
MARKED_CHANGE = frozenset({"ins", "del", "moveFrom", "moveTo"})
CHARACTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
FALSE = frozenset({"0", "false", "off", "none"})


class Style(NamedTuple):
    """What a paragraph style says of its own; None where it leaves it to the style it is based on."""

    name: str
    base: str | None
    outline: int | None
    list_id: str | None


@dataclass
class _Reader:
    """What reading one document gathers on its way."""

    styles: dict[str, Style]
    note_ids: list[tuple[str, str]] = field(default_factory=list)
    has_changes: bool = False
    held: str = ""  # text of a paragraph whose end mark is deleted: it runs on into the next


def read(data: bytes, name: str) -> Contents:
    """The pieces of a Word document in reading order, its foot- and endnotes last."""
    part = _main_part(data, name)
    document = read_xml(data, part, name)
    body = None if document is None else _child(document, "body")
    if body is None:
        raise corrupt(name, "it holds no document text")
    folder = posixpath.dirname(part)
    reader = _Reader(_read_styles(read_xml(data, f"{folder}/styles.xml", name)))
    pieces = list(_blocks(body, reader))
    if reader.held:
        pieces.append(Piece("paragraph", reader.held))
    pieces += _notes(data, folder, name, reader)
    notices = (
        (Notice("N107", "The draft has tracked changes: it was read as if all of them were accepted."),)
        if reader.has_changes
        else ()
    )
    return Contents(tuple(pieces), notices)


def _main_part(data: bytes, name: str) -> str:
    relations = read_xml(data, "_rels/.rels", name)
    for relation in relations if relations is not None else ():
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return next((p for p in sorted(part_names(data, name)) if re.fullmatch(r"word/document\d*\.xml", p)), "")


# ---------------------------------------------------------------- XML


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: _Element | None, *path: str) -> _Element | None:
    """The first descendant along a path of local names."""
    for step in path:
        if element is None:
            return None
        element = next((child for child in element if _local(child) == step), None)
    return element


def _value(element: _Element | None, key: str = "val") -> str | None:
    """An attribute of an element, in whatever namespace it stands."""
    if element is None:
        return None
    return next((str(value) for name, value in element.items() if name.rpartition("}")[2] == key), None)


def _is_on(element: _Element | None) -> bool:
    return element is not None and (_value(element) or "true").lower() not in FALSE


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


# ---------------------------------------------------------------- styles


def _read_styles(root: _Element | None) -> dict[str, Style]:
    found: dict[str, Style] = {}
    for style in root if root is not None else ():
        style_id = _value(style, "styleId")
        if _local(style) == "style" and style_id and _value(style, "type") in (None, "paragraph"):
            properties = _child(style, "pPr")
            found[style_id] = Style(
                (_value(_child(style, "name")) or style_id).lower(),
                _value(_child(style, "basedOn")),
                _number(_value(_child(properties, "outlineLvl"))),
                _value(_child(properties, "numPr", "numId")),
            )
    return found


def _style_chain(style_id: str | None, styles: dict[str, Style]) -> list[Style]:
    """A style and those it is based on, nearest first."""
    chain: list[Style] = []
    while style_id in styles and len(chain) < MAX_STYLE_STEPS:
        chain.append(styles[style_id])
        style_id = chain[-1].base
    return chain


def _kind(properties: _Element | None, styles: dict[str, Style]) -> tuple[BlockKind, int] | None:
    """Kind and level of a paragraph from its style, list and indents; None for an entry of a contents list."""
    chain = _style_chain(_value(_child(properties, "pStyle")), styles)
    outline = _number(_value(_child(properties, "outlineLvl")))
    list_id = _value(_child(properties, "numPr", "numId"))
    for style in chain:
        if re.fullmatch(r"toc (\d|heading)|table of figures", style.name):
            return None
        if style.name in ("title", "subtitle"):
            return "front_matter", 0
        if match := re.fullmatch(r"heading ([1-9])", style.name):
            return "heading", min(6, int(match[1]))
        if style.name in ("quote", "intense quote", "block text", "quotations"):
            return "quotation", 0
        outline = style.outline if outline is None else outline
        list_id = style.list_id if list_id is None else list_id
    if outline is not None and 0 <= outline <= 8:
        return "heading", min(6, outline + 1)
    if list_id not in (None, "0"):
        level = _number(_value(_child(properties, "numPr", "ilvl"))) or 0
        return "list_item", max(0, level)
    indent = _child(properties, "ind")
    sides = [
        _number(_value(indent, a)) or _number(_value(indent, b)) or 0 for a, b in (("left", "start"), ("right", "end"))
    ]
    return ("quotation" if min(sides) >= MIN_QUOTATION_INDENT else "paragraph"), 0


# ---------------------------------------------------------------- text


def _blocks(parent: _Element, reader: _Reader) -> Iterator[Piece]:
    """The pieces of a body, cell, text box or note."""
    for element in parent:
        local = _local(element)
        if local == "p":
            yield from _paragraph(element, reader)
        elif local == "tbl":
            yield from _rows(element, reader)
        elif local == "sdt":
            if not _is_left_out(element):
                content = _child(element, "sdtContent")
                yield from _blocks(content, reader) if content is not None else ()
        elif local in ("customXml", "ins", "moveTo", "smartTag"):
            yield from _blocks(element, reader)


def _rows(parent: _Element, reader: _Reader) -> Iterator[Piece]:
    """The cells of a table, row by row; rows and cells may stand inside content controls."""
    for element in parent:
        local = _local(element)
        if local == "tc":
            yield from _blocks(element, reader)
        elif local == "tr" and _child(element, "trPr", "del") is not None:
            reader.has_changes = True
        elif local in ("tr", "sdt", "sdtContent", "customXml", "ins"):
            yield from _rows(element, reader)


def _is_left_out(control: _Element) -> bool:
    """Whether a content control holds a contents list or the prompt of an unfilled field."""
    properties = _child(control, "sdtPr")
    gallery = _value(_child(properties, "docPartObj", "docPartGallery")) or ""
    return gallery.lower().startswith("table of") or _is_on(_child(properties, "showingPlcHdr"))


def _paragraph(paragraph: _Element, reader: _Reader) -> Iterator[Piece]:
    properties = _child(paragraph, "pPr")
    mark = _child(properties, "rPr")
    runs: list[tuple[str, bool]] = []
    boxes: list[_Element] = []
    _gather(paragraph, reader, runs, boxes)
    text = reader.held + "".join(text for text, _ in runs)
    reader.held = ""
    if _child(mark, "del") is not None or _child(mark, "moveFrom") is not None:
        reader.held, reader.has_changes = text, True
    elif (found := _kind(properties, reader.styles)) is not None:
        kind, level = found
        if kind == "paragraph" and _is_bold_line(text, runs):
            kind, level = "heading", BOLD_HEADING_LEVEL
        yield Piece(kind, text, level)
    for box in boxes:
        yield from _blocks(box, reader)


def _is_bold_line(text: str, runs: list[tuple[str, bool]]) -> bool:
    is_bold = all(bold for part, bold in runs if part.strip())
    return is_bold and 0 < len(text.split()) <= MAX_BOLD_HEADING_WORDS and text.rstrip()[-1:] not in tuple(".,;!")


def _gather(
    parent: _Element, reader: _Reader, runs: list[tuple[str, bool]], boxes: list[_Element], *, is_bold: bool = False
) -> None:
    """Append the text of a paragraph's runs, each with whether it is bold, and the text boxes anchored in it."""
    for element in parent:
        local = _local(element)
        if local in MARKED_CHANGE:
            reader.has_changes = True
        if local in DROPPED:
            continue
        if local == "t":
            runs.append((element.text or "", is_bold))
        elif local in CHARACTERS:
            is_break = local == "br" and _value(element, "type") in ("page", "column")
            runs.append(("\n\n" if is_break else CHARACTERS[local], is_bold))
        elif local == "sym":
            code = _value(element, "char") or ""
            runs.append((chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else "", is_bold))
        elif local in ("footnoteReference", "endnoteReference"):
            reader.note_ids.append((local.removesuffix("Reference"), _value(element, "id") or ""))
        elif local == "txbxContent":
            boxes.append(element)
        elif local == "r":
            if not _is_on(_child(element, "rPr", "vanish")):
                _gather(element, reader, runs, boxes, is_bold=_is_on(_child(element, "rPr", "b")))
        elif local != "sdt" or not _is_left_out(element):
            _gather(element, reader, runs, boxes, is_bold=is_bold)


def _notes(data: bytes, folder: str, name: str, reader: _Reader) -> Iterator[Piece]:
    """The notes the text refers to, in its order."""
    roots = {kind: read_xml(data, f"{folder}/{kind}s.xml", name) for kind in ("footnote", "endnote")}
    note_by_id = {
        (kind, _value(note, "id")): note for kind, root in roots.items() for note in (root if root is not None else ())
    }
    for note_id in list(dict.fromkeys(reader.note_ids)):
        note = note_by_id.get(note_id)
        if note is not None:
            yield from (Piece("footnote", piece.text) for piece in _blocks(note, reader))
