"""The labelled development drafts keep every labelled quote, when they are at hand."""

import json
import os
import textwrap
from pathlib import Path

import pytest

from analyser.text.reading import essay_from_text

ROOT = Path(os.environ.get("ANALYSER_ESSAYS") or Path(__file__).resolve().parents[4] / "shared" / "essays")
DRAFTS = sorted(ROOT.glob("q*/*-*.json"))

pytestmark = pytest.mark.skipif(not DRAFTS, reason="no labelled drafts here: set ANALYSER_ESSAYS to their folder")


def quotes_of(value) -> list[str]:
    if isinstance(value, dict):
        return [quote for key, inner in value.items() for quote in ([inner] if key == "quote" else quotes_of(inner))]
    return [quote for inner in value for quote in quotes_of(inner)] if isinstance(value, list) else []


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_text_and_quotes_stay_as_they_are():
    for path in DRAFTS:
        draft = load(path)
        essay = essay_from_text(draft["text"])
        assert essay.text == draft["text"], path
        assert {block.kind for block in essay.blocks} == {"paragraph"}, path
        assert essay.notices == (), path
        assert all(quote in essay.text for quote in quotes_of(draft)), path


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_wrapped_drafts_are_the_same_essays(width):
    for path in DRAFTS:
        text = load(path)["text"]
        wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in text.split("\n\n"))
        assert essay_from_text(wrapped).text == text, path
