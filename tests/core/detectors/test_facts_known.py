"""Slips that only the points or the model answer beside a rubric can tell, and the ties they are read from."""

from __future__ import annotations

import time
from dataclasses import replace

import evidence_drafts as drafts
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.detectors.facts import check_facts
from analyser.detectors.slips.known import FactLexicon, known_of, with_known
from analyser.records import Rubric, Slip
from analyser.rubrics.reading import rubric_from_json
from analyser.rubrics.variants import derive_variants

NAMES = {
    "E01": "Emile (treatise)",
    "E02": "survey of 412 weavers in Leeds",
    "E03": "the Spinners' Union (founded 1871)",
    "E04": "Montesquieu ('a mouth that speaks the law')",
    "E05": "'Evening Song' ('the lamp that never tires')",
    "E06": "'Morning Song', 1802",
    "E07": "rescue of Marlow Brothers, March 1908",
    "E08": "Hartley Bank (collapsed September 1908)",
    "E09": "Kohl replacing Schmidt (October 1982)",
    "E10": "Brandon, in the north",
    "E11": "Fairfax, in the Midlands",
    "E12": "Trial of the 16 (1936)",
    "E13": "Trial of the 17 (1937)",
    "E14": "Zinoviev",
    "E15": "shutdown of 1818 over Trevor's canal",
    "E16": "Tomlin and Moore (1945)",
    "E17": "Willoughby, Learning to Weave (1877)",
    "E18": "12 January 1810",
    "E19": "Ulster Covenant, 1912",
    "E20": "no Exchange Commission until 1834",
    "E21": "wave theory",
    "E22": "Robespierre's dead: about 2,200",
    "E23": "Cromwell's dead: about 18,500",
    "E24": "murder of Humbert Delgado, 1865",
    "E25": "'Ode to Frost', 1807",
    "E26": "companion cells",
    "E27": "Weavers' League",
    "E28": "Spinning Society (Leeds, 1791)",
    "E29": "General Maxwell / fifteen executions, May 1816",
}
POINTS = {
    "S1": "Similarity: both used fear",
    "D1": "Difference: Cromwell had companion cells, whereas Robespierre had none",
}
MODEL = """Rousseau's Emile was read by both. Huygens's wave theory came later, as did the Tuileries.

The trial of the 16 struck at Zinoviev and his friends; the trial of the 17 struck at the managers. The Spinners' Union
was led by Anne Calder. Owen Nash, however, wrote of other things. He knew the Weavers' League of Douglas Hyde, and the
Spinning Society, founded in Leeds in 1791 by William Tone.
"""
MUST_CLAIM = [
    ("attribution", "E27", "Yeats founded the Weavers' League in that year.", "Yeats", "Douglas Hyde"),
    ("attribution", "E28", "Nash started a group up in Leeds called the Spinning Society.", "Nash", "William Tone"),
    ("name", "E29", "In May 1816 General Lake had fifteen of them executed.", "Lake", "Maxwell"),
    ("attribution", "E01", "Emile was written by Owen Nash.", "Owen Nash", "Rousseau"),
    ("attribution", "E01", "Nash, in his book Emile, says so.", "Nash", "Rousseau"),
    ("attribution", "E21", "It was Nash who first devised the wave theory.", "Nash", "Huygens"),
    ("attribution", "E21", "The wave theory, which Nash invented, was new.", "Nash", "Huygens"),
    ("attribution", "E21", "Nash's idea of a wave theory was new.", "Nash", "Huygens"),
    ("attribution", "E21", "Cromwell liked the wave theory that was first discussed by Nash.", "Nash", "Huygens"),
    ("attribution", "E17", "Nash proved it in Learning to Weave long ago.", "Nash", "Willoughby"),
    ("attribution", "E04", "Diderot had said that it was a mouth that speaks the law.", "Diderot", "Montesquieu"),
    (
        "attribution",
        "E05",
        "In 'Morning Song' he writes of 'the lamp that never tires'.",
        "Morning Song",
        "Evening Song",
    ),
    ("number", "E02", "A survey of 142 weavers in Leeds shows it.", "142", "412"),
    ("date", "E03", "She started the Spinners' Union in 1876.", "1876", "1871"),
    ("date", "E16", "Tomlin and more wrote about this in 1965.", "1965", "1945"),
    ("date", "E08", "Hartley Bank went bust in September 1907.", "September 1907", "September 1908"),
    ("date", "E18", "It was on 12 February 1810 that the earth shook.", "12 February 1810", "12 January 1810"),
    (
        "date",
        "E20",
        "There was no Exchange Commission to look after them until it was set up in 1844.",
        "1844",
        "1834",
    ),
]
MUST_NOT_CLAIM = [
    "The Weavers' League was loved by Yeats.",
    "Douglas Hyde founded the Weavers' League in that year.",
    "Protestants founded the Weavers' League, as Ireland knew.",
    "Yeats joined the Weavers' League.",
    "Nash wrote to a group called the Spinning Society.",
    "In May 1816 General Maxwell had fifteen of them executed, and General Lake looked on.",
    "Emile was written by Rousseau.",
    "Emile was read by Owen Nash.",
    "Emile was admired by Rousseau and copied by Owen Nash.",
    "Owen Nash wrote about Emile.",
    "Nash's reading of Emile is another.",
    "Rousseau's book Emile was not written by Owen Nash.",
    "The wave theory, which Nash attacked, was new.",
    "The wave theory, which was never invented by Nash, was new.",
    "Huygens, whom Nash knew, first devised the wave theory.",
    "After Nash had written, the wave theory was forgotten.",
    "The Spinners' Union, led by Owen Nash for a year, struck.",
    "The Spinners' Union in 1876 was as strong as ever.",
    "Montesquieu had said that a judge is a mouth that speaks the law.",
    "As Diderot knew, Montesquieu called the judge a mouth that speaks the law.",
    "Diderot never said that a judge is a mouth that speaks the law.",
    "In 'Evening Song' he writes of 'the lamp that never tires'.",
    "'Morning Song' has nothing like 'the lamp that never tires'.",
    "Trevor wanted money for his canal and there was a shutdown.",
    "Nash opposed Trevor and his canal, and there was a shutdown.",
    "Brandon had the north and Fairfax had the Midlands.",
    "Brandon never had the Midlands and Fairfax never had the north.",
    "Marlow Brothers was rescued in March 1908, Hartley Bank was not.",
    "In October 1982 Kohl replaced Schmidt.",
    "Schmidt was replaced by Kohl.",
    "There was the Trial of the 16, in which Zinoviev was shot.",
    "The Trial of the 17 followed that of Zinoviev.",
    "A survey of about 400 weavers in Leeds shows it.",
    "A survey of 412 weavers in Leeds shows it.",
    "Cromwell had 18,500 dead, far more than 2,200.",
    "A month later, on 12 February 1810, there was a service.",
    "On 12 January 1810 the earth shook, and on 12 February 1810 again.",
    "Nash launched a Covenant in Scotland in 1949.",
    "Humbert Delgado stood for president in 1858.",
    "He wrote four stanzas of the 'Ode to Frost' in 1802.",
    "The Exchange Commission in 1844 was as weak as ever.",
    "Robespierre's walls are made of cells.",
    "Hartley Bank was set up in 1850.",
    "Trevor won in 1816. Nash had always opposed his canal, and there was a shutdown.",
    "Trevor won in 1816. Nash wanted money for his canal, and there was a shutdown.",
    "Nash always opposed his canal, and there was a shutdown.",
    "Brandon looked to the Midlands, and Fairfax looked to the north.",
    "Brandon refused aid to the Midlands and Fairfax was sent back from the north.",
    "It is simply wrong that Schmidt replaced Kohl.",
    "Nobody claims that Schmidt replaced Kohl.",
    "Compared to Cromwell 2,200 dead is few.",
    "Unlike Cromwell with 2,200 dead, he was feared.",
    "Cromwell had 2,200 in one year alone.",
    "Diderot, who said judges speak, quotes 'a mouth that speaks the law'.",
    "Diderot said much, and echoes 'a mouth that speaks the law'.",
    "The Trial of the 17, in which Zinoviev's friends were tried, was later.",
    "The Trial of the 17, in which Zinoviev had no part, was later.",
    "Cromwell had 2,200 people in one camp.",
    "There was no Trial of the 17, in which Zinoviev was shot.",
    "Nobody claims that Hartley Bank was rescued in March 1908.",
    "It is wrong that Hartley Bank was rescued in March 1908.",
    "It is a myth that the wave theory was invented by Nash.",
]
# Facts beside the rubric's, in drafts of other questions: the evidence, its sides, and what is true of it.
TRUE_BESIDE = [
    ("fee-paying schools, about 7 per cent of pupils", "In Scotland fee-paying schools educate 4 per cent of pupils."),
    ("fee-paying schools, about 7 per cent of pupils", "Fee-paying schools once educated 5 per cent of pupils."),
    (
        "fee-paying schools, about 7 per cent of pupils",
        "about 93 per cent of pupils go to state schools and not fee-paying schools.",
    ),
    ("fee-paying schools, about 7 per cent of pupils", "Fee-paying schools leave 93 per cent of pupils to the state."),
    ("fee-paying schools, about 7 per cent of pupils", "fee-paying schools educate 18 per cent of sixth formers."),
    ("fee-paying schools, about 7 per cent of pupils", "In 1960 fee-paying schools had 5 per cent of pupils."),
    ("Willis, Learning to Labour (1977)", "Learning to Labour, reissued in 1981, is still read."),
    ("Willis, Learning to Labour (1977)", "Learning to Labour was translated in 1981."),
    ("Montgomery bus boycott, 1955", "The bus boycott of 1953 in Baton Rouge came before Montgomery."),
    ("Montgomery bus boycott, 1955", "The bus boycott of 1953 in Baton Rouge came first."),
    ("Birmingham campaign, 1963", "In Birmingham in 1902 nothing happened."),
    ("Birmingham (1963)", "In Birmingham in 1902 nothing happened."),
    ("Trump's wall", "Trump won in 2016. Obama had always opposed his wall."),
    ("Kohl replacing Schmidt (October 1982)", "It is simply wrong that Schmidt replaced Kohl."),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Rubric:
    folder = tmp_path_factory.mktemp("rubric")
    (folder / "model_answer.txt").write_text(MODEL, encoding="utf8")
    return _rubric(folder=str(folder))


def _rubric(folder: str = "", names: dict[str, str] | None = None) -> Rubric:
    made = rubric_from_json(
        {
            "id": "test",
            "question": "How similar were the methods of Robespierre and Cromwell?",
            "sides": {"a": "Robespierre", "b": "Cromwell"},
            "points": POINTS,
            "criteria": {},
            "evidence": names or NAMES,
        }
    )
    return replace(made, folder=folder)


@pytest.fixture(scope="module")
def lexicon(made) -> FactLexicon:
    return with_known(derive_variants(made), made)


def slips(text: str, made: Rubric, lexicon: FactLexicon) -> list[Slip]:
    return list(check_facts(drafts.parse(text, made), lexicon))


@pytest.mark.parametrize(("kind", "item", "text", "found", "expected"), MUST_CLAIM)
def test_must_be_claimed(made, lexicon, kind, item, text, found, expected):
    claimed = [(s.kind, s.evidence, s.found, s.expected) for s in slips(text, made, lexicon)]
    assert claimed == [(kind, item, found, expected)]


@pytest.mark.parametrize("text", MUST_NOT_CLAIM)
def test_must_not_be_claimed(made, lexicon, text):
    assert slips(text, made, lexicon) == []


@pytest.mark.parametrize(("name", "text"), TRUE_BESIDE)
def test_what_is_true_beside_the_rubric_is_not_claimed(name, text):
    made = _rubric(names={"E01": name})
    assert slips(text, made, with_known(derive_variants(made), made)) == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "fee-paying schools, about 7 per cent of pupils",
            "Fee-paying schools educate 18 per cent of pupils.",
            "18 per cent",
        ),
        ("Willis, Learning to Labour (1977)", "Willis wrote Learning to Labour in 1987.", "1987"),
        ("Montgomery bus boycott, 1955", "The Montgomery bus boycott of 1953 came first.", "1953"),
    ],
)
def test_what_is_false_of_it_is_claimed(name, text, found):
    made = _rubric(names={"E01": name})
    assert [s.found for s in slips(text, made, with_known(derive_variants(made), made))] == [found]


