"""Snapshots of every output, and what each format must do with difficult text.

After a wanted change, write the snapshots anew with `ANALYSER_WRITE_SNAPSHOTS=1 pytest tests/core/report` and read the
difference.
"""

import os
import re
import time
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from report_sample import build_feedback

from analyser.records import Block, Essay, Message
from analyser.report import FORMATS, render
from analyser.report.markdown import escape
from analyser.report.view import NOT_A_MARK

SNAPSHOTS = Path(__file__).parent / "snapshots"
SUFFIXES = {"terminal": "txt", "markdown": "md", "json": "json", "html": "html"}
VARIANTS = {
    "default": {},
    "all": {"show_all": True},
    "reveal": {"show_all": True, "reveal": True},
}
# Words of the rubric that the draft does not hold: they must not be shown to a student.
ANSWERS = ["debased", "coinage", "kinship", "favourites", "abroad", "1411", "1433", "siege", "Varn", "S3", "P210"]


@pytest.fixture(scope="module")
def feedback():
    return build_feedback()


def test_every_format_has_a_suffix():
    assert set(SUFFIXES) == set(FORMATS)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("format", SUFFIXES)
def test_snapshot(feedback, format, variant):
    text = render(feedback, format, colour=False, **VARIANTS[variant])
    path = SNAPSHOTS / f"{variant}.{SUFFIXES[format]}"
    if os.environ.get("ANALYSER_WRITE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf8", newline="\n")
    assert text == path.read_text(encoding="utf8")


@pytest.mark.parametrize("variant", ["default", "all"])
@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_a_student_sees_no_answer_and_no_id(feedback, format, variant):
    text = render(feedback, format, colour=False, **VARIANTS[variant])
    if format == "html":
        text = re.sub(r"<(script|style)>.*?</\1>|<[^>]*>", " ", text, flags=re.S)
    assert [answer for answer in ANSWERS if re.search(rf"\b{answer}\b", text)] == []


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_a_teacher_sees_the_rubric(feedback, format):
    text = render(feedback, format, colour=False, reveal=True)
    assert "both debased the coinage" in text
    assert "1411" in text


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_it_says_once_that_it_is_no_mark(feedback, format):
    text = " ".join(render(feedback, format, colour=False).split())
    assert text.count(NOT_A_MARK) == 1


# ---------------------------------------------------------------- terminal


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_keeps_to_its_width(feedback, width):
    text = render(feedback, "terminal", width=width, colour=False, show_all=True, reveal=True)
    assert max(map(len, text.splitlines())) <= width


def test_without_colour_there_are_no_codes(feedback):
    assert "\x1b" not in render(feedback, "terminal", colour=False)


def test_colour_adds_codes_and_nothing_else(feedback):
    coloured = render(feedback, "terminal", colour=True)
    assert "\x1b[" in coloured
    bare = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
    assert bare == render(feedback, "terminal", colour=False).splitlines()


def test_the_terminal_says_every_state_in_words(feedback):
    text = render(feedback, "terminal", colour=False)
    for word in ("There", "In part", "Not sure", "Check this", "Not found", "Put to work", "Not explained"):
        assert word in text


def test_the_environment_does_not_change_the_terminal(feedback, monkeypatch):
    before = render(feedback, "terminal", colour=True)
    for name, value in {"NO_COLOR": "1", "COLUMNS": "50", "TERM": "dumb", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert render(feedback, "terminal", colour=True) == before


# ---------------------------------------------------------------- difficult text

NASTY = (
    "[red]x[/red] :smile: \x1b[31m <script>alert(1)</script> </script> {{ 7 * 7 }} {% x %} & \"' `a` *b* _c_ # d "
    "![e](http://example.org/f) <g@h.i> \\ | ~~j~~ \u202ek\u2069 \U0001f600 שלום"
)


def nasty_feedback(text=NASTY):
    feedback = build_feedback()
    essay = Essay("n", f"{text}.docx", text, (Block(0, len(text), "paragraph"),))
    quote = essay.quote(0, len(text))
    findings = replace(
        feedback.findings,
        judgement=replace(feedback.findings.judgement, quotes=(quote,)),
        criteria=(),
        evidence=(replace(feedback.findings.evidence[0], quotes=(quote,)),),
        slips=(),
        unlinked_evidence=(),
    )
    messages = (Message("P100", "judgement", "praise", f"You say “{text}”.", text),)
    return replace(feedback, essay=essay, findings=findings, matches=(), messages=messages)


def test_the_terminal_obeys_no_word_of_the_draft():
    text = render(nasty_feedback(), "terminal", colour=False, width=400)
    assert "[red]x[/red] :smile:" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\u2069]", text)


def test_the_page_obeys_no_word_of_the_draft():
    text = render(nasty_feedback(), "html")
    assert len(re.findall(r"<script", text)) == len(re.findall(r"</script", text)) == 1
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7 * 7 }}" in text
    assert not re.search(
        r"<(?:img|iframe|object|embed|form|base)\b|\son\w+=|https?://", text.replace("http://example.org", "")
    )


def test_markdown_shows_the_words_of_the_draft_as_they_are():
    html = MarkdownIt().render(render(nasty_feedback(), "markdown"))
    shown = unescape(re.sub(r"<[^>]+>", "", html))
    assert "![e](http://example.org/f) <g@h.i> \\ | ~~j~~" in shown
    assert "<img" not in html
    assert "<a " not in html


@pytest.mark.parametrize(
    "text", ["- a", "+ a", "1. a", "12) a", "# a", "> a", "a_b_c", "* * *", "---", "=a", "&lt;", "    a"]
)
def test_escaped_lines_stay_one_paragraph_of_text(text):
    html = MarkdownIt().render(escape(text))
    shown = re.fullmatch(r"<p>(.*)</p>\n", html)
    assert shown, html
    assert unescape(shown.group(1)) == text.strip()


# ---------------------------------------------------------------- html


def test_the_page_allows_no_outside_source(feedback):
    text = render(feedback, "html")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text).group(1)
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert " style=" not in re.sub(r"<script>.*?</script>", "", text, flags=re.S)


def test_every_link_of_the_page_has_its_place(feedback):
    text = render(feedback, "html", show_all=True, reveal=True)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= set(ids)


def test_the_page_holds_every_word_of_the_draft_once(feedback):
    paper = re.search(r'<div class="measure">(.*?)</div>', render(feedback, "html"), flags=re.S).group(1)
    paper = re.sub(r"<sup.*?</sup>", "", paper, flags=re.S)
    words = unescape(re.sub(r"<[^>]+>", "", paper)).split()
    assert words == feedback.essay.text.split()


def test_words_between_the_blocks_are_not_lost():
    feedback = build_feedback()
    essay = replace(feedback.essay, blocks=feedback.essay.blocks[3:5])
    text = render(replace(feedback, essay=essay), "html")
    assert "Rowan Student, 12B" in text
    assert "The charter of 1412 is lost." in text.replace('<span class="anchor" id="text-7-1"></span>', "")


def test_long_texts_are_quick():
    text = "Ilse was like Aldo. " * 12_000
    start = time.process_time()
    render(nasty_feedback(text), "html")
    assert time.process_time() - start < 5
