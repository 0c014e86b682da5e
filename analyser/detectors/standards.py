"""Where an essay sets up standards of judgement, and the single standards it names there.

A standard is set by a frame ("I shall judge them by", "two questions:", "what matters is"). The words after the frame,
and the questions or enumerated sentences that follow it, are taken apart into items. A frame that turns a standard
down ("it does not matter how many") gives none. Outside the introduction a frame must say that it judges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyser.records import ParsedEssay, Sentence, Span
from analyser.text.cues import Cue, CueSheet

FRAMES_BEFORE = ("standard_by", "standard_ask", "standard_noun", "standard_matters")
FRAME_AFTER = "standard_after"
# Sentences after an announcement ("Three tests seem fair to me.") or before its sum ("Those are my tests.") that may
# hold the standards.
MAX_NEIGHBOURS = 4
# Sentences of an essay of one paragraph that count as its introduction.
N_OPENING_SENTENCES = 5
# Words from which a piece names something, and after which it has left the announcement. Longest in the labelled
# drafts: 27.
MIN_ITEM_LETTERS = 3
MAX_ITEM_WORDS = 30
# Letters from the start of a piece within which a frame leads to it, and words that must be left when it is cut off.
FRAME_REACH = 40
MIN_REST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Item(Span):
    """One standard named, in shadow offsets.

    ``is_strong``: the sentence judges, tests, compares or asks by it. ``is_announced``: it belongs to a list that the
    essay numbers ("two questions") or sums up ("those are my tests").
    """

    is_strong: bool
    is_announced: bool

    def part(self, start: int, end: int) -> Item:
        return replace(self, start=start, end=end)


def find_items(parsed: ParsedEssay, sheet: CueSheet) -> list[Item]:
    """The standards an essay sets up, in order."""
    items: list[Item] = []
    taken_until = -1
    for index, sentence in enumerate(parsed.sentences):
        start, end = sheet.shadow.to_shadow(sentence.start), sheet.shadow.to_shadow(sentence.end)
        frames = sheet.within(start, end, *FRAMES_BEFORE, FRAME_AFTER)
        is_sum = sheet.has(start, end, "standard_back")
        is_allowed = is_sum or _is_opening(parsed, index) or _EXPLICIT.search(sheet.shadow.text, start, end)
        if index <= taken_until or not is_allowed or not (frames or is_sum):
            continue
        region = _region(sheet, frames, start, end) if frames else None
        found = split_items(sheet.shadow.text, region.start, region.end) if region else []
        is_announced = _is_announcement(sheet, frames, start, end)
        if is_announced:
            taken_until, more = _following(parsed, sheet, index)
            found += more
            found = [named for span in found if (named := _uncounted(sheet.shadow.text, span))] or found
        if is_sum:
            found = _preceding(parsed, sheet, index) or found
        text = sheet.shadow.text[start:end]
        is_strong = bool(_JUDGING.search(text)) or any(f.group in ("standard_noun", "standard_matters") for f in frames)
        is_counted = is_sum or bool(_NUMBERED.search(text))
        is_named = len(found) > 1 or not _COUNTED.search(text)  # else the list itself was not found
        items += [Item(*_unframed(sheet, span), is_strong, is_counted and is_named) for span in found]
    return items


def _uncounted(text: str, span: Span) -> Span | None:
    """A piece without the words that only count: the part after the comma of "two things matter, their reach"."""
    counted = _COUNTED.search(text, span.start, span.end)
    if counted is None:
        return span
    comma = text.find(",", counted.end(), span.end)
    return Span(comma + 1, span.end) if comma >= 0 else None


def _is_opening(parsed: ParsedEssay, index: int) -> bool:
    is_first_block = parsed.sentences[index].block_index == parsed.sentences[0].block_index
    return is_first_block and (parsed.essay.n_paragraphs > 1 or index < N_OPENING_SENTENCES)


def _is_announcement(sheet: CueSheet, frames: Sequence[Cue], start: int, end: int) -> bool:
    """Whether a sentence numbers its standards, calls them tests or ends in a colon."""
    text = sheet.shadow.text[start:end]
    return any(f.group == "standard_noun" for f in frames) or bool(_COUNTED.search(text)) or text.endswith(":")


def _region(sheet: CueSheet, frames: Sequence[Cue], start: int, end: int) -> Span | None:
    """What a sentence holds beside its frame and does not turn down."""
    text = sheet.shadow.text
    after = [f for f in frames if f.group == FRAME_AFTER]
    before = [f for f in frames if f.group != FRAME_AFTER]
    is_inverted = bool(after) and ":" not in text[after[0].end : end]
    if is_inverted and not (before and before[-1].end > after[0].end):
        return None if sheet.has(start, end, "turned_down") else Span(start, after[0].start)
    first = (before or after)[0]
    is_impersonal = text.startswith("asks", first.start)  # "efficiency asks whether"
    low, high = start if is_impersonal else first.start, end
    for down in sheet.within(start, end, "turned_down"):
        turn = _BUT.search(text, down.end, end)
        if turn:
            low = max(low, turn.end())
        elif down.start > low:
            high = min(high, down.start)
        else:
            return None
    return Span(low, high) if low < high else None


def _unframed(sheet: CueSheet, span: Span) -> tuple[int, int]:
    """An item without the frame that leads to it; a question word that ends the frame is the item's own."""
    start = span.start
    for frame in sheet.within(span.start, span.end, *FRAMES_BEFORE):
        if frame.start > span.start + FRAME_REACH:
            break
        own = _TRAILING_WH.search(sheet.shadow.text, frame.start, frame.end)
        reached = own.start() if own else frame.end
        if len(sheet.shadow.text[reached : span.end].split()) >= MIN_REST_WORDS:
            start = max(start, reached)
        if own:
            break
    return start, span.end


