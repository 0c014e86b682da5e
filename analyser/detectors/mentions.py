"""Where a draft names the rubric's evidence: one pass over its words, then windows in which a variant's terms meet."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analyser.detectors.logistic import load_logistic
from analyser.detectors.spelling import meant_words
from analyser.records import MatchedBy, ParsedEssay
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.numbers import ROUNDING, Number, find_numbers, is_same_figure
from analyser.rubrics.variants import KIND, EvidenceLexicon, Posting, Variant, phrase_key
from analyser.rubrics.words import (
    COMMON_SIZE,
    Word,
    find_words,
    fold,
    is_country,
    is_english,
    name_forms,
    particles,
    sound,
    stem,
    tier,
)

# Words over which the terms of a variant may be spread: further when one of them is rare or a name.
WIDE_WINDOW, NARROW_WINDOW = 25, 10
STRONG_WEIGHT = 2.0
# Probability from which an item counts as mentioned, and from which it is worth a second look (0 to 1). The logistic
# weights were fitted on labelled drafts (cues/evidence_model.toml); one half is the point of least total error.
MENTIONED, PERHAPS = 0.5, 0.25
LEAST_SHARE = 0.12  # share of a variant's weight below which a window is not looked at
LOWER_CASE_NAME, SENTENCE_START_NAME, NO_CAPITALS_NAME = 0.5, 0.75, 0.75  # quality of a name of ordinary words
MAX_VERB_GAP = 4  # words between a verb and its particle: "took their party cards away"
KIND_DISTANCE = 8  # words within which another word for the same kind of event must stand
UNSHADOWED = 0.9  # probability from which a mention stands beside a fuller one of another item
ROUNDED = 0.9  # quality of a figure that is the rubric's rounded
WHOLE = 0.95
SOME = 0.4  # share that a single word must have to stand for a name of several
LEAST_ALONE = 0.75  # and its least weight
TELLING_NUMBER = 1.5  # weight from which a number tells
TRUE_QUALITY = 0.85  # quality from which a term is matched in its own right


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an item is named, from character ``start`` to ``end``; ``score`` is the probability that it is."""

    item: int
    variant: int
    start: int
    end: int
    sentence_index: int
    score: float
    matched: MatchedBy
    words: frozenset[int]
    terms: frozenset[int]
    features: tuple[float, ...] = ()

    @property
    def is_certain(self) -> bool:
        return self.score >= MENTIONED


@dataclass(frozen=True, slots=True)
class DraftWords:
    """The words of a draft inside its sentences, with the numbers and dates among them."""

    words: tuple[Word, ...]
    sentence: tuple[int, ...]  # of each word; -1 outside the essay's sentences
    starts: frozenset[int]  # words that open a sentence
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    has_capitals: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    word: int
    last: int
    term: int
    quality: float
    is_soft: bool
    is_fuzzy: bool


def read_words(parsed: ParsedEssay) -> DraftWords:
    """The draft's words, numbers and dates."""
    text = parsed.essay.text
    words = find_words(text)
    sentence, starts = [], set()
    index = 0
    for i, word in enumerate(words):
        while index < len(parsed.sentences) and parsed.sentences[index].end <= word.start:
            index += 1
        inside = index < len(parsed.sentences) and parsed.sentences[index].start <= word.start
        sentence.append(index if inside else -1)
        if inside and (i == 0 or sentence[i - 1] != index):
            starts.add(i)
    n_capitals = sum(w.is_capital for i, w in enumerate(words) if i not in starts and len(w.key) > 1)
    return DraftWords(
        tuple(words),
        tuple(sentence),
        frozenset(starts),
        tuple(find_numbers(text, words)),
        tuple(find_dates(text)),
        has_capitals=n_capitals * 100 >= len(words),
    )


@lru_cache(maxsize=1)
def read_mentions(parsed: ParsedEssay, lexicon: EvidenceLexicon) -> tuple[DraftWords, tuple[Mention, ...]]:
    """The draft's words and mentions; kept for the last draft, since evidence and facts both start from them."""
    draft = read_words(parsed)
    return draft, tuple(find_mentions(parsed, lexicon, draft))


def find_mentions(parsed: ParsedEssay, lexicon: EvidenceLexicon, draft: DraftWords | None = None) -> list[Mention]:
    """Every mention of every item, in the order of the items and then of the text."""
    draft = draft or read_words(parsed)
    hits = find_hits(parsed, lexicon, draft)
    found: list[Mention] = []
    by_item: dict[int, list[Mention]] = defaultdict(list)
    for (item, variant), own in hits.items():
        rule = lexicon.items[item].variants[variant]
        by_item[item] += find_windows(item, variant, rule, own, draft)
    for item in sorted(by_item):
        found += _best([m for m in by_item[item] if m.score >= PERHAPS])
    return _without_shadows(found)


