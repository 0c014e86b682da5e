"""The shape of the argument: what is certain about its balance, its paragraphs, its repetitions and its filling.

Each observation has a stable code; how it is worded, and whether it is raised at all, is the feedback's business. The
slots hold counts and the names of the sides, never what the rubric expects.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from analyser.detectors.criteria import find_own_criteria, is_taken_up
from analyser.records import (
    Block,
    CriterionFinding,
    EvidenceFinding,
    JudgementFinding,
    Observation,
    ParsedEssay,
    Quote,
    Rubric,
    SideKey,
    Span,
)
from analyser.rubrics.sides import SideNames, side_names
from analyser.rubrics.words import Word, find_words, stem
from analyser.text.cues import CueSheet, find_cues, load_classes

SIDES_UNBALANCED = "O101"
SIDES_APART = "O102"
NO_LINK_TO_QUESTION = "O103"
NARRATIVE = "O104"
REPETITION = "O105"
QUESTION_COPIED = "O106"
LONG_QUOTATION = "O107"
KEYWORD_LIST = "O108"
CRITERIA_NOT_USED = "O109"
OWN_CRITERION = "O110"
PADDING = "O111"

# Content units about one side alone from which balance can be judged, and how many times more of them and of its name
# one side must have. An essay that treats one king at length and the other in a third of that is still a comparison.
MIN_ONE_SIDED_UNITS = 12
UNBALANCED_RATIO = 4.0
# Letters of a name from which a misspelling of it can be told, and letters it may have wrong.
MIN_NAME = 5
MAX_NAME_ERRORS = 2
# Words from which a body paragraph is long enough to be told what it lacks; about three sentences.
MIN_PARAGRAPH_WORDS = 45
# Paragraphs about one side alone from which the two sides are said to be told apart; they must be most of the body.
MIN_PARAGRAPHS_APART = 2
# A paragraph narrates when it has at least so many dates, so many time markers per 100 words, and at most so many
# arguing words per 100. The labelled storytellers' paragraphs have 3 to 8 and 0 to 1.5 of these.
MIN_DATES = 2
MIN_TEMPORAL_DENSITY = 3.0
MAX_ARGUING_DENSITY = 0.8
# Words of a run that stands twice; shorter ones are names, set phrases and the question's own terms.
REPEATED_WORDS = 9
# Part of the question's words (0 to 1) in one run that makes a sentence a copy of it.
COPIED_RATIO = 0.8
# Words of a quotation from which it is a block quotation (APA Publication Manual, 7th ed., 8.27).
LONG_QUOTATION_WORDS = 40
# A list for a machine: words, and the part of them (0 to 1) that are function words. Prose has 0.4 to 0.5; a sentence
# of names and dates in the labelled drafts not under 0.2.
MIN_LIST_WORDS = 12
MAX_FUNCTION_RATIO = 0.12
# Empty phrases from which the essay is told of them; one is a slip of the pen.
MIN_PADDING = 3


@dataclass(frozen=True, slots=True)
class Material:
    """One essay with its words and cues and the names of the sides."""

    parsed: ParsedEssay
    rubric: Rubric
    sheet: CueSheet
    names: SideNames
    words: Sequence[Word]
    mentions: Sequence[tuple[int, int, SideKey]]

    @property
    def text(self) -> str:
        return self.parsed.essay.text

    def words_in(self, span: Span) -> Sequence[Word]:
        low = bisect_left(self.words, span.start, key=lambda word: word.start)
        high = bisect_left(self.words, span.end, lo=low, key=lambda word: word.start)
        return self.words[low:high]

    def body(self) -> Sequence[Block]:
        """Paragraphs between the first and the last that are long enough to judge."""
        inner = self.parsed.essay.paragraphs[1:-1]
        return [b for b in inner if len(self.text[b.start : b.end].split()) >= MIN_PARAGRAPH_WORDS]

    def shadow(self, block: Block) -> tuple[int, int]:
        return self.sheet.shadow.to_shadow(block.start), self.sheet.shadow.to_shadow(block.end)

    def opening(self, block: Block) -> Quote:
        """The first sentence of a block."""
        for sentence in self.parsed.sentences:
            if block.start <= sentence.start < block.end:
                return self.parsed.essay.quote(sentence.start, sentence.end)
        return self.parsed.essay.quote(block.start, block.end)


def find_observations(
    parsed: ParsedEssay,
    rubric: Rubric,
    judgement: JudgementFinding,
    criteria: tuple[CriterionFinding, ...],
    evidence: tuple[EvidenceFinding, ...],
) -> tuple[Observation, ...]:
    """Find what is certain about the shape of the argument."""
    if not parsed.sentences:
        return ()
    text, names = parsed.essay.text, side_names(rubric)
    material = Material(parsed, rubric, find_cues(text), names, find_words(text), names.mentions(text))
    found: list[Observation] = []
    found += _balance(material)
    found += _paragraphs(material, judgement)
    found += _repetition(material)
    found += _copied_question(material)
    found += _long_quotations(material)
    found += _keyword_lists(material, evidence)
    found += _criteria(material, criteria)
    found += _padding(material)
    return tuple(found)


# ---------------------------------------------------------------- the two sides


def _balance(material: Material) -> Iterator[Observation]:
    """One side named far more often than the other, where names can be trusted to say what the essay is about."""
    n_by_side: dict[SideKey, int] = {"a": 0, "b": 0}
    units_by_side: dict[SideKey, int] = {"a": 0, "b": 0}
    for *_, key in material.mentions:
        n_by_side[key] += 1
    for unit in material.parsed.units:
        if len(unit.sides) == 1:
            units_by_side[next(iter(unit.sides))] += 1
    less: SideKey = "a" if units_by_side["a"] < units_by_side["b"] else "b"
    more: SideKey = "b" if less == "a" else "a"
    is_unbalanced = (
        units_by_side[more] >= MIN_ONE_SIDED_UNITS
        and units_by_side[more] >= UNBALANCED_RATIO * units_by_side[less]
        and n_by_side[more] >= UNBALANCED_RATIO * n_by_side[less] > 0
    )
    if is_unbalanced and not _has_other_names(material, less, n_by_side[less]):
        slots = {
            "side": material.rubric.side(less).name,
            "other": material.rubric.side(more).name,
            "n_side": str(units_by_side[less]),
            "n_other": str(units_by_side[more]),
        }
        yield Observation(SIDES_UNBALANCED, (), slots)


def _has_other_names(material: Material, side: SideKey, n_mentions: int) -> bool:
    """Whether the side may be there under names that are not known: misspelt, or a character who stands for a novel."""
    terms = {word.key for term in material.names.terms[side] for word in find_words(term) if len(word.key) >= MIN_NAME}
    starts = {sentence.start for sentence in material.parsed.sentences}
    known = [(start, end) for start, end, _ in material.mentions]
    n_by_name: Counter[str] = Counter()
    has_capitals = False
    for word in material.words:
        if any(start <= word.start < end for start, end in known):
            continue
        if len(word.key) >= MIN_NAME and any(
            word.key[0] == term[0] and OSA.distance(word.key, term, score_cutoff=MAX_NAME_ERRORS) <= MAX_NAME_ERRORS
            for term in terms
        ):
            return True
        if word.is_capital and word.start not in starts:
            has_capitals = True
            n_by_name[word.key] += 1
    return not has_capitals or max(n_by_name.values(), default=0) > n_mentions


def _paragraphs(material: Material, judgement: JudgementFinding) -> Iterator[Observation]:
    """Body paragraphs that are about one side only, have no link to the question, or tell a story."""
    body = list(material.body())
    topic = _topic(material.rubric)
    apart = []
    for block in body:
        start, end = material.shadow(block)
        sides = _sides(material, block)
        if material.sheet.has(
            start, end, "similar", "different", "claim", "verdict", "agree", "disagree", "comparison"
        ):
            continue
        if len(sides) == 1:
            apart.append(material.opening(block))
        has_topic = not topic.isdisjoint(stem(word.key) for word in material.words_in(block))
        is_judging = any(block.start <= quote.start < block.end for quote in judgement.quotes)
        if len(sides) < 2 and _narrates(material, block):
            yield Observation(NARRATIVE, (material.opening(block),))
        elif len(sides) < 2 and not (has_topic or is_judging or material.sheet.has(start, end, "arguing")):
            yield Observation(NO_LINK_TO_QUESTION, (material.opening(block),))
    if len(apart) >= MIN_PARAGRAPHS_APART and len(apart) > len(body) / 2:
        yield Observation(SIDES_APART, tuple(apart), {"n": str(len(apart)), "n_body": str(len(body))})
    paragraphs = material.parsed.essay.paragraphs
    if len(paragraphs) == 1 and judgement.status == "missing" and _narrates(material, paragraphs[0]):
        yield Observation(NARRATIVE, (material.opening(paragraphs[0]),))


def _sides(material: Material, block: Block) -> set[SideKey]:
    named = {key for start, _, key in material.mentions if block.start <= start < block.end}
    return named | {
        side for unit in material.parsed.units if block.start <= unit.start < block.end for side in unit.sides
    }


def _narrates(material: Material, block: Block) -> bool:
    """Whether a paragraph is dense with dates and "then" and has hardly a word that argues."""
    start, end = material.shadow(block)
    n_words = len(material.text[block.start : block.end].split())
    n_dates = sum(1 for _ in _YEAR.finditer(material.text, block.start, block.end))
    temporal = 100 * (len(material.sheet.within(start, end, "temporal")) + n_dates) / n_words
    arguing = 100 * len(material.sheet.within(start, end, "arguing")) / n_words
    opening = material.opening(block)
    first = material.sheet.shadow.to_shadow(opening.end)
    if material.sheet.has(start, first, "arguing", "result", "conclusion", "comparison"):
        return False
    is_long = n_words >= MIN_PARAGRAPH_WORDS and n_dates >= MIN_DATES
    return is_long and temporal >= MIN_TEMPORAL_DENSITY and arguing <= MAX_ARGUING_DENSITY


def _topic(rubric: Rubric) -> frozenset[str]:
    """Stems of the words by which the question names its topic."""
    general = {stem(word) for group in ("function", "question_stem") for word in load_classes()[group]}
    sides = {stem(word.key) for side in rubric.sides for word in find_words(f"{side.name} {side.frame}")}
    return frozenset(stem(word.key) for word in find_words(rubric.question)) - general - sides


# ---------------------------------------------------------------- words that say nothing new


def _repetition(material: Material) -> Iterator[Observation]:
    """A run of words that stands twice, outside quotations and the question's own wording."""
    essay = material.parsed.essay
    asked = _runs([word.key for word in find_words(material.rubric.question)])
    first_by_run: dict[tuple[str, ...], int] = {}
    quotations = [m.span() for m in _QUOTATION.finditer(essay.text)]
    covered_until = -1
    for sentence in material.parsed.sentences:
        words = material.words_in(sentence)
        for index in range(len(words) - REPEATED_WORDS + 1):
            run = tuple(word.key for word in words[index : index + REPEATED_WORDS])
            start, end = words[index].start, words[index + REPEATED_WORDS - 1].end
            if run in asked or start < covered_until or _is_quoted(quotations, start):
                continue
            first = first_by_run.setdefault(run, start)
            if first < start:
                end = _extend(essay.text, first, start, sentence.end)
                yield Observation(REPETITION, (essay.quote(first, first + end - start), essay.quote(start, end)))
                covered_until = end


