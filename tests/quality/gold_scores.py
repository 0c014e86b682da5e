"""Scores of sentences, content units, sides, negation and who-did-what against the annotated passages of ``gold/``.

python -m tests.quality.gold_scores [--part tune|report] [--blank]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyser.records import Block, ContentUnit, Essay, JudgementRule, ParsedEssay, Rubric, Side
from analyser.text.negation import find_negations
from analyser.text.parsing import load_pipeline, parse_essay

PASSAGES = Path(__file__).parent / "gold" / "passages.jsonl"


@dataclass(frozen=True)
class Passage:
    """One annotated passage; the format is described in ``gold/README.md``."""

    id: str
    part: str
    registers: tuple[str, ...]
    essay: Essay
    rubric: Rubric
    sentences: list[list[int]]
    units: list[list[Any]]
    negations: list[list[int]]
    triples: list[list[Any]]


def load_passages(part: str = "") -> list[Passage]:
    """The passages of a part (``tune`` or ``report``), or all."""
    rows = [json.loads(line) for line in PASSAGES.read_text(encoding="utf8").splitlines()]
    return [_passage(row) for row in rows if part in ("", row["part"])]


def _passage(row: dict[str, Any]) -> Passage:
    blocks = tuple(Block(start, end, kind) for start, end, kind in row["blocks"])
    essay = Essay(row["id"], row["id"], row["text"], blocks)
    a, b = (
        Side(
            key,
            row["sides"][key]["name"],
            tuple(row["sides"][key].get("aliases", ())),
            row["sides"][key].get("frame", ""),
        )
        for key in ("a", "b")
    )
    rubric = Rubric("gold", 1, "en-GB", "", (a, b), JudgementRule(""), ())
    registers = tuple(row["registers"])
    return Passage(
        row["id"],
        row["part"],
        registers,
        essay,
        rubric,
        row["sentences"],
        row["units"],
        row["negations"],
        row["triples"],
    )


@dataclass
class Tally:
    """Counts of right, expected and found items."""

    right: int = 0
    expected: int = 0
    found: int = 0

    def add(self, expected: Iterable[Hashable], found: Iterable[Hashable], ignored: Iterable[Hashable] = ()) -> None:
        """Count two sets; items of ``ignored`` are neither right nor wrong."""
        gold, guess, skip = set(expected), set(found), set(ignored)
        self.right += len(gold & guess)
        self.expected += len(gold)
        self.found += len(guess - (skip - gold))

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.found + self.expected)

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F {self.f1:.3f}  (n {self.expected})"


MEASURES = (
    "sentences", "unit starts", "unit cuts in sentences", "sides referred to", "sides with implied", "negation cues",
    "negation scopes", "negated units", "questions", "attributed units", "rejected units", "triples",
)  # fmt: skip


@dataclass
class Scores:
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in MEASURES})

    def add(self, passage: Passage, parsed: ParsedEssay) -> None:
        tally = self.tallies
        tally["sentences"].add(map(tuple, passage.sentences), ((s.start, s.end) for s in parsed.sentences))
        starts = {_first_letter(passage.essay.text, u[0]) for u in passage.units}
        found = {_first_letter(passage.essay.text, u.start) for u in parsed.units}
        openings = {_first_letter(passage.essay.text, s[0]) for s in passage.sentences}
        tally["unit starts"].add(starts, found)
        tally["unit cuts in sentences"].add(starts - openings, found - openings)
        self._add_units(passage, parsed)
        self._add_negation(passage, parsed)
        tally["triples"].add(
            ((i, *(w.lower() for w in triple)) for i, *triple in passage.triples), find_triples(passage, parsed)
        )

    def _add_units(self, passage: Passage, parsed: ParsedEssay) -> None:
        tally = self.tallies
        for start, end, sides, implied, flags in passage.units:
            unit = best_unit(parsed.units, start, end)
            guess = {(start, key) for key in unit.sides}
            referred = {(start, key) for key in sides}
            told = {(start, key) for key in implied}
            tally["sides referred to"].add(referred, guess, ignored=told)
            tally["sides with implied"].add(referred | told, guess)
            for name, flag, value in (
                ("negated units", "n", unit.is_negated),
                ("questions", "q", unit.is_question),
                ("attributed units", "v", unit.attribution is not None),
                ("rejected units", "r", unit.is_rejected),
            ):
                tally[name].add({start} if flag in flags else (), {start} if value else ())

    def _add_negation(self, passage: Passage, parsed: ParsedEssay) -> None:
        found = [n for u in parsed.units for n in find_negations(passage.essay.text, parsed.doc, u.start, u.end)]
        gold = [((a, b), (c, d)) for a, b, c, d in passage.negations]
        cues = {cue for cue, _ in gold}
        self.tallies["negation cues"].add(
            cues, (next((c for c in cues if c[0] < n.cue.end and n.cue.start < c[1]), n.cue.start) for n in found)
        )
        words = _words_of(passage.essay.text)
        in_gold = {w for _, (a, b) in gold for w in words if a <= w < b}
        in_found = {w for n in found for w in words if n.scope.start <= w < n.scope.end}
        cue_words = {w for (a, b), _ in gold for w in words if a <= w < b}
        self.tallies["negation scopes"].add(in_gold - cue_words, in_found - cue_words)


def best_unit(units: tuple[ContentUnit, ...], start: int, end: int) -> ContentUnit:
    """The found unit that shares most characters with an annotated one; it is scored against that alone."""
    return max(units, key=lambda u: (min(end, u.end) - max(start, u.start), -(u.end - u.start)))


def find_triples(passage: Passage, parsed: ParsedEssay) -> Iterator[tuple[Any, ...]]:
    """(sentence, subject, verb, object) of finite transitive verbs from the parse; '-' where there is no agent."""
    if not parsed.doc.has_annotation("DEP"):
        return
    for verb in parsed.doc:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        index = next((i for i, (a, b) in enumerate(passage.sentences) if a <= verb.idx < b), None)
        by = {child.dep_: child for child in reversed(list(verb.children))}
        subject, target = by.get("nsubj"), by.get("obj")
        patient, agent = by.get("nsubj:pass"), by.get("obl:agent")
        if verb.dep_ == "conj" and not (subject or patient):
            above = {child.dep_: child for child in verb.head.children}
            subject = above.get("nsubj") if target is not None else None
        if patient is not None:
            yield index, agent.lower_ if agent else "-", verb.lower_, patient.lower_
        elif subject is not None and target is not None:
            yield index, subject.lower_, verb.lower_, target.lower_


def _words_of(text: str) -> list[int]:
    """Where the words of a text begin."""
    return [
        i for i, c in enumerate(text) if c.isalnum() and (i == 0 or not (text[i - 1].isalnum() or text[i - 1] in "'’"))
    ]


def _first_letter(text: str, position: int) -> int:
    while position < len(text) - 1 and not text[position].isalnum():
        position += 1
    return position


def score(passages: list[Passage], nlp: Any = None) -> Scores:
    scores = Scores()
    for passage in passages:
        scores.add(passage, parse_essay(passage.essay, passage.rubric, nlp))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", default="", choices=["", "tune", "report"])
    parser.add_argument(
        "--blank", action="store_true", help="with the blank pipeline that a broken install falls back to"
    )
    options = parser.parse_args()
    nlp = None
    if options.blank:
        import spacy

        nlp = spacy.blank("en")
    scores = score(load_passages(options.part), nlp or load_pipeline())
    for name, tally in scores.tallies.items():
        print(f"{name:24} {tally}")


if __name__ == "__main__":
    main()
