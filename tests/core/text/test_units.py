"""Content units: clauses, sides, negation, and whose view it is. By rules alone; the parse is tested in quality."""

import re

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.records import Block, Essay, JudgementRule, Rubric, Side
from analyser.text.negation import find_negations
from analyser.text.parsing import parse_essay

NLP = spacy.blank("en")


def rubric(a: str = "Stalin", b: str = "Lenin", **frames: str) -> Rubric:
    sides = (Side("a", a, frame=frames.get("a", "")), Side("b", b, frame=frames.get("b", "")))
    return Rubric("r", 1, "en-GB", "q", sides, JudgementRule("j"), ())


def parse(text: str, of: Rubric | None = None):
    blocks = tuple(
        Block(m.start(), m.end(), "paragraph") for m in re.finditer(r"(?:(?!\n\n).)+", text, re.S) if m[0].strip()
    )
    return parse_essay(Essay("e", "e", text, blocks), of or rubric(), NLP)


def units(text: str, of: Rubric | None = None) -> list[tuple[str, str]]:
    return [(text[u.start : u.end], "".join(sorted(u.sides))) for u in parse(text, of).units]


# (text, the first words of every clause)
CUTS = [
    ("Lenin only took away party cards, whereas Stalin had members shot.", ["Lenin", "whereas"]),
    ("While Lenin wrote books, Stalin filled in lists.", ["While", "Stalin"]),
    ("lenin never did that, he just kicked them out", ["lenin", "he"]),
    ("Stalin had more people shot; Lenin had a war to fight.", ["Stalin", "Lenin"]),
    ("Stalin was cruel and he was afraid.", ["Stalin", "and"]),
    ("Stalin was afraid so he had them watched.", ["Stalin", "so"]),
    ("Lenin used the Cheka but never shot his comrades.", ["Lenin", "but"]),
    ("Both had a police force and so did the Tsar.", ["Both", "and"]),
]
WHOLE = [
    "Lenin and Stalin had many enemies.",
    "When Lenin died, Stalin took over the party.",
    "Stalin, he told them, was a rude man.",
    "In 1921, Lenin had a quarter of the members expelled.",
    "Stalin had kulaks and priests and officers shot.",
    "Stalin was seventy-seven years old - nearly.",
    "If he had lived, Lenin would have stopped it.",
    "Stalin was not only cruel but also afraid.",
    "Lenin ruled well and so",
]


@pytest.mark.parametrize(("text", "starts"), CUTS)
def test_cut(text, starts):
    assert [clause.split()[0].strip(",") for clause, _ in units(text)] == starts


@pytest.mark.parametrize("text", WHOLE)
def test_not_cut(text):
    assert len(units(text)) == 1


# (text, the sides of every clause)
SIDES = [
    ("Stalin had them shot. He was afraid.", ["a", "a"]),
    ("Stalin had them shot, whereas Lenin did not.", ["a", "b"]),
    ("Lenin and Stalin had enemies. They both used camps.", ["ab", "ab"]),
    ("Neither of them was safe. Each of them had spies.", ["ab", "ab"]),
    ("Lenin and Stalin differed. The former wrote, but the latter counted.", ["ab", "b", "a"]),
    ("lennin was mild but stallin was not.", ["b", "a"]),
    ("Under Lenin members lost their cards. Under Stalin they lost their lives.", ["b", "a"]),
    ("Lenin expelled his comrades but never had them shot.", ["b", "b"]),
    ("Leninist terror was smaller than Stalin's.", ["ab"]),
    ("Lenin's camps held thousands. Stalin's held millions.", ["b", "a"]),
    ("The two leaders were much alike.", ["ab"]),
]
NO_SIDES = [
    "Both the Left and the Right were attacked.",
    "There is a question of scale.",
    "Trotsky built the army. He was later murdered.",
    "I think the scale is what matters.",
]


@pytest.mark.parametrize(("text", "sides"), SIDES)
def test_sides(text, sides):
    assert [keys for _, keys in units(text)] == sides


@pytest.mark.parametrize("text", NO_SIDES)
def test_no_sides(text):
    assert {keys for _, keys in units(text)} == {""}


def test_another_person_stops_a_pronoun():
    assert [k for _, k in units("Lenin fell ill. Zinoviev took over. He was weak.")][2] == ""


