"""The files about a class: comments in Word, the workbook, the page and its sheet."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from shutil import which

import docx
import openpyxl
import pytest
from report_sample import BLOCKS, build_feedback

from analyser.records import Message
from analyser.report.annotated_docx import render_docx
from analyser.report.class_page import render_class_page, sheet
from analyser.report.class_report import ClassReport, Remark, Row, Said, SlipRow, doubts_of
from analyser.report.upload import comment, moodle_worksheet
from analyser.report.workbook import write_workbook

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document_of(data: bytes):
    return docx.Document(io.BytesIO(data))


def commented_words(data: bytes) -> dict[str, str]:
    """The words between the marks of each comment, by its text."""
    document = document_of(data)
    inside: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for element in document.element.body.iter():
        comment_id = element.get(f"{WORD}id")
        if element.tag == f"{WORD}commentRangeStart":
            inside[comment_id] = []
        elif element.tag == f"{WORD}commentRangeEnd":
            found[document.comments.get(int(comment_id)).text] = "".join(inside.pop(comment_id))
        elif element.tag == f"{WORD}t":
            for words in inside.values():
                words.append(element.text)
    assert not inside
    return found


def students_docx(n_run: int = 7) -> bytes:
    """The draft as a student's own document, its runs cut anywhere, with a heading, a link, bold and tabs."""
    document = docx.Document()
    for kind, text in BLOCKS:
        paragraph = document.add_paragraph(style="Heading 1" if kind == "heading" else None)
        for start in range(0, len(text), n_run):
            run = paragraph.add_run(text[start : start + n_run])
            run.bold = start % (2 * n_run) == 0
            if start == n_run:
                run.add_tab()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("original", [None, students_docx(), students_docx(1), students_docx(1000)])
def test_comments_stand_at_the_words(original):
    feedback = build_feedback()
    data = render_docx(feedback, original)
    words = commented_words(data)
    assert len(words) == len(document_of(data).comments._comments_elm.comment_lst)
    quoted = {text: match[1].rstrip("…. ") for text in words if (match := re.search(r": .*?“([^”]+)”", text))}
    assert len(quoted) >= 5
    for text, quote in quoted.items():
        squeezed = "".join(words[text].split())
        assert squeezed == "".join(quote.split()), text
    own = [re.sub(r"\s", "", p.text) for p in document_of(data).paragraphs]
    assert own == [re.sub(r"\s", "", text) for _, text in BLOCKS]


def test_students_document_keeps_its_looks():
    before, after = document_of(students_docx()), document_of(render_docx(build_feedback(), students_docx()))
    for old, new in zip(before.paragraphs, after.paragraphs, strict=True):
        assert old.style.name == new.style.name
        assert [(c, r.bold) for r in old.runs for c in r.text] == [(c, r.bold) for r in new.runs for c in r.text]


def test_teachers_comments_are_hers():
    feedback = build_feedback()
    hers = Message("T100", "S2", "next_step", "Your teacher: see me.")
    document = document_of(render_docx(replace(feedback, messages=(hers, *feedback.messages))))
    authors = {c.text: c.author for c in document.comments}
    assert authors["Your teacher: see me."] == "Teacher"
    assert set(authors.values()) == {"Teacher", "Essay analyser"}


def test_same_bytes_and_no_date():
    data = render_docx(build_feedback(), students_docx())
    assert data == render_docx(build_feedback(), students_docx())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"w:date" not in archive.read("word/comments.xml")


@pytest.mark.parametrize("original", [b"", b"no document", b"PK\x05\x06" + b"\0" * 18])
def test_unusable_original_is_made_from_the_text(original):
    assert len(document_of(render_docx(build_feedback(), original)).paragraphs) == len(BLOCKS)


