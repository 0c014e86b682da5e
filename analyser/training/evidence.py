"""Fit the small logistic models of the evidence detector: is an item named here, and is it put to use.

``python -m analyser.training.evidence --essays FOLDER ... `` prints ``cues/evidence_model.toml``. A draft's label says
whether an item is named, not where: the window of a positive is the likeliest one, chosen anew each round.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from analyser.detectors.hits import find_hits, read_words
from analyser.detectors.logistic import Logistic, load_logistic
from analyser.detectors.mentions import MENTIONED, find_mentions
from analyser.detectors.use import USE_FEATURES, average, mention_features
from analyser.detectors.windows import FEATURES, find_windows
from analyser.rubrics.variants import derive_variants
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import Draft, read_drafts

PENALTY = 0.1  # inverse strength of the L2 penalty on standardised features; from 0.1 to 3 nothing moves
USED_PENALTY = 0.005  # the same for use, whose cues are many and weak; from 0.002 to 0.01 little moves
ROUNDS = 4

HEADER = """# Weights of the logistic models of the evidence detector; detectors/windows.py and detectors/use.py
# explain the features. Fitted on the drafts written for the matcher (models/matcher/data), none on a question of
# the labelled essays that the tool is scored on:
#   python -m analyser.training.evidence --essays FOLDER ... > new.toml && mv new.toml analyser/cues/evidence_model.toml
# (not straight into the file, which the command reads), and once more with --only-used, since mentions decide what the
# second model sees.
"""

Windows = list[tuple[bool, list[tuple[float, ...]]]]


def collect_windows(drafts: list[Draft]) -> tuple[Windows, Windows]:
    """For every item of every draft, whether it is named and the features of its windows.

    The second list is of the items of which a draft has weak windows alone.
    """
    rows: Windows = []
    weak_rows: Windows = []
    for draft in drafts:
        parsed = parse_essay(draft.essay, draft.rubric, load_pipeline())
        lexicon = derive_variants(draft.rubric)
        words = read_words(parsed)
        strong: dict[int, list[tuple[float, ...]]] = {}
        weak: dict[int, list[tuple[float, ...]]] = {}
        for (item, variant), hits in find_hits(words, lexicon, draft.essay.text).items():
            rule = lexicon.items[item].variants[variant]
            for window in find_windows(item, variant, rule, hits, words):
                (strong if window.is_strong else weak).setdefault(item, []).append(window.features)
        for index, entry in enumerate(lexicon.items):
            is_named = draft.raw["evidence"][entry.id]["label"] != "missing"
            rows.append((is_named, strong.get(index, [])))
            if index not in strong:
                weak_rows.append((is_named, weak.get(index, [])))
    return rows, weak_rows


def collect_uses(drafts: list[Draft]) -> Windows:
    """For every item that is named and found, whether it is put to use, and the features of all its mentions."""
    rows: Windows = []
    for draft in drafts:
        parsed = parse_essay(draft.essay, draft.rubric, load_pipeline())
        lexicon = derive_variants(draft.rubric)
        mentions = [m for m in find_mentions(parsed, lexicon) if m.score >= MENTIONED]
        for index, found in mention_features(mentions, parsed, draft.rubric, lexicon).items():
            label = draft.raw["evidence"][lexicon.items[index].id]["label"]
            if label in ("used", "named"):
                rows.append((label == "used", [features for _, features in found]))
    return rows


def fit_mentioned(rows: Windows) -> Logistic:
    """Fit on the likeliest window of each item, starting from the one with the greatest share of weight."""
    rows = [row for row in rows if row[1]]
    chosen = [max(windows, key=lambda f: f[0]) for _, windows in rows]
    labels = np.array([is_named for is_named, _ in rows])
    model = Logistic(0.0, ())
    for _ in range(ROUNDS):
        model = fit_logistic(np.array(chosen), labels)
        chosen = [max(windows, key=model.probability) for _, windows in rows]
    return model


def fit_used(rows: Windows) -> Logistic:
    """Fit on the average of an item's mentions."""
    features = np.array([average(mentions) for _, mentions in rows])
    return fit_logistic(features, np.array([is_used for is_used, _ in rows]), USED_PENALTY)


def fit_logistic(features: np.ndarray, labels: np.ndarray, penalty: float = PENALTY) -> Logistic:
    """A logistic regression on standardised features, with the standardisation folded into its weights."""
    scaler = StandardScaler().fit(features)
    fitted = LogisticRegression(C=penalty, max_iter=5000).fit(scaler.transform(features), labels)
    weights = fitted.coef_[0] / scaler.scale_
    return Logistic(float(fitted.intercept_[0] - weights @ scaler.mean_), tuple(float(w) for w in weights))


def as_toml(name: str, model: Logistic, features: tuple[str, ...]) -> str:
    """A model as a table of TOML."""
    lines = [f"[{name}]", f"intercept = {model.intercept:.4f}", f"[{name}.weights]"]
    return "\n".join([*lines, *(f"{f} = {w:.4f}" for f, w in zip(features, model.weights, strict=True))]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, nargs="+", required=True, help="folders of labelled drafts")
    parser.add_argument("--only-used", action="store_true", help="keep the installed model of mentions")
    args = parser.parse_args()
    drafts = [draft for draft in read_drafts(args.essays) if draft.raw.get("evidence")]
    print(HEADER)
    if not args.only_used:
        for name, rows in zip(("mentioned", "doubted"), collect_windows(drafts), strict=True):
            print(as_toml(name, fit_mentioned(rows), FEATURES))
    else:
        for name in ("mentioned", "doubted"):
            print(as_toml(name, load_logistic(name, FEATURES), FEATURES))
    print(as_toml("used", fit_used(collect_uses(drafts)), USE_FEATURES), end="")


if __name__ == "__main__":
    main()
