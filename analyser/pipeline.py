"""Read, parse, find, align, compose: the five steps in order. Holds no rules of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analyser.alignment import Aligner, AnswerReader, LexicalAligner, load_answers
from analyser.detectors import Lexicons, find_all, prepare_lexicons
from analyser.feedback import compose_feedback
from analyser.readers import Reading, SecondReader, prepare_readers, settle
from analyser.records import Essay, Feedback, Notice, Rubric
from analyser.rubrics import load_rubric
from analyser.text.parsing import load_pipeline, parse_essay, pipeline_name
from analyser.text.reading import read_essay

if TYPE_CHECKING:
    from spacy.language import Language


UNTRAINED_MATCHER = Notice(
    "N208",
    "The trained matcher is not installed, so points are looked for by shared words and most stay unsure. Install "
    "essay-analyser again to restore it.",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rubric made ready once for any number of drafts: its evidence lexicon and its encoded points.

    ``second`` reads again what the aligner leaves unsure, ``answers`` what is found of judgement and criteria.
    ``notices`` are told with every draft.
    """

    rubric: Rubric
    nlp: Language
    lexicons: Lexicons
    aligner: Aligner
    second: SecondReader | None = None
    answers: AnswerReader | None = None
    notices: tuple[Notice, ...] = ()


def prepare(rubric: Rubric | str | Path, reading: Reading | None = None) -> Prepared:
    """Read (if need be), check and encode a rubric; ``reading`` names stronger readers.

    Raises RubricError, and for stronger readers UsageError and TrainedModelError.
    """
    if not isinstance(rubric, Rubric):
        rubric = load_rubric(rubric)
    lexicons = prepare_lexicons(rubric)
    aligner, second, notices = prepare_readers(rubric, reading or Reading(), lexicons.evidence)
    if isinstance(aligner, LexicalAligner):
        notices = (UNTRAINED_MATCHER, *notices)
    return Prepared(rubric, load_pipeline(), lexicons, aligner, second, load_answers(rubric), notices)


def analyse_essay(
    draft: Essay | str | Path, rubric: Prepared | Rubric | str | Path, *, reveal: bool = False
) -> Feedback:
    """Feedback on one draft.

    ``draft`` is an Essay or the path of a file; ``rubric`` a shipped id, a path, a Rubric, or a rubric prepared for
    many drafts. With ``reveal`` the messages may state what the rubric says (for teachers). The same draft and rubric
    always give the same feedback. Raises DraftError (unreadable draft) and RubricError.
    """
    prepared = rubric if isinstance(rubric, Prepared) else prepare(rubric)
    essay = draft if isinstance(draft, Essay) else read_essay(draft)
    parsed = parse_essay(essay, prepared.rubric, prepared.nlp)
    findings = find_all(parsed, prepared.rubric, prepared.lexicons, prepared.answers)
    models = {"pipeline": pipeline_name(prepared.nlp), "matcher": prepared.aligner.name}
    notices = (*parsed.essay.notices, *prepared.notices)
    if prepared.second is None:
        matches = prepared.aligner.align(parsed, findings)
    else:
        judged = prepared.aligner.judge(parsed, findings)
        matches, told = settle(prepared.second, parsed, prepared.rubric, findings, judged)
        notices, models = (*notices, *told), {**models, "second reader": prepared.second.name}
    return compose_feedback(
        replace(parsed.essay, notices=notices),
        prepared.rubric,
        findings,
        matches,
        reveal=reveal,
        trained_models=models,
    )
