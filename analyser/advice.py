"""Everything the tool can say about a rubric: what its words show, and what the trained models make of it."""

from __future__ import annotations

import re
from pathlib import Path

from analyser.alignment.overlaps import find_overlaps
from analyser.errors import DraftError
from analyser.feedback.leaks import leaking_hints
from analyser.pipeline import analyse_essay
from analyser.records import EvidenceItem, Rubric
from analyser.rubrics import read_rubric
from analyser.rubrics.editing import read_rubric_text
from analyser.rubrics.positions import read_yaml
from analyser.rubrics.quality import Advice, Examined, find_advice
from analyser.rubrics.words import find_words
from analyser.text.model_answer import model_answer_path


def advise_rubric(file: Path) -> list[Advice]:
    """Advice on the rubric in a file, in the order of its lines; raises RubricError for one that is not valid.

    A model answer that lies beside the rubric is read like a draft.
    """
    rubric = read_rubric(file)
    _, lines = read_yaml(file)
    items = read_rubric_text(file.read_bytes().decode("utf-8-sig"), str(file)).items()
    examined = Examined(
        overlaps=find_overlaps(rubric),
        leaks=leaking_hints(rubric),
        unseen=_unseen(rubric, file.parent),
        n_checks=sum(bool(chunk.checks()) for chunk in items),
    )
    return find_advice(rubric, lines, examined)


def _unseen(rubric: Rubric, folder: Path) -> list[str]:
    """Points and evidence that the model answer beside a rubric does not hold."""
    answer = model_answer_path(folder)
    if answer is None:
        return []
    try:
        found = analyse_essay(answer, rubric)
    except DraftError:  # what is wrong with a file is told when it is used as a draft
        return []
    points = [match.id for match in found.matches if match.status == "missing"]
    missing = {finding.id for finding in found.findings.evidence if finding.status == "missing"}
    said = {word.key for word in find_words(found.essay.text)}
    return points + [item.id for item in rubric.evidence if item.id in missing and not _is_written(item, said)]


def _is_written(item: EvidenceItem, said: set[str]) -> bool:
    """Whether every word of one of an item's names stands in a text, though it may mean something else there."""
    names = (re.sub(r"\([^()]*\)", " ", item.name), *item.aliases)
    return any(said.issuperset(keys) for name in names if (keys := [word.key for word in find_words(name)]))
