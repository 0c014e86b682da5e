"""Cue lists -> spans with scope: hedges, negation, attribution, standards set and the rest of the discourse lexicon.

The lists are the TOML files of ``analyser/cues``: groups of phrases with their source. A phrase is plain words with
four signs: ``(a|b|)`` is a choice (an empty one makes it optional), ``<be>`` a word class of the file ``classes.toml``,
``judg*`` a stem and ``..`` up to four words of the same clause. Matching is over a shadow of the draft: lower case,
straight apostrophes, and the misspellings of a short list of words ("simular", "concluod") put right.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from rapidfuzz.distance import OSA

from analyser.records import Span

WORD = re.compile(r"[^\W_]+(?:['’‘ʼ][^\W_]+)*")
# Where a clause ends for the scope of a cue: punctuation, and the conjunctions that join two claims (Quirk et al. 1985,
# ch. 13 and 15). A comma ends it too: a scope that is too short loses a modifier, one too long invents one.
CLAUSE_END = re.compile(
    r"[,;:()–—?!.…\n]|\s-\s|\b(?:but|yet|whereas|while|whilst|although|though|because|since|so|and so|therefore)\b"
)
GAP = r"(?:[ \t,]+[\w'-]+){0,4}?,?"
SPACE = r"[ \t\n]+"
# Letters a word of the spelling list may have wrong: one, or two in a word of at least seven letters ("simler",
# "conclushon", "diffrant"). Two wrong letters in a shorter word mostly make another word.
MAX_ERRORS = 2
TWO_ERRORS_FROM = 7
MIN_CORRECTED_LETTERS = 5
# Letters of a stem that phrases with a starred first word are filed under; no such stem is shorter.
STEM_KEY = 2
SHEET_FILES = ("discourse.toml", "stance.toml", "standards.toml", "argument.toml")


@dataclass(frozen=True, slots=True)
class Cue(Span):
    """A phrase of a cue group, in offsets of the shadow text."""

    group: str


class ShadowText:
    """A draft as the cue lists read it, and the way back to its own offsets."""

    def __init__(self, source: str):
        lowered = source.lower()
        if len(lowered) != len(source):  # a few letters grow when lowered
            lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in source)
        lowered = lowered.translate(_STRAIGHT)
        pieces: list[str] = []
        self._shadow_edges, self._source_edges = [0], [0]
        position = length = 0
        spelling = load_spelling()
        for match in WORD.finditer(lowered):
            right = spelling.correct(match[0])
            if right is not None:
                before = lowered[position : match.start()]
                pieces += [before, right]
                length += len(before)
                self._add_edge(length, match.start())
                length += len(right)
                self._add_edge(length, match.end())
                position = match.end()
        pieces.append(lowered[position:])
        self.text = "".join(pieces)

    def _add_edge(self, shadow: int, source: int) -> None:
        self._shadow_edges.append(shadow)
        self._source_edges.append(source)

    def to_source(self, position: int) -> int:
        """The draft's offset for an offset of the shadow."""
        index = bisect_right(self._shadow_edges, position) - 1
        source = self._source_edges[index] + position - self._shadow_edges[index]
        following = self._source_edges[index + 1] if index + 1 < len(self._source_edges) else source
        return min(source, following)

    def to_shadow(self, position: int) -> int:
        """The shadow's offset for an offset of the draft."""
        index = bisect_right(self._source_edges, position) - 1
        shadow = self._shadow_edges[index] + position - self._source_edges[index]
        following = self._shadow_edges[index + 1] if index + 1 < len(self._shadow_edges) else shadow
        return min(shadow, following)


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " "})


