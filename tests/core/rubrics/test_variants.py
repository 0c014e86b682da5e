"""Names of evidence taken apart, and the lexicon derived from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.detectors.spelling import meant_words
from analyser.records import Side
from analyser.rubrics.names import parse_name
from analyser.rubrics.reading import rubric_from_json
from analyser.rubrics.variants import EvidenceLexicon, derive_variants
from analyser.rubrics.words import family, fold, sound, stem


def lexicon(*names: str, points: dict[str, str] | None = None) -> EvidenceLexicon:
    rubric = rubric_from_json(
        {
            "id": "test",
            "question": "How similar were Stalin and Lenin?",
            "sides": {"a": "Stalin", "b": "Lenin"},
            "points": points or {"S1": "Similarity: both used terror"},
            "criteria": {},
            "evidence": {f"E{i}": name for i, name in enumerate(names)},
        }
    )
    return derive_variants(replace(rubric, sides=(Side("a", "Stalin", (), "1930s"), Side("b", "Lenin", (), "1918-24"))))


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("kulaks / dekulakisation", ["kulaks", "dekulakisation"]),
        ("Socialist Revolutionaries (SRs)", ["Socialist Revolutionaries", "SRs"]),
        ("Bukharin (the model answer misprints 'Bakunin')", ["Bukharin"]),
        ("Willis, Learning to Labour (1977)", ["Willis, Learning to Labour", "Willis"]),
        ("Warwick the Kingmaker", ["Warwick the Kingmaker", "Warwick"]),
        ("Magenta and Solferino (1859)", ["Magenta and Solferino", "Magenta", "Solferino"]),
        ("'blood and iron' speech (1862)", ["blood and iron speech", "blood and iron"]),
        ("William Herbert in Wales", ["William Herbert in Wales", "William Herbert"]),
        (
            "36 of 62 families under bonds or recognisances of debt",
            ["36 of 62 families under bonds or recognisances of debt"],
        ),
    ],
)
def test_names_are_taken_apart(name, pieces):
    assert [p.text for p in parse_name(name).pieces] == pieces


def test_acronyms_are_derived():
    (item,) = lexicon("Southern Christian Leadership Conference, 1957").items
    assert "SCLC" in [v.text for v in item.variants]


def test_dates_belong_to_the_part_of_the_name_that_has_them():
    (item,) = lexicon("Crimean War / Congress of Paris (1856)").items
    assert {v.text: [d.first[0] for d in v.dates] for v in item.variants} == {
        "Crimean War": [],
        "Congress of Paris": [1856],
    }


def test_a_beginning_is_no_date_of_the_whole():
    assert lexicon("the Cheka (founded December 1917)").items[0].is_beginning
    assert not lexicon("murder of Kirov (December 1934)").items[0].is_beginning


def test_sides_are_derived_from_names_points_and_time():
    points = {"S1": "Similarity: Lenin created the Cheka, Stalin expanded it as the NKVD; both had a party"}
    found = lexicon("the Cheka", "NKVD", "Lenin's Testament", "murder of Kirov, 1934", "the party", points=points)
    assert [i.side for i in found.items] == ["b", "a", "b", "a", ""]


def test_weights_follow_how_much_a_word_tells():
    (item,) = lexicon("murder of Kirov, 1934").items
    weight = {t.key: t.weight for t in item.variants[0].terms}
    assert weight["kirov"] > weight["murder"] >= 0.8
    assert not next(t for t in item.variants[0].terms if t.kind == "year").is_core


def test_shared_words_tell_less():
    found = lexicon("Trial of the 16 (1936)", "Trial of the 17 (1937)")
    trial = next(t for t in found.items[0].variants[0].terms if t.key == "trial")
    assert not trial.is_unique
    assert trial.owners == {0, 1}


def test_the_lexicon_is_as_large_as_the_rubric():
    found = lexicon(*[f"terror of the party {i}" for i in range(500)])
    assert sum(len(p) for p in found.postings.values()) < 500 * 40


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Zinovyev", "Zinoviev"),
        ("Bucharin", "Bukharin"),
        ("Checka", "Cheka"),
        ("Königgrätz", "Koniggratz"),
        ("Trotskii", "Trotsky"),
    ],
)
def test_transliterations_sound_alike(a, b):
    assert sound(fold(a)) == sound(fold(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("labour", "labor"),
        ("organisation", "organization"),
        ("centres", "center"),
        ("defence", "defense"),
        ("shot", "shooting"),
        ("kulaks", "kulak"),
    ],
)
def test_stems_meet(a, b):
    assert stem(a) == stem(b)


def test_families_meet():
    assert family("trotskyists") == family("trotskyite")
    assert family("dekulakisation") == family("kulaks") == "kulak"


VOCABULARY = {sound(w): (w,) for w in ("bukharin", "mensheviks", "hitler", "kamenev", "bourgeoisie", "garibaldi")}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bucharin", "bukharin"),
        ("menshiviks", "mensheviks"),
        ("camenev", "kamenev"),
        ("burgoisee", "bourgeoisie"),
        ("garabaldi", "garibaldi"),
    ],
)
def test_misspellings_are_understood(typed, meant):
    assert [w for w, _ in meant_words(typed, VOCABULARY, tuple(VOCABULARY), frozenset())] == [meant]


@pytest.mark.parametrize("typed", ["himmler", "bakunin", "kerensky", "terror", "menace", "kirov", "the", "1936"])
def test_other_words_are_no_misspellings(typed):
    assert meant_words(typed, VOCABULARY, tuple(VOCABULARY), frozenset()) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcXYZ 12'\"()/,:;-–éж😀.", min_size=1, max_size=30).filter(str.strip), max_size=5))
def test_any_name_is_taken(names):
    found = lexicon(*names)
    assert len(found.items) == len(names)
    assert all(v.total > 0 for i in found.items for v in i.variants)
