"""Whatever cannot be read is refused in one clear line with a code; whatever is odd is read with a notice."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from drafts import PARAGRAPHS, docx_of, pdf_of, simple_docx, simple_odt, simple_pdf, style, with_parts
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from analyser.errors import EXPLANATIONS, DraftError
from analyser.text.formats import archive
from analyser.text.reading import MAX_BYTES, essay_from_text, read_bytes, read_essay

RANDOM = random.Random(7)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zip_of(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def locked_pdf() -> bytes:
    return pdf_of([Paragraph(PARAGRAPHS[0], style())], encrypt=StandardEncryption("secret"))


def scanned_pdf() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(Image.new("RGB", (30, 30))), 0, 0, 500, 700)
    canvas.drawString(10, 10, "Scanned with an app")
    canvas.save()
    return buffer.getvalue()


def blank_pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def locked_odt() -> bytes:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    return with_parts(simple_odt(), {"META-INF/manifest.xml": manifest})


def lying_bomb() -> bytes:
    """A part that declares one size and unpacks to another."""
    data = bytearray(with_parts(simple_docx(), {"word/document.xml": bytes(200_000)}))
    size = struct.pack("<I", 200_000)
    return bytes(data).replace(size, struct.pack("<I", 1000))


BAD = {
    "empty": (b"", "E105"),
    "spaces": (b" \n\t\n", "E106"),
    "signs": (b"--- 1917 ***", "E106"),
    "byte_order_mark": (b"\xef\xbb\xbf", "E106"),
    "blank.docx": (docx_of("<w:p/>"), "E106"),
    "blank.html": (b"<html><body></body></html>", "E106"),
    "blank.pdf": (blank_pdf(), "E106"),
    "renamed.txt": (bytes(range(256)) * 20, "E113"),
    "old.doc": (OLE + "WordDocument".encode("utf-16-le"), "E110"),
    "old.xls": (OLE + "Workbook".encode("utf-16-le"), "E114"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "E120"),
    "essay.pages": (zip_of("Index/Document.iwa", "preview.jpg"), "E111"),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + RANDOM.randbytes(200), "E112"),
    "photo.png": (b"\x89PNG\r\n\x1a\n" + RANDOM.randbytes(200), "E112"),
    "photo.heic": (b"\x00\x00\x00\x18ftypheic" + RANDOM.randbytes(200), "E112"),
    "photo renamed.docx": (b"\x89PNG\r\n\x1a\n" + RANDOM.randbytes(200), "E112"),
    "sheet.xlsx": (zip_of("[Content_Types].xml", "xl/workbook.xml"), "E114"),
    "slides.pptx": (zip_of("ppt/presentation.xml"), "E114"),
    "class.zip": (zip_of("a.docx", "b.docx"), "E114"),
    "empty.zip": (zip_of(), "E114"),
    "data.xml": (b"<?xml version='1.0'?><data>words</data>", "E114"),
    "cut.docx": (simple_docx()[:3000], "E121"),
    "zeros.docx": (bytes(5000), "E121"),
    "noise.pdf": (RANDOM.randbytes(2000), "E121"),
    "junk.docx": (b"PK\x03\x04" + RANDOM.randbytes(500), "E121"),
    "no_xml.docx": (with_parts(simple_docx(), {"word/document.xml": "not XML at all"}), "E121"),
    "no_body.docx": (with_parts(simple_docx(), {"word/document.xml": "<x/>"}), "E121"),
    "no_text.odt": (with_parts(simple_odt(), {"content.xml": "<x/>"}), "E121"),
    "lying.docx": (lying_bomb(), "E121"),
    "cut.pdf": (simple_pdf()[:600], "E121"),
    "junk.pdf": (b"%PDF-1.7\n" + RANDOM.randbytes(500), "E121"),
    "locked.pdf": (locked_pdf(), "E120"),
    "locked.odt": (locked_odt(), "E120"),
    "scan.pdf": (scanned_pdf(), "E123"),
    "book.txt": (b"word " * 60_000, "E107"),
}


def check(error: DraftError, code: str, name: str) -> None:
    line = str(error)
    assert error.code == code
    assert line.startswith(f"{code}: ")
    assert name in line
    assert "\n" not in line
    assert error.hint.endswith((".", "?"))
    assert error.exit_code == 3
    assert code in EXPLANATIONS


@pytest.mark.parametrize("name", BAD)
def test_refused(name):
    data, code = BAD[name]
    with pytest.raises(DraftError) as caught:
        read_bytes(data, name)
    check(caught.value, code, name)


def test_zip_bombs_are_not_unpacked(monkeypatch):
    data = with_parts(simple_docx(), {"word/document.xml": b"<a>" + bytes(archive.MAX_PART_BYTES)})
    assert len(data) < 200_000
    with pytest.raises(DraftError) as caught:
        read_bytes(data, "bomb.docx")
    check(caught.value, "E122", "bomb.docx")
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", 10_000)
    with pytest.raises(DraftError) as caught:
        read_bytes(simple_docx(), "bomb.docx")
    check(caught.value, "E122", "bomb.docx")


def test_nested_entities_do_not_grow():
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]><x>&e9;</x>'
    with pytest.raises(DraftError) as caught:
        read_bytes(with_parts(simple_docx(), {"word/document.xml": bomb}), "x.docx")
    assert caught.value.code == "E121"


def test_too_large():
    with pytest.raises(DraftError) as caught:
        read_bytes(bytes(MAX_BYTES + 1), "large.docx")
    check(caught.value, "E104", "large.docx")


def test_missing_file_offers_the_nearest_name(tmp_path):
    (tmp_path / "draft.docx").touch()
    with pytest.raises(DraftError) as caught:
        read_essay(tmp_path / "drfat.docx")
    check(caught.value, "E101", "drfat.docx")
    assert f"Did you mean '{tmp_path / 'draft.docx'}'?" in str(caught.value)


@pytest.mark.parametrize("name", ["no/such/folder/draft.txt", "x" * 5000, "a\x00b"])
def test_names_that_cannot_be(name):
    with pytest.raises(DraftError) as caught:
        read_essay(name)
    assert caught.value.code == "E101"


@pytest.mark.parametrize("text", ["Lenin was cruel. " * 200, "Lenin was cruel.\n\nSo was Stalin."])
def test_an_essay_in_place_of_a_name_is_not_repeated_whole(text):
    with pytest.raises(DraftError) as caught:
        read_essay(text)
    check(caught.value, "E101", "Lenin was cruel.")
    assert "not the name of a file" in str(caught.value)
    assert len(str(caught.value)) < 300


def test_folder(tmp_path):
    with pytest.raises(DraftError) as caught:
        read_essay(tmp_path)
    check(caught.value, "E102", str(tmp_path))


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "draft.txt"
    path.write_text(PARAGRAPHS[0])

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DraftError) as caught:
        read_essay(path)
    check(caught.value, "E103", "draft.txt")


def test_standard_input(monkeypatch):
    class Stream:
        buffer = io.BytesIO(simple_docx())

    monkeypatch.setattr("sys.stdin", Stream)
    essay = read_essay("-")
    assert (essay.id, essay.source) == ("stdin", "standard input")
    assert essay.n_paragraphs == 3
    assert essay.notices == ()


# ---------------------------------------------------------------- odd, and read all the same

GERMAN = (
    "Die Frage, ob der Terror Stalins in den dreißiger Jahren dem Terror Lenins ähnlich war, ist in der Forschung sehr "
    "umstritten. Man kann sagen, dass die Methoden die gleichen waren, aber die Opfer andere. Lenin hatte die Tscheka "
    "gegründet, und Stalin hat sie als NKWD weitergeführt. Beide hatten Angst um ihre Macht."
)
RUSSIAN = "Ленин и Сталин управляли страной с помощью террора, и методы их были похожи, но жертвы были другие. " * 3


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Lenin Stalin", ["N102"]),
        (" ".join(PARAGRAPHS), []),
        (GERMAN, ["N104"]),
        (RUSSIAN, ["N103"]),
        ("Ленин и Сталин", ["N102", "N103"]),
        (
            "Lenin - Cheka 1917, Red Terror 1918, Tambov; Stalin - NKVD, the purges, 1937. Both: camps and trials.",
            ["N102"],
        ),
    ],
)
def test_notices_about_the_text(text, codes):
    essay = essay_from_text(text)
    assert [notice.code for notice in essay.notices] == codes
    assert all(code in EXPLANATIONS for code in codes)


def test_fifty_thousand_words_are_read():
    assert essay_from_text("of the people " * 16_000).n_words == 48_000
