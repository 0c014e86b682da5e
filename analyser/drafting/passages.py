"""The sentences of a model answer, each with what it is for: judgement, context, criteria, a heading or a point.

A machine of few states goes through the text once. Announcements ("The case for similarity is considerable", a heading
"Differences", "Against this, ...") change the kind of the part; what stands between is the substance. A text without
announcements is read as an essay: its first paragraph sets out, its last concludes, and each sentence between tells its
own kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.drafting.records import Passage, Role
from analyser.records import Block, ParsedEssay, PointKind, Sentence, SideKey
from analyser.rubrics.sides import SideNames

# Words a sentence that only announces a part may have beside its announcement.
MAX_ANNOUNCING_WORDS = 14
# Words of a heading.
MAX_HEADING_WORDS = 12
PRONOUN_SUBJECT = re.compile(r"(?:it|they|this|these)\b", re.I)
OTHER_KIND: dict[str, PointKind] = {"similarity": "difference", "difference": "similarity"}


@dataclass
class _State:
    role: Role = "advice"  # of the sentence before
    kind: PointKind | Literal[""] = ""
    is_announced: bool = False  # some part has been announced
    heading: Role | Literal[""] = ""  # what the heading above says the sentences are


def find_passages(
    parsed: ParsedEssay, blocks: Sequence[Block], names: SideNames, *, claims_likeness: bool
) -> list[Passage]:
    """The passages in reading order; ``claims_likeness`` says what agreeing with the question means."""
    text = parsed.essay.text
    sentences = [s for s in parsed.sentences if any(b.start <= s.start < b.end for b in blocks)]
    is_guided = _is_guided(text, sentences)
    reader = _Reader(parsed, blocks, names, claims_likeness=claims_likeness, is_guided=is_guided)
    return [passage for sentence in sentences for passage in reader.read(sentence)]


def _is_guided(text: str, sentences: Sequence[Sentence]) -> bool:
    """Whether the text tells what answers should do, as guidance does, rather than answering itself."""
    return any(has_cue(text[s.start : s.end], "guidance", "frame") for s in sentences[:3])


class _Reader:
    def __init__(
        self,
        parsed: ParsedEssay,
        blocks: Sequence[Block],
        names: SideNames,
        *,
        claims_likeness: bool,
        is_guided: bool,
    ):
        self.parsed, self.text, self.names = parsed, parsed.essay.text, names
        self.blocks = blocks
        self.agree_kind: PointKind = "similarity" if claims_likeness else "difference"
        self.is_guided = is_guided
        self.state = _State()
        self.prose = [b for b in blocks if b.kind in ("paragraph", "list_item")]

    def read(self, sentence: Sentence) -> list[Passage]:
        start, end = sentence.start, sentence.end
        block = self.parsed.essay.blocks[sentence.block_index]
        words = self.text[start:end]
        if block.kind == "heading" or self._is_typed_heading(words, block):
            return self._heading(sentence)
        if has_cue(words, "levels") and self.state.kind == "":
            return [self._passage(sentence, start, end, "levels")]
        start = self._content_start(start, end)
        role = self._role(sentence, block, start)
        self.state.role = role
        if role == "header":
            return [self._passage(sentence, start, end, "header")]
        return [self._passage(sentence, start, end, role)]

    def _passage(self, sentence: Sentence, start: int, end: int, role: Role) -> Passage:
        return Passage(
            start,
            end,
            sentence.index if hasattr(sentence, "index") else self.parsed.sentences.index(sentence),
            sentence.block_index,
            role,
            self.state.kind,
        )

    # ------------------------------------------------------------ headings

    def _is_typed_heading(self, words: str, block: Block) -> bool:
        is_whole = len(words.split()) >= len(self.text[block.start : block.end].split())
        return (
            (is_whole
            and len(words.split()) <= MAX_HEADING_WORDS
            and words.rstrip()[-1:] in (":", ""))
            or (is_whole and len(words.split()) <= 4 and self._heading_role(words) != "")
        )

    def _heading(self, sentence: Sentence) -> list[Passage]:
        words = self.text[sentence.start : sentence.end]
        role = self._heading_role(words)
        kind = self._announced_kind(words)
        if role:
            self.state.heading = role
            self.state.kind = ""
        elif kind:
            self.state.heading, self.state.kind, self.state.is_announced = "point", kind, True
        return [self._passage(sentence, sentence.start, sentence.end, "header")]

    def _heading_role(self, words: str) -> Role | Literal[""]:
        if has_cue(words, "levels"):
            return "levels"
        if has_cue(words, "criteria"):
            return "criteria"
        if has_cue(words, "judgement") or re.match(r"\W*(?:overall )?(?:judge?ment|conclusion|verdict)", words, re.I):
            return "judgement"
        if has_cue(words, "opening"):
            return "context"
        return ""

    # ------------------------------------------------------------ sentences

    def _content_start(self, start: int, end: int) -> int:
        """Where the content begins after "Students might also suggest that"."""
        shift = 0
        words = self.text[start:end]
        for first, last in cue_spans(words, "frame"):
            before = words[:first]
            if (
                (len(before.split()) <= 9
                and not self.names.mentions(before))
                or has_cue(before, "likeness_head", "contrast_head")
            ):
                shift = max(shift, last)
                break
        rest = words[shift:]
        if shift and re.match(r"\s*[:,]\s*", rest):
            shift += len(re.match(r"\s*[:,]\s*", rest)[0])  # type: ignore[index]
        elif shift:
            shift += len(rest) - len(rest.lstrip())
        return start + shift

    def _role(self, sentence: Sentence, block: Block, content: int) -> Role:
        words = self.text[sentence.start : sentence.end]
        rest = self.text[content : sentence.end]
        is_advice = has_cue(words, "guidance", "frame")
        is_turned = self._turn(words)
        if self.state.heading in ("criteria", "judgement", "context", "levels"):
            return self.state.heading  # type: ignore[return-value]
        if not self.is_guided and self.state.heading == "":
            return self._essay_role(sentence, block, words)
        is_started = self.state.is_announced
        continues = PRONOUN_SUBJECT.match(words) is not None and is_advice
        if has_cue(words, "criteria") and (is_advice or not is_started):
            return "criteria"
        if self.state.role == "criteria" and not is_started and has_cue(words, "criteria_list") and continues:
            return "criteria"
        if not is_started and has_cue(words, "opening") and is_advice:
            return "context"
        if continues and self.state.role == "context" and not is_started:
            return "context"
        if has_cue(words, "judgement") and (is_advice or not is_started):
            return "judgement"
        kind = self._announced_kind(words)
        if kind and self._announces(sentence, words, rest, is_advice=is_advice):
            self.state.kind = self.state.kind if is_turned else kind
            self.state.is_announced = True
            return "point" if self._has_content(sentence, content, rest) else "header"
        if not self.state.is_announced:
            if self.state.role == "context" and not self._stands_for_answer(words):
                return "context"
            return "advice" if is_advice or self.is_guided else "point"
        if is_advice and content == sentence.start and not self._is_substance(sentence):
            return "advice"
        return "point"

    def _turn(self, words: str) -> bool:
        """ "Against this, ..." after one part opens the other."""
        is_turned = any(start <= 2 for start, _ in cue_spans(words, "turn"))
        if is_turned and self.state.kind and self.state.is_announced:
            self.state.kind = OTHER_KIND[self.state.kind]
            return True
        return False

    def _announced_kind(self, words: str) -> PointKind | Literal[""]:
        """The kind a heading or announcement names; of two, the one that comes first."""
        found: list[tuple[int, PointKind]] = []
        found += [(start, "similarity") for start, _ in cue_spans(words, "likeness_head")]
        found += [(start, "difference") for start, _ in cue_spans(words, "contrast_head")]
        found += [(start - 1, self.agree_kind) for start, _ in cue_spans(words, "agree")]
        found += [(start - 1, OTHER_KIND[self.agree_kind]) for start, _ in cue_spans(words, "disagree")]
        return min(found)[1] if found else ""

    def _announces(self, sentence: Sentence, words: str, rest: str, *, is_advice: bool) -> bool:
        """Whether a sentence with a word of likeness or contrast opens a part rather than making a point."""
        sides = {key for _, _, key in self.names.mentions(rest)}
        is_first = sentence.start == self.parsed.essay.blocks[sentence.block_index].start
        is_short = len(words.split()) <= MAX_ANNOUNCING_WORDS and not sides
        return is_advice or (is_short and (is_first or has_cue(words, "both_directions"))) or has_cue(words[:24], "turn")

    def _has_content(self, sentence: Sentence, content: int, rest: str) -> bool:
        """Whether a claim about the sides follows the frame of an announcement."""
        is_framed = content > sentence.start
        return (
            is_framed
            and len(rest.split()) >= 5
            and (bool(self.names.mentions(rest)) or has_cue(rest[:12], "pair"))
            and not has_cue(rest[:40], "both_directions")
        )

    def _is_substance(self, sentence: Sentence) -> bool:
        words = self.text[sentence.start : sentence.end]
        return bool(self.names.mentions(words)) or has_cue(words, "pair")

    def _stands_for_answer(self, words: str) -> bool:
        return has_cue(words, "judgement")

    # ------------------------------------------------------------ essays

    def _essay_role(self, sentence: Sentence, block: Block, words: str) -> Role:
        long = [b for b in self.prose if b.end - b.start > 60]
        if len(long) > 2 and block.start <= long[0].start:
            if has_cue(words, "criteria"):
                return "criteria"
            return (
                "judgement"
                if has_cue(words, "judgement") or has_cue(words, "likeness_head", "contrast_head")
                else "context"
            )
        if len(long) > 2 and block.start >= long[-1].start:
            return "judgement"
        return "point"


def sides_in(names: SideNames, text: str) -> frozenset[SideKey]:
    """The sides a text names."""
    return frozenset(key for _, _, key in names.mentions(text))
