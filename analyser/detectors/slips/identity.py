"""Whether a dated mention means the rubric's very thing, at the very moment that the rubric dates."""

from __future__ import annotations

import re
from itertools import pairwise

from analyser.detectors.slips.reading import Reading, cues
from analyser.detectors.windows import Mention
from analyser.rubrics.dates import Date, find_dates
from analyser.rubrics.names import BRACKET, calendar, forenames, stopwords, titles, without_dates
from analyser.rubrics.numbers import ordinal_key
from analyser.rubrics.variants import ItemVariants, Term, Variant, term_keys
from analyser.rubrics.words import (
    COMMON_SIZE,
    UNKNOWN_TIER,
    find_words,
    fold,
    is_event,
    is_known_name,
    load_cues,
    same_place,
    stem,
    tier,
)

# Share of a name's weight (0 to 1), dates apart, that must be matched before its date is held against the draft. Set by
# hand and checked on 6,144 passages of 57 questions, nearly all without a slip.
WHOLE_NAME = 0.55
NAMES_ALONE = 0.7  # where what happened is not said ("Winnie Ewing won Hamilton")
LEAST_NAME = 0.3  # where the date given shares day or month with the right one, so that it is meant to be the same
AROUND = 40  # characters on either side in which a verb may say what happened to the thing
MAX_WRITING = 10  # years that the writing of a work may take
MAX_PLACE_DISTANCE = 6  # words from a thing to the place where it was ("the boycott of 1953 in Baton Rouge")
MAX_NAME_GAP = 3  # words between the parts of one name ("the boycott of the buses")
LEAST_WORDS = 2  # ordinary words that must be matched where no name and no number is
LASTING_SINCE = re.compile(r"\b(?:from|since|until|till|after|before)\s*$", re.I)
IN_FORCE = re.compile(r"\b(?:into|in)\s+(?:force|effect|operation)\b", re.I)
WRITING = frozenset(stem(w) for w in ("write", "compose", "draft", "begin", "start", "work"))


def is_half(reading: Reading, mention: Mention) -> bool:
    """Whether enough of a name is there for a date that is half right."""
    rule = reading.rule(mention)
    return _share(rule, mention.terms) >= LEAST_NAME


def is_whole(reading: Reading, mention: Mention) -> bool:
    """Whether the mention names the thing itself, not a person or place of it nor another thing of its kind."""
    own, item = reading.rule(mention), reading.item(mention)
    inside = frozenset(i for i in mention.words if reading.draft.sentence[i] == mention.sentence_index)
    keys = _word_keys(reading, inside)
    readings = [(own, mention.terms if inside == mention.words else _matched(own, keys))]
    if own.dates:
        readings += [(v, _matched(v, keys)) for v in item.variants if v is not own and v.dates == own.dates]
    return any(_is_whole(reading, mention, rule, terms) for rule, terms in readings)


def _is_whole(reading: Reading, mention: Mention, rule: Variant, terms: frozenset[int]) -> bool:
    telling = _telling(rule)
    if not telling:
        return False
    matched = [rule.terms[i] for i in telling if i in terms]
    lacking = [rule.terms[i] for i in telling if i not in terms]
    words = _undated(reading, mention)
    # Of "the 1905 Revolution" there are others in other years.
    if len(words) == 1 and _is_plain(reading.draft.words[words[0]].key) and not _is_title(reading, words[0], rule):
        return False
    is_named = any(t.kind in ("name", "number", "phrase") for t in matched)
    if not is_named and _n_words(reading, mention) < LEAST_WORDS:
        return False
    if _is_person_of_event(rule, reading.item(mention)):
        return False
    if lacking and _lacks_name(rule, matched, lacking):
        return False
    if _is_elsewhere(reading, mention, rule):
        return False
    if (lacking or rule.source == "quotation") and _has_other_name(reading, mention, rule):
        return False
    kinds = {rule.terms[i].kind for i in telling}
    if {"name", "word"} <= kinds and not any(t.kind == "word" for t in matched):
        names = [t for t in matched if t.kind == "name"]
        return _share(rule, terms) >= NAMES_ALONE and len(names) > 1 and _n_groups(reading, mention) > 1
    return _share(rule, terms) >= WHOLE_NAME