class CueSheet:
    """The cues of one draft by group, in order. Offsets are the shadow's; ``shadow`` leads back to the draft."""

    def __init__(self, shadow: ShadowText, cues: dict[str, list[Cue]]):
        self.shadow = shadow
        self._cues = cues
        self._starts = {group: [cue.start for cue in found] for group, found in cues.items()}

    def within(self, start: int, end: int, *groups: str) -> list[Cue]:
        """The cues of these groups that lie inside ``start`` to ``end``, in order."""
        found: list[Cue] = []
        for group in groups:
            starts = self._starts.get(group)
            if not starts:
                continue
            low, high = bisect_left(starts, start), bisect_left(starts, end)
            found += [cue for cue in self._cues[group][low:high] if cue.end <= end]
        return sorted(found, key=lambda cue: (cue.start, -cue.end)) if len(groups) > 1 else found

    def has(self, start: int, end: int, *groups: str) -> bool:
        return bool(self.within(start, end, *groups))

    def scope_after(self, cue: Cue, limit: int) -> Span:
        """From the end of a cue to the end of its clause, at most to ``limit``."""
        match = CLAUSE_END.search(self.shadow.text, cue.end, limit)
        return Span(cue.end, match.start() if match else limit)

    def scope_before(self, cue: Cue, limit: int) -> Span:
        """From the start of a cue's clause, at least from ``limit``, to the cue."""
        start = limit
        for match in CLAUSE_END.finditer(self.shadow.text, limit, cue.start):
            start = match.end()
        return Span(start, cue.start)


@lru_cache(maxsize=4)
def find_cues(text: str) -> CueSheet:
    """Every discourse and stance cue of a text."""
    shadow = ShadowText(text)
    return CueSheet(shadow, load_lexicon(*SHEET_FILES).find(shadow.text))


# ---------------------------------------------------------------- the lists


class Phrase:
    """One phrase of a group; its pattern is compiled when a draft first has a word it can start with."""

    def __init__(self, text: str, group: str, classes: dict[str, tuple[str, ...]]):
        self.group = group
        self.elements = phrase_elements(text, classes)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(phrase_pattern(self.elements))


class Lexicon:
    """All phrases, filed under the word they start with."""

    def __init__(self, phrases_by_group: dict[str, list[str]], classes: dict[str, tuple[str, ...]]):
        self.groups = tuple(phrases_by_group)
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_stem: dict[str, list[tuple[str, Phrase]]] = {}
        for group, texts in phrases_by_group.items():
            for text in texts:
                phrase = Phrase(text, group, classes)
                for first in first_words(phrase.elements, text):
                    if first.endswith("*"):
                        self._by_stem.setdefault(first[:STEM_KEY], []).append((first[:-1], phrase))
                    else:
                        self._by_word.setdefault(first, []).append(phrase)

    def find(self, text: str, start: int = 0, end: int | None = None) -> dict[str, list[Cue]]:
        """The cues by group. The longest phrase of a group wins where two start at one word."""
        stop = len(text) if end is None else end
        cues: dict[str, list[Cue]] = {group: [] for group in self.groups}
        taken = dict.fromkeys(self.groups, 0)
        for match in WORD.finditer(text, start, stop):
            best: dict[str, int] = {}
            for phrase in self.starting_with(match[0]):
                if match.start() < taken[phrase.group]:
                    continue
                found = phrase.pattern.match(text, match.start(), stop)
                if found and found.end() > best.get(phrase.group, 0):
                    best[phrase.group] = found.end()
            for group, reached in best.items():
                cues[group].append(Cue(match.start(), reached, group))
                taken[group] = reached
        return cues

    def starting_with(self, word: str) -> Iterator[Phrase]:
        yield from self._by_word.get(word, ())
        for stem, phrase in self._by_stem.get(word[:STEM_KEY], ()):
            if word.startswith(stem):
                yield phrase


class Spelling:
    """Puts a short list of words right: a word of the draft that is one or two letters off one of them."""

    def __init__(self, words: frozenset[str], protected: frozenset[str], known: dict[str, str]):
        self._words = words
        self._protected = protected
        self._known = known
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(words):
            self._by_first.setdefault(word[0], []).append(word)

    def correct(self, word: str) -> str | None:
        """The listed word meant by a misspelt one; None for a word that is right, protected or far from all."""
        if word in self._known:
            return self._known[word]
        if len(word) < MIN_CORRECTED_LETTERS or word in self._words or word in self._protected:
            return None
        best, best_distance = None, MAX_ERRORS + 1
        for right in self._by_first.get(word[0], ()):
            limit = MAX_ERRORS if len(right) >= TWO_ERRORS_FROM else 1
            if abs(len(right) - len(word)) > limit:
                continue
            distance = OSA.distance(word, right, score_cutoff=limit)
            if distance <= limit and distance < best_distance:
                best, best_distance = right, distance
        return best