def _following(parsed: ParsedEssay, sheet: CueSheet, index: int) -> tuple[int, list[Span]]:
    """Questions and enumerated sentences straight after an announcement, and the index of the last of them."""
    found: list[Span] = []
    last = index
    for position in range(index + 1, min(index + 1 + MAX_NEIGHBOURS, len(parsed.sentences))):
        start, end, is_question = _sentence(sheet, parsed.sentences[position])
        is_same_block = parsed.sentences[position].block_index == parsed.sentences[index].block_index
        if not is_same_block or not (is_question or _ENUMERATED.match(sheet.shadow.text, start, end)):
            break
        found += split_items(sheet.shadow.text, start, end)
        last = position
    return last, found


def _preceding(parsed: ParsedEssay, sheet: CueSheet, index: int) -> list[Span]:
    """The questions just before "those are my questions"."""
    found: list[Span] = []
    for position in range(index - 1, max(-1, index - 1 - MAX_NEIGHBOURS), -1):
        start, end, is_question = _sentence(sheet, parsed.sentences[position])
        if parsed.sentences[position].block_index != parsed.sentences[index].block_index or not is_question:
            break
        found = split_items(sheet.shadow.text, start, end) + found
    return found


def _sentence(sheet: CueSheet, sentence: Sentence) -> tuple[int, int, bool]:
    start, end = sheet.shadow.to_shadow(sentence.start), sheet.shadow.to_shadow(sentence.end)
    return start, end, sheet.shadow.text[start:end].rstrip("\"' ").endswith("?")


