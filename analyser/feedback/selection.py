"""What to raise, and in what order: praise first, then the next steps from the most to the least important."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analyser.feedback.leaks import Guard, content_words, stem
from analyser.feedback.quoting import PARAGRAPH_WORDS, Draft, listed, shorten
from analyser.feedback.wording import Topic, load_wording
from analyser.records import (
    CriterionFinding,
    Essay,
    EvidenceFinding,
    Findings,
    Match,
    Point,
    PointKind,
    Quote,
    Rubric,
    SideKey,
    Span,
)

# Praise by kind, in this order; then whatever is left.
PRAISE_ORDER = ("judgement", "similarities", "differences", "criteria", "evidence", "start")
# The second and later messages of one kind and rank wait until this rank, so that three slips do not hide the rest.
WAITING_RANK = 50
# Words from which a paragraph of the body is long enough to need evidence; about three sentences.
MIN_WORDS_FOR_EVIDENCE = 40
# Share of the rubric's evidence below which more evidence is asked for in general.
LOW_EVIDENCE_RATIO = 0.5

# Probability that a doubtful point is there from which its words are worth asking about: more likely than not.
EVEN_CHANCE = 0.5

SLIP_CODES = {"date": "P500", "name": "P501", "number": "P502", "attribution": "P503"}
# What is certain about the answer beside its status (``JudgementFinding.notes``) and what is said about it.
NOTE_CODES = {
    "not_returned_to": "P302",
    "only_at_the_end": "P303",
    "no_conclusion": "P304",
    "places_disagree": "P305",
    "conclusion_off_question": "P306",
}
# Confidence (0 to 1) in the answer, in a criterion and in evidence from which it is praised as plain; set by hand. What
# the detectors find of criteria has 0.75 and more.
PRAISED_FROM, CRITERION_PRAISED_FROM, EVIDENCE_PRAISED_FROM = 0.6, 0.75, 0.75
# A capital inside a sentence: a name, where the draft uses capitals at all. "I" is no name.
INNER_CAPITAL = re.compile(r"(?<=[\w,;:] )(?!I\b)[^\W\d_a-zà-ÿ]\w+")


@dataclass(frozen=True)
class Material:
    """Everything there is to say about one draft."""

    draft: Draft
    findings: Findings
    matches: tuple[Match, ...]
    guard: Guard
    is_revealing: bool = False

    def hint(self, about: str, hint: str) -> str:
        """The rubric's hint for an item, or '' where it would give an answer away."""
        return hint if self.is_revealing or not self.guard.hint_leaks(hint, about) else ""

    @property
    def essay(self) -> Essay:
        return self.draft.essay

    @property
    def rubric(self) -> Rubric:
        return self.draft.rubric

    @cached_property
    def match_by_id(self) -> Mapping[str, Match]:
        return {m.id: m for m in self.matches}

    @cached_property
    def evidence_by_id(self) -> Mapping[str, EvidenceFinding]:
        return {e.id: e for e in self.findings.evidence}

    @cached_property
    def criterion_by_id(self) -> Mapping[str, CriterionFinding]:
        return {c.id: c for c in self.findings.criteria}

    def evidence_with(self, *statuses: str) -> list[EvidenceFinding]:
        return [e for e in self.findings.evidence if e.status in statuses and e.quotes]


def coverage(rubric: Rubric, findings: Findings, matches: Iterable[Match]) -> dict[str, float]:
    """The ratio of items found, by part; a point half made counts half, evidence counts when used or named."""
    statuses = {m.id: m.status for m in matches}
    worth = {"covered": 1.0, "partial": 0.5}

    def ratio(found: Iterable[float], n: int) -> float:
        return min(1.0, sum(found) / n) if n else 0.0

    return {
        "criteria": ratio((c.status == "covered" for c in findings.criteria), len(rubric.criteria)),
        "similarities": ratio(
            (worth.get(statuses.get(p.id, ""), 0.0) for p in rubric.similarities), len(rubric.similarities)
        ),
        "differences": ratio(
            (worth.get(statuses.get(p.id, ""), 0.0) for p in rubric.differences), len(rubric.differences)
        ),
        "evidence": ratio((e.status in ("used", "named") for e in findings.evidence), len(rubric.evidence)),
    }


# ---------------------------------------------------------------- praise


def praise_topics(material: Material) -> list[Topic]:
    """What is there, the best of each part first."""
    topics = [*_judgement_praise(material), *_criteria_praise(material), *_point_praise(material)]
    topics += _evidence_praise(material)
    if not topics:
        topics += _start_praise(material)
    topics += [t for t in _observation_topics(material) if load_wording()[t.code].tone == "praise"]
    table = load_wording()
    by_kind: defaultdict[str, list[Topic]] = defaultdict(list)
    for topic in topics:
        by_kind[table[topic.code].kind].append(topic)
    kinds = sorted(by_kind, key=lambda k: PRAISE_ORDER.index(k) if k in PRAISE_ORDER else len(PRAISE_ORDER))
    return list(_interleaved([sorted(by_kind[kind], key=lambda t: -t.weight) for kind in kinds]))


