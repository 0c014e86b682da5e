"""What every check of facts starts from: a draft's words, its certain mentions of evidence, and the words between."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyser.detectors.hits import DraftWords
from analyser.detectors.mentions import MENTIONED, read_mentions
from analyser.detectors.use import MAX_MENTIONS
from analyser.detectors.windows import Mention
from analyser.records import ParsedEssay, Quote, SideKey, Slip
from analyser.rubrics.variants import EvidenceLexicon, ItemVariants, Variant
from analyser.rubrics.words import Word, load_cues, stem

# A sentence that begins with a small letter, which the parser may have left with the one before.
LOWER_START = re.compile(r"[a-z]{3}[.!?]\s+(?=[a-z])|\bno[.!?]\s+(?=[a-z])")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A draft with its certain mentions of the rubric's evidence, and where it names the sides."""

    parsed: ParsedEssay
    lexicon: EvidenceLexicon
    draft: DraftWords
    certain: tuple[Mention, ...]
    by_item: Mapping[int, tuple[Mention, ...]]
    doubtful: Mapping[int, tuple[Mention, ...]]
    by_sentence: Mapping[int, tuple[Mention, ...]]
    sides: tuple[tuple[int, int, SideKey], ...]

    @property
    def text(self) -> str:
        return self.parsed.essay.text

    def item(self, mention: Mention) -> ItemVariants:
        return self.lexicon.items[mention.item]

    def rule(self, mention: Mention) -> Variant:
        return self.item(mention).variants[mention.variant]

    def rivals(self, mention: Mention) -> list[Mention]:
        """The mentions of other items in the sentence."""
        return [m for m in self.by_sentence.get(mention.sentence_index, ()) if m.item != mention.item]

    def quote(self, start: int, end: int) -> Quote:
        return self.parsed.essay.quote(start, end)

    def sides_between(self, start: int, end: int) -> list[tuple[int, int, SideKey]]:
        return list(self.sides[bisect_left(self.sides, (start,)) : bisect_left(self.sides, (end,))])

    def words_between(self, start: int, end: int) -> list[Word]:
        first, last = word_range(self.draft, start, end)
        return list(self.draft.words[first : last + 1]) if first >= 0 else []

    def is_denied(self, quote: Quote, is_near: bool = False) -> bool:
        """Whether what is quoted is denied in its sentence, or stands in or behind a negation (``is_near``: no comma
        between)."""
        index = self.parsed.sentence_at(quote.start)
        if index is None:
            return True
        sentence = self.parsed.sentences[index]
        start = max(sentence.start, self.text.rfind(",", 0, quote.start)) if is_near else sentence.start
        start = max([start, *(m.end() for m in LOWER_START.finditer(self.text, start, quote.start))])
        before = {w.key for w in self.words_between(start, quote.end)}
        words = {w.key for w in self.words_between(sentence.start, sentence.end)}
        return bool(before & (cues()["negations"] | cues()["contracted"]) or words & cues()["denials"])

    def without_denied(self, slips: list[Slip]) -> list[Slip]:
        """The slips that are not what the draft denies."""
        return [s for s in slips if not self.is_denied(s.quote)]

    def span(self, mention: Mention, start: int, end: int) -> Quote:
        """From the mention's nearest word to the fact tied to it."""
        words = [self.draft.words[i] for i in mention.words if not start <= self.draft.words[i].start < end]
        nearest = min(words, key=lambda w: min(abs(w.start - end), abs(start - w.end)))
        return self.quote(min(nearest.start, start), max(nearest.end, end))


