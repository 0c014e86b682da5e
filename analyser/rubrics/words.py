"""Words of the rubric and of the draft brought to comparable forms: folded, stemmed, and as they sound.

Nothing here knows a rubric. The word lists are read on first use and kept.
"""

from __future__ import annotations

import gzip
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

# A word: initials with full stops (U.S., s.r's), a number with its separators, or letters with inner apostrophes.
WORD = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+(?:['’]s)?(?![^\W\d_])"
    r"|\d+(?:[.,]\d+)*[^\W\d_]*"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"
)
POSSESSIVE = re.compile(r"['’]s?$")
NOT_ALPHANUMERIC = re.compile(r"[^\w]|_")
# Letters that Unicode does not take apart into a base letter and an accent.
UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# Endings of the families of names (Marx: Marxist, Marxism) and prefixes of derived ones (dekulakisation). From the
# lists of English word formation in Quirk et al. 1985, appendix I.
FAMILY_ENDING = re.compile(
    r"(?:i[sz]ations?|i[sz]ing|i[sz]ed?|i[sz]es|ists?|isms?|ites?|ians?|ists?|ovites?|esque|s|y|ies|i)$"
)
FAMILY_PREFIX = re.compile(r"^(?:de|anti|pro|non|pre|post|ex|neo|counter|un|re)(?=\w{4})")
MIN_FAMILY_STEM = 4
UNKNOWN_TIER = 99
COMMON_SIZE = 35  # SCOWL size up to which a word is ordinary


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; ``key`` is its folded form, ``is_capital`` whether it begins with a capital letter."""

    start: int
    end: int
    key: str
    is_capital: bool


def find_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]`` in order; hyphenated words fall apart into their parts."""
    return [
        Word(m.start(), m.end(), fold(m[0]), m[0][0].isupper())
        for m in WORD.finditer(text, start, len(text) if end is None else end)
    ]


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case, without accents, possessive ending, apostrophes and full stops: ``O'Brien's`` -> ``obrien``."""
    word = POSSESSIVE.sub("", word).casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        word = word.translate(UNDECOMPOSED)
    return NOT_ALPHANUMERIC.sub("", word)


@lru_cache(maxsize=50_000)
def stem(key: str) -> str:
    """The stem of a folded word: Snowball English, with -ise spelt -ize, so that both spellings meet."""
    if len(key) < 3 or not key.isascii() or not key.isalpha():
        return key
    found: str = _stemmer().stemWord(spelling(_irregular().get(key, key)))
    return found


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    rows = (row.split() for row in load_cues("event_words.toml")["irregular"]["rows"].split("|"))
    return {form: base for base, *forms in rows for form in forms}


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def spelling(key: str) -> str:
    """British spelling brought to American where the difference is regular, so that labour and labor meet."""
    for pattern, replacement in _tables()["spelling"]:
        key = pattern.sub(replacement, key)
    return key


@lru_cache(maxsize=50_000)
def family(key: str) -> str:
    """What the members of a name's family share: trotsky for Trotskyists, kulak for dekulakisation."""
    if len(key) <= MIN_FAMILY_STEM or not key.isalpha():
        return key
    bare = FAMILY_PREFIX.sub("", key)
    for _ in range(2):
        cut = FAMILY_ENDING.sub("", bare)
        if cut == bare or len(cut) < MIN_FAMILY_STEM:
            break
        bare = cut
    return bare


@lru_cache(maxsize=50_000)
def sound(key: str) -> str:
    """A name as it sounds, so that transliterations and spellings by ear meet: Zinovyev, Zinoviev; Checka, Cheka."""
    for pattern, replacement in _tables()["sound"]:
        key = pattern.sub(replacement, key)
    return key


@lru_cache(maxsize=1)
def _groups() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    data = load_cues("event_words.toml")
    tables = []
    kinds = data["kinds"]["groups"] + data["things"]["groups"]
    for rows in (kinds, data["exonyms"]["groups"], data["confusable"]["pairs"]):
        table: dict[str, set[str]] = {}
        for row in rows:
            members = row.split()
            for member in members:
                table.setdefault(stem(member), set()).update(members)
        tables.append({key: frozenset(members) for key, members in table.items()})
    return tables[0], tables[1], tables[2]


def same_kind(key: str) -> frozenset[str]:
    """Words and phrasal verbs (verb_particle) for the same kind of event or thing."""
    return _groups()[0].get(stem(key), frozenset())


@lru_cache(maxsize=1)
def _event_stems() -> frozenset[str]:
    rows = load_cues("event_words.toml")["kinds"]["groups"]
    return frozenset(stem(member) for row in rows for member in row.split() if "_" not in member)


def is_event(key: str) -> bool:
    """Whether a word says what happened (murder, treaty) rather than what there was (diary, school)."""
    return stem(key) in _event_stems()


def same_place(key: str) -> frozenset[str]:
    """Other names and adjectives of the same place or people: Danish, Denmark; Venice, Venetia."""
    return _groups()[1].get(stem(key), frozenset())


def confusable(key: str) -> frozenset[str]:
    """English words that are often written for this one."""
    return _groups()[2].get(stem(key), frozenset())


@lru_cache(maxsize=1)
def particles() -> dict[str, dict[str, str]]:
    """Verb stem -> particle -> key, for the phrasal verbs of the word lists."""
    found: dict[str, dict[str, str]] = {}
    for members in _groups()[0].values():
        for member in members:
            verb, _, particle = member.partition("_")
            if particle:
                found.setdefault(stem(verb), {})[particle] = member
    return found


@lru_cache(maxsize=50_000)
def name_forms(key: str) -> frozenset[str]:
    """A name with its family (Trotskyists), its adjective or people (Crimean) and its plural, as stems."""
    forms = {key, family(key)}
    for ending in ("ians", "ian", "ans", "an", "ns", "n"):
        if key.endswith(ending) and len(key) - len(ending) >= MIN_FAMILY_STEM:
            bare = key.removesuffix(ending)
            forms |= {bare, bare + "a"} if ending in ("ians", "ian") else {bare}
    return frozenset(forms)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    data = load_cues("spelling_rules.toml")
    return {part: [(re.compile(p), r) for p, r in data[part]["rules"]] for part in ("spelling", "sound")}


@lru_cache(maxsize=32)
def load_cues(name: str) -> dict[str, Any]:
    """A TOML file of the package's word lists."""
    return tomllib.loads(resources.files("analyser.cues").joinpath(name).read_text("utf8"))


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, int]:
    tiers: dict[str, int] = {}
    for line in _read("english_words.txt.gz").splitlines():
        label, *words = line.split()
        tiers.update(dict.fromkeys(words, 0 if label == "name" else int(label)))
    return tiers


