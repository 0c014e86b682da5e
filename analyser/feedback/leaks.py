"""The guard that feedback gives nothing away.

A message may hold a content word of the rubric (a statement, an accepted wording, a name, an alias, a fact), a figure
or a date only when the student's own draft or the question holds it too, or when it belongs to a side's name.
Function words and verbs as general as "make" (leaks.toml) are not content words. Words are compared by a cheap stem,
so that "purges" gives "purged" away.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import Prefix

from analyser.records import Essay, EvidenceItem, Rubric

# Letters that must be left when an ending is taken off: "used" keeps its "us", "red" stays "red".
MIN_STEM_LETTERS = 3
# Two stems are one word family when they begin alike for at least this many letters and for at least this share of
# the longer one: "democrac" and "democratic" are, "company" and "comparison" are not. Chosen on the tests' word pairs;
# too low a value only costs a choice of wording.
MIN_SHARED_LETTERS = 5
MIN_SHARED_RATIO = 0.7
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’].*$")
# Plurals, past tense and -ing; "s" is no plural after s, i or u ("class", "crisis", "status").
INFLECTION = re.compile(r"(?:ies|es|ed|ing|(?<![siu])s)$")
# The commonest derivations and inflections (Quirk et al. 1985, appendix I), longest first where one ends another.
ENDING = re.compile(
    r"(?:i[sz]ations?|fulness|ousness|iveness|ations?|ements?|ically|it(?:y|ies)|i[sz](?:ing|ed|es?)|istic|"
    r"alism|ingly|ness|ments?|able|ible|ances?|ences?|ious|ions?|i[sz]e|is[tm]s?|ally|i?ly|ied|ies|ing|ous|ful|ive|est|"
    r"ers?|ians?|als?|ed|es|or|(?<![siu])s|y|e)$"
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """The words of leaks.toml, lower case."""
    with (Path(__file__).parent / "leaks.toml").open("rb") as file:
        groups = tomllib.load(file)
    return frozenset(
        word for group in groups.values() for key, words in group.items() if key != "source" for word in words.split()
    )


def _plain(word: str) -> str:
    """Lower case, no accents, no possessive; a number without its thousands separators."""
    if word[:1].isdigit():
        return word.replace(",", "")
    plain = unicodedata.normalize("NFKD", POSSESSIVE.sub("", word).casefold())
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=20_000)
def base_form(word: str) -> str:
    """One word without its inflection: "purges", "purged" and "purge" are one, "purger" is another."""
    plain = _plain(word)
    match = INFLECTION.search(plain)
    if match and match.start() >= MIN_STEM_LETTERS:
        plain = plain[: match.start()] + ("y" if match.group() == "ies" else "")
    return _undoubled(plain).removesuffix("e")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A cheap stem of one word, its endings taken off one after the other: a word family is mostly one stem."""
    plain = _plain(word)
    while (match := ENDING.search(plain, MIN_STEM_LETTERS)) is not None:
        plain = plain[: match.start()]
    return _undoubled(plain)


def _undoubled(plain: str) -> str:
    is_doubled = len(plain) > MIN_STEM_LETTERS and plain[-1] == plain[-2] and plain.isalpha()
    return plain[:-1] if is_doubled else plain


def content_words(text: str) -> Iterable[str]:
    """The words and numbers of a text that could give an answer away; "class-war" holds two."""
    known = function_words()
    for match in WORD.finditer(text):
        word = match.group()
        if word[0].isdigit() or (len(_plain(word)) > 1 and _plain(word) not in known):
            yield word


@dataclass(frozen=True, slots=True)
class Protected:
    """Stems that must not be said, by their first letters."""

    by_beginning: Mapping[str, tuple[str, ...]]

    def holds(self, word: str) -> bool:
        """Whether a word is one of these, or of the family of one."""
        root = stem(word)
        for other in self.by_beginning.get(root[:MIN_SHARED_LETTERS], ()):
            if root == other:
                return True
            n_shared = Prefix.similarity(root, other)
            is_family = n_shared >= max(MIN_SHARED_LETTERS, MIN_SHARED_RATIO * max(len(root), len(other)))
            if is_family and not root[0].isdigit():
                return True
        return False


