"""Errors a user can meet: each has a permanent code, says where, what was found, what is allowed and what to do.

``EXPLANATIONS`` is the text behind ``analyser explain CODE``; the same codes mark notices and messages of feedback.
"""

from __future__ import annotations


class AnalyserError(Exception):
    """Base of all errors meant for the user. ``exit_code`` is what the command line returns."""

    exit_code = 2

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = ""):
        self.code, self.message, self.where, self.hint = code, message, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [f"{self.code}:", f"{self.where}:" if self.where else "", self.message, self.hint]
        return " ".join(part for part in parts if part)


class UsageError(AnalyserError):
    """Wrong options, an unknown rubric id, an output that cannot be written."""


class RubricError(AnalyserError):
    """A rubric file that cannot be read or is not valid."""


class DraftError(AnalyserError):
    """A draft that cannot be read as text."""

    exit_code = 3


class TrainedModelError(AnalyserError):
    """A folder of trained weights that is broken."""


# Codes: E1xx drafts, E2xx rubrics, E3xx use, E4xx trained models; N1xx notices about how a draft was read.
EXPLANATIONS: dict[str, str] = {}
