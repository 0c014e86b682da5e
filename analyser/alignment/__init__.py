"""Alignment: which points of the rubric a draft makes."""

from analyser.alignment.aligner import Aligner, LexicalAligner, load_aligner, with_learned
from analyser.alignment.answers import AnswerReader, load_answers

__all__ = ["Aligner", "AnswerReader", "LexicalAligner", "load_aligner", "load_answers", "with_learned"]