def read_facts(parsed: ParsedEssay, lexicon: EvidenceLexicon) -> Reading:
    """The draft with its certain mentions; of an item named very often the first ones."""
    draft, mentions = read_mentions(parsed, lexicon)
    certain = tuple(m for m in mentions if m.score >= MENTIONED)
    by_item: dict[int, list[Mention]] = defaultdict(list)
    doubtful: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.score < MENTIONED and len(doubtful[mention.item]) < MAX_MENTIONS:
            doubtful[mention.item].append(mention)
    by_sentence: dict[int, list[Mention]] = defaultdict(list)
    for mention in certain:
        by_sentence[mention.sentence_index].append(mention)
        if len(by_item[mention.item]) < MAX_MENTIONS:
            by_item[mention.item].append(mention)
    return Reading(
        parsed,
        lexicon,
        draft,
        certain,
        {item: tuple(found) for item, found in by_item.items()},
        {item: tuple(found) for item, found in doubtful.items()},
        {index: tuple(found) for index, found in by_sentence.items()},
        tuple(lexicon.sides.mentions(parsed.essay.text)) if lexicon.sides else (),
    )


@lru_cache(maxsize=1)
def cues() -> dict[str, frozenset[str]]:
    """The word lists of ``facts.toml``; verbs and measures as stems, phrasal verbs as verb_particle."""
    data = load_cues("facts.toml")
    authorship, relations = data["authorship"], data["relations"]

    def stems(words: str) -> frozenset[str]:
        return frozenset(stem(w) for w in words.split() if "_" not in w)

    def phrasal(words: str) -> frozenset[str]:
        return frozenset(w for w in words.split() if "_" in w)

    found = {
        "open": frozenset(data["dates"]["open"].split()),
        "later": frozenset(data["dates"]["later"].split()),
        "undoing": frozenset(stem(w) for w in data["dates"]["undoing"].split()),
        "boundary": frozenset(data["dates"]["boundary"].split()),
        "measures": stems(data["numbers"]["measures"]),
        "size_links": stems(data["numbers"]["size_links"]),
        "above": frozenset(data["numbers"]["above"].split()),
        "below": frozenset(data["numbers"]["below"].split()),
        "verbs": stems(authorship["verbs"]),
        "phrasal": phrasal(authorship["verbs"]),
        "beginning": stems(authorship["beginning"]),
        "negations": frozenset(authorship["negations"].split()),
        "contracted": frozenset(authorship["contracted"].split()),
        "denials": frozenset(authorship["denials"].split()),
        "quoting": stems(relations["quoting"]),
        "works": stems(relations["works"]),
        "light": frozenset(relations["light"].split()),
        "groups": stems(relations["groups"]),
    }
    for name in ("make", "act", "lead", "say", "show"):
        found[name] = stems(relations[name])
        found[f"{name}_phrasal"] = phrasal(relations[name])
    return found


def has_verb(words: Sequence[Word], name: str = "verbs", phrasal: str = "phrasal") -> bool:
    """Whether one of the words is a verb of a list, or a phrasal one with its particle behind it."""
    stems = [stem(w.key) for w in words]
    if cues()[name] & set(stems):
        return True
    for phrase in cues()[phrasal]:
        verb, _, particle = phrase.partition("_")
        if stem(verb) in stems and particle in (w.key for w in words[stems.index(stem(verb)) + 1 :]):
            return True
    return False


def distance(words: Sequence[int], first: int, last: int) -> int:
    """The fewest words from any of ``words`` to the stretch ``first`` to ``last``."""
    return min(0 if first <= w <= last else min(abs(w - first), abs(w - last)) for w in words)


def word_range(draft: DraftWords, start: int, end: int) -> tuple[int, int]:
    """Indices of the first and last word in a stretch of text; (-1, -1) where there is none."""
    first = bisect_left(draft.words, start, key=lambda w: w.start)
    last = bisect_left(draft.words, end, key=lambda w: w.start) - 1
    return (first, last) if first <= last else (-1, -1)


def names_share(rule: Variant, mention: Mention) -> float:
    """The share of a name that is matched, its numbers and dates left out."""
    telling = [t for t in rule.terms if t.is_core and t.kind in ("name", "word")]
    matched = [rule.terms[i] for i in mention.terms if rule.terms[i].is_core and rule.terms[i].kind in ("name", "word")]
    return sum(t.weight for t in matched) / sum(t.weight for t in telling) if telling else 0.0