def _judgement_praise(material: Material) -> Iterator[Topic]:
    judgement = material.findings.judgement
    if judgement.status == "stated" and judgement.quotes and judgement.confidence >= PRAISED_FROM:
        is_framing = {"introduction", "conclusion"} <= set(judgement.where)
        code = "P101" if is_framing else "P100"
        yield Topic(code, "judgement", _quote_slots(judgement.quotes), judgement.confidence)


def _criteria_praise(material: Material) -> Iterator[Topic]:
    for finding in material.findings.criteria:
        if finding.status == "covered" and finding.quotes and finding.confidence >= CRITERION_PRAISED_FROM:
            yield Topic("P110", finding.id, _quote_slots(finding.quotes), finding.confidence)


def _point_praise(material: Material) -> Iterator[Topic]:
    for match in material.matches:
        if match.status == "covered" and match.quotes:
            code = "P120" if match.kind == "similarity" else "P121"
            yield Topic(code, match.id, _quote_slots(match.quotes), match.confidence)


def _evidence_praise(material: Material) -> Iterator[Topic]:
    wrong = [slip.quote for slip in material.findings.slips]
    for code, status in (("P130", "used"), ("P131", "named")):
        all_found = material.evidence_with(status)
        # What is to be checked in the same words is not praised.
        found = [e for e in all_found if not any(e.quotes[0].overlaps(quote) for quote in wrong)]
        if found:
            surest = sorted(found, key=lambda e: -e.confidence)
            sure = [e for e in surest if e.confidence >= EVIDENCE_PRAISED_FROM] or surest[:1]
            yield Topic(code, sure[0].id, {"quotes": listed(e.quotes[0].text for e in sure)})
            return


def _start_praise(material: Material) -> Iterator[Topic]:
    for match in material.matches:
        if match.status == "partial" and match.quotes:
            yield Topic("P140", match.id, _quote_slots(match.quotes), match.confidence)
            return


# ---------------------------------------------------------------- next steps


def step_topics(material: Material) -> list[Topic]:
    """What to do next, most important first."""
    topics = [
        *_judgement_steps(material),
        *_criteria_steps(material),
        *_slip_topics(material),
        *_point_steps(material),
        *_evidence_steps(material),
        *(t for t in _observation_topics(material) if load_wording()[t.code].tone != "praise"),
    ]
    return in_order(topics, _kinds_by_need(material))


