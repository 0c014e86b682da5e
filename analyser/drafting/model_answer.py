"""A file -> the model answer: its question apart from what follows it, and word of a second question."""

from __future__ import annotations

import re
from pathlib import Path

from analyser.drafting.cue_groups import has_cue
from analyser.drafting.records import ModelAnswer
from analyser.errors import DraftError
from analyser.records import Block, Essay, Notice
from analyser.text.reading import read_essay

# Blocks from the top among which the question is looked for, and the most words it may have (front_matter.py: 80).
MAX_BLOCKS_ABOVE = 6
MAX_QUESTION_WORDS = 80
MIN_TITLE_WORDS = 6
# Words of a paragraph from which it is too long to be one paragraph of an answer.
MANY_PARAGRAPH_WORDS = 1500
LABEL = re.compile(r"^\s*(?:(?:exam |essay )?question|title|essay|q)\s*\d*\s*[:.)]\s*|^\s*\d{1,2}\s*[.)]\s+", re.I)
MARKS = re.compile(r"\s*[(\[]\s*\d{1,3}\s*(?:marks?)?\s*[)\]]\s*$", re.I)
ASKS = re.compile(r"\?[\"”’')\]]*(?=\s|$)")
TASK = re.compile(r"\b(?:how far do you agree|discuss|compare|assess|to what extent)\b", re.I)
SENTENCE_END = re.compile(r"(?<=[.?!])[\"”’')\]]*\s+(?=[\"“‘'(]?[A-Z])")


def read_model_answer(source: str | Path, question: str = "") -> ModelAnswer:
    """Read a model answer; ``question`` is the question where the file does not hold it.

    Raises DraftError (E1xx) for a file that cannot be read and E361 where there is no question.
    """
    essay = read_essay(source)
    places = _questions(essay)
    notices = [n for n in essay.notices if n.code not in ("N102",)]
    if question:
        found, cut = question, places[0][1] if places else 0
    elif places:
        found, cut = places[0]
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
        text = "A paragraph of the file is very long. Where one idea ends and the next begins was guessed from its sentences."
        notices.append(Notice("N362", text))
    return ModelAnswer(essay, _clean(found), blocks, tuple(notices))


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
        if is_short and (_is_question(text) and (is_own_block or ASKS.search(text[-4:] + " ")) or is_first):
            found.append((text, block.end))
        elif index < MAX_BLOCKS_ABOVE and not found:
            if length := _question_at_start(text):
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
        words = set(re.findall(r"\w+", text.lower()))
        if all(len(words & set(re.findall(r"\w+", t.lower()))) < 0.6 * len(words) for t, _ in kept):
            kept.append((text, end))
    return kept


def _clean(question: str) -> str:
    return MARKS.sub("", LABEL.sub("", " ".join(question.split()))).strip()


def _start(text: str, n_words: int = 8) -> str:
    words = _clean(text).split()
    return " ".join(words[:n_words]) + (" …" if len(words) > n_words else "")
