"""Feedback: what to raise, in what order, in which words. The words are data (wording.toml)."""

from analyser.feedback.composing import compose_feedback
from analyser.feedback.leaks import leaking_hints
from analyser.feedback.wording import explanations

__all__ = ["compose_feedback", "explanations", "leaking_hints"]
