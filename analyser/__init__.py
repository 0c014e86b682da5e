"""Feedback on comparison essays, measured against a rubric: what is there, what is missing, never a mark.

>>> from analyser import analyse_essay, load_rubric
>>> feedback = analyse_essay("draft.docx", load_rubric("stalin-lenin-terror"))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from analyser.classroom import analyse_class
    from analyser.pipeline import Prepared, analyse_essay, prepare
    from analyser.rubrics import load_rubric

__all__ = ["Prepared", "__version__", "analyse_class", "analyse_essay", "load_rubric", "prepare"]

_HOME = dict.fromkeys(("Prepared", "analyse_essay", "prepare"), "analyser.pipeline") | {
    "load_rubric": "analyser.rubrics",
    "analyse_class": "analyser.classroom",
}


def __getattr__(name: str) -> Any:
    """Load the public names when they are first asked for, so that ``analyser --version`` need not load spaCy."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'analyser' has no attribute '{name}'")
