"""Whether a mentioned piece of evidence is put to use for a claim, or only told or listed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyser.detectors.logistic import load_logistic
from analyser.detectors.windows import Mention
from analyser.records import ParsedEssay, Rubric
from analyser.rubrics.dates import find_dates
from analyser.rubrics.names import stopwords
from analyser.rubrics.variants import EvidenceLexicon
from analyser.rubrics.words import find_words, load_cues, stem

GROUPS = ("reason", "comparison", "evaluation", "telling", "listing")
# Probability from which a mention counts as used (0 to 1): four in five are, so that one half calls far too many used;
# best kappa on five of the labelled questions; near the best on the drafts of the fit, each judged by others' weights.
USED = 0.7
MAX_MENTIONS = 40  # of one item; an item named more often is judged by the first ones
MANY = 4  # further cues in one sentence add nothing

# The number and length of paragraphs are left out on purpose: they tell one set of drafts from another, not use.
MENTION_FEATURES = (
    "reason", "comparison", "evaluation", "telling", "listing", "reason_next", "reason_before", "comparison_near",
    "evaluation_near", "telling_near", "topic_words", "topic_near", "two_sides", "two_sides_near", "n_words",
    "is_short", "n_items", "n_mentions", "essay_reason", "essay_comparison", "essay_evaluation", "essay_telling",
    "paragraph_reason", "paragraph_comparison", "paragraph_two_sides", "starts_with_date", "is_question",
    "is_first_sentence", "is_last_sentence", "topic_essay",
)  # fmt: skip
# The means over the draft's items come with them: a student who argues puts most of what she names to use.
USE_FEATURES = (*MENTION_FEATURES, *(f"mean_{feature}" for feature in MENTION_FEATURES))


@dataclass(frozen=True, slots=True)
class SentenceCues:
    """What stands in each sentence of a draft: counts of cues by group, words of the rubric's points, sides."""

    counts: tuple[tuple[int, ...], ...]
    n_words: tuple[int, ...]
    n_topic: tuple[int, ...]
    n_sides: tuple[int, ...]
    is_question: tuple[bool, ...]
    is_dated: tuple[bool, ...]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = load_cues("linking.toml")
    return tuple(_pattern(data[group]["phrases"]) for group in GROUPS)


def _pattern(phrases: str) -> re.Pattern[str]:
    entries = sorted((" ".join(p.split()) for p in phrases.split("|")), key=len, reverse=True)
    parts = [re.escape(e).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for e in entries if e]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.I)


def topic_stems(rubric: Rubric) -> frozenset[str]:
    """Stems of the content words of the rubric's points and criteria: the vocabulary of its claims."""
    text = " ".join([*(p.statement for p in rubric.points), *(c.statement for c in rubric.criteria)])
    names = {stem(w.key) for item in rubric.evidence for w in find_words(item.name)}
    names |= {stem(w.key) for side in rubric.sides for w in find_words(side.name)}
    return frozenset({stem(w.key) for w in find_words(text) if w.key not in stopwords()} - names)


def read_cues(parsed: ParsedEssay, rubric: Rubric) -> SentenceCues:
    """Count the cues of every sentence."""
    text = parsed.essay.text
    topic = topic_stems(rubric)
    sides: list[set[str]] = [set() for _ in parsed.sentences]
    for unit in parsed.units:
        sides[unit.sentence_index] |= unit.sides
    counts, n_words, n_topic, questions, dated = [], [], [], [], []
    for sentence in parsed.sentences:
        part = text[sentence.start : sentence.end]
        counts.append(tuple(min(MANY, len(p.findall(part))) for p in _patterns()))
        words = find_words(part)
        n_words.append(len(words))
        n_topic.append(min(MANY, len({stem(w.key) for w in words} & topic)))
        questions.append("?" in part)
        dated.append(any(d.start < 12 for d in find_dates(part[:40])))
    return SentenceCues(
        tuple(counts), tuple(n_words), tuple(n_topic), tuple(len(s) for s in sides), tuple(questions), tuple(dated)
    )


def use_features(
    mention: Mention, parsed: ParsedEssay, cues: SentenceCues, n_items: int, n_mentions: int
) -> tuple[float, ...]:
    """What speaks for and against a mention being put to use, in the order of MENTION_FEATURES."""
    index = mention.sentence_index
    block = parsed.sentences[index].block_index
    first = index
    while first > 0 and parsed.sentences[first - 1].block_index == block:
        first -= 1
    last = index
    while last + 1 < len(parsed.sentences) and parsed.sentences[last + 1].block_index == block:
        last += 1
    counts = cues.counts
    n = len(counts)
    here = counts[index]
    before = counts[index - 1] if index > first else (0,) * len(GROUPS)
    after = counts[index + 1] if index < last else (0,) * len(GROUPS)
    paragraph = range(first, last + 1)
    size = len(paragraph)
    near = [i for i in (index - 1, index + 1) if first <= i <= last]
    return (
        *(float(c) for c in here),
        float(after[0] > 0),
        float(before[0] > 0),
        float(before[1] + after[1]),
        float(before[2] + after[2]),
        float(before[3] + after[3]),
        float(cues.n_topic[index]),
        float(sum(cues.n_topic[i] for i in near)),
        float(cues.n_sides[index] > 1),
        float(any(cues.n_sides[i] > 1 for i in near)),
        math.log1p(cues.n_words[index]),
        float(cues.n_words[index] < 12),
        math.log1p(n_items),
        math.log1p(n_mentions),
        sum(c[0] > 0 for c in counts) / n,
        sum(c[1] > 0 for c in counts) / n,
        sum(min(c[2], 2) for c in counts) / n,
        sum(c[3] > 0 for c in counts) / n,
        sum(counts[i][0] > 0 for i in paragraph) / size,
        sum(counts[i][1] > 0 for i in paragraph) / size,
        sum(cues.n_sides[i] > 1 for i in paragraph) / size,
        float(cues.is_dated[index]),
        float(cues.is_question[index]),
        float(index == first),
        float(index == last),
        sum(t > 0 for t in cues.n_topic) / n,
    )


def average(mentions: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The mean features of an item's mentions."""
    return tuple(sum(column) / len(mentions) for column in zip(*mentions, strict=True))


def use_probability(features: tuple[float, ...]) -> float:
    """The probability that evidence with these features is put to use."""
    return load_logistic("used", USE_FEATURES).probability(features)


def mention_features(
    mentions: list[Mention], parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon
) -> dict[int, list[tuple[Mention, tuple[float, ...]]]]:
    """For each item, its mentions with their features of use, in the order of USE_FEATURES."""
    cues = read_cues(parsed, rubric)
    items_by_sentence: dict[int, set[int]] = {}
    n_mentions: dict[int, int] = {}
    for mention in mentions:
        items_by_sentence.setdefault(mention.sentence_index, set()).add(mention.item)
        n_mentions[mention.item] = n_mentions.get(mention.item, 0) + 1
    found: dict[int, list[tuple[Mention, tuple[float, ...]]]] = {}
    for mention in mentions:
        if len(found.get(mention.item, ())) >= MAX_MENTIONS:
            continue
        n_items = len(items_by_sentence[mention.sentence_index])
        features = use_features(mention, parsed, cues, n_items, n_mentions[mention.item])
        found.setdefault(mention.item, []).append((mention, features))
    if not found:
        return found
    means = average([average([features for _, features in scored]) for scored in found.values()])
    return {item: [(mention, features + means) for mention, features in scored] for item, scored in found.items()}
