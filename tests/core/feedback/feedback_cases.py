"""A small invented rubric and short drafts about it, and findings built by hand from a few words each."""

from __future__ import annotations

import re

from analyser.records import (
    Block,
    Criterion,
    CriterionFinding,
    Essay,
    EvidenceFinding,
    EvidenceItem,
    Findings,
    JudgementFinding,
    JudgementRule,
    Match,
    Point,
    Quote,
    Rubric,
    Side,
)

DRAFT = """The rule of Ilse and the rule of Aldo were alike in aim and different in manner.

Ilse pawned her jewels to the merchants of Marrow in 1412. Ilse asked the barons for advice at every turn.

Aldo borrowed from the same merchants. Aldo had his rivals drowned in the lake of Orr.

Both feared the north. In short they were alike in aim and different in manner."""


def make_rubric(**changes) -> Rubric:
    parts = {
        "id": "ilse-aldo",
        "version": 1,
        "language": "en-GB",
        "question": "How far was the rule of Ilse of Norrland similar to that of her son Aldo?",
        "sides": (Side("a", "Ilse"), Side("b", "Aldo")),
        "judgement": JudgementRule("Judges how far the two reigns were similar."),
        "criteria": (Criterion("C1", "who took part in decisions"), Criterion("C2", "the price paid by subjects")),
        "points": (
            Point("S1", "similarity", "both pledged treasure to merchants to raise credit"),
            Point("S2", "similarity", "both pacified the frontier provinces through kinship"),
            Point("S3", "similarity", "both debased the coinage", weight=2),
            Point("D1", "difference", "Ilse consulted barons, whereas Aldo relied on favourites"),
            Point("D2", "difference", "Aldo murdered competitors, whereas Ilse pardoned hers"),
        ),
        "evidence": (
            EvidenceItem("E1", "merchants of Marrow"),
            EvidenceItem(
                "E2", "siege of Varn", aliases=("Varnish war",), date="1433-05", facts=("lasted ninety days",)
            ),
            EvidenceItem("E3", "Crown of Brede", figures={"gold marks": "4,000"}),
        ),
    }
    return Rubric(**{**parts, **changes})


def make_essay(text: str = DRAFT) -> Essay:
    blocks = tuple(Block(m.start(), m.end(), "paragraph") for m in re.finditer(r"[^\n]+", text))
    return Essay("draft", "draft.txt", text, blocks)


def quotes(words: str, essay: Essay | None = None) -> tuple[Quote, ...]:
    essay = essay or make_essay()
    start = essay.text.index(words)
    return (essay.quote(start, start + len(words)),) if words else ()


def match(about: str, status: str, words: str = "", reason: str = "") -> Match:
    kind = "similarity" if about.startswith("S") else "difference"
    label = "covered" if status == "unsure" else status
    return Match(about, kind, status, 0.8, {label: 1.0}, quotes(words), reason)


def evidence(about: str, status: str, words: str = "") -> EvidenceFinding:
    return EvidenceFinding(about, status, 0.9, quotes(words))


def criterion(about: str, status: str, words: str = "") -> CriterionFinding:
    return CriterionFinding(about, status, 0.9, quotes(words))


STATED = JudgementFinding(
    "stated", "mixed", ("introduction", "conclusion"), 0.9, quotes("alike in aim and different in manner")
)
NO_JUDGEMENT = JudgementFinding("missing", "none", (), 0.9)


def findings(judgement: JudgementFinding = STATED, **parts) -> Findings:
    return Findings(judgement, **parts)
