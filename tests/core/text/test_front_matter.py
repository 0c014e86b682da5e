"""What stands above an essay and is no part of it, and what must never be taken for that."""

import pytest
from drafts import PARAGRAPHS, kinds_and_texts

from analyser.text.reading import essay_from_text

BODY = "\n\n".join(PARAGRAPHS)

FRONT = [
    "Name: Jamie Smith",
    "Candidate number: 4312",
    "Teacher - Mr Patel",
    "Date:",
    "Jamie Smith",
    "Jamie O’Neill-Smith",
    "JAMIE SMITH",
    "By Jamie Smith",
    "Mr Patel",
    "12B History",
    "Year 13 History Essay",
    "Class 13/Hi1",
    "jamie.smith@school.example",
    "14 October 2024",
    "Monday 14th October",
    "October 14, 2024",
    "14/10/24",
    "2024-10-14",
    "Word count: 812",
    "812 words",
    "(1,203 words)",
    "Stalin and Lenin",
    "History Essay: Stalin’s Use of Terror",
    "Stalin’s use of terror compared with Lenin’s",
    "TERROR UNDER STALIN AND LENIN",
    "How accurate is it to say that Stalin’s use of terror in the 1930s was fundamentally similar to Lenin’s?",
    "‘Stalin’s terror was fundamentally similar to Lenin’s.’ How far do you agree? [25 marks]",
    "“Stalin’s terror was Lenin’s continued.” Discuss.",
    "Compare the use of terror by Stalin and by Lenin.",
    "Question: how similar were the two men’s methods",
    "Q1. To what extent was Stalin’s terror similar to Lenin’s?",
    "Was Stalin’s terror similar to Lenin’s? (25)",
]
NOT_FRONT = [
    "lennin and stallin both used terrer to stay in power",
    "Lenin and Stalin both used terror to stay in power",
    "Stalin was worse than Lenin",
    "I think the statement is mostly accurate",
    "Stalin killed far more people",
    "It is not accurate.",
    "Terror was the essence of both.",
    "Two men, one house.",
    "To what extent Stalin’s terror was similar to Lenin’s is much debated.",
    "How accurate is this view? Not very.",
    "Was Stalin’s terror similar to Lenin’s? In its methods it was, but not in its victims.",
    "By 1937 Stalin had destroyed the Old Bolsheviks",
    "In 1918 Lenin began the Red Terror",
    "Introduction",
    "Date of birth never saved anybody from the Cheka.",
    "By contrast, Lenin spared the Party.",
    "This essay compares two terrors",
    "Yes",
    "Fundamentally different",
    "Similar in methods",
]


@pytest.mark.parametrize("line", FRONT)
def test_front_matter(line):
    essay = essay_from_text(f"{line}\n\n{BODY}")
    assert kinds_and_texts(essay)[0] == ("front_matter", line)
    assert essay.n_paragraphs == 3


@pytest.mark.parametrize("line", NOT_FRONT)
def test_not_front_matter(line):
    essay = essay_from_text(f"{line}\n\n{BODY}")
    assert kinds_and_texts(essay)[0][0] != "front_matter"


def test_lines_without_blank_lines_between_them():
    head = ["Jamie Smith", "Mr Patel", "HIS 12B", "14 October 2024", FRONT[-7]]
    essay = essay_from_text("\n".join([*head, *PARAGRAPHS, "Word count: 103"]))
    assert [kind for kind, _ in kinds_and_texts(essay)] == ["front_matter"] * 5 + ["paragraph"] * 3 + ["front_matter"]


def test_an_unknown_line_between_known_ones_goes_with_them():
    essay = essay_from_text(f"Jamie Smith\n\nAutumn term, week 3\n\n14 October 2024\n\n{BODY}")
    assert [kind for kind, _ in kinds_and_texts(essay)][:4] == ["front_matter"] * 3 + ["paragraph"]


def test_names_further_down_belong_to_the_essay():
    essay = essay_from_text(f"{PARAGRAPHS[0]}\n\nJamie Smith\n\n{PARAGRAPHS[1]}")
    assert "front_matter" not in [kind for kind, _ in kinds_and_texts(essay)]


@pytest.mark.parametrize("text", ["Lenin Stalin", "Jamie Smith\n\n14 October 2024", "Question: was Lenin cruel?"])
def test_an_essay_of_front_matter_alone_is_all_essay(text):
    assert essay_from_text(text).n_words == len(text.split())


def test_first_of_several_headings_is_no_title():
    essay = essay_from_text(
        "\n\n".join(f"# {h}\n\n{p}" for h, p in zip(("Scale", "Methods", "Aims"), PARAGRAPHS, strict=True))
    )
    assert [kind for kind, _ in kinds_and_texts(essay)] == ["heading", "paragraph"] * 3
