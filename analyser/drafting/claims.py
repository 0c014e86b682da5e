"""Passages -> claims: which sentences make one point, which support it, and of which kind it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.drafting.records import Claim, Passage
from analyser.records import ContentUnit, ParsedEssay, PointKind, Rubric, SideKey, Span
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.sides import SideNames

# Words up to which a sentence such as "Results differed too" only names the topic of the next.
MAX_TOPIC_WORDS = 6
MAX_ANNOUNCING_WORDS = 12
# Words before which a word such as "both" stands for the subject of a sentence.
SUBJECT_CHARACTERS = 24
CONTRASTING = re.compile(r"\b(?:whereas|while|whilst|unlike|where|but|by contrast|in contrast|conversely)\b", re.I)
CONTRAST_OPENER = re.compile(
    r"^\W*(?:[\w’']+\W+){0,3}?(?:by contrast|in contrast|whereas|conversely|on the other hand|however)\b", re.I
)


@dataclass
class _Draft:
    """A claim being gathered."""

    kind: PointKind
    parts: list[Span]
    support: list[Span] = field(default_factory=list)
    sides: frozenset[SideKey] = frozenset()
    is_open: bool = False  # one side only: its other half may follow
    checks: list[str] = field(default_factory=list)
    is_doubtful: bool = False


def find_claims(parsed: ParsedEssay, passages: Sequence[Passage], names: SideNames, rubric: Rubric) -> list[Claim]:
    """The claims in reading order."""
    gatherer = _Gatherer(parsed, names, rubric)
    for passage in passages:
        gatherer.read(passage)
    return gatherer.claims()


class _Gatherer:
    def __init__(self, parsed: ParsedEssay, names: SideNames, rubric: Rubric):
        self.parsed, self.text, self.names = parsed, parsed.essay.text, names
        self.side_by_year = _side_by_year(rubric)
        self.drafts: list[_Draft] = []
        self.topic: Span | None = None
        self.block_index = -1
        self.kind: str = ""
        self.topic_kind: PointKind | Literal[""] = ""  # of the paragraph, as its topic sentence announces it
        self.is_essay = False

    def read(self, passage: Passage) -> None:
        if passage.role != "point":
            self.topic = None
            if passage.role == "header":
                self.block_index = -1
            return
        words = self.text[passage.start : passage.end]
        is_new_part = passage.kind != self.kind or passage.block_index != self.block_index
        if passage.block_index != self.block_index:
            self.topic_kind = ""
        self.kind, self.block_index = passage.kind, passage.block_index
        if self._is_topic(words, passage):
            self.topic = Span(passage.start, passage.end)
            if not passage.kind:
                self.topic_kind = (
                    "difference"
                    if has_cue(words, "contrast_head")
                    else "similarity"
                    if has_cue(words, "common_head")
                    else ""
                )
            return
        units = self._units(passage)
        sides = self._sides(passage, units)
        kind = self._kind(words, units, sides, passage.kind or self.topic_kind)
        if self._is_support(words, kind, sides, is_new_part=is_new_part, passage=passage):
            self._attach(passage)
        elif self._completes(words, kind, sides):
            self._complete(passage)
        else:
            self._open(passage, kind, sides, units)
        self.topic = None

    def claims(self) -> list[Claim]:
        found = []
        for draft in self.drafts:
            checks = list(draft.checks)
            if draft.is_open and draft.kind == "difference":
                checks.append("only one side is named; say what is true of the other")
            found.append(
                Claim(
                    draft.kind,
                    tuple(draft.parts),
                    tuple(draft.support),
                    tuple(checks),
                    "doubtful" if draft.is_doubtful else "likely" if checks else "sure",
                )
            )
        return found

    # ------------------------------------------------------------ what a sentence is

    def _mentions(self, words: str) -> list[tuple[int, int, SideKey]]:
        """Where a text names a side, also by the year of what happened in one year: "in 1929"."""
        found = self.names.mentions(words)
        for date in find_dates(words):
            key = self.side_by_year.get(date.first[0]) if date.precision in ("year", "month", "day") else None
            if key and not any(a <= date.start < b for a, b, _ in found):
                found.append((date.start, date.end, key))
        return sorted(found)

    def _own_dates(self, words: str) -> list[Date]:
        """The dates of a text that do not stand for a side."""
        return [d for d in find_dates(words) if d.first[0] not in self.side_by_year]

    def _units(self, passage: Passage) -> list[ContentUnit]:
        return [u for u in self.parsed.units if u.start < passage.end and passage.start < u.end]

    def _sides(self, passage: Passage, units: Sequence[ContentUnit]) -> frozenset[SideKey]:
        named = frozenset(key for _, _, key in self._mentions(self.text[passage.start : passage.end]))
        if named or has_cue(self.text[passage.start : passage.start + SUBJECT_CHARACTERS], "pair"):
            return named
        return units[0].sides if units else named

    def _is_topic(self, words: str, passage: Passage) -> bool:
        """ "Results differed too.", "They part ways over goodness.": it names what the next sentence is about."""
        n_words = len(words.split())
        is_last = self._is_last_of_block(passage)
        is_announcement = has_cue(words, "contrast_head", "common_head") and not self._is_set_against(words)
        if is_announcement and n_words <= MAX_ANNOUNCING_WORDS and not is_last and not has_cue(words, "that_clause"):
            return True
        return not is_last and (
            n_words <= MAX_TOPIC_WORDS and not self._mentions(words) and not has_cue(words[:SUBJECT_CHARACTERS], "pair")
        )

    def _is_last_of_block(self, passage: Passage) -> bool:
        block = self.parsed.essay.blocks[passage.block_index]
        return self.text[passage.end : block.end].strip() == ""

    def _kind(
        self, words: str, units: Sequence[ContentUnit], sides: frozenset[SideKey], part: PointKind | Literal[""]
    ) -> PointKind:
        """A subject such as "both" makes a likeness, two sides set against each other a difference; else the part."""
        is_paired = self._has_pair_subject(words)
        if is_paired and not has_cue(words[:60], "contrast_head"):
            return "similarity"
        if part:
            return part
        is_contrast = CONTRASTING.search(words) is not None or has_cue(words, "contrast_head")
        if is_contrast or (has_cue(words, "contrast") and len(sides) == 2):
            return "difference"
        if has_cue(words, "pair", "likeness_head"):
            return "similarity"
        return self.drafts[-1].kind if self.drafts else "similarity"

    def _has_pair_subject(self, words: str) -> bool:
        return any(start <= SUBJECT_CHARACTERS for start, _ in cue_spans(words, "pair"))

    def _is_support(
        self, words: str, kind: PointKind, sides: frozenset[SideKey], *, is_new_part: bool, passage: Passage
    ) -> bool:
        """Whether a sentence gives examples of the claim before it rather than making one."""
        if not self.drafts or is_new_part or self.topic is not None:
            return False
        if not passage.kind and self._supports_topic(words, kind, sides):
            return True
        if any(start <= 2 for start, _ in cue_spans(words, "support")):
            return True
        if self._opens_with_date(words):
            return True
        is_paired = self._has_pair_subject(words)
        before = self.drafts[-1]
        sides = frozenset(key for _, _, key in self._mentions(words))
        if kind == "similarity":
            is_added = has_cue(words[:60], "additive")
            if is_paired or is_added or (len(sides) == 2 and not self._is_specific(words)):
                return False
            if before.is_open and sides and not sides & before.sides:
                return False
            return self._is_specific(re.split(r"[:;,(]", words)[0]) or len(sides) == 1
        has_other = len(sides) == 2 or self._is_set_against(words) or (has_cue(words, "contrast") and bool(sides))
        if has_other or is_paired or has_cue(words[:60], "additive"):
            return False
        if before.is_open and sides and not sides & before.sides:
            return False
        return not sides and self._is_specific(words)

    def _supports_topic(self, words: str, kind: PointKind, sides: frozenset[SideKey]) -> bool:
        """In an essay the first claim of a paragraph is its point; only a clear further claim is another."""
        before = self.drafts[-1]
        named = frozenset(key for _, _, key in self._mentions(words))
        if before.is_open and before.kind == "difference" and named and not named & before.sides:
            return False
        is_other = kind != before.kind and (self._has_pair_subject(words) or len(named) == 2)
        if is_other and (kind == "similarity" or self._is_set_against(words)):
            return False
        is_further = has_cue(words[:60], "additive") and (self._has_pair_subject(words) or len(named) == 2)
        return not is_further

    def _opens_with_date(self, words: str) -> bool:
        opening = next((end for start, end in cue_spans(words, "connective") if start <= 1), 0)
        dates = self._own_dates(words)
        return bool(dates) and dates[0].start <= opening + 6

    def _is_set_against(self, words: str) -> bool:
        """Whether a sentence of the part on differences holds both halves of one."""
        return ";" in words or CONTRASTING.search(words) is not None

    def _is_specific(self, words: str) -> bool:
        """Whether a sentence tells of particular people, places or dates other than the sides."""
        if self._own_dates(words):
            return True
        taken = self._mentions(words)
        for match in re.finditer(r"(?<=[\w,;:] )[“‘\"']?[A-Z][\w’'-]+", words):
            if not any(a <= match.start() < b for a, b, _ in taken):
                return True
        first = re.match(r"\W*([A-Z][\w’'-]+)", words)
        tokens = [t for t in self.parsed.doc if not t.is_space]
        if first and not any(a <= first.start(1) < b for a, b, _ in taken):
            token = next(
                (
                    t
                    for t in tokens
                    if self.text[t.idx : t.idx + len(t)] == first[1]
                    and words.startswith(self.text[t.idx : t.idx + 12].strip())
                ),
                None,
            )
            return token is not None and token.tag_ in ("NNP", "NNPS")
        return False

    def _completes(self, words: str, kind: PointKind, sides: frozenset[SideKey]) -> bool:
        """Whether a sentence is the other half of a difference (or a likeness told of each side in turn)."""
        if not self.drafts or len(self.drafts[-1].sides) != 1 or kind != self.drafts[-1].kind:
            return False
        if CONTRAST_OPENER.match(words) and not sides & self.drafts[-1].sides and len(self.drafts[-1].parts) == 1:
            return True
        if not self.drafts[-1].is_open:
            return False
        before = self.drafts[-1]
        first = next(iter(self._mentions(words)), None)
        is_subject = first is not None and first[0] <= SUBJECT_CHARACTERS
        return is_subject and len(sides) == 1 and not sides & before.sides and not self._has_pair_subject(words)

    # ------------------------------------------------------------ gathering

    def _attach(self, passage: Passage) -> None:
        self.drafts[-1].support.append(Span(passage.start, passage.end))

    def _complete(self, passage: Passage) -> None:
        before = self.drafts[-1]
        before.parts.append(Span(passage.start, passage.end))
        before.is_open = False
        before.sides = frozenset(("a", "b"))

    def _open(self, passage: Passage, kind: PointKind, sides: frozenset[SideKey], units: Sequence[ContentUnit]) -> None:
        words = self.text[passage.start : passage.end]
        parts = [Span(passage.start, passage.end)]
        is_one_sided = len(sides) == 1 and not self._has_pair_subject(words)
        if kind == "difference":
            is_one_sided = is_one_sided and not self._is_set_against(words) and not has_cue(words, "unequal")
        draft = _Draft(kind, parts, sides=sides, is_open=is_one_sided)
        if self.topic is not None:
            draft.support.append(self.topic)
        if not passage.kind:
            draft.is_doubtful = not (self._has_pair_subject(words) or CONTRASTING.search(words))
        self.drafts.append(draft)


def _side_by_year(rubric: Rubric) -> dict[int, SideKey]:
    """The years that stand for a side, where it is something that happened in one year."""
    found: dict[int, SideKey] = {}
    for side in rubric.sides:
        dates = find_dates(f"{side.name}; {side.frame}")
        years = {d.first[0] for d in dates}
        if len(years) == 1 and all(d.first[0] == d.last[0] for d in dates):
            found[years.pop()] = side.key
    return found if len(found) == len(rubric.sides) else {}
