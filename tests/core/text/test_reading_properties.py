"""What holds for every text and every file."""

import re
from contextlib import suppress

import pytest
from drafts import PARAGRAPHS, docx_of, rtf_of, simple_docx, simple_odt, simple_pdf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyser.errors import AnalyserError
from analyser.records import Essay
from analyser.text.normalising import normalise
from analyser.text.reading import essay_from_text, read_bytes

FILES = {
    "x.docx": simple_docx(),
    "x.odt": simple_odt(),
    "x.pdf": simple_pdf(),
    "x.rtf": rtf_of("\\pard ".join(f"{text}\\par {{\\footnote note}}" for text in PARAGRAPHS)),
    "x.html": b"<html><body><ul><li>one<table><tr><td>two</table></ul><p>three&amp;four</p></body></html>",
    "x.md": b"---\na: b\n---\n# one\n\n- two\n  > three[^1]\n\n[^1]: four\n",
    "x.txt": "\n\n".join(PARAGRAPHS).encode("cp1252"),
}
# Texts made of what matters here: words, sentence ends, line ends, list marks, odd characters.
PARTS = st.sampled_from(
    ["Lenin", "the terror", "was", "1917", ". ", "? ", " ", "\n", "\n\n", "\r\n", "\n- ", "\n> ", "\n1. ", "\n# ",
     "  ", "\t", "exe-\n", "“so”", "’", "—", "\u00a0", "\u00ad", "\u200b", "e\u0301", "ﬁ", "Name: ", "Word count: 9",
     "Conclusion", "?\n", PARAGRAPHS[0]]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PARTS, max_size=40).map("".join))
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(essay: Essay) -> None:
    position = 0
    for block in essay.blocks:
        text = essay.text[block.start : block.end]
        assert block.start == position
        assert text
        assert text == text.strip()
        assert "\n" not in text
        position = block.end + 2
    assert position == len(essay.text) + 2
    assert essay.text == "\n\n".join(essay.text[b.start : b.end] for b in essay.blocks)
    assert normalise(essay.text) == essay.text


@SETTINGS
@given(TEXTS)
def test_blocks_quote_the_text_in_order(text):
    try:
        essay = essay_from_text(text)
    except AnalyserError:
        assert not re.search(r"[^\W\d_]{2}", normalise(text))
        return
    check(essay)


@SETTINGS
@given(TEXTS)
def test_reading_the_read_text_changes_nothing(text):
    try:
        essay = essay_from_text(text)
    except AnalyserError:
        return
    assert essay_from_text(essay.text).text == essay.text


@SETTINGS
@given(st.binary(max_size=400), st.sampled_from([*FILES, "x", "x.doc"]))
def test_any_bytes_are_read_or_refused(data, name):
    with suppress(AnalyserError):
        check(read_bytes(data, name))


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("name", FILES)
@given(st.data())
def test_damaged_files_are_read_or_refused(name, data):
    whole = FILES[name]
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    damaged = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    with suppress(AnalyserError):
        check(read_bytes(damaged, name))


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&\ufffe\uffff"), min_size=1, max_size=80
    )
)
def test_docx_text_comes_back_in_normal_form(text):
    try:
        essay = read_bytes(docx_of(f"<w:p><w:r><w:t>Lenin {text} Stalin.</w:t></w:r></w:p>"), "x.docx")
    except AnalyserError:
        return
    assert essay.text.replace("\n\n", " ").startswith("Lenin")
    assert essay.text.endswith("Stalin.")