@dataclass(frozen=True, slots=True)
class Guard:
    """What a rubric protects and what a draft has already said. Build it with `make_guard`.

    ``everything`` protects the whole rubric. ``hint_by_id`` protects what the item of that id says and every name,
    alias, fact, figure and date: it binds the teacher's own hints, which may use the vocabulary of other points.
    """

    everything: Protected
    hint_by_id: Mapping[str, Protected]
    allowed: frozenset[str]

    def leaks(self, text: str) -> list[str]:
        """The words of a composed sentence that give something away, in order."""
        return self._leaks(text, self.everything)

    def hint_leaks(self, text: str, about: str) -> list[str]:
        """The words of the teacher's hint for the item ``about`` that give it, or any name or date, away."""
        return self._leaks(text, self.hint_by_id[about])

    def _leaks(self, text: str, protected: Protected) -> list[str]:
        return [w for w in content_words(text) if base_form(w) not in self.allowed and protected.holds(w)]


def make_guard(rubric: Rubric, essay: Essay) -> Guard:
    """The guard for one draft against one rubric."""
    stems = {c.id: _stems(c.statement, *c.look_for) for c in rubric.criteria}
    stems |= {p.id: _stems(p.statement, *p.accept, *p.reject) for p in rubric.points}
    stems |= {x.id: _stems(x.statement) for x in rubric.context}
    stems |= {e.id: _evidence_stems(e) for e in rubric.evidence}
    stems["judgement"] = _stems(rubric.judgement.statement, *rubric.judgement.stances.values())
    everything = set().union(*stems.values())
    names = {s for s in everything if s[0].isdigit()}.union(*(stems[e.id] for e in rubric.evidence))
    sides = (part for side in rubric.sides for part in (side.name, side.frame, *side.aliases))
    said = (base_form(word) for text in (essay.text, rubric.question, *sides) for word in content_words(text))
    return Guard(
        everything=_protected(everything),
        hint_by_id={about: _protected(own | names) for about, own in stems.items()},
        allowed=frozenset(said),
    )


def leaking_hints(rubric: Rubric) -> list[tuple[str, str, list[str]]]:
    """(id, hint, words) for each hint of a rubric that feedback holds back unless the draft says these words itself."""
    guard = make_guard(rubric, Essay("", "", "", ()))
    hints = [("judgement", rubric.judgement.hint)]
    hints += [(c.id, c.hint) for c in rubric.criteria]
    hints += [(p.id, p.hint) for p in rubric.points]
    hints += [(e.id, e.hint) for e in rubric.evidence]
    return [(about, hint, words) for about, hint in hints if (words := guard.hint_leaks(hint, about))]


def _protected(stems: Iterable[str]) -> Protected:
    by_beginning: defaultdict[str, list[str]] = defaultdict(list)
    for root in sorted(stems):
        by_beginning[root[:MIN_SHARED_LETTERS]].append(root)
    return Protected({beginning: tuple(roots) for beginning, roots in by_beginning.items()})


def _stems(*texts: str) -> set[str]:
    return {stem(word) for text in texts for word in content_words(text)}


def _evidence_stems(item: EvidenceItem) -> set[str]:
    figures = (f"{key} {value}" for key, value in item.figures.items())
    return _stems(item.name, *item.aliases, *item.facts, *figures) | _date_stems(item.date)


def _date_stems(date: str) -> set[str]:
    """The years of a date or a range of dates, its months by name, and its days."""
    found: set[str] = set()
    for part in re.split(r"[/\s]+", date):
        numbers = [int(n) for n in re.findall(r"\d+", part)]
        found |= {str(n) for n in numbers[:1] + numbers[2:]}
        if len(numbers) > 1 and 1 <= numbers[1] <= 12:
            found.add(stem(MONTHS[numbers[1] - 1]))
    return found
