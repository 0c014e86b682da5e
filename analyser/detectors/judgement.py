"""The student's own answer to the question: stated, hedged or missing, on which side, where, and how it is kept up.

Every sentence of the introduction and the conclusion, and any other that says "my answer is", is read for its stance.
Others' views, quotations, questions, announcements and conditions take no side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyser.detectors.polarity import question_polarity
from analyser.detectors.signals import Polarity
from analyser.detectors.stance import Reading, read_stance
from analyser.records import JudgementFinding, ParsedEssay, Place, Quote, Rubric, Stance
from analyser.rubrics.sides import SideNames, side_names
from analyser.text.cues import CueSheet, find_cues, load_classes

# Codes of ``JudgementFinding.notes``.
QUALIFIED = "qualified"
PLACES_DISAGREE = "places_disagree"
NO_CONCLUSION = "no_conclusion"
CONCLUSION_OFF_QUESTION = "conclusion_off_question"
ONLY_AT_THE_END = "only_at_the_end"
NOT_RETURNED_TO = "not_returned_to"

# Sentences at either end of an essay of one paragraph that are read as its introduction and conclusion.
N_EDGE_SENTENCES = 3
# What makes a sentence explicit as an answer adds up to its rank (0 to 11).
CLAIM_RANK = 2.0  # it grades the question's claim
OWN_RANK = 2.0  # "my answer is", "I would say"
CONCLUSION_RANK = 1.5  # "in conclusion"
THEREFORE_RANK = 1.0
RESULT_RANK = 0.5  # "so", "then"
GENERAL_RANK = 1.0  # it is about both sides or the question's topic
STATEMENT_RANK = 1.0  # likeness or difference is what it says, not an adjective on the way
DEEP_RANK = 1.0  # "fundamentally"
THESIS_RANK = 1.0  # it ends the introduction or the essay, a thesis's usual places
# Rank from which a sentence counts as an answer, by place. In the middle of an essay comparisons are its business, so
# only an explicit answer counts. Chosen on left-in questions.
MIN_RANK: dict[Place, float] = {"introduction": 3.0, "body": 4.0, "conclusion": 2.0}
# A reading whose heavier side has less weight than this (1 is one plain signal) keeps this part of its rank: it rests
# on appearances, concessions or conditions.
WEAK_READING = 0.45
WEAK_RANK = 0.4
# Answers within this much of the highest rank are about equally explicit (0 to 3).
RANK_MARGIN = 1.5
# Rank from which two answers are explicit enough to say that they disagree.
EXPLICIT_RANK = 4.0
# Letters between "I think" and "it depends" within which the one introduces the other.
VERDICT_TO_FENCE = 12
# Letters before "is often supposed" within which "than" makes it a comparison.
THAN_REACH = 30
# Paragraphs from which an essay is long enough to be told that its conclusion or introduction lacks something.
MIN_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence that takes a position, or sits on the fence.

    ``is_final``: it says that it is the answer; ``is_undecided``: that there is none.
    """

    index: int
    place: Place
    rank: float
    is_fence: bool
    is_final: bool
    reading: Reading
    is_undecided: bool = False

    @property
    def stance(self) -> Stance:
        return self.reading.stance


@dataclass(frozen=True, slots=True)
class Material:
    """What the sentences of one essay are read with."""

    parsed: ParsedEssay
    sheet: CueSheet
    polarity: Polarity
    names: SideNames

    def about(self, lean: int) -> Material:
        """The same, where "I agree" and "this is wrong" speak of a reported view with this lean (0: not known)."""
        return replace(self, polarity=replace(self.polarity, claim=lean))