def _extend(text: str, first: int, second: int, limit: int) -> int:
    """How far two equal runs go on being equal, to the end of a word."""
    length = 0
    while second + length < limit and first + length < second and text[first + length] == text[second + length]:
        length += 1
    while (
        length and text[second + length - 1].isalnum() and second + length < limit and text[second + length].isalnum()
    ):
        length -= 1
    return second + length


def _is_quoted(quotations: Sequence[tuple[int, int]], position: int) -> bool:
    index = bisect_right(quotations, position, key=lambda span: span[0]) - 1
    return index >= 0 and quotations[index][0] <= position < quotations[index][1]


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + REPEATED_WORDS]) for i in range(len(words) - REPEATED_WORDS + 1)}


def _copied_question(material: Material) -> Iterator[Observation]:
    """A sentence that is the question, or most of it, word for word."""
    essay = material.parsed.essay
    asked = [word.key for word in find_words(material.rubric.question)]
    needed = max(REPEATED_WORDS - 2, round(COPIED_RATIO * len(asked)))
    runs = {tuple(asked[i : i + needed]) for i in range(len(asked) - needed + 1)}
    for sentence in material.parsed.sentences:
        words = [word.key for word in material.words_in(sentence)]
        is_all = needed >= COPIED_RATIO * len(words)
        if is_all and any(tuple(words[i : i + needed]) in runs for i in range(len(words) - needed + 1)):
            yield Observation(QUESTION_COPIED, (essay.quote(sentence.start, sentence.end),))


