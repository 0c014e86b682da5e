"""Plain text: which line ends the writer meant, list marks, headings, normal form."""

import textwrap

import pytest
from drafts import PARAGRAPHS, kinds_and_texts, texts

from analyser.text.hyphens import Vocabulary, join_lines
from analyser.text.normalising import normalise
from analyser.text.reading import essay_from_text

VERSE = """Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;
Sometime too hot the eye of heaven shines,
And often is his gold complexion dimm'd"""

LOWER_CASE_NOTES = """lenin used the cheka from december 1917
stalin had the nkvd
both of them locked people up for nothing really
red terror
stalin killed way more people in 1937 and 1938
but lenin started it"""


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
@pytest.mark.parametrize("gap", ["\n\n", "\n \n\n"])
def test_wrapped_paragraphs_between_blank_lines_are_joined(width, gap):
    text = gap.join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS)
    assert texts(essay_from_text(text)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("width", "indent"),
    [(width, indent) for width in (60, 72, 80, 90) for indent in ("", "    ", "\t")] + [(100, "    "), (100, "\t")],
)
def test_wrapped_paragraphs_without_blank_lines_are_told_apart(width, indent):
    text = "\n".join(textwrap.fill(indent + paragraph, width) for paragraph in PARAGRAPHS)
    assert texts(essay_from_text(text)) == list(PARAGRAPHS)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_one_long_line_a_paragraph(line_end):
    assert texts(essay_from_text(line_end.join(PARAGRAPHS))) == list(PARAGRAPHS)


@pytest.mark.parametrize("lines", [VERSE, LOWER_CASE_NOTES])
def test_verse_and_notes_are_not_glued(lines):
    essay = essay_from_text(f"{PARAGRAPHS[0]}\n\n{lines}\n\n{PARAGRAPHS[2]}")
    assert texts(essay) == [PARAGRAPHS[0], *lines.split("\n"), PARAGRAPHS[2]]
    assert texts(essay_from_text(lines)) == lines.split("\n")


def test_a_stray_line_end_within_a_sentence_is_a_space():
    broken = PARAGRAPHS[1].replace("Stalin’s NKVD did", "Stalin’s NKVD\ndid")
    assert texts(essay_from_text(f"{PARAGRAPHS[0]}\n{broken}\n{PARAGRAPHS[2]}")) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("- the Cheka", "list_item", "the Cheka"),
        ("• the Cheka", "list_item", "the Cheka"),
        ("\uf0b7\tthe Cheka", "list_item", "the Cheka"),
        ("– the Cheka", "list_item", "the Cheka"),
        ("* the Cheka", "list_item", "the Cheka"),
        ("1. the Cheka", "list_item", "the Cheka"),
        ("2) the Cheka", "list_item", "the Cheka"),
        ("(b) the Cheka", "list_item", "the Cheka"),
        ("iii) the Cheka", "list_item", "the Cheka"),
        ("o The Cheka", "list_item", "The Cheka"),
        ("> he wrote this", "quotation", "he wrote this"),
        ("## The Cheka", "heading", "The Cheka"),
        ("1917. That was the year.", "paragraph", "1917. That was the year."),
        ("-5 degrees", "paragraph", "-5 degrees"),
        ("A. J. P. Taylor thought so.", "paragraph", "A. J. P. Taylor thought so."),
        ("I think so.", "paragraph", "I think so."),
        ("o tempora, o mores", "paragraph", "o tempora, o mores"),
        ("**The Cheka** was new.", "paragraph", "**The Cheka** was new."),
        ("Conclusion", "heading", "Conclusion"),
        ("Paragraph 2: methods", "heading", "Paragraph 2: methods"),
        ("The victims of terror", "heading", "The victims of terror"),
        ("Stalin was worse", "paragraph", "Stalin was worse"),
        ("Stalin purged the Party", "paragraph", "Stalin purged the Party"),
        ("also there was the gulag", "paragraph", "also there was the gulag"),
        ("Also there was the gulag.", "paragraph", "Also there was the gulag."),
    ],
)
def test_kinds_of_lines(line, kind, text):
    essay = essay_from_text(f"{PARAGRAPHS[0]}\n\n{line}\n\n{PARAGRAPHS[1]}")
    assert kinds_and_texts(essay)[1] == (kind, text)


def test_nested_list_levels_and_wrapped_items():
    item = "a police of his own, which answered to him alone and which could arrest, try and shoot whom it liked"
    text = f"{PARAGRAPHS[0]}\n\n- Lenin had\n  {item}\n  - the Cheka\n- Stalin"
    essay = essay_from_text(text)
    assert kinds_and_texts(essay)[1:] == [
        ("list_item", f"Lenin had {item}"),
        ("list_item", "the Cheka"),
        ("list_item", "Stalin"),
    ]
    assert [block.level for block in essay.blocks[1:]] == [0, 1, 0]


def test_rules_and_empty_marks_vanish():
    assert texts(essay_from_text(f"{PARAGRAPHS[0]}\n\n* * *\n\n-\n\n_____\n\n{PARAGRAPHS[1]}")) == list(PARAGRAPHS[:2])


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("cafe\u0301", "café"),
        ("two\u00a0\u2009words\u3000here", "two words here"),
        ("soft\u00adhyphen zero\u200bwidth \u202aleft\u202c\ufeff", "softhyphen zerowidth left"),
        ("ﬁrst oﬃce", "first office"),
        ("Anglo\u2011Soviet", "Anglo-Soviet"),
        ("it’s “so” – or — £5 ½", "it’s “so” – or — £5 ½"),
        ("bell\x07 null\x00", "bell null"),
        ("a\x0bb\x0cc\x85d", "a\nb\nc\nd"),
    ],
)
def test_normal_form(raw, normal):
    assert normalise(raw).rstrip() == normal
    assert normalise(normalise(raw)) == normalise(raw)


@pytest.mark.parametrize(
    ("first", "second", "words", "joined"),
    [
        ("the exe-", "cution of", "", "the execution of"),
        ("his self-", "interest", "", "his self-interest"),
        ("counter-", "revolutionary", "counterrevolutionary", "counterrevolutionary"),
        ("well-", "being", "well-being", "well-being"),
        ("decision-", "making", "decision making", "decision-making"),
        ("in-", "dustry", "in dustry", "industry"),
        ("Anglo-", "Russian", "", "Anglo-Russian"),
        ("1918-", "24", "", "1918-24"),
        ("the end -", "so far", "", "the end - so far"),
        ("plain", "line", "", "plain line"),
        ("Port-", "au-Prince", "", "Port-au-Prince"),
    ],
)
def test_hyphens_at_line_ends(first, second, words, joined):
    assert join_lines(first, second, Vocabulary(frozenset(words.split()), is_hyphenated=True)) == joined


def test_a_hyphen_of_the_writer_stays_where_words_are_not_broken():
    vocabulary = Vocabulary(frozenset(), is_hyphenated=False)
    assert join_lines("it was a by-", "product of war", vocabulary) == "it was a by-product of war"