def _is_plain(key: str) -> bool:
    """Whether a word is one of the language and no name."""
    return tier(key) < UNKNOWN_TIER and not is_known_name(key)


def _is_title(reading: Reading, index: int, rule: Variant) -> bool:
    """Whether a word written as a name is all of the rubric's name, with its date behind it: Leviathan (1651)."""
    word = reading.draft.words[index]
    is_name = word.is_capital and index not in reading.draft.starts and tier(word.key) >= COMMON_SIZE
    return (
        is_name
        and len(rule.dates) == 1
        and without_dates(rule.text) == rule.text == reading.text[word.start : word.end]
    )


def _matched(rule: Variant, keys: set[str]) -> frozenset[int]:
    return frozenset(i for i, t in enumerate(rule.terms) if keys & term_keys(t).keys())


def _undated(reading: Reading, mention: Mention) -> list[int]:
    """The words of a mention, those of dates apart."""
    draft = reading.draft
    return [i for i in sorted(mention.words) if not any(d.start <= draft.words[i].start < d.end for d in draft.dates)]


def _n_words(reading: Reading, mention: Mention) -> int:
    return len(_undated(reading, mention))


def _n_groups(reading: Reading, mention: Mention) -> int:
    """How many separate names a mention is made of: "Winnie Ewing won Hamilton" has two, "Humberto Delgado" one."""
    words = _undated(reading, mention)
    return 1 + sum(b - a > 1 for a, b in pairwise(words))


def _telling(rule: Variant) -> list[int]:
    return [i for i, t in enumerate(rule.terms) if t.is_core and t.kind not in ("year", "side")]


def _share(rule: Variant, terms: frozenset[int]) -> float:
    telling = _telling(rule)
    total = sum(rule.terms[i].weight for i in telling)
    return sum(rule.terms[i].weight for i in telling if i in terms) / total if total else 0.0


def _is_forename(term: Term) -> bool:
    return term.key in forenames() or term.key in titles()


def _word_keys(reading: Reading, words: frozenset[int]) -> set[str]:
    """The keys of some of the draft's words and numbers."""
    keys = set()
    for i in words:
        key = reading.draft.words[i].key
        keys |= {key, stem(key)}
    for number in reading.draft.numbers:
        if number.first_word in words:
            keys |= {number.key, ordinal_key(number.key)}
    return keys


def _is_person_of_event(rule: Variant, item: ItemVariants) -> bool:
    """Whether only one of the people of a dated event is named: Hardy of the treason trials, Jahangir of the revolt."""
    if rule.source not in ("part", "bracket") or any(t.kind != "name" for t in rule.terms if t.is_core):
        return False
    named = {fold(w) for w in rule.text.split()}
    outside = [w for w in find_words(without_dates(BRACKET.sub(" ", item.name))) if w.key not in named]
    is_aside = rule.source == "bracket"
    return any(is_event(w.key) or (is_aside and not w.is_capital and w.key not in stopwords()) for w in outside)


def _lacks_name(rule: Variant, matched: list[Term], lacking: list[Term]) -> bool:
    """Whether a name that tells this thing from its like is lacking: Ulster of a covenant, Gore of a law case."""
    names = [t for t in lacking if t.kind == "name" and not _is_forename(t) and not t.is_owner]
    if any(is_known_name(n.key) and f"{n.text} {t.text}" in rule.text for n in names for t in matched):
        return True
    is_telling = len(matched) > 1 or any(
        t.is_key or (tier(t.key) == UNKNOWN_TIER and not same_place(t.key)) for t in matched
    )
    return bool(names) and not is_telling


