"""Blocks -> sentences, for the prose of students: run-ons, no capitals, bullet notes, headings, quotations.

Punctuation decides wherever there is any. The parser adds a boundary only where a line or a clause ends without a mark
and the next one starts with a capital, and stretches without any full stop are cut at their clauses.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from analyser.records import Block, Essay, Sentence

# Words above which a "sentence" is cut at its best comma or conjunction: student prose without full stops.
# Set by hand, well above the length of a sentence that a reader follows.
MAX_SENTENCE_WORDS = 60
# Fewest words on either side of a boundary that only the parser sees.
MIN_PARSED_WORDS = 4
SENTENCE_END = re.compile(r"(?:[.!?]|…)+[\"'”’)\]]*(?=\s+[^\s])")
SPACE = re.compile(r"\s+")
# Abbreviations and initials whose full stop does not end a sentence: titles, references, Latin.
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Rev|Gen|Col|Capt|Lt|vs|cf|viz|eds?|vol|pp?|ca?|approx|fig|e\.g|i\.e|al|nos?)|\bv)\.$",
    re.I,
)
NUMBER_AFTER = re.compile(r"\s*\d")
CAN_END = re.compile(r"\b(?:eds?|vol|no|nos|fig|al|c|p|st|gen|col)\.$", re.I)
INITIAL = re.compile(r"(?:^|[\s.(\"“‘'])([A-Za-z])\.$")
LIST_NUMBER = re.compile(r"\s*[(]?(?:\d{1,2}|[ivx]{1,4}|[a-z])[.)]$", re.I)
# A word with a capital only because it opens a sentence (Quirk et al. 1985: the closed classes), after an initial.
OPENER = re.compile(
    r"(?:the|a|an|he|she|it|they|we|i|you|this|that|these|those|there|in|on|at|by|for|from|with|to|but|and|so|as|if|when"
    r"|while|although|however|both|neither|his|her|their|its|what|who|why|how|after|before|then|thus|therefore|lots|most"
    r"|many|some|one|another|first|also|not|no|all)\b",
    re.I,
)
CLAUSE_BREAK = re.compile(r"[,;:–—]\s+|\s+(?=(?:and|but|so|because|then|while|whereas|although|however)\b)", re.I)


def find_sentences(essay: Essay, doc: Any) -> tuple[Sentence, ...]:
    """Sentences inside each block, in order; front matter has none."""
    parsed = _parsed_starts(doc)
    found: list[Sentence] = []
    for index, block in enumerate(essay.blocks):
        if block.kind == "front_matter":
            continue
        edges = [block.start, *_starts(essay.text, block, parsed), block.end]
        for start, end in pairwise(edges):
            for a, b in cut_long(essay.text, start, end):
                a, b = trim(essay.text, a, b)
                if a < b:
                    found.append(Sentence(a, b, index))
    return tuple(found)


def rule_starts(text: str, block: Block) -> Iterator[int]:
    """Where sentences after the first begin in a block, by punctuation alone."""
    for match in SENTENCE_END.finditer(text, block.start, block.end):
        following = SPACE.match(text, match.end())
        if following and following.end() < block.end and _ends_sentence(text, block.start, match, following.end()):
            yield following.end()


def _ends_sentence(text: str, block_start: int, match: re.Match[str], next_start: int) -> bool:
    if "!" in match[0] or "?" in match[0]:
        # A question or cry inside a sentence goes on in lower case after a closing quotation mark: 'why?' he asked.
        return not (match[0][-1] in "\"'”’" and text[next_start].islower())
    before = text[max(block_start, match.start() - 14) : match.start() + 1]
    if match[0].startswith("..") or match[0].startswith("…"):
        return not text[next_start].islower()
    if initial := INITIAL.search(before):
        is_lone = initial[1].islower() and initial[1] not in "ai"
        return (bool(OPENER.match(text, next_start)) and not is_lone) or (
            text[next_start].islower() and initial[1] in "iI"
        )
    if LIST_NUMBER.fullmatch(text[block_start : match.start() + 1]):
        return False
    if ABBREVIATION.search(before):
        is_reference = CAN_END.search(before) is not None
        return is_reference and not NUMBER_AFTER.match(text, match.end()) and bool(OPENER.match(text, next_start))
    return True


def _starts(text: str, block: Block, parsed: list[int]) -> list[int]:
    by_rule = list(rule_starts(text, block))
    edges = [block.start, *by_rule, block.end]
    low, high = bisect_left(parsed, block.start + 1), bisect_left(parsed, block.end)
    extra = [p for p in parsed[low:high] if p not in by_rule and _is_unmarked_end(text, p, edges)]
    return sorted({*by_rule, *extra})


def _is_unmarked_end(text: str, position: int, edges: list[int]) -> bool:
    """Whether a boundary that only the parser sees is one: enough words on both sides, no mark, a capital opener."""
    index = bisect_left(edges, position)
    before, after = text[edges[index - 1] : position], text[position : edges[index]]
    if min(len(before.split()), len(after.split())) < MIN_PARSED_WORDS:
        return False
    has_line_end = "\n" in before[len(before.rstrip()) :]
    is_open = before.rstrip()[-1:].isalnum()
    return has_line_end or (is_open and text[position].isupper() and OPENER.match(text, position) is not None)


def _parsed_starts(doc: Any) -> list[int]:
    if not doc.has_annotation("DEP"):
        return []
    return [token.idx for token in doc if token.is_sent_start and not token.is_space]


def cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch of over MAX_SENTENCE_WORDS words at the clause break nearest its middle, again and again."""
    stack = [(start, end)]
    while stack:
        a, b = stack.pop()
        if len(text[a:b].split()) <= MAX_SENTENCE_WORDS:
            yield a, b
            continue
        middle = (a + b) // 2
        quarter = (b - a) // 4
        cuts = [m.end() for m in CLAUSE_BREAK.finditer(text, a + quarter, b - quarter)]
        if not cuts:
            space = text.find(" ", middle, b)
            cuts = [space + 1] if space > 0 else []
        if not cuts:
            yield a, b
            continue
        cut = min(cuts, key=lambda c: abs(c - middle))
        stack += [(cut, b), (a, cut)]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
