"""Read the passages and drafts written for the matcher, and turn them into training pairs.

``models/matcher/data/README.md`` describes the files. A passage is one to three sentences labelled against one rubric
point; a draft is a whole essay labelled against every point, each label with the words that show it.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analyser.records import POINT_LABELS, Block, Essay, Rubric
from analyser.rubrics.reading import rubric_from_json
from analyser.text.parsing import parse_essay

LABEL_INDEX = {label: index for index, label in enumerate(POINT_LABELS)}
# Share of passages that are also shown beside another one (longer pairs train more slowly).
COMPANY_SHARE = 0.2
# Marked sentences of drafts, which ``answer_data`` reads, and evidence in other words, for ``evidence_data``.
ANSWERS = "answers.jsonl"
EVIDENCE = "evidence.jsonl"
PREFIX = re.compile(r"^(?:Similarity|Difference):\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """``also`` names further points that the passage covers."""

    text: str
    point: str
    label: str
    kind: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """All passages on one question; ``statement_by_point`` are the points without their kind."""

    slug: str
    sides: tuple[str, str]
    statement_by_point: dict[str, str]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A labelled draft; ``labels`` maps each point to its label and quote."""

    id: str
    essay: Essay
    rubric: Rubric
    labels: dict[str, tuple[str, str]]
    raw: dict
    is_model_answer: bool = False


def point_text(sides: tuple[str, str], point_id: str, statement: str, kind: str = "") -> str:
    """A point as the encoders read it: the two sides, the kind and the statement."""
    is_similarity = kind == "similarity" if kind else point_id.startswith("S")
    return f"{sides[0]} / {sides[1]}. {'Similarity' if is_similarity else 'Difference'}: {statement}"


def read_questions(folders: list[Path]) -> list[Question]:
    """Every ``*.jsonl`` of passages below the folders, sorted by name."""
    questions = []
    for path in sorted(p for folder in folders for p in folder.rglob("*.jsonl") if p.name not in (ANSWERS, EVIDENCE)):
        rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]
        slug = path.parent.name if path.stem == "passages" else path.stem
        questions.append(
            Question(
                slug=slug,
                sides=(rows[0]["sides"][0], rows[0]["sides"][1]),
                statement_by_point={row["point_id"]: PREFIX.sub("", row["point"]) for row in rows},
                passages=tuple(
                    Passage(row["text"], row["point_id"], row["label"], row["kind"], tuple(row.get("also") or ()))
                    for row in rows
                ),
            )
        )
    return questions


def plain_essay(text: str, essay_id: str) -> Essay:
    """An essay of the labelled sets: every line with text is a paragraph."""
    blocks = tuple(Block(m.start(), m.end(), "paragraph") for m in re.finditer(r"[^\n]+", text))
    return Essay(essay_id, essay_id, text, blocks)


def _bare_rubric(path: Path) -> Rubric:
    """The rubric of a labelled set; its folder may hold a model answer."""
    return replace(rubric_from_json(json.loads(path.read_text(encoding="utf8"))), folder=str(path.parent))


def read_drafts(folders: list[Path]) -> list[Draft]:
    """Every labelled draft (``*-NN.json`` beside a ``rubric.json``) below the folders."""
    drafts = []
    for rubric_path in sorted(p for folder in folders for p in folder.rglob("rubric.json")):
        rubric = _bare_rubric(rubric_path)
        for path in sorted(rubric_path.parent.glob("*-[0-9]*.json")):
            raw = json.loads(path.read_text(encoding="utf8"))
            labels = {key: (value["label"], value["quote"]) for key, value in raw["points"].items()}
            essay_id = path.stem if "train" in path.stem or "dev" in path.stem else f"{rubric.id}-{path.stem}"
            drafts.append(Draft(essay_id, plain_essay(raw["text"], essay_id), rubric, labels, raw))
    return drafts


