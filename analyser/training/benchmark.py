"""Everything the matcher is measured on, and the easy methods beside it, in one run.

Leave-one-question-out on labelled drafts; passages by kind with encoders that did not see their questions; the dev
splits of public sets by the measures of their papers; how figures grow with the number of questions and of corrected
drafts; speed against a plain version. Prints tables, and writes them as JSON and as a page of the docs.
"""

from __future__ import annotations

import argparse
import json
import math
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analyser import shipped
from analyser.alignment.aligner import TRAINED_MATCHER, load_encoders
from analyser.training import draft_figures, top
from analyser.training.public_sets import MATCHER, run_public
from analyser.training.throughput import run_throughput
from analyser.training.written_data import read_drafts, read_model_answers

SCHEMA = "analyser.benchmark/1"
PUBLISHED = Path(__file__).with_name("published.toml")
# Drafts whose time is taken.
N_TIMED = 4
# With --quick, which only shows that everything runs: drafts a question, pairs a set, passages a question.
QUICK_DRAFTS, QUICK_PAIRS, QUICK_PASSAGES = 2, 40, 16
DRAFT_COLUMNS = {
    "auc": "AUC",
    "kappa": "kappa",
    "kappa4": "kappa, four labels",
    "decided": "verdicts said",
    "says_covered": '"there" right',
    "says_missing": '"missing" right',
    "contradicted_precision": '"contradicted" right',
    "contradicted_recall": "contradicted found",
    "ece": "calibration error",
}
SETS = {
    "scientsbank": "SciEntsBank, three labels",
    "beetle": "Beetle, three labels",
    "realsumm": "REALSumm, correlation with people",
    "argkp": "ArgKP, mean average precision",
}
INTRODUCTION = """# Benchmark

Made by `make benchmark`; all figures are of one run. The notebook `notebooks/benchmark.ipynb` draws them.
"""
QUICK_WARNING = "**This page is of a trial run with a few drafts (`--quick`): its figures mean nothing.**\n"


def run(args: argparse.Namespace) -> dict[str, Any]:
    """All figures, as plain dicts and lists."""
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{(time.monotonic() - started) / 60:5.1f} min  {what}", flush=True)

    folder = shipped.trained_model(TRAINED_MATCHER)
    if folder is None or not (folder / "top.json").exists():
        raise SystemExit("the trained matcher is not installed")
    bi, cross = load_encoders(folder)
    drafts, answers = read_drafts(args.essays), read_model_answers(args.essays)
    if args.quick:
        drafts = [draft for _, group in top.by_rubric(drafts) for draft in group[:QUICK_DRAFTS]]
    say(f"{len(drafts)} drafts: the matcher's features")
    rows = top.collect([*drafts, *answers], folder)
    models = draft_figures.matcher_models(rows)
    say("the whole tool, each question by what the others taught")
    points = draft_figures.matcher_points(drafts, models)
    say("easy methods")
    methods = {MATCHER: draft_figures.matcher_figures(points)}
    for method, score in draft_figures.easy_scores([*drafts, *answers], bi).items():
        methods[method] = draft_figures.easy_figures(score, rows)
    say("curves")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf8"))
    out: dict[str, Any] = {
        "schema": SCHEMA,
        "matcher": f"{meta['name']}-{meta['version']}",
        "is_quick": args.quick,
        "drafts": {
            "n": len(drafts),
            "methods": methods,
            "by_question": {
                rubric.id: draft_figures.matcher_figures([p for p in points if p["question"] == rubric.id])
                for rubric, _ in top.by_rubric(drafts)
            },
            "points": points,
        },
        "question_curve": draft_figures.question_curve(rows),
        "correction_curve": draft_figures.correction_curve(rows, _draft_ids([*drafts, *answers]), models),
        "contrast": None,
        "public": None,
        "throughput": None,
    }
    if slugs := _unseen(args):
        say(f"passages of {len(slugs)} questions unseen by {args.contrast_models}")
        limit = QUICK_PASSAGES if args.quick else None
        out["contrast"] = draft_figures.contrast_figures(args.contrast, args.contrast_models, slugs, limit)
    else:
        say("passages skipped: no weights that did not see them (--contrast-models, --contrast-questions)")
    if args.public:
        say("public sets")
        out["public"] = run_public(args.public, bi, cross, QUICK_PAIRS if args.quick else None)
    say("speed")
    first = drafts[0].rubric.id
    out["throughput"] = run_throughput([draft for draft in drafts if draft.rubric.id == first][:N_TIMED], folder)
    if out["throughput"] is None:
        say("speed against a plain version skipped: torch and transformers are not installed")
    say("done")
    return out


def _draft_ids(drafts: Sequence[Any]) -> np.ndarray:
    """The draft of every row, in the order in which rows are collected."""
    return np.array(
        [draft.essay.id for rubric, group in top.by_rubric(list(drafts)) for draft in group for _ in rubric.points]
    )


def _unseen(args: argparse.Namespace) -> list[str]:
    """The questions to take passages of: as named, else as the weights' own meta.json says that it did not see them."""
    if args.contrast_models is None:
        return []
    if args.contrast_questions:
        return args.contrast_questions
    meta = args.contrast_models / "meta.json"
    return json.loads(meta.read_text(encoding="utf8")).get("held_out", []) if meta.is_file() else []


