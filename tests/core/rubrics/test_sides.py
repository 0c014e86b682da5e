"""Mentions of the two compared sides."""

import pytest

from analyser.records import JudgementRule, Point, Rubric, Side
from analyser.rubrics.sides import side_names


def rubric(a: str, b: str, a_aliases: tuple[str, ...] = ()) -> Rubric:
    sides = (Side("a", a, a_aliases), Side("b", b))
    return Rubric("r", 1, "en-GB", "q", sides, JudgementRule("j"), (Point("S1", "similarity", "s"),))


# (side a, side b, text, the sides found in order)
FIRES = [
    ("Stalin", "Lenin", "Stalin's camps, and lenins", "ab"),
    ("Stalin", "Lenin", "STALINIST rule; Leninism", "ab"),
    ("Henry VII", "Edward IV", "Henry was mean, Edward IV was not", "ab"),
    ("the US President", "the UK Prime Minister", "In the U.S. a president, here the prime minister", "aab"),
    ("Functionalist explanations", "Marxist explanations", "functionalists see, Marx saw, marxism", "abb"),
    ("Orwell, Nineteen Eighty-Four", "Atwood, The Handmaid's Tale", "Orwell; the Handmaid's Tale", "ab"),
    ("Haiti", "Tohoku, Japan", "Japan's defences, Haiti's lack of any", "ba"),
    ("2008 financial crisis", "Wall Street Crash of 1929", "in 1929 and in 2008", "ba"),
]
SILENT = [
    ("Stalin", "Lenin", "stalling lenient people"),
    ("the US President", "the UK Prime Minister", "let us say"),
    ("mitosis", "meiosis", "the cell"),
    ("First World War", "Second World War", "the war and the world"),
]


@pytest.mark.parametrize(("a", "b", "text", "sides"), FIRES)
def test_mentions(a, b, text, sides):
    found = side_names(rubric(a, b)).mentions(text)
    assert "".join(key for _, _, key in found) == sides
    assert all(text[start:end].strip() == text[start:end] for start, end, _ in found)


@pytest.mark.parametrize(("a", "b", "text"), SILENT)
def test_no_mention(a, b, text):
    assert side_names(rubric(a, b)).mentions(text) == []


def test_aliases_count():
    assert side_names(rubric("Stalin", "Lenin", ("Koba",))).mentions("Koba said")[0][2] == "a"
