"""Dates and numbers in every form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.rubrics.dates import find_dates, parse_rubric_date
from analyser.rubrics.numbers import find_numbers, is_same_figure
from analyser.rubrics.words import find_words

DATES = [
    ("on 5th January 1918", "5th January 1918", (1918, 1, 5), (1918, 1, 5)),
    ("on July 4, 1776,", "July 4, 1776", (1776, 7, 4), (1776, 7, 4)),
    ("in December 1917", "December 1917", (1917, 12, 1), (1917, 12, 31)),
    ("in the autumn of 1918", "autumn of 1918", (1918, 9, 1), (1918, 11, 31)),
    ("in 1936-8", "1936-8", (1936, 1, 1), (1938, 12, 31)),
    ("from 1461 to 1470", "1461 to 1470", (1461, 1, 1), (1470, 12, 31)),
    ("between 1955 and 1956", "1955 and 1956", (1955, 1, 1), (1956, 12, 31)),
    ("in the mid-thirties", "mid-thirties", (1933, 1, 1), (1936, 12, 31)),
    ("in the early 1920s", "early 1920s", (1920, 1, 1), (1923, 12, 31)),
    ("the 1930s", "1930s", (1930, 1, 1), (1939, 12, 31)),
    ("by 1936.", "1936", (1936, 1, 1), (1936, 12, 31)),
]
NO_DATES = ["1,936 men", "£1936", "1936%", "in his thirties", "he may go", "19365", "21.1936 metres", "Order 00447"]
NUMBERS = [
    ("21 million votes", 21e6, ""),
    ("21m votes", 21e6, ""),
    ("twenty one million", 21e6, ""),
    ("twenty-one", 21, ""),
    ("one hundred and forty", 140, ""),
    ("£70,650", 70650, "£"),
    ("$8.5 billion", 8.5e9, "$"),
    ("28 per cent", 28, "%"),
    ("28%", 28, "%"),
    ("half a million", 5e5, ""),
    ("a million and a half", 1.5e6, ""),
    ("nine in ten", 90, "%"),
    ("XVII", 17, ""),
    ("50th", 50, ""),
    ("fiftieth", 50, ""),
    ("220 thousend", 220e3, ""),
]


@pytest.mark.parametrize(("text", "words", "first", "last"), DATES)
def test_dates_are_read(text, words, first, last):
    (date,) = find_dates(text)
    assert (text[date.start : date.end], date.first, date.last) == (words, first, last)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_left(text):
    assert find_dates(text) == []


def test_years_in_a_row_are_single_dates():
    assert [d.first[0] for d in find_dates("in 1934, 1935 and 1936")] == [1934, 1935, 1936]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("1917", (1917, 1, 1), (1917, 12, 31)),
        ("1917-12", (1917, 12, 1), (1917, 12, 31)),
        ("1917-12-20", (1917, 12, 20), (1917, 12, 20)),
        ("1936/1938", (1936, 1, 1), (1938, 12, 31)),
        ("-44-03-15", (-44, 3, 15), (-44, 3, 15)),
    ],
)
def test_dates_of_a_rubric(value, first, last):
    date = parse_rubric_date(value)
    assert date is not None
    assert (date.first, date.last) == (first, last)


@pytest.mark.parametrize(("text", "value", "unit"), NUMBERS)
def test_numbers_are_read(text, value, unit):
    (number,) = find_numbers(text, find_words(text))
    assert (number.value, number.unit) == (value, unit)


def test_numbers_that_do_not_belong_together_stay_apart():
    text = "two and two make five"
    assert [n.value for n in find_numbers(text, find_words(text))] == [2, 2, 5]


@pytest.mark.parametrize(
    ("a", "b", "same"), [(220e3, 230e3, True), (70650, 70000, True), (36, 37, False), (9e6, 21e6, False)]
)
def test_rounded_figures_agree(a, b, same):
    assert is_same_figure(a, b) is same


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    words = find_words(text)
    assert all(0 <= n.first_word < n.last_word <= len(words) for n in find_numbers(text, words))
    assert all(0 <= d.start < d.end <= len(text) for d in find_dates(text))
