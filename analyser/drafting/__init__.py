"""Drafting: a model answer or mark scheme -> a rubric for the teacher to check."""

from analyser.drafting.drafter import draft_rubric
from analyser.drafting.records import DraftedRubric, Note

__all__ = ["DraftedRubric", "Note", "draft_rubric"]
