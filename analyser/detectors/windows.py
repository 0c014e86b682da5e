"""Windows of words in which the terms of a variant meet, with the probability that they name the item."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from analyser.detectors.hits import DraftWords, Hit
from analyser.detectors.logistic import load_logistic
from analyser.records import MatchedBy
from analyser.rubrics.names import calendar, forenames, stopwords, titles
from analyser.rubrics.variants import FREQUENT, FREQUENT_SIZE, KIND, Term, Variant
from analyser.rubrics.words import fold, is_country, is_event, stem, tier

# Words over which the terms of a variant may be spread: further when one of them is rare or a name.
WIDE_WINDOW, NARROW_WINDOW = 25, 16
STRONG_WEIGHT = 2.0
LEAST_SHARE = 0.12  # share of a variant's weight below which a window is not looked at
KIND_DISTANCE = 12  # words within which another word for the same kind of event must stand
WHOLE = 0.95
OWN_SHARE = 0.7  # share of a name from which it is this item's although another shares all its words
HALF = 0.5
# Probability from which a window too weak to be certain is asked about, and the one it is given: of such items and the
# others in doubt two in five are there on the 57 labelled questions (29 of 71).
LEAST_DOUBTED, DOUBTED = 0.45, 0.45
LEAST_DESCRIBED = 2  # terms that stand for a name without any of its own words
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
    is_strong: bool = True


def find_windows(item: int, variant: int, rule: Variant, hits: list[Hit], draft: DraftWords) -> list[Mention]:
    """The windows of words in which terms of a variant meet, with the probability that they name the item."""
    hits.sort(key=lambda h: (h.word, h.term))
    places = {(h.last, h.term) for h in hits} | {(h.word, h.term) for h in hits}
    total = rule.total
    places_of = _places_of(hits, draft)
    found = []
    low = 0
    for high, latest in enumerate(hits):
        while (
            hits[low].word < latest.word - WIDE_WINDOW
            or draft.sentence[hits[low].word] < draft.sentence[latest.word] - 1
        ):
            low += 1
        best: dict[int, tuple[float, Hit]] = {}
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
            if not _is_possible(rule, group, weights, draft):
                continue
            is_strong = _is_strong(rule, group, weights, draft)
            features = _features(rule, group, weights, draft, _beside(rule, group, places_of, draft))
            core = [h for h in group if rule.terms[h.term].is_core] or group
            found.append(
                Mention(
                    item,
                    variant,
                    draft.words[core[0].word].start,
                    max(draft.words[h.last].end for h in core),
                    draft.sentence[max(core, key=lambda h: best[h.term][0]).word],
                    probability(features) if is_strong else _doubt(features),
                    _matched_by(rule, group, best),
                    frozenset(w for h in group for w in range(h.word, h.last + 1)),
                    frozenset(h.term for h in group),
                    features,
                    is_strong,
                )
            )
    return found


def _matched_by(rule: Variant, group: list[Hit], best: Mapping[int, tuple[float, Hit]]) -> MatchedBy:
    """By a description where no word of the name itself stands there: a day, a figure, or words for like things."""
    terms = {h.term: rule.terms[h.term] for h in group}
    named = [
        i
        for i, t in terms.items()
        if t.is_core and t.kind in ("name", "word", "phrase") and best[i][0] > (KIND + 0.05) * t.weight
    ]
    is_without_words = all(t.kind not in ("name", "word", "phrase") for t in rule.terms if t.is_core)
    if not named and not is_without_words:
        return "description"
    return "fuzzy" if any(h.is_fuzzy for h in group) else "alias"


def _places_of(hits: list[Hit], draft: DraftWords) -> dict[int, dict[int, float]]:
    """For each sentence, the best quality with which each term stands in it."""
    found: dict[int, dict[int, float]] = {}
    for hit in hits:
        here = found.setdefault(draft.sentence[hit.word], {})
        here[hit.term] = max(hit.quality, here.get(hit.term, 0.0))
    return found


def _beside(rule: Variant, chosen: list[Hit], places_of: dict[int, dict[int, float]], draft: DraftWords) -> float:
    """The share of the name's weight that stands outside the window, in its sentence or the two on either side."""
    index, matched = draft.sentence[chosen[-1].word], {h.term for h in chosen}
    best: dict[int, float] = {}
    for near in range(index - 2, index + 3):
        for term, quality in places_of.get(near, {}).items():
            if term not in matched and rule.terms[term].is_core:
                best[term] = max(quality, best.get(term, 0.0))
    return sum(rule.terms[t].weight * q for t, q in best.items()) / rule.total


