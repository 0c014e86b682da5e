"""The sides of a question, in the forms that examination questions have."""

import pytest

from analyser.drafting.question import find_sides
from analyser.text.parsing import load_pipeline

SIDES = [
    ("How similar were the roles of Bismarck and Cavour in unification?", ["Bismarck", "Cavour"]),
    (
        "How similar are hard and soft engineering as ways of managing the coast?",
        ["hard engineering", "soft engineering"],
    ),
    ("'Gladstone was a more successful reformer than Disraeli.' How far do you agree?", ["Gladstone", "Disraeli"]),
    ("Discuss the similarities and differences between mitosis and meiosis.", ["mitosis", "meiosis"]),
    ("How far did Keynes and Hayek disagree about unemployment?", ["Keynes", "Hayek"]),
    ("Assess the claim that utilitarian and Kantian ethics agree.", ["utilitarian ethics", "Kantian ethics"]),
    ("How far was the Thaw of 1953-60 similar to the Detente of 1969-79?", ["Thaw", "Detente"]),
    ("How similar is revenge in Shakespeare's Hamlet and Euripides' Medea?", ["Hamlet", "Medea"]),
    ("How similar were Mao, Stalin and Hitler as dictators?", ["Mao", "Stalin", "Hitler"]),
    ("Why did Stalin win the struggle for power?", []),
    ("Was the war lost by 1943?", []),
]


@pytest.mark.parametrize(("question", "names"), SIDES)
def test_sides(question, names):
    assert [side.name for side in find_sides(question, load_pipeline())] == names


def test_periods_and_further_names():
    stalin, lenin = find_sides(
        "How similar was Stalin's use of terror in the 1930s to Lenin's use of terror in the years 1918-24?",
        load_pipeline(),
    )
    assert (stalin.frame, lenin.frame) == ("1930s", "1918-24")
    orwell, _ = find_sides(
        "How far do Orwell in Nineteen Eighty-Four and Atwood in The Handmaid's Tale agree?", load_pipeline()
    )
    assert orwell.aliases == ("Nineteen Eighty-Four",)
