"""Facts that the rubric knows better (slips), and facts dropped in with nothing said about what they show.

A slip is claimed only where the rubric or its model answer states the fact, the draft ties another date, number, person
or side to the same thing in so many words, and nothing in the draft speaks for another reading. A fact that they do not
know is never a slip.
"""

from __future__ import annotations

from functools import lru_cache

from analyser.detectors.slips.dates import date_slips, day_slips, near_date_slips
from analyser.detectors.slips.makers import maker_slips, name_slips
from analyser.detectors.slips.numbers import number_slips
from analyser.detectors.slips.reading import read_facts
from analyser.detectors.slips.said import quotation_slips
from analyser.detectors.slips.sides import side_slips
from analyser.detectors.slips.slots import slot_slips
from analyser.records import EvidenceFinding, ParsedEssay, Rubric, Slip, UnlinkedEvidence
from analyser.rubrics.variants import EvidenceLexicon

CHECKS = (
    date_slips,
    day_slips,
    near_date_slips,
    number_slips,
    side_slips,
    name_slips,
    slot_slips,
    maker_slips,
    quotation_slips,
)


def find_slips(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[Slip, ...]:
    """Facts that are certainly not as the rubric has them, in the order of the text; one a quote and item."""
    return check_facts(parsed, lexicon)


def find_unlinked(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[UnlinkedEvidence, ...]:
    """Evidence that is only named, with the words that name it."""
    return tuple(UnlinkedEvidence(e.id, e.quotes[0]) for e in evidence if e.status == "named" and e.quotes)


@lru_cache(maxsize=1)
def check_facts(parsed: ParsedEssay, lexicon: EvidenceLexicon) -> tuple[Slip, ...]:
    """Check the dates, numbers, sides and people tied to every certain mention; kept for the last draft."""
    reading = read_facts(parsed, lexicon)
    found: dict[tuple[str, str], Slip] = {}
    for check in CHECKS:
        for slip in check(reading):
            found.setdefault((slip.evidence, slip.kind), slip)
    return tuple(sorted(found.values(), key=lambda s: s.quote.start))
