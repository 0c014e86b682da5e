"""One pass over a draft's words: which of them may stand for a term of the rubric's evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analyser.detectors.spelling import MISSPELT, is_meant_in_company, meant_words
from analyser.records import ParsedEssay
from analyser.rubrics.dates import Date, find_dates, find_days
from analyser.rubrics.numbers import ROUNDING, Number, find_numbers, is_same_figure, ordinal_key
from analyser.rubrics.variants import (
    FAMILY,
    FREQUENT,
    FREQUENT_KIN,
    FREQUENT_SIZE,
    KIN,
    EvidenceLexicon,
    Posting,
    Term,
    phrase_key,
)
from analyser.rubrics.words import (
    COMMON_SIZE,
    Word,
    find_words,
    fold,
    is_english,
    name_forms,
    particles,
    sound,
    stem,
    tier,
)

# Words that make a rank of what is a surname elsewhere: "the King", "his King".
BEFORE_RANKS = frozenset("the a an his her their our this that".split())
# Words for one by one, as in "thirty dollars of assets on each dollar".
EACH = frozenset(("each", "every", "per", "apiece"))
LOWER_CASE_NAME, SENTENCE_START_NAME, NO_CAPITALS_NAME = 0.5, 0.75, 0.75  # quality of a name of ordinary words
MAX_VERB_GAP = 4  # words between a verb and its particle: "took their party cards away"
ROUNDED = 0.9  # quality of a figure that is the rubric's rounded
FEW_CAPITALS = 0.01  # share of words inside sentences below which a paragraph is typed without capitals
# Factor (0 to 1) on the quality of a word found as part of a compound ("healthcare"). Set by hand: a little
# less sure than the word by itself.
COMPOUND = 0.9
# Letters (1 and more) of each part of a compound. Set by hand: with three, many long words fall into two by chance.
LEAST_PART = 4
# Quality (0 to 1) of an ordinary word that opens a sentence and is tagged as a name. Set by hand, just under that of a
# capital inside a sentence (1), since the tagger errs; above that of an untagged one (SENTENCE_START_NAME).
PROPER = 0.95
LEAST_JOINED = 7  # letters of two words that may be one of the rubric's misspelt
MAX_YEARS = 10  # years of a range that are looked up

Found = dict[Posting, tuple[float, bool]]  # quality, and whether the word was read as a misspelling


@dataclass(frozen=True, slots=True)
class DraftWords:
    """The words of a draft inside its sentences, with the numbers and dates among them."""

    words: tuple[Word, ...]
    sentence: tuple[int, ...]  # of each word; -1 outside the essay's sentences
    starts: frozenset[int]  # words that open a sentence
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    is_capitalised: frozenset[int]  # sentences of paragraphs that are written with capitals
    proper: frozenset[int] = frozenset()  # words that open a sentence and are tagged as names


@dataclass(frozen=True, slots=True)
class Hit:
    """Words ``word`` to ``last`` of a draft that may stand for a term; ``is_soft`` where only the case is wrong."""

    word: int
    last: int
    term: int
    quality: float
    is_soft: bool
    is_fuzzy: bool


def read_words(parsed: ParsedEssay) -> DraftWords:
    """The draft's words, numbers and dates."""
    text = parsed.essay.text
    words = find_words(text)
    sentence, starts = [], set()
    index = 0
    for i, word in enumerate(words):
        while index < len(parsed.sentences) and parsed.sentences[index].end <= word.start:
            index += 1
        inside = index < len(parsed.sentences) and parsed.sentences[index].start <= word.start
        sentence.append(index if inside else -1)
        if inside and (i == 0 or sentence[i - 1] != index):
            starts.add(i)
    tags = {t.idx: t.tag_ for t in parsed.doc} if parsed.doc.has_annotation("TAG") else {}
    return DraftWords(
        tuple(words),
        tuple(sentence),
        frozenset(starts),
        tuple(find_numbers(text, words)),
        tuple(find_dates(text)),
        _capitalised(parsed, words, sentence, starts),
        frozenset(i for i in starts if tags.get(words[i].start, "").startswith("NNP")),
    )


def _capitalised(parsed: ParsedEssay, words: list[Word], sentence: list[int], starts: set[int]) -> frozenset[int]:
    """The sentences of paragraphs in which names are written with capitals."""
    n_words: Counter[int] = Counter()
    n_capitals: Counter[int] = Counter()
    for i, word in enumerate(words):
        if sentence[i] >= 0:
            block = parsed.sentences[sentence[i]].block_index
            n_words[block] += 1
            n_capitals[block] += word.is_capital and i not in starts and len(word.key) > 1
    with_capitals = {block for block, n in n_words.items() if n_capitals[block] >= FEW_CAPITALS * n}
    return frozenset(i for i, s in enumerate(parsed.sentences) if s.block_index in with_capitals)