@lru_cache(maxsize=1)
def load_spelling() -> Spelling:
    data = read_cue_file("spelling.toml")
    return Spelling(
        frozenset(" ".join(data["correctable"]["words"]).split()),
        frozenset(" ".join(data["protected"]["words"]).split()),
        dict(data["known"]["words"]),
    )


@lru_cache(maxsize=4)
def load_lexicon(*names: str) -> Lexicon:
    """The phrase lists of these files together."""
    classes = load_classes()
    phrases: dict[str, list[str]] = {}
    for name in names:
        for group, entry in read_cue_file(name).items():
            phrases[group] = list(entry["phrases"])
    return Lexicon(phrases, classes)


@lru_cache(maxsize=1)
def load_classes() -> dict[str, tuple[str, ...]]:
    return {name: tuple(entry["words"].split()) for name, entry in read_cue_file("classes.toml").items()}


def read_cue_file(name: str) -> dict:
    """One file of ``analyser/cues``."""
    return tomllib.loads(resources.files("analyser.cues").joinpath(name).read_text("utf-8"))


# ---------------------------------------------------------------- the little language of phrases

_ELEMENT = re.compile(r"\(([^()]*)\)|<([a-z_]+)>|(\.\.)|([^\s()<>]+)")


def phrase_elements(phrase: str, classes: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The phrase as a list of choices; the gap is the choice ('..',)."""
    if _ELEMENT.sub("", phrase).strip():
        raise ValueError(f"a cue phrase has brackets inside brackets or unbalanced ones: {phrase}")
    found: list[tuple[str, ...]] = []
    for choice, name, gap, word in _ELEMENT.findall(phrase):
        if gap:
            found.append(("..",))
        elif name:
            found.append(classes[name])
        elif word:
            found.append((word,))
        else:
            expanded: list[str] = []
            for option in choice.split("|"):
                inner = re.fullmatch(r"<([a-z_]+)>", option.strip())
                expanded += classes[inner[1]] if inner else [option.strip()]
            found.append(tuple(expanded))
    return found


def phrase_pattern(elements: list[tuple[str, ...]]) -> str:
    """The regular expression of a phrase; it starts at a word and ends at a word's end."""
    whole = "|".join(_sequence_pattern(variant) for variant in _variants(elements))
    return rf"(?:{whole})(?![\w'])"


def _variants(elements: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """The phrase with and without each optional element it starts with, longest first."""
    if elements and "" in elements[0]:
        yield [tuple(option for option in elements[0] if option), *elements[1:]]
        yield from _variants(elements[1:])
    else:
        yield elements


def _sequence_pattern(elements: list[tuple[str, ...]]) -> str:
    parts: list[str] = []
    for choice in elements:
        if choice == ("..",):
            parts.append(GAP)
            continue
        options = sorted((_words_pattern(option) for option in choice if option), key=len, reverse=True)
        word = f"{SPACE if parts else ''}(?:{'|'.join(options)})"
        parts.append(f"(?:{word})?" if "" in choice else word)
    return "".join(parts)


def _words_pattern(words: str) -> str:
    return SPACE.join(re.escape(w[:-1]) + r"[\w'-]*" if w.endswith("*") else re.escape(w) for w in words.split())


def first_words(elements: list[tuple[str, ...]], phrase: str) -> set[str]:
    """The words (or stems, with their star) a phrase can start with."""
    found: set[str] = set()
    for choice in elements:
        if choice == ("..",):
            raise ValueError(f"a cue phrase cannot start with a gap: {phrase}")
        for option in filter(None, choice):
            first = option.split()[0]
            found.add("".join(WORD.findall(first)[:1]) + "*" * first.endswith("*"))
        if "" not in choice:
            return found
    raise ValueError(f"a cue phrase needs a word that is not optional: {phrase}")
