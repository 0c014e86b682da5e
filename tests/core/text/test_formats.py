# ruff: noqa: E501 - the markup of the samples reads best unbroken
"""The same essay in every format reads the same; and what each format alone can hold."""

import textwrap

import pytest
from docx import Document
from drafts import (
    PARAGRAPHS,
    docx_bytes,
    docx_of,
    kinds_and_texts,
    odt_of,
    pdf_of,
    replaced,
    rtf_of,
    simple_docx,
    simple_odt,
    simple_pdf,
    style,
    texts,
    with_parts,
)
from reportlab.platypus import PageBreak, Paragraph, Spacer

from analyser.text.reading import KIND_BY_SUFFIX, READER_BY_KIND, read_bytes, read_essay

LONG = " ".join(PARAGRAPHS)
WORDS = LONG.replace(".", "").split()
# Twenty paragraphs that all begin and end otherwise.
MANY = [" ".join([f"Chapter {chr(65 + i)}", *WORDS[i:], *WORDS[:i]]) + "." for i in range(20)]


def essay_in(suffix: str) -> bytes:
    text = "\n\n".join(PARAGRAPHS)
    as_html = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return {
        ".txt": lambda: text.encode(),
        ".md": lambda: text.encode(),
        ".docx": simple_docx,
        ".odt": simple_odt,
        ".rtf": lambda: rtf_of(r"\pard ".join(f"{paragraph}\\par " for paragraph in PARAGRAPHS)),
        ".pdf": simple_pdf,
        ".html": lambda: (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{as_html}</body></html>".encode()
        ),
    }[suffix]()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".docx", ".odt", ".rtf", ".pdf", ".html"])
def test_every_format_gives_the_same_essay(suffix, tmp_path):
    path = tmp_path / f"draft{suffix}"
    path.write_bytes(essay_in(suffix))
    essay = read_essay(path)
    assert essay.text == "\n\n".join(PARAGRAPHS)
    assert kinds_and_texts(essay) == [("paragraph", text) for text in PARAGRAPHS]
    assert (essay.id, essay.source, essay.notices) == ("draft", str(path), ())
    assert essay.n_words == len(LONG.split())


def test_every_suffix_has_a_reader():
    assert set(KIND_BY_SUFFIX.values()) == set(READER_BY_KIND)


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".rtf", ".pdf", ".html"])
def test_contents_win_over_a_wrong_suffix(suffix):
    essay = read_bytes(essay_in(suffix), "draft.txt")
    assert texts(essay) == list(PARAGRAPHS)
    assert [notice.code for notice in essay.notices] == ["N101"]


def test_text_named_docx_is_read_as_text():
    essay = read_bytes(essay_in(".txt"), "draft.docx")
    assert texts(essay) == list(PARAGRAPHS)
    assert "plain text" in essay.notices[0].text


# ---------------------------------------------------------------- Word


