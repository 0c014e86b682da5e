"""Feedback on comparison essays, measured against a rubric: what is there, what is missing, never a mark."""

__version__ = "0.1.0"