def _is_possible(rule: Variant, chosen: list[Hit], weights: Mapping[int, float], draft: DraftWords) -> bool:
    """What no probability may outweigh: a date alone, half a name, one ordinary word of several name nothing."""
    terms = {h.term: rule.terms[h.term] for h in chosen}
    core = {i: t for i, t in terms.items() if t.is_core and t.kind != "side"}
    is_dated = any(t.kind == "year" and t.is_key for t in terms.values())
    if all(t.kind == "year" and not t.is_core for t in terms.values()) and not is_dated:
        return False
    if not is_dated and not any(t.is_core for t in terms.values()) and not _is_described(rule, terms):
        return False
    if any(t.is_required and not _stands_by(i, chosen) for i, t in enumerate(rule.terms)):
        return False
    if not any(t.is_unique for t in terms.values()) and sum(weights[i] for i in core) < OWN_SHARE * rule.total:
        owners = [t.owners for t in terms.values() if t.owners]
        if owners and len(frozenset.intersection(*owners)) > 1:
            return False
    if rule.source == "acronym" and not any(weights[i] >= TRUE_QUALITY * t.weight for i, t in core.items()):
        return False
    is_figure_lacking = any(
        t.kind == "number" and t.is_core and t.weight >= TELLING_NUMBER for t in rule.terms
    ) and not any(t.kind == "number" for t in terms.values())
    is_told = any(t.is_key for t in terms.values()) or sum(weights.values()) >= HALF * rule.total
    return is_told or not is_figure_lacking


def _is_strong(rule: Variant, chosen: list[Hit], weights: Mapping[int, float], draft: DraftWords) -> bool:
    """Whether a window may be certain: not where one term of several, or ordinary words apart, are all there is."""
    terms = {h.term: rule.terms[h.term] for h in chosen}
    core = {i: t for i, t in terms.items() if t.is_core and t.kind != "side"}
    if len(core) > 1 or any(t.kind == "year" for t in terms.values()) or not core:
        pairs = {(h.term, h.last) for h in chosen}
        is_phrase = any((h.term - 1, h.word - step) in pairs for h in chosen for step in (1, 2))
        is_sure = any(terms[h.term].is_key and not h.is_soft for h in chosen)
        is_scattered = all(t.is_common for t in terms.values()) and not is_phrase and not is_sure
        return not is_scattered or sum(weights.values()) >= WHOLE * rule.total
    ((only, term),) = core.items()
    if term.kind == "number" and any(_counts_another(rule, h, draft) for h in chosen if h.term == only):
        return False
    return _stands_alone(rule, term, weights[only])


def _is_described(rule: Variant, terms: Mapping[int, Term]) -> bool:
    """Whether enough words of a name that is a phrase, or of what is said of a name, stand together."""
    if not any(t.kind == "phrase" for t in rule.terms):
        return len(terms) >= LEAST_DESCRIBED
    words = [t for t in rule.terms if not t.is_core and t.kind in ("word", "number")]
    matched = [t for t in terms.values() if t.kind in ("word", "number")]
    return len(matched) >= max(LEAST_DESCRIBED, HALF * len(words))


def _counts_another(rule: Variant, hit: Hit, draft: DraftWords) -> bool:
    """Whether a number counts something that the name does not have: "sixteen months" is no "Trial of the 16"."""
    if rule.terms[hit.term].is_key:
        return False  # so large a figure is not met twice
    following = draft.words[hit.last + 1 : hit.last + 2]
    if [w.key for w in following] in (["per"], ["percent"]):
        return not re.search(r"%|cent", rule.terms[hit.term].text)
    if not following or draft.sentence[hit.last + 1] != draft.sentence[hit.last] or following[0].key in stopwords():
        return False
    return all(stem(following[0].key) != stem(fold(t.text)) for t in rule.terms)


def _is_plain(term: Term) -> bool:
    return term.kind == "word" and tier(fold(term.text)) <= FREQUENT_SIZE


def _is_telling(term: Term, weight: float) -> bool:
    """Whether a term tells its item from other things: no country, no other item's word, no word for a like event."""
    if term.kind == "name" and is_country(fold(term.text)):
        return False
    return term.is_unique and weight > (KIND + 0.05) * term.weight