def test_places_and_figures_of_two_sides_are_not_turned_by_what_is_true():
    names = {
        "E01": "Stalin, in Russia",
        "E02": "Mao, in China",
        "E03": "Haiti: 790,000 slaves",
        "E04": "France: 25,000 slaves",
    }
    made = rubric_from_json(
        {
            "id": "test",
            "question": "How similar were Haiti and France?",
            "sides": {"a": "Haiti", "b": "France"},
            "points": POINTS,
            "criteria": {},
            "evidence": names,
        }
    )
    lexicon = with_known(derive_variants(made), made)
    for text in (
        "Stalin refused aid to China and Mao was sent back from Russia.",
        "Mao looked to Russia, and Stalin looked to China.",
        "Compared to Haiti 25,000 slaves landed in France is few.",
        "Unlike Haiti with 25,000 slaves, it was rich.",
        "French Haiti got 25,000 slaves in one year alone.",
    ):
        assert slips(text, made, lexicon) == []


def test_five_hundred_numbered_items_are_read_fast(tmp_path):
    names = {f"E{i:03d}": f"Trial of the {i} ({1400 + i})" for i in range(1, 499)} | {
        "E499": "Zinoviev",
        "E500": "Marat",
    }
    clauses = [f"the trial of the {7 * i % 490 + 3} struck at Zinoviev and his friends in the town" for i in range(50)]
    (tmp_path / "model_answer.txt").write_text(", and ".join(clauses) + ".", encoding="utf8")
    made = _rubric(str(tmp_path), names)
    lexicon = derive_variants(made)
    start = time.perf_counter()
    with_known(lexicon, made)
    assert time.perf_counter() - start < 3.0