def find_hits(parsed: ParsedEssay, lexicon: EvidenceLexicon, draft: DraftWords) -> dict[tuple[int, int], list[_Hit]]:
    """The words of the draft that may stand for a term, by item and variant."""
    text = parsed.essay.text
    hits: dict[tuple[int, int], list[_Hit]] = defaultdict(list)
    sounds = tuple(lexicon.vocabulary)
    rubric_words = frozenset(w for words in lexicon.vocabulary.values() for w in words)
    keys_in_draft = {w.key for w in draft.words}
    exact = rubric_words & keys_in_draft
    stems = frozenset(stem(w) for w in rubric_words)
    memo: dict[str, dict[Posting, tuple[float, bool]]] = {}

    def lookup(key: str) -> dict[Posting, tuple[float, bool]]:
        """The postings of a word, with quality and whether it was read as a misspelling."""
        if key not in memo:
            found: dict[Posting, tuple[float, bool]] = {}
            forms = {key, stem(key)}
            if tier(key) > COMMON_SIZE:
                forms |= name_forms(key)
            for form in forms:
                for posting in lexicon.postings.get(form, ()):
                    found.setdefault(posting, (posting.quality, False))
            if not found:
                for word, quality in meant_words(key, lexicon.vocabulary, sounds, exact):
                    for posting in lexicon.postings.get(word, ()):
                        found.setdefault(posting, (quality * posting.quality, True))
            memo[key] = found
        return memo[key]

    def add(first: int, last: int, found: Mapping[Posting, tuple[float, bool]]) -> None:
        for posting, (quality, is_fuzzy) in found.items():
            term = lexicon.items[posting.item].variants[posting.variant].terms[posting.term]
            is_soft = False
            if term.is_common:
                word = draft.words[first]
                if not draft.has_capitals:
                    quality, is_soft = quality * NO_CAPITALS_NAME, True
                elif not word.is_capital:
                    quality, is_soft = quality * LOWER_CASE_NAME, True
                elif first in draft.starts:
                    quality, is_soft = quality * SENTENCE_START_NAME, True
            hits[posting.item, posting.variant].append(_Hit(first, last, posting.term, quality, is_soft, is_fuzzy))

    phrasal = particles()
    numbers = {n.first_word: n for n in draft.numbers}
    dates = {}
    position = 0
    for date in draft.dates:
        while position < len(draft.words) and draft.words[position].start < date.start:
            position += 1
        dates[position] = date
    side_at = {}
    if lexicon.sides is not None:
        side_at = {start: key for start, _, key in lexicon.sides.mentions(text)}
    for i, word in enumerate(draft.words):
        if draft.sentence[i] < 0:
            continue
        if date := dates.get(i):
            last = i
            while last + 1 < len(draft.words) and draft.words[last + 1].start < date.end:
                last += 1
            keys = [f"@{y}" for y in list(date.years)[:10]] if date.precision != "decade" else []
            if date.precision in ("day", "month"):
                keys.append(f"@{date.first[0]}-{date.first[1]}")
            for key in keys:
                add(i, last, {p: (p.quality, False) for p in lexicon.postings.get(key, ())})
        if number := numbers.get(i):
            add(i, number.last_word - 1, {p: (p.quality, False) for p in lexicon.postings.get(number.key, ())})
            for value in _rounded(number, lexicon.figures):
                found = lexicon.postings.get(f"#{value:.10g}", ())
                add(i, number.last_word - 1, {p: (ROUNDED * p.quality, False) for p in found})
        if word.start in side_at:
            add(i, i, {p: (p.quality, False) for p in lexicon.postings.get(f"side:{side_at[word.start]}", ())})
        add(i, i, lookup(word.key))
        for phrase in lexicon.phrases.get(word.key, ()):
            if tuple(w.key for w in draft.words[i : i + len(phrase)]) == phrase:
                found = lexicon.postings.get(phrase_key(phrase), ())
                add(i, i + len(phrase) - 1, {p: (p.quality, False) for p in found})
        if verb := phrasal.get(stem(word.key)):
            for j in range(i + 1, min(i + 1 + MAX_VERB_GAP, len(draft.words))):
                if (phrase := verb.get(draft.words[j].key)) and draft.sentence[j] == draft.sentence[i]:
                    add(i, j, {p: (p.quality, False) for p in lexicon.postings.get(phrase, ())})
                    break
        if i + 1 < len(draft.words) and draft.sentence[i + 1] == draft.sentence[i]:
            joined = word.key + draft.words[i + 1].key
            if joined in rubric_words or (
                len(joined) > 6 and sound(joined) in lexicon.vocabulary and not is_english(word.key)
            ):
                add(i, i + 1, lookup(joined))
    return hits


