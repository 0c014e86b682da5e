"""Any cross-encoder or natural-language-inference model in a local folder: passage and statement -> the four labels.

Needs the ``stronger`` extra (torch, transformers), which is imported only here. Nothing is downloaded, and no code that
comes with a model is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from analyser.alignment.aligner import Judged
from analyser.errors import TrainedModelError, UsageError
from analyser.readers.opinions import Opinion
from analyser.records import POINT_LABELS, Notice, ParsedEssay, Point, Rubric

# Word pieces of a passage and a statement together; of longer ones the longer part is cut.
MAX_TOKENS = 256
# The model's own probability (0 to 1) from which its word is taken without calibration. Set by hand: sequence
# classifiers are overconfident, so lower values say little.
SURE = 0.9
COVERED, PARTIAL, CONTRADICTED, MISSING = range(len(POINT_LABELS))
# What outputs are called -> the label meant. Sources: the id2label of the MNLI, SNLI, ANLI and FEVER models on the
# Hugging Face hub. Longer names come first, since "not_entailment" holds "entailment".
NAMES: tuple[tuple[tuple[str, ...], int], ...] = (
    (("not_entail", "not entail", "non_entail", "non-entail", "no_entail", "not_enough", "not enough"), MISSING),
    (("entail", "support", "covered"), COVERED),
    (("partial",), PARTIAL),
    (("contradict", "refut"), CONTRADICTED),
    (("neutral", "unrelated", "missing"), MISSING),
)
INSTALL = 'pip install "essay-analyser[stronger]"'


class SequenceClassifier:
    """Pairs of a passage and a statement -> probabilities (n_pairs, 4); each pair is read alone."""

    def __init__(self, model: Any, tokenizer: Any, labels: Sequence[int] | None, name: str):
        """``labels`` has the label of each output; None for one output that scores relevance."""
        self._model, self._tokenizer, self._labels, self.name = model, tokenizer, labels, name

    def score(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        rows = [self._row(passage, statement) for passage, statement in pairs]
        return np.array(rows, dtype=np.float64).reshape(len(pairs), len(POINT_LABELS))

    def _row(self, passage: str, statement: str) -> np.ndarray:
        import torch

        encoded = self._tokenizer(passage, statement, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").to(
            self._model.device
        )
        with torch.inference_mode():
            logits = self._model(**encoded).logits[0].double().cpu().numpy()
        row = np.zeros(len(POINT_LABELS))
        if self._labels is None:
            row[COVERED] = 1 / (1 + np.exp(-logits[0]))
            row[MISSING] = 1 - row[COVERED]
            return row
        exponent = np.exp(logits - logits.max())
        np.add.at(row, list(self._labels), exponent / exponent.sum())
        return row


class ForRubric:
    """A classifier in the place of the matcher's own cross-encoder: it reads bare statements, without the sides."""

    def __init__(self, classifier: SequenceClassifier, statement_by_text: Mapping[str, str]):
        self._classifier, self._statement_by_text = classifier, statement_by_text

    def score(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        return self._classifier.score([(passage, self._statement_by_text.get(text, text)) for passage, text in pairs])


class ClassifierOpinion:
    """A model that has not been calibrated, as a second reader: it may only say that a passage makes the point."""

    def __init__(self, classifier: SequenceClassifier):
        self._classifier, self.name = classifier, classifier.name

    def read(
        self, parsed: ParsedEssay, rubric: Rubric, doubts: Sequence[tuple[Point, Judged]]
    ) -> tuple[Mapping[str, Opinion], tuple[Notice, ...]]:
        text, opinions = parsed.essay.text, {}
        for point, judged in doubts:
            windows = judged.candidates.windows
            scores = self._classifier.score([(text[w.start : w.end], point.statement) for w in windows])
            if len(windows) and scores[:, COVERED].max() >= SURE:
                best = windows[int(scores[:, COVERED].argmax())]
                opinions[point.id] = Opinion("covered", parsed.essay.quote(best.start, best.end))
        return opinions, ()


def load_classifier(source: str) -> SequenceClassifier:
    """The model in a folder, or with this hub name in the local cache.

    Raises UsageError (E390 when the extra is missing) and TrainedModelError (E391 no such model, E392 unknown labels).
    """
    if absent := [name for name in ("torch", "transformers") if find_spec(name) is None]:
        raise UsageError(
            "E390",
            f"--matcher needs packages that are not installed ({', '.join(absent)}).",
            hint=f"Install them with: {INSTALL}",
        )
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    name = Path(source).name if Path(source).is_dir() else source
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        model = AutoModelForSequenceClassification.from_pretrained(source, dtype=torch.float32, **options)
    except Exception as error:  # many kinds, from a missing file to a damaged one
        first = (str(error).strip() or type(error).__name__).splitlines()[0][:160]
        hint = "Give the folder of a sequence-classification model, or a hub name that was downloaded before."
        raise TrainedModelError("E391", f"the model cannot be loaded ({first})", where=source, hint=hint) from None
    model.eval().to("cuda" if torch.cuda.is_available() else "cpu")
    return SequenceClassifier(model, tokenizer, find_labels(model.config.id2label, source), name)


def find_labels(name_by_index: Mapping[int, str], source: str) -> tuple[int, ...] | None:
    """The label of each output, told from its name; None for a single output. Raises TrainedModelError (E392)."""
    names = [str(name_by_index[index]) for index in sorted(name_by_index)]
    if len(names) == 1:
        return None
    labels = [_label(name) for name in names]
    known = [label for label in labels if label is not None]
    if len(known) < len(labels) or COVERED not in known:
        raise TrainedModelError(
            "E392",
            f"its outputs are called {', '.join(names)[:120]}, and which of them means that a point is made is unclear",
            where=source,
            hint='Name them in its config.json, for example "id2label": {"0": "contradiction", "1": "entailment", '
            '"2": "neutral"}.',
        )
    return tuple(known)


def _label(name: str) -> int | None:
    return next((label for parts, label in NAMES if any(part in name.lower() for part in parts)), None)