def test_macros_are_not_passed_on():
    with zipfile.ZipFile(io.BytesIO(students_docx())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        kind, b"application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    parts["word/vbaProject.bin"] = b"macro"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    with zipfile.ZipFile(io.BytesIO(render_docx(build_feedback(), buffer.getvalue()))) as made:
        assert "word/vbaProject.bin" not in made.namelist()


# ---------------------------------------------------------------- workbook, page, comments


def build_report(n: int = 6) -> ClassReport:
    feedback = build_feedback()
    statuses = {"judgement": "stated"} | {c.id: c.status for c in feedback.findings.criteria}
    statuses |= {m.id: m.status for m in feedback.matches} | {e.id: e.status for e in feedback.findings.evidence}
    names = ["=1+1", "@SUM(A1)", "Zoë <b>O'Brien</b>", "-2", "+3", *(f"Student {k}" for k in range(n))][:n]
    rows = tuple(
        Row(
            student=name,
            key=f"folder:{name}",
            draft=f"d{k}",
            file=f"{name}.txt",
            n_words=100 + k,
            stance="mixed",
            statuses=statuses | ({"S3": "covered"} if k % 2 else {}),
            coverage=dict(feedback.coverage),
            slips=(SlipRow("date", "E2", "=1412", "1411", "=HYPERLINK(1412)"),),
            doubts=tuple(doubts_of(feedback)),
            said=(Said("praise", "S1", "Well <i>said</i>."), Said("next_step", "S3", "Go on.", "How?")),
            corrected=("S3",) if k % 2 else (),
            comments=("=cmd|' /C calc'!A0",),
        )
        for k, name in enumerate(names)
    )
    return ClassReport(
        feedback.rubric, rows, (Remark("skipped", "E105", "Eve", "=Eve.txt", "the file is empty."),), "Moodle"
    )


def test_workbook(tmp_path):
    report = build_report()
    write_workbook(report, tmp_path / "a.xlsx")
    write_workbook(report, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Overview", "Points", "Evidence", "Slips", "Review", "Decisions"]
    for page in book:
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    points = book["Points"]
    assert [cell.value for cell in points["A"][1:]] == [row.student for row in report.rows]
    assert points.max_row == 1 + len(report.rows)
    assert points.conditional_formatting
    for text in ("=1+1", "@SUM(A1)", "-2", "+3"):
        cell = next(cell for cell in points["A"] if cell.value == text)
        assert cell.quotePrefix
    assert book["Review"].column_dimensions["I"].hidden


def test_empty_class(tmp_path):
    report = replace(build_report(), rows=(), remarks=())
    write_workbook(report, tmp_path / "a.xlsx")
    assert "0 drafts marked" in render_class_page(report)


def test_page_is_safe_and_whole():
    report = build_report()
    page = render_class_page(report)
    assert page == render_class_page(report)
    assert "<b>O" not in page
    assert "Zoë &lt;b&gt;O&#39;Brien&lt;/b&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    assert "default-src 'none'" in page
    for point in report.rubric.points:
        assert page.count(f'title="{point.id}: ') == len(report.rows)
    n_hers = sum(len(row.corrected) for row in report.rows)
    assert page.count('set by you"') == n_hers


def test_sheet_gives_no_answer_away():
    report = build_report()
    shown = sheet(report)
    text = " ".join((*shown.done_well, *shown.look_again, *shown.facts, shown.task))
    for item in (*report.rubric.points, *report.rubric.evidence):
        assert getattr(item, "statement", getattr(item, "name", "")) not in text
    assert "1411" not in text
    assert "“=1412”" in text


def test_moodle_comment_is_safe_html():
    row = build_report().rows[0]
    assert "<li>Well &lt;i&gt;said&lt;/i&gt;.</li>" in comment(row)
    assert "'=1+1" in moodle_worksheet(replace(build_report(1), rows=(replace(row, platform_id="5"),)), (), ())


@pytest.mark.browser
@pytest.mark.skipif(which("chromium") is None, reason="needs Chromium")
@pytest.mark.parametrize("n", [1, 60])
def test_sheet_prints_on_one_side(tmp_path, n):
    import pypdfium2

    (tmp_path / "class.html").write_text(render_class_page(build_report(n)), encoding="utf8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    pdf = tmp_path / "class.pdf"
    subprocess.run(
        [*command, f"--print-to-pdf={pdf}", f"file://{tmp_path}/class.html"], check=True, capture_output=True
    )
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1


@pytest.mark.quality
@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("original", [None, students_docx()])
def test_a_word_processor_reads_the_comments(tmp_path, original):
    (tmp_path / "a.docx").write_bytes(render_docx(build_feedback(), original))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fodt"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], check=True, capture_output=True)
    text = (tmp_path / "a.fodt").read_text(encoding="utf8")
    n = len(document_of((tmp_path / "a.docx").read_bytes()).comments._comments_elm.comment_lst)
    assert text.count("<office:annotation ") == text.count("<office:annotation-end ") == n
