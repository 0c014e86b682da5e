"""The frame of an answer: its judgement and stances, what its introduction sets out, and its criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyser.drafting.cue_groups import cue_spans
from analyser.drafting.lists import list_items, longest_list
from analyser.drafting.question import spoken_name
from analyser.drafting.records import Note, Passage
from analyser.records import ContextPoint, Criterion, JudgementRule, ParsedEssay, Rubric
from analyser.rubrics.sides import SideNames

# Words an entry of a list of criteria may have.
MAX_CRITERION_WORDS = 24
OPENER = re.compile(
    r"^(?P<opener>how\s+(?:far|accurate|valid|convincing|similar|different|much|important|successful|alike|true|fair|\w+ly)"
    r"|to\s+what\s+extent)\s+(?P<aux>is|are|was|were|do|does|did|has|have|had|can|could|should)\s+(?P<rest>.+?)\?*$",
    re.I | re.S,
)
# Verbs that report what an introduction says: factual verbs of Quirk et al. (1985) 16.31.
REPORTS = (
    r"(?:note|observe|warn|add|say|explain|show|argue|suggest|stress|recogni[sz]e|remark|mention)s?\s+(?:that|how)"
)
QUOTED_CLAIM = re.compile(r"[‘“\"'](?P<claim>[^‘“”\"]{10,}?)[’”\"']\.?\s+\w")
VIEW = re.compile(
    r"(?:evaluate|assess|examine|discuss|consider)\s+(?:the\s+)?(?:view|claim|argument|idea|opinion|statement)\s+that\s+(?P<claim>.+)",
    re.I,
)
PREDICATE = re.compile(
    r"\s(?=(?:fundamentally\s+|really\s+|essentially\s+)?(?:similar|different|alike|comparable|the same|differ|agree|"
    r"disagree|share|resemble|present|treat|have|achieve|in\s+(?:the|their|its|how|which)|as\s+\w+)\b)",
    re.I,
)


def frame_judgement(parsed: ParsedEssay, passages: Sequence[Passage], rubric: Rubric) -> tuple[JudgementRule, Note]:
    """What counts as an answer, in the words of the question."""
    about, is_sure = _indirect(rubric.question)
    a, b = spoken_name(rubric, "a"), spoken_name(rubric, "b")
    a = a[:1].upper() + a[1:]
    stances = {
        "similar": f"{a} and {b} are alike in this, wholly or for the most part.",
        "different": f"{a} and {b} are not alike in this, wholly or for the most part.",
        "mixed": f"{a} and {b} are alike in some respects and not in others, and the answer says in which.",
    }
    source = next((_sentence(parsed, p) for p in passages if p.role == "judgement"), rubric.question)
    checks = () if is_sure else ("the question was put into the statement as it stands",)
    return JudgementRule(f"Reaches a judgement on {about}.", stances), Note(
        source, "sure" if is_sure else "likely", checks
    )


def _indirect(question: str) -> tuple[str, bool]:
    """ "How far were X similar?" -> "how far X were similar"; where that fails, the question itself."""
    question = " ".join(question.split())
    if claim := QUOTED_CLAIM.match(question):
        return f"how far it is right to say: “{claim['claim'].rstrip('.')}”", True
    if view := VIEW.match(question):
        return f"how far it is right to say that {view['claim'].rstrip('.?')}", True
    match = OPENER.match(question)
    if not match:
        return f"the question “{question}”", False
    opener, aux, rest = match["opener"].lower(), match["aux"], " ".join(match["rest"].split())
    if rest.lower().startswith("it "):
        return f"{opener} it {aux}{rest[2:]}", True
    cut = PREDICATE.search(rest)
    if aux.lower() in ("do", "does", "did"):
        return f"{opener} {rest}", True
    if cut is None:
        return f"{opener} {rest} {aux}", True
    return f"{opener} {rest[: cut.start()]} {aux}{rest[cut.start() :]}", True


def claims_likeness(question: str) -> bool:
    """Whether the claim in the question, if there is one, is that the two are alike."""
    return not re.search(r"\b(?:different|differ|differed|unlike|disagree|less|more|contrast)\b", question, re.I)


def frame_context(
    parsed: ParsedEssay, passages: Sequence[Passage], names: SideNames
) -> list[tuple[ContextPoint, Note]]:
    """What an introduction might set out: a statement for each clause."""
    found: list[tuple[ContextPoint, Note]] = []
    for passage in passages:
        if passage.role != "context":
            continue
        text = parsed.essay.text[passage.start : passage.end]
        for clause in _context_clauses(text):
            number = len(found) + 1
            found.append((ContextPoint(f"X{number}", clause), Note(_sentence(parsed, passage), "likely")))
    return found


def _context_clauses(text: str) -> Iterator[str]:
    text = re.sub(r"^.*?\bsuch as how\s+", "", text, flags=re.S)
    for piece in re.split(
        rf";\s*|,?\s+and\s+(?=(?:that|how|{REPORTS})\b)|,\s*(?=(?:that|{REPORTS})\b)|:\s+",
        text,
    ):
        piece = re.sub(rf"^(?:that|how|{REPORTS}|and)\s+", "", piece.strip(" .,"), flags=re.I)
        start = max((end for _, end in cue_spans(piece, "frame") if end < len(piece) * 0.6), default=0)
        piece = piece[start:].strip(" ,:")
        if len(piece.split()) >= 4:
            yield piece[:1].upper() + piece[1:]


def frame_criteria(parsed: ParsedEssay, passages: Sequence[Passage]) -> list[tuple[Criterion, Note]]:
    """The standards to judge by, an entry each."""
    found: list[tuple[Criterion, Note]] = []
    for passage in passages:
        if passage.role != "criteria":
            continue
        sentence = _sentence(parsed, passage)
        is_item = parsed.essay.blocks[passage.block_index].kind == "list_item"
        for entry in _criteria(sentence, is_item=is_item):
            if entry.casefold() not in (c.statement.casefold() for c, _ in found):
                found.append((Criterion(f"C{len(found) + 1}", entry), Note(sentence, "likely")))
    return found


def _criteria(sentence: str, *, is_item: bool) -> list[str]:
    text = sentence.strip().rstrip(".")
    if is_item:
        return [e for e in _expanded(re.sub(r"^([^:,]{3,40}):\s+", r"\1: ", text)) if e]
    entries = []
    for item in list_items(longest_list(text)):
        entries += _expanded(re.sub(r"^(?:on|in|by)\s+", "", item))
    return [e for e in entries if 1 < len(e.split()) <= MAX_CRITERION_WORDS and len(entries) > 1]


def _expanded(item: str) -> list[str]:
    """ "the scale and methods of terror" -> "the scale of terror", "the methods of terror"."""
    match = re.fullmatch(r"(?P<det>the|their|his|its)\s+(?P<first>\w+)\s+and\s+(?P<second>\w+)\s+(?P<of>of\s+.+)", item)
    if match:
        return [f"{match['det']} {match['first']} {match['of']}", f"{match['det']} {match['second']} {match['of']}"]
    return [item]


def _sentence(parsed: ParsedEssay, passage: Passage) -> str:
    sentence = parsed.sentences[passage.sentence_index]
    return parsed.essay.text[sentence.start : sentence.end]
