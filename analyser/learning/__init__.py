"""Learning from a teacher's corrections: a few numbers a rubric, drawn towards the general matcher."""

from analyser.learning.learning import Outcome, forget, learn

__all__ = ["Outcome", "forget", "learn"]
