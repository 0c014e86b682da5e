"""A drafted rubric -> its folder: the rubric, the model answer's text, and the draft as made, for later merging."""

from __future__ import annotations

from pathlib import Path

from analyser.drafting.records import DraftedRubric
from analyser.drafting.updating import merge
from analyser.drafting.writing import write_yaml
from analyser.errors import UsageError
from analyser.rubrics.reading import rubric_from_text

RUBRIC_FILE, ANSWER_FILE, BASE_FILE = "rubric.yaml", "model_answer.txt", ".drafted.yaml"


def save_draft(drafted: DraftedRubric, folder: Path, *, update: bool = False) -> Path:
    """Write the folder; the path of its rubric. Raises UsageError (E367) and, for a broken rubric, RubricError.

    With ``update`` a rubric that is there is merged with, and kept as it is where the teacher has edited it.
    """
    path = folder / RUBRIC_FILE
    text = write_yaml(drafted)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        merged = text
        if update and path.exists():
            current = path.read_text(encoding="utf-8-sig")
            rubric_from_text(current, str(path))
            base = folder / BASE_FILE
            merged = merge(current, drafted, base.read_text(encoding="utf8") if base.exists() else "")
        rubric_from_text(merged, str(path))
        for name, content in ((RUBRIC_FILE, merged), (ANSWER_FILE, drafted.answer), (BASE_FILE, text)):
            _write(folder / name, content)
    except OSError as error:
        raise UsageError(
            "E367",
            f"the folder cannot be written ({error.strerror}).",
            where=str(folder),
            hint="Choose another with -o.",
        ) from None
    return path


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text if text.endswith("\n") else text + "\n", encoding="utf8", newline="\n")
    temporary.replace(path)