def find_hits(draft: DraftWords, lexicon: EvidenceLexicon, text: str) -> dict[tuple[int, int], list[Hit]]:
    """The words of the draft that may stand for a term, by item and variant."""
    scanner = _Scanner(draft, lexicon, text)
    hits: dict[tuple[int, int], list[Hit]] = defaultdict(list)
    for i in range(len(draft.words)):
        if draft.sentence[i] < 0:
            continue
        for last, found in scanner.readings(i):
            for posting, (quality, is_fuzzy) in found.items():
                is_misspelt_side = is_fuzzy and draft.words[i].start in scanner.sides
                if is_misspelt_side or (last == i and scanner.is_only_a_month(i, posting.item)):
                    continue
                term = lexicon.items[posting.item].variants[posting.variant].terms[posting.term]
                is_joined = last > i and term.kind == "name"
                factor = _case_quality(draft, i, term) if term.is_common and not is_joined else 1.0
                hit = Hit(i, last, posting.term, quality * factor, factor < 1.0, is_fuzzy)
                hits[posting.item, posting.variant].append(hit)
    return hits


def _case_quality(draft: DraftWords, index: int, term: Term) -> float:
    """How surely an ordinary word is meant as a name, by its case."""
    is_rare = tier(fold(term.text)) > FREQUENT_SIZE
    if draft.words[index].is_capital:
        if index not in draft.starts:
            is_rank = term.is_surname and draft.words[index - 1].key in BEFORE_RANKS
            return LOWER_CASE_NAME if is_rank else 1.0
        return PROPER if index in draft.proper or is_rare else SENTENCE_START_NAME
    if is_rare and draft.sentence[index] not in draft.is_capitalised:
        return PROPER
    return LOWER_CASE_NAME if draft.sentence[index] in draft.is_capitalised else NO_CAPITALS_NAME


