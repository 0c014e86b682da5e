"""The guard that feedback gives nothing away.

A composed sentence may hold a content word of the rubric (a statement, an accepted wording, a name, an alias, a fact),
a figure or a date only when the student's own draft or the question holds it too, or when it belongs to a side's name.
A teacher's own hint may use the vocabulary of the topic, but no telling word of the item it is about and no name,
alias, figure or date. Function words and verbs as general as "make" (leaks.toml) are not content words. Words are
compared by a cheap stem, so that "purges" gives "purged" away.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
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
# A word that stands in at least this many of a rubric's statements names its topic and tells no item from another.
MIN_TOPIC_STATEMENTS = 3
# An apostrophe ends a word, so that "Stalin's" holds "Stalin" and "L'Ouverture" holds "Ouverture".
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
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
    """Lower case and no accents; a number without its thousands separators."""
    if word[:1].isdigit():
        return word.replace(",", "")
    plain = unicodedata.normalize("NFKD", word.casefold())
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

    ``everything`` protects the whole rubric, word by word: it binds composed sentences. A teacher's hint is bound by
    ``telling_by_id`` (the telling words of the item's statement, every figure and date), by ``proper`` (words of proper
    names, where the hint writes them with a capital) and by ``phrases`` (the stems of each name and alias: all of one
    together give it away).
    """

    everything: Protected
    telling_by_id: Mapping[str, Protected]
    proper: Protected
    phrases: tuple[frozenset[str], ...]
    allowed: frozenset[str]

    def leaks(self, text: str) -> list[str]:
        """The words of a composed sentence that give something away, in order."""
        return [word for word in self._new_words(text) if self.everything.holds(word)]

    def hint_leaks(self, text: str, about: str) -> list[str]:
        """The words of the teacher's hint for the item ``about`` that give it, or any name or date, away."""
        said = {stem(word) for word in content_words(text)}
        phrased = {root for phrase in self.phrases if phrase <= said for root in phrase}
        telling = self.telling_by_id[about]
        return [
            word
            for word in self._new_words(text)
            if telling.holds(word) or stem(word) in phrased or (word[0].isupper() and self.proper.holds(word))
        ]

    def _new_words(self, text: str) -> Iterable[str]:
        return (word for word in content_words(text) if base_form(word) not in self.allowed)


def make_guard(rubric: Rubric, essay: Essay) -> Guard:
    """The guard for one draft against one rubric."""
    judgement = (rubric.judgement.statement, *rubric.judgement.stances.values())
    statements = {"judgement": _stems(*judgement)}
    statements |= {c.id: _stems(c.statement) for c in rubric.criteria}
    statements |= {p.id: _stems(p.statement) for p in rubric.points}
    statements |= {x.id: _stems(x.statement) for x in rubric.context}
    dates = set().union(*(_date_stems(item.date) for item in rubric.evidence))
    proper = {stem(w) for e in rubric.evidence for t in _texts(e) for w in content_words(t) if w[0].isupper()}
    wordings = [text for c in rubric.criteria for text in c.look_for]
    wordings += [text for p in rubric.points for text in (*p.accept, *p.reject)]
    wordings += [text for e in rubric.evidence for text in _texts(e)]
    everything = _stems(*wordings).union(dates, *statements.values())
    counts = Counter(root for stems in statements.values() for root in stems)
    topic = {root for root, n in counts.items() if n >= MIN_TOPIC_STATEMENTS}
    figures = {root for root in everything if root[0].isdigit()}
    telling = {about: stems - topic for about, stems in statements.items()}
    telling |= {item.id: _stems(item.name, *item.aliases) - topic for item in rubric.evidence}
    sides = (part for side in rubric.sides for part in (side.name, side.frame, *side.aliases))
    said = (base_form(word) for text in (essay.text, rubric.question, *sides) for word in content_words(text))
    return Guard(
        everything=_protected(everything),
        telling_by_id={about: _protected(stems | figures | dates) for about, stems in telling.items()},
        proper=_protected(proper),
        phrases=tuple(
            frozenset(_stems(name)) for e in rubric.evidence for name in (e.name, *e.aliases) if _stems(name)
        ),
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


def _texts(item: EvidenceItem) -> tuple[str, ...]:
    figures = (f"{key} {value}" for key, value in item.figures.items())
    return (item.name, *item.aliases, *item.facts, *figures)


def _date_stems(date: str) -> set[str]:
    """The years of a date or a range of dates, its months by name, and its days."""
    found: set[str] = set()
    for part in re.split(r"[/\s]+", date):
        numbers = [int(n) for n in re.findall(r"\d+", part)]
        found |= {str(n) for n in numbers[:1] + numbers[2:]}
        if len(numbers) > 1 and 1 <= numbers[1] <= 12:
            found.add(stem(MONTHS[numbers[1] - 1]))
    return found