def in_order(topics: Sequence[Topic], kinds: Sequence[str] = ()) -> list[Topic]:
    """Topics by rank; within a rank one of each kind in turn, ``kinds`` first, heavier before lighter.

    Where a rank above WAITING_RANK holds several of one kind, the heaviest goes first and the others wait.
    """
    table = load_wording()
    ranked: defaultdict[int, defaultdict[str, list[Topic]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[int, str]] = set()
    for topic in sorted(topics, key=lambda t: (table[t.code].rank, -t.weight)):
        rank, kind = table[topic.code].rank, table[topic.code].kind
        if rank < WAITING_RANK and (rank, kind) in seen:
            rank = WAITING_RANK
        seen.add((table[topic.code].rank, kind))
        ranked[rank][kind].append(topic)
    order = list(kinds)
    found: list[Topic] = []
    for rank in sorted(ranked):
        groups = sorted(ranked[rank], key=lambda k: order.index(k) if k in order else len(order))
        found += _interleaved([ranked[rank][kind] for kind in groups])
    return found


def _kinds_by_need(material: Material) -> list[str]:
    """Similarities and differences, the one with more left to say first."""
    ratios = coverage(material.rubric, material.findings, material.matches)
    return sorted(("similarities", "differences"), key=lambda part: ratios[part])


def _interleaved(groups: Sequence[Sequence[Topic]]) -> Iterator[Topic]:
    for place in range(max((len(group) for group in groups), default=0)):
        yield from (group[place] for group in groups if place < len(group))


def _judgement_steps(material: Material) -> Iterator[Topic]:
    judgement = material.findings.judgement
    slots = _quote_slots(judgement.quotes) | _quote_slots(judgement.quotes[-1:], "last")
    if judgement.status == "missing" and judgement.quotes:
        yield Topic("P307", "judgement", slots, judgement.confidence)
    elif judgement.status == "missing" or not judgement.quotes:
        yield Topic("P300", "judgement", hint=material.hint("judgement", material.rubric.judgement.hint))
    elif judgement.status == "hedged":
        yield Topic("P301", "judgement", slots)
    for note in judgement.notes:
        if note in NOTE_CODES:
            yield Topic(NOTE_CODES[note], "judgement", slots)


def _criteria_steps(material: Material) -> Iterator[Topic]:
    """Each criterion with the rubric's hint; those without one share a single message."""
    found = material.criterion_by_id
    covered = [c for c in material.findings.criteria if c.status == "covered" and c.quotes]
    unsure = [c for c in material.findings.criteria if c.status == "unsure" and c.quotes]
    unsure_ids = {c.id for c in unsure}
    hints = {c.id: material.hint(c.id, c.hint) for c in material.rubric.criteria}
    for finding in unsure:
        slots = _quote_slots(finding.quotes)
        yield Topic("P312", finding.id, slots, finding.confidence, hints.get(finding.id, ""))
    is_first, is_bare_said = not covered and not unsure, False
    beyond = _quote_slots(covered[0].quotes, "beyond") if covered else {}
    for criterion in material.rubric.criteria:
        is_covered = criterion.id in found and found[criterion.id].status == "covered"
        hint = hints[criterion.id]
        if is_covered or criterion.id in unsure_ids or (is_bare_said and not hint):
            continue
        code = "P310" if is_first else "P311"
        yield Topic(code, criterion.id, beyond, hint=hint, answer=f"{criterion.id}: {criterion.statement}")
        is_first, is_bare_said = False, is_bare_said or not hint


def _slip_topics(material: Material) -> Iterator[Topic]:
    for slip in material.findings.slips:
        slots = {"quote": material.draft.in_context(slip.quote)}
        yield Topic(SLIP_CODES[slip.kind], slip.evidence, slots, answer=f"the rubric has: {slip.expected}")


def _point_steps(material: Material) -> Iterator[Topic]:
    taken: list[Span] = [q for m in material.matches if m.status != "missing" for q in m.quotes]
    spoken_for: list[Span] = [q for m in material.matches if m.status not in ("missing", "unsure") for q in m.quotes]
    beyond = {
        kind: [m.quotes for m in material.matches if m.kind == kind and m.status == "covered" and m.quotes]
        for kind in ("similarity", "difference")
    }
    far_off: dict[PointKind, None] = {}  # kinds with a doubtful point that is probably not there, in order
    for point in sorted(material.rubric.points, key=lambda p: -p.weight):
        match = material.match_by_id.get(point.id)
        answer = f"{point.id}: {point.statement}"
        hint = material.hint(point.id, point.hint)
        is_likeness = point.kind == "similarity"
        if match is None or match.status == "missing":
            slots = {} if hint else _place_to_build_on(material, point, taken)
            if not slots and not hint and beyond[point.kind]:
                slots = _quote_slots(beyond[point.kind].pop(0), "beyond")
            yield Topic("P200" if is_likeness else "P201", point.id, slots, point.weight, hint, answer)
        elif match.quotes and match.status == "unsure":
            if not hint and _chance(match) < EVEN_CHANCE:
                far_off[point.kind] = None
            elif not any(match.quotes[0].overlaps(span) for span in spoken_for):
                # The same words are not doubted twice, nor where they are already known to do something else.
                spoken_for.append(match.quotes[0])
                code = "P230" if is_likeness else "P231"
                yield Topic(code, point.id, _quote_slots(match.quotes), point.weight, hint, answer)
        elif match.quotes and match.status in ("partial", "contradicted"):
            code, slots = _begun(material, match)
            yield Topic(code, point.id, slots, point.weight, answer=answer)
    yield from (Topic("P240" if kind == "similarity" else "P241") for kind in far_off)


def _chance(match: Match) -> float:
    """The probability that a point is there, at least in part."""
    return match.probabilities.get("covered", 0.0) + match.probabilities.get("partial", 0.0)


def _begun(material: Material, match: Match) -> tuple[str, dict[str, str]]:
    """The code and slots of a point that is half there or upside down."""
    slots = _quote_slots(match.quotes)
    is_likeness = match.kind == "similarity"
    if match.status == "contradicted":
        return "P220", slots
    sides = material.draft.sides_of(match.quotes)
    if len(sides) == 1:
        return ("P210" if is_likeness else "P211"), slots | _side_slots(material.rubric, *sides)
    return ("P212" if is_likeness else "P213"), slots


def _place_to_build_on(material: Material, point: Point, taken: list[Span]) -> dict[str, str]:
    """Slots for the sentence about one side that is nearest to a missing point; it is then taken."""
    texts = (point.statement, *point.accept)
    stems = frozenset(stem(word) for text in texts for word in content_words(text))
    mentions = (material.evidence_by_id[e].quotes for e in point.evidence if e in material.evidence_by_id)
    sentence = material.draft.nearest(stems, (quote for quotes in mentions for quote in quotes), taken)
    if sentence is None:
        return {}
    taken.append(sentence)
    return {"near": shorten(sentence.text)} | _side_slots(material.rubric, *sentence.sides)


def _evidence_steps(material: Material) -> Iterator[Topic]:
    statements = {e.id: f"{e.id}: {e.name}" for e in material.rubric.evidence}
    slips = material.findings.slips
    unlinked = material.findings.unlinked_evidence
    asked: set[Span] = set()
    for loose in unlinked:
        place = material.draft.sentence_of(loose.quote) or loose.quote
        if place not in asked:  # two facts of one sentence are one question
            asked.add(place)
            yield Topic("P400", loose.evidence, {"quote": material.draft.in_context(loose.quote)})
    for finding in material.evidence_with("misused"):
        if not any(slip.evidence == finding.id or slip.quote.overlaps(finding.quotes[0]) for slip in slips):
            slots = {"quote": material.draft.in_context(finding.quotes[0])}
            yield Topic("P401", finding.id, slots, answer=statements.get(finding.id, ""))
    is_loose = {loose.evidence for loose in unlinked}
    named = [e for e in material.evidence_with("named") if e.id not in is_loose]
    for code, found in (("P402", named), ("P403", material.evidence_with("unsure"))):
        if found:
            yield Topic(code, found[0].id, {"quotes": listed(e.quotes[0].text for e in found)})
    yield from _missing_evidence(material)


def _missing_evidence(material: Material) -> Iterator[Topic]:
    bare = _paragraph_without_evidence(material)
    if bare is not None:
        yield Topic("P405", "", {"quote": shorten(bare, PARAGRAPH_WORDS).removesuffix(" …")})
    is_low = coverage(material.rubric, material.findings, ())["evidence"] < LOW_EVIDENCE_RATIO
    if bare is None and is_low and material.rubric.evidence:
        yield Topic("P406")
    for item in material.rubric.evidence:
        finding = material.evidence_by_id.get(item.id)
        hint = material.hint(item.id, item.hint)
        if hint and (finding is None or finding.status == "missing"):
            yield Topic("P404", item.id, hint=hint, answer=f"{item.id}: {item.name}")


def _paragraph_without_evidence(material: Material) -> str | None:
    """The first paragraph of the body that certainly holds no name, date or figure, or None."""
    essay = material.essay
    if not INNER_CAPITAL.search(essay.text):
        return None  # a draft without capitals: names cannot be told from other words
    spans = [q for e in material.findings.evidence for q in e.quotes]
    names = material.draft.names
    for block in essay.paragraphs[1:-1]:
        text = essay.text[block.start : block.end]
        is_long = len(text.split()) >= MIN_WORDS_FOR_EVIDENCE
        if not is_long or any(block.overlaps(span) for span in spans) or any(c.isdigit() for c in text):
            continue
        sides = [
            (start - block.start, end - block.start)
            for start, end, _ in names.mentions(essay.text, block.start, block.end)
        ]
        capitals = (m.span() for m in INNER_CAPITAL.finditer(text))
        if all(any(start < e and s < end for s, e in sides) for start, end in capitals):
            return text
    return None


def _observation_topics(material: Material) -> Iterator[Topic]:
    """Observations that wording.toml has words for; others are left to those who know them."""
    table = load_wording()
    spoken = {side.name: spoken_name(material.rubric, side.key) for side in material.rubric.sides}
    for observation in material.findings.observations:
        if observation.code in table:
            slots = _quote_slots(observation.quotes)
            slots |= {name: spoken.get(value, value) for name, value in observation.slots.items()}
            if observation.quotes:
                slots["quotes"] = listed(q.text for q in observation.quotes)
            yield Topic(observation.code, observation.slots.get("criterion", ""), slots)


# ---------------------------------------------------------------- slots


def page_slots(rubric: Rubric) -> dict[str, str]:
    """The slots every message may use."""
    a, b = (spoken_name(rubric, key) for key in ("a", "b"))
    return {"a": a, "b": b, "question": " ".join(rubric.question.split())}


def spoken_name(rubric: Rubric, key: SideKey) -> str:
    """A side's name as the question says it: "the Wall Street Crash" where the question has the article."""
    name = rubric.side(key).name
    has_article = re.search(rf"\bthe {re.escape(name)}", rubric.question, re.I) and not name.lower().startswith("the ")
    return f"the {name}" if has_article else name


def _side_slots(rubric: Rubric, side: SideKey) -> dict[str, str]:
    other: SideKey = "b" if side == "a" else "a"
    return {"side": spoken_name(rubric, side), "other": spoken_name(rubric, other)}


def _quote_slots(quotes: Sequence[Quote], slot: str = "quote") -> dict[str, str]:
    return {slot: shorten(quotes[0].text)} if quotes else {}