class _Scanner:
    """Looks the words of one draft up in a lexicon; each distinct word once."""

    def __init__(self, draft: DraftWords, lexicon: EvidenceLexicon, text: str):
        self.draft, self.lexicon = draft, lexicon
        self.sounds = tuple(lexicon.vocabulary)
        self.rubric_words = frozenset(w for words in lexicon.vocabulary.values() for w in words)
        self.spelt_right = self.rubric_words & {w.key for w in draft.words}
        self.memo: dict[str, Found] = {}
        self.beside = _neighbours(lexicon)
        self.numbers = {n.first_word: n for n in draft.numbers}
        self.dates = _dates_by_word(draft)
        self.months = _dates_by_month(draft, text)
        self.sides = {s: key for s, _, key in lexicon.sides.mentions(text)} if lexicon.sides else {}
        self.verbs = particles()

    def is_only_a_month(self, i: int, item: int) -> bool:
        """Whether a word belongs to a date ("in March 1912") that is not the item's ("the March on Washington")."""
        date = self.months.get(i)
        own = self.lexicon.items[item].dates
        return date is not None and not any(
            date.agrees_with(d) or (d.precision == "day" and d.first[1:] == date.first[1:]) for d in own
        )

    def readings(self, i: int) -> Iterator[tuple[int, Found]]:
        """What the word at ``i`` may stand for, alone or with the words up to the index given."""
        words = self.draft.words
        word = words[i]
        yield i, self._word(word.key) or self._in_company(i)
        if date := self.dates.get(i):
            yield from self._date(i, date)
        if number := self.numbers.get(i):
            yield number.last_word - 1, self._key(ordinal_key(number.key) if number.is_ordinal else number.key)
            for value in _rounded(number, self.lexicon.figures):
                yield number.last_word - 1, self._key(f"#{value:.10g}", ROUNDED)
        is_percent = word.key == "per" and [w.key for w in words[i + 1 : i + 2]] == ["cent"]
        if word.key in EACH and not is_percent:
            yield i, self._key("#1")
        if word.start in self.sides:
            yield i, self._key(f"side:{self.sides[word.start]}")
        for phrase in self.lexicon.phrases.get(word.key, ()):
            if tuple(w.key for w in words[i : i + len(phrase)]) == phrase:
                yield i + len(phrase) - 1, self._key(phrase_key(phrase))
        if verb := self.verbs.get(stem(word.key)):
            yield from self._phrasal_verb(i, verb)
        if i + 1 < len(words) and self.draft.sentence[i + 1] == self.draft.sentence[i]:
            joined = word.key + words[i + 1].key
            is_heard = len(joined) >= LEAST_JOINED and sound(joined) in self.lexicon.vocabulary
            if joined in self.rubric_words or (is_heard and not is_english(word.key)):
                yield i + 1, self._word(joined)

    def _key(self, key: str, factor: float = 1.0) -> Found:
        return {p: (factor * p.quality, False) for p in self.lexicon.postings.get(key, ())}

    def _word(self, key: str) -> Found:
        """The postings of a word in all its forms, else of the rubric's word that it misspells."""
        if key not in self.memo:
            found: Found = {}
            forms = name_forms(key) - {key} if tier(key) > COMMON_SIZE else frozenset()
            for form in (key, stem(key), *sorted(forms)):
                for posting in self.lexicon.postings.get(form, ()):
                    is_loose = posting.quality == KIN and tier(key) <= FREQUENT
                    found.setdefault(posting, (FREQUENT_KIN if is_loose else posting.quality, False))
            if not found:
                found = self._parts(key)
            if not found:
                for word, quality in meant_words(key, self.lexicon.vocabulary, self.sounds, self.spelt_right):
                    for posting in self.lexicon.postings.get(word, ()):
                        found.setdefault(posting, (quality * posting.quality, True))
            self.memo[key] = found
        return self.memo[key]

    def _in_company(self, i: int) -> Found:
        """The postings of a name that a word misspells, known by the other word of the name beside it.

        "Lemon brothers": alone, an English word is never taken for a misspelling.
        """
        words, found = self.draft.words, Found()
        for step in (-1, 1):
            j = i + step
            if 0 <= j < len(words) and self.draft.sentence[j] == self.draft.sentence[i]:
                for name in self.beside[step].get(words[j].key, ()):
                    if is_meant_in_company(words[i].key, name):
                        found |= {p: (MISSPELT * p.quality, True) for p in self.lexicon.postings.get(name, ())}
        return found

    def _parts(self, key: str) -> Found:
        """The postings of the two ordinary words that a longer one is made of ("healthcare")."""
        for cut in range(LEAST_PART, len(key) - LEAST_PART + 1):
            parts = key[:cut], key[cut:]
            if all(tier(part) <= COMMON_SIZE for part in parts):
                found = {p: p for part in parts for p in self.lexicon.postings.get(stem(part), ())}
                return {p: (COMPOUND * p.quality, False) for p in found if p.quality >= FAMILY}
        return {}

    def _date(self, i: int, date: Date) -> Iterator[tuple[int, Found]]:
        last = i
        while last + 1 < len(self.draft.words) and self.draft.words[last + 1].start < date.end:
            last += 1
        if date.precision != "decade":
            for year in date.years[:MAX_YEARS]:
                yield last, self._key(f"@{year}")
        if date.precision in ("day", "month"):
            yield last, self._key(f"@{date.first[0]}-{date.first[1]}")
        if date.precision == "day":
            yield last, self._key(date.key)

    def _phrasal_verb(self, i: int, verb: dict[str, str]) -> Iterator[tuple[int, Found]]:
        for j in range(i + 1, min(i + 1 + MAX_VERB_GAP, len(self.draft.words))):
            phrase = verb.get(self.draft.words[j].key)
            if phrase and self.draft.sentence[j] == self.draft.sentence[i]:
                yield j, self._key(phrase)
                return


def _neighbours(lexicon: EvidenceLexicon) -> dict[int, dict[str, set[str]]]:
    """By -1 (before) and 1 (after): the words that stand beside a name's words in the rubric, and those words."""
    found: dict[int, dict[str, set[str]]] = {-1: defaultdict(set), 1: defaultdict(set)}
    for variant in (v for item in lexicon.items for v in item.variants):
        for left, right in pairwise(find_words(variant.text)):
            if left.is_capital and right.is_capital and variant.text[left.end : right.start] == " ":
                found[-1][left.key].add(right.key)
                found[1][right.key].add(left.key)
    return found


def _dates_by_month(draft: DraftWords, text: str) -> dict[int, Date]:
    """The dates that months belong to, by the words of the months; days need no year."""
    starts = [word.start for word in draft.words]
    found = {}
    for date in (*find_days(text), *draft.dates):
        if date.precision in ("month", "day"):
            for i in range(bisect_left(starts, date.start), bisect_left(starts, date.end)):
                if draft.words[i].key.isalpha():
                    found[i] = date
    return found


def _dates_by_word(draft: DraftWords) -> dict[int, Date]:
    """The dates by the index of their first word."""
    dates = {}
    position = 0
    for date in draft.dates:
        while position < len(draft.words) and draft.words[position].start < date.start:
            position += 1
        dates[position] = date
    return dates


def _rounded(number: Number, figures: tuple[float, ...]) -> list[float]:
    """The rubric's figures that a number of the draft may be a rounding of."""
    low = bisect_left(figures, number.value * (1 - ROUNDING))
    high = bisect_right(figures, number.value / (1 - ROUNDING))
    return [f for f in figures[low:high] if f != number.value and is_same_figure(f, number.value)]
