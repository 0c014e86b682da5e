"""Alignment: which points of the rubric a draft makes."""

from analyser.alignment.aligner import Aligner, LexicalAligner, load_aligner, with_learned

__all__ = ["Aligner", "LexicalAligner", "load_aligner", "with_learned"]
