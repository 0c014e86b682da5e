"""Calibrate a model of your own (``--matcher``): fit the matcher's top model on its scores of labelled drafts.

Writes ``analyser-top.json`` into the model's folder; from then on the model takes the place of the matcher's own
cross-encoder. Prints how well it does on them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from analyser.alignment.aligner import TrainedAligner, load_aligner
from analyser.readers.choosing import CALIBRATION, matcher_name, with_classifier
from analyser.readers.classifier import SequenceClassifier, load_classifier
from analyser.training import top
from analyser.training.written_data import LABEL_INDEX, Draft, read_drafts, read_model_answers


def collect(drafts: list[Draft], classifier: SequenceClassifier) -> tuple[top.Rows, str]:
    """Features of every labelled point with the classifier as cross-encoder, and the matcher it was read beside."""
    features, labels, questions, is_draft, name = [], [], [], [], ""
    for rubric, group in top.by_rubric(drafts):
        own = load_aligner(rubric)
        if not isinstance(own, TrainedAligner):
            raise SystemExit("the trained matcher is not installed")
        name = matcher_name(own)
        aligner = with_classifier(own, classifier, own.top)
        for draft, findings, parsed in top.found(rubric, group):
            rows, _ = aligner.features(parsed, findings)
            for row, point in zip(rows, rubric.points, strict=True):
                features.append(row)
                labels.append(LABEL_INDEX[draft.labels[point.id][0]])
                questions.append(rubric.id)
                is_draft.append(not draft.is_model_answer)
        print(f"{rubric.id}: {len(group)} drafts", flush=True)
    return top.Rows(np.array(features), np.array(labels), np.array(questions), np.array(is_draft)), name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of the model; analyser-top.json is written there")
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled drafts")
    args = parser.parse_args()
    drafts = read_drafts(args.essays) + read_model_answers(args.essays)
    rows, name = collect(drafts, load_classifier(str(args.model)))
    path = args.model / CALIBRATION
    top.save(top.fit(rows), path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf8")) | {"matcher": name}) + "\n", encoding="utf8")
    there = rows.labels[rows.is_draft] <= 1
    probability = top.left_out(rows)[rows.is_draft, :2].sum(1)
    right = ((probability >= 0.5) == there).mean()
    print(f"Left-out questions: there or not right in {right:.3f} of {len(there)} points. Written: {path}")


if __name__ == "__main__":
    main()