def test_docx_tracked_changes_are_accepted_and_said():
    essay = read_bytes(
        docx_of(
            '<w:p><w:r><w:t xml:space="preserve">Stalin </w:t></w:r><w:ins w:id="1" w:author="a"><w:r><w:t>purged</w:t></w:r>'
            '</w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>killed</w:delText></w:r></w:del>'
            '<w:moveFrom w:id="3" w:author="a"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
            '<w:moveTo w:id="4" w:author="a"><w:r><w:t xml:space="preserve"> the Party.</w:t></w:r></w:moveTo></w:p>',
            '<w:p><w:pPr><w:rPr><w:del w:id="5" w:author="a"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">Two halves </w:t>'
            "</w:r></w:p>",
            "<w:p><w:r><w:t>become one.</w:t></w:r></w:p>",
            '<w:p><w:pPr><w:rPr><w:moveFrom w:id="6" w:author="a"/></w:rPr></w:pPr><w:moveFrom w:id="7" w:author="a">'
            "<w:r><w:t>moved away</w:t></w:r></w:moveFrom></w:p>",
            '<w:tbl><w:tr><w:trPr><w:del w:id="8" w:author="a"/></w:trPr><w:tc><w:p><w:r><w:t>deleted row</w:t></w:r></w:p></w:tc>'
            "</w:tr><w:tr><w:tc><w:p><w:r><w:t>A row that stays.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        ),
        "draft.docx",
    )
    assert texts(essay) == ["Stalin purged the Party.", "Two halves become one.", "A row that stays."]
    assert "N107" in [notice.code for notice in essay.notices]


def test_docx_structure_survives():
    document = Document()
    document.add_heading("Stalin and Lenin", 0)
    document.add_heading("Methods", 1)
    document.add_paragraph(PARAGRAPHS[0])
    document.add_paragraph("Hostage-taking.", style="List Bullet")
    document.add_paragraph("Camps.", style="List Number")
    document.add_paragraph("A word that nobody wrote.", style="Quote")
    bold = document.add_paragraph()
    bold.add_run("The victims").bold = True
    document.add_paragraph(PARAGRAPHS[1])
    quoted = document.add_paragraph("Set in at both sides, this too is quoted.")
    quoted.paragraph_format.left_indent = quoted.paragraph_format.right_indent = 914400 // 2
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Lenin took hostages.", "Stalin took comrades."
    document.sections[0].header.paragraphs[0].text = "Jamie Smith, running head"
    essay = read_bytes(docx_bytes(document), "draft.docx")
    assert kinds_and_texts(essay) == [
        ("front_matter", "Stalin and Lenin"),
        ("heading", "Methods"),
        ("paragraph", PARAGRAPHS[0]),
        ("list_item", "Hostage-taking."),
        ("list_item", "Camps."),
        ("quotation", "A word that nobody wrote."),
        ("heading", "The victims"),
        ("paragraph", PARAGRAPHS[1]),
        ("quotation", "Set in at both sides, this too is quoted."),
        ("paragraph", "Lenin took hostages."),
        ("paragraph", "Stalin took comrades."),
    ]


def test_docx_lines_pasted_from_elsewhere_become_paragraphs():
    document = Document()
    document.add_heading("Stalin and Lenin", 0)
    for text in PARAGRAPHS * 2:
        for line in textwrap.wrap(text, 80):
            document.add_paragraph(line)
        document.add_paragraph()
    essay = read_bytes(docx_bytes(document), "draft.docx")
    assert texts(essay) == list(PARAGRAPHS * 2)


def test_docx_short_paragraphs_stay_apart():
    notes = [f"The Cheka came first, and number {i} of its victims was a bishop" for i in range(20)]
    sentences = [f"This is sentence {i} of the essay. It is about the Cheka and its work" for i in range(3)]
    document = Document()
    for text in (*notes, *sentences):
        document.add_paragraph(text)
    assert texts(read_bytes(docx_bytes(document), "draft.docx")) == [*notes, *sentences]


def test_docx_odd_content():
    essay = read_bytes(
        docx_of(
            '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden </w:t></w:r><w:r><w:t xml:space="preserve">Field </w:t></w:r>'
            '<w:fldSimple w:instr="CITATION"><w:r><w:t>(Figes 1996)</w:t></w:r></w:fldSimple>'
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            "<w:r><w:t>, Lenin</w:t><w:noBreakHyphen/><w:t>Stalin</w:t><w:br/><w:t>and so on.</w:t></w:r></w:p>",
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
            "<w:sdtContent><w:p><w:r><w:t>Contents 1</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here to enter text.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>",
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a content control.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "<w:p><w:r><w:t>Beside a box.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
            "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        ),
        "draft.docx",
    )
    assert texts(essay) == [
        "Field (Figes 1996), Lenin-Stalin and so on.",
        "In a content control.",
        "Beside a box.",
        "In the box.",
    ]


def test_docx_notes_follow_the_text_in_its_order():
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = (
        '<w:footnote w:id="{}"><w:p><w:r><w:footnoteRef/><w:t xml:space="preserve"> {}</w:t></w:r></w:p></w:footnote>'
    )
    notes = (
        f'<w:footnotes xmlns:w="{namespace}"><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f"{note.format(1, 'Figes, p. 642.')}{note.format(2, 'Service, p. 12.')}{note.format(3, 'Nowhere named.')}</w:footnotes>"
    )
    body = docx_of(
        '<w:p><w:r><w:t>The Cheka grew.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>',
        '<w:p><w:r><w:t>So did the camps.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>',
    )
    essay = read_bytes(with_parts(body, {"word/footnotes.xml": notes}), "draft.docx")
    assert kinds_and_texts(essay) == [
        ("paragraph", "The Cheka grew."),
        ("paragraph", "So did the camps."),
        ("footnote", "Service, p. 12."),
        ("footnote", "Figes, p. 642."),
    ]


def test_docx_in_the_strict_form_of_the_standard():
    def to_strict(root):
        for element in root.iter():
            element.tag = "{http://purl.oclc.org/ooxml/wordprocessingml/main}" + element.tag.rpartition("}")[2]

    essay = read_bytes(replaced(simple_docx(), "word/document.xml", to_strict), "draft.docx")
    assert texts(essay) == list(PARAGRAPHS)


def test_docx_entities_are_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    document = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yyyy">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Plain words. &x;&y;</w:t></w:r></w:p></w:body></w:document>"
    )
    essay = read_bytes(with_parts(simple_docx(), {"word/document.xml": document}), "draft.docx")
    assert essay.text == "Plain words."


# ---------------------------------------------------------------- OpenDocument


def test_odt_structure_survives():
    essay = read_bytes(
        odt_of(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted text</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes>",
            "<text:p>An opening.</text:p>",
            '<text:h text:outline-level="2">Methods</text:h>',
            "<text:p>The Cheka<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Figes, p. 642."
            '</text:p></text:note-body></text:note> had<text:s text:c="3"/>great<text:line-break/>powers.'
            "<office:annotation><text:p>a comment</text:p></office:annotation></text:p>",
            "<text:list><text:list-item><text:p>Camps.</text:p><text:list><text:list-item><text:p>Solovki.</text:p>"
            "</text:list-item></text:list></text:list-item></text:list>",
            '<text:p text:style-name="Quotations">Somebody wrote this.</text:p>',
            "<table:table><table:table-row><table:table-cell><text:p>In a cell.</text:p></table:table-cell></table:table-row>"
            "</table:table>",
            "<text:p>Beside a box.<draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame></text:p>",
        ),
        "draft.odt",
    )
    assert kinds_and_texts(essay) == [
        ("paragraph", "An opening."),
        ("heading", "Methods"),
        ("paragraph", "The Cheka had great powers."),
        ("list_item", "Camps."),
        ("list_item", "Solovki."),
        ("quotation", "Somebody wrote this."),
        ("paragraph", "In a cell."),
        ("paragraph", "Beside a box."),
        ("paragraph", "In the box."),
        ("footnote", "Figes, p. 642."),
    ]
    assert [block.level for block in essay.blocks[1:5]] == [2, 0, 0, 1]
    assert "N107" in [notice.code for notice in essay.notices]


# ---------------------------------------------------------------- RTF


def test_rtf_structure_survives():
    essay = read_bytes(
        rtf_of(
            r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 Quote;}}{\info{\title secret}}{\header\pard running head\par}"
            r"\pard An opening.\par\pard\s1 Methods\par\pard\plain Lenin{\revised\revauth1 \rquote s} Cheka{\deleted old}{\v hidden}"
            r"{\super\chftn}{\footnote\pard\plain{\super\chftn} Figes, p. 642.} had caf\'e9 \u8220 ?friends\u8221 ?.\par"
            r"\pard\ls1\ilvl1{\listtext\'95\tab}Camps.\par\pard\s2 Somebody wrote this.\par"
            r"\pard\plain One line\line and the next.{\field{\*\fldinst HYPERLINK x}{\fldrslt  A link.}}\par"
            r"\trowd\pard\intbl In a cell.\cell Another.\cell\row\pard{\*\unknown left out}{\pict 0102ff}The end.\par"
        ),
        "draft.rtf",
    )
    assert kinds_and_texts(essay) == [
        ("paragraph", "An opening."),
        ("heading", "Methods"),
        ("paragraph", "Lenin’s Cheka had café “friends”."),
        ("list_item", "Camps."),
        ("quotation", "Somebody wrote this."),
        ("paragraph", "One line and the next. A link."),
        ("paragraph", "In a cell."),
        ("paragraph", "Another."),
        ("paragraph", "The end."),
        ("footnote", "Figes, p. 642."),
    ]
    assert essay.blocks[3].level == 1
    assert "N107" in [notice.code for notice in essay.notices]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{\\rtf1\\mac caf\\'8e}", "café"),
        (b"{\\rtf1\\ansi\\ansicpg1251 \\'cb\\'e5\\'ed\\'e8\\'ed}", "Ленин"),
        (b"{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f0 x \\f1\\'cb \\f0 y}", "x Л y"),
        (b"{\\rtf1\\ansi\\uc0 Lenin\\u8217 s\\\nstate}", "Lenin’s"),
        (b"{\\rtf1\\ansi\\u-10179 ?\\u-8703 ? words}", "😁 words"),
        (b"{\\rtf1\\ansi two\\~words\\_here\\-}", "two words-here"),
        (b"{\\rtf1\\ansi{\\pict\\bin5 }}}}}}after}", "after"),
    ],
)
def test_rtf_characters(body, text):
    assert read_bytes(body, "draft.rtf").text.split("\n")[0] == text


