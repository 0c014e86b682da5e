"""Which readers a run uses: the matcher's own, one the user has calibrated in its place, and a second reader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from analyser.alignment import Aligner, load_aligner, with_learned
from analyser.alignment.aligner import TopModel, TrainedAligner
from analyser.alignment.wordings import rejected_texts, wording_texts
from analyser.errors import TrainedModelError, UsageError
from analyser.readers.opinions import SecondReader
from analyser.records import Notice, Rubric
from analyser.rubrics.variants import EvidenceLexicon

if TYPE_CHECKING:
    from analyser.alignment.encoders import CrossEncoder
    from analyser.readers.classifier import SequenceClassifier

# The file in a model's folder that analyser.training.calibrate writes: the top model fitted on this reader's scores.
CALIBRATION = "analyser-top.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user asked for. ``matcher`` is a folder or hub name; ``address`` and ``model`` name an endpoint."""

    matcher: str = ""
    address: str = ""
    model: str = ""


def prepare_readers(
    rubric: Rubric, reading: Reading, lexicon: EvidenceLexicon | None = None
) -> tuple[Aligner, SecondReader | None, tuple[Notice, ...]]:
    """The aligner, the second reader if there is one, and what to tell with every draft.

    ``lexicon`` is the rubric's evidence lexicon, where it is made already.
    Raises UsageError and TrainedModelError (E39x).
    """
    aligner = load_aligner(rubric, lexicon=lexicon)
    second: SecondReader | None = None
    if reading.matcher:
        from analyser.readers.classifier import ClassifierOpinion, load_classifier

        classifier = load_classifier(reading.matcher)
        calibration = Path(reading.matcher) / CALIBRATION
        if calibration.is_file():
            if not isinstance(aligner, TrainedAligner):
                raise UsageError("E394", "a calibrated reader needs the trained matcher, which is not installed.")
            aligner = with_classifier(aligner, classifier, _calibrated(calibration, aligner))
        else:
            second = ClassifierOpinion(classifier)
    if reading.address:
        if second is not None:
            raise UsageError("E395", "two second readers were asked for.", hint="Give --matcher or --second-opinion.")
        from analyser.readers.endpoint import Endpoint

        second = Endpoint(reading.address, reading.model)
    aligner, notice = with_learned(aligner)
    return aligner, second, (notice,) if notice else ()


def with_classifier(aligner: TrainedAligner, classifier: SequenceClassifier, top: TopModel) -> TrainedAligner:
    """The aligner with a classifier in the place of its cross-encoder, and the top model that fits it."""
    from analyser.readers.classifier import ForRubric

    rubric = aligner.rubric
    bare = [words for p in rubric.points for words in (p.statement, *p.accept, *p.reject)]
    texts = [
        text for own in zip(wording_texts(rubric), rejected_texts(rubric), strict=True) for text in (*own[0], *own[1])
    ]
    statements = dict(zip(texts, bare, strict=True))
    cross = cast("CrossEncoder", ForRubric(classifier, statements))
    return TrainedAligner(rubric, aligner.bi, cross, top, f"{aligner.name} with {classifier.name}", aligner.citing)


def matcher_name(aligner: TrainedAligner) -> str:
    """Names the weights that a calibration was made beside."""
    return f"{aligner.name} {aligner.top.fingerprint}"


def _calibrated(path: Path, aligner: TrainedAligner) -> TopModel:
    """The top model fitted on this reader's scores with the matcher's present bi-encoder."""
    top = TopModel.from_file(path)
    if json.loads(path.read_text(encoding="utf8")).get("matcher") != matcher_name(aligner):
        raise TrainedModelError(
            "E393",
            "this reader was calibrated with another version of the matcher",
            where=str(path),
            hint="Calibrate it again: see docs/stronger-readers.md.",
        )
    return top