# ---------------------------------------------------------------- tables


def tables(found: Mapping[str, Any]) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Title, a sentence and rows (the first holds the headings) of every table."""
    drafts = found["drafts"]
    n_points, n_questions = len(drafts["points"]), len(drafts["by_question"])
    yield (
        "Labelled drafts",
        f"{drafts['n']} drafts of {n_questions} questions, {n_points} points; each question is judged by what the "
        "others taught. The easy methods get the same top model and thresholds on their one score.",
        [
            ["", *DRAFT_COLUMNS.values()],
            *([method, *_cells(f, DRAFT_COLUMNS)] for method, f in drafts["methods"].items()),
            *([f"matcher, {question}", *_cells(f, DRAFT_COLUMNS)] for question, f in drafts["by_question"].items()),
        ],
    )
    if contrast := found["contrast"]:
        yield (
            "Passages by kind",
            f"{contrast['n']} passages of {len(contrast['questions'])} questions that the weights did not see: the "
            "cross-encoder's most probable label, without a top model.",
            [
                ["", "right"],
                ["macro-F1 of the four labels", _cell(contrast["macro_f1"])],
                *([f"F1 {label}", _cell(value)] for label, value in contrast["f1"].items()),
                *([kind, _cell(value)] for kind, value in contrast["right_by_kind"].items()),
            ],
        )
    published = tomllib.loads(PUBLISHED.read_text(encoding="utf8"))
    for name, methods in (found["public"] or {}).items():
        columns = dict.fromkeys(methods[MATCHER])
        rows = [[method, *_cells(figures, columns)] for method, figures in methods.items()]
        rows += [[f"{p['name']} ({p['source']})", *_cells(p["figures"], columns)] for p in published[name]]
        yield SETS[name], "Dev split; published figures below are of test splits.", [["", *columns], *rows]
    keys = ("auc", "kappa", "kappa4", "ece", "log_loss")
    yield (
        "More questions",
        "Left-out questions, by the number of other questions that the top model was fitted on (the encoders stay as "
        "they are).",
        [["questions", *keys], *([str(row["n"]), *_cells(row, keys)] for row in found["question_curve"])],
    )
    yield (
        "Corrected drafts",
        "A question's other drafts before and after `analyser learn`, by the number of its drafts learnt from.",
        [
            ["drafts", *keys],
            *(
                [
                    "all but one" if row["n"] < 0 else str(row["n"]),
                    *(f"{_cell(row[f'{key}_before'])} → {_cell(row[f'{key}_after'])}" for key in keys),
                ]
                for row in found["correction_curve"]
            ),
        ],
    )
    if speed := found["throughput"]:
        yield (
            "Speed",
            f"The two stages on drafts of {speed['n_words']} words and {speed['n_points']} points, one thread, taking "
            f"turns with the same written plainly with {speed['plain_is']}.",
            [
                ["", "processor seconds a draft"],
                ["matcher", _cell(speed["seconds_ours"])],
                ["plain", _cell(speed["seconds_plain"])],
                ["times faster", f"{speed['times_faster']:.1f}"],
            ],
        )


def _cells(figures: Mapping[str, float], columns: Any) -> list[str]:
    return [_cell(figures.get(column)) for column in columns]


def _cell(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.3f}"


def markdown(found: Mapping[str, Any]) -> str:
    """The page of the docs."""
    parts = [INTRODUCTION, *([QUICK_WARNING] if found["is_quick"] else [])]
    for title, text, rows in tables(found):
        head, *body = [f"| {' | '.join(row)} |" for row in rows]
        parts.append("\n".join([f"## {title}\n", f"{text}\n", head, "|---" * len(rows[0]) + "|", *body]) + "\n")
    return "\n".join(parts)


def show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=200, highlight=False)
    for title, text, (head, *rows) in tables(found):
        table = Table(title=title, caption=text, title_justify="left", caption_justify="left")
        for index, name in enumerate(head):
            table.add_column(name, justify="left" if index == 0 else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)


def _without_nan(value: Any) -> Any:
    """Figures that are not numbers as null, which is what JSON has."""
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled drafts")
    parser.add_argument("--public", type=Path, help="folder of the public sets")
    parser.add_argument("--contrast", type=Path, nargs="*", default=[], help="folders of passages by kind")
    parser.add_argument("--contrast-models", type=Path, help="folder of encoders that did not see some questions")
    parser.add_argument("--contrast-questions", nargs="*", help="those questions; default: held_out in its meta.json")
    parser.add_argument("--quick", action="store_true", help="a little of everything, to see that it runs")
    parser.add_argument("--out", type=Path, help="write the figures here (JSON)")
    parser.add_argument("--markdown", type=Path, help="write the page of the docs here")
    args = parser.parse_args()
    found = _without_nan(run(args))
    show(found)
    if args.out:
        args.out.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf8")
    if args.markdown:
        args.markdown.write_text(markdown(found), encoding="utf8")


if __name__ == "__main__":
    main()
