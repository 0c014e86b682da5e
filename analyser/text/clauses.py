"""Sentences -> clauses that each make one claim.

A sentence falls apart at semicolons, comma splices, coordinated clauses with a subject of their own, clauses of
contrast and concession, "but" between predicates, and where two clauses follow each other with no mark at all.
Reasons, times, conditions and relative clauses stay with what they modify. The parse tells a clause from a phrase where
there is one; without it, lists of finite verbs and of the words a subject can start with do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from analyser.rubrics.words import load_cues
from analyser.text.sentences import trim

MIN_UNIT_WORDS = 3
# Words a predicate after "but" needs to be a claim of its own ("but not throughout").
MIN_PREDICATE_WORDS = 3
# Words within which the finite verb of a clause comes, where there is no parse.
MAX_SUBJECT_WORDS = 8
# Words of a clause such as "he told the delegates" or "as he saw it" that is put into another.
MAX_INSERTION_WORDS = 5

SUBJECTS = frozenset(("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl"))
# Relations of a clause that is no claim of its own.
BOUND = frozenset(
    ("acl", "acl:relcl", "advcl:relcl", "xcomp", "csubj", "nmod", "obl", "obj", "amod", "compound", "appos")
)
DASHES = frozenset(("–", "—", "-", "--"))


@lru_cache(maxsize=16)
def words_of(group: str) -> frozenset[str]:
    """A word list of ``clauses.toml``."""
    return frozenset(load_cues("clauses.toml")[group]["words"].split())


class ClauseReader:
    """Cuts the sentences of one draft; ``tokens`` are those of one sentence, white space left out."""

    def __init__(self, text: str, *, has_parse: bool):
        self.text = text
        self.has_parse = has_parse

    def cut(self, start: int, end: int, tokens: Sequence[Any]) -> list[tuple[int, int]]:
        """The clauses of the sentence at ``start``:``end``, in order; together they cover its words."""
        cuts = [0]
        for k in range(1, len(tokens)):
            if self._begins_clause(tokens, cuts[-1], k):
                cuts.append(k)
        edges = [start, *(tokens[k].idx for k in cuts[1:]), end]
        return [trim(self.text, a, b) for a, b in pairwise(edges)]

    # ------------------------------------------------------------ where a clause begins

    def _begins_clause(self, tokens: Sequence[Any], last: int, k: int) -> bool:
        word, before = tokens[k].lower_, tokens[k - 1].text
        if not _is_word(tokens[k]) or _n_words(tokens[last:k]) < 2 or _n_words(tokens[k:]) < 2:
            return False
        if before == ";":
            return _n_words(tokens[k:]) >= MIN_UNIT_WORDS
        end = self._right_end(tokens, k)
        right = tokens[k:end]
        if before == ":" or (before in DASHES and tokens[k - 1].whitespace_):
            return self._is_clause(tokens[last:k]) and self._is_clause(right)
        if self._is_contrast(tokens, k):
            return self._is_clause(right)
        if word in words_of("coordinators"):
            return self._is_coordinated(tokens, last, k, right)
        if before == ",":
            return self._is_after_comma(tokens, last, k, right)
        return self.has_parse and self._is_run_on(tokens, last, k, right)

    def _right_end(self, tokens: Sequence[Any], k: int) -> int:
        """Where the stretch that starts at ``k`` ends for a test: at a mark that must end a clause."""
        for j in range(k + 1, len(tokens)):
            if tokens[j].text in (";", ":"):
                return j
        return len(tokens)

    def _is_contrast(self, tokens: Sequence[Any], k: int) -> bool:
        """whereas, while, although; "even though" begins at "even", "as though" is a comparison."""
        word, before = tokens[k].lower_, tokens[k - 1].lower_
        if word == "even" and k + 1 < len(tokens):
            return tokens[k + 1].lower_ in ("though", "although")
        if word == "where" and k + 1 < len(tokens) and tokens[k + 1].lower_ == "as":
            return True
        return word in words_of("contrast") and before not in ("even", "as", "a", "the", "but", "and")

    def _is_coordinated(self, tokens: Sequence[Any], last: int, k: int, right: Sequence[Any]) -> bool:
        word = tokens[k].lower_
        if word in ("&", "an") and self.has_parse and tokens[k].dep_ != "cc":
            return False
        left, rest = tokens[last:k], right[1:]
        if not rest:
            return False
        if _opens_with_pronoun(rest, has_parse=self.has_parse) and _n_words(left) >= MIN_UNIT_WORDS:
            return not self._is_inside(tokens, last, k)
        if not (self._is_clause(left) or word == "but"):
            return False
        if word == "so" and rest[0].lower_ == "that":
            return tokens[k - 1].text == "," and self._starts_with_subject(rest[1:])
        if word in ("so", "nor") and rest[0].lower_ in words_of("finite"):
            return True
        if rest[0].lower_ == "so" and word == "and":
            rest = rest[1:]
            if not rest:
                return False
            if rest[0].lower_ in words_of("finite"):
                return True
        if word == "yet" and tokens[k - 1].text != ",":
            return False
        if rest[0].lower_ == "that" and word in ("and", "but") and self._starts_with_subject(rest[1:]):
            return True
        if self._starts_with_subject(rest) or (self.has_parse and _joins_subject(left, rest)):
            return not self._is_inside(tokens, last, k)
        if (
            word == "and"
            and rest[0].lower_ in ("one", "another")
            and len(rest) > 1
            and rest[1].lower_ in ("in", "at", "for")
        ):
            return True
        return word in ("but", "yet") and self._is_predicate(left, rest)

    def _is_predicate(self, left: Sequence[Any], rest: Sequence[Any]) -> bool:
        """Whether what follows "but" says something more of the same subject; "not X but Y" corrects only a word."""
        if _n_words(rest) < MIN_PREDICATE_WORDS - 1 or rest[0].lower_ in ("for", "also", "then", "again"):
            return False
        is_correction = any(t.lower_ in ("not", "nothing", "n't", "nt", "no", "all", "anything") for t in left)
        has_verb = any(_is_finite(t, has_parse=self.has_parse) for t in rest[:4]) or rest[0].lower_ in words_of(
            "negators"
        )
        return has_verb or (not is_correction and self._is_clause(left))

    def _is_after_comma(self, tokens: Sequence[Any], last: int, k: int, right: Sequence[Any]) -> bool:
        """A comma splice, or the main clause after a fronted clause of contrast."""
        stop = next((j for j in range(1, len(right) - 1) if right[j].text == "," and _joins(right[j + 1])), len(right))
        right = right[:stop]
        if not self._starts_with_subject(right):
            return False
        if tokens[last].lower_ in words_of("contrast") or tokens[min(last + 1, k)].lower_ in words_of("contrast"):
            return self._is_clause(tokens[last + 1 : k])
        if self._has_open_clause(tokens, last, k):
            return False
        if not self._is_clause(tokens[last:k]) or self._is_insertion(tokens, k):
            return False
        return not self.has_parse or self._is_free(right)

    def _has_open_clause(self, tokens: Sequence[Any], last: int, k: int) -> bool:
        """Whether the stretch opens with "when", "if" ... and its main clause has not come yet."""
        first = tokens[last].lower_
        if first in words_of("coordinators") or first in ("then", "also"):
            first = tokens[last + 1].lower_ if last + 1 < k else ""
        if first not in words_of("openers"):
            return False
        commas = [j for j in range(last + 1, k - 1) if tokens[j].text == ","]
        if any(self._starts_with_subject(tokens[j + 1 : k]) for j in commas):
            return False
        main = ("ROOT", "conj", "parataxis")
        return not (self.has_parse and any(t.dep_ in main and _subject_of(t) is not None for t in tokens[last:k]))

    def _is_insertion(self, tokens: Sequence[Any], k: int) -> bool:
        """ "he told the delegates" between commas."""
        for j in range(k + 1, min(len(tokens), k + MAX_INSERTION_WORDS + 2)):
            if tokens[j].text == ",":
                return (
                    j + 1 < len(tokens)
                    and not self._starts_with_subject(tokens[j + 1 :])
                    and tokens[j + 1].lower_ not in words_of("coordinators")
                )
        return False

    def _is_free(self, right: Sequence[Any]) -> bool:
        """By the parse: the clause after a comma is neither a relative clause nor part of a phrase."""
        subject = next((t for t in right if t.dep_ in SUBJECTS), None)
        if subject is None:
            return False
        verb = subject.head
        if verb.dep_ in BOUND or subject.lower_ in ("which", "who", "that", "whose"):
            return False
        marks = {c.lower_ for c in verb.children if c.dep_ == "mark"}
        return not marks & words_of("subordinators")

    def _is_run_on(self, tokens: Sequence[Any], last: int, k: int, right: Sequence[Any]) -> bool:
        """By the parse: a clause that follows another with no mark and no conjunction."""
        if (
            _n_words(tokens[last:k]) < MIN_UNIT_WORDS
            or not right
            or right[0].lower_ not in words_of("subject_pronouns")
        ):
            return False
        if (
            right[0].lower_ == "that"
            and len(right) > 2
            and right[1].lower_ in ("s", "'s", "’s")
            and right[2].tag_ in ("WP", "WRB")
        ):
            return True  # "god had picked them thats what they both believed"
        if right[0].lower_ in ("that", "these", "those", "both", "each", "neither"):
            return False
        if right[0].dep_ not in SUBJECTS:
            return False
        verb = right[0].head
        return (
            verb.dep_ in ("parataxis", "conj")
            and verb.i > right[0].i
            and verb.head.i < right[0].i
            and not any(c.dep_ in ("mark", "cc") and c.i > tokens[last].i for c in verb.children)
            and self._is_clause(tokens[last:k])
            and tokens[k - 1].lower_ not in words_of("subordinators")
        )

    def _is_inside(self, tokens: Sequence[Any], last: int, k: int) -> bool:
        """Whether the clauses joined here both hang on one because, if or when."""
        if tokens[k].lower_ in ("but", "so", "yet"):
            return False
        if self._has_open_clause(tokens, last, k):
            return True
        if not self.has_parse or tokens[k].dep_ != "cc" or tokens[k].head.dep_ != "conj":
            return False
        first = tokens[k].head.head
        marks = {c.lower_ for c in first.children if c.dep_ == "mark"}
        return first.i >= tokens[last].i and first.dep_ == "advcl" and bool(marks & words_of("openers"))

    # ------------------------------------------------------------ what a clause is

    def _is_clause(self, tokens: Sequence[Any]) -> bool:
        """Whether there is a subject with a finite verb among the tokens."""
        if self.has_parse:
            inside = {t.i for t in tokens}
            for t in tokens:
                if t.dep_ in SUBJECTS and t.head.i in inside:
                    return True
            return any(_is_finite(t, has_parse=True) for t in tokens) and any(t.pos_ in NOMINALS for t in tokens)
        return any(_is_finite(t, has_parse=False) for t in tokens[1:]) or (
            bool(tokens) and tokens[0].lower_ in words_of("finite")
        )

    def _starts_with_subject(self, tokens: Sequence[Any]) -> bool:
        """Whether a clause with a subject of its own starts here, perhaps after an adverbial."""
        if not tokens:
            return False
        if not self.has_parse:
            return _seems_clause(tokens)
        if tokens[0].lower_ in ("with", "because") or tokens[0].tag_ in ("VBN", "VBG"):
            return False
        inside = {t.i for t in tokens}
        for position, t in enumerate(tokens):
            if t.dep_ in SUBJECTS and t.head.i in inside and t.lower_ not in ("which", "who", "that", "whose", "what"):
                head = t.head
                if head.dep_ in BOUND and head.dep_ not in ("csubj", "appos"):
                    continue
                return self._is_fronted(tokens[:position], t)
            if _is_finite(t, has_parse=True) and not self._is_in_fronted_clause(tokens, position):
                return False
        return False

    def _is_fronted(self, before: Sequence[Any], subject: Any) -> bool:
        """Whether the words before a subject are its own modifiers or adverbials of its clause."""
        left = subject.left_edge.i
        outside = [t for t in before if t.i < left]
        if any(_joins(t) for t in outside):
            return False
        return all(t.is_punct or t.i > subject.head.i or _hangs_on(t, subject.head) for t in outside)

    def _is_in_fronted_clause(self, tokens: Sequence[Any], position: int) -> bool:
        """ "and when Liu was beaten it was because ...": the finite verb of an adverbial clause before the subject."""
        verb = tokens[position]
        verb = verb.head if verb.dep_ in ("aux", "aux:pass", "cop") else verb
        return verb.dep_ in ("advcl", "acl:relcl", "csubj", "ccomp", "acl") and verb.head.i > verb.i


def _opens_with_pronoun(tokens: Sequence[Any], *, has_parse: bool) -> bool:
    """A subject pronoun and its verb: "he throws", "they had", "then it starts"."""
    rest = tokens[1:] if tokens[0].lower_ in ("then", "also", "now", "here") else tokens
    if len(rest) < 2:
        return False
    if rest[0].lower_ in ("that", "this", "thats") and not (has_parse and rest[0].dep_ == "mark"):
        return rest[0].lower_ == "thats" or rest[1].lower_ in ("is", "was", "'s", "’s", "s")
    if rest[0].lower_ not in ("he", "she", "they", "it", "we", "i", "you", "there"):
        return False
    return any(_is_finite(t, has_parse=has_parse) for t in rest[1:3])


def _joins_subject(left: Sequence[Any], rest: Sequence[Any]) -> bool:
    """A noun phrase with a finite verb after "and", where the clause before has its verb and object.

    The parser often joins the two nouns instead ("stormed the Palace and Lenin took over"). After a verb of saying or a
    conjunction the nouns do belong together ("said that kulaks and priests were enemies").
    """
    verbs = [position for position, t in enumerate(left) if _is_finite(t, has_parse=True)]
    if not verbs or any(
        t.lower_ in words_of("subordinators") for t in left[verbs[-1] :] if t.dep_ in ("mark", "advmod")
    ):
        return False
    if left[verbs[-1]].lemma_ in words_of("reporting") or verbs[-1] == len(left) - 1:
        return False
    n_nouns = 0
    for position, t in enumerate(rest):
        if _is_finite(t, has_parse=True) and t.pos_ in ("VERB", "AUX"):
            return n_nouns > 0 and position > 0 and rest[position - 1].pos_ in (*NOMINALS, "ADV", "PART")
        if t.pos_ in NOMINALS and t.lower_ not in ("who", "which", "that", "what"):
            n_nouns += t.pos_ != "NUM"
        elif t.pos_ not in ("DET", "ADJ", "ADV", "PART") and t.lower_ != "of":
            return False
    return False


def _joins(token: Any) -> bool:
    return token.lower_ in words_of("coordinators")


NOMINALS = frozenset(("NOUN", "PROPN", "PRON", "NUM"))


def _hangs_on(token: Any, head: Any) -> bool:
    """Whether a token is below a head in the parse."""
    return any(a.i == head.i for a in token.ancestors)


def _subject_of(token: Any) -> Any:
    return next((c for c in token.children if c.dep_ in SUBJECTS), None)


def _is_word(token: Any) -> bool:
    return token.is_alpha or token.is_digit or token.text[:1].isalnum() or token.text in ("&", "'", '"', "‘", "“")


def _n_words(tokens: Sequence[Any]) -> int:
    return sum(t.text[:1].isalnum() for t in tokens)


def _is_finite(token: Any, *, has_parse: bool) -> bool:
    if token.lower_ in words_of("finite"):
        return not has_parse or token.pos_ in ("VERB", "AUX")
    if has_parse:
        return token.tag_ in ("VBD", "VBZ", "VBP", "MD")
    return token.text[:1].islower() and _seems_past(token.lower_)


def _seems_past(word: str) -> bool:
    return (len(word) > 4 and word.endswith("ed") and not word.endswith("eed")) or word in _irregular_forms()


@lru_cache(maxsize=1)
def _irregular_forms() -> frozenset[str]:
    """Irregular past forms, and the third persons of the same verbs."""
    found = set()
    for row in load_cues("event_words.toml")["irregular"]["rows"].split("|"):
        base, *forms = row.split()
        found |= {form.strip("_") for form in forms[:1]} | {base + "s"}
    return frozenset(found - {"men", "women", "children", "feet", "geese", "teeth", "mice", "oxen", "mans"})


def _seems_clause(tokens: Sequence[Any]) -> bool:
    """Without a parse: a pronoun with a verb soon after, or a noun phrase with a finite verb within a few words."""
    first = tokens[0].lower_
    words = [t for t in tokens if t.text[:1].isalnum() or t.text[:1] in "'’n"]
    if first in words_of("finite") and first not in words_of("subject_pronouns"):
        return False
    if first in words_of("subject_pronouns"):
        if first[-1:] in "ms" and first in words_of("finite"):
            return True
        return any(_is_finite(t, has_parse=False) for t in words[1:4]) or (
            len(words) > 2 and first in ("i", "he", "she", "they", "we", "you")
        )
    may_open = (
        first in words_of("determiners")
        or tokens[0].text[:1].isupper()
        or first in ("then", "in", "by", "at", "on", "after", "under")
    )
    if not may_open:
        return False
    for t in words[1:MAX_SUBJECT_WORDS]:
        if t.lower_ in words_of("subordinators") and first not in ("in", "by", "at", "on", "after", "under"):
            return False
        if _is_finite(t, has_parse=False):
            return True
    return False