@lru_cache(maxsize=1)
def _kin() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = {}
    for line in _read("word_kin.txt.gz").splitlines():
        word, derived, near = line.split("\t")
        found[word] = (tuple(derived.split()), tuple(near.split()))
    return found


def _read(name: str) -> str:
    return gzip.decompress(resources.files("analyser.cues").joinpath(name).read_bytes()).decode("utf8")


def tier(key: str) -> int:
    """How common an English word is: 10 (commonest), 20, 35, 50, or UNKNOWN_TIER; names count as unknown."""
    return _dictionary().get(key) or UNKNOWN_TIER


def is_english(key: str) -> bool:
    """Whether a folded word is in the English word list (or a regular spelling variant of one that is)."""
    known = _dictionary()
    return bool(known.get(key) or known.get(spelling(key)))


def is_known_name(key: str) -> bool:
    """Whether a folded word is a well-known proper name."""
    return _dictionary().get(key) == 0


@lru_cache(maxsize=10_000)
def is_country(key: str) -> bool:
    """Whether a name is a country's, a place's or a people's: it has, or is, an adjective in -an, -ese or -ish."""
    if same_place(key):
        return True
    known = _dictionary()
    stems = {key, key[:-1]}
    return any(known.get(s + e) == 0 for s in stems for e in ("n", "an", "ian", "ese", "ish")) or (
        known.get(key) == 0 and any(known.get(f) == 0 for f in name_forms(key) - {key, family(key)})
    )


def kin(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words derived from the same root, near synonyms) of a dictionary word."""
    return _kin().get(key, ((), ()))
