"""Small drafts and bare rubrics for the detectors of judgement, criteria and shape, parsed by rules alone."""

from __future__ import annotations

import re
from functools import lru_cache

import spacy

from analyser.records import Block, Essay, ParsedEssay, Rubric
from analyser.rubrics.reading import rubric_from_json
from analyser.text.parsing import parse_essay

MIDDLE = (
    "There was a lot going on at the time. The first thing to look at is money. He spent it on ships and guns.\n\n"
    "Then there was trade. The merchants wanted ports and got three of them."
)
CLOSING = "Then there was the war. It went on for a while.\n\nIn the end both kings died."


def rubric(question: str, a: str, b: str, criteria: dict[str, str] | None = None) -> Rubric:
    """A rubric of bare statements."""
    return rubric_from_json(
        {
            "id": "test",
            "question": question,
            "sides": {"a": a, "b": b},
            "points": {"S1": "Similarity: both sought allies"},
            "criteria": criteria or {},
        }
    )


HOW_SIMILAR = rubric("How similar were the foreign policies of Palmerston and Canning?", "Palmerston", "Canning")
CLAIM_DIFFERENT = rubric(
    "'The economic policies of Ford and Carter were fundamentally different.' How far do you agree?", "Ford", "Carter"
)
CLAIM_SIMILAR = rubric(
    "How accurate is it to say that the aims of Robespierre and Danton were fundamentally similar?",
    "Robespierre",
    "Danton",
)
WHO_MORE = rubric("Was Elizabeth I more successful than James I in managing Parliament?", "Elizabeth I", "James I")
AGREEMENT = rubric("How far did Keynes and Hayek disagree about unemployment?", "Keynes", "Hayek")
RAISING_MONEY = rubric(
    "How similar were the reigns of Philip and Louis?",
    "Philip",
    "Louis",
    {
        "C1": "how long the reforms lasted",
        "C2": "the methods used to raise money",
        "C3": "who benefited from the reforms",
    },
)
KILLING = rubric(
    "How similar were the reigns of Philip and Louis?",
    "Philip",
    "Louis",
    {"C1": "the scale of the killing", "C2": "the motives of the ruler", "C3": "the results for ordinary people"},
)


def with_criteria(*statements: str) -> Rubric:
    criteria = {f"C{n}": statement for n, statement in enumerate(statements, 1)}
    return rubric("How similar were the reigns of Philip and Louis?", "Philip", "Louis", criteria)


MOVEMENTS = with_criteria(
    "attitude to the use of force", "the social background of supporters", "what the movement hoped to gain"
)
POEMS = with_criteria("how the poet uses form and imagery", "the view of nature", "the effect on the reader")
DISASTERS = with_criteria("economic costs", "environmental impact", "how quickly recovery came")
THEORIES = with_criteria("who holds power in the theory", "the role given to the individual", "how change is explained")
REGIMES = with_criteria(
    "legitimacy: by what right each ruled", "the extent of control over daily life", "the reasons for the collapse"
)


@lru_cache(maxsize=1)
def blank_pipeline():
    return spacy.blank("en")


def parsed(text: str, rubric_: Rubric) -> ParsedEssay:
    """Any text as a draft whose paragraphs are separated by blank lines, parsed by rules alone."""
    paragraphs = re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)
    blocks = tuple(Block(m.start(), m.end(), "paragraph") for m in paragraphs)
    return parse_essay(Essay("draft", "draft", text, blocks), rubric_, blank_pipeline())
