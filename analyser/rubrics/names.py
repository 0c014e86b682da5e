"""The name of a piece of evidence taken apart: "kulaks / dekulakisation", "Trial of the 16 (1936)".

Rubrics name evidence in a terse mark-scheme style. Slashes, brackets, commas, colons, quotation marks and "or" part the
alternatives, the dates and the qualifications; none of it is left to the teacher to spell out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from analyser.rubrics.dates import find_dates
from analyser.rubrics.words import COMMON_SIZE, Word, find_words, is_country, is_known_name, load_cues, tier

Source = Literal["name", "part", "bracket", "quotation", "surname", "acronym", "alias", "description"]

QUOTATION = re.compile(r"(?<!\w)(?:'([^']+(?:'\w[^']*)*)'|‘([^’]+(?:’\w[^’]*)*)’|\"([^\"]+)\"|“([^”]+)”)(?!\w)")
BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
# Small words inside names: "Order of the Garter", "Ludwig van Beethoven".
EXAMPLE = re.compile(r"\b(?:such as|e\.?\s?g\.?|for example|for instance|including|especially)[,:]?\s+(.+)$")
# The parties of a law report: either is enough before the word "case".
LAW_CASE = re.compile(r"(\w[\w'’]+(?:\s\w[\w'’]+)?)\s+v(?:s|ersus)?\.?\s+(\w[\w'’]+(?:\s(?:of\s)?\w[\w'’]+)*)")
# A title with its article at the end of a name; with one more word only, it may be a place ("in The Hague").
WORK_AT_END = re.compile(r"\b(?:in|of|from)\s+((?:The|An?)(?:\s+\w[\w'’-]*){2,})$")
NAME_JOINERS = frozenset("of the and for in de da du la von van der".split())
LONGEST_EQUAL = 3  # content words on either side of an "or" that joins two names of one thing


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a name that could stand for the item: its text, where it came from, its further context words."""

    text: str
    source: Source
    context: str = ""
    alternative: str = ""  # the whole alternative of the name that it is part of


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name's pieces, and whether its date is only the beginning of something lasting."""

    pieces: tuple[Piece, ...]
    is_beginning: bool


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Words that tell no piece of evidence from another."""
    return frozenset(load_cues("evidence_names.toml")["stopwords"]["words"].split())


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """Titles and ranks, which help to recognise a person and never stand for one."""
    return frozenset(load_cues("evidence_names.toml")["titles"]["words"].split())


@lru_cache(maxsize=1)
def calendar() -> frozenset[str]:
    """Days and months: names that say when, not what."""
    return frozenset(load_cues("evidence_names.toml")["calendar"]["words"].split())


@lru_cache(maxsize=1)
def feasts() -> frozenset[str]:
    """Feasts by which events are dated."""
    return frozenset(load_cues("evidence_names.toml")["feasts"]["words"].split())


@lru_cache(maxsize=1)
def places_in_texts() -> frozenset[str]:
    """Words that open a place in a text, such as a chapter, rather than a name."""
    return frozenset(load_cues("evidence_names.toml")["places_in_texts"]["words"].split())


@lru_cache(maxsize=1)
def forenames() -> dict[str, tuple[str, ...]]:
    """Each common forename with its forms in other languages."""
    groups = (row.split() for row in load_cues("evidence_names.toml")["forenames"]["groups"])
    return {name: tuple(row) for row in groups for name in row}


def is_first_name(word: Word) -> bool:
    """Whether a word may stand before a surname: a forename, or a well-known name that is no place's."""
    is_known = is_known_name(word.key) and not is_country(word.key)
    return word.is_capital and (word.key in forenames() or is_known)


def parse_name(name: str, source: Source = "name") -> ParsedName:
    """Take a name apart. The first piece is always the fullest."""
    pieces: list[Piece] = []
    is_beginning = False
    for alternative in _alternatives(name):
        first = len(pieces)
        brackets = [b for b in BRACKET.findall(alternative) if b.strip() and not _is_note(b)]
        is_beginning |= any(_is_beginning(b) for b in brackets)
        outside = " ".join(BRACKET.sub(" ", alternative).split()).strip(" ,;:")
        context = "; ".join(brackets)
        outside = QUOTATION.sub(lambda m: next(g for g in m.groups() if g), outside)
        if outside:
            pieces.append(Piece(outside, source, context))
            pieces += _parts(outside, context)
            pieces += _dated_title(outside, brackets)
        for bracket in brackets:
            pieces += _bracket_pieces(bracket, outside)
        for match in QUOTATION.finditer(alternative):
            quoted = next(g for g in match.groups() if g)
            if len(find_words(quoted)) > 1 and not any(
                _is_note(b) and quoted in b for b in BRACKET.findall(alternative)
            ):
                pieces.append(Piece(quoted, "quotation"))
        pieces[first:] = [replace(p, alternative=alternative) for p in pieces[first:]]
    seen: set[str] = set()
    unique = [p for p in pieces if not (p.text.casefold() in seen or seen.add(p.text.casefold()))]  # type: ignore[func-returns-value]
    return ParsedName(tuple(unique), is_beginning)


