"""Evidence of the student's own, beyond the rubric: names, dates, figures and quotations, so that knowledge is seen."""

from __future__ import annotations

import re

from analyser.detectors.hits import DraftWords
from analyser.detectors.mentions import PERHAPS, read_mentions
from analyser.detectors.spelling import meant_words
from analyser.records import Observation, ParsedEssay, Quote, Rubric, Slip, Span
from analyser.rubrics.dates import find_dates
from analyser.rubrics.names import QUOTATION, calendar, feasts, forenames, places_in_texts, stopwords, titles
from analyser.rubrics.variants import EvidenceLexicon
from analyser.rubrics.words import COMMON_SIZE, POSSESSIVE, find_words, is_country, load_cues, stem, tier

# Small words inside names of several words ("Order of the Garter"), and how far a quotation must go to be one.
INSIDE_NAMES = frozenset("of the de von van du la le".split())
LEAST_QUOTED_WORDS = 3
TELLING_NUMBER = 13  # smaller numbers without a unit are counting, not evidence
MAX_FOUND = 40
OWN_EVIDENCE = "O112"
# What is worth pointing out to a student: how many pieces at least and at most. A year by itself, a weekday or a set of
# initials says nothing to be praised.
LEAST_POINTED_OUT, MOST_POINTED_OUT = 2, 4
# Letters (1 and more) of a name of one word that is pointed out. Set by hand: shorter ones are often initials or slips.
LEAST_LETTERS = 5
# The least number (0 and more) without a unit that is pointed out. Set by hand: smaller ones are mostly counts.
LEAST_FIGURE = 1000


def find_own_evidence(parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon) -> tuple[Quote, ...]:
    """Names, dates, figures and quotations that the rubric does not have, in the order of the text, each once."""
    draft, mentions = read_mentions(parsed, lexicon)
    text = parsed.essay.text
    taken = [Span(m.start, m.end) for m in mentions if m.score >= PERHAPS]
    if lexicon.sides is not None:
        taken += [Span(start, end) for start, end, _ in lexicon.sides.mentions(text)]
    found = [*_quotations(parsed), *_dates(draft, lexicon), *_figures(parsed, draft), *_names(parsed, rubric, draft)]
    kept: dict[str, Span] = {}
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        is_new = not any(span.overlaps(other) for other in (*taken, *kept.values()))
        if is_new and parsed.sentence_at(span.start) is not None:
            kept.setdefault(text[span.start : span.end].casefold(), span)
        if len(kept) >= MAX_FOUND:
            break
    return tuple(parsed.essay.quote(s.start, s.end) for s in kept.values())


def observe_own_evidence(
    parsed: ParsedEssay, rubric: Rubric, lexicon: EvidenceLexicon, slips: tuple[Slip, ...]
) -> tuple[Observation, ...]:
    """One observation that quotes the most telling evidence of the student's own; none where there is little."""
    draft, _ = read_mentions(parsed, lexicon)
    figures = {n.start for n in draft.numbers if n.unit or n.value >= LEAST_FIGURE}
    ranked = [
        (rank, quote)
        for quote in find_own_evidence(parsed, rubric, lexicon)
        if (rank := _rank(quote, figures, lexicon)) is not None and not any(quote.overlaps(s.quote) for s in slips)
    ]
    best = sorted(ranked, key=lambda pair: (pair[0], pair[1].start))[:MOST_POINTED_OUT]
    if len(best) < LEAST_POINTED_OUT:
        return ()
    bare = [parsed.essay.quote(q.start, q.end - len(q.text) + len(POSSESSIVE.sub("", q.text))) for _, q in best]
    return (Observation(OWN_EVIDENCE, tuple(sorted(bare, key=lambda q: q.start))),)


