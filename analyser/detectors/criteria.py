"""Which of the rubric's criteria an essay judges by, and which standards of its own it sets.

A criterion and a standard the essay sets up meet in what they are about: in the concepts of ``concepts.toml`` (scale,
methods, motives, who benefits ...) and in their words. The more of that a rubric's criteria share, the less it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from analyser.detectors.standards import Item, find_items
from analyser.records import CriterionFinding, CriterionStatus, ParsedEssay, Quote, Rubric
from analyser.rubrics.words import find_words, stem
from analyser.text.cues import CueSheet, Lexicon, find_cues, load_classes, load_lexicon

# A shared concept or word counts 1, divided by the criteria of the rubric that have it. Scores (0 to about 6) from
# which a standard that is announced as one, or only looked at, is taken for a criterion; chosen on left-in questions.
MIN_SCORE = 1.0
MIN_SCORE_WEAK = 1.6
# Score from which the words that might set a criterion are shown and the status is "unsure".
UNSURE_SCORE = 0.5
SURE_SCORE = 2.0
# A standard stands for its best criterion or one that comes this close to it (0 to 1).
SECOND_BEST = 0.8
# What a concept or word that only the look-for list of a criterion has counts, against 1 for one of its statement.
LOOK_FOR_WEIGHT = 0.6
# Words at the start of a standard that ask for it, and what their concepts count beside their weight.
LEAD_WORDS = 3
LEAD_BONUS = 0.7
# Words from which a standard that is no question is named fully enough to be quoted as the essay's own.
MIN_OWN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """What stands for a criterion: concepts and word stems, each with its weight."""

    id: str
    weights: dict[str, float]

    def score(self, terms: Set[str], lead: Set[str] = frozenset()) -> float:
        """How much of the profile is in ``terms``; ``lead`` are those with which a standard begins ("how many")."""
        shared = sum(weight for term, weight in self.weights.items() if term in terms)
        return shared + LEAD_BONUS * sum(weight for term, weight in self.weights.items() if term in lead)


@dataclass(frozen=True, slots=True)
class Pair:
    """A standard of the essay taken for a criterion of the rubric."""

    score: float
    item: Item
    criterion: str

    @property
    def minimum(self) -> float:
        return MIN_SCORE if self.item.is_strong else MIN_SCORE_WEAK


def find_criteria(parsed: ParsedEssay, rubric: Rubric) -> tuple[CriterionFinding, ...]:
    """Find which criteria of the rubric the essay sets up or argues by."""
    if not rubric.criteria:
        return ()
    sheet = find_cues(parsed.essay.text)
    pair_by_id = {pair.criterion: pair for pair in _pair(sheet, find_items(parsed, sheet), _profiles(rubric))}
    return tuple(_finding(parsed, sheet, criterion.id, pair_by_id.get(criterion.id)) for criterion in rubric.criteria)


def find_own_criteria(parsed: ParsedEssay, rubric: Rubric) -> tuple[Quote, ...]:
    """Standards the essay announces that are none of the rubric's; only those known to be standards of comparison."""
    sheet = find_cues(parsed.essay.text)
    items = find_items(parsed, sheet)
    profiles = _profiles(rubric)
    taken = [pair.item for pair in _pair(sheet, items, profiles)]
    own = []
    for item in items:
        is_relation = sheet.has(item.start, item.end, "similar", "different", "claim", *_NO_STANDARD)
        text = sheet.shadow.text[item.start : item.end]
        is_whole = sheet.shadow.text[item.end : item.end + 1] == "?" or len(text.split()) >= MIN_OWN_WORDS
        if not (item.is_announced and is_whole) or is_relation or any(item.overlaps(other) for other in taken):
            continue
        terms = _terms(text)
        is_known = any(term.isupper() for term in terms)
        if is_known and max((p.score(terms) for p in profiles), default=0.0) < UNSURE_SCORE:
            own.append(_quote(parsed, sheet, item))
    return tuple(own)


def is_taken_up(parsed: ParsedEssay, rubric: Rubric, finding: CriterionFinding, start: int) -> bool:
    """Whether anything after ``start`` has a word or concept of a criterion, or of the words that set it."""
    sheet = find_cues(parsed.essay.text)
    profile = next(p for p in _profiles(rubric) if p.id == finding.id)
    function = frozenset(stem(word) for group in ("function", "comparing") for word in load_classes()[group])
    said = frozenset(term for quote in finding.quotes for term in _terms(quote.text, function))
    later = _terms(sheet.shadow.text[sheet.shadow.to_shadow(start) :])
    return not later.isdisjoint(said | frozenset(profile.weights))


