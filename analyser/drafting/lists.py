"""Lists inside a sentence: "the scale and methods of terror, and the groups targeted", "what ... and whether ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Words an item of a list of questions has at least: "how hard, how often" is no list of standards.
MIN_QUESTION_WORDS = 3
WH = r"(?:how|what|who|whom|whose|where|why|when|which|whether|to what extent|in what)"
ITEM_START = re.compile(rf"^(?:{WH}|the|a|an|their|his|her|its|each|any|on|in|by)\b", re.I)
SPLIT = re.compile(
    rf"\s*;\s*|,\s*(?:and\s+|or\s+|as well as\s+)?(?:also\s+)?|\s+as well as\s+"
    rf"|\s+and\s+(?:also\s+)?(?=(?:the|on|in|by|{WH})\b)|\?\s+(?=[A-Z])",
    re.I,
)
LIST_START = re.compile(
    r"(?:\b(?:such as|including|namely|for example|for instance|weigh|ask|consider|against|tested by|judged by|"
    r"judged on|judged against|"
    r"measured by|measured against|in terms of|looking at|rest on|rests on|depends? on|turn on|with regard to|"
    r"(?:might|could|may|should|can|would|will) be|are|is|tests?|by|on|over|at)\s+)",
    re.I,
)

# "criteria such as ...": the list is named, and ends where the sentence says what else is to be done.
NAMED_LIST = re.compile(r"\b(?:criteria|standards|grounds|yardsticks) (?:such as|including|like|namely)\s+", re.I)
FURTHER_PREDICATE = re.compile(r",?\s+and (?:will|would|should|must|can|could|may|might)\b", re.I)


def list_items(text: str) -> Iterator[str]:
    """The items of a list; a piece that opens as no item does belongs to the one before."""
    held = ""
    for piece in (p.strip(" ,") for p in SPLIT.split(text)):
        if not piece:
            continue
        if held and not ITEM_START.match(piece):
            held += f", {piece}" if not piece.lower().startswith("and ") else f" {piece}"
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def n_questions(text: str) -> int:
    """How many indirect questions a sentence lists: "where the powers come from, how strong the checks are"."""
    tail = max((text[m.start() :] for m in re.finditer(rf"(?<![\w]){WH}\b", text, re.I)), key=_n_questions, default="")
    return _n_questions(tail)


def _n_questions(text: str) -> int:
    items = list(list_items(text.strip(" .")))
    return sum(bool(re.match(WH + r"\b", i, re.I)) and len(i.split()) >= MIN_QUESTION_WORDS for i in items)


def longest_list(text: str) -> str:
    """The part of a sentence that is its list: after a colon, else after the opener with most items behind it."""
    if named := NAMED_LIST.search(text):
        return FURTHER_PREDICATE.split(text[named.end() :])[0]
    colon = text.find(": ")
    if colon >= 0 and len(list(list_items(text[colon + 2 :]))) > 1:
        return text[colon + 2 :]
    options = [text[m.end() :] for m in LIST_START.finditer(text)]
    options += [text[m.start() :] for m in re.finditer(rf"(?<![\w])(?:{WH}|on|by|in)\b", text, re.I)]
    options = [option for option in options if ITEM_START.match(option)]
    if colon >= 0:
        options.append(text[colon + 2 :])
    return max(options, key=lambda t: (_n_good(t), len(t)), default="")


def _n_good(text: str) -> int:
    return sum(bool(ITEM_START.match(item)) and 2 < len(item.split()) < 26 for item in list_items(text))