def find_judgement(parsed: ParsedEssay, rubric: Rubric) -> JudgementFinding:
    """Find the essay's own answer to the rubric's question."""
    if not parsed.sentences:
        return JudgementFinding("missing", "none", (), 1.0, notes=(NO_CONCLUSION,))
    material = Material(parsed, find_cues(parsed.essay.text), question_polarity(rubric), side_names(rubric))
    verdicts = _read_verdicts(material)
    stated = [v for v in verdicts if _counts(v)]
    fences = [v for v in verdicts if v.is_fence and v.place != "body"]
    at_end = [v for v in fences if v.place == "conclusion"]
    if _is_hedged(stated, at_end) or (fences and not stated):
        return _hedged(material, fences, at_end or fences)
    if not stated and (unread := _unread_answer(material)) is not None:
        quote, place = unread
        return JudgementFinding("stated", "mixed", (place,), 0.5, (quote,))
    if not stated:
        nearly = any(v.stance != "none" for v in verdicts)
        return JudgementFinding("missing", "none", (), 0.65 if nearly else 0.85, notes=_notes(material, verdicts))
    return _stated(material, stated, verdicts)


# ---------------------------------------------------------------- reading


def _read_verdicts(material: Material) -> list[Verdict]:
    parsed, sheet = material.parsed, material.sheet
    verdicts = []
    asked, is_claim_open, reported = 0, False, None
    for index, sentence in enumerate(parsed.sentences):
        start, end = sheet.shadow.to_shadow(sentence.start), sheet.shadow.to_shadow(sentence.end)
        if sheet.shadow.text[start:end].rstrip("\"')").endswith("?"):
            asked = _asked_lean(sheet, start, end, material.polarity)
            continue
        own = material if reported is None else material.about(reported)
        verdict = _read_sentence(own, index, start, end, asked, is_claim_open)
        asked, is_claim_open = 0, sheet.has(start, end, "claim")
        reported = _reported_lean(material, start, end)
        if verdict is not None:
            verdicts.append(verdict)
    return verdicts


def _read_sentence(
    material: Material, index: int, start: int, end: int, asked: int, is_claim_open: bool
) -> Verdict | None:
    sheet, place = material.sheet, place_of_sentence(material.parsed, index)
    is_own = sheet.has(start, end, "verdict", "agree", "disagree")
    if place == "body" and not sheet.has(start, end, "claim", "verdict"):
        return None
    is_reported = _reports(material, start, end) and not sheet.has(start, end, "adoption")
    turn = _own_turn(sheet, start, end) if is_reported else None
    if turn is not None:  # "some say that they were alike, but I disagree"
        lean = read_stance(sheet, start, turn, material.polarity).lean
        material, start = material.about(lean), turn
    reading = read_stance(sheet, start, end, material.polarity, asked, is_claim_open or place == "conclusion")
    has_fence = sheet.has(start, end, "fence")
    if is_reported and not is_own:
        return None
    if not is_own and sheet.has(start, end, "announcement"):
        return Verdict(index, place, 0.0, True, False, Reading((), 0.0, 0.0)) if has_fence else None
    is_claim = any(s.is_claim for s in reading.signals)
    is_split = reading.similar > 0 and reading.different > 0
    is_general = is_claim or is_split or _names_relation(sheet, reading) or _is_general(material, index, start, end)
    is_concluding = sheet.has(start, end, "conclusion")
    is_therefore = bool(_THEREFORE.search(sheet.shadow.text, start, end))
    is_statement = is_own or is_split or (is_general and any(not s.is_attribute for s in reading.signals))
    is_thesis = is_statement and place != "body" and _ends_paragraph(material.parsed, index)
    rank = CLAIM_RANK * is_claim + OWN_RANK * is_own + CONCLUSION_RANK * is_concluding
    rank += THEREFORE_RANK * is_therefore + RESULT_RANK * sheet.has(start, end, "result")
    rank += GENERAL_RANK * is_general + STATEMENT_RANK * is_statement + THESIS_RANK * is_thesis
    rank += DEEP_RANK * sheet.has(start, end, "deep")
    if max(reading.similar, reading.different) < WEAK_READING:
        rank *= WEAK_RANK
    is_undecided = _is_undecided(sheet, start, end)
    is_fence = is_undecided or (has_fence and reading.stance in ("mixed", "none"))
    is_fence = is_fence or (sheet.has(start, end, "tentative") and reading.stance != "none")
    if reading.stance == "none" and not (is_fence and (is_general or is_concluding or is_undecided)):
        return None
    return Verdict(index, place, rank, is_fence, is_own or is_concluding or is_therefore, reading, is_undecided)


