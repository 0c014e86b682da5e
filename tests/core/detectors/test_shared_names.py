"""Names, figures and dates that several things could have, and what tells them apart."""

import evidence_drafts as drafts
import pytest

from analyser.detectors.evidence import find_evidence
from analyser.rubrics.variants import derive_variants

NAMES = {
    "E01": "Wagner-Crosby Act, 1933",
    "E02": "repeal of Wagner-Crosby, 1999",
    "E03": "Martin Luther King",
    "E04": "gearing of about thirty to one",
    "E05": "220,000 coast guards",
    "E06": "Estates dissolved, 5 January 1718",
    "E07": "Second Five-Year Plan targets",
    "E08": "losses of $210-235 billion",
    "E09": "tea taxed by the crown",
}
MUST_FIND = [
    ("E01", "Banks were kept apart by Wagner-Crosby."),
    ("E02", "The repeal of Wagner-Crosby in 1999 let banks gamble."),
    ("E03", "The marches were led by Dr King in the south."),
    ("E04", "It held thirty dollars of loans for each dollar of its own."),
    ("E05", "They sent 220,000 soldiers to help."),
    ("E06", "What happened on 5 January 1718 showed it."),
    ("E08", "The bill came to over 210 billion dollars in losses."),
    ("E09", "The crown put a tax on tea."),
]
MUST_NOT_FIND = [
    ("E03", "People bowed before the King in London."),
    ("E04", "Thirty per cent of the loans were bad."),
    ("E06", "What happened in January 1718 showed it."),
    ("E07", "In just two years much was built."),
]


def found(text: str) -> set[str]:
    made = drafts.rubric(NAMES)
    findings = find_evidence(drafts.parse(text, made), made, derive_variants(made))
    return {f.id for f in findings if f.status not in ("missing", "unsure")}


@pytest.mark.parametrize(("item", "text"), MUST_FIND)
def test_must_be_found(item, text):
    assert item in found(text)


@pytest.mark.parametrize(("item", "text"), MUST_NOT_FIND)
def test_must_not_be_found(item, text):
    assert item not in found(text)


def test_an_alias_is_not_named_by_one_plain_word():
    from dataclasses import replace

    made = drafts.rubric({"E01": "the gentry as target"})
    item = replace(made.evidence[0], aliases=("class enemies of 1718",))
    made = replace(made, evidence=(item,))
    parsed = drafts.parse("He saw enemies everywhere.", made)
    assert find_evidence(parsed, made, derive_variants(made))[0].status in ("missing", "unsure")


def test_a_description_is_told_from_a_name():
    made = drafts.rubric(NAMES)
    parsed = drafts.parse(
        "They sent 220,000 soldiers. What happened on 5 January 1718 showed it. Dr King led it.", made
    )
    findings = {f.id: f.matched for f in find_evidence(parsed, made, derive_variants(made)) if f.status != "missing"}
    assert (findings["E05"], findings["E06"], findings["E03"]) == ("description", "description", "alias")