def test_the_model_answer_has_no_slips(made, lexicon):
    assert slips(MODEL, made, lexicon) == []


def test_what_the_model_answer_ties_to_the_evidence(lexicon):
    known = known_of(lexicon)
    index = {item.id: i for i, item in enumerate(lexicon.items)}
    assert set(known.ties[index["E01"]]["own"]) == {"rousseau"}
    assert set(known.ties[index["E03"]]["lead"]) == {"calder"}
    assert {"nash", "calder", "rousseau", "huygens"} <= set(known.names)
    assert "tuileries" not in known.names


def test_an_undated_thing_takes_its_one_date_from_the_model_answer(tmp_path):
    (tmp_path / "model_answer.txt").write_text("The Spinners' Union (1871) and the Weavers' Strike of 1875.", "utf8")
    made = _rubric(str(tmp_path), {"E01": "the Spinners' Union", "E02": "the Weavers' Strike"})
    lexicon = with_known(derive_variants(made), made)
    assert [(s.found, s.expected) for s in slips("The Spinners' Union was founded in 1866.", made, lexicon)] == [
        ("1866", "1871")
    ]
    assert slips("In 1866 the Spinners' Union was small.", made, lexicon) == []


def test_without_points_and_model_answer_the_lexicon_stays_as_it_was():
    made = drafts.rubric(["Emile", "wave theory"])
    lexicon = with_known(derive_variants(made), made)
    assert [i.dates for i in lexicon.items] == [(), ()]
    assert known_of(derive_variants(made)).ties == {}


def test_a_long_model_answer_is_read_fast(tmp_path):
    (tmp_path / "model_answer.txt").write_text(MODEL * 15, encoding="utf8")
    made = _rubric(str(tmp_path))
    lexicon = derive_variants(made)
    start = time.perf_counter()
    with_known(lexicon, made)
    assert time.perf_counter() - start < 2.0


@given(st.lists(st.sampled_from([c[2] for c in MUST_CLAIM] + MUST_NOT_CLAIM), min_size=1, max_size=4))
def test_every_slip_quotes_the_text(made, lexicon, parts):
    text = "\n".join(parts)
    for slip in slips(text, made, lexicon):
        assert text[slip.quote.start : slip.quote.end] == slip.quote.text
        assert slip.expected
        assert slip.evidence in NAMES
