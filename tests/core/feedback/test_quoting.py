import pytest
from feedback_cases import make_essay, make_rubric, quotes
from hypothesis import given
from hypothesis import strategies as st

from analyser.feedback.leaks import stem
from analyser.feedback.quoting import MAX_QUOTE_WORDS, Draft, listed, shorten, tidy
from analyser.records import Quote

LONG = " ".join(f"word{n}" for n in range(60))


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("So it was.", "So it was"),
        (" a\n b ,", "a b"),
        ("Really?", "Really?"),
        ("no!", "no!"),
        ("a –", "a"),
        ("...", "..."),
    ],
)
def test_tidy(text, tidied):
    assert tidy(text) == tidied


def test_shorten_keeps_the_beginning():
    assert shorten("one two three.", 5) == "one two three"
    assert shorten("one two, three four", 2) == "one two …"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a"], "“a”"),
        (["a", "b"], "“a” and “b”"),
        (["a", "b", "a"], "“a” and “b”"),
        (["a", "b", "c"], "“a”, “b” and “c”"),
        (["a", "b", "c", "d", "e"], "“a”, “b”, “c”, “d”"),
        ([], ""),
    ],
)
def test_listed(names, said):
    assert listed(names) == said


def test_a_short_quote_is_shown_where_it_stands():
    draft = Draft(make_essay(), make_rubric())
    assert draft.in_context(quotes("1412")[0]) == "Ilse pawned her jewels to the merchants of Marrow in 1412"
    long = Draft(make_essay(f"{LONG} in 1412 {LONG}."), make_rubric())
    start = long.essay.text.index("1412")
    shown = long.in_context(Quote(start, start + 4, "1412"))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "1412" in shown
    assert len(shown.split()) <= MAX_QUOTE_WORDS + 2


def test_the_sides_of_a_quote_are_those_it_names_or_else_those_around_it():
    draft = Draft(make_essay(), make_rubric())
    assert draft.sides_of(quotes("Aldo borrowed from the same merchants.")) == {"b"}
    assert draft.sides_of(quotes("her jewels")) == {"a"}
    assert draft.sides_of(quotes("Both feared the north.")) == frozenset()


def nearest(words, linked=(), taken=()):
    found = Draft(make_essay(), make_rubric()).nearest(frozenset(map(stem, words.split())), linked, taken)
    return found.text if found else None


def test_the_nearest_sentence_speaks_of_one_side():
    assert nearest("rivals drowned") == "Aldo had his rivals drowned in the lake of Orr."
    assert nearest("jewels merchants pledged") == "Ilse pawned her jewels to the merchants of Marrow in 1412."


def test_one_word_in_common_is_not_near():
    assert nearest("rivals murdered") is None
    assert nearest("coinage") is None


def test_words_of_the_question_bring_nothing_near():
    assert nearest("Aldo rule son") is None


def test_a_sentence_that_names_the_evidence_is_near():
    assert nearest("credit", linked=quotes("Marrow")) == "Ilse pawned her jewels to the merchants of Marrow in 1412."


def test_a_sentence_is_offered_once():
    assert nearest("rivals drowned", taken=quotes("in the lake of Orr")) is None


def test_a_comparison_is_no_place_to_add_one():
    essay = make_essay("Unlike his mother, Aldo had his rivals drowned. Aldo, like her, had rivals drowned.")
    assert Draft(essay, make_rubric()).nearest(frozenset({stem("rivals"), stem("drowned")}), (), ()) is None


@given(st.text(max_size=200))
def test_sentences_are_words_of_the_draft(text):
    draft = Draft(make_essay(text), make_rubric())
    assert all(text[s.start : s.end] == s.text for s in draft.sentences)
    assert draft.nearest(frozenset({"x"}), (), ()) is None