def _has_other_name(reading: Reading, mention: Mention, rule: Variant) -> bool:
    """Whether the mention is part of a longer name with words that are not this thing's: the *Scottish* Parliament."""
    words, draft = reading.draft.words, reading.draft
    own = {w.key for w in find_words(reading.item(mention).name)} | {w.key for w in find_words(rule.text)}
    sides = {s for s, _, _ in reading.sides}
    for index in mention.words:
        if not words[index].is_capital:
            continue
        for step in (-1, 1):
            i = index + step
            while 0 <= i < len(words) and draft.sentence[i] == draft.sentence[index] and words[i].is_capital:
                left, right = min(i, i - step), max(i, i - step)
                if reading.text[words[left].end : words[right].start].strip("-'’ "):
                    break
                is_opener = i in draft.starts and tier(words[i].key) <= COMMON_SIZE
                is_own = i in mention.words or words[i].key in own or words[i].start in sides
                if not (is_own or is_opener or _is_no_part(words[i].key)):
                    return True
                i += step
    return False


def _is_elsewhere(reading: Reading, mention: Mention, rule: Variant) -> bool:
    """Whether a mention without the name that tells it stands beside another place ("in Baton Rouge").

    So does one that is no more than a place behind "in", where many a thing may have happened.
    """
    words, sentence = reading.draft.words, reading.draft.sentence
    own = [i for i in _undated(reading, mention) if sentence[i] == mention.sentence_index]
    names = {t.key for t in rule.terms if t.is_core and t.kind == "name" and not _is_forename(t)}
    if not own or not names:
        return False
    known = {w.key for w in find_words(reading.item(mention).name)} | {w.key for w in find_words(rule.text)}
    sides = {s for s, _, _ in reading.sides}
    run = [own[0]]
    for i in own[1:]:
        if i - run[-1] > MAX_NAME_GAP:
            break
        run.append(i)
    is_bare = all(words[i].key in names for i in own) and own[-1] - own[0] < len(own)
    if is_bare and own[0] and words[own[0] - 1].key == "in":
        return True
    if any(words[i].key in names for i in run):
        return False
    return any(
        words[i - 1].key in ("in", "at", "near")
        and words[i].is_capital
        and words[i].key not in known
        and words[i].start not in sides
        and not _is_no_part(words[i].key)
        for i in range(max(1, run[0] - MAX_PLACE_DISTANCE), min(len(words), run[-1] + 1 + MAX_PLACE_DISTANCE))
        if sentence[i] == mention.sentence_index
    )


def _is_no_part(key: str) -> bool:
    return key in titles() or key in forenames() or key in calendar() or key in stopwords()


def is_lasting(item: ItemVariants) -> bool:
    """Whether an item is a body of people or a state of things, which lasts: its date is that of its beginning."""
    words = find_words(without_dates(item.name))
    if words and stem(words[-1].key) in cues()["groups"]:
        return True
    return any(LASTING_SINCE.search(item.name[: d.start]) for d in find_dates(item.name))


def is_other_moment(reading: Reading, mention: Mention, date: Date) -> bool:
    """Whether the date is that of a thing's end or coming into force, of a deed against it, or of its writing."""
    low, high = min(mention.start, date.start), max(mention.end, date.end)
    sentence = reading.parsed.sentences[mention.sentence_index]
    start, end = max(sentence.start, low - AROUND), min(sentence.end, high + AROUND)
    stems = {stem(w.key) for w in reading.words_between(start, end)}
    own = {stem(w.key) for w in find_words(reading.item(mention).name)}
    if (stems & cues()["undoing"]) - own or IN_FORCE.search(reading.text[start:end]):
        return True
    # A work is written some years before it is published.
    known = reading.rule(mention).dates
    is_just_before = bool(known) and 0 < known[0].first[0] - date.last[0] <= MAX_WRITING
    return is_just_before and not WRITING.isdisjoint(stems - own)


def is_of_aside(reading: Reading, mention: Mention) -> bool:
    """Whether the rubric's date is that of something in brackets beside the thing, which the mention does not name."""
    beginnings = load_cues("evidence_names.toml")["beginnings"]["words"]
    words = {stem(reading.draft.words[i].key) for i in mention.words}
    for bracket in BRACKET.findall(reading.item(mention).name):
        for part in re.split(r"[;,]", bracket):
            content = {
                stem(w.key)
                for w in find_words(without_dates(part))
                if not w.is_capital and w.key.isalpha() and w.key not in stopwords() and w.key not in beginnings
            }
            if find_dates(part) and content and not content & words:
                return True
    return False
