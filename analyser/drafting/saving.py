"""A drafted rubric -> its folder: the rubric, the model answer's text, and the draft as made, for later merging."""

from __future__ import annotations

from pathlib import Path

from analyser.drafting.records import DraftedRubric
from analyser.drafting.updating import merge
from analyser.drafting.writing import write_yaml
from analyser.errors import UsageError
from analyser.rubrics.editing_files import save_whole
from analyser.rubrics.reading import read_rubric, rubric_from_text

RUBRIC_FILE, ANSWER_FILE, BASE_FILE = "rubric.yaml", "model_answer.txt", ".drafted.yaml"


def save_draft(drafted: DraftedRubric, folder: Path, *, update: bool = False) -> Path:
    """Write the folder; the path of its rubric. Raises UsageError (E305, E367) and, for a broken rubric, RubricError.

    With ``update`` a rubric that is there is merged with, and kept as it is where the teacher has edited it. Another
    model answer that is there is kept beside the new one, as .bak.
    """
    path = folder / RUBRIC_FILE
    text = write_yaml(drafted)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        merged = text
        if update and path.exists():
            read_rubric(path)
            current = path.read_text(encoding="utf-8-sig")
            base = folder / BASE_FILE
            merged = merge(current, drafted, base.read_text(encoding="utf8") if base.exists() else "")
        rubric_from_text(merged, str(path))
        answer, data = folder / ANSWER_FILE, _encoded(drafted.answer)
        if answer.exists() and (before := answer.read_bytes()) != data:
            save_whole(answer.with_name(f"{ANSWER_FILE}.bak"), before)
        save_whole(path, _encoded(merged))
        save_whole(answer, data)
        save_whole(folder / BASE_FILE, _encoded(text))
    except OSError as error:
        raise UsageError(
            "E367",
            f"the folder cannot be written ({error.strerror}).",
            where=str(folder),
            hint="Choose another with -o.",
        ) from None
    return path


def _encoded(text: str) -> bytes:
    return (text if text.endswith("\n") else text + "\n").encode("utf8")
