"""A rubric as text, with everything the tool derives from it, so that a teacher sees what will be looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyser.records import EvidenceItem, Rubric, SideKey


def render_rubric(
    rubric: Rubric, side_terms: Mapping[SideKey, Sequence[str]], derived: Mapping[str, Sequence[str]]
) -> str:
    """The rubric in reading order.

    ``side_terms`` are the words taken to mean each side; ``derived`` the wordings looked for by evidence id.
    """
    lines = [f"{rubric.id} (version {rubric.version})", rubric.question, ""]
    for side in rubric.sides:
        frame = f" ({side.frame})" if side.frame else ""
        lines.append(f"Side {side.key}: {side.name}{frame}")
        lines.append(f"    said as: {', '.join(side_terms[side.key])}")
    lines += ["", f"Judgement: {rubric.judgement.statement}"]
    lines += [f"    {stance}: {meaning}" for stance, meaning in rubric.judgement.stances.items()]
    lines += _hint(rubric.judgement.hint)
    for title, points in (("Similarities", rubric.similarities), ("Differences", rubric.differences)):
        lines += ["", title]
        for point in points:
            lines.append(f"{point.id:>4}  {point.statement}")
            lines += [f"      or: {wording}" for wording in point.accept]
            lines += [f"      not: {wording}" for wording in point.reject]
            if point.evidence:
                lines.append(f"      carried by: {', '.join(point.evidence)}")
            lines += _hint(point.hint)
    if rubric.criteria:
        lines += ["", "Criteria"]
        for criterion in rubric.criteria:
            lines.append(f"{criterion.id:>4}  {criterion.statement}")
            if criterion.look_for:
                lines.append(f"      look for: {', '.join(criterion.look_for)}")
            lines += _hint(criterion.hint)
    if rubric.evidence:
        lines += ["", "Evidence"]
        for item in rubric.evidence:
            lines.append(f"{item.id:>4}  {item.name}{_facts(item, rubric)}")
            wordings = [w for w in dict.fromkeys(derived.get(item.id, ())) if w.casefold() != item.name.casefold()]
            if wordings:
                lines.append(f"      also as: {'; '.join(wordings)}")
    return "\n".join(lines)


def _hint(hint: str) -> list[str]:
    return [f"      hint: {hint}"] if hint else []


def _facts(item: EvidenceItem, rubric: Rubric) -> str:
    side = {"a": rubric.sides[0].name, "b": rubric.sides[1].name, "both": "both sides"}.get(item.side, "")
    facts = [item.kind, side, item.date, *(f"{key}: {value}" for key, value in item.figures.items())]
    known = [fact for fact in facts if fact]
    return f"  [{'; '.join(known)}]" if known else ""
