"""Passages of an essay that could make a point: one, two or three consecutive sentences of one paragraph."""

from __future__ import annotations

from dataclasses import dataclass

from analyser.records import ParsedEssay

# Sentences a passage may have: a claim and what it leans on. Set by hand.
MAX_SENTENCES = 3


# Words a passage needs to make a point; "Hello there" makes none.
MIN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``first`` up to but not including ``last`` of the essay; ``start`` and ``end`` are characters."""

    start: int
    end: int
    first: int
    last: int
    block_index: int

    @property
    def n_sentences(self) -> int:
        return self.last - self.first


def find_windows(parsed: ParsedEssay, max_sentences: int = MAX_SENTENCES) -> tuple[Window, ...]:
    """All windows in reading order, shorter before longer at the same start."""
    sentences, blocks = parsed.sentences, parsed.essay.blocks
    windows = []
    for first, sentence in enumerate(sentences):
        if blocks[sentence.block_index].kind in ("heading", "front_matter"):
            continue
        for last in range(first + 1, min(first + max_sentences, len(sentences)) + 1):
            if sentences[last - 1].block_index != sentence.block_index:
                break
            if len(parsed.essay.text[sentence.start : sentences[last - 1].end].split()) < MIN_WORDS:
                continue
            windows.append(Window(sentence.start, sentences[last - 1].end, first, last, sentence.block_index))
    return tuple(windows)
