"""A month in a date is no event, and a misspelt side is no evidence."""

import pytest

from analyser.detectors.evidence import find_evidence
from analyser.records import EvidenceItem, JudgementRule, Point, Rubric, Side
from analyser.rubrics.variants import derive_variants
from analyser.text.parsing import parse_essay
from analyser.text.reading import essay_from_text

RUBRIC = Rubric(
    "votes",
    1,
    "en-GB",
    "How similar were the methods of the Suffragettes and of the Chartists?",
    (Side("a", "the Suffragettes"), Side("b", "the Chartists")),
    JudgementRule(""),
    (Point("S1", "similarity", "both marched"),),
    evidence=(
        EvidenceItem("E1", "the March on Washington (1963)"),
        EvidenceItem("E2", "the suffragists"),
        EvidenceItem("E3", "the May events of 1968"),
        EvidenceItem("E4", "October 1917"),
    ),
)
CASES = [
    ("They broke windows in March 1912 and went to prison for it.", set()),
    ("On 4 March they broke windows and went to prison for it.", set()),
    ("Thousands joined the March on Washington and heard him speak.", {"E1"}),
    ("The March on Washington of August 1963 was heard by all.", {"E1"}),
    ("The sufragettes broke windows.", set()),
    ("The sufragists broke no windows.", {"E2"}),
    ("The suffragists broke no windows.", {"E2"}),
    ("In May 1968 the students built barricades.", {"E3"}),
    ("In October 1917 they took over the palace.", {"E4"}),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_found(text, expected):
    parsed = parse_essay(essay_from_text(text), RUBRIC)
    found = find_evidence(parsed, RUBRIC, derive_variants(RUBRIC))
    assert {f.id for f in found if f.status in ("used", "named", "misused")} == expected
