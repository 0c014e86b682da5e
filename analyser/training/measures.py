"""The measures of the benchmark, of whole drafts and of the public sets' papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, average_precision_score, cohen_kappa_score, f1_score, roc_auc_score

N_BINS = 10
Figures = dict[str, float]


def point_figures(probabilities: np.ndarray, statuses: np.ndarray, labels: np.ndarray) -> Figures:
    """Of verdicts on points: ``labels`` (n,) index POINT_LABELS, ``statuses`` are words. There: covered or partial."""
    there, score = labels <= 1, probabilities[:, :2].sum(1)
    said_there, said_missing = np.isin(statuses, ("covered", "partial")), statuses == "missing"
    said_opposite = statuses == "contradicted"
    return {
        "auc": float(roc_auc_score(there, score)) if 0 < there.sum() < len(there) else float("nan"),
        "kappa": float(cohen_kappa_score(there, score >= 0.5)),
        "kappa4": float(cohen_kappa_score(labels, probabilities.argmax(1))),
        "decided": float((statuses != "unsure").mean()),
        "says_covered": share(there, said_there),
        "says_missing": share(labels == 3, said_missing),
        "contradicted_precision": share(labels == 2, said_opposite),
        "contradicted_recall": share(said_opposite, labels == 2),
        "ece": calibration_error(score, there),
        "log_loss": float(-np.log(probabilities[np.arange(len(labels)), labels].clip(1e-9)).mean()),
    }


def share(of: np.ndarray, among: np.ndarray) -> float:
    """The share of ``of`` among the chosen; not a number when none is chosen."""
    return float(of[among].mean()) if among.any() else float("nan")


def calibration_error(score: np.ndarray, there: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum(N_BINS - 1, (score * N_BINS).astype(int))
    sums = [abs(there[bins == b].sum() - score[bins == b].sum()) for b in range(N_BINS)]
    return float(sum(sums) / len(score))


def class_figures(wanted: Sequence[str], found: Sequence[str]) -> Figures:
    """The SemEval-2013 measures."""
    names = sorted(set(wanted))
    return {
        "accuracy": float(accuracy_score(wanted, found)),
        "macro_f1": float(f1_score(wanted, found, labels=names, average="macro", zero_division=0)),
        "weighted_f1": float(f1_score(wanted, found, labels=names, average="weighted", zero_division=0)),
    }


def pyramid_figures(
    documents: Sequence[str], systems: Sequence[str], human: Sequence[float], score: Sequence[float]
) -> Figures:
    """Lite2Pyramid's measures: the mean of a summary's content units, correlated over systems.

    System level: means over the documents. Summary level: one correlation a document, then their mean.
    """
    units: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for key, wanted, found in zip(zip(documents, systems, strict=True), human, score, strict=True):
        units[key].append((wanted, found))
    means = {key: np.mean(pairs, axis=0) for key, pairs in units.items()}
    by_system, by_document = defaultdict(list), defaultdict(list)
    for (document, system), pair in sorted(means.items()):
        by_system[system].append(pair)
        by_document[document].append(pair)
    over_documents = np.array([np.mean(pairs, axis=0) for pairs in by_system.values()])
    figures: Figures = {}
    for name, correlate in (("pearson", pearsonr), ("spearman", spearmanr)):
        figures[f"system_{name}"] = _correlation(over_documents, correlate)
        each = [_correlation(np.array(pairs), correlate) for pairs in by_document.values()]
        figures[f"summary_{name}"] = float(np.nanmean(each)) if not np.isnan(each).all() else float("nan")
    return figures


def _correlation(pairs: np.ndarray, correlate: Callable) -> float:
    """Of two columns; not a number where one of them never changes."""
    if len(pairs) < 3 or (np.ptp(pairs, axis=0) == 0).any():
        return float("nan")
    return float(correlate(pairs[:, 0], pairs[:, 1])[0])


def key_point_figures(
    groups: Sequence[str], arguments: Sequence[str], is_match: Sequence[bool | None], score: np.ndarray
) -> Figures:
    """Mean average precision of the KPA-2021 task over topics and stances.

    Each argument is paired with its best key point; the better half of the pairs is kept. A pair that annotators left
    undecided (``is_match`` is None) counts as no match in ``map_strict`` and as a match in ``map_relaxed``.
    """
    best: dict[tuple[str, str], tuple[float, bool | None]] = {}
    for group, argument, match, value in zip(groups, arguments, is_match, score, strict=True):
        if (group, argument) not in best or value > best[group, argument][0]:
            best[group, argument] = float(value), match
    strict: list[float] = []
    relaxed: list[float] = []
    for group in sorted(set(groups)):
        pairs = sorted((pair for (own, _), pair in best.items() if own == group), key=lambda pair: -pair[0])
        kept = pairs[: max(1, len(pairs) // 2)]
        for out, undecided in ((strict, False), (relaxed, True)):
            truth = [undecided if match is None else match for _, match in kept]
            out.append(average_precision_score(truth, [value for value, _ in kept]) if any(truth) else 0.0)
    return {"map_strict": float(np.mean(strict)), "map_relaxed": float(np.mean(relaxed))}