def _padding(material: Material) -> Iterator[Observation]:
    shadow, essay = material.sheet.shadow, material.parsed.essay
    cues = material.sheet.within(0, len(shadow.text), "padding")
    if len(cues) >= MIN_PADDING:
        quotes = tuple(essay.quote(shadow.to_source(cue.start), shadow.to_source(cue.end)) for cue in cues)
        yield Observation(PADDING, quotes, {"n": str(len(cues))})


# ---------------------------------------------------------------- words that are not the student's, or not prose


def _long_quotations(material: Material) -> Iterator[Observation]:
    essay = material.parsed.essay
    for block in essay.blocks:
        if block.kind == "quotation":
            spans = [(block.start, block.end)]
        elif block.kind in ("paragraph", "list_item"):
            spans = [m.span() for m in _QUOTATION.finditer(essay.text, block.start, block.end)]
        else:
            continue
        for start, end in spans:
            n_words = len(essay.text[start:end].split())
            if n_words >= LONG_QUOTATION_WORDS:
                yield Observation(LONG_QUOTATION, (essay.quote(start, end),), {"n": str(n_words)})


def _keyword_lists(material: Material, evidence: Sequence[EvidenceFinding]) -> Iterator[Observation]:
    """Words strung together with nothing to join them; a list of names that the essay then uses is no such list."""
    essay = material.parsed.essay
    function = frozenset(load_classes()["function"]) | _AUXILIARY
    used = [quote for finding in evidence if finding.status == "used" for quote in finding.quotes[:1]]
    for block in essay.paragraphs:
        words = material.words_in(block)
        if len(words) < MIN_LIST_WORDS or any(block.start <= q.start < block.end for q in used):
            continue
        n_function = sum(word.key in function for word in words)
        if n_function <= MAX_FUNCTION_RATIO * len(words) and _LATIN.search(essay.text, block.start, block.end):
            yield Observation(KEYWORD_LIST, (essay.quote(block.start, block.end),), {"n": str(len(words))})


