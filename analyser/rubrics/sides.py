"""How a student may refer to each of the two compared sides, derived from its name, aliases and frame.

A name gives the whole phrase, its parts, the words that could stand for it alone, its initials, the adjective or people
of a place, and near misspellings. A word that both sides share belongs to neither; a common English word ("hard" of
hard engineering) counts only beside the noun it goes with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from analyser.records import Rubric, Side, SideKey
from analyser.rubrics.dates import find_dates
from analyser.rubrics.words import (
    find_words,
    fold,
    is_country,
    is_english,
    is_known_name,
    load_cues,
    name_forms,
    same_place,
    sound,
    tier,
)

# Endings that may stand on a name's stem: possessive, plural, and the -ism/-ist family (Marx -> Marxist, Marxism).
ENDINGS = r"(?:['’]?s?['’]?|['’]s|e?s|i[sz]m|ists?|ists?['’]s?|ians?|ians?['’]s?|ans?)"
FAMILY = re.compile(r"(?:is[mt]s?|ians?|ies|y|(?<=[a-z]{4})istan)$")
FAMILY_ENDINGS = "(?:is[mt]s?|ians?|ies|y|i[sz]ation|istan)?"
ROMAN = re.compile(r"X{0,2}(?:IX|IV|V?I{0,3})")
ROMAN_UNITS = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
# SCOWL size (10 commonest, 95 rarest) up to which a word is so common that it names a side only in a phrase.
WEAK_TIER = 35
RARE_PART_TIER = 20  # and at least so rare must the first part of a hyphenated word be
# Letters a name needs before a spelling one letter off counts, and two letters off.
ONE_ERROR_FROM, TWO_ERRORS_FROM = 5, 8
JOINERS = frozenset(("and", "the", "of", "a"))
# Share of words with a capital (0 to 1) below which a draft is typed without them; unedited prose has 0.1 or more.
FEW_CAPITALS = 0.02


@dataclass(frozen=True, slots=True)
class SideNames:
    """Compiled patterns for the two sides, and the words they were made from.

    ``patterns`` find the names that certainly name a side; ``heads`` the common nouns that end a name ("crash",
    "President") and give way to a name of the other side beside them. ``numbers`` are the numbers of kings and
    ``years`` the time of each side's frame.
    """

    terms: dict[SideKey, tuple[str, ...]]
    patterns: dict[SideKey, re.Pattern[str]]
    heads: dict[SideKey, re.Pattern[str]]
    spellings: tuple[tuple[str, SideKey], ...]
    modifiers: dict[str, SideKey]
    nouns: tuple[str, ...]
    numbers: dict[SideKey, int]
    years: dict[SideKey, tuple[tuple[int, int], ...]]
    may_be_person: dict[SideKey, bool]
    is_name: dict[SideKey, bool]
    is_plural: dict[SideKey, bool]

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int, SideKey]]:
        """Every mention in ``text[start:end]`` in order: (start, end, side); neighbouring words of a name are one."""
        stop = len(text) if end is None else end
        sure = [
            (m.start(), m.end(), key)
            for key, pattern in self.patterns.items()
            for m in pattern.finditer(text, start, stop)
            if self._has_own_number(text, m.end(), key)
        ]
        sure += self._misspelt(text, start, stop)
        sure.sort()
        weak = [
            (m.start(), m.end(), key)
            for key, pattern in self.heads.items()
            for m in pattern.finditer(text, start, stop)
            if not _stands_beside(text, m.start(), m.end(), key, sure)
        ]
        merged: list[tuple[int, int, SideKey]] = []
        for mention in sorted(sure + weak, key=lambda m: (m[0], -m[1])):
            previous = merged[-1] if merged else None
            if previous and previous[1] > mention[0]:
                continue
            if previous and previous[2] == mention[2] and not text[previous[1] : mention[0]].strip():
                merged[-1] = (previous[0], mention[1], mention[2])
            else:
                merged.append(mention)
        return merged

    def side_of_year(self, year: int) -> SideKey | None:
        """The only side whose frame holds a year."""
        keys: list[SideKey] = [k for k, spans in self.years.items() if any(a <= year <= b for a, b in spans)]
        return keys[0] if len(keys) == 1 else None

    def _has_own_number(self, text: str, position: int, key: SideKey) -> bool:
        """False for another king of the name: Henry VIII where the side is Henry VII."""
        own = self.numbers.get(key)
        return own is None or _number_after(text, position) in (None, own)

    def _misspelt(self, text: str, start: int, end: int) -> list[tuple[int, int, SideKey]]:
        found: list[tuple[int, int, SideKey]] = []
        words = find_words(text, start, end)
        for word, following in zip(words, [*words[1:], None], strict=False):
            if len(word.key) >= ONE_ERROR_FROM - 1 and (key := meant_side(word.key, self.spellings)):
                found.append((word.start, word.end, key))
            elif following and word.key in self.modifiers and _is_misspelt_noun(following.key, self.nouns):
                found.append((word.start, following.end, self.modifiers[word.key]))
        return found


def side_names(rubric: Rubric) -> SideNames:
    """Patterns for both sides; a word that both names share belongs to neither."""
    return _side_names(rubric.sides)


@lru_cache(maxsize=32)
def _side_names(sides: tuple[Side, Side]) -> SideNames:
    words = [_Words(side) for side in sides]
    for own, other in ((words[0], words[1]), (words[1], words[0])):
        adjectives = {form for word in other.strong for form in same_place(fold(word))}
        own.shared_head = bool(own.nouns & other.nouns)
        own.unshared = {
            "strong": own.strong - other.all - adjectives,
            "heads": own.heads - other.all,
            "modifiers": own.modifiers - other.all if own.shared_head else set(),
        }
    keys: tuple[SideKey, SideKey] = ("a", "b")
    by_key = dict(zip(keys, words, strict=True))
    partner = dict(zip(keys, reversed(words), strict=True))
    return SideNames(
        terms={
            k: tuple(sorted(set().union(*w.unshared.values()), key=lambda t: (-len(t), t))) for k, w in by_key.items()
        },
        patterns={k: _pattern(w.unshared["strong"], _modifier_patterns(w, partner[k])) for k, w in by_key.items()},
        heads={k: _pattern(w.unshared["heads"], []) for k, w in by_key.items()},
        spellings=tuple(
            sorted((fold(t), k) for k, w in by_key.items() for t in w.unshared["strong"] if t.isalpha() and t.islower())
        ),
        modifiers={t: k for k, w in by_key.items() for t in w.unshared["modifiers"]},
        nouns=tuple(sorted(words[0].nouns & words[1].nouns)),
        numbers={k: w.number for k, w in by_key.items() if w.number},
        years={k: _frame_years(side.frame or side.name) for k, side in zip(keys, sides, strict=True)},
        may_be_person={k: w.may_be_person for k, w in by_key.items()},
        is_name={k: _is_name(side.name) for k, side in zip(keys, sides, strict=True)},
        is_plural={k: w.is_plural for k, w in by_key.items()},
    )


class _Words:
    """The words of one side's names, sorted by how well they name it."""

    def __init__(self, side: Side):
        self.strong: set[str] = set()  # phrases, and words that name it alone
        self.heads: set[str] = set()  # common nouns that end a name: crash, President
        self.modifiers: set[str] = set()  # common words before a noun: hard, civil
        self.nouns: set[str] = set()  # last words of the names
        self.number = 0
        self.unshared: dict[str, set[str]] = {}
        self.shared_head = False
        for name in (side.name, *side.aliases):
            for phrase in dict.fromkeys(p.strip() for p in re.split(r"[,;/()]", name) if p.strip()):
                self._add_phrase(phrase)
        self.may_be_person = _may_be_person(side.name)
        self.is_plural = _is_plural(fold(side.name.split()[-1]))

    @property
    def all(self) -> set[str]:
        return self.strong | self.heads | self.modifiers

    def _add_phrase(self, phrase: str) -> None:
        phrase = re.sub(r"^(the|an?)\s+", "", phrase, flags=re.I)
        stopwords = _stopwords()
        tokens = re.findall(r"[^\W_][\w'’.-]*", phrase)
        bare = [re.sub(r"['’]s?$", "", t).strip(".") for t in tokens]
        content = [i for i, b in enumerate(bare) if b.lower() not in stopwords and len(b) > 1 and not _is_numeral(b)]
        if not content:
            return
        self.strong.add(_key(phrase))
        self.number = self.number or next((_roman(b) for b in bare[1:] if _is_numeral(b)), 0)
        self.nouns.add(fold(bare[-1]))
        strong = content if len(tokens) == 1 else [i for i in content if _is_strong(bare[i])]
        end = next((i for i, t in enumerate(tokens) if t.lower() in ("of", "in", "for", "against")), len(tokens))
        for i in content:
            word = bare[i]
            if i in strong:
                self._add_word(word)
            elif strong and i == end - 1 and _is_surname(bare, i):
                self.strong.add(word)  # a common word as surname: only with its capital
            elif strong and i == end - 1:
                self.heads.add(_key(word))
            elif not strong:
                (self.heads if i == end - 1 else self.modifiers).add(_key(word))
        self._add_short_forms(tokens[:end], is_whole=end == len(tokens))

    def _add_short_forms(self, tokens: list[str], *, is_whole: bool) -> None:
        """The last two words of a longer name, its initials and its usual abbreviations."""
        stopwords = _stopwords()
        while True:
            tail = [t.lower() for t in tokens[-2:]]
            if len(tail) > 1 and not is_whole:
                self.strong.add(_key(" ".join(tokens)))
            if len(tokens) > 2 and not stopwords.issuperset(tail) and not JOINERS.intersection(tail):
                self.strong.add(_key(" ".join(tokens[-2:])))
            if len(tokens) < 3 or tail[-1] not in stopwords:
                break
            tokens, is_whole = tokens[:-1], False
        letters = "".join(t[0] for t in tokens if not _is_numeral(t))
        if len(letters) >= 3 and letters.isupper() and not any(_is_numeral(t) for t in tokens):
            self.strong.add(letters)
        name = " ".join(tokens).lower()
        self.strong |= {
            short for long, short in load_cues("side_words.toml")["abbreviations"]["rows"] if name.endswith(long)
        }

    def _add_word(self, word: str) -> None:
        folded = fold(word)
        if folded in _spelt_numbers():
            return
        self.strong |= {_key(word), folded} if not word.isascii() else {_key(word)}
        self.strong |= set(_hyphenated_parts(word))
        if word[:1].isupper() or is_country(folded):
            self.strong |= {f for f in same_place(folded) if len(f) > 2}
            self.strong |= {f for f in name_forms(folded) if is_known_name(f)}
        for row in load_cues("side_words.toml")["countries"]["groups"]:
            if folded in row.split() and (word.isupper() or len(folded) > 3):
                self.strong |= {f.upper() if len(f) <= 4 else f for f in row.split()}
        if len(folded) > 6 and not is_known_name(folded):
            for ending, plural in load_cues("side_words.toml")["plurals"]["endings"]:
                for old, new in ((ending, plural), (plural, ending)):
                    if folded.endswith(old):
                        self.strong.add(folded.removesuffix(old) + new)


