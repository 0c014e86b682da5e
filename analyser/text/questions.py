"""The question that stands above an essay: nobody's claim, and no part of the answer."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from analyser.records import Essay

# Blocks from the top among which the question may stand, and its likeness (0 to 100, rapidfuzz's ratio of characters)
# to the rubric's. Set by hand: a question that lost its dates and some letters still counts.
QUESTION_BLOCKS, SAME_QUESTION = 4, 70
# Only what asks is a question: "It is accurate to say that ..." has nearly all its words and is an answer. The words
# that open or close comparison questions of examination papers.
ASKS = re.compile(
    r"^\W*(?:(?:q(?:uestion)?|essay|title)\s*\d*\s*[:.)-]*\s*)?\W*"
    r"(?:how|to what|what|why|which|in what|do|does|did|is|are|was|were|"
    r"compare|contrast|assess|discuss|evaluate|explain|analyse|consider|examine|outline)\b"
    r"|\bdo you agree|\b(?:assess|discuss|evaluate|explain)\b[^.]{0,40}[.?]?\s*$|\?\W*$",
    re.I,
)


def is_question(words: str, question: str) -> bool:
    """Whether a block repeats the question, perhaps in other letters, and says nothing more."""
    words, question = " ".join(words.lower().split()), " ".join(question.lower().split())
    is_like = fuzz.ratio(words, question) >= SAME_QUESTION or _has_all_of(words, question)
    return is_like and ASKS.search(words) is not None


def _has_all_of(words: str, question: str) -> bool:
    """Whether a block holds the whole question and little else ("Question 3", "Explain your answer")."""
    return len(words) < 2 * len(question) and fuzz.partial_ratio(question, words) >= SAME_QUESTION + 20


def mark_question(essay: Essay, question: str) -> Essay:
    """The essay with a question above it marked as front matter."""
    blocks = list(essay.blocks)
    for position, block in enumerate(blocks[:QUESTION_BLOCKS]):
        if block.kind != "front_matter" and is_question(essay.text[block.start : block.end], question):
            blocks[position] = replace(block, kind="front_matter", level=0)
            break
    return replace(essay, blocks=tuple(blocks)) if blocks != list(essay.blocks) else essay
