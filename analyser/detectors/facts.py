"""Facts that the rubric knows better (slips), and facts dropped in with nothing said about what they show."""

from __future__ import annotations

from analyser.records import EvidenceFinding, ParsedEssay, Rubric, Slip, UnlinkedEvidence
from analyser.rubrics.variants import EvidenceLexicon


def find_slips(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[Slip, ...]:
    """Facts that are certainly not as the rubric has them."""
    return ()


def find_unlinked(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, evidence: tuple[EvidenceFinding, ...]
) -> tuple[UnlinkedEvidence, ...]:
    """Evidence that is only named, with the words that name it."""
    return tuple(UnlinkedEvidence(e.id, e.quotes[0]) for e in evidence if e.status == "named" and e.quotes)