def read_model_answers(folders: list[Path]) -> list[Draft]:
    """Every ``model_answer.txt`` (question, blank line, answer) beside a ``rubric.json``: it covers all points."""
    answers = []
    for path in sorted(p for folder in folders for p in folder.rglob("model_answer.txt")):
        if not (rubric_path := path.parent / "rubric.json").exists():
            continue
        rubric = _bare_rubric(rubric_path)
        _, _, text = path.read_text(encoding="utf8").strip().partition("\n\n")
        labels = {point.id: ("covered", "") for point in rubric.points}
        essay = plain_essay(text, f"{rubric.id}-answer")
        answers.append(Draft(essay.id, essay, rubric, labels, {}, is_model_answer=True))
    return answers


def passage_pairs(question: Question, rng: random.Random) -> Iterator[tuple[str, str, int]]:
    """(passage, point, label index): each passage with its own point, some others, swapped sides, and company."""
    texts = {pid: point_text(question.sides, pid, s) for pid, s in question.statement_by_point.items()}
    ids = list(texts)
    missing_by_point: dict[str, list[str]] = defaultdict(list)
    for passage in question.passages:
        if passage.label == "missing":
            missing_by_point[passage.point].append(passage.text)
    for passage in question.passages:
        label = LABEL_INDEX[passage.label]
        own = texts[passage.point]
        yield passage.text, own, label
        # In company: the same passage beside one that does not make the point keeps its label.
        company = [t for t in missing_by_point[passage.point] if t != passage.text]
        if company and rng.random() < COMPANY_SHARE:
            other = rng.choice(company)
            yield (f"{passage.text} {other}" if rng.random() < 0.5 else f"{other} {passage.text}"), own, label
        for pid in passage.also:
            if pid in texts:
                yield passage.text, texts[pid], LABEL_INDEX["covered"]
        # Another point of the same rubric: only from passages that are about their own point alone.
        if passage.kind in ("paraphrase", "plain", "misspelt", "opposite", "one_side", "vague", "metaphor"):
            others = [pid for pid in ids if pid != passage.point and pid not in passage.also]
            for pid in rng.sample(others, min(1, len(others))):
                yield passage.text, texts[pid], LABEL_INDEX["missing"]
        # A difference with its sides swapped says the opposite.
        if (
            passage.label == "covered"
            and passage.point.startswith("D")
            and (swapped := swap(passage.text, question.sides))
        ):
            yield swapped, own, LABEL_INDEX["contradicted"]


def swap(text: str, sides: tuple[str, str]) -> str | None:
    """The text with the two sides' names exchanged, or None unless both stand in it."""
    names = [re.sub(r"^(?:the|an?)\s+", "", side, flags=re.I) for side in sides]
    patterns = [re.compile(rf"\b{re.escape(name)}\b", re.I) for name in names]
    if not all(pattern.search(text) for pattern in patterns):
        return None
    held = patterns[0].sub("\0", text)
    return patterns[1].sub(names[0], held).replace("\0", names[1])


def draft_pairs(drafts: list[Draft], models: Path) -> list[tuple[str, str, int]]:
    """Passages of drafts with their points: those that hold the labelled words; for absent points the nearest ones.

    The nearest are those that the bi-encoder in ``models`` would have read closely.
    """
    from analyser.alignment.aligner import load_encoders
    from analyser.alignment.features import encode_rubric, nearest_windows
    from analyser.alignment.windows import find_windows
    from analyser.text.parsing import load_pipeline

    encoder, _ = load_encoders(models)
    nlp, encoded = load_pipeline(), {}
    pairs = []
    for draft in drafts:
        rubric, text = draft.rubric, draft.essay.text
        if rubric.id not in encoded:
            encoded[rubric.id] = encode_rubric(rubric, encoder)
        parsed = parse_essay(draft.essay, rubric, nlp)
        windows = find_windows(parsed, max_sentences=3)
        nearest = nearest_windows(parsed, encoded[rubric.id], encoder)
        for point, full, absent in zip(rubric.points, encoded[rubric.id].texts, nearest.chosen, strict=True):
            label, quote = draft.labels.get(point.id, ("missing", ""))
            chosen = [nearest.windows[i] for i in absent]
            if label != "missing":
                start = text.find(quote)
                chosen = [w for w in windows if w.start <= start + 5 and w.end >= start + len(quote) - 5][:3]
            pairs += [(text[w.start : w.end], full, LABEL_INDEX[label]) for w in chosen]
    return pairs