def _hyphenated_parts(word: str) -> list[str]:
    """The parts of a hyphenated word but the last, which is often general (shareholder-focused)."""
    return [part for part in word.lower().split("-")[:-1] if tier(part) >= RARE_PART_TIER]


def _may_be_person(name: str) -> bool:
    """False for a name that certainly is no person's, so that "he" cannot be it."""
    words = re.findall(r"[^\W\d_][\w'’-]*", name)
    return (
        bool(words)
        and len(words) <= 3
        and words[0][0].isupper()
        and not words[0].isupper()
        and not re.search(r"\d", name)
    )


def _is_name(name: str) -> bool:
    """Whether a side has a proper name, which is written with a capital."""
    return any(w[0].isupper() and not is_english(fold(w)) for w in re.findall(r"[^\W\d_][\w'’-]*", name))


def _is_plural(last: str) -> bool:
    if last.endswith("a"):
        return any(is_english(last[:-1] + ending) for ending in ("um", "on"))
    if not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return False
    singular = last[:-3] + "y" if last.endswith("ies") else last[:-1]
    return not is_known_name(last) or is_english(singular) or is_known_name(singular)


@lru_cache(maxsize=1)
def _spelt_numbers() -> frozenset[str]:
    data = load_cues("numbers.toml")
    return frozenset(data["cardinal"]) | frozenset(data["ordinal"])


