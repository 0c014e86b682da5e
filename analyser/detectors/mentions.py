"""Where a draft names the rubric's evidence: the best windows of every item, each word used once an item."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from analyser.detectors.hits import DraftWords, find_hits, read_words
from analyser.detectors.windows import FEATURES, WHOLE, Mention, find_windows
from analyser.records import ParsedEssay
from analyser.rubrics.variants import EvidenceLexicon

# Probability from which an item counts as mentioned, and from which it is worth a second look (0 to 1). The logistic
# weights were fitted on labelled drafts (cues/evidence_model.toml); one half is the point of least total error, and of
# the items between the two, two in five are there (29 of 71 on the 57 labelled questions).
MENTIONED, PERHAPS = 0.5, 0.35
CORE_SHARE = FEATURES.index("core_share")
UNSHADOWED = 0.9  # probability from which a mention stands beside a fuller one of another item


@lru_cache(maxsize=1)
def read_mentions(parsed: ParsedEssay, lexicon: EvidenceLexicon) -> tuple[DraftWords, tuple[Mention, ...]]:
    """The draft's words and mentions; kept for the last draft, since evidence and facts both start from them."""
    draft = read_words(parsed)
    return draft, tuple(find_mentions(parsed, lexicon, draft))


def find_mentions(parsed: ParsedEssay, lexicon: EvidenceLexicon, draft: DraftWords | None = None) -> list[Mention]:
    """Every mention of every item, in the order of the items and then of the text."""
    draft = draft or read_words(parsed)
    hits = find_hits(draft, lexicon, parsed.essay.text)
    found: list[Mention] = []
    by_item: dict[int, list[Mention]] = defaultdict(list)
    for (item, variant), own in hits.items():
        rule = lexicon.items[item].variants[variant]
        by_item[item] += find_windows(item, variant, rule, own, draft)
    for item in sorted(by_item):
        found += _best([m for m in by_item[item] if m.score >= PERHAPS])
    return _without_shadows(found)


def _best(mentions: list[Mention]) -> list[Mention]:
    """The best mentions of one item that do not overlap, in the order of the text."""
    taken: list[Mention] = []
    used: set[int] = set()
    # Of windows that are all but certain the fullest counts: dates and numbers are held against the whole name.
    for mention in sorted(mentions, key=_rank):
        if used.isdisjoint(mention.words):
            taken.append(mention)
            used |= mention.words
    return sorted(taken, key=lambda m: m.start)


def _rank(mention: Mention) -> tuple[float, ...]:
    return (-min(mention.score, UNSHADOWED), -round(mention.features[CORE_SHARE], 2), -mention.score, mention.start)


def _without_shadows(mentions: list[Mention]) -> list[Mention]:
    """Leave out mentions whose words all serve a fuller mention of another item ("Trial of the 17" under 16)."""
    by_word: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for word in mention.words:
            by_word[word].append(mention)
    kept = []
    for mention in mentions:
        first = next(iter(mention.words))
        rivals = [
            m for m in by_word[first] if m.item != mention.item and m.words > mention.words and m.score >= mention.score
        ]
        is_whole = mention.features[CORE_SHARE] >= WHOLE
        if not rivals or is_whole or mention.score >= UNSHADOWED:
            kept.append(mention)
    return kept
