"""Score drafted rubrics against hand-made ones: python -m analyser.training.drafting_scores --essays FOLDER.

Each question folder holds ``model_answer.txt`` and ``rubric.json``. Points are paired one to one by shared words and by
the matcher's bi-encoder; a pair counts from ``SAME_POINT``. Criteria likewise. A drafted piece of evidence is right
when it names what a hand-made one names (several drafted ones may: a hand-made "Empson and Dudley" is two names); a
hand-made one is found when a drafted one names it. With ``--kappa`` the labelled drafts are read with both rubrics.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analyser import shipped
from analyser.alignment.aligner import TRAINED_MATCHER, load_encoders
from analyser.alignment.lexical import overlap_matrix
from analyser.drafting import DraftedRubric, draft_rubric
from analyser.pipeline import analyse_essay, prepare
from analyser.records import EvidenceItem, Rubric
from analyser.rubrics.dates import find_dates
from analyser.rubrics.names import stopwords, titles
from analyser.rubrics.reading import rubric_from_json
from analyser.rubrics.words import COMMON_SIZE, find_words, is_known_name, stem, tier
from analyser.training.written_data import Draft, read_drafts

# Mean of TF-IDF cosine and bi-encoder cosine (each 0 to 1) from which two statements are one point, and one criterion.
# Chosen by reading the pairs of five questions: the highest value that parts no pair of them that says one thing.
SAME_POINT = 0.30
SAME_CRITERION = 0.30


@dataclass
class Counts:
    """Right, found and expected, for recall and precision."""

    recalled: int = 0
    expected: int = 0
    right: int = 0
    found: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        self.recalled += other.recalled
        self.expected += other.expected
        self.right += other.right
        self.found += other.found
        return self

    @property
    def recall(self) -> float:
        return self.recalled / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    def __str__(self) -> str:
        return (
            f"R {self.recall:.2f} ({self.recalled}/{self.expected})  P {self.precision:.2f} ({self.right}/{self.found})"
        )


@dataclass
class Scores:
    """The figures of one or more questions."""

    points: Counts = field(default_factory=Counts)
    kinds: Counts = field(default_factory=Counts)
    criteria: Counts = field(default_factory=Counts)
    evidence: Counts = field(default_factory=Counts)
    sides: Counts = field(default_factory=Counts)
    seconds: list[float] = field(default_factory=list)
    kappa_rows: list[tuple[bool, float, float, bool]] = field(default_factory=list)

    def add(self, other: Scores) -> None:
        for name in ("points", "kinds", "criteria", "evidence", "sides"):
            total = getattr(self, name)
            total += getattr(other, name)
        self.seconds += other.seconds
        self.kappa_rows += other.kappa_rows


def pair_up(similarity: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) of at least a threshold, the best first."""
    pairs, rows, columns = [], set(), set()
    for index in np.argsort(-similarity, axis=None, kind="stable"):
        row, column = (int(i) for i in np.unravel_index(index, similarity.shape))
        if similarity[row, column] < threshold:
            break
        if row not in rows and column not in columns:
            pairs.append((row, column))
            rows.add(row)
            columns.add(column)
    return pairs