@lru_cache(maxsize=1)
def _stopwords() -> frozenset[str]:
    return frozenset(load_cues("side_words.toml")["stopwords"]["words"].split())


def _is_strong(word: str) -> bool:
    """Whether a word of a name can stand for it: a name, number, abbreviation or rare word."""
    folded = fold(word)
    return (
        word[0].isdigit()
        or (len(word) > 1 and word.isupper())
        or tier(folded) > WEAK_TIER
        or (word[0].isupper() and is_country(folded))
    )


def _is_surname(bare: list[str], index: int) -> bool:
    before = fold(bare[index - 1]) if index else ""
    return is_known_name(before) and not same_place(before) and bare[index][:1].isupper()


def _is_numeral(word: str) -> bool:
    return bool(word) and word.isupper() and ROMAN.fullmatch(word) is not None and word != "X"


def _roman(word: str) -> int:
    units = word.lstrip("X")
    return 10 * (len(word) - len(units)) + ROMAN_UNITS.get(units, 0)


def _key(term: str) -> str:
    """Lower case, except for capitals of up to four letters: the US is a country, "us" a pronoun."""
    return term if re.fullmatch(r"[A-Z]{2,4}", term) else term.lower()


def _pattern(words: set[str], extra: list[str]) -> re.Pattern[str]:
    alternatives = list(extra)
    for word in sorted(words, key=lambda w: (-len(w), w)):
        if word.isupper() and len(word) <= 4:
            letters = r"[.]?".join(map(re.escape, word)) + r"[.]?(?:['’]?s)?"
            alternatives.append(f"(?-i:{letters})" if is_english(fold(word)) else letters)
            if word == "US":
                alternatives.append(r"(?<=the )us(?=\s+[a-z])")
            continue
        if word[:1].isupper():
            alternatives.append(f"(?-i:{re.escape(word)}{ENDINGS}?)")
            continue
        stem = FAMILY.sub("", word)
        is_family = stem != word and len(stem) >= 4 and " " not in word
        escaped = re.escape(stem if is_family else word).replace(r"\ ", r"[\s-]+")
        alternatives.append(f"{escaped}{FAMILY_ENDINGS if is_family else ''}{ENDINGS}?")
    return re.compile(rf"(?<![\w])(?:{'|'.join(alternatives)})(?![\w])", re.I) if alternatives else re.compile(r"(?!)")


