"""Quotations given to somebody else, or to another work, than the rubric gives them to."""

from __future__ import annotations

from analyser.detectors.slips.known import known_of
from analyser.detectors.slips.makers import PersonTest
from analyser.detectors.slips.reading import Reading, cues
from analyser.detectors.slips.ties import Names
from analyser.detectors.windows import Mention
from analyser.records import Slip
from analyser.rubrics.names import BRACKET, QUOTATION, calendar, forenames, titles
from analyser.rubrics.variants import Variant
from analyser.rubrics.words import COMMON_SIZE, POSSESSIVE, find_words, fold, is_english, stem, tier

WHOLE_QUOTATION = 0.8  # share of a quotation's weight (0 to 1) that must be there; set by hand: a word may be left out
LEAST_QUOTED = 2  # words of a quotation
# Words (1 and more) between "said" and the quotation. Set by hand: "said in October 1929 that prices had reached".
MAX_SAID_DISTANCE = 14
LEADING = ("that", "how", "as", "in", "on")  # words from "said" to what was said
# Words (0 and more) between a work's title and the quotation. Set by hand: "in 'Michael' the poet writes of a man who".
MAX_TITLE_DISTANCE = 8


def quotation_slips(reading: Reading) -> list[Slip]:
    """ "Rousseau had said" of words that are Montesquieu's; "in 'Michael' he writes" of a line of another poem."""
    known = known_of(reading.lexicon)
    names = Names(reading.text, reading.draft, PersonTest(reading, known.names))
    found = []
    for index, mentions in reading.by_item.items():
        item = reading.lexicon.items[index]
        quoted = [next(g for g in m.groups() if g) for m in QUOTATION.finditer(item.name)]
        if not quoted:
            continue
        owners = _owners(item.name)
        for mention in mentions:
            rule = reading.rule(mention)
            is_quoted = any(rule.text in q and len(find_words(q)) >= LEAST_QUOTED for q in quoted)
            if not is_quoted or _share(rule, mention) < WHOLE_QUOTATION:
                continue
            slip = _speaker(reading, names, mention, owners) if owners else _other_work(reading, mention)
            if slip is not None:
                found.append(slip)
                break
    return found


def _share(rule: Variant, mention: Mention) -> float:
    total = sum(t.weight for t in rule.terms if t.is_core)
    return sum(rule.terms[i].weight for i in mention.terms if rule.terms[i].is_core) / total if total else 0.0


def _owners(name: str) -> dict[str, str]:
    """The names outside the quotation: Montesquieu in "Montesquieu ('mouth that speaks')"."""
    outside = QUOTATION.sub(" ", name)
    words = find_words(outside)
    return {
        w.key: POSSESSIVE.sub("", outside[w.start : w.end])
        for before, w in zip([None, *words], words, strict=False)
        if w.is_capital
        and w.key not in titles()
        and w.key not in forenames()
        and (tier(w.key) > COMMON_SIZE or (before is not None and before.is_capital))
    }


def _speaker(reading: Reading, names: Names, mention: Mention, owners: dict[str, str]) -> Slip | None:
    """Somebody else who is said to have said it."""
    words, sentence = reading.draft.words, reading.draft.sentence
    first = min(i for i in mention.words if words[i].start >= mention.start)
    here = [i for i, s in enumerate(sentence) if s == mention.sentence_index]
    if any(words[i].key in owners or names.person_at(i) in owners for i in here):
        return None
    for v in range(first - 1, max(here[0], first - 1 - MAX_SAID_DISTANCE), -1):
        if (
            words[v].key in cues()["negations"]
            or stem(words[v].key) in cues()["quoting"]
            or (v > here[0] and _is_name(names, v))
        ):
            return None
        if stem(words[v].key) not in cues()["say"]:
            continue
        name = next((i for i in range(v - 1, max(here[0] - 1, v - 4), -1) if words[i].key not in cues()["light"]), None)
        if name is None or not _is_name(names, name) or not names.is_open(name, v):
            return None
        if not _is_only_said(reading, mention, v + 1, first):
            return None
        start = name
        while (
            start > here[0]
            and words[start - 1].is_capital
            and not reading.text[words[start - 1].end : words[start].start].strip()
        ):
            start -= 1
        if start > here[0] and words[start - 1].key in ("as", "and", "than", "like", "of", "to"):
            return None
        quote = reading.quote(words[start].start, mention.end)
        said = reading.text[words[start].start : words[name].end]
        return Slip("attribution", reading.item(mention).id, quote, said, " or ".join(owners.values()))
    return None


def _is_only_said(reading: Reading, mention: Mention, low: int, high: int) -> bool:
    """Whether nothing but light words, dates and words of the item's own name lead from "said" to the quotation."""
    own = {stem(w.key) for w in find_words(reading.item(mention).name)}
    between = [
        w for w in reading.draft.words[low:high] if not any(d.start <= w.start < d.end for d in reading.draft.dates)
    ]
    return all(w.key in cues()["light"] or w.key in LEADING or stem(w.key) in own for w in between)


def _is_name(names: Names, index: int) -> bool:
    """Whether a word names a person: one that is known, or a capitalised word that is no English one."""
    word = names.draft.words[index]
    if names.person_at(index):
        return True
    return word.is_capital and not is_english(word.key) and word.key not in calendar() and len(word.key) > 1


def _other_work(reading: Reading, mention: Mention) -> Slip | None:
    """Another of the rubric's works in which the line is said to stand."""
    item = reading.item(mention)
    title = QUOTATION.match(item.name)
    is_of_work = title is not None and BRACKET.match(item.name, title.end() + 1) is not None
    if title is None or not is_of_work:
        return None
    others = reading.by_sentence[mention.sentence_index]
    own_title = {fold(w) for w in title[0].split()}
    for other in others:
        name = reading.item(other).name
        if other.item == mention.item or other.end > mention.start or QUOTATION.match(name) is None:
            continue
        before = reading.words_between(max(0, other.start - 6), other.start)
        between = reading.words_between(other.end, mention.start)
        has_title = any(m.item == mention.item and m is not mention for m in others)
        if has_title or not before or before[-1].key != "in" or len(between) > MAX_TITLE_DISTANCE:
            continue
        if any(stem(w.key) in cues()["say"] for w in between) and not own_title & {w.key for w in between}:
            said = reading.text[other.start : other.end]
            return Slip(
                "attribution", item.id, reading.quote(other.start, mention.end), said, title[0].strip("'‘’\"“”")
            )
    return None
