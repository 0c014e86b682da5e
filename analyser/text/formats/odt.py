"""OpenDocument text (.odt), read as if every tracked change had been accepted.

The format keeps deleted text apart from the text itself, so accepting changes means leaving that part out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analyser.records import BlockKind, Notice
from analyser.text.formats.archive import corrupt, locked, read_xml
from analyser.text.pieces import Contents, Piece

if TYPE_CHECKING:
    from lxml.etree import _Element

# A space element stands for at most this many spaces; they are made one later in any case.
MAX_SPACES = 20
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"
DROPPED = frozenset(
    {
        "tracked-changes",
        "annotation",
        "annotation-end",
        "note-citation",
        "ruby-text",
        "hidden-text",
        "hidden-paragraph",
        "table-of-content",
        "illustration-index",
        "table-index",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "forms",
        "title",
        "desc",
        "binary-data",
        "event-listeners",
        "script",
    }
)
KIND_BY_STYLE: dict[str, BlockKind] = {
    "title": "front_matter",
    "subtitle": "front_matter",
    "quotations": "quotation",
    "quote": "quotation",
}


def read(data: bytes, name: str) -> Contents:
    """The pieces of an OpenDocument text in reading order, its notes last."""
    manifest = read_xml(data, "META-INF/manifest.xml", name)
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise locked(name)
    root = read_xml(data, "content.xml", name)
    text = next(root.iter(TEXT), None) if root is not None else None
    if root is None or text is None:
        raise corrupt(name, "it holds no document text")
    parents = {
        _attribute(style, "name"): _style_name(_attribute(style, "parent-style-name"))
        for style in root.iter("{*}style")
    }
    notes: list[_Element] = []
    pieces = list(_blocks(text, parents, notes))
    for note in notes:
        pieces += [Piece("footnote", piece.text) for piece in _blocks(note, parents, [])]
    has_changes = next(root.iter("{*}changed-region"), None) is not None
    notices = (
        (Notice("N107", "The draft has tracked changes: it was read as if all of them were accepted."),)
        if has_changes
        else ()
    )
    return Contents(tuple(pieces), notices)


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _style_name(name: str) -> str:
    """A style's name as people see it: the file writes a space as ``_20_``."""
    return name.replace("_20_", " ").lower()


def _attribute(element: _Element, key: str) -> str:
    return next((str(value) for name, value in element.items() if name.rpartition("}")[2] == key), "")


def _blocks(parent: _Element, parents: dict[str, str], notes: list[_Element], list_level: int = -1) -> Iterator[Piece]:
    """The pieces of a body, section, cell, list, text box or note."""
    for element in parent:
        local = _local(element)
        if local in DROPPED:
            continue
        if local in ("p", "h"):
            yield from _paragraph(element, parents, notes, list_level)
        else:
            yield from _blocks(element, parents, notes, list_level + (local == "list"))


def _paragraph(element: _Element, parents: dict[str, str], notes: list[_Element], list_level: int) -> Iterator[Piece]:
    boxes: list[_Element] = []
    text = "".join(_texts(element, notes, boxes))
    style = _attribute(element, "style-name")
    names = (_style_name(style), parents.get(style, ""))
    kind = next((KIND_BY_STYLE[name] for name in names if name in KIND_BY_STYLE), None)
    if kind:
        yield Piece(kind, text)
    elif _local(element) == "h":
        level = _attribute(element, "outline-level")
        yield Piece("heading", text, min(6, max(1, int(level))) if level.isdecimal() else 1)
    elif list_level >= 0:
        yield Piece("list_item", text, list_level)
    else:
        yield Piece("paragraph", text)
    for box in boxes:
        yield from _blocks(box, parents, notes)


def _texts(element: _Element, notes: list[_Element], boxes: list[_Element]) -> Iterator[str]:
    """The text of a paragraph; its notes and text boxes are put aside."""
    yield element.text or ""
    for child in element:
        local = _local(child)
        if local == "s":
            count = _attribute(child, "c")
            yield " " * (min(MAX_SPACES, int(count)) if count.isdecimal() else 1)
        elif local == "tab":
            yield " "
        elif local == "line-break":
            yield "\n"
        elif local == "note-body":
            notes.append(child)
        elif local == "text-box":
            boxes.append(child)
        elif local not in DROPPED:
            yield from _texts(child, notes, boxes)
        yield child.tail or ""
