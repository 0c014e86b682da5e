"""Lists of standards inside a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.drafting.lists import list_items, longest_list, n_questions

LISTS = [
    ("where the powers come from, how strong the checks are, and how far they produce results", 3),
    ("the scale and methods of terror, as well as the groups of people targeted", 2),
    ("on static efficiency, on dynamic efficiency over time and on consumer welfare", 3),
    ("how consistently and effectively the controls were enforced", 1),
]


@pytest.mark.parametrize(("text", "number"), LISTS)
def test_items(text, number):
    assert len(list(list_items(text))) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It should ask what each man wanted and whether he got it.", 2),
        ("What is open to debate is how hard, how often and how fairly he ruled.", 2),
        ("Both kings bought loyalty with office and honour.", 0),
    ],
)
def test_questions_are_counted(text, number):
    assert n_questions(text) == number


def test_the_longest_list_of_a_sentence():
    text = "Judgement can rest on cost, such as it was, or on the time it took and the people it reached"
    assert longest_list(text).startswith("on the time") or "the people it reached" in longest_list(text)


@given(st.text(max_size=200))
def test_items_lose_no_letters(text):
    letters = [c for c in text if c.isalnum()]
    kept = [c for item in list_items(text) for c in item if c.isalnum()]
    joiners = sum(map(len, ("and", "or", "aswellas", "also"))) * (
        1 + text.count(",") + text.lower().count("and") + text.lower().count("as")
    )
    assert 0 <= len(letters) - len(kept) <= joiners