def _rounded(number: Number, figures: tuple[float, ...]) -> list[float]:
    """The rubric's figures that a number of the draft may be a rounding of."""
    low = bisect_left(figures, number.value * (1 - ROUNDING))
    high = bisect_right(figures, number.value / (1 - ROUNDING))
    return [f for f in figures[low:high] if f != number.value and is_same_figure(f, number.value)]


def find_windows(item: int, variant: int, rule: Variant, hits: list[_Hit], draft: DraftWords) -> list[Mention]:
    """The windows of words in which terms of a variant meet, with the probability that they name the item."""
    hits.sort(key=lambda h: (h.word, h.term))
    places = {(h.last, h.term) for h in hits} | {(h.word, h.term) for h in hits}
    uses = Counter(h.term for h in hits)
    total = rule.total
    found = []
    low = 0
    for high, latest in enumerate(hits):
        while (
            hits[low].word < latest.word - WIDE_WINDOW
            or draft.sentence[hits[low].word] < draft.sentence[latest.word] - 1
        ):
            low += 1
        best: dict[int, tuple[float, _Hit]] = {}
        for hit in hits[low : high + 1]:
            weight = rule.terms[hit.term].weight * _quality(hit, places)
            # Nearer hits win ties: they come later.
            if hit.term not in best or weight >= best[hit.term][0]:
                best[hit.term] = (weight, hit)
        if best[latest.term][1] is not latest:
            continue
        chosen = sorted((h for _, h in best.values()), key=lambda h: h.word)
        if max(rule.terms[h.term].weight for h in chosen) < STRONG_WEIGHT:
            chosen = [h for h in chosen if latest.word - h.word <= NARROW_WINDOW]
        anchor = max(chosen, key=lambda h: best[h.term][0])
        chosen = [h for h in chosen if h.quality > KIND or abs(h.word - anchor.word) <= KIND_DISTANCE]
        if latest not in chosen or sum(best[h.term][0] for h in chosen) < LEAST_SHARE * total:
            continue
        here = [h for h in chosen if draft.sentence[h.word] == draft.sentence[latest.word]]
        for group in [here] if len(here) == len(chosen) else [here, chosen]:
            weights = {h.term: best[h.term][0] for h in group}
            if not _is_possible(rule, group, weights):
                continue
            features = _features(rule, group, weights, uses, draft)
            core = [h for h in group if rule.terms[h.term].is_core] or group
            found.append(
                Mention(
                    item,
                    variant,
                    draft.words[core[0].word].start,
                    max(draft.words[h.last].end for h in core),
                    draft.sentence[max(core, key=lambda h: best[h.term][0]).word],
                    probability(features),
                    "fuzzy" if any(h.is_fuzzy for h in group) else "alias",
                    frozenset(w for h in group for w in range(h.word, h.last + 1)),
                    frozenset(h.term for h in group),
                    features,
                )
            )
    return found


def _is_possible(rule: Variant, chosen: list[_Hit], weights: Mapping[int, float]) -> bool:
    """What no probability may outweigh: a date alone, half a name, one ordinary word of several name nothing."""
    terms = {h.term: rule.terms[h.term] for h in chosen}
    core = {i: t for i, t in terms.items() if t.is_core and t.kind != "side"}
    if all(t.kind == "year" and not t.is_core for t in terms.values()):
        return False
    if any(t.is_required and not _stands_by(i, chosen) for i, t in enumerate(rule.terms)):
        return False
    if not any(t.is_unique for t in terms.values()) and sum(weights[i] for i in core) < WHOLE * rule.total:
        owners = [t.owners for t in terms.values() if t.owners]
        if owners and len(frozenset.intersection(*owners)) > 1:
            return False
    if rule.source == "acronym" and not any(weights[i] >= TRUE_QUALITY * t.weight for i, t in core.items()):
        return False
    if len(terms) > 1:
        return True
    ((only, term),) = terms.items()
    if weights[only] < TRUE_QUALITY * term.weight:
        return False
    rest = sum(t.weight for t in rule.terms if t.is_core and t.kind != "side") - term.weight
    if term.is_key or rest == 0:
        return True
    return not term.is_owner and weights[only] >= max(LEAST_ALONE, SOME * (rest + term.weight))


FEATURES = (
    "share", "core_share", "weight", "total", "unique_weight", "name_weight", "n_core", "n_matched", "is_single",
    "is_single_of_many", "has_key", "is_key_alone", "has_number", "has_numbers", "has_own_year", "has_year",
    "least_quality", "n_of_kind", "spread", "lacks_required", "lacking_names", "lacking_words", "uses", "is_bracket",
    "is_acronym", "has_side", "has_nothing_own", "word_weight", "is_next_sentence", "has_word_pair",
    "lone_weight", "lone_share", "is_lone_country", "lone_uses",
)  # fmt: skip


