"""The student's own words, cut to a length that reads well inside a sentence of feedback."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import log

from analyser.feedback.leaks import content_words, stem
from analyser.records import Essay, Quote, Rubric, SideKey, Span
from analyser.rubrics.sides import SideNames, side_names

# Words of a quotation inside a sentence of feedback: enough to find the place, short enough to read on. By eye.
MAX_QUOTE_WORDS = 22
# Words of a name quoted in a list, and names in one list.
MAX_NAME_WORDS = 7
MAX_NAMES = 4
# A quotation this short (words) is shown with what stands around it.
MIN_CONTEXT_WORDS = 5
# Words of a paragraph's beginning by which a student finds it.
PARAGRAPH_WORDS = 7
# Sentences worth asking about have at least this many words.
MIN_SENTENCE_WORDS = 6
# Rare words (see Draft.nearest) that a sentence must share with a point before it is offered as a place to build on.
MIN_SHARED_WORDS = 2

SENTENCE = re.compile(r"\S.*?(?:[.!?]+[\"'”’)\]]*(?=\s|$)|$)", re.S)
WORDS = re.compile(r"\S+")
# A sentence with one of these may compare, even where it names one side only.
COMPARES = re.compile(
    r"\b(?:both|neither|either|each|alike|unlike|like|whereas|while|whilst|than|compared?|similar\w*|differ\w*|same|"
    r"contrast\w*|too|also|they|their|them|other|another|former|latter|however|but)\b",
    re.I,
)


def tidy(text: str) -> str:
    """One line, single spaces, no closing full stop or comma: fit to stand between quotation marks."""
    return re.sub(r"[\s.,;:–—-]+$", "", " ".join(text.split())) or text.strip()


def shorten(text: str, n_words: int = MAX_QUOTE_WORDS) -> str:
    """The text, or its beginning and an ellipsis; the same words, in the same order."""
    words = tidy(text).split(" ")
    return " ".join(words) if len(words) <= n_words else tidy(" ".join(words[:n_words])) + " …"


def listed(texts: Iterable[str]) -> str:
    """“one”, “two” and “three”: each once, a long list cut."""
    names = list(dict.fromkeys(shorten(text, MAX_NAME_WORDS) for text in texts))
    quoted = [f"“{name}”" for name in names[:MAX_NAMES]]
    if len(quoted) < 2 or len(names) > MAX_NAMES:
        return ", ".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


@dataclass(frozen=True, slots=True)
class DraftSentence(Span):
    """A sentence of the draft with the sides it names and the stems of its content words."""

    text: str
    sides: frozenset[SideKey]
    stems: frozenset[str]


@dataclass(frozen=True)
class Draft:
    """A draft ready to be quoted from."""

    essay: Essay
    rubric: Rubric

    @cached_property
    def names(self) -> SideNames:
        return side_names(self.rubric)

    @cached_property
    def sentences(self) -> tuple[DraftSentence, ...]:
        """The sentences of the argument, split at full stops: good enough to quote, no more."""
        found = []
        for block in self.essay.paragraphs:
            for match in SENTENCE.finditer(self.essay.text, block.start, block.end):
                start, end = match.span()
                sides = frozenset(key for _, _, key in self.names.mentions(self.essay.text, start, end))
                stems = frozenset(stem(word) for word in content_words(match.group()))
                found.append(DraftSentence(start, end, match.group(), sides, stems))
        return tuple(found)

    @cached_property
    def one_sided(self) -> tuple[DraftSentence, ...]:
        """The sentences that speak of one side only, and certainly so."""
        return tuple(
            sentence
            for sentence in self.sentences
            if len(sentence.sides) == 1
            and len(sentence.text.split()) >= MIN_SENTENCE_WORDS
            and not COMPARES.search(sentence.text)
        )

    @cached_property
    def weight_by_stem(self) -> dict[str, float]:
        """How rare a stem is in the draft; the words of the question, which any sentence may hold, are left out."""
        names = (side.name for side in self.rubric.sides)
        topic = {stem(word) for text in (self.rubric.question, *names) for word in content_words(text)}
        counts = Counter(s for sentence in self.sentences for s in sentence.stems if s not in topic)
        return {s: log(1 + len(self.sentences) / count) for s, count in counts.items()}

    def sides_of(self, spans: Iterable[Span]) -> frozenset[SideKey]:
        """The sides named inside these spans, or where there are none, in the sentences around them."""
        spans = tuple(spans)
        named = frozenset(key for s in spans for _, _, key in self.names.mentions(self.essay.text, s.start, s.end))
        around = (sentence for sentence in self.sentences if any(sentence.overlaps(s) for s in spans))
        return named or frozenset(key for sentence in around for key in sentence.sides)

    def in_context(self, quote: Quote) -> str:
        """The words of a quote; a very short one with the sentence it stands in, cut around it."""
        if len(quote.text.split()) >= MIN_CONTEXT_WORDS:
            return shorten(quote.text)
        sentence = self.sentence_of(quote)
        return _cut_around(sentence, quote) if sentence else shorten(quote.text)

    def sentence_of(self, span: Span) -> DraftSentence | None:
        """The sentence that holds a span whole, or None."""
        return next((sentence for sentence in self.sentences if sentence.contains(span)), None)

    def nearest(self, stems: frozenset[str], linked: Iterable[Span], taken: Iterable[Span]) -> DraftSentence | None:
        """The sentence about one side only that has most to do with a point, or None where none has enough.

        ``stems`` are those of the point's words; ``linked`` are mentions of the evidence that carries it; sentences
        that overlap ``taken`` are already spoken for.
        """
        linked, taken = tuple(linked), tuple(taken)
        rarest = max(self.weight_by_stem.values(), default=0.0)
        best, best_score = None, 0.0
        for sentence in self.one_sided:
            if any(sentence.overlaps(span) for span in taken):
                continue
            shared = [self.weight_by_stem[s] for s in sentence.stems & stems if s in self.weight_by_stem]
            is_linked = any(sentence.overlaps(span) for span in linked)
            score = sum(shared) + (rarest if is_linked else 0.0)
            if (is_linked or len(shared) >= MIN_SHARED_WORDS) and score > best_score:
                best, best_score = sentence, score
        return best


def _cut_around(sentence: DraftSentence, quote: Quote) -> str:
    """The sentence cut to MAX_QUOTE_WORDS words with the quote in the middle."""
    words = [(m.start() + sentence.start, m.end() + sentence.start) for m in WORDS.finditer(sentence.text)]
    inside = [i for i, (start, end) in enumerate(words) if start < quote.end and end > quote.start]
    n_around = max(0, MAX_QUOTE_WORDS - len(inside)) // 2
    first, last = max(0, inside[0] - n_around), min(len(words) - 1, inside[-1] + n_around)
    cut = tidy(sentence.text[words[first][0] - sentence.start : words[last][1] - sentence.start])
    return f"{'… ' if first else ''}{cut}{' …' if last < len(words) - 1 else ''}"
