"""Which of the rubric's evidence a draft brings in, and whether it is used, only named, or misused."""

from __future__ import annotations

from analyser.detectors.mentions import MENTIONED, PERHAPS, Mention, find_mentions
from analyser.detectors.use import USED, mention_features, use_probability
from analyser.records import EvidenceFinding, EvidenceStatus, ParsedEssay, Quote, Rubric
from analyser.rubrics.variants import EvidenceLexicon

MAX_QUOTES = 8  # mentions quoted of one item


def find_evidence(parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon) -> tuple[EvidenceFinding, ...]:
    """One finding for every item of the rubric, in its order."""
    mentions = find_mentions(parsed, lexicon)
    by_item = mention_features(mentions, parsed, rubric, lexicon)
    found = []
    for index, item in enumerate(lexicon.items):
        scored = [(m, use_probability(f)) for m, f in by_item.get(index, [])]
        found.append(_finding(item.id, scored, parsed))
    return tuple(found)


def _finding(item_id: str, scored: list[tuple[Mention, float]], parsed: ParsedEssay) -> EvidenceFinding:
    certain = [(m, p) for m, p in scored if m.score >= MENTIONED]
    if not certain:
        doubtful = sorted((m for m, _ in scored if m.score >= PERHAPS), key=lambda m: -m.score)
        if not doubtful:
            return EvidenceFinding(item_id, "missing", 1.0)
        quotes = tuple(_quote(m, parsed) for m in doubtful[:MAX_QUOTES])
        return EvidenceFinding(item_id, "unsure", doubtful[0].score, quotes, doubtful[0].matched)
    certain.sort(key=lambda pair: (-(pair[1] >= USED), -pair[0].score * max(pair[1], 0.5), pair[0].start))
    best = max(p for _, p in certain)
    status: EvidenceStatus = "used" if best >= USED else "named"
    confidence = max(m.score for m, _ in certain)
    quotes = tuple(_quote(m, parsed) for m, _ in certain[:MAX_QUOTES])
    return EvidenceFinding(item_id, status, round(confidence, 3), quotes, certain[0][0].matched)


def _quote(mention: Mention, parsed: ParsedEssay) -> Quote:
    return parsed.essay.quote(mention.start, mention.end)
