"""Detectors: judgement, criteria, evidence, slips, the shape of the argument. Each file finds one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from analyser.detectors.criteria import find_criteria
from analyser.detectors.evidence import find_evidence
from analyser.detectors.facts import find_slips, find_unlinked
from analyser.detectors.judgement import find_judgement
from analyser.detectors.own_evidence import observe_own_evidence
from analyser.detectors.shape import find_observations
from analyser.detectors.slips.known import with_known
from analyser.records import CriterionFinding, EvidenceFinding, Findings, JudgementFinding, ParsedEssay, Rubric
from analyser.rubrics.variants import EvidenceLexicon, derive_variants


@dataclass(frozen=True, slots=True)
class Lexicons:
    """What the detectors derive from a rubric once."""

    evidence: EvidenceLexicon


def prepare_lexicons(rubric: Rubric) -> Lexicons:
    """Derive what every detector needs from a rubric, and from the model answer beside it."""
    return Lexicons(evidence=with_known(derive_variants(rubric), rubric))


class SecondLook(Protocol):
    """Reads the sentences themselves where the detectors read cues, and settles what both make of them."""

    def settle(
        self, parsed: ParsedEssay, judgement: JudgementFinding, criteria: tuple[CriterionFinding, ...]
    ) -> tuple[JudgementFinding, tuple[CriterionFinding, ...]]: ...

    def settle_evidence(
        self, parsed: ParsedEssay, evidence: tuple[EvidenceFinding, ...]
    ) -> tuple[EvidenceFinding, ...]: ...


def find_all(parsed: ParsedEssay, rubric: Rubric, lexicons: Lexicons, second: SecondLook | None = None) -> Findings:
    """Run every detector on a parsed draft; ``second`` settles judgement, criteria and evidence."""
    judgement = find_judgement(parsed, rubric)
    criteria = find_criteria(parsed, rubric)
    evidence = find_evidence(parsed, rubric, lexicons.evidence)
    if second is not None:
        judgement, criteria = second.settle(parsed, judgement, criteria)
        evidence = second.settle_evidence(parsed, evidence)
    slips = find_slips(parsed, rubric, lexicons.evidence, evidence)
    return Findings(
        judgement=judgement,
        criteria=criteria,
        evidence=evidence,
        slips=slips,
        unlinked_evidence=find_unlinked(parsed, rubric, lexicons.evidence, evidence),
        observations=(
            *find_observations(parsed, rubric, judgement, criteria, evidence),
            *observe_own_evidence(parsed, rubric, lexicons.evidence, slips),
        ),
    )
