"""Feedback arranged for a reader: the same parts, words and order in every format. Formats only lay it out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from analyser.records import Feedback, JudgementFinding, Message, Quote, Span

PartKey = Literal["judgement", "criteria", "similarities", "differences", "evidence"]
State = Literal["there", "part", "check", "unsure", "missing"]

# Praise and next steps shown unless everything is asked for. Three is what a student can act on in one redraft: the
# "medal and mission" habit of one to three targets (Petty 2014).
N_PRAISE = 3
N_STEPS = 3

NOT_A_MARK = (
    "This is feedback, not a mark. It goes by what was found in your words and can be wrong; your teacher knows better."
)
TITLES: dict[str, str] = {
    "judgement": "Judgement",
    "criteria": "Criteria",
    "similarities": "Similarities",
    "differences": "Differences",
    "evidence": "Evidence",
}
# Messages about a part as a whole, and no item of it.
PART_BY_CODE = {"P240": "similarities", "P241": "differences", "O110": "criteria", "O112": "evidence"}
PLACES = {"introduction": "the introduction", "body": "the body of the essay", "conclusion": "the conclusion"}
# status -> (state, the word shown for it)
JUDGEMENT_WORDS: dict[str, tuple[State, str]] = {
    "stated": ("there", "There"),
    "hedged": ("part", "Not settled"),
    "not sure": ("unsure", "Not sure"),
    "missing": ("missing", "Not found"),
}
POINT_WORDS: dict[str, tuple[State, str]] = {
    "covered": ("there", "There"),
    "partial": ("part", "In part"),
    "contradicted": ("check", "Check this"),
    "unsure": ("unsure", "Not sure"),
    "missing": ("missing", "Not found"),
}
EVIDENCE_WORDS: dict[str, tuple[State, str]] = {
    "used": ("there", "Put to work"),
    "named": ("part", "Mentioned"),
    "misused": ("check", "Check this"),
    "unsure": ("unsure", "Not sure"),
    "missing": ("missing", "Not found"),
}
UNLINKED_WORD = "Not explained"
NOT_SURE_QUESTION = "is this the point?"
NOT_SURE_OF_SEVERAL = "is this the point? It comes nearest to {count} of them."
SLIP_WORDS = {"date": "the date in", "name": "the name in", "number": "the figure in", "attribution": "whose this was:"}
STATE_ORDER: tuple[State, ...] = ("there", "part", "unsure", "check", "missing")
# Control characters, and the marks that turn the direction of writing: an essay needs none of them, and a terminal or
# a page may obey them.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
QUOTED = re.compile(r"(“[^“”]+”)")


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a part. ``number`` counts the items that quote the draft, in the order of the draft (0 without).

    ``label`` (the rubric's own words) and ``detail`` are filled only when answers are revealed. ``count`` is the number
    of the rubric's parts that the row stands for: one passage in doubt may be the nearest to several.
    """

    part: PartKey
    about: str
    state: State
    word: str
    quotes: tuple[Quote, ...] = ()
    note: str = ""
    label: str = ""
    detail: str = ""
    number: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    key: PartKey
    title: str
    summary: str
    n_found: int
    n_all: int
    items: tuple[Item, ...]

    def with_state(self, *states: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.state in states)

    def n_with_state(self, state: State) -> int:
        return sum(item.count for item in self.with_state(state))

    @property
    def n_missing(self) -> int:
        return self.n_with_state("missing")


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a message; ``span`` is where it stands in the draft, when it is the student's own."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message with the part it belongs to ('' for the essay as a whole), its text cut at the student's words."""

    message: Message
    part: str
    words: tuple[Words, ...]

    @property
    def title(self) -> str:
        return TITLES.get(self.part, "Essay")


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a format lays out. ``more_steps`` are those beyond the first few (empty when all are asked for)."""

    title: str
    question: str
    facts: str
    overview: str
    praise: tuple[Said, ...]
    steps: tuple[Said, ...]
    more_steps: tuple[Said, ...]
    parts: tuple[Part, ...]
    notices: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]


def build_page(feedback: Feedback, *, show_all: bool = False, reveal: bool = False) -> Page:
    """Arrange feedback for a reader."""
    said = [_said(message, feedback) for message in feedback.messages]
    praise = [s for s in said if s.message.tone == "praise"]
    steps = [s for s in said if s.message.tone != "praise"]
    n_praise, n_steps = (len(praise), len(steps)) if show_all else (N_PRAISE, N_STEPS)
    essay = feedback.essay
    return Page(
        title=f"Feedback on {_draft_name(feedback)}",
        question=" ".join(feedback.rubric.question.split()),
        facts=f"{_counted(essay.n_words, 'word')} in {_counted(essay.n_paragraphs, 'paragraph')}",
        overview=overview(feedback),
        praise=tuple(praise[:n_praise]),
        steps=tuple(steps[:n_steps]),
        more_steps=tuple(steps[n_steps:]),
        parts=_numbered(build_parts(feedback, reveal=reveal)),
        notices=tuple(notice.text for notice in essay.notices),
        levels=tuple((level.level, level.descriptor) for level in feedback.rubric.levels),
    )


