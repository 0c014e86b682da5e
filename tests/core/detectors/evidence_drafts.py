"""A bare rubric and short drafts for the detectors of evidence and facts, parsed by rules alone."""

from __future__ import annotations

import re
from functools import lru_cache

import spacy

from analyser.detectors.evidence import find_evidence
from analyser.detectors.facts import find_slips
from analyser.records import Block, Essay, EvidenceFinding, ParsedEssay, Rubric, Slip
from analyser.rubrics.reading import rubric_from_json
from analyser.rubrics.variants import EvidenceLexicon, derive_variants
from analyser.text.parsing import parse_essay

NAMES = {
    "E01": "murder of Marat, July 1793",
    "E02": "the Cheka (founded December 1917)",
    "E03": "Girondins / Brissotins",
    "E04": "Barebone's Parliament (1653)",
    "E05": "sansculottes",
    "E06": "Law of 22 Prairial (June 1794)",
    "E07": "siege of Drogheda, 1649",
    "E08": "Rump dissolved, April 1653",
    "E09": "36 of 62 county committees",
    "E10": "Trial of the 16 (1936)",
    "E11": "Trial of the 17 (1937)",
    "E12": "Second Five-Year Plan",
    "E13": "votes: Independents 21 million",
    "E14": "Zinoviev",
    "E15": "kulaks / dekulakisation",
    "E16": "the Eyes",
    "E17": "Crimean War",
    "E18": "'To be or not to be' soliloquy",
    "E19": "Society for Political Equality, 1640",
    "E20": "labour camps",
    "E21": "execution of Strafford, May 1641",
    "E22": "Rousseau's Social Contract",
    "E23": "fall of the Bastille, 14 July 1789",
    "E24": "Joseph E. Johnston",
    "E25": "Donoghue v Stevenson, 1932",
    "E26": "R v R, 1991",
    "E27": "poisons such as cyanide",
    "E28": "groynes",
    "E29": "Freedom Caucus",
    "E30": "Clinton's health plan (1993)",
    "E31": "unemployment of about 25% in 1640",
    "E32": "three hundred ducats",
    "E33": "1905 Revolution / Bloody Sunday",
    "E34": "four-pound loaf at 14½ sous",
    "E35": "Leviathan (1651)",
    "E36": "Nozick's second thoughts in The Examined Life (1989)",
    "E37": "Earl Warenne and the rusty sword",
    "E38": "Portia disguised as Balthazar",
    "E39": "the Lockean proviso",
}
POINTS = {
    "S1": "Similarity: both used fear against their enemies",
    "D1": "Difference: Cromwell led the siege of Drogheda, whereas Robespierre wrote the Law of 22 Prairial",
}


def rubric(names: dict[str, str] | list[str] | None = None) -> Rubric:
    """A bare rubric with these names of evidence."""
    if isinstance(names, list):
        names = {f"E{i:03d}": name for i, name in enumerate(names)}
    return rubric_from_json(
        {
            "id": "test",
            "question": "How similar were the methods of Robespierre and Cromwell?",
            "sides": {"a": "Robespierre", "b": "Cromwell"},
            "points": POINTS,
            "criteria": {},
            "evidence": NAMES if names is None else names,
        }
    )


@lru_cache(maxsize=1)
def bare() -> tuple[Rubric, EvidenceLexicon]:
    made = rubric()
    return made, derive_variants(made)


@lru_cache(maxsize=1)
def _blank():
    return spacy.blank("en")


def parse(text: str, made: Rubric | None = None) -> ParsedEssay:
    """A draft whose lines are its paragraphs."""
    blocks = tuple(Block(m.start(), m.end(), "paragraph") for m in re.finditer(r"[^\n]*\w[^\n]*", text))
    return parse_essay(Essay("draft", "draft.txt", text, blocks), made or bare()[0], _blank())


def evidence(text: str) -> dict[str, EvidenceFinding]:
    """The findings that are not missing, by id."""
    made, lexicon = bare()
    return {f.id: f for f in find_evidence(parse(text), made, lexicon) if f.status != "missing"}


def certain(text: str) -> set[str]:
    """The ids of the evidence that is certainly there."""
    return {i for i, f in evidence(text).items() if f.status != "unsure"}


def slips(text: str) -> list[Slip]:
    made, lexicon = bare()
    parsed = parse(text)
    return list(find_slips(parsed, made, lexicon, find_evidence(parsed, made, lexicon)))