def _alternatives(name: str) -> list[str]:
    """Split at slashes and "or" outside brackets; "1936/7" and "and/or" stay whole."""
    joiners = "|".join(re.escape(w) for w in load_cues("evidence_names.toml")["joined"]["alternatives"])
    depth, current, found = 0, "", []
    for index, char in enumerate(name):
        depth += (char in "([") - (char in ")]")
        is_digit = name[index - 1 : index].isdigit() and name[index + 1 : index + 2].isdigit()
        if char == "/" and depth <= 0 and not is_digit:
            found.append(current)
            current = ""
        else:
            current += char
    found.append(current)
    split = []
    for text in found:
        if "(" in text or "[" in text:
            split.append(text)
        else:
            equal = re.split(rf"\s+(?:{joiners})\s+", text)
            is_short = all(len(find_words(e)) <= LONGEST_EQUAL for e in equal)
            split += equal if is_short else [text]
    return [t.strip() for t in split if t.strip()]


def _is_note(bracket: str) -> bool:
    text = bracket.strip().casefold()
    return any(
        text.startswith(opener) or f" {opener}" in text[:40]
        for opener in load_cues("evidence_names.toml")["notes"]["openers"]
    )


def _is_beginning(bracket: str) -> bool:
    text = bracket.strip().casefold()
    return bool(find_dates(bracket)) and any(
        text.startswith(word + " ") for word in load_cues("evidence_names.toml")["beginnings"]["words"]
    )


def without_notes(text: str) -> str:
    """A name with its editor's notes blanked out; positions stay."""
    return BRACKET.sub(lambda m: " " * len(m[0]) if _is_note(m[1]) else m[0], text)


def without_dates(text: str) -> str:
    """A text without its dates and the commas that set them off."""
    for date in reversed(find_dates(text)):
        text = text[: date.start] + " " + text[date.end :]
    return re.sub(r"\s+", " ", re.sub(r"(?:\s*,\s*)+(?=,|$)", " ", text)).strip(" ,;:")


def is_proper(text: str) -> bool:
    """Whether a text is written as a name all through: capitals, numbers, and small joining words between them."""
    words = find_words(text)
    if not words or not _is_name_word(words[-1]):
        return False
    return any(w.is_capital for w in words) and all(_is_name_word(w) or w.key in NAME_JOINERS for w in words)


def _is_name_word(word: Word) -> bool:
    return word.is_capital or word.key[:1].isdigit()


def _parts(text: str, context: str) -> list[Piece]:
    """Parts of a name that can stand alone: what precedes a colon or comma, and each of two names joined by "and"."""
    found: list[Piece] = []
    head, colon, tail = text.partition(":")
    if colon and is_proper(without_dates(head)):
        found.append(Piece(without_dates(head), "part", f"{tail}; {context}"))
    bare = without_dates(text.replace(":", ","))
    parts = [p.strip() for p in bare.split(",") if p.strip()]
    if len(parts) > 1:
        found += [Piece(p, "part", context) for p in parts if p[0].isupper() and is_proper(p)]
        # "Richard, Duke of Gloucester, in the north": each of the names may stand with what is said of it.
        if len(parts) > 2 and parts[-1][0].islower():
            found += [Piece(f"{p} {parts[-1]}", "part", context) for p in parts[:-1] if is_proper(p)]
    for part in parts:
        joined = re.split(r"\s+(?:and|&)\s+", part)
        if len(joined) > 1 and all(is_proper(j) for j in joined):
            found += [Piece(j, "part", context) for j in joined]
        if match := EXAMPLE.search(part):
            found += [Piece(e, "part", part[: match.start()]) for e in _listed(match[1])]
        if match := LAW_CASE.fullmatch(part):
            found += [Piece(f"{party} Case", "part", part) for party in match.groups() if is_proper(party)]
        # "William Herbert in Wales", "Warwick the Kingmaker", "Gordon Brown as rival to Blair": a name and what it was.
        match = re.match(r"((?:[^\W\d_][\w'’.-]*\s+)+?)(?:as|at|in|the|under|on|over)\s+\w", part)
        if match and is_proper(match[1]):
            found.append(Piece(match[1].strip(), "part", part[match.end(1) :]))
    return found


def _dated_title(outside: str, brackets: list[str]) -> list[Piece]:
    """The work whose year stands right behind its title: "second thoughts in The Examined Life (1989)"."""
    match = WORK_AT_END.search(outside)
    if match is None or len(brackets) != 1 or without_dates(brackets[0]) or not is_proper(match[1]):
        return []
    return [Piece(match[1], "part", brackets[0])]


def _listed(text: str) -> list[str]:
    """The members of a list in words: "A, B and C"."""
    return [m.strip() for m in re.split(r",|\b(?:and|or)\b", text) if m.strip()]


def _bracket_pieces(bracket: str, outside: str) -> list[Piece]:
    """Names inside brackets; plain words there only qualify the name and are left as context."""
    found = []
    for part in re.split(r"\s*[;,]\s*", without_dates(bracket)):
        words = [w for w in find_words(part) if w.key not in stopwords()]
        if not words or (words[0].key[:1].isdigit() and len(words) == 1):
            continue
        # "(Truman, 1952)" says who and when; another name would stand without a date.
        if find_dates(bracket) and len(words) == 1 and words[0].is_capital and "," in bracket:
            continue
        is_rare_word = len(words) == 1 and tier(words[0].key) > COMMON_SIZE
        if is_proper(part) or is_rare_word or len(words) >= 2:
            found.append(Piece(part, "bracket", outside))
    return found


def initials(text: str) -> str:
    """The initials of the content words of a text, in capitals."""
    return "".join(w.key[0].upper() for w in find_words(text) if w.key not in stopwords() or w.is_capital)
