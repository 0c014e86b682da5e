"""When a standard of judgement is set, when its word merely occurs, and when it is turned down."""

import re

import pytest
from comparison_drafts import (
    CLOSING,
    DISASTERS,
    HOW_SIMILAR,
    KILLING,
    MOVEMENTS,
    POEMS,
    RAISING_MONEY,
    REGIMES,
    THEORIES,
    parsed,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.detectors.criteria import find_criteria, find_own_criteria

# Introductions by rubric, with the criteria they set.
INTRODUCTIONS = [
    (RAISING_MONEY, "C1 C3", "I will judge both kings on how long what they did lasted and on who did well out of it."),
    (
        RAISING_MONEY,
        "C1 C2",
        "My criteria are the means by which each raised money and the length of time the changes survived.",
    ),
    (RAISING_MONEY, "C1 C3", "There are two yardsticks worth using: did the changes last, and who gained from them?"),
    (RAISING_MONEY, "C2", "To answer this we need to consider how the money was raised."),
    (RAISING_MONEY, "C3", "The real question is who benefited."),
    (
        RAISING_MONEY,
        "C2 C3",
        "Whether the two were alike depends on what we compare: how they got their money, or who gained by it.",
    ),
    (
        RAISING_MONEY,
        "C1 C2 C3",
        "This essay will compare them under three headings: methods, duration and beneficiaries.",
    ),
    (
        RAISING_MONEY,
        "C2 C3",
        "I would say the claim is only partly right, depending on how they got their money and who gained by it.",
    ),
    (RAISING_MONEY, "C1", "They were alike or unlike, it depends mostly on how long the reforms lasted."),
    (RAISING_MONEY, "", "Both kings depended on the church, which paid for thirty years."),
    (RAISING_MONEY, "C1", "I shall use durability as my main test."),
    (RAISING_MONEY, "C2", "A fair comparison has to look at the ways in which they raised money."),
    (RAISING_MONEY, "C1", "If permanence is the test, Philip wins."),
    (RAISING_MONEY, "C1", "The best way of measuring a reform is to see whether it outlived the man who made it."),
    (RAISING_MONEY, "C1", "How long a reform lasts is the best measure of it."),
    (RAISING_MONEY, "C1", "Judged by how long their work lasted, the two are far apart."),
    (RAISING_MONEY, "C3", "In terms of who benefited they were the same."),
    (RAISING_MONEY, "", "Philip raised money by taxing the church and Louis raised it by selling offices."),
    (RAISING_MONEY, "", "The reforms lasted for thirty years."),
    (
        RAISING_MONEY,
        "",
        "In this essay I will look at the similarities and then the differences between the two kings.",
    ),
    (RAISING_MONEY, "", "It does not matter how long the reforms lasted."),
    (RAISING_MONEY, "", "How long the reforms lasted is no test of a king, because luck decides it."),
    (RAISING_MONEY, "", "I shall not judge them by who benefited."),
    (RAISING_MONEY, "C3", "What counts is not how long the reforms lasted but who gained from them."),
    (RAISING_MONEY, "C1", "The measure I would apply is simple: did it last?"),
    (RAISING_MONEY, "C3", "We should ask of each king: for whose benefit did he reform?"),
    (RAISING_MONEY, "C2", "The comparison must be made on the basis of how they raised their money."),
    (
        RAISING_MONEY,
        "",
        "To be the same kind of reformer he has to have used the same methods for as long.",
    ),
    (
        RAISING_MONEY,
        "C1 C3",
        "Two things need weighing, the staying power of their reforms and who got something out of them.",
    ),
    (RAISING_MONEY, "C1", "The standard I have chosen is how long it all lasted, since anyone can pass a law."),
    (KILLING, "C1", "It comes down to numbers."),
    (KILLING, "C1 C2", "The question has to be decided on how many died and why they were killed."),
    (KILLING, "C3", "My test will be the effect upon the peasants in the village."),
    (KILLING, "C1 C2", "How many, and why? Those are the questions to put to both."),
    (KILLING, "C2 C3", "I want to compare their reasons for doing it and what it did to people's lives."),
    (KILLING, "C2", "Deciding this means looking at what drove each of them."),
    (
        KILLING,
        "C1 C2 C3",
        "Three things decide the matter: the body count, the motive and the outcome for ordinary families.",
    ),
    (KILLING, "", "Thousands died under both."),
    (KILLING, "", "The scale was bigger under Louis, and his motives were worse."),
    (KILLING, "C1", "We can only compare them if we look at the scale of the killing."),
    (KILLING, "C1", "To see how similar they were, the scale of what they did must be compared."),
    (KILLING, "C2", "A better measure than numbers is motive."),
    (KILLING, "C2", "Rather than count bodies I shall ask why they did it."),
    (KILLING, "C1", "Both will be measured against the same scale: how many they killed."),
    (
        MOVEMENTS,
        "C1 C2 C3",
        "To compare them we must look at how ready they were to fight, who joined and what they were after.",
    ),
    (
        MOVEMENTS,
        "C1 C2",
        "I will measure them against two things: their willingness to fight, and the people who marched.",
    ),
    (MOVEMENTS, "C1", "The yardstick here is violence."),
    (MOVEMENTS, "C1 C3", "What did each want, and would it shed blood to get it? These are my two tests."),
    (MOVEMENTS, "", "Violence was used by both."),
    (MOVEMENTS, "", "It would be a mistake to judge a movement by who its members were."),
    (
        MOVEMENTS,
        "C3",
        "In deciding whether they were alike the important thing is not who joined but what they wanted.",
    ),
    (POEMS, "C2", "My comparison rests on how each of them looks at nature."),
    (POEMS, "C1 C2 C3", "The poems will be compared under the headings of form, nature and effect."),
    (POEMS, "C2 C3", "I am going to compare how they write about nature and how it makes you feel."),
    (POEMS, "", "The imagery is vivid and nature is everywhere."),
    (
        DISASTERS,
        "C1 C2 C3",
        "Severity can be measured in money, in damage to the environment or in the time taken to recover.",
    ),
    (DISASTERS, "C3", "I shall judge the two by how long it took to get back to normal."),
    (DISASTERS, "C3", "The test is how soon people were back in their homes."),
    (DISASTERS, "", "The flood cost millions."),
    (THEORIES, "C1", "Everything turns on one question: where does each theory think that power lies?"),
    (
        THEORIES,
        "C2 C3",
        "Their disagreement can be tested at two points, the individual and the explanation of change.",
    ),
    (THEORIES, "", "Power is important in both theories."),
    (
        REGIMES,
        "C1 C2 C3",
        "I take three standards: by what right they ruled, how deep into ordinary life they reached and why they fell.",
    ),
    (REGIMES, "C3", "The best test of a regime is how it ends."),
    (REGIMES, "C1 C2", "The criteria used in this essay are legitimacy and control."),
    (REGIMES, "C3", "im going to judge it on why they collapsed"),
    (REGIMES, "", "The regime collapsed because it ran out of money."),
    (REGIMES, "", "There is no point in asking how far they controlled daily life."),
]


def covered(text, rubric_):
    return " ".join(f.id for f in find_criteria(parsed(text, rubric_), rubric_) if f.status == "covered")


@pytest.mark.parametrize(("rubric_", "ids", "text"), [pytest.param(*case, id=case[2][:60]) for case in INTRODUCTIONS])
def test_an_introduction_sets_criteria(rubric_, ids, text):
    facts = " Philip was born in Paris. Louis was born in Lyon and was crowned there."
    assert covered(f"{text}{facts}\n\n{CLOSING}", rubric_) == ids


BODY = [
    (RAISING_MONEY, "", "The reforms lasted for thirty years and the methods were cruel."),
    (RAISING_MONEY, "", "We can see that the methods used to raise money were different."),
    (RAISING_MONEY, "C1", "If we judge them by how long their reforms lasted, there is little to choose between them."),
    (RAISING_MONEY, "C3", "They were also similar in terms of who benefited."),
    (KILLING, "C1", "Measured by how many died the two reigns are far apart."),
    (KILLING, "", "Thousands died and the results for ordinary people were terrible."),
    (KILLING, "C1 C2", "There are two questions by which kings ought to be told apart. How many? And why?"),
]


@pytest.mark.parametrize(("rubric_", "ids", "text"), [pytest.param(*case, id=case[2][:60]) for case in BODY])
def test_in_the_body_a_standard_must_be_argued_by(rubric_, ids, text):
    assert covered(f"Philip and Louis were kings.\n\n{text}\n\n{CLOSING}", rubric_) == ids


def test_the_words_that_set_a_criterion_are_quoted():
    draft = parsed(f"I shall judge them by how long their reforms lasted.\n\n{CLOSING}", RAISING_MONEY)
    (finding,) = (f for f in find_criteria(draft, RAISING_MONEY) if f.status == "covered")
    assert finding.quotes[0].text == "how long their reforms lasted"
    assert draft.essay.text[finding.quotes[0].start : finding.quotes[0].end] == finding.quotes[0].text


def test_standards_beyond_the_rubric_are_the_essays_own():
    text = (
        "I shall put two questions to each king: how long did his reforms last, and what did the Church think of them?"
    )
    draft = parsed(f"{text}\n\n{CLOSING}", RAISING_MONEY)
    assert covered(f"{text}\n\n{CLOSING}", RAISING_MONEY) == "C1"
    assert [q.text for q in find_own_criteria(draft, RAISING_MONEY)] == ["what did the Church think of them"]


def test_a_rubric_without_criteria_has_none():
    assert find_criteria(parsed("I shall judge them by their aims.", HOW_SIMILAR), HOW_SIMILAR) == ()


@pytest.mark.parametrize(
    "text", ["", "?", "scale", "بسم الله", "🙂", "by " * 2000, "two tests: " * 300, "how, " * 1000]
)
def test_poor_input_gives_no_error(text):
    assert len(find_criteria(parsed(text, KILLING), KILLING)) == 3


WORDS = st.sampled_from(
    "judge by how many what matters is not the test two questions : ? . , and why who lasted scale methods İ ’ “ "
    "I shall ask in terms of rather than simular \n\n".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_quotes_are_the_drafts_own_words(words):
    draft = parsed(re.sub(r" (?=[,.?;:])", "", " ".join(words)), KILLING)
    for finding in find_criteria(draft, KILLING):
        assert all(draft.essay.text[q.start : q.end] == q.text for q in finding.quotes)
        assert bool(finding.quotes) == (finding.status != "missing")
    assert all(draft.essay.text[q.start : q.end] == q.text for q in find_own_criteria(draft, KILLING))
