"""Sentences that answer the question or set a standard, as pairs for the cross-encoder.

``answers.jsonl`` beside a question's drafts has one line for each such sentence: ``draft`` (file stem), ``start`` and
``text`` (an exact stretch of the draft), ``stance`` (similar, different, mixed, hedged, or empty), ``criteria`` (ids of
the rubric's criteria it sets or argues by) and ``is_other_standard``. The other sentences of such a draft do neither.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyser.alignment.answers import EDGES, criterion_text, question_text
from analyser.detectors.judgement import place_of_sentence
from analyser.records import POINT_LABELS, ParsedEssay, Rubric
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.training.written_data import ANSWERS, Draft

# What a reading of the question is called among the cross-encoder's four labels.
LABEL_BY_STANCE = {"similar": "covered", "different": "contradicted", "mixed": "partial", "hedged": "partial"}
# Sentences without an answer, and without a standard, that the edges of a draft and its body give to an epoch. The
# edges are what is read at run time; comparisons in the body are the hardest to tell from an answer.
N_UNANSWERED = {True: 5, False: 3}
N_UNSET = {True: 3, False: 1}
# Of the sentences that set another criterion, those that each draft gives for each criterion.
N_SETTING_OTHERS = 2


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence of a draft. ``stance`` is empty where it gives no answer, None where that is not known.

    ``is_edge``: it belongs to the introduction or the conclusion.
    """

    text: str
    is_edge: bool
    stance: str | None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedDraft:
    """``has_criteria``: the sentences that set criteria are known."""

    rubric: Rubric
    sentences: tuple[Marked, ...]
    has_criteria: bool


def read_marked(drafts: list[Draft]) -> list[MarkedDraft]:
    """The drafts with what is known of each sentence: from ``answers.jsonl``, else from the label of the judgement."""
    nlp, marks_by_folder, out = load_pipeline(), {}, []
    for draft in drafts:
        path = Path(draft.rubric.folder) / ANSWERS
        if path not in marks_by_folder:
            lines = path.read_text(encoding="utf8").splitlines() if path.exists() else []
            marks_by_folder[path] = [json.loads(line) for line in lines if line.strip()]
        marks = [mark for mark in marks_by_folder[path] if draft.id.endswith(mark["draft"])]
        parsed = parse_essay(draft.essay, draft.rubric, nlp)
        if marks_by_folder[path]:
            sentences = tuple(_marked(draft, i, parsed, marks) for i in range(len(parsed.sentences)))
        else:
            sentences = tuple(_labelled(draft, i, parsed) for i in range(len(parsed.sentences)))
        out.append(MarkedDraft(draft.rubric, sentences, has_criteria=bool(marks_by_folder[path])))
    return out


def _marked(draft: Draft, index: int, parsed: ParsedEssay, marks: list[dict]) -> Marked:
    sentence, is_edge = parsed.sentences[index], place_of_sentence(parsed, index) in EDGES
    middle = (sentence.start + sentence.end) // 2
    found = [m for m in marks if m["start"] <= middle < m["start"] + len(m["text"])]
    stance = next((m["stance"] for m in found if m["stance"]), "")
    criteria = tuple(sorted({name for m in found for name in m["criteria"]}))
    return Marked(draft.essay.text[sentence.start : sentence.end], is_edge, stance, criteria)


def _labelled(draft: Draft, index: int, parsed: ParsedEssay) -> Marked:
    """What the judgement's label says of a sentence; in the other places of an answer nothing is known."""
    sentence, place = parsed.sentences[index], place_of_sentence(parsed, index)
    label, text, is_edge = draft.raw["judgement"], draft.essay.text, place in EDGES
    start = text.find(label["quote"]) if label["quote"] else -1
    stance: str | None = ""
    if start >= 0 and sentence.start < start + len(label["quote"]) and start < sentence.end:
        stance = "hedged" if label["status"] == "hedged" else label["stance"]
    elif place in label["where"]:
        stance = None
    return Marked(text[sentence.start : sentence.end], is_edge, stance)


def answer_pairs(marked: MarkedDraft, rng: random.Random) -> Iterator[tuple[str, str, int]]:
    """(sentence, question or criterion, label index): all that are marked, and some others, drawn anew each time."""
    asked = question_text(marked.rubric)
    for sentence in marked.sentences:
        if sentence.stance in LABEL_BY_STANCE:
            yield sentence.text, asked, POINT_LABELS.index(LABEL_BY_STANCE[sentence.stance])
    for text in _drawn([s for s in marked.sentences if s.stance == ""], N_UNANSWERED, rng):
        yield text, asked, POINT_LABELS.index("missing")
    for criterion in marked.rubric.criteria if marked.has_criteria else ():
        wanted = criterion_text(marked.rubric, criterion)
        without = [s for s in marked.sentences if criterion.id not in s.criteria]
        # A sentence that sets another standard is the hardest to tell apart.
        setting = [s.text for s in without if s.criteria]
        for sentence in marked.sentences:
            if criterion.id in sentence.criteria:
                yield sentence.text, wanted, POINT_LABELS.index("covered")
        chosen = rng.sample(setting, min(N_SETTING_OTHERS, len(setting))) + _drawn(without, N_UNSET, rng)
        for text in dict.fromkeys(chosen):
            yield text, wanted, POINT_LABELS.index("missing")


def _drawn(sentences: list[Marked], n_by_place: dict[bool, int], rng: random.Random) -> list[str]:
    """The texts of some sentences, so many at the edges and so many in the body."""
    texts = []
    for is_edge, n in n_by_place.items():
        own = [s.text for s in sentences if s.is_edge == is_edge]
        texts += rng.sample(own, min(n, len(own)))
    return texts