def overview(feedback: Feedback) -> str:
    """One line: judgement stated; criteria 2 of 3; similarities 4 of 7; ...; 2 in part; 3 not sure."""
    parts = build_parts(feedback, reveal=False)
    pieces = [f"judgement {judgement_status(feedback.findings.judgement)}"]
    pieces += [f"{part.key} {part.n_found} of {part.n_all}" for part in parts[1:] if part.n_all]
    statuses = Counter(m.status for m in feedback.matches)
    n_unsure = sum(part.n_with_state("unsure") for part in parts)
    pieces += [f"{statuses['partial']} in part"] if statuses["partial"] else []
    pieces += [f"{statuses['contradicted']} to check"] if statuses["contradicted"] else []
    pieces += [f"{n_unsure} not sure"] if n_unsure else []
    return "; ".join(pieces)


def judgement_status(finding: JudgementFinding) -> str:
    """The status as it is shown: one that is missing but for words that may be meant as an answer is not sure."""
    return "not sure" if finding.status == "missing" and finding.quotes else finding.status


def clean(text: str) -> str:
    """Text safe to show: no control characters."""
    return CONTROLS.sub("", text)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


# ---------------------------------------------------------------- parts


def build_parts(feedback: Feedback, *, reveal: bool) -> tuple[Part, ...]:
    """The five parts in order; a part the rubric does not ask for has ``n_all`` 0."""
    return (
        _judgement_part(feedback, reveal),
        _criteria_part(feedback, reveal),
        _points_part(feedback, "similarities", reveal),
        _points_part(feedback, "differences", reveal),
        _evidence_part(feedback, reveal),
    )


def _part(key: PartKey, items: Sequence[Item], n_found: int, n_all: int, summary: str = "") -> Part:
    ordered = sorted(items, key=lambda item: STATE_ORDER.index(item.state))
    return Part(key, TITLES[key], summary or f"{n_found} of {n_all}", n_found, n_all, tuple(ordered))


def _judgement_part(feedback: Feedback, reveal: bool) -> Part:
    finding, rule = feedback.findings.judgement, feedback.rubric.judgement
    status = judgement_status(finding)
    state, word = JUDGEMENT_WORDS[status]
    where = " and ".join(PLACES[place] for place in finding.where if place in PLACES)
    found = "not found yet" if status == "missing" else status
    summary = f"{found}, in {where}" if where and finding.status != "missing" else found
    label = rule.stances.get(finding.stance, rule.statement) if reveal else ""
    detail = f"stance: {finding.stance}; {_sure(finding.confidence)}" if reveal else ""
    note = "is this your answer?" if state == "unsure" else ""
    item = Item("judgement", "judgement", state, word, finding.quotes, note, label, detail)
    return _part("judgement", [item], int(finding.status == "stated"), 1, summary)


def _criteria_part(feedback: Feedback, reveal: bool) -> Part:
    by_id = {finding.id: finding for finding in feedback.findings.criteria}
    items = []
    for criterion in feedback.rubric.criteria:
        finding = by_id.get(criterion.id)
        state, word = POINT_WORDS[finding.status if finding else "missing"]
        label = f"{criterion.id} {criterion.statement}" if reveal else ""
        detail = _sure(finding.confidence) if reveal and finding else ""
        quotes = finding.quotes if finding and state != "missing" else ()
        items.append(Item("criteria", criterion.id, state, word, quotes, _note(state), label, detail))
    n_found = sum(item.state == "there" for item in items)
    return _part("criteria", items if reveal else _asked_once(items), n_found, len(items))


def _points_part(feedback: Feedback, key: Literal["similarities", "differences"], reveal: bool) -> Part:
    rubric = feedback.rubric
    by_id = {match.id: match for match in feedback.matches}
    items = []
    for point in rubric.similarities if key == "similarities" else rubric.differences:
        match = by_id.get(point.id)
        state, word = POINT_WORDS[match.status if match else "missing"]
        label = f"{point.id} {point.statement}" if reveal else ""
        detail = (
            "; ".join(filter(None, (match.reason.rstrip("."), _sure(match.confidence)))) if reveal and match else ""
        )
        quotes = match.quotes if match and state != "missing" else ()
        items.append(Item(key, point.id, state, word, quotes, _note(state), label, detail))
    n_found = sum(item.state == "there" for item in items)
    return _part(key, items if reveal else _asked_once(items), n_found, len(items))


