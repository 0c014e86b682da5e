"""Which of the rubric's evidence a draft brings in, and whether it is used, only named, or misused."""

from __future__ import annotations

from analyser.detectors.facts import check_facts
from analyser.detectors.mentions import MENTIONED, read_mentions
from analyser.detectors.own_evidence import find_own_evidence
from analyser.detectors.use import USED, average, mention_features, use_probability
from analyser.detectors.windows import Mention
from analyser.records import EvidenceFinding, EvidenceStatus, ParsedEssay, Quote, Rubric
from analyser.rubrics.variants import EvidenceLexicon

__all__ = ["find_evidence", "find_own_evidence"]

MAX_QUOTES = 8  # mentions quoted of one item


def find_evidence(parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon) -> tuple[EvidenceFinding, ...]:
    """One finding for every item of the rubric, in its order."""
    _, mentions = read_mentions(parsed, lexicon)
    wrong = {slip.evidence: slip.quote for slip in check_facts(parsed, lexicon)}
    certain = [m for m in mentions if m.score >= MENTIONED]
    by_item = mention_features(certain, parsed, rubric, lexicon)
    doubtful: dict[int, list[Mention]] = {}
    for mention in mentions:
        doubtful.setdefault(mention.item, []).append(mention)
    found = []
    for index, item in enumerate(lexicon.items):
        if scored := by_item.get(index):
            found.append(_named(item.id, scored, parsed, is_wrong=item.id in wrong))
        elif item.id in wrong:  # known by what is wrong about it alone
            found.append(EvidenceFinding(item.id, "misused", MENTIONED, (wrong[item.id],)))
        elif possible := doubtful.get(index):
            possible.sort(key=lambda m: (-m.score, m.start))
            quotes = tuple(_quote(m, parsed) for m in possible[:MAX_QUOTES])
            found.append(EvidenceFinding(item.id, "unsure", round(possible[0].score, 3), quotes, possible[0].matched))
        else:
            found.append(EvidenceFinding(item.id, "missing", 1.0))
    return tuple(found)


def _named(
    item_id: str, scored: list[tuple[Mention, tuple[float, ...]]], parsed: ParsedEssay, *, is_wrong: bool
) -> EvidenceFinding:
    """The finding for an item that is certainly there; the mentions that do most are quoted first."""
    status: EvidenceStatus = (
        "misused" if is_wrong else "used" if use_probability(average([f for _, f in scored])) >= USED else "named"
    )
    order = sorted(scored, key=lambda pair: (-round(pair[0].score * use_probability(pair[1]), 2), pair[0].start))
    confidence = max(m.score for m, _ in scored)
    quotes = tuple(_quote(m, parsed) for m, _ in order[:MAX_QUOTES])
    return EvidenceFinding(item_id, status, round(confidence, 3), quotes, order[0][0].matched)


def _quote(mention: Mention, parsed: ParsedEssay) -> Quote:
    return parsed.essay.quote(mention.start, mention.end)
