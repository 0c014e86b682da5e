"""A model answer -> a drafted rubric: read, find the parts, word them, ask what is in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz

from analyser.drafting.claims import find_claims
from analyser.drafting.contradictions import find_contradictions
from analyser.drafting.evidence import DraftedEvidence, find_evidence
from analyser.drafting.frame import claims_likeness, frame_context, frame_criteria, frame_judgement
from analyser.drafting.hints import with_hints
from analyser.drafting.model_answer import LEVELS_HINT, LEVELS_ONLY, levels_only, read_model_answer
from analyser.drafting.passages import find_passages
from analyser.drafting.question import find_sides
from analyser.drafting.records import Claim, DraftedRubric, ModelAnswer, Note, Passage
from analyser.drafting.tables import read_tables, with_rows
from analyser.drafting.wording import has_two_ideas, is_overlong, points_back, word_statement
from analyser.errors import DraftError
from analyser.records import Essay, JudgementRule, Notice, ParsedEssay, Point, Rubric, Side
from analyser.rubrics.sides import SideNames, side_names
from analyser.rubrics.words import fold
from analyser.text.parsing import load_pipeline, parse_essay
from analyser.text.reading import STANDARD_INPUT

MAX_ID_WORDS = 4
MAX_ID_CHARACTERS = 60
# Likeness (0 to 100, rapidfuzz's token sort ratio) from which two statements say the same in nearly the same words.
# Set by hand: high, since one word apart may be another point.
SAME_STATEMENT = 92


def draft_rubric(source: str | Path, *, question: str = "") -> DraftedRubric:
    """Draft a rubric from the model answer in a file.

    Raises DraftError: E1xx for a file that cannot be read, E36x for a text that no rubric can be drafted from.
    """
    nlp = load_pipeline()
    tables = read_tables(Path(source)) if str(source) != STANDARD_INPUT else []

    def tell_rows(essay: Essay, asked: str) -> Essay:
        return with_rows(essay, tables, find_sides(asked, nlp) if asked else ())

    answer = read_model_answer(source, question, tell_rows=tell_rows if tables else None)
    sides = _two_sides(find_sides(answer.question, nlp), answer)
    rubric = Rubric(_rubric_id(sides, source), 1, "en-GB", answer.question, sides, JudgementRule(""), ())
    parsed = parse_essay(replace(answer.essay, blocks=answer.blocks), rubric, nlp)
    names = side_names(rubric)
    passages = find_passages(parsed, answer.blocks, names, claims_likeness=claims_likeness(answer.question))
    claims = find_claims(parsed, passages, names, rubric)
    is_about = any(b.start <= start < b.end for b in answer.blocks for start, _, _ in names.mentions(parsed.essay.text))
    if not claims or not is_about:
        raise _no_points(answer, rubric)
    return _compose(answer, parsed, passages, claims, names, rubric)


def _two_sides(found: Sequence[Side], answer: ModelAnswer) -> tuple[Side, Side]:
    if len(found) == 2:
        return found[0], found[1]
    where = answer.essay.source
    if len(found) > 2:
        listed = ", ".join(side.name for side in found)
        raise DraftError(
            "E362",
            f"the question compares {len(found)} things ({listed}); a rubric holds two.",
            where=where,
            hint="Draft a rubric for each pair, with --question naming two of them.",
        )
    raise DraftError(
        "E363",
        f"the question names no two things to compare: “{answer.question}”.",
        where=where,
        hint='Give a question that names both, such as --question "How similar were X and Y?".',
    )


def _no_points(answer: ModelAnswer, rubric: Rubric) -> DraftError:
    if levels_only(answer.essay):
        return DraftError("E364", LEVELS_ONLY, where=answer.essay.source, hint=LEVELS_HINT)
    return DraftError(
        "E360",
        f"no similarity or difference of {rubric.sides[0].name} and {rubric.sides[1].name} was found in it.",
        where=answer.essay.source,
        hint="Give a model answer, examiner's guidance or a mark scheme that says how the two are alike and differ.",
    )


def _compose(
    answer: ModelAnswer,
    parsed: ParsedEssay,
    passages: Sequence[Passage],
    claims: Sequence[Claim],
    names: SideNames,
    rubric: Rubric,
) -> DraftedRubric:
    notes: dict[str, Note] = {}
    judgement, notes["judgement"] = frame_judgement(parsed, passages, rubric)
    context = frame_context(parsed, passages, names)
    criteria = frame_criteria(parsed, passages)
    evidence = find_evidence(parsed, _evidence_places(passages), names, rubric)
    points = []
    numbers = {"similarity": 0, "difference": 0}
    worded: list[tuple[Claim, str]] = []
    for claim in claims:
        statement = word_statement(parsed, claim, names, rubric)
        if not any(c.kind == claim.kind and fuzz.token_sort_ratio(statement, s) >= SAME_STATEMENT for c, s in worded):
            worded.append((claim, statement))
    for claim, statement in worded:
        numbers[claim.kind] += 1
        point_id = f"{'S' if claim.kind == 'similarity' else 'D'}{numbers[claim.kind]}"
        linked = tuple(e.item.id for e in evidence if _is_linked(e, claim))
        points.append(Point(point_id, claim.kind, statement, evidence=linked))
        notes[point_id] = _point_note(parsed, claim, statement)
    points.sort(key=lambda p: p.kind == "difference")
    notes |= {entry.id: note for entry, note in context} | {entry.id: note for entry, note in criteria}
    clashes = find_contradictions(parsed, evidence, rubric)
    for found in evidence:
        notes[found.item.id] = _evidence_note(parsed, found, clashes.get(found.item.id, []))
    full = replace(
        rubric,
        judgement=judgement,
        context=tuple(x for x, _ in context),
        criteria=tuple(c for c, _ in criteria),
        points=tuple(points),
        evidence=tuple(e.item for e in evidence),
        source=f"Drafted from {Path(answer.essay.source).name}; to be checked.",
    )
    notices = [*answer.notices, *_further_notices(passages, clashes)]
    return DraftedRubric(with_hints(full), notes, tuple(notices), answer.essay.text)


def _further_notices(passages: Sequence[Passage], clashes: Mapping[str, Sequence[str]]) -> Iterator[Notice]:
    if clashes:
        told = "; ".join(f"{key}: {text}" if key else text for key, texts in clashes.items() for text in texts)
        yield Notice("N363", f"The model answer may contradict itself. {told}.")
    if any(p.role == "levels" for p in passages):
        yield Notice(
            "N364", "Level descriptors were left out; paste them under 'levels:' if feedback should show them."
        )


def _evidence_places(passages: Sequence[Passage]) -> list[Passage]:
    """Where evidence is named: the points, and what is said after the first of them."""
    first = next((k for k, p in enumerate(passages) if p.role == "point"), len(passages))
    return [p for k, p in enumerate(passages) if p.role == "point" or (k > first and p.role in ("judgement", "header"))]


def _is_linked(found: DraftedEvidence, claim: Claim) -> bool:
    return any(m.overlaps(span) for m in found.mentions for span in (*claim.parts, *claim.support))


def _point_note(parsed: ParsedEssay, claim: Claim, statement: str) -> Note:
    source = " … ".join(parsed.essay.text[s.start : s.end].strip() for s in claim.parts)
    checks = list(claim.checks)
    if has_two_ideas(parsed, claim.parts):
        checks.append("is this one idea or two?")
    if points_back(statement):
        checks.append(f"say what “{statement.split()[0].lower()}” stands for")
    if is_overlong(statement):
        checks.append("long for one idea")
    certainty = claim.certainty if not checks or claim.certainty == "doubtful" else "likely"
    return Note(source, certainty, tuple(checks))


def _evidence_note(parsed: ParsedEssay, found: DraftedEvidence, clashes: Sequence[str]) -> Note:
    first = found.mentions[0]
    sentence = parsed.sentences[first.sentence_index]
    checks = list(clashes)
    if found.is_doubtful:
        checks.append("is this evidence, or a word of the argument?")
    if not found.item.kind:
        checks.append("what kind of evidence is it?")
    return Note(
        parsed.essay.text[sentence.start : sentence.end], "doubtful" if found.is_doubtful else "likely", tuple(checks)
    )


def _rubric_id(sides: tuple[Side, Side], source: str | Path) -> str:
    words = []
    for side in sides:
        own = [fold(w) for w in re.findall(r"[^\W_]+", side.name) if len(w) > 1]
        words += own[:MAX_ID_WORDS]
    slug = re.sub(r"[^a-z0-9-]", "", "-".join(words))[:MAX_ID_CHARACTERS].strip("-")
    return slug or re.sub(r"[^a-z0-9]+", "-", Path(source).stem.lower()).strip("-") or "drafted"
