"""The model answer that lies beside a rubric -> Essay, without its question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analyser.errors import DraftError
from analyser.records import Essay, Rubric
from analyser.text.questions import QUESTION_BLOCKS, is_question
from analyser.text.reading import read_essay

# The first that is there is read; a drafted rubric has the first.
MODEL_ANSWERS = ("model_answer.txt", "model_answer.md", "model_answer.docx", "model_answer.odt", "model_answer.pdf")


def model_answer_path(folder: str | Path) -> Path | None:
    """The model answer in a rubric's folder, or None."""
    paths = (Path(folder) / name for name in MODEL_ANSWERS)
    return next((path for path in paths if path.is_file()), None)


def read_model_answer_of(rubric: Rubric) -> Essay | None:
    """The model answer beside a rubric, its question left out.

    None when there is none, or none that can be read: a rubric works without it, and `analyser rubric check` tells.
    """
    path = model_answer_path(rubric.folder) if rubric.folder else None
    if path is None:
        return None
    try:
        essay = read_essay(path)
    except DraftError:
        return None
    blocks = essay.blocks
    for position, block in enumerate(blocks[:QUESTION_BLOCKS]):
        if is_question(essay.text[block.start : block.end], rubric.question):
            blocks = blocks[position + 1 :]
            break
    kept = tuple(replace(b, kind="paragraph") if b.kind == "front_matter" else b for b in blocks)
    return replace(essay, blocks=kept) if kept else None