def likeness(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """Mean of word overlap and encoder cosine; word overlap alone where no matcher is installed."""
    if not left or not right:
        return np.zeros((len(left), len(right)))
    overlap = overlap_matrix(list(left), list(right))
    folder = shipped.trained_model(TRAINED_MATCHER)
    if folder is None:
        return overlap
    encoder, _ = load_encoders(folder)
    return (overlap + encoder.encode(list(left)) @ encoder.encode(list(right)).T) / 2


def score_question(folder: Path, drafted: DraftedRubric, seconds: float) -> tuple[Scores, dict[str, str]]:
    """The scores of one question, and the drafted id of each hand-made point that was found."""
    gold = rubric_from_json(json.loads((folder / "rubric.json").read_text(encoding="utf8")))
    found = drafted.rubric
    scores = Scores(seconds=[seconds])
    matrix = likeness(
        [_plain(p.statement, gold) for p in gold.points], [_plain(p.statement, found) for p in found.points]
    )
    pairs = pair_up(matrix, SAME_POINT)
    n = len(pairs)
    scores.points = Counts(n, len(gold.points), n, len(found.points))
    n_kind = sum(gold.points[i].kind == found.points[j].kind for i, j in pairs)
    scores.kinds = Counts(n_kind, n, n_kind, n)
    wanted = likeness([c.statement for c in gold.criteria], [c.statement for c in found.criteria])
    n = len(pair_up(wanted, SAME_CRITERION))
    scores.criteria = Counts(n, len(gold.criteria), n, len(found.criteria))
    names = _side_words(gold)
    right = [[_names_same(g, f, names) for f in found.evidence] for g in gold.evidence]
    scores.evidence = Counts(
        sum(map(any, right)), len(gold.evidence), sum(map(any, zip(*right, strict=True))), len(found.evidence)
    )
    is_right = all(_is_same_side(g.name, f.name) for g, f in zip(gold.sides, found.sides, strict=True))
    scores.sides = Counts(int(is_right), 1, int(is_right), 1)
    return scores, {gold.points[i].id: found.points[j].id for i, j in pairs}


def _plain(statement: str, rubric: Rubric) -> str:
    """A statement without the names of the sides, which all statements share."""
    names = _side_words(rubric)
    return " ".join(w for w in statement.split() if not any(x.key in names for x in find_words(w)))


def _side_words(rubric: Rubric) -> frozenset[str]:
    return frozenset(w.key for side in rubric.sides for w in find_words(side.name) if w.key not in stopwords())


def _is_same_side(gold: str, found: str) -> bool:
    wanted, named = ({stem(w.key) for w in find_words(name) if w.key not in stopwords()} for name in (gold, found))
    return bool(wanted & named)


def _names_same(gold: EvidenceItem, found: EvidenceItem, side_words: frozenset[str]) -> bool:
    """Whether a drafted piece of evidence names what a hand-made one names."""
    wanted = _telling(" ".join((gold.name, *gold.aliases)), side_words)
    for name in (found.name, *found.aliases):
        named = _telling(name, side_words)
        shared = wanted & named
        if not shared:
            continue
        n_strong = sum(_is_strong(key) for key in shared)
        if n_strong or len(shared) >= 2 or shared == named:
            return True
    return False


def _telling(text: str, side_words: frozenset[str]) -> frozenset[str]:
    dates = find_dates(text)
    return frozenset(
        stem(w.key)
        for w in find_words(text)
        if w.key not in stopwords()
        and w.key not in titles()
        and w.key not in side_words
        and not any(d.start <= w.start < d.end for d in dates)
    )


def _is_strong(key: str) -> bool:
    return (key.isdigit() and len(key) > 1) or is_known_name(key) or tier(key) > COMMON_SIZE


# ---------------------------------------------------------------- with labelled drafts


def kappa_rows(
    drafts: Sequence[Draft], drafted: Rubric, found_by_gold: Mapping[str, str]
) -> list[tuple[bool, float, float, bool]]:
    """(is there, p with the hand-made rubric, p with the drafted one, whether that has the point) for every label."""
    by_hand, by_draft = prepare(drafts[0].rubric), prepare(drafted)
    rows = []
    for draft in drafts:
        wanted = {m.id: m.probabilities for m in analyse_essay(draft.essay, by_hand).matches}
        got = {m.id: m.probabilities for m in analyse_essay(draft.essay, by_draft).matches}
        for point, (label, _) in draft.labels.items():
            p = got.get(found_by_gold.get(point, ""))
            rows.append(
                (label in ("covered", "partial"), _there(wanted[point]), _there(p) if p else 0.0, p is not None)
            )
    return rows


def _there(probabilities: Mapping[str, float]) -> float:
    return probabilities["covered"] + probabilities["partial"]


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two yes-or-no judgements."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    left, right = (sum(pair[k] for pair in pairs) / n for k in (0, 1))
    expected = left * right + (1 - left) * (1 - right)
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def describe(name: str, scores: Scores) -> str:
    """One line a figure."""
    lines = [
        name,
        f"  points    {scores.points}",
        f"  kind      {scores.kinds.precision:.2f}",
        f"  criteria  {scores.criteria}",
        f"  evidence  {scores.evidence}",
        f"  sides     {scores.sides.recalled}/{scores.sides.expected}",
        f"  seconds   {max(scores.seconds):.2f} at most",
    ]
    if rows := scores.kappa_rows:
        here = [r for r in rows if r[3]]
        lines += [
            f"  kappa     all points: {kappa([(y, p >= 0.5) for y, p, _, _ in rows]):.3f} by hand, "
            f"{kappa([(y, q >= 0.5) for y, _, q, _ in rows]):.3f} drafted (a point it lacks counts as not there)",
            f"            points it has: {kappa([(y, p >= 0.5) for y, p, _, _ in here]):.3f} by hand, "
            f"{kappa([(y, q >= 0.5) for y, _, q, _ in here]):.3f} drafted (n {len(here)} of {len(rows)})",
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--essays", type=Path, required=True, help="folder of question folders")
    parser.add_argument("--answers", type=Path, help="folder of model answers named after the question folders")
    parser.add_argument("--only", nargs="*", help="only these questions")
    parser.add_argument("--kappa", action="store_true", help="read the labelled drafts with both rubrics (slow)")
    parser.add_argument("--verbose", action="store_true", help="print what was paired and what was not")
    args = parser.parse_args()
    total = Scores()
    for folder in sorted(p.parent for p in args.essays.glob("*/rubric.json")):
        answers = sorted(args.answers.glob(f"{folder.name}.*") if args.answers else folder.glob("model_answer.txt"))
        if not answers or (args.only and folder.name not in args.only):
            continue
        began = time.perf_counter()
        drafted = draft_rubric(answers[0])
        scores, found = score_question(folder, drafted, time.perf_counter() - began)
        if args.kappa:
            scores.kappa_rows = kappa_rows(read_drafts([folder]), drafted.rubric, found)
        print(describe(folder.name, scores))
        if args.verbose:
            print(_told(folder, drafted.rubric, found))
        total.add(scores)
    print(describe("all", total))


def _told(folder: Path, drafted: Rubric, found: Mapping[str, str]) -> str:
    gold = rubric_from_json(json.loads((folder / "rubric.json").read_text(encoding="utf8")))
    statements = {p.id: p.statement for p in drafted.points}
    names = _side_words(gold)
    lines = [
        f"    {p.id}: {p.statement}\n      -> {found.get(p.id, '')} {statements.get(found.get(p.id, ''), '(none)')}"
        for p in gold.points
    ]
    lines += [f"    extra {p.id}: {p.statement}" for p in drafted.points if p.id not in found.values()]
    lines += [f"    criterion {c.statement}" for c in gold.criteria] + [
        f"      drafted {c.statement}" for c in drafted.criteria
    ]
    lines += [
        f"    not found: {g.name}" for g in gold.evidence if not any(_names_same(g, f, names) for f in drafted.evidence)
    ]
    lines += [
        f"    no evidence: {f.name}"
        for f in drafted.evidence
        if not any(_names_same(g, f, names) for g in gold.evidence)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
