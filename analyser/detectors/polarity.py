"""What the question claims: that the two sides are alike, that they are not, or that one had more of something."""

from __future__ import annotations

import re

from analyser.detectors.signals import Polarity, relation_signals
from analyser.records import Rubric
from analyser.text.cues import find_cues, load_classes

_AGREEMENT = re.compile(r"\b(?:do|does|did)\b(?! you)(?! we).{3,80}\b(dis)?agree")
_EQUALITY = re.compile(r"\bno (?:less|more) (?:of an? )?(\w+).{1,60}\bthan\b|\bas (\w+).{0,40}? as\b|\bequally\b")
_COMPARATIVE = re.compile(r"\b(?:(?:more|less) (?:of an? )?(\w+)|(\w{3,}er|better|worse))\b.{0,60}?\bthan\b")
_TOPIC_WORD = re.compile(r"[a-z]{4,}")


def question_polarity(rubric: Rubric) -> Polarity:
    """Read the polarity off the question's wording; a question without any is taken to ask how alike the sides were."""
    sheet = find_cues(rubric.question)
    text = sheet.shadow.text
    sides = {word for side in rubric.sides for word in _TOPIC_WORD.findall(side.name.lower())}
    topic = frozenset(_TOPIC_WORD.findall(text)) - frozenset(load_classes()["question_stem"]) - sides
    if agreement := _AGREEMENT.search(text):
        return Polarity(-1 if agreement[1] else 1, is_agreement=True, topic=topic)
    if signals := relation_signals(sheet, 0, len(text), None):
        balance = sum(s.similar - s.different for s in signals)
        return Polarity(1 if balance >= 0 else -1, topic=topic)
    if equality := _EQUALITY.search(text):
        return Polarity(1, quality=equality[1] or equality[2] or "", topic=topic)
    if comparative := _COMPARATIVE.search(text):
        return Polarity(-1, quality=comparative[1] or comparative[2], topic=topic)
    return Polarity(1, topic=topic)