def _features(
    rule: Variant, chosen: list[_Hit], weights: Mapping[int, float], uses: Mapping[int, int], draft: DraftWords
) -> tuple[float, ...]:
    """What speaks for and against a window: the numbers behind its probability, in the order of FEATURES."""
    terms = {h.term: rule.terms[h.term] for h in chosen}
    quality = {i: weights[i] / t.weight for i, t in terms.items()}
    total, weight = rule.total, sum(weights[i] for i in terms)
    n_core = sum(t.is_core for t in rule.terms)
    own = [weights[i] for i, t in terms.items() if t.is_unique]
    names = [weights[i] for i, t in terms.items() if t.kind == "name" and t.is_unique and not t.is_owner]
    words = sorted((weights[i] for i, t in terms.items() if t.kind == "word"), reverse=True)
    lacking = [t for i, t in enumerate(rule.terms) if t.is_core and i not in terms]
    lacking_names = sum(t.weight for t in lacking if t.kind == "name" and not t.is_owner)
    keys = [i for i, t in terms.items() if t.is_key and quality[i] >= TRUE_QUALITY]
    n_numbers = sum(t.kind == "number" and t.is_core and t.weight >= TELLING_NUMBER for t in terms.values())
    first, last = min(h.word for h in chosen), max(h.last for h in chosen)
    top = max(terms, key=lambda i: weights[i])
    is_single_of_many = len(terms) == 1 and n_core > 1
    pairs = {(h.term, h.last) for h in chosen}
    return (
        weight / total,
        sum(weights[i] for i, t in terms.items() if t.is_core) / total,
        math.log1p(weight),
        math.log1p(total),
        math.log(max(own, default=0.1)),
        max(names, default=0.0),
        float(n_core),
        float(len(terms)),
        float(len(terms) == 1),
        float(is_single_of_many),
        float(bool(keys)),
        float(bool(keys) and is_single_of_many),
        float(n_numbers > 0),
        float(n_numbers > 1),
        float(any(t.kind == "year" and t.is_unique for t in terms.values())),
        float(any(t.kind == "year" for t in terms.values())),
        min(quality.values()),
        float(sum(quality[i] <= KIND + 0.05 and t.kind == "word" for i, t in terms.items())),
        math.log((last - first + 1) / len(terms)),
        float(any(t.is_required and not _stands_by(i, chosen) for i, t in enumerate(rule.terms))),
        lacking_names,
        sum(t.weight for t in lacking) - lacking_names,
        math.log(uses[top]),
        float(rule.source == "bracket"),
        float(rule.source == "acronym"),
        float(any(t.kind == "side" for t in terms.values())),
        float(not own and not all(t.is_unique for t in rule.terms if t.is_core)),
        sum(words[:2]),
        float(draft.sentence[first] != draft.sentence[last]),
        float(any((h.term - 1, h.word - step) in pairs for h in chosen for step in (1, 2))),
        weight if is_single_of_many else 0.0,
        weight / total if is_single_of_many else 0.0,
        float(is_single_of_many and terms[top].kind == "name" and is_country(fold(terms[top].text))),
        math.log(uses[top]) if is_single_of_many else 0.0,
    )


def probability(features: tuple[float, ...]) -> float:
    """The probability that a window names its item."""
    return load_logistic("mentioned", FEATURES).probability(features)


def _stands_by(index: int, chosen: list[_Hit]) -> bool:
    """Whether a required term is there, right before or after the rest of the name."""
    own = next((h for h in chosen if h.term == index), None)
    return own is not None and any(
        h is not own and min(abs(h.word - own.last), abs(own.word - h.last)) <= 2 for h in chosen
    )


def _quality(hit: _Hit, places: set[tuple[int, int]]) -> float:
    """A name of ordinary words typed in lower case counts in full where the words of the name stand together."""
    if not hit.is_soft:
        return hit.quality
    for step in (1, 2):
        if (hit.word - step, hit.term - 1) in places or (hit.last + step, hit.term + 1) in places:
            return max(hit.quality, 0.95)
    return hit.quality


def _best(mentions: list[Mention]) -> list[Mention]:
    """The best mentions of one item that do not overlap, in the order of the text."""
    taken: list[Mention] = []
    used: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (-m.score, m.start)):
        if used.isdisjoint(mention.words):
            taken.append(mention)
            used |= mention.words
    return sorted(taken, key=lambda m: m.start)


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
        if not rivals or mention.score >= UNSHADOWED:
            kept.append(mention)
    return kept
