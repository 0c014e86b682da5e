"""Sentences -> content units: clauses, each with the sides it is about, its negation and whether it is a question."""

from __future__ import annotations

import re

from analyser.records import ContentUnit, Essay, Sentence, SideKey
from analyser.rubrics.sides import SideNames

# Where a sentence holds two claims: a semicolon, or a contrastive or concessive conjunction after a comma
# (Quirk et al. 1985, ch. 15: adverbial clauses of contrast and concession).
SPLIT = re.compile(
    r";\s+|,\s+(?=(?:whereas|while|whilst|but|yet|although|though|unlike|so)\b)|\s+(?=whereas\b)|\s[–—]\s", re.I
)
NEGATION = re.compile(
    r"\b(?:not|never|no|nor|none|neither|nobody|nothing|without|hardly|scarcely|cannot|\w+n['’]?t)\b", re.I
)
BOTH = re.compile(r"\b(?:both|neither|either|each|alike|the two|these two|they|their|them|similarly|likewise)\b", re.I)
PRONOUN = re.compile(r"\b(?:he|him|his|she|her|hers|it|its)\b", re.I)
MIN_UNIT_WORDS = 3


def find_units(essay: Essay, doc, sentences: tuple[Sentence, ...], sides: SideNames | None) -> tuple[ContentUnit, ...]:
    """The content units of an essay in order; a sentence that cannot be split is one unit."""
    units: list[ContentUnit] = []
    last_side: SideKey | None = None
    block_index = -1
    for index, sentence in enumerate(sentences):
        if sentence.block_index != block_index:
            block_index, last_side = sentence.block_index, None
        for start, end in _clauses(essay.text, sentence):
            text = essay.text[start:end]
            found: set[SideKey] = set()
            if sides is not None:
                found = {key for _, _, key in sides.mentions(essay.text, start, end)}
                if not found and last_side and PRONOUN.search(text):
                    found = {last_side}
                if BOTH.search(text) and len(found) != 1:
                    found = {"a", "b"}
                if len(found) == 1:
                    last_side = next(iter(found))
                elif len(found) == 2:
                    last_side = None
            units.append(
                ContentUnit(
                    start,
                    end,
                    sentence_index=index,
                    block_index=block_index,
                    sides=frozenset(found),
                    is_negated=bool(NEGATION.search(text)),
                    is_question=text.rstrip("\"'”’) ").endswith("?"),
                )
            )
    return tuple(units)


def _clauses(text: str, sentence: Sentence):
    start = sentence.start
    for match in SPLIT.finditer(text, sentence.start, sentence.end):
        is_long_enough = (
            len(text[start : match.start()].split()) >= MIN_UNIT_WORDS
            and len(text[match.end() : sentence.end].split()) >= MIN_UNIT_WORDS
        )
        if is_long_enough:
            yield start, match.start()
            start = match.end()
    yield start, sentence.end