def _reports(material: Material, start: int, end: int) -> bool:
    """Whether a sentence gives somebody else's view: by a cue, or by a name that is none of the sides and says so."""
    for cue in material.sheet.within(start, end, "attribution"):
        # Not in "less alike than is often supposed".
        if not _THAN_AS.search(material.sheet.shadow.text, max(start, cue.start - THAN_REACH), cue.start):
            return True
    shadow, text = material.sheet.shadow, material.parsed.essay.text
    low, high = shadow.to_source(start), shadow.to_source(end)
    classes = load_classes()
    for match in _NAME_SAYS.finditer(text, low, high):
        is_word = any(match[1].lower() in classes[name] for name in ("function", "opener", "question_stem"))
        if (
            match[2] in classes["say"]
            and not is_word
            and not material.names.mentions(text, match.start(1), match.end(1))
        ):
            return True
    return False


def _reported_lean(material: Material, start: int, end: int) -> int | None:
    """What a view that the sentence reports says, for a "this is wrong" after it; None where it reports none."""
    sheet = material.sheet
    is_reported = _reports(material, start, end) and not sheet.has(start, end, "adoption", "verdict", "claim")
    return read_stance(sheet, start, end, material.polarity).lean if is_reported else None


def _own_turn(sheet: CueSheet, start: int, end: int) -> int | None:
    """Where a sentence that reports a view turns to the writer's own."""
    reports = sheet.within(start, end, "attribution")
    reported = reports[0].end if reports else start
    own = [cue for cue in sheet.within(start, end, "verdict", "agree", "disagree") if cue.start > reported]
    return own[0].start if own else None


def _asked_lean(sheet: CueSheet, start: int, end: int, polarity: Polarity) -> int:
    """The side a direct question names, for a short answer after it; the essay question's own where it names none."""
    similar, different = len(sheet.within(start, end, "similar")), len(sheet.within(start, end, "different"))
    if similar == different:
        return polarity.claim
    return 1 if similar > different else -1


def _is_undecided(sheet: CueSheet, start: int, end: int) -> bool:
    """A sentence that leaves the answer open, unless the writer's own view stands apart from the words that do."""
    fences = sheet.within(start, end, "strong_fence")
    verdicts = sheet.within(start, end, "verdict", "agree", "disagree")
    if not fences or not verdicts:
        return bool(fences)
    return all(0 <= fences[0].start - verdict.end <= VERDICT_TO_FENCE for verdict in verdicts)


def _is_general(material: Material, index: int, start: int, end: int) -> bool:
    """Whether a sentence is about the comparison as a whole: both sides, or what the question compares."""
    sentence, text = material.parsed.sentences[index], material.sheet.shadow.text
    if _BOTH.search(text, start, end):
        return True
    sides = {key for *_, key in material.names.mentions(material.parsed.essay.text, sentence.start, sentence.end)}
    return len(sides) == 2 or any(word in material.polarity.topic for word in _LETTERS.findall(text, start, end))


def _names_relation(sheet: CueSheet, reading: Reading) -> bool:
    """Whether a sentence says something of likeness or difference as such: "I can see no real likeness"."""
    nouns = load_classes()["relation_noun"]
    text = sheet.shadow.text
    return any(not s.is_attribute and text[s.start : s.end].split()[0] in nouns for s in reading.signals)


def _ends_paragraph(parsed: ParsedEssay, index: int) -> bool:
    following = parsed.sentences[index + 1] if index + 1 < len(parsed.sentences) else None
    return following is None or following.block_index != parsed.sentences[index].block_index


