"""A file -> the model answer: its question apart from what follows it, and word of a second question."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from analyser.drafting.cue_groups import has_cue
from analyser.drafting.records import ModelAnswer
from analyser.errors import DraftError
from analyser.records import Block, Essay, Notice
from analyser.rubrics.names import stopwords
from analyser.rubrics.words import find_words
from analyser.text.reading import read_essay

# Blocks from the top among which the question is looked for, and the most words it may have (front_matter.py: 80).
MAX_BLOCKS_ABOVE = 6
MAX_QUESTION_WORDS = 80
MIN_TITLE_WORDS = 6
# Share (0 to 1) of a question's own words from which it repeats another.
SAME_QUESTION = 0.5
# Words of a paragraph from which it is too long to be one paragraph of an answer.
MANY_PARAGRAPH_WORDS = 1500
# Level descriptors that make a text a list of them, and their share (0 to 1) of its blocks.
MIN_LEVELS, LEVELS_RATIO = 2, 0.4
LEVELS_ONLY = "it holds level descriptors and no answer: they say how good an answer is, not what is in it."
LEVELS_HINT = "Give the indicative content or a model answer; paste the descriptors under 'levels:' of the rubric."
LEVEL_LINE = re.compile(r"\W*(?:level|band|l)\s*\d\b", re.I)
LABEL = re.compile(r"^\s*(?:(?:exam |essay )?question|title|essay|q)\s*\d*\s*[:.)]\s*|^\s*\d{1,2}\s*[.)]\s+", re.I)
MARKS = re.compile(r"\s*[(\[]\s*\d{1,3}\s*(?:marks?)?\s*[)\]]\s*$", re.I)
ASKS = re.compile(r"\?[\"”’')\]]*(?=\s|$)")
TASK = re.compile(r"\b(?:how far do you agree|discuss|compare|assess|to what extent)\b", re.I)
SENTENCE_END = re.compile(r"(?<=[.?!])[\"”’')\]]*\s+(?=[\"“‘'(]?[A-Z])")


def read_model_answer(
    source: str | Path, question: str = "", *, tell_rows: Callable[[Essay, str], Essay] | None = None
) -> ModelAnswer:
    """Read a model answer; ``question`` is the question where the file does not hold it.

    ``tell_rows`` puts what the rows of tables say in the place of their cells, once the question is known.
    Raises DraftError (E1xx) for a file that cannot be read and E361 where there is no question.
    """
    essay = read_essay(source)
    if tell_rows is not None:
        places = _questions(essay)
        essay = tell_rows(essay, question or (_clean(places[0][0]) if places else ""))
    places = _questions(essay)
    notices = [n for n in essay.notices if n.code not in ("N102",)]
    if question:
        found, cut = question, places[0][1] if places else 0
    elif places:
        found, cut = places[0]
    elif levels_only(essay):
        raise DraftError("E364", LEVELS_ONLY, where=essay.source, hint=LEVELS_HINT)
    else:
        raise DraftError(
            "E361",
            "no comparison question was found in it.",
            where=essay.source,
            hint='Put the question on the first line of the file, or give it with --question "...".',
        )
    stop = len(essay.text)
    others = [(text, end) for text, end in places[1:] if end > cut]
    if others:
        stop = others[0][1] - len(others[0][0])
        text = (
            f"The file holds {len(places)} questions. The first was drafted: give each question a file of its own "
            f"(the next one begins “{_start(others[0][0])}”)."
        )
        notices.append(Notice("N361", text))
    blocks = tuple(
        Block(max(b.start, cut), b.end, b.kind if b.kind != "front_matter" else "paragraph", b.level)
        for b in essay.blocks
        if b.end > cut and b.start < stop and not (b.kind == "front_matter" and b.end <= cut)
    )
    blocks = tuple(b for b in blocks if essay.text[b.start : b.end].strip() and not _is_front(essay, b))
    if any(len(essay.text[b.start : b.end].split()) >= MANY_PARAGRAPH_WORDS for b in blocks):
        text = "A paragraph is very long: where one idea ends and the next begins was guessed from its sentences."
        notices.append(Notice("N362", text))
    return ModelAnswer(essay, _clean(found), blocks, tuple(notices))


def levels_only(essay: Essay) -> bool:
    """Whether a text is level descriptors and little else."""
    blocks = [essay.text[b.start : b.end] for b in essay.blocks]
    n_levels = sum(LEVEL_LINE.match(text) is not None for text in blocks)
    return n_levels >= MIN_LEVELS and n_levels >= LEVELS_RATIO * len(blocks)


def _is_front(essay: Essay, block: Block) -> bool:
    """Whether a block was front matter other than the question: a name, a date, a class."""
    return any(b.kind == "front_matter" and b.start == block.start for b in essay.blocks)


def _questions(essay: Essay) -> list[tuple[str, int]]:
    """The comparison questions of a file with where each ends: blocks of their own, or sentences at the very top."""
    found: list[tuple[str, int]] = []
    for index, block in enumerate(essay.blocks):
        text = essay.text[block.start : block.end]
        is_short = len(text.split()) <= MAX_QUESTION_WORDS
        is_own_block = block.kind in ("front_matter", "heading") or index == 0 or bool(LABEL.match(text))
        is_first = not found and index < MAX_BLOCKS_ABOVE and bool(ASKS.search(MARKS.sub("", text)[-3:] + " "))
        if is_short and ((_is_question(text) and (is_own_block or ASKS.search(text[-4:] + " "))) or is_first):
            found.append((text, block.end))
        elif index < MAX_BLOCKS_ABOVE and not found and (length := _question_at_start(text)):
            found.append((text[:length], block.start + length))
    if not found:  # a title of some length above the answer: "Compare ...", "Assess the view that ..."
        titles = [b for b in essay.blocks[:MAX_BLOCKS_ABOVE] if b.kind in ("front_matter", "heading")]
        texts = [(essay.text[b.start : b.end], b.end) for b in titles]
        found = [(text, end) for text, end in texts if MIN_TITLE_WORDS <= len(text.split()) <= MAX_QUESTION_WORDS][:1]
    return _apart(found)


def _question_at_start(text: str) -> int:
    """The length of the question that a paragraph opens with; 0 for none."""
    edges = [m.end() for m in SENTENCE_END.finditer(text)][:3] or [0]
    for edge in edges:
        if edge and _is_question(text[:edge].strip()):
            return edge
    return 0


def _is_question(text: str) -> bool:
    bare = MARKS.sub("", LABEL.sub("", text)).strip()
    is_asked = bool(ASKS.search(bare + " ")) or bool(re.match(r"[\"“‘'].*[\"”’']\.?\s*\w", bare) and TASK.search(bare))
    is_task = bool(re.match(r"(?:discuss|compare|assess|evaluate)\b", bare, re.I)) and len(bare.split()) > 4
    return (is_asked or is_task) and has_cue(bare, "comparing") and len(bare.split()) <= MAX_QUESTION_WORDS


def _apart(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Without repetitions of the first question (a title that is copied below)."""
    kept: list[tuple[str, int]] = []
    for text, end in found:
        words = _topic(text)
        if all(len(words & _topic(t)) < SAME_QUESTION * max(1, len(words)) for t, _ in kept):
            kept.append((text, end))
    return kept


def _topic(question: str) -> set[str]:
    """The words of a question that say what it is about."""
    words = {w.key for w in find_words(_clean(question))}
    return {w for w in words - stopwords() if not has_cue(w, "comparing") and w != "how"}


def _clean(question: str) -> str:
    return MARKS.sub("", LABEL.sub("", " ".join(question.split()))).strip()


def _start(text: str, n_words: int = 8) -> str:
    words = _clean(text).split()
    return " ".join(words[:n_words]) + (" …" if len(words) > n_words else "")
