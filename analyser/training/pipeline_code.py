"""Registered functions of the en_essay pipeline: tokenizer rules and the student-noise augmenter.

They are needed to train (``spacy train --code``), not to load: the tokenizer's rules are saved inside the pipeline.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import spacy
from spacy.lang.char_classes import ALPHA
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# UD English keeps an affix and its hyphenated base as one word (co-star, pre-war); UD guidelines, tokenization.
HYPHENATED_AFFIXES = (
    "non pre post anti co re e ex pro semi multi un de sub mid inter neo pseudo counter bi mini ultra cross pan socio"
).split()
# Abbreviations that end in a full stop without ending a sentence and that spaCy's English defaults lack.
ABBREVIATIONS = (
    "al. Ft. approx. cf. viz. ca. c. pp. ed. eds. vol. Vol. etc. Lt. Capt. Mlle. Mon. Wed. Thur. Fri.".split()
)
REPEATED_MARKS = [r"[.!?]{2,}", r"<{2,}", r">{2,}", r"\*{2,}", r"={2,}", r"_{2,}", r"#{2,}"]
# A mark typed without the space after it, a range of numbers and a list of them.
UNSPACED_MARKS = [r"(?<=[{letter}]{{2}})[?!;]+(?=[{letter}])", r"(?<=\d)–(?=\d)", r"(?<=\d),(?=\d{{1,2}}(?!\d))"]


def customise_tokenizer(nlp: Language) -> Language:
    """Make spaCy's English tokenizer split as UD English does."""
    tokenizer: Any = nlp.tokenizer
    defaults: Any = nlp.Defaults
    not_after_affix = "".join(rf"(?<!\b{a})(?<!\b{a.capitalize()})" for a in HYPHENATED_AFFIXES)
    letter = ALPHA
    infixes = [not_after_affix + rule if re.search(r"\(\?:-\|", rule) else rule for rule in defaults.infixes]
    infixes += [rf"(?<=[{letter}])/(?=[{letter}])", rf"(?<=[{letter}])\((?=[{letter}])"]
    infixes += [mark.format(letter=letter) for mark in UNSPACED_MARKS]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.prefix_search = compile_prefix_regex(REPEATED_MARKS + list(defaults.prefixes)).search
    tokenizer.suffix_search = compile_suffix_regex(REPEATED_MARKS + list(defaults.suffixes)).search
    tokenizer.rules = {key: value for key, value in tokenizer.rules.items() if key != "and/or"}
    for word in ("wanna", "Wanna"):
        tokenizer.add_special_case(word, [{ORTH: word[:3]}, {ORTH: word[3:]}])
    for marks in ("):", ");"):
        tokenizer.add_special_case(marks, [{ORTH: mark} for mark in marks])
    for abbreviation in ABBREVIATIONS:
        tokenizer.add_special_case(abbreviation, [{ORTH: abbreviation}])
    return nlp


@spacy.registry.callbacks("essay_tokenizer.v1")
def create_tokenizer_callback() -> Callable[[Language], Language]:
    return customise_tokenizer


# Confusions and misspellings frequent in English learner and school writing (Birkbeck error list, R. Mitton; the
# homophones are those every school spelling list opens with). Each value is what may stand instead of the key.
CONFUSIONS = {
    "their": ["there", "thier"], "there": ["their"], "they're": ["their"], "then": ["than"], "than": ["then"],
    "its": ["it's"], "too": ["to"], "to": ["too"], "lose": ["loose"], "where": ["were"], "were": ["where", "was"],
    "led": ["lead"], "affect": ["effect"], "effect": ["affect"], "because": ["becuase", "cos", "becouse"],
    "which": ["wich"], "believe": ["beleive"], "believed": ["beleived"], "government": ["goverment"],
    "definitely": ["definately"], "separate": ["seperate"], "until": ["untill"], "argument": ["arguement"],
    "received": ["recieved"], "although": ["altho", "allthough"], "through": ["threw", "thru"],
    "people": ["poeple", "peple"], "and": ["an", "&"], "of": ["off"], "whose": ["who's"], "they": ["thay"],
    "society": ["soceity"], "would": ["wud", "woud"], "should": ["shud", "shoud"], "have": ["of"],
    "similar": ["similiar", "simular"], "different": ["diffrent", "differant"], "whereas": ["where as", "wheras"],
    "opponents": ["oponents"], "religion": ["religon"], "parliament": ["parliment"], "controlled": ["controled"],
    "successful": ["succesful"], "propaganda": ["propoganda"], "dictator": ["dictater"], "a lot": ["alot"],
}  # fmt: skip


def misspell(word: str, rng: random.Random) -> str:
    """One keyboard slip inside the word: two letters swapped, one dropped, doubled or replaced by a vowel."""
    if len(word) < 4 or not word.isalpha():
        return word
    i = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.35:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind < 0.65:
        return word[:i] + word[i + 1 :]
    if kind < 0.85:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice("aeiou") + word[i + 1 :]


def student_form(token, rng: random.Random) -> str:
    """The word as a hurried student might type it; most words are left alone."""
    word = token.text
    if token.is_space:
        return word
    is_name, is_start = token.pos_ == "PROPN", token.is_sent_start
    if (is_name and rng.random() < 0.6) or (is_start and rng.random() < 0.5):
        word = word.lower()
    elif word == "I" and rng.random() < 0.5:
        word = "i"
    if word.lower() in ("n't", "n’t", "'re", "’re", "'ll", "’ll", "'ve", "’ve", "'m", "’m") and rng.random() < 0.35:
        word = word.replace("'", "").replace("’", "")
    swaps = [s for s in CONFUSIONS.get(word.lower(), ()) if " " not in s]
    if swaps and rng.random() < 0.12:
        swap = rng.choice(swaps)
        return swap.capitalize() if word[:1].isupper() else swap
    return misspell(word, rng) if rng.random() < 0.035 else word


def with_noise(nlp: Language, reference: Doc, rng: random.Random, mode: str) -> Example:
    """The reference's annotation over a noisy text; ``mode`` is ``lower`` (all lower case) or ``student``."""
    words = [t.text.lower() if mode == "lower" else student_form(t, rng) for t in reference]
    doc = Doc(
        reference.vocab,
        words=words,
        spaces=[bool(t.whitespace_) for t in reference],
        tags=[t.tag_ for t in reference],
        pos=[t.pos_ for t in reference],
        morphs=[str(t.morph) for t in reference],
        lemmas=[t.lemma_ for t in reference],
        heads=[t.head.i for t in reference],
        deps=[t.dep_ for t in reference],
    )
    return Example(nlp.make_doc(doc.text), doc)


def augment(nlp: Language, example: Example, *, lower: float, student: float, rng: random.Random) -> Iterator[Example]:
    draw = rng.random()
    if draw < lower:
        yield with_noise(nlp, example.reference, rng, "lower")
    elif draw < lower + student:
        yield with_noise(nlp, example.reference, rng, "student")
    else:
        yield example


@spacy.registry.augmenters("student_noise.v1")
def create_student_noise(lower: float, student: float, seed: int) -> Callable[[Language, Example], Iterator[Example]]:
    """Shares (0 to 1) of training documents set in lower case, and typed as a hurried student might."""
    return partial(augment, lower=lower, student=student, rng=random.Random(seed))
