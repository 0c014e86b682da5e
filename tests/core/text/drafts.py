"""One short essay, and the means to make real files of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from docx import Document
from docx.oxml import parse_xml
from lxml import etree
from odf.opendocument import OpenDocumentText
from odf.text import P
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

from analyser.records import Essay

PARAGRAPHS = (
    "It is only partly accurate to say that Stalin’s use of terror was similar to Lenin’s. The methods were much the "
    "same, but the victims were not, and the scale of the killing was of another order.",
    "Both men relied on a political police. Lenin founded the Cheka in December 1917, and Stalin’s NKVD did the same "
    "work with the same powers: arrest without warrant, trial without defence – and execution without appeal.",
    "In conclusion, the statement holds for the means and fails for the ends. Lenin’s terror was aimed at the enemies "
    "of the Party; Stalin’s was aimed at the Party itself.",
)
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)

ODF_NAMES = ("office", "text", "table", "draw", "style", "xlink", "svg", "dc")


def kinds_and_texts(essay: Essay) -> list[tuple[str, str]]:
    return [(block.kind, essay.text[block.start : block.end]) for block in essay.blocks]


def texts(essay: Essay, kind: str = "paragraph") -> list[str]:
    return [text for found, text in kinds_and_texts(essay) if found == kind]


def docx_bytes(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def docx_of(*body_xml: str) -> bytes:
    """A Word document whose body holds exactly these elements."""
    document = Document()
    body = document.element.body
    for xml in body_xml:
        body.insert(len(body) - 1, parse_xml(re.sub(r"^(<[\w:]+)", rf"\1 {NAMESPACES}", xml)))
    return docx_bytes(document)


def with_parts(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    """An archive with some of its parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def replaced(data: bytes, part: str, change: Callable[[etree._Element], None]) -> bytes:
    """An archive with one XML part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read(part))
    change(root)
    return with_parts(data, {part: etree.tostring(root)})


def simple_docx() -> bytes:
    """The essay as a Word document."""
    document = Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    return docx_bytes(document)


def simple_odt() -> bytes:
    """The essay as an OpenDocument text."""
    document = OpenDocumentText()
    for text in PARAGRAPHS:
        document.text.addElement(P(text=text))
    return odt_bytes(document)


def odt_bytes(document) -> bytes:
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def odt_of(*body_xml: str) -> bytes:
    """An OpenDocument text whose body holds exactly these elements, with the prefixes text, table, draw, office."""
    namespaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ODF_NAMES)
    content = (
        f"<office:document-content {namespaces}><office:body><office:text>{''.join(body_xml)}</office:text>"
        "</office:body></office:document-content>"
    )
    return with_parts(simple_odt(), {"content.xml": content})


def rtf_of(body: str, head: str = r"\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}}") -> bytes:
    """An RTF document; characters beyond Latin-1 are written as programs write them."""
    escaped = "".join(c if ord(c) < 128 else f"\\u{ord(c)} ?" for c in body)
    return f"{{\\rtf1{head}{escaped}}}".encode("ascii")


def pdf_of(story: list, **options) -> bytes:
    """A PDF of ReportLab flowables."""
    buffer = io.BytesIO()
    first, later = options.pop("on_first_page", None), options.pop("on_later_pages", None)
    document = SimpleDocTemplate(buffer, **options)
    pages = {"onFirstPage": first or later, "onLaterPages": later} if later or first else {}
    document.build(story, **{key: value for key, value in pages.items() if value})
    return buffer.getvalue()


def style(**options) -> ParagraphStyle:
    return ParagraphStyle("test", **{"fontName": "Times-Roman", "fontSize": 12, "leading": 16, **options})


def simple_pdf() -> bytes:
    """The essay as a PDF."""
    return pdf_of([Paragraph(text, style(spaceAfter=10)) for text in PARAGRAPHS])