def _modifier_patterns(own: _Words, other: _Words) -> list[str]:
    """Common words that name a side only before its noun, before a general noun, or paired with the other side's."""
    nouns = "|".join(
        sorted(
            {re.escape(n) for n in own.nouns} | set(load_cues("side_words.toml")["heads"]["words"].split()),
            reverse=True,
        )
    )
    partners = "|".join(sorted(map(re.escape, other.unshared["modifiers"] or {"(?!)"})))
    noun = rf"(?:[\s-]+(?:{nouns})(?![\w]))"
    pair = rf"(?:[\s-]+(?:and|or|&|v|vs|versus)[\s-]+(?:{partners}){noun})"
    return [rf"{re.escape(m)}(?={noun}|{pair})" for m in sorted(own.unshared["modifiers"])]


def _stands_beside(text: str, start: int, end: int, key: SideKey, sure: list[tuple[int, int, SideKey]]) -> bool:
    """Whether a common noun belongs to a name of the other side beside it: the 2008 crash, the President of the UK."""
    index = bisect_left(sure, (start, 0, "a"))
    if index:
        _, before, side = sure[index - 1]
        if side != key and re.fullmatch(
            r"(?:['’]s)?[\s-]+(?:(?!(?:and|or|but|than|as|while|whereas|with|the|a)\b)[\w-]+\s+)?",
            text[before:start],
            re.I,
        ):
            return True
    if index < len(sure):
        after, _, side = sure[index]
        if side != key and re.fullmatch(r"\s+(?:of|in|for)\s+(?:the\s+)?", text[end:after]):
            return True
    return False


def _number_after(text: str, position: int) -> int | None:
    """The number of a king after his name: VIII, the Eighth, 8th, 8."""
    match = re.compile(
        r"\s+(?:(?-i:([IVX]{1,5})(?!\w|['’]))|(\d{1,2})(?:st|nd|rd|th)?(?![\w.,]\d|\w)|the\s+(\w+))", re.I
    ).match(text, position)
    if match is None:
        return None
    if match[1]:
        return _roman(match[1]) if ROMAN.fullmatch(match[1]) and match[1] != "I" else None
    if match[2]:
        return int(match[2])
    ordinals = load_cues("side_words.toml")["ordinals"]["words"].split()
    word = match[3].lower()
    return ordinals.index(word) + 1 if word in ordinals else None


@lru_cache(maxsize=20_000)
def meant_side(key: str, spellings: tuple[tuple[str, SideKey], ...]) -> SideKey | None:
    """The side whose name a folded word misspells; None for an English word, another name, or a doubtful case."""
    if not key.isalpha() or is_english(key) or is_known_name(key):
        return None
    found: set[SideKey] = set()
    for form in {key, key.removesuffix("s")}:
        for name, side in spellings:
            if form == name or len(name) < ONE_ERROR_FROM - 1:
                continue
            limit = 2 if len(name) >= TWO_ERRORS_FROM else 1 if len(name) >= ONE_ERROR_FROM else 0
            is_near = form[:1] == name[:1] and OSA.distance(form, name, score_cutoff=limit) <= limit
            if is_near or sound(form) == sound(name):
                found.add(side)
    return found.pop() if len(found) == 1 else None


def _is_misspelt_noun(key: str, nouns: tuple[str, ...]) -> bool:
    """A word near the noun that both names share: "hard enginering"."""
    if is_english(key):
        return False
    return any(
        OSA.distance(key, n) <= (2 if len(n) >= TWO_ERRORS_FROM else 1) for n in nouns if len(n) >= ONE_ERROR_FROM
    )


@lru_cache(maxsize=8)
def has_capitals(text: str) -> bool:
    """Whether a draft is typed with capitals, so that a lower-case word is no name."""
    words = find_words(text)
    return sum(w.is_capital for w in words) >= FEW_CAPITALS * max(1, len(words))


def _frame_years(frame: str) -> tuple[tuple[int, int], ...]:
    return tuple((date.first[0], date.last[0]) for date in find_dates(frame)) if frame else ()
