"""Sentences -> content units: clauses, each with its sides, polarity, hedges, and whose view it reports."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache
from typing import Any

from analyser.records import ContentUnit, Essay, Sentence, Span
from analyser.rubrics.sides import SideNames
from analyser.rubrics.words import fold, is_english, is_known_name
from analyser.text.clauses import ClauseReader, words_of
from analyser.text.cues import CueSheet, find_cues
from analyser.text.negation import find_negations, is_claim_negated
from analyser.text.reference import SideReader

PERSONAL = ("claim", "argue", "maintain", "contend", "insist", "assert")
HEDGES = ("hedge", "tentative")
# "is said to have hunted": subject raising with verbs of saying in the passive (Quirk et al. 1985, 16.37).
HEARSAY = re.compile(
    r"(?<!\w)(?:is|was|are|were)\s+(?:\w+ly\s+)?(?:said|supposed|thought|believed|alleged|claimed|reported|rumoured)\s+to"
    r"\s+(?:have|be|has)(?!\w)",
    re.I,
)
GOES_ON = re.compile(r"(?:and|or|nor|so that)\b", re.I)


def find_units(
    essay: Essay, doc: Any, sentences: tuple[Sentence, ...], sides: SideNames | None
) -> tuple[ContentUnit, ...]:
    """The content units of an essay in order; a sentence that cannot be split is one unit."""
    tokens = [token for token in doc if not token.is_space]
    starts = [token.idx for token in tokens]
    clauses = ClauseReader(essay.text, has_parse=bool(doc.has_annotation("DEP")))
    reader = SideReader(essay.text, doc, sides) if sides is not None else None
    sheet = find_cues(essay.text)
    units: list[ContentUnit] = []
    block_index = -1
    for index, sentence in enumerate(sentences):
        if sentence.block_index != block_index:
            block_index = sentence.block_index
            if reader is not None:
                reader.start_block()
        inside = tokens[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        for number, (start, end) in enumerate(clauses.cut(sentence.start, sentence.end, inside)):
            clause = tokens[bisect_left(starts, start) : bisect_left(starts, end)]
            is_question = essay.text[start:end].rstrip("\"'”’) ").endswith("?")
            keys = (
                reader.read(start, end, is_question=is_question, is_same_sentence=number > 0)
                if reader is not None
                else frozenset()
            )
            negations = find_negations(essay.text, doc, start, end)
            units.append(
                ContentUnit(
                    start,
                    end,
                    sentence_index=index,
                    block_index=block_index,
                    sides=keys,
                    is_negated=is_claim_negated(essay.text, clause, negations, start, end),
                    is_question=is_question,
                    hedges=_spans(sheet, start, end, *HEDGES),
                    attribution=_attribution(essay.text, sheet, start, end, sides),
                )
            )
    return tuple(_mark_rejected(_spread_views(units, essay.text, sheet), sheet))


def _spans(sheet: CueSheet, start: int, end: int, *groups: str) -> tuple[Span, ...]:
    """The cues of some groups inside a clause, in the draft's own offsets."""
    shadow = sheet.shadow
    found = sheet.within(shadow.to_shadow(start), shadow.to_shadow(end), *groups)
    return tuple(Span(shadow.to_source(cue.start), shadow.to_source(cue.end)) for cue in found)


def _attribution(text: str, sheet: CueSheet, start: int, end: int, sides: SideNames | None) -> Span | None:
    """The words that give a view to somebody else, unless the writer takes it over at once ("rightly argues")."""
    if _spans(sheet, start, end, "adoption"):
        return None
    found = [*_spans(sheet, start, end, "attribution"), *_named_views(text, start, end, sides)]
    found += [Span(*match.span()) for match in HEARSAY.finditer(text, start, end)]
    return min(found, key=lambda span: span.start) if found else None


def _named_views(text: str, start: int, end: int, sides: SideNames | None) -> list[Span]:
    """ "Pipes claims", "Rutter's work suggests": a name that is no side's, with a verb of arguing."""
    found = []
    for match in _named_view().finditer(text, start, end):
        words = [fold(w) for w in match["name"].split()]
        # An English word that opens a sentence is a name only before a verb whose subject must be a person.
        is_personal = match["verb"].startswith(PERSONAL) and text.startswith(" that ", match.end())
        is_name = len(words) > 1 or is_known_name(words[0]) or not is_english(words[0]) or is_personal
        is_side = sides is not None and bool(sides.mentions(text, match.start("name"), match.end("name")))
        if is_name and not is_side and fold(match["name"].split()[0]) not in words_of("determiners"):
            found.append(Span(match.start(), match.end()))
    return found


@lru_cache(maxsize=1)
def _named_view() -> re.Pattern[str]:
    verbs, work = ("|".join(sorted(words_of(group), reverse=True)) for group in ("arguing", "work"))
    name = r"(?P<name>[A-Z][\w’'-]+(?:\s+(?:and\s+)?[A-Z][\w’'-]+){0,3}?)"
    adverb = r"(?:\s+(?:has|have|also|even|once|rightly|wrongly|famously|himself|herself|therefore|thus))*"
    return re.compile(rf"(?<!\w){name}(?:['’]s?\s+(?:{work})(?:\s+\w+){{0,4}}?)?{adverb}\s+(?P<verb>{verbs})(?!\w)")


def _spread_views(units: list[ContentUnit], text: str, sheet: CueSheet) -> list[ContentUnit]:
    """A reported view goes on in the clauses of its sentence joined with "and", "or" or "so that"."""
    spread: list[ContentUnit] = []
    for unit in units:
        before = spread[-1] if spread else None
        goes_on = (
            before is not None
            and before.attribution is not None
            and unit.attribution is None
            and before.sentence_index == unit.sentence_index
            and GOES_ON.match(text, unit.start, unit.end) is not None
            and not _spans(sheet, unit.start, unit.end, "rejection", "adoption", "verdict")
        )
        spread.append(replace(unit, attribution=before.attribution) if before is not None and goes_on else unit)
    return spread


def _mark_rejected(units: list[ContentUnit], sheet: CueSheet) -> list[ContentUnit]:
    """A reported view is rejected where one of its clauses, or the clause after them, turns it down."""
    marked: list[ContentUnit] = []
    is_rejected = False
    for index in range(len(units) - 1, -1, -1):
        unit = units[index]
        following = units[index + 1] if index + 1 < len(units) else None
        if unit.attribution is None:
            is_rejected = False
        else:
            is_same_view = following is not None and following.attribution == unit.attribution
            around = [unit]
            if following is not None and not is_same_view and following.block_index == unit.block_index:
                around.append(following)
            is_rejected = (is_same_view and is_rejected) or any(
                _spans(sheet, u.start, u.end, "rejection") for u in around
            )
            unit = replace(unit, is_rejected=is_rejected)
        marked.append(unit)
    return marked[::-1]
