"""Things said to be made, done or owned by the side to which they do not belong."""

from __future__ import annotations

import re

from analyser.detectors.slips.reading import Reading, cues, has_verb
from analyser.detectors.windows import Mention
from analyser.records import SideKey, Slip
from analyser.rubrics.words import COMMON_SIZE, fold, same_kind, stem, tier

# Words (0 and more) that may stand between a thing and the side said to have made it. Set by hand: a verb group with an
# adverb ("had already set up the") has up to six; farther off, the verb is mostly another thing's.
MAX_SIDE_DISTANCE = 6

SideSpan = tuple[int, int, SideKey]


def side_slips(reading: Reading) -> list[Slip]:
    """Items that the rubric gives to one side and the draft to the other."""
    lexicon, found = reading.lexicon, []
    for index, mentions in reading.by_item.items():
        item = lexicon.items[index]
        if item.side not in ("a", "b"):
            continue
        own: SideKey = item.side
        for mention in mentions:
            if _is_common_part(reading, mention):
                continue
            sentence = reading.parsed.sentences[mention.sentence_index]
            unit = next((u for u in reading.parsed.units if u.start <= mention.start < u.end), None)
            low, high = (unit.start, unit.end) if unit else (sentence.start, sentence.end)
            inside = reading.sides_between(low, high)
            other = next((s for s in inside if s[2] != own and _is_author(reading, mention, s, inside)), None)
            is_own_named = any(key == own for _, _, key in reading.sides_between(mention.start, mention.end))
            if other is not None and not is_own_named:
                quote = reading.quote(min(other[0], mention.start), max(other[1], mention.end))
                said = reading.text[other[0] : other[1]]
                found.append(Slip("attribution", item.id, quote, said, lexicon.side_names[own]))
                break
    return found


def _is_common_part(reading: Reading, mention: Mention) -> bool:
    """Whether the mention is one ordinary word of a longer name: "cells" are no companion cells."""
    terms = [(i, t) for i, t in enumerate(reading.rule(mention).terms) if t.is_core and t.kind in ("name", "word")]
    matched = [t for i, t in terms if i in mention.terms]
    return len(terms) > len(matched) == 1 and tier(fold(matched[0].text).removesuffix("s")) <= COMMON_SIZE


def _is_author(reading: Reading, mention: Mention, side: SideSpan, sides: list[SideSpan]) -> bool:
    """Whether the draft says that the side made, did or owned the thing named."""
    text, (start, end, _) = reading.text, side
    if end <= mention.start:
        if any(s is not side and end <= s[0] < mention.end for s in sides):
            return False
        between = reading.words_between(end, mention.start)
        if len(between) > MAX_SIDE_DISTANCE or {w.key for w in between} & cues()["negations"]:
            return False
        if re.search(r"[;:()]|\band\b", text[end : mention.start]):
            return False
        if re.search(r"['’]s?$", text[start:end]) or re.match(r"['’]s?\b", text[end : end + 2]):
            rule = reading.rule(mention)
            return len(between) <= 1 and rule.source != "alias" and any(rule.terms[i].is_key for i in mention.terms)
        return has_verb(between) or (len(between) <= 1 and _begins_with_event(reading, mention))
    if start >= mention.end:
        if any(s is not side and mention.start <= s[0] < start for s in sides):
            return False
        between = reading.words_between(mention.end, start)
        keys = [w.key for w in between]
        return (
            keys[-1:] == ["by"]
            and len(between) <= MAX_SIDE_DISTANCE
            and not set(keys) & cues()["negations"]
            and has_verb(reading.words_between(mention.start, start))
        )
    return False


def _begins_with_event(reading: Reading, mention: Mention) -> bool:
    """Whether the mention opens with a verb for what was done ("took away party cards")."""
    first = reading.draft.words[min(mention.words)]
    words = (t for t in reading.rule(mention).terms if t.kind == "word")
    verbs = {stem(m.partition("_")[0]) for t in words for m in same_kind(t.key) if "_" in m}
    return stem(first.key) in verbs
