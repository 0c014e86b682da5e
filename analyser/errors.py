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
EXPLANATIONS: dict[str, str] = {
    "E200": "No rubric with this id or at this path. `analyser rubric list` shows the shipped ones.",
    "E201": "The rubric file exists but cannot be read: check that you may open it.",
    "E202": "The rubric file is far larger than a rubric can be.",
    "E203": "Rubric files are UTF-8 text. Save it again as UTF-8 in your editor.",
    "E204": "The file is not valid YAML. Most often a tab, a wrong indentation or a missing quotation mark.",
    "E205": "A rubric is a mapping that starts with 'id:', 'question:', 'sides:'. Copy a shipped rubric to start from.",
    "E206": "YAML anchors and aliases are not needed in a rubric and can make endless loops; write the text out.",
    "E207": "One key stands twice in the same entry, so one of the two values would be lost.",
    "E211": "A key that rubrics do not have, perhaps misspelt. The message lists what is allowed there.",
    "E212": "Required: id, question, sides (a and b), judgement and at least one point with id, kind and statement.",
    "E213": "The value is not one of those allowed; the message lists them.",
    "E214": "The value has the wrong form, for example text where a number belongs, or an empty text.",
    "E215": "Ids tie feedback, corrections and reports to the rubric, so each may stand only once.",
    "E216": "A point may name only evidence that stands under 'evidence' of the same rubric.",
    "E217": "The two sides must have different names.",
    "E301": "`analyser explain` knows the codes of errors (E), notices (N), messages (P) and observations (O).",
    "E302": "Completion scripts exist for bash, zsh and fish.",
    "E303": "The name given with -o is a folder.",
    "E304": "The folder of the file given with -o does not exist.",
    "E305": "The output file could not be written; nothing was left half-written.",
    "E401": "The files of a trained model are damaged. Installing the package again restores them.",
}
