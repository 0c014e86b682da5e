"""The records that flow through the analyser: frozen dataclasses, standard library only.

One essay goes one way: Essay -> ParsedEssay -> Findings -> Matches -> Feedback. No step changes its input. Every
position is a half-open character offset into ``Essay.text``, the normalised text of the draft: no span, no claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SideKey = Literal["a", "b"]
Stance = Literal["similar", "different", "mixed", "none"]
JudgementStatus = Literal["stated", "hedged", "missing"]
CriterionStatus = Literal["covered", "unsure", "missing"]
PointKind = Literal["similarity", "difference"]
PointStatus = Literal["covered", "partial", "contradicted", "unsure", "missing"]
EvidenceStatus = Literal["used", "named", "misused", "unsure", "missing"]
MatchedBy = Literal["alias", "fuzzy", "description"]
SlipKind = Literal["attribution", "date", "name", "number"]
Tone = Literal["praise", "next_step", "check"]
Place = Literal["introduction", "body", "conclusion"]
BlockKind = Literal["front_matter", "heading", "paragraph", "list_item", "quotation", "footnote"]

# Words. The shortest last paragraph of the 159 labelled drafts has eight; a table's cell or a stray line has fewer.
MIN_PARAGRAPH_WORDS = 6
POINT_LABELS: tuple[str, ...] = ("covered", "partial", "contradicted", "missing")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` up to but not including ``end`` of ``Essay.text``."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Quote(Span):
    """A span with its words: ``text == essay.text[start:end]``."""

    text: str


# ---------------------------------------------------------------- the draft


@dataclass(frozen=True, slots=True)
class Block(Span):
    """One block of the draft. ``front_matter`` is a name, date, class or title line and does not count as essay."""

    kind: BlockKind
    level: int = 0  # of a heading (1 to 6) or a nested list item (0 and up)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about how a file was read; ``code`` is explained by ``analyser explain``."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Essay:
    """A draft as read: normalised text and its blocks in order. Blocks do not overlap."""

    id: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()

    def quote(self, start: int, end: int) -> Quote:
        return Quote(start, end, self.text[start:end])

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """The blocks of the student's argument: paragraphs and list items."""
        return tuple(b for b in self.blocks if b.kind in ("paragraph", "list_item"))

    @property
    def whole_paragraphs(self) -> tuple[Block, ...]:
        """The paragraphs long enough to open or close an essay: a table's cell or a stray line is neither."""
        long = tuple(b for b in self.paragraphs if len(self.text[b.start : b.end].split()) >= MIN_PARAGRAPH_WORDS)
        return long or self.paragraphs

    @property
    def n_paragraphs(self) -> int:
        return len(self.paragraphs)

    @property
    def n_words(self) -> int:
        """Words of the essay itself, front matter left out."""
        return sum(len(self.text[b.start : b.end].split()) for b in self.blocks if b.kind != "front_matter")


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence; ``block_index`` points into ``Essay.blocks``."""

    block_index: int


@dataclass(frozen=True, slots=True)
class ContentUnit(Span):
    """A clause or sentence of the student's that makes one claim.

    ``sides`` are the compared sides the unit is about (resolved through aliases, pronouns and words such as "both").
    ``attribution`` is set when the unit reports somebody else's view; ``is_rejected`` when that view is turned down.
    """

    sentence_index: int
    block_index: int
    sides: frozenset[SideKey] = frozenset()
    is_negated: bool = False
    is_question: bool = False
    is_rejected: bool = False
    hedges: tuple[Span, ...] = ()
    attribution: Span | None = None


@dataclass(frozen=True, slots=True)
class ParsedEssay:
    """An essay with its spaCy ``Doc`` over ``essay.text`` (so ``token.idx`` is an offset into it) and content units.

    ``doc`` may come from a blank pipeline: ask ``doc.has_annotation("DEP")`` before using the parse.
    """

    essay: Essay
    doc: Any
    sentences: tuple[Sentence, ...]
    units: tuple[ContentUnit, ...]

    def sentence_at(self, position: int) -> int | None:
        """Index of the sentence that holds a character position, or None between sentences."""
        low, high = 0, len(self.sentences)
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle].end <= position:
                low = middle + 1
            else:
                high = middle
        is_inside = low < len(self.sentences) and self.sentences[low].start <= position
        return low if is_inside else None

    def place_of(self, position: int) -> Place:
        """Whether a position lies in the first, the last or another paragraph of the essay."""
        paragraphs = self.essay.whole_paragraphs
        if len(paragraphs) > 1:
            if position < paragraphs[0].end:
                return "introduction"
            if position >= paragraphs[-1].start:
                return "conclusion"
        elif paragraphs and self.sentences:
            index = self.sentence_at(position)
            if index is not None and index >= max(1, len(self.sentences) - 2):
                return "conclusion"
            if index is not None and index <= 1:
                return "introduction"
        return "body"


# ---------------------------------------------------------------- the rubric


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared; ``frame`` is its period or scope, as the question puts it."""

    key: SideKey
    name: str
    aliases: tuple[str, ...] = ()
    frame: str = ""