def _stands_alone(rule: Variant, term: Term, weight: float) -> bool:
    """Whether one term, matched with this weight, may stand for the whole name."""
    total = sum(t.weight for t in rule.terms if t.is_core and t.kind != "side")
    if weight < TRUE_QUALITY * term.weight:
        return False
    if term.is_key or term.weight == total:
        return True
    if (term.is_author or term.is_surname) and term.is_unique:
        return True
    if rule.source == "quotation" or term.key in forenames():
        return False
    is_ordinary = term.is_common and (tier(fold(term.text)) <= FREQUENT or term.key in calendar())
    is_what_happened = term.kind == "word" and is_event(fold(term.text))
    # An alias is one more name of the item: a part of it tells less than a part of the name.
    is_plain_of_alias = rule.source == "alias" and _is_plain(term)
    is_one_of_many = term.is_owner or is_ordinary or is_what_happened or is_plain_of_alias
    return not is_one_of_many and weight >= max(LEAST_ALONE, SOME * total)


FEATURES = (
    "share", "core_share", "weight", "total", "unique_weight", "name_weight", "n_core", "n_matched", "is_single",
    "is_single_of_many", "has_key", "is_key_alone", "has_number", "has_numbers", "has_own_year", "has_year",
    "least_quality", "n_of_kind", "spread", "lacks_required", "lacking_names", "lacking_words", "is_bracket",
    "is_acronym", "has_side", "has_nothing_own", "word_weight", "is_next_sentence", "has_word_pair",
    "lone_weight", "lone_share", "is_lone_country", "is_lone_place", "share_beside", "has_other_name",
    "telling_weight", "is_vague", "is_lone_plain", "is_side_and_year", "is_vague_with_year", "n_context",
)  # fmt: skip


def _features(
    rule: Variant, chosen: list[Hit], weights: Mapping[int, float], draft: DraftWords, beside: float
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
    telling = sum(weights[i] for i, t in terms.items() if t.is_core and _is_telling(t, weights[i]))
    is_vague = not telling and weight < WHOLE * total
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
        float(is_single_of_many and terms[top].is_place),
        beside,
        float(is_single_of_many and _has_other_name(rule, chosen[0], draft)),
        math.log1p(telling),
        float(is_vague),
        float(is_single_of_many and _is_plain(terms[top])),
        float(all(t.kind in ("side", "year") for t in terms.values())),
        float(is_vague and any(t.kind == "year" for t in terms.values())),
        float(sum(not t.is_core and t.kind != "year" for t in terms.values())),
    )


def _has_other_name(rule: Variant, hit: Hit, draft: DraftWords) -> bool:
    """Whether the only word matched is part of another name: the "Ministry of Love" where it is that of Truth."""
    own = {t.key for t in rule.terms} | {fold(t.text) for t in rule.terms}
    sentence = draft.sentence[hit.word]

    def is_other(index: int) -> bool:
        if not 0 <= index < len(draft.words) or draft.sentence[index] != sentence or index in draft.starts:
            return False
        word = draft.words[index]
        is_name = word.is_capital and len(word.key) > 1 and word.key not in titles() and word.key not in forenames()
        return is_name and word.key not in own

    if not draft.words[hit.word].is_capital:
        return False
    is_joined = draft.words[hit.last + 1].key in ("of", "the") if hit.last + 2 < len(draft.words) else False
    return is_other(hit.word - 1) or is_other(hit.last + 1) or (is_joined and is_other(hit.last + 2))


def probability(features: tuple[float, ...]) -> float:
    """The probability that a window names its item."""
    return load_logistic("mentioned", FEATURES).probability(features)


def _doubt(features: tuple[float, ...]) -> float:
    """The probability given to a weak window: enough to ask, never enough to be sure."""
    is_likely = load_logistic("doubted", FEATURES).probability(features) >= LEAST_DOUBTED
    return DOUBTED if is_likely else 0.0


def _stands_by(index: int, chosen: list[Hit]) -> bool:
    """Whether a required term is there, right before or after the rest of the name."""
    own = next((h for h in chosen if h.term == index), None)
    return own is not None and any(
        h is not own and min(abs(h.word - own.last), abs(own.word - h.last)) <= 2 for h in chosen
    )


def _quality(hit: Hit, places: set[tuple[int, int]]) -> float:
    """A name of ordinary words typed in lower case counts in full where the words of the name stand together."""
    if not hit.is_soft:
        return hit.quality
    for step in (1, 2):
        if (hit.word - step, hit.term - 1) in places or (hit.last + step, hit.term + 1) in places:
            return max(hit.quality, 0.95)
    return hit.quality