def test_topic_is_carried_but_not_past_a_contrast_or_a_paragraph():
    text = "Stalin ruled by fear. Millions were arrested. But the Tsars had prisons too.\n\nMany died."
    assert [keys for _, keys in units(text)] == ["a", "a", "", ""]


def test_a_date_within_one_frame_tells_the_side():
    framed = rubric(a="Stalin", b="Lenin")
    framed = Rubric(
        "r",
        1,
        "en",
        "q",
        (Side("a", "Stalin", frame="1930s"), Side("b", "Lenin", frame="1918-24")),
        framed.judgement,
        (),
    )
    assert units("In 1937 priests were shot. In 1921 cards were taken.", framed) == [
        ("In 1937 priests were shot.", "a"),
        ("In 1921 cards were taken.", "b"),
    ]


def test_common_words_of_a_name_need_their_noun():
    coast = rubric("Hard engineering", "Soft engineering")
    assert units("It is hard to say. Hard enginering is dear. Soft methods are cheap.", coast) == [
        ("It is hard to say.", ""),
        ("Hard enginering is dear.", "a"),
        ("Soft methods are cheap.", "b"),
    ]


# (text, the negative words and what they reach)
NEGATIONS = [
    ("Lenin did not kill his comrades because he needed them.", [("not", "kill his comrades")]),
    ("lenin didnt like all that", [("nt", "like all that")]),
    ("Nobody was safe.", [("Nobody", "was safe")]),
    ("He had no choice.", [("no", "choice")]),
    ("It was never the same, hardly anyone survived.", [("never", "the same"), ("hardly", "anyone survived")]),
    ("It was not only cruel but stupid.", []),
    ("There is no doubt that he knew.", []),
    ("He wanted it and went away; I cannot say.", [("cannot", "say")]),
]


@pytest.mark.parametrize(("text", "expected"), NEGATIONS)
def test_negation(text, expected):
    found = find_negations(text, None, 0, len(text))
    assert [(text[n.cue.start : n.cue.end], text[n.scope.start : n.scope.end]) for n in found] == expected


# (text, whether each clause's claim is negated)
POLARITY = [
    ("Stalin did not stop.", [True]),
    ("Nobody ever said that he did not stop.", [True]),
    ("Stalin, who did not forget, had them shot.", [False]),
    ("If they did not obey, they were shot.", [False]),
    ("Lenin expelled them but never shot them.", [False, True]),
]


@pytest.mark.parametrize(("text", "expected"), POLARITY)
def test_claim_is_negated(text, expected):
    assert [u.is_negated for u in parse(text).units] == expected


def test_view_of_somebody_else_and_its_rejection():
    found = parse(
        "Pipes claims that Lenin began it. This is wrong. Conquest rightly argues that Stalin went further."
    ).units
    assert [(u.attribution is not None, u.is_rejected) for u in found] == [(True, True), (False, False), (False, False)]


def test_a_view_goes_on_in_joined_clauses():
    text = "It is often said that Lenin was mild and that Stalin was cruel. I am not persuaded."
    found = parse(text).units
    assert [(u.attribution is not None, u.is_rejected) for u in found] == [(True, True), (True, True), (False, False)]


def test_questions_and_hedges():
    found = parse("Was Stalin like Lenin? Perhaps Stalin was worse.").units
    assert [u.is_question for u in found] == [True, False]
    assert [bool(u.hedges) for u in found] == [False, True]


words = st.sampled_from(
    [
        *"stalin Lenin he they both , . ; ? but and whereas not never so while was killed had the camps".split(),
        *"didnt - : “ ” ’ é".split(),
        "\n\n",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=60).map(" ".join))
def test_units_lie_in_their_sentences_in_order(text):
    parsed = parse(text)
    position = 0
    for unit in parsed.units:
        sentence = parsed.sentences[unit.sentence_index]
        assert position <= unit.start < unit.end
        assert sentence.contains(unit)
        assert unit.block_index == sentence.block_index
        assert text[unit.start : unit.end].strip() == text[unit.start : unit.end]
        assert all(unit.contains(hedge) for hedge in unit.hedges)
        position = unit.end
    said = "".join(text[u.start : u.end] for u in parsed.units)
    assert "".join(said.split()) == "".join(text.split())