@dataclass(frozen=True, slots=True)
class JudgementRule:
    """What counts as an answer; ``stances`` says in the rubric's words what each stance means for this question."""

    statement: str
    stances: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ContextPoint:
    id: str
    statement: str


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    statement: str
    look_for: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One idea of the rubric; ``evidence`` names ids that usually carry it."""

    id: str
    kind: PointKind
    statement: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    weight: float = 1.0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of named evidence. ``side`` is whom it belongs to; ``date`` a year, year-month, day or range of them."""

    id: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    side: Literal["a", "b", "both", "none"] = "none"
    date: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    level: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """A checked rubric. ``folder`` is where it was read from ('' when built in memory)."""

    id: str
    version: int
    language: str
    question: str
    sides: tuple[Side, Side]
    judgement: JudgementRule
    points: tuple[Point, ...]
    criteria: tuple[Criterion, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    context: tuple[ContextPoint, ...] = ()
    levels: tuple[Level, ...] = ()
    source: str = ""
    folder: str = ""

    def side(self, key: SideKey) -> Side:
        return self.sides[0] if key == "a" else self.sides[1]

    @property
    def similarities(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "similarity")

    @property
    def differences(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "difference")


# ---------------------------------------------------------------- what was found


@dataclass(frozen=True, slots=True)
class JudgementFinding:
    """The student's own answer. ``notes`` are codes of further certain observations (qualified, no conclusion ...)."""

    status: JudgementStatus
    stance: Stance
    where: tuple[Place, ...]
    confidence: float
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    id: str
    status: CriterionStatus
    confidence: float
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceFinding:
    """``quotes`` are all mentions, best first."""

    id: str
    status: EvidenceStatus
    confidence: float
    quotes: tuple[Quote, ...] = ()
    matched: MatchedBy = "alias"


@dataclass(frozen=True, slots=True)
class Slip:
    """A fact the rubric knows better; ``evidence`` is the id of the item it concerns ('' for none)."""

    kind: SlipKind
    evidence: str
    quote: Quote
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class UnlinkedEvidence:
    """A fact dropped in with nothing said about what it shows."""

    evidence: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Observation:
    """Something certain about the shape of the argument or beyond the rubric; ``code`` selects its wording.

    ``slots`` fill the wording (counts, names of sides); they never hold the rubric's answer.
    """

    code: str
    quotes: tuple[Quote, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the detectors found, before points are matched."""

    judgement: JudgementFinding
    criteria: tuple[CriterionFinding, ...] = ()
    evidence: tuple[EvidenceFinding, ...] = ()
    slips: tuple[Slip, ...] = ()
    unlinked_evidence: tuple[UnlinkedEvidence, ...] = ()
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on one rubric point. ``probabilities`` holds the four labels of POINT_LABELS and sums to 1."""

    id: str
    kind: PointKind
    status: PointStatus
    confidence: float
    probabilities: Mapping[str, float]
    quotes: tuple[Quote, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence of feedback about one part of the rubric (or '' for the essay as a whole)."""

    code: str
    about: str
    tone: Tone
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything said about one draft; `report` turns it into text, and the JSON form is the feedback record.

    ``trained_models`` names the trained models used; ``coverage`` maps criteria, similarities, differences and
    evidence to the ratio of items found (0 to 1). ``messages`` are in the order to be read, most useful first.
    """

    analyser_version: str
    trained_models: Mapping[str, str]
    rubric: Rubric
    essay: Essay
    findings: Findings
    matches: tuple[Match, ...]
    coverage: Mapping[str, float]
    messages: tuple[Message, ...]

    def quotes(self) -> Iterator[tuple[str, Quote]]:
        """Every quote with the rubric id (or 'judgement') it belongs to."""
        yield from (("judgement", q) for q in self.findings.judgement.quotes)
        for group in (self.findings.criteria, self.matches, self.findings.evidence):
            for item in group:
                yield from ((item.id, q) for q in item.quotes)
