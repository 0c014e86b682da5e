"""Other names of the evidence that the model answer beside a rubric gives, where they are certain.

Four ways of saying that two names are one thing are read: a bracket ("the secret police (the Cheka)"), "or" and "known
as" between commas, and an acronym whose expansion the answer spells out. Nothing else in an answer is taken for a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from analyser.records import Rubric
from analyser.rubrics.names import NAME_JOINERS, initials, is_proper, stopwords, without_dates
from analyser.rubrics.variants import (
    MIN_ACRONYM,
    EvidenceLexicon,
    Variant,
    derive_variants,
    names_exactly,
)
from analyser.rubrics.words import COMMON_SIZE, find_words, tier
from analyser.text.model_answer import read_model_answer_of

MAX_WORDS = 6  # of a name
BRACKET = re.compile(r"([^.;:()]{3,80}?)\s*\((?:as |or |called |known as )?([^()]{2,60})\)")
# Words between commas that make two names one. Source: the appositives of Quirk et al. 1985, 17.73.
EQUAL = re.compile(
    r"([^.;:,()]{3,80}), (?:or|also known as|known as|also called|called|nicknamed|that is),? ([^.;:,()]{3,60})[.,;)]"
)
CAPITALISED = re.compile(r"[A-Z][\w’'-]+(?:(?: (?:of|and|for|the|in))* [A-Z][\w’'-]+)+")
ARTICLE = re.compile(r"^(?:The|An?) ")
DETERMINERS = frozenset("the a an his her its their this that these those".split())


def with_answer(lexicon: EvidenceLexicon, rubric: Rubric) -> EvidenceLexicon:
    """The lexicon with the names that the model answer beside the rubric gives; the same where it gives none."""
    names = find_answer_names(lexicon, rubric)
    return derive_variants(rubric, names) if names else lexicon


def find_answer_names(lexicon: EvidenceLexicon, rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """Further names by evidence id, as the model answer beside the rubric has them."""
    answer = read_model_answer_of(rubric)
    return find_names(lexicon, answer.text) if answer is not None else {}


def find_names(lexicon: EvidenceLexicon, text: str) -> dict[str, tuple[str, ...]]:
    """Further names by evidence id that a text gives."""
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in _pairs(text):
        for here, there in ((one, other), (other, one)):
            item = _item_named(lexicon, here)
            name = _noun_phrase(there)
            if item and name and _item_named(lexicon, name) is None and not _is_part_of_another(lexicon, item, name):
                found[item].append(name)
    acronyms = _acronyms(lexicon)
    for match in CAPITALISED.finditer(text):
        name = ARTICLE.sub("", match[0])
        item = acronyms.get(initials(name))
        if item and len(find_words(name)) > 1 and _item_named(lexicon, name) is None:
            found[item].append(name)
    return {item: tuple(dict.fromkeys(names)) for item, names in found.items()}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (BRACKET, EQUAL):
        for match in pattern.finditer(text):
            yield match[1].strip(), without_dates(match[2]).strip()


def _item_named(lexicon: EvidenceLexicon, text: str) -> str | None:
    """The only item that the last words of a text name in full and exactly."""
    words = find_words(text)
    named = set()
    for n_words in range(1, min(MAX_WORDS, len(words)) + 1):
        part = words[-n_words:]
        for item in lexicon.items:
            if any(_is_whole(v) and names_exactly(v, part) for v in item.variants):
                named.add(item.id)
    return next(iter(named)) if len(named) == 1 else None


def _is_whole(variant: Variant) -> bool:
    return variant.source in ("name", "alias", "acronym")


def _noun_phrase(text: str) -> str:
    """The name at the end of a text: a proper name, or a rare word or several words behind a determiner; else ''."""
    words = find_words(text)
    if not words or any(w.key[:1].isdigit() for w in words[-MAX_WORDS:]):
        return ""
    first = len(words)
    while first > 0 and (words[first - 1].is_capital or words[first - 1].key in NAME_JOINERS):
        first -= 1
    while first < len(words) and not words[first].is_capital:
        first += 1
    if first < len(words) and is_proper(text[words[first].start :]):
        return text[words[first].start :]
    for index in range(len(words) - 1, max(-1, len(words) - 1 - MAX_WORDS), -1):
        if words[index].key in DETERMINERS:
            inside = words[index + 1 :]
            telling = [w for w in inside if w.key not in stopwords()]
            is_rare = any(tier(w.key) > COMMON_SIZE for w in telling)
            is_name = len(telling) == len(inside) and (len(telling) > 1 or is_rare)
            return text[inside[0].start :] if is_name else ""
    return ""


def _is_part_of_another(lexicon: EvidenceLexicon, item: str, name: str) -> bool:
    """Whether the words of a name all stand in another item's name: it would fire for that one."""
    keys = {w.key for w in find_words(name) if w.key not in stopwords()}
    return any(keys <= {w.key for w in find_words(other.name)} for other in lexicon.items if other.id != item)


def _acronyms(lexicon: EvidenceLexicon) -> dict[str, str]:
    """The items whose name is, or has in it, an acronym that no other item has."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in lexicon.items:
        for acronym in re.findall(rf"\b[A-Z]{{{MIN_ACRONYM},}}\b", item.name):
            found[acronym].add(item.id)
    return {acronym: next(iter(items)) for acronym, items in found.items() if len(items) == 1}