def _rank(quote: Quote, figures: set[int], lexicon: EvidenceLexicon) -> int | None:
    """0 for names of several words, 1 for other names, 2 for figures; None for what is not worth pointing out."""
    words = find_words(quote.text)
    if quote.start in figures and not any(d.start == 0 for d in find_dates(quote.text)):
        return 2
    is_name = words[0].is_capital and words[0].key not in feasts() | calendar() | places_in_texts()
    is_name = is_name and quote.text[0].isalpha()
    sounds = tuple(lexicon.vocabulary)
    is_misspelling = any(meant_words(w.key, lexicon.vocabulary, sounds, frozenset()) for w in words)
    if not is_name or is_misspelling:
        return None
    if len(words) > 1:
        return 0
    is_shouted = quote.text.isupper() or quote.text[:-1].isupper()
    return 1 if len(words[0].key) >= LEAST_LETTERS and not is_shouted and not is_country(words[0].key) else None


def _quotations(parsed: ParsedEssay) -> list[Span]:
    text = parsed.essay.text
    found = []
    for sentence in parsed.sentences:
        for match in QUOTATION.finditer(text, sentence.start, sentence.end):
            if len(find_words(match[0])) >= LEAST_QUOTED_WORDS:
                found.append(Span(match.start(), match.end()))
    return found


def _dates(draft: DraftWords, lexicon: EvidenceLexicon) -> list[Span]:
    """Dates of the draft in years that the rubric does not have."""
    known = {year for item in lexicon.items for date in item.dates for year in date.years}
    if lexicon.sides is not None:
        known |= {y for spans in lexicon.sides.years.values() for a, b in spans for y in range(a, b + 1)}
    return [
        Span(d.start, d.end)
        for d in draft.dates
        if d.precision in ("day", "month", "year", "years") and known.isdisjoint(d.years)
    ]


def _figures(parsed: ParsedEssay, draft: DraftWords) -> list[Span]:
    """Numbers in digits or with a unit; a number in words only where it is large."""
    found = []
    for number in draft.numbers:
        has_digit = any(c.isdigit() for c in parsed.essay.text[number.start : number.end])
        is_large = number.value >= 1000 and number.last_word - number.first_word > 1
        is_telling = number.value >= TELLING_NUMBER and not number.is_ordinal and (has_digit or is_large)
        if number.unit or is_telling:
            found.append(Span(number.start, number.end))
    return found


def _names(parsed: ParsedEssay, rubric: Rubric, draft: DraftWords) -> list[Span]:
    """Capitalised words inside sentences, those of the question and the rubric left out."""
    text = parsed.essay.text
    known = {stem(w.key) for w in find_words(_rubric_text(rubric))}
    months = load_cues("numbers.toml")["months"]
    found = []
    index = 0
    while index < len(draft.words):
        first = index
        while index < len(draft.words) and _continues(text, draft, first, index):
            index += 1
        while index > first and not draft.words[index - 1].is_capital:
            index -= 1
        words = draft.words[first:index]
        index = max(index, first + 1)
        keys = [w.key for w in words if w.key not in stopwords() and w.key not in titles()]
        if not keys or first in draft.starts or any(stem(k) in known or k in months for k in keys):
            continue
        is_telling = any(tier(k) > COMMON_SIZE and k not in forenames() and not is_country(k) for k in keys)
        if is_telling or len(keys) > 1:
            found.append(Span(words[0].start, words[-1].end))
    return found


def _continues(text: str, draft: DraftWords, first: int, index: int) -> bool:
    """Whether a word belongs to the name that began at ``first``."""
    word = draft.words[index]
    if draft.sentence[index] < 0 or draft.sentence[index] != draft.sentence[first] or word.key == "i":
        return False
    if index > first and re.search(r"[^\s'’-]", text[draft.words[index - 1].end : word.start]):
        return False
    return word.is_capital or (index > first and word.key in INSIDE_NAMES)


def _rubric_text(rubric: Rubric) -> str:
    names = [item.name for item in rubric.evidence] + [alias for item in rubric.evidence for alias in item.aliases]
    return " ".join([rubric.question, *names, *(p.statement for p in rubric.points)])