def _evidence_part(feedback: Feedback, reveal: bool) -> Part:
    """Evidence, slips and unexplained facts; what a slip already points to is not listed twice."""
    findings, rubric = feedback.findings, feedback.rubric
    by_id = {finding.id: finding for finding in findings.evidence}
    unlinked = list(findings.unlinked_evidence)
    items = []
    for evidence in rubric.evidence:
        finding = by_id.get(evidence.id)
        status = finding.status if finding else "missing"
        quotes = finding.quotes if finding and status != "missing" else ()
        if status == "misused" and any(s.evidence == evidence.id for s in findings.slips):
            continue
        state, word = EVIDENCE_WORDS[status]
        loose = [u for u in unlinked if u.evidence == evidence.id or any(u.quote.overlaps(q) for q in quotes)]
        if status == "named" and loose:
            word = UNLINKED_WORD
            unlinked = [u for u in unlinked if u not in loose]
        label = f"{evidence.id} {evidence.name}" if reveal else ""
        detail = f"found by {finding.matched}; {_sure(finding.confidence)}" if reveal and finding and quotes else ""
        items.append(Item("evidence", evidence.id, state, word, quotes, _note(state), label, detail))
    for slip in findings.slips:
        label = f"{slip.evidence} the rubric has: {slip.expected}".strip() if reveal else ""
        items.append(
            Item("evidence", slip.evidence, "check", "Check this", (slip.quote,), SLIP_WORDS[slip.kind], label)
        )
    items += [Item("evidence", u.evidence, "part", UNLINKED_WORD, (u.quote,)) for u in unlinked]
    n_found = sum(finding.status in ("used", "named") for finding in findings.evidence)
    return _part("evidence", items, n_found, len(rubric.evidence))


def _asked_once(items: Sequence[Item]) -> list[Item]:
    """The items with one row for all doubts about the same passage, which a student could not tell apart."""
    rows: list[Item] = []
    for item in items:
        first = next((row for row in rows if row.state == item.state == "unsure" and row.quotes == item.quotes), None)
        if first is None:
            rows.append(item)
            continue
        count = first.count + 1
        rows[rows.index(first)] = replace(first, count=count, note=NOT_SURE_OF_SEVERAL.format(count=count))
    return rows


def _note(state: State) -> str:
    return NOT_SURE_QUESTION if state == "unsure" else ""


def _sure(confidence: float) -> str:
    return f"{round(100 * confidence)}% sure"


def _numbered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Number the items that quote the draft, in the order in which their first quotes stand there."""
    quoting = [item for part in parts for item in part.items if item.quotes]
    in_order = sorted(quoting, key=lambda item: (item.quotes[0].start, -item.quotes[0].end))
    numbers = {id(item): number for number, item in enumerate(in_order, start=1)}
    return tuple(
        replace(part, items=tuple(replace(item, number=numbers.get(id(item), 0)) for item in part.items))
        for part in parts
    )


# ---------------------------------------------------------------- messages


def _said(message: Message, feedback: Feedback) -> Said:
    return Said(message, _part_of(message, feedback), tuple(_words(message.text, feedback.essay.text)))


def _part_of(message: Message, feedback: Feedback) -> str:
    """The part a message belongs to: that of the item it is about, else that of another message of its code."""
    rubric = feedback.rubric
    ids: dict[str, str] = {"judgement": "judgement"}
    ids |= {c.id: "criteria" for c in rubric.criteria} | {e.id: "evidence" for e in rubric.evidence}
    ids |= {p.id: "similarities" for p in rubric.similarities} | {p.id: "differences" for p in rubric.differences}
    if message.about in ids:
        return ids[message.about]
    others = (ids[m.about] for m in feedback.messages if m.code == message.code and m.about in ids)
    return PART_BY_CODE.get(message.code) or next(others, "evidence" if message.code[:2] in ("P4", "P5") else "")


def _words(said: str, text: str) -> Iterator[Words]:
    """A message cut into the draft's words and the others; a shortened quotation is found by what is left of it."""
    for piece in QUOTED.split(one_line(said)):
        words = piece.strip("“…” ").split() if piece.startswith("“") else []
        found = re.search(r"\s+".join(re.escape(word) for word in words), text) if words else None
        if piece:
            yield Words(piece, Span(*found.span()) if found else None)


# ---------------------------------------------------------------- names and counts


def _draft_name(feedback: Feedback) -> str:
    name = PurePath(feedback.essay.source.replace("\\", "/")).name
    return one_line(name) if name.strip("-<> ") else "your draft"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
