"""The sentences of a model answer, each with what it is for: judgement, context, criteria, a heading or a point.

A machine of few states goes through the text once. Announcements ("The case for similarity is considerable", a heading
"Differences", "Against this, ...") change the kind of the part; what stands between is the substance. A text without
announcements is read as an essay: its first paragraph sets out, its last concludes, and each sentence between tells its
own kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.drafting.lists import n_questions
from analyser.drafting.model_answer import LEVEL_LINE
from analyser.drafting.records import Passage, Role
from analyser.records import Block, ParsedEssay, PointKind, Sentence
from analyser.rubrics.sides import SideNames

# Words a sentence that only announces a part may have.
MAX_ANNOUNCING_WORDS = 14
# Words of a heading, and of one that stands alone without a mark.
MAX_HEADING_WORDS, MAX_BARE_HEADING_WORDS = 12, 5
# Words before a frame ("... might suggest that") that can belong to it.
MAX_FRAME_LEAD = 9
# Characters within which a conclusion names itself ("A convincing judgement might be that ...").
MAX_CLOSING_LEAD = 20
# Characters of a paragraph from which it is more than a line.
LONG_PARAGRAPH = 60
# Sentences of a paragraph that must tell the other kind, and how many times those of the announced one, to turn it.
MIN_TURNING, TURNING_RATIO = 2, 2
PRONOUN_SUBJECT = re.compile(r"(?:it|they|this|these|those|here)\b", re.I)
CONCLUDES = re.compile(r"\W*(?:overall )?(?:judge?ment|conclusion|verdict|evaluation|summary)\b", re.I)
STRONG_CONTRAST = re.compile(r"\b(?:whereas|by contrast|in contrast|unlike|on the other hand|conversely)\b", re.I)
# The question put again: "a view of how similar the two men were", "whether they differed".
RESTATES = re.compile(
    r"\b(?:how (?:far|similar|different|alike|close|much)|to what extent|(?:the )?extent to which|whether)\b"
    r"[^.;:]{0,60}"
    r"\b(?:similar|different|differ\w*|alike|agree\w*|parallel|compar\w*|were|are|is|was)\b",
    re.I,
)
# What a mark scheme says about marking: "No more than Level 3 for ...", "Mark scheme", and the line "25 marks".
ABOUT_MARKING = re.compile(
    r"\b(?:mark scheme|indicative content|no (?:more|higher) than (?:level|band)|(?:above|beyond|exceed) (?:level|band)"
    r"|(?:level|band) [1-6]\b(?= (?:answers?|responses?|at most|only|for|maximum|max)\b))"
    r"|^[^.;]{0,24}\b\d{1,2} marks?\W*$",
    re.I,
)
OTHER_KIND: dict[str, PointKind] = {"similarity": "difference", "difference": "similarity"}
FIXED_ROLES: tuple[Role, ...] = ("criteria", "judgement", "context", "levels", "advice")


@dataclass
class _State:
    role: Role = "advice"  # of the sentence before
    kind: PointKind | Literal[""] = ""
    is_announced: bool = False  # some part has been announced
    heading: Role | Literal[""] = ""  # what the heading above says the sentences are
    block_index: int = -1
    first_block: int = -1
    closing_block: int = -1  # the paragraph that concludes
    is_set_out: bool = False  # judgement, context or criteria have been told


def find_passages(
    parsed: ParsedEssay, blocks: Sequence[Block], names: SideNames, *, claims_likeness: bool
) -> list[Passage]:
    """The passages in reading order; ``claims_likeness`` says what agreeing with the question means."""
    text = parsed.essay.text
    sentences = [
        (index, s)
        for index, s in enumerate(parsed.sentences)
        if any(b.start <= s.start < b.end for b in blocks) and re.search(r"\w", text[s.start : s.end])
    ]
    is_guided = any(has_cue(text[s.start : s.end], "guidance", "frame") for _, s in sentences[:3])
    agree: PointKind = "similarity" if claims_likeness else "difference"
    reader = _Reader(parsed, names, agree, is_guided=is_guided)
    passages = [reader.read(index, sentence) for index, sentence in sentences]
    if any(p.role == "point" for p in passages):
        return passages
    # Guidance that announces nothing: what it does not say about answers is its substance.
    return [replace(p, role="point") if p.role == "advice" and reader.is_substance(p) else p for p in passages]


class _Reader:
    def __init__(self, parsed: ParsedEssay, names: SideNames, agree_kind: PointKind, *, is_guided: bool):
        self.parsed, self.text, self.names = parsed, parsed.essay.text, names
        self.agree_kind, self.is_guided = agree_kind, is_guided
        self.state = _State()
        self.long = [b for b in parsed.essay.paragraphs if b.end - b.start > LONG_PARAGRAPH]
        self.has_headings = any(b.kind == "heading" for b in parsed.essay.blocks)

    def read(self, index: int, sentence: Sentence) -> Passage:
        block = self.parsed.essay.blocks[sentence.block_index]
        words = self.text[sentence.start : sentence.end]
        if LEVEL_LINE.match(words) or (self.state.heading == "levels" and block.kind != "heading"):
            return self._passage(index, sentence, sentence.start, "levels")
        if block.kind == "heading" or self._is_typed_heading(words, block):
            self._read_heading(words)
            return self._passage(index, sentence, sentence.start, "header")
        if ABOUT_MARKING.search(words):
            return self._passage(index, sentence, sentence.start, "advice")
        if sentence.block_index != self.state.block_index:
            self.state.block_index = sentence.block_index
            self._turn_by_paragraph(block)
        start = self._content_start(sentence.start, sentence.end)
        self.state.role = self._role(sentence, block, start)
        if self.state.first_block < 0:
            self.state.first_block = sentence.block_index
        self.state.is_set_out |= self.state.role in ("judgement", "context", "criteria")
        return self._passage(index, sentence, start, self.state.role)

    def is_substance(self, passage: Passage) -> bool:
        """Whether a passage says something of the sides."""
        words = self.text[passage.start : passage.end]
        return bool(self.names.mentions(words)) or has_cue(words, "pair")

    def _passage(self, index: int, sentence: Sentence, start: int, role: Role) -> Passage:
        return Passage(start, sentence.end, index, sentence.block_index, role, self.state.kind)

    # ------------------------------------------------------------ headings

    def _is_typed_heading(self, words: str, block: Block) -> bool:
        n_words = len(words.split())
        if n_words < len(self.text[block.start : block.end].split()) or n_words > MAX_HEADING_WORDS:
            return False
        if words.rstrip().endswith(":"):
            return True
        is_bare = n_words <= MAX_BARE_HEADING_WORDS and words.rstrip()[-1:] not in tuple(".;,!?")
        return is_bare and (self._heading_role(words) != "" or self._announced_kind(words) != "")

    def _read_heading(self, words: str) -> None:
        role, kind = self._heading_role(words), self._announced_kind(words)
        if kind and role != "levels":
            self.state.heading, self.state.kind, self.state.is_announced = "point", kind, True
        elif role:
            self.state.heading, self.state.kind = role, ""

    def _heading_role(self, words: str) -> Role | Literal[""]:
        if has_cue(words, "levels"):
            return "levels"
        if has_cue(words, "criteria"):
            return "criteria"
        if has_cue(words, "judgement") or CONCLUDES.match(words):
            return "judgement"
        return "context" if has_cue(words, "opening") else ""

    # ------------------------------------------------------------ sentences

    def _content_start(self, start: int, end: int) -> int:
        """Where the content begins after "Students might also suggest that"."""
        words = self.text[start:end]
        for first, last in cue_spans(words, "frame"):
            lead = words[:first]
            is_short = len(lead.split()) <= MAX_FRAME_LEAD and not self.names.mentions(lead)
            if is_short or has_cue(lead, "likeness_head", "contrast_head", "agree", "disagree"):
                following = re.match(r"\s*[:,]?\s*", words[last:])
                return start + last + (following.end() if following else 0)
        return start

    def _role(self, sentence: Sentence, block: Block, content: int) -> Role:
        words = self.text[sentence.start : sentence.end]
        is_advice = has_cue(words, "guidance", "frame")
        is_turned = self._turn(words)
        is_started = self.state.is_announced
        if self.state.heading in FIXED_ROLES:
            is_list = n_questions(words) > 1 or has_cue(words, "criteria")
            return "criteria" if self.state.heading == "context" and is_list else self.state.heading
        if not self.is_guided and self.state.heading == "":
            return self._essay_role(block, words)
        continues = PRONOUN_SUBJECT.match(words) is not None and is_advice
        is_opening = (has_cue(words, "opening") and is_advice) or (continues and self.state.role == "context")
        if self._is_criteria(words, is_advice=is_advice, is_opening=is_opening):
            return "criteria"
        if not is_started and is_opening:
            return "context"
        is_closing = is_started and self.state.role == "judgement" and sentence.block_index == self.state.closing_block
        if is_closing or (is_started and any(start <= MAX_CLOSING_LEAD for start, _ in cue_spans(words, "judgement"))):
            self.state.closing_block = sentence.block_index
            return "judgement"
        restates = not is_started and RESTATES.search(words) is not None
        if (has_cue(words, "judgement") or restates) and (is_advice or not is_started):
            return "judgement"
        kind = self._announced_kind(words)
        rest = self.text[content : sentence.end]
        if not is_started and is_advice and has_cue(words, "likeness_head") and has_cue(words, "contrast_head"):
            return "judgement"  # "weigh similarities against differences"
        if kind and self._announces(sentence, words, rest, is_advice=is_advice):
            self.state.kind = self.state.kind if is_turned else kind
            self.state.is_announced = True
            return "point" if self._has_content(sentence, content, rest) else "header"
        is_mere_advice = is_advice and content == sentence.start and not self._names_pair(words)
        is_in_body = self.state.is_set_out and sentence.block_index > self.state.first_block
        if not self.state.is_announced and not is_in_body:
            return "context" if self.state.role == "context" else "advice"
        # A further paragraph that announces nothing is the argument all the same.
        return "advice" if is_mere_advice else "point"

    def _is_criteria(self, words: str, *, is_advice: bool, is_opening: bool) -> bool:
        if self.state.is_announced:
            return has_cue(words, "criteria") and (is_advice or not self.names.mentions(words))
        if has_cue(words, "criteria") or (n_questions(words) > 1 and not is_opening):
            return True
        follows = PRONOUN_SUBJECT.match(words) is not None and has_cue(words, "criteria_list")
        return self.state.role == "criteria" and follows

    def _names_pair(self, words: str) -> bool:
        return bool(self.names.mentions(words)) or has_cue(words, "pair")

    def _turn(self, words: str) -> bool:
        """ "Against this, ..." after one part opens the other."""
        is_turned = any(start <= 2 for start, _ in cue_spans(words, "turn"))
        if is_turned and self.state.kind and self.state.is_announced:
            self.state.kind = OTHER_KIND[self.state.kind]
            return True
        return False

    def _turn_by_paragraph(self, block: Block) -> None:
        """A paragraph whose sentences nearly all tell the other kind belongs to it, announced or not."""
        is_body = self.is_guided and self.state.is_set_out and self.state.first_block >= 0
        if not is_body or self.state.heading:
            return
        counts = {"similarity": 0, "difference": 0}
        inside = [s for s in self.parsed.sentences if block.start <= s.start < block.end]
        if inside and has_cue(self.text[inside[0].start : inside[0].end], "turn"):
            return  # it turns by itself
        for sentence in inside:
            words = self.text[sentence.start : sentence.end]
            is_paired = any(start <= MAX_ANNOUNCING_WORDS for start, _ in cue_spans(words, "pair"))
            counts["similarity"] += is_paired
            counts["difference"] += not is_paired and STRONG_CONTRAST.search(words) is not None
        if not self.state.kind:
            if counts["similarity"] != counts["difference"]:
                self.state.kind = "similarity" if counts["similarity"] > counts["difference"] else "difference"
            return
        other = OTHER_KIND[self.state.kind]
        if counts[other] >= MIN_TURNING and counts[other] >= TURNING_RATIO * counts[self.state.kind]:
            self.state.kind = other

    def _announced_kind(self, words: str) -> PointKind | Literal[""]:
        """The kind a heading or announcement names: of two, the first, and a stance on the claim before either."""
        found: list[tuple[int, PointKind]] = []
        found += [(start, "similarity") for start, _ in cue_spans(words, "likeness_head")]
        found += [(start, "difference") for start, _ in cue_spans(words, "contrast_head")]
        found += [(start - len(words), self.agree_kind) for start, _ in cue_spans(words, "agree")]
        found += [(start - len(words), OTHER_KIND[self.agree_kind]) for start, _ in cue_spans(words, "disagree")]
        return min(found)[1] if found else ""

    def _announces(self, sentence: Sentence, words: str, rest: str, *, is_advice: bool) -> bool:
        """Whether a sentence with a word of likeness or contrast opens a part rather than making a point."""
        is_first = sentence.start == self.parsed.essay.blocks[sentence.block_index].start
        is_short = len(words.split()) <= MAX_ANNOUNCING_WORDS and not self.names.mentions(rest)
        opens = is_first or has_cue(words, "both_directions") or not self.state.is_announced
        return is_advice or (is_short and opens) or has_cue(words[:24], "turn")

    def _has_content(self, sentence: Sentence, content: int, rest: str) -> bool:
        """Whether a claim about the sides follows the frame of an announcement."""
        is_about = bool(self.names.mentions(rest)) or has_cue(rest[:MAX_ANNOUNCING_WORDS], "pair")
        return (
            content > sentence.start
            and len(rest.split()) >= 5
            and is_about
            and not has_cue(rest[:40], "both_directions")
        )

    # ------------------------------------------------------------ essays

    def _essay_role(self, block: Block, words: str) -> Role:
        """The first paragraph of an essay sets out and its last concludes; between them stands the argument."""
        if len(self.long) > 2 and block.start <= self.long[0].start:
            if has_cue(words, "criteria") or n_questions(words) > 1 or has_cue(words, "standards_set"):
                return "criteria"
            return "judgement" if has_cue(words, "judgement", "own_view") else "context"
        if len(self.long) > 2 and block.start >= self.long[-1].start:
            return "judgement"
        return "point"