def split_items(text: str, start: int, end: int) -> list[Span]:
    """Take an announcement apart at its stops, its questions and its 'and how'."""
    edges = [start]
    for match in _SPLIT.finditer(text, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    items: list[Span] = []
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if tail := _TAIL.search(text, low, high):
            high = tail.start()
        if low > start and _MAIN_CLAUSE.match(text, low, high):
            continue
        words = [*_NON_SPACE.finditer(text, low, high)]
        if len(words) > MAX_ITEM_WORDS:
            high = words[MAX_ITEM_WORDS - 1].end()
        if sum(word.end() - word.start() for word in words) >= MIN_ITEM_LETTERS:
            items.append(Span(low, high))
    return items


_NON_SPACE = re.compile(r"\S+")
_BUT = re.compile(r"\b(?:but|what matters|instead)\b")
_JUDGING = re.compile(
    r"\b(?:judg|test|measur|weigh|standard|criteri|yardstick|decid|compar|assess|question|ask)\w*"
    r"|\bknow (?:if|what|whether|how|who|why)\b",
)
_EXPLICIT = re.compile(
    r"\b(?:judg(?:e|ed|es|ing)|measur(?:e|ed|ing)|assess(?:ed|ing)?|weigh(?:ed|ing)?|test(?:ed|ing)?|compar(?:e|ed|ing))"
    r"\b[^.?!;]{0,40}?\b(?:by|against|on|in terms of|according to)\s+(?:how|what|who|whom|whose|which|whether|the|"
    r"their|its|his|her|this|these)\b"
    r"|\b(?:similar|different|alike|same|differ|differed|unlike)\b[^.?!;]{0,20}\bin terms of\b"
    r"|\bset against\b|\bwhat matters\b|\b(?:criteri(?:on|a)|yardsticks?)\b"
    r"|\b(?:two|three|four|2|3)\s+(?:\w+\s+)?(?:questions|tests|standards|measures)\b"
)
_NUMBERED_LIST = (
    r"\b(?:two|three|four|several|a few|2|3)\b[^.,:;]{0,40}\b(?:things?|ways?|questions?|tests?|standards?|criteria|"
    r"headings?|measures|yardsticks|respects|areas|factors|aspects|issues|matters|points|levels|fronts)\b"
)
_NUMBERED = re.compile(_NUMBERED_LIST)
_COUNTED = re.compile(rf"{_NUMBERED_LIST}|\b(?:questions?|tests?|standards?|criteria)\b[^.,:;]*$")
_ENUMERATED = re.compile(
    r"(?:one|first(?:ly)?|second(?:ly)?|third(?:ly)?|the (?:first|second|third|other|last)|another|finally|lastly|"
    r"and)\b"
)
_TRAILING_WH = re.compile(r"(?:how|what|who|whom|whose|which|why|where|were|when|whether|wether|if|the)$")
_WH = (
    r"(?:(?:by|to|at|in|on|for|from|of|with|under|about|against|over|then|then at|then by|watch|ask|see|look at)\s+)?"
    r"(?:how|what|who|whom|whose|which|why|where|when|whether|wether)"
)
_NEXT = rf"(?:{_WH}|did|do|does|was|were|is|are|has|have|had|can|could|by|then|at the|by the|in the)"
_SPLIT = re.compile(
    r"[;:?!.–—]"
    r"|,\s*(?:and\s+)?(?=(?:there|it|they|both|we|i|the two)\b)"
    rf"|,\s*(?:and\s+|but\s+|or\s+)?(?:then\s+|also\s+)?(?={_NEXT}\b)"
    r"|,\s*and\s+(?=this\b)|,\s*(?:and\s+)?(?:namely|that is|first(?:ly)?|second(?:ly)?|third(?:ly)?)\b,?\s*"
    rf"|\s+and\s+(?:then\s+|also\s+|secondly\s+|thirdly\s+|lastly\s+)?"
    rf"(?=(?:{_WH}|did|do|does|was|were|then|at the|by the)\b)"
    r"|\s+and\s+then\s+|\s+from\s+(?=the\b)"
)
_TAIL = re.compile(
    r",\s*(?:because|since|as|which|so that|although|though|but|rather than|instead of|even if|not)\b.*", re.S
)
# A piece that is the sentence's main clause, not a standard: "if we judge by reach, | there is little between them".
_MAIN_CLAUSE = re.compile(
    r"\s*(?:(?:i|we) (?:shall |will |would )?(?:argue|say|think|believe|conclude)"
    r"|(?:there|it|they|both|we|you|the two) (?:is|are|was|were|will|would|can|seems?|find|see|have|had))\b"
)