def place_of_sentence(parsed: ParsedEssay, index: int) -> Place:
    """Whether a sentence is part of the introduction, the conclusion or the body."""
    if parsed.essay.n_paragraphs > 1:
        return parsed.place_of(parsed.sentences[index].start)
    n = len(parsed.sentences)
    if index >= max(n - N_EDGE_SENTENCES, n // 2):
        return "conclusion"
    return "introduction" if index < N_EDGE_SENTENCES else "body"


def _unread_answer(material: Material) -> tuple[Quote, Place] | None:
    """The last sentence that says "my answer is that they ..." in words that cannot be read.

    One that called the two alike or different outright would have been, so it is taken for something in between.
    """
    parsed, sheet = material.parsed, material.sheet
    for index in range(len(parsed.sentences) - 1, -1, -1):
        sentence, place = parsed.sentences[index], place_of_sentence(parsed, index)
        start, end = sheet.shadow.to_shadow(sentence.start), sheet.shadow.to_shadow(sentence.end)
        is_question = sheet.shadow.text[start:end].rstrip("\"')").endswith("?")
        is_answer = place != "body" and not is_question and sheet.has(start, end, "answer_frame")
        if is_answer and _is_general(material, index, start, end) and not sheet.has(start, end, "attribution"):
            return parsed.essay.quote(sentence.start, sentence.end), place
    return None


# ---------------------------------------------------------------- deciding


def _is_hedged(stated: Sequence[Verdict], fences_at_end: Sequence[Verdict]) -> bool:
    """The conclusion sits on the fence: it gives no answer, or half of one that the introduction did not announce."""
    final = next((v for v in reversed(stated) if v.place == "conclusion"), None)
    if not fences_at_end:
        return False
    if final is None:
        return True
    if not final.is_final and any(v.is_undecided and v.index > final.index for v in fences_at_end):
        return True
    return final.stance == "mixed" and not any(v.place == "introduction" for v in stated)


def _hedged(material: Material, fences: Sequence[Verdict], shown: Sequence[Verdict]) -> JudgementFinding:
    places = tuple(dict.fromkeys(v.place for v in fences))
    stance: Stance = "mixed" if any(v.stance != "none" for v in fences) else "none"
    confidence = 0.85 if any(v.place == "conclusion" for v in shown) else 0.7
    quotes = tuple(_quote(material, v) for v in reversed(shown[-2:]))
    return JudgementFinding("hedged", stance, places, confidence, quotes, _notes(material, fences))


def _stated(material: Material, stated: Sequence[Verdict], verdicts: Sequence[Verdict]) -> JudgementFinding:
    edges = [v for v in stated if v.place != "body"] or list(stated)
    stance = _overall(edges)
    shown: dict[Place, Verdict] = {}
    for verdict in sorted(stated, key=lambda v: (v.stance == stance, v.rank, v.index)):
        shown[verdict.place] = verdict  # the most explicit one of each place that takes the essay's side
    if len(shown) > 1 and "conclusion" in shown:
        shown.pop("body", None)
    order: tuple[Place, ...] = ("introduction", "body", "conclusion")
    places = tuple(place for place in order if place in shown)
    agreeing = [v for v in shown.values() if v.stance == stance]
    top = max((v.rank for v in agreeing), default=0.0)
    confidence = 0.95 if len(agreeing) > 1 else 0.85 if top >= EXPLICIT_RANK else 0.7
    quotes = tuple(_quote(material, shown[place]) for place in reversed(places))
    return JudgementFinding("stated", stance, places, confidence, quotes, _notes(material, verdicts, stance))


def _overall(stated: Sequence[Verdict]) -> Stance:
    """The stance of the most explicit answers: the last of them, or both halves where none of them is final."""
    top = max(v.rank for v in stated)
    explicit = [v for v in stated if v.rank > top - RANK_MARGIN]
    last = explicit[-1]
    together = {v.stance for v in explicit if v.place == last.place}
    is_split = {"similar", "different"} <= together or any(v.stance == "mixed" and v.is_final for v in explicit[:-1])
    return "mixed" if is_split and not last.is_final else last.stance


def _quote(material: Material, verdict: Verdict) -> Quote:
    sentence = material.parsed.sentences[verdict.index]
    return material.parsed.essay.quote(sentence.start, sentence.end)


def _notes(material: Material, verdicts: Sequence[Verdict], stance: Stance = "none") -> tuple[str, ...]:
    """What is certain about the answer beside its status. Short essays are told only whether it is qualified."""
    notes = []
    if any(v.stance == stance != "none" and _is_qualified(material, v) for v in verdicts):
        notes.append(QUALIFIED)
    if material.parsed.essay.n_paragraphs < MIN_PARAGRAPHS:
        return tuple(notes)
    opening = [v for v in verdicts if v.place == "introduction"]
    closing = [v for v in verdicts if v.place == "conclusion"]
    if _disagree(opening, closing):
        notes.append(PLACES_DISAGREE)
    if not closing:
        notes += _closing_note(material, has_answer=any(_counts(v) for v in opening))
    elif not opening and any(_counts(v) for v in closing) and not any(_counts(v) for v in verdicts if v not in closing):
        notes.append(ONLY_AT_THE_END)
    return tuple(notes)


def _counts(verdict: Verdict) -> bool:
    """Whether a sentence is explicit enough to be an answer."""
    return verdict.stance != "none" and not verdict.is_fence and verdict.rank >= MIN_RANK[verdict.place]


def _disagree(opening: Sequence[Verdict], closing: Sequence[Verdict]) -> bool:
    """Everything explicit in the introduction is on one side, everything explicit in the conclusion on the other."""
    sides = [{v.stance for v in place if v.rank >= EXPLICIT_RANK and not v.is_fence} for place in (opening, closing)]
    weaker = {v.stance for place in (opening, closing) for v in place if v.rank < EXPLICIT_RANK}
    return sides in ([{"similar"}, {"different"}], [{"different"}, {"similar"}]) and not weaker


def _is_qualified(material: Material, verdict: Verdict) -> bool:
    """The answer itself keeps something back: "for the most part", "except", "although", two unequal halves."""
    sentence, sheet = material.parsed.sentences[verdict.index], material.sheet
    start, end = sheet.shadow.to_shadow(sentence.start), sheet.shadow.to_shadow(sentence.end)
    is_split = verdict.reading.similar > 0 and verdict.reading.different > 0
    return is_split or sheet.has(start, end, "exception", "partly", "mostly", "concession")


def _closing_note(material: Material, has_answer: bool) -> list[str]:
    """What the last paragraph certainly lacks. One that compares in any way may answer in words that are not known."""
    parsed, sheet = material.parsed, material.sheet
    block = parsed.essay.whole_paragraphs[-1]
    start, end = sheet.shadow.to_shadow(block.start), sheet.shadow.to_shadow(block.end)
    if sheet.has(start, end, "similar", "different", "claim", "fence", "agree", "disagree", "verdict"):
        return []
    sides = {key for *_, key in material.names.mentions(parsed.essay.text, block.start, block.end)}
    if len(sides) == 2 or _BOTH.search(sheet.shadow.text, start, end):
        return []
    if sheet.has(start, end, "conclusion"):
        return [NOT_RETURNED_TO if has_answer else CONCLUSION_OFF_QUESTION]
    return [] if _THEREFORE.search(sheet.shadow.text, start, end) else [NO_CONCLUSION]


_THAN_AS = re.compile(r"\b(?:than|as)\s+(?:\w+\s+){0,2}$")
_THEREFORE = re.compile(r"\b(?:therefore|thus|hence|which is why)\b")
# "Temperley once thought": a capitalised word, at most one adverb, and a word that may be a reporting verb.
_NAME_SAYS = re.compile(r"\b([A-Z][^\W\d_A-Z]{2,})(?: (?:also|once|has|had|even|often|\w+ly))? ([a-z]+)\b")
_LETTERS = re.compile(r"[a-z]+")
_BOTH = re.compile(
    r"\b(?:the (?:differences?|similarit(?:y|ies)|likeness(?:es)?|resemblances?|contrasts?|parallels?)|both|they|"
    r"their|them|the two|two|each|neither|these|it was|it is|we)\b"
)