def _finding(parsed: ParsedEssay, sheet: CueSheet, criterion_id: str, pair: Pair | None) -> CriterionFinding:
    if pair is None:
        return CriterionFinding(criterion_id, "missing", 0.8)
    status: CriterionStatus = "covered" if pair.score >= pair.minimum else "unsure"
    if status == "unsure":
        confidence = 0.5
    else:
        confidence = 0.9 if pair.score >= SURE_SCORE and pair.item.is_strong else 0.75
    return CriterionFinding(criterion_id, status, confidence, (_quote(parsed, sheet, pair.item),))


# ---------------------------------------------------------------- criteria and standards


def _profiles(rubric: Rubric) -> list[Profile]:
    classes = load_classes()
    names = [rubric.question, *(side.name for side in rubric.sides)]
    general = {stem(word.key) for name in names for word in find_words(name)}
    general |= {stem(word) for group in ("function", "comparing") for word in classes[group]}
    statements = [_terms(c.statement, general) for c in rubric.criteria]
    extras = [_terms(" ; ".join(c.look_for), general) for c in rubric.criteria]
    n_stated = Counter(term for terms in statements for term in terms)
    n_anywhere = Counter(term for stated, extra in zip(statements, extras, strict=True) for term in stated | extra)
    return [
        Profile(
            criterion.id,
            {term: LOOK_FOR_WEIGHT / n_anywhere[term] for term in extra}
            | {term: 1 / n_stated[term] for term in stated},
        )
        for criterion, stated, extra in zip(rubric.criteria, statements, extras, strict=True)
    ]


def _terms(text: str, general: Set[str] = frozenset()) -> frozenset[str]:
    """What a text is about: its concepts, written in capitals, and the stems of its words but for the general ones."""
    concepts = frozenset(name.upper() for name, cues in _lexicon().find(text.lower()).items() if cues)
    return concepts | (frozenset(stem(word.key) for word in find_words(text)) - general)


def _lexicon() -> Lexicon:
    return load_lexicon("concepts.toml")


def _scores(sheet: CueSheet, item: Item, profiles: Sequence[Profile]) -> dict[str, float]:
    text = sheet.shadow.text[item.start : item.end]
    terms = _terms(text)
    lead = {term for term in _terms(" ".join(text.split()[:LEAD_WORDS])) if term.isupper()}
    return {profile.id: profile.score(terms, lead) for profile in profiles}


def _pair(sheet: CueSheet, items: Sequence[Item], profiles: Sequence[Profile]) -> list[Pair]:
    """Pair standards and criteria one to one, best score first; a doubtful pair only where no better one is left."""
    pairs: list[Pair] = []
    for item in items:
        for part in _parts(sheet, item, profiles):
            scores = _scores(sheet, part, profiles)
            best = max(scores.values(), default=0.0)
            floor = max(SECOND_BEST * best, UNSURE_SCORE if part.is_announced else MIN_SCORE)
            pairs += [Pair(score, part, name) for name, score in scores.items() if score >= floor]
    pairs.sort(key=lambda pair: (-pair.score, pair.item.start))
    kept: list[Pair] = []
    for pair in sorted(pairs, key=lambda pair: pair.score < pair.minimum):
        is_free = all(pair.criterion != other.criterion and not pair.item.overlaps(other.item) for other in kept)
        if is_free:
            kept.append(pair)
    return kept


def _parts(sheet: CueSheet, item: Item, profiles: Sequence[Profile]) -> list[Item]:
    """A list of nouns ("methods, duration and scale") in its parts, where they stand for different criteria."""
    edges = [item.start]
    for match in _LIST_JOINT.finditer(sheet.shadow.text, item.start, item.end):
        edges += [match.start(), match.end()]
    edges.append(item.end)
    parts = [item.part(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    leads = set()
    for part in parts:
        scores = _scores(sheet, part, profiles)
        lead = max(scores, key=lambda name: scores[name], default="")
        if lead and scores[lead] >= MIN_SCORE:
            leads.add(lead)
    return parts if len(leads) > 1 else [item]


def _quote(parsed: ParsedEssay, sheet: CueSheet, item: Item) -> Quote:
    start, end = sheet.shadow.to_source(item.start), sheet.shadow.to_source(item.end)
    text = parsed.essay.text
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in "\"'”’)":
        end -= 1
    return parsed.essay.quote(start, end)


_LIST_JOINT = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s+as well as\s+")
# Cues of sentences that announce something else than a standard.
_NO_STANDARD = ("announcement", "verdict", "fence", "conclusion")