# ---------------------------------------------------------------- web pages and Markdown


def test_html_structure_survives():
    essay = read_bytes(
        b"<html><head><title>no</title><style>p{}</style></head><body><script>no()</script><nav>no</nav>"
        b"<p>An opening.</p><h2>Methods</h2><p>The <b>Cheka</b>\n grew<sup><a href='#fn1' id='fnref1'>1</a></sup>.<br>Fast.</p>"
        b"<p hidden>no</p><p style='display: none'>no</p><ul><li>Camps.<ul><li>Solovki.</li></ul></li></ul>"
        b"<blockquote><p>Somebody wrote this.</p></blockquote>Loose text.<table><tr><td>In a cell.</td></tr></table>"
        b"<p class=MsoListParagraph><span style='mso-list:Ignore'>1.</span>An item.</p>"
        b"<div id='ftn1'><p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a> Figes, p. 642.</p></div></body></html>",
        "draft.html",
    )
    assert kinds_and_texts(essay) == [
        ("paragraph", "An opening."),
        ("heading", "Methods"),
        ("paragraph", "The Cheka grew."),
        ("paragraph", "Fast."),
        ("list_item", "Camps."),
        ("list_item", "Solovki."),
        ("quotation", "Somebody wrote this."),
        ("paragraph", "Loose text."),
        ("paragraph", "In a cell."),
        ("list_item", "An item."),
        ("footnote", "Figes, p. 642."),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "iso-8859-1", "utf-16"])
