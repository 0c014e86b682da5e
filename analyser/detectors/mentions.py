"""Where a draft names the rubric's evidence: one pass over its words, then windows in which a variant's terms meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from analyser.detectors.spelling import meant_words
from analyser.records import MatchedBy, ParsedEssay
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.numbers import Number, find_numbers
from analyser.rubrics.variants import EvidenceLexicon, Posting, Variant
from analyser.rubrics.words import COMMON_SIZE, Word, find_words, is_english, name_forms, particles, sound, stem, tier

# Words over which the terms of a variant may be spread: further when one of them is rare or a name.
WIDE_WINDOW, NARROW_WINDOW = 25, 10
STRONG_WEIGHT = 2.0
# Share of a variant's weight that must be matched (0 to 1), and the least absolute weight. Chosen on five questions.
MENTIONED, PERHAPS = 0.55, 0.4
LEAST_WEIGHT = 1.3
FIGURE_SEEN = 1.5  # weight from which a number is telling
LOWER_CASE_NAME, SENTENCE_START_NAME, NO_CAPITALS_NAME = 0.5, 0.75, 0.75
NEXT_SENTENCE_FACTOR = 0.85
MAX_VERB_GAP = 4  # words between a verb and its particle: "took their party cards away"
# Least share of the weight that must come from the name itself rather than from what qualifies it.
LEAST_CORE = 0.2
# A name that a draft keeps using is what it is about, not a piece of evidence each time: beyond this many uses the
# name alone no longer stands for an item that says more than the name.
MANY_USES = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an item is named, from character ``start`` to ``end``; ``score`` from 0 to 1 and above."""

    item: int
    variant: int
    start: int
    end: int
    sentence_index: int
    score: float
    matched: MatchedBy
    words: frozenset[int]
    terms: frozenset[int]

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


def find_mentions(parsed: ParsedEssay, lexicon: EvidenceLexicon, draft: DraftWords | None = None) -> list[Mention]:
    """Every mention of every item, in the order of the items and then of the text."""
    draft = draft or read_words(parsed)
    hits = _hits(parsed, lexicon, draft)
    found: list[Mention] = []
    by_item: dict[int, list[Mention]] = defaultdict(list)
    for (item, variant), own in hits.items():
        rule = lexicon.items[item].variants[variant]
        weights = {h.term: rule.terms[h.term].weight for h in own}
        if sum(weights.values()) < min(PERHAPS * rule.total, LEAST_WEIGHT):
            continue
        by_item[item] += _windows(item, variant, rule, own, draft)
    for item in sorted(by_item):
        found += _best(by_item[item])
    return _without_shadows(found)


def _hits(parsed: ParsedEssay, lexicon: EvidenceLexicon, draft: DraftWords) -> dict[tuple[int, int], list[_Hit]]:
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
        if word.start in side_at:
            add(i, i, {p: (p.quality, False) for p in lexicon.postings.get(f"side:{side_at[word.start]}", ())})
        add(i, i, lookup(word.key))
        if verb := phrasal.get(stem(word.key)):
            for j in range(i + 1, min(i + 1 + MAX_VERB_GAP, len(draft.words))):
                if (phrase := verb.get(draft.words[j].key)) and draft.sentence[j] == draft.sentence[i]:
                    add(i, j, {p: (p.quality, False) for p in lexicon.postings.get(phrase, ())})
                    break
        if i + 1 < len(draft.words) and draft.sentence[i + 1] == draft.sentence[i]:
            joined = word.key + draft.words[i + 1].key
            if joined in rubric_words or (len(joined) > 6 and sound(joined) in lexicon.vocabulary and not is_english(word.key)):
                add(i, i + 1, lookup(joined))
    return hits


def _windows(item: int, variant: int, rule: Variant, hits: list[_Hit], draft: DraftWords) -> list[Mention]:
    """The windows of words in which enough of a variant's weight is matched."""
    hits.sort(key=lambda h: (h.word, h.term))
    places = {(h.last, h.term) for h in hits} | {(h.word, h.term) for h in hits}
    uses = Counter(h.term for h in hits)
    found = []
    low = 0
    for high, latest in enumerate(hits):
        while hits[low].word < latest.word - WIDE_WINDOW or draft.sentence[hits[low].word] < draft.sentence[latest.word] - 1:
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
        here = [h for h in chosen if draft.sentence[h.word] == draft.sentence[latest.word]]
        score = _score(rule, here, best, uses)
        if len(here) < len(chosen):
            wider = NEXT_SENTENCE_FACTOR * _score(rule, chosen, best, uses)
            if wider > score:
                score, here = wider, chosen
        if score < PERHAPS:
            continue
        found.append(
            Mention(
                item,
                variant,
                draft.words[here[0].word].start,
                max(draft.words[h.last].end for h in here),
                draft.sentence[max(here, key=lambda h: best[h.term][0]).word],
                score,
                "fuzzy" if any(h.is_fuzzy for h in here) else "alias",
                frozenset(w for h in here for w in range(h.word, h.last + 1)),
                frozenset(h.term for h in here),
            )
        )
    return found


def _score(rule: Variant, chosen: list[_Hit], best: Mapping[int, tuple[float, _Hit]], uses: Mapping[int, int]) -> float:
    """How surely the matched terms name the item: 0 to 1, or a little more with its date or qualification."""
    terms = {h.term: rule.terms[h.term] for h in chosen}
    if any(t.is_required and i not in terms for i, t in enumerate(rule.terms)):
        return 0.0
    n_core = sum(t.is_core for t in rule.terms)
    total = rule.total
    core = sum(best[i][0] for i, t in terms.items() if t.is_core)
    weight = sum(best[i][0] for i in terms)
    if core < LEAST_CORE * total or weight < min(LEAST_WEIGHT, 0.75 * total):
        return 0.0
    score = weight / total
    keys = [i for i, t in terms.items() if t.is_key and best[i][0] >= 0.85 * t.weight]
    figures = [i for i, t in terms.items() if t.kind == "number" and t.is_core and t.weight >= FIGURE_SEEN]
    if len(figures) > 1 or (figures and len(terms) > 1 and n_core > 1):
        score = max(score, MENTIONED)
    if n_core > 1 and len(terms) == 1:
        only = next(iter(terms))
        if not keys or uses[only] > MANY_USES:
            return min(score, MENTIONED - 0.01)
        n_keys = sum(t.is_key for t in rule.terms)
        return max(score, MENTIONED) if n_keys == 1 and not terms[only].is_owner else min(score, MENTIONED - 0.01)
    return score if score >= rule.threshold else min(score, MENTIONED - 0.01)


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
    for mention in sorted(mentions, key=lambda m: (-min(m.score, 1.0), -len(m.words), m.start)):
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
        rivals = [m for m in by_word[first] if m.item != mention.item and m.words > mention.words and m.score >= mention.score]
        if mention.score >= 0.99 or not rivals:
            kept.append(mention)
    return kept