# ---------------------------------------------------------------- criteria


def _criteria(material: Material, criteria: Sequence[CriterionFinding]) -> Iterator[Observation]:
    """Criteria announced in the introduction of which none is taken up, and standards beyond the rubric's."""
    parsed = material.parsed
    early = [f for f in criteria if f.status == "covered" and parsed.place_of(f.quotes[0].start) == "introduction"]
    if early and parsed.essay.n_paragraphs > 2:
        start = parsed.essay.paragraphs[1].start
        if not any(is_taken_up(parsed, material.rubric, finding, start) for finding in early):
            quotes = tuple(quote for finding in early for quote in finding.quotes)
            yield Observation(CRITERIA_NOT_USED, quotes, {"n": str(len(early))})
    for quote in find_own_criteria(parsed, material.rubric):
        yield Observation(OWN_CRITERION, (quote,))


_YEAR = re.compile(r"\b1\d{3}\b|\b20\d\d\b")
_LATIN = re.compile(r"[A-Za-z]{3}")
_QUOTATION = re.compile(r"“[^”\n]{1,4000}”|\"[^\"\n]{1,4000}\"|‘(?:[^’\n]|’(?=\w)){1,4000}’(?!\w)")
_AUXILIARY = frozenset(
    "could may might must shall should do did has him us our your you who after before under over also no".split()
)
