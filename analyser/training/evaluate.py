"""Score the whole tool on labelled drafts, leaving one question out, with the project's scoring script.

For every question the matcher's top model, and the two models that settle judgement and criteria, are fitted on the
other questions; the encoders never saw any of them. Detectors have no learned weights. ``--plain`` scores the installed
matcher as it is instead.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from analyser import shipped
from analyser.alignment.aligner import TRAINED_MATCHER, TrainedAligner, load_aligner
from analyser.alignment.answers import ANSWERS_FILE, AnswerModels, load_answers
from analyser.detectors import prepare_lexicons
from analyser.pipeline import Prepared, analyse_essay
from analyser.report.json import to_record
from analyser.rubrics import load_rubric
from analyser.text.parsing import load_pipeline
from analyser.training import answer_models, top
from analyser.training.written_data import Draft, read_drafts, read_model_answers


def left_out_models(essays: list[Path], folder: Path) -> dict[str, top.TopModel]:
    """For each question, a top model from the other questions alone."""
    rows = top.collect(read_drafts(essays) + read_model_answers(essays), folder)
    models = {}
    for question in sorted(set(rows.questions)):
        others = top.without(rows, question)
        models[question] = top.fit(others)
    return models


def left_out_answers(essays: list[Path], folder: Path) -> dict[str, AnswerModels]:
    """For each question, the models of answers from the other questions alone and from the drafts in ``folder``."""
    if not (folder / ANSWERS_FILE).exists():
        return {}
    drafts = read_drafts(essays)
    rows = answer_models.collect(drafts + answer_models.unlearned([folder / "data"], folder), folder)
    return {question: answer_models.fit_without(rows, question) for question in {d.rubric.id for d in drafts}}


def records(
    drafts: list[Draft],
    models: dict[str, top.TopModel],
    rubric_by_question: dict[str, str],
    answers: Mapping[str, AnswerModels] = MappingProxyType({}),
) -> dict[str, dict]:
    """The feedback record of every draft, by ``question-draft``."""
    out = {}
    for rubric, group in top.by_rubric(drafts):
        used = load_rubric(rubric_by_question[rubric.id]) if rubric.id in rubric_by_question else rubric
        aligner = load_aligner(used)
        if rubric.id in models and isinstance(aligner, TrainedAligner):
            aligner.top = models[rubric.id]
        reader = load_answers(used)
        if reader is not None and rubric.id in answers:
            reader.models = answers[rubric.id]
        prepared = Prepared(used, load_pipeline(), prepare_lexicons(used), aligner, answers=reader)
        for draft in group:
            essay_id = f"{rubric.id}-{draft.essay.id}"
            out[essay_id] = to_record(analyse_essay(replace(draft.essay, id=essay_id), prepared))
    return out


def score(drafts: list[Draft], found: dict[str, dict], script: Path, *options: str) -> str:
    """The scoring script's output over all drafts together."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for draft in drafts:
            (folder / f"{draft.rubric.id}-{draft.essay.id}.json").write_text(json.dumps(draft.raw), encoding="utf8")
        lines = folder / "records.jsonl"
        lines.write_text("".join(json.dumps(record) + "\n" for record in found.values()), encoding="utf8")
        command = [sys.executable, str(script), str(folder), str(lines), *options]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled drafts")
    parser.add_argument("--score", type=Path, required=True, help="the scoring script")
    parser.add_argument("--plain", action="store_true", help="score the installed matcher as it is")
    parser.add_argument(
        "--rubric", nargs="*", default=[], metavar="QUESTION=ID", help="use another rubric for a question"
    )
    parser.add_argument("--without-answers", action="store_true", help="as if no rubric had a model answer beside it")
    parser.add_argument("--only", nargs="*", help="score only these questions (the others still serve to fit)")
    parser.add_argument("--by-question", action="store_true")
    parser.add_argument("--out", type=Path, help="write the records here (JSON Lines)")
    parser.add_argument("--metrics", type=Path, help="write the figures here (JSON)")
    args = parser.parse_args()
    drafts = read_drafts(args.essays)
    folder = shipped.trained_model(TRAINED_MATCHER)
    is_trained = folder is not None and (folder / "cross_encoder.onnx").exists()
    models = left_out_models(args.essays, folder) if folder and is_trained and not args.plain else {}
    answers = left_out_answers(args.essays, folder) if folder and models else {}
    if args.without_answers:
        drafts = [replace(d, rubric=replace(d.rubric, folder="")) for d in drafts]
    if args.only:
        drafts = [d for d in drafts if d.rubric.id in args.only]
    found = records(drafts, models, dict(pair.split("=", 1) for pair in args.rubric), answers)
    if args.out:
        args.out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in found.values()), encoding="utf8")
    print(score(drafts, found, args.score), end="")
    figures = {"all": json.loads(score(drafts, found, args.score, "--json"))}
    for rubric, group in top.by_rubric(drafts):
        own = {key: found[key] for key in (f"{rubric.id}-{d.essay.id}" for d in group)}
        figures[rubric.id] = json.loads(score(group, own, args.score, "--json"))
        if args.by_question:
            print(rubric.id, " ".join(f"{k} {v:.2f}" for k, v in figures[rubric.id].items() if isinstance(v, float)))
    if args.metrics:
        rounded = {q: {k: round(v, 4) for k, v in values.items()} for q, values in figures.items()}
        args.metrics.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