def test_html_declared_encoding(encoding):
    quote = "'" if encoding == "iso-8859-1" else "’"
    page = f"<html><head><meta charset='{encoding}'></head><body><p>Lenin{quote}s café</p></body></html>"
    assert read_bytes(page.encode(encoding), "x.html").text == f"Lenin{quote}s café"


def test_markdown_structure_survives():
    essay = read_bytes(
        b"---\ntitle: Stalin and Lenin\nauthor: Jamie Smith\n---\n\n# Terror compared\n\n## Methods\n\nThe *Cheka* grew[^1]\nfast"
        b" & far.\n\n- Camps.\n  - Solovki.\n\n> Somebody wrote this.\n\n1. First.\n\n[^1]: Figes, p. 642.\n",
        "draft.md",
    )
    assert kinds_and_texts(essay) == [
        ("front_matter", "title: Stalin and Lenin"),
        ("front_matter", "author: Jamie Smith"),
        ("front_matter", "Terror compared"),
        ("heading", "Methods"),
        ("paragraph", "The Cheka grew fast & far."),
        ("list_item", "Camps."),
        ("list_item", "Solovki."),
        ("quotation", "Somebody wrote this."),
        ("list_item", "First."),
        ("footnote", "Figes, p. 642."),
    ]


# ---------------------------------------------------------------- PDF


