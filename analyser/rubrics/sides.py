"""How a student may refer to each of the two compared sides, derived from its name, aliases and frame."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyser.records import Rubric, Side, SideKey

# Words of a side's name that do not tell it apart: function words, and the nouns of comparison questions ("the causes
# of", "explanations"). General English; not taken from any particular rubric.
NAME_STOPWORDS = frozenset(
    """
    a an and as at by de du for from in into la le of on or over the to under von van with account accounts aims
    approach approaches attitude attitudes belief beliefs case causes crisis effect effects event events
    explanation explanations idea ideas impact impacts method methods movement party policies policy presentation
    regime reign response responses role roles rule system systems tale theories theory use uses view views war
    wars work
    """.split()
)
# Endings that may stand on a name's stem: possessive, plural, and the -ism/-ist family (Marx -> Marxist, Marxism).
ENDINGS = r"(?:['’]?s?['’]?|['’]s|e?s|i[sz]m|ists?|ists?['’]s?|ians?|ians?['’]s?)"
FAMILY = re.compile(r"(?:is[mt]s?|ians?|ies|y)$")


@dataclass(frozen=True, slots=True)
class SideNames:
    """Compiled patterns for the two sides, and the words they were made from."""

    terms: dict[SideKey, tuple[str, ...]]
    patterns: dict[SideKey, re.Pattern[str]]

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int, SideKey]]:
        """Every mention in ``text[start:end]`` in order: (start, end, side); neighbouring words of a name are one."""
        stop = len(text) if end is None else end
        found = [
            (m.start(), m.end(), key)
            for key, pattern in self.patterns.items()
            for m in pattern.finditer(text, start, stop)
        ]
        merged: list[tuple[int, int, SideKey]] = []
        for mention in sorted(found):
            is_next = merged and merged[-1][2] == mention[2] and not text[merged[-1][1] : mention[0]].strip()
            if is_next:
                merged[-1] = (merged[-1][0], mention[1], mention[2])
            else:
                merged.append(mention)
        return merged


def side_names(rubric: Rubric) -> SideNames:
    """Patterns for both sides; a word that both names share belongs to neither."""
    a, b = rubric.sides
    words_a, words_b = _words(a), _words(b)
    terms: dict[SideKey, tuple[str, ...]] = {
        "a": tuple(sorted(words_a - words_b, key=lambda w: (-len(w), w))),
        "b": tuple(sorted(words_b - words_a, key=lambda w: (-len(w), w))),
    }
    return SideNames(terms, {key: _pattern(words) for key, words in terms.items()})


def _words(side: Side) -> set[str]:
    """The side's names in full, their parts, and the single words that could stand for them."""
    found: set[str] = set()
    for name in (side.name, *side.aliases):
        parts = [p.strip() for p in re.split(r"[,;/()]", name) if p.strip()]
        for phrase in (name, *parts):
            phrase = re.sub(r"^(?:the|an?)\s+", "", phrase.strip(), flags=re.I)
            if phrase and phrase.lower() not in NAME_STOPWORDS:
                found.add(_key(phrase))
        for word in re.findall(r"[^\W_][\w'’-]*", name):
            bare = re.sub(r"['’]s?$", "", word)
            is_name = bare[:1].isupper() or bare[:1].isdigit() or not re.search(r"[A-Z]", name)
            is_numeral = bool(re.fullmatch(r"[IVX]+", bare))
            if is_name and not is_numeral and len(bare) > 1 and bare.lower() not in NAME_STOPWORDS:
                found.add(_key(bare))
    return found


def _key(term: str) -> str:
    """Lower case, except for capitals of up to four letters: the US is a country, "us" a pronoun."""
    return term if re.fullmatch(r"[A-Z]{2,4}", term) else term.lower()


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    alternatives = []
    for word in words:
        if word.isupper():
            alternatives.append(f"(?-i:{r'[.]?'.join(word)}[.]?(?:['’]s)?)")
            continue
        stem = FAMILY.sub("", word)
        is_family = stem != word and len(stem) >= 4 and " " not in word
        escaped = re.escape(stem if is_family else word).replace(r"\ ", r"[\s-]+")
        alternatives.append(f"{escaped}{'(?:is[mt]s?|ians?|ies|y|i[sz]ation)?' if is_family else ''}{ENDINGS}?")
    return re.compile(rf"(?<![\w])(?:{'|'.join(alternatives)})(?![\w])", re.I)
