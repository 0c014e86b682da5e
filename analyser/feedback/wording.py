"""Sentences of feedback, composed from wording.toml: no frame twice on a page, and none that gives an answer away."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Formatter
from zlib import crc32

from analyser.feedback.leaks import Guard, base_form, content_words
from analyser.feedback.quoting import listed
from analyser.records import Message, Tone

Frame = tuple[str, str]  # what was seen, and what to do about it
# Frames that quote a place to build on are better than frames that do not; see the head of wording.toml.
TIER_BY_SLOT = {"near": 0, "beyond": 1}
LOWEST_TIER = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything wording.toml says about one code."""

    tone: Tone
    kind: str
    explain: str
    rank: int = 0
    say: tuple[Frame, ...] = ()
    lead: tuple[str, ...] = ()
    rest: Frame | None = None
    plain: Frame | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to be said: a code with what fills its sentences.

    ``hint`` is the rubric's own, ``answer`` what the rubric says (used only when answers are revealed), ``weight``
    decides between topics of one rank.
    """

    code: str
    about: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    weight: float = 0.0
    hint: str = ""
    answer: str = ""


@lru_cache(maxsize=1)
def load_wording() -> Mapping[str, Wording]:
    """The wording of every code."""
    with (Path(__file__).parent / "wording.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {code: _wording(table) for code, table in tables.items()}


def explanations() -> dict[str, str]:
    """Code -> explanation of every message and observation, for `analyser explain CODE`."""
    return {code: wording.explain for code, wording in load_wording().items()}


def _wording(table: dict) -> Wording:
    frames = {key: (table[key][0], table[key][1]) for key in ("rest", "plain") if key in table}
    say = tuple((seen, todo) for seen, todo in table.get("say", ()))
    lead = tuple(table.get("lead", ()))
    return Wording(table["tone"], table["kind"], table["explain"], table.get("rank", 0), say, lead, **frames)


@lru_cache(maxsize=1000)
def slots_of(frame: Frame) -> frozenset[str]:
    """The names in braces of a frame."""
    return frozenset(name for text in frame for _, name, _, _ in Formatter().parse(text) if name)


class Speaker:
    """Turns topics into messages for one page, remembering what it has said.

    ``slots`` are those of every topic (the sides, the question). With ``is_revealing`` the guard is off and answers
    are added in brackets.
    """

    def __init__(self, guard: Guard, slots: Mapping[str, str], *, is_revealing: bool = False):
        self.guard, self.slots, self.is_revealing = guard, slots, is_revealing
        self._used: set[str] = set()
        self._left_over: dict[str, list[Topic]] = {}

    def speak(self, topic: Topic) -> Message | None:
        """The message for a topic, or None when no sentence is left for it (see `rest`) or none is safe."""
        wording = load_wording()[topic.code]
        filled = self._hinted(topic, wording) or self._composed(topic, wording)
        if filled is None:
            self._left_over.setdefault(topic.code, []).append(topic)
            return None
        text, hint = filled
        if self.is_revealing and topic.answer:
            text = f"{text} ({topic.answer})"
        return Message(topic.code, topic.about, wording.tone, text, hint)

    def rest(self) -> Iterator[Message]:
        """One message a code for the topics that no sentence was left for."""
        for code, topics in self._left_over.items():
            wording = load_wording()[code]
            if wording.rest is None:
                continue
            quotes = listed(quote for topic in topics if (quote := topic.slots.get("quote")))
            topic = Topic(code, slots={"quotes": quotes} if quotes else {})
            filled = self._fill(wording.rest, topic)
            if filled is not None:
                yield Message(code, "", wording.tone, *filled)

    def _hinted(self, topic: Topic, wording: Wording) -> Frame | None:
        """The rubric's own hint, after a lead or after what was seen; None when there is none or it would give away."""
        if not topic.hint or (not self.is_revealing and self.guard.hint_leaks(topic.hint, topic.about)):
            return None
        for lead in _rotated(wording.lead, topic.about):
            if lead not in self._used and not self._is_leaking(lead, topic):
                self._used.add(lead)
                return lead, topic.hint
        if wording.lead:
            return topic.hint, ""
        seen = self._composed(topic, wording)
        return (seen[0], topic.hint) if seen else None

    def _composed(self, topic: Topic, wording: Wording) -> Frame | None:
        frames = sorted(_rotated(wording.say, topic.about), key=_tier)
        for frame in (*frames, *((wording.plain,) if wording.plain else ())):
            if frame[0] not in self._used and (filled := self._fill(frame, topic)) is not None:
                self._used.add(frame[0])
                return filled
        return None

    def _fill(self, frame: Frame, topic: Topic) -> Frame | None:
        """The frame with its slots filled, or None when one has no filling or the sentence would give away."""
        slots = {**self.slots, **topic.slots}
        if not slots_of(frame) <= slots.keys():
            return None
        text, hint = (_capitalised(part.format_map(slots)) for part in frame)
        return None if self._is_leaking(f"{text} {hint}", topic) else (text, hint)

    def _is_leaking(self, text: str, topic: Topic) -> bool:
        if self.is_revealing:
            return False
        found = self.guard.leaks(text)
        if found and topic.code.startswith("O"):
            # What fills an observation's wording (a count, a word of the draft) is never the rubric's: see records.py.
            own = {base_form(word) for value in topic.slots.values() for word in content_words(value)}
            found = [word for word in found if base_form(word) not in own]
        return bool(found)


def _rotated(frames: tuple, about: str) -> tuple:
    """The frames from a starting place that depends on the item alone, so that a redraft is told in the same words."""
    start = crc32(about.encode()) % len(frames) if frames else 0
    return frames[start:] + frames[:start]


def _tier(frame: Frame) -> int:
    return min((TIER_BY_SLOT.get(slot, LOWEST_TIER) for slot in slots_of(frame)), default=LOWEST_TIER)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