def margins(canvas, document):
    canvas.saveState()
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(72, 810, f"Smith, History {document.page}")
    canvas.drawCentredString(300, 30, f"Page {document.page} of 3")
    canvas.restoreState()


def test_pdf_running_heads_and_page_numbers_go():
    body = [Paragraph(text, style(spaceAfter=12)) for text in MANY]
    essay = read_bytes(pdf_of(body, on_later_pages=margins), "draft.pdf")
    assert texts(essay) == MANY


@pytest.mark.parametrize(
    "options",
    [
        {"spaceAfter": 12},
        {"firstLineIndent": 24},
        {"spaceAfter": 8, "alignment": 4},
        {"firstLineIndent": 18, "alignment": 4, "leading": 24},
    ],
)
def test_pdf_paragraphs_are_joined_over_lines_and_pages(options):
    essay = read_bytes(pdf_of([Paragraph(text, style(**options)) for text in MANY]), "draft.pdf")
    assert texts(essay) == MANY


def test_pdf_broken_words_are_mended():
    lines = (
        "Stalin’s terror was an exe-<br/>cution of the Party’s own self-<br/>interest, and an Anglo-<br/>"
        "Russian observer called the purge a counter-<br/>revolution from above: an execution of the ﬁrst rank."
    )
    essay = read_bytes(pdf_of([Paragraph(lines.replace("ﬁ", "fi"), style())]), "draft.pdf")
    assert essay.text == (
        "Stalin’s terror was an execution of the Party’s own self-interest, and an Anglo-Russian observer called the purge a "
        "counter-revolution from above: an execution of the first rank."
    )


def test_pdf_structure_survives():
    story = [
        Paragraph("Jamie Smith", style()),
        Paragraph("Terror under Stalin and Lenin", style(fontSize=18, leading=24)),
        Paragraph("Methods", style(fontName="Times-Bold")),
        Paragraph(PARAGRAPHS[0] + '<super size="8">1</super>', style(spaceAfter=12)),
        Paragraph(
            "• Camps, of which there were many more by the end of the thirties than the Cheka ever had.", style()
        ),
        Paragraph("• Hostages.", style(spaceAfter=12)),
        Paragraph(PARAGRAPHS[1], style(leftIndent=40, rightIndent=40, spaceAfter=12)),
        Paragraph(PARAGRAPHS[2], style()),
        Spacer(1, 200),
        Paragraph('<super size="6">1</super> Figes, p. 642.', style(fontSize=9, leading=11)),
    ]
    essay = read_bytes(pdf_of(story), "draft.pdf")
    assert kinds_and_texts(essay) == [
        ("front_matter", "Jamie Smith"),
        ("front_matter", "Terror under Stalin and Lenin"),
        ("heading", "Methods"),
        ("paragraph", PARAGRAPHS[0]),
        ("list_item", "Camps, of which there were many more by the end of the thirties than the Cheka ever had."),
        ("list_item", "Hostages."),
        ("quotation", PARAGRAPHS[1]),
        ("paragraph", PARAGRAPHS[2]),
        ("footnote", "Figes, p. 642."),
    ]


def test_pdf_pages_without_text_are_mentioned(tmp_path):
    from PIL import Image as Picture
    from reportlab.platypus import Image

    path = tmp_path / "scan.png"
    Picture.new("RGB", (40, 40)).save(path)
    essay = read_bytes(pdf_of([Paragraph(LONG, style()), PageBreak(), Image(str(path))]), "draft.pdf")
    assert [notice.code for notice in essay.notices] == ["N105"]
