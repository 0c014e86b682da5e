"""Essay -> ParsedEssay. The only place that loads spaCy.

With the trained pipeline ``models/en_essay`` the Doc carries tags, lemmas and a dependency parse; without it (a broken
install) a blank tokenizer and rules give sentences and clauses, and the tool still works.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analyser import shipped
from analyser.records import Essay, Notice, ParsedEssay, Rubric
from analyser.rubrics.sides import SideNames, side_names
from analyser.rubrics.words import is_known_name
from analyser.text.questions import mark_question
from analyser.text.sentences import find_sentences
from analyser.text.units import find_units

if TYPE_CHECKING:
    from spacy.language import Language

TRAINED_PIPELINE = "en_essay"
FALLBACK = "fallback"
MISSING = Notice(
    "N201",
    "The trained pipeline for English is missing or broken. Simple rules read the draft, so results are rougher.",
)


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """The trained pipeline, or a blank English one when its folder is missing or broken."""

    folder = shipped.trained_model(TRAINED_PIPELINE)
    if folder is not None:
        try:
            return load_folder(folder)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
    return plain_pipeline()


@lru_cache(maxsize=1)
def plain_pipeline() -> Language:
    """A blank English pipeline: tokens only, from which rules make sentences; ten times as fast."""
    import spacy

    nlp = spacy.blank("en")
    nlp.meta["name"] = FALLBACK
    return nlp


def load_folder(folder: Path) -> Language:
    """A trained pipeline from its folder, set to numpy's matrix product, the fastest on one essay at a time."""
    import spacy

    import analyser.text.lemmas  # noqa: F401  (registers the lemma check)

    nlp = spacy.load(folder)
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            node.ops.use_blis = False
    return nlp


def pipeline_name(nlp: Language) -> str:
    """Name and version of a pipeline, for the feedback record."""
    return f"{nlp.lang}_{nlp.meta['name']}-{nlp.meta['version']}" if "parser" in nlp.pipe_names else "blank"


def restore_case(text: str, names: frozenset[str], sides: SideNames | None = None) -> str:
    """Capitalise known names typed in lower case ("lenin", "lennin", "i"); the length never changes.

    ``names`` are those of the rubric; well-known names of places and people and the sides' names count as well.
    """
    spans = {start for start, _, key in sides.mentions(text) if sides.is_name[key]} if sides is not None else set()

    def capital(match: re.Match[str]) -> str:
        word = match[0]
        is_name = word in names or word == "i" or (len(word) > 3 and is_known_name(word))
        return word[:1].upper() + word[1:] if is_name or match.start() in spans else word

    return re.sub(r"[^\W\d_]+", capital, text)


def known_names(rubric: Rubric) -> frozenset[str]:
    """Lower-case forms of the capitalised words of the rubric's names that are not common words too."""
    texts = [side.name for side in rubric.sides] + [alias for side in rubric.sides for alias in side.aliases]
    for item in rubric.evidence:
        texts += [item.name, *item.aliases]
    # A word that the rubric also writes in lower case (red, terror) is no name.
    prose = " ".join([rubric.question, *(p.statement for p in rubric.points), *texts])
    common = set(re.findall(r"(?<!\w)[a-z]+(?!\w)", prose))
    names: set[str] = set()
    for text in texts:
        for match in re.finditer(r"[A-Z][a-z]{3,}", text):
            names.add(match[0].lower())
    return frozenset(names - common)


# Words a draft must have before its naming neither side is remarked on; of 159 labelled drafts one names neither.
MIN_WORDS_TO_NAME_SIDES = 100


def parse_essay(essay: Essay, rubric: Rubric | None = None, nlp: Language | None = None) -> ParsedEssay:
    """Parse a draft into sentences and content units; the rubric tells which names and sides to look for."""
    nlp = nlp or load_pipeline()
    if rubric:
        essay = mark_question(essay, rubric.question)
    names = known_names(rubric) if rubric else frozenset()
    sides = side_names(rubric) if rubric else None
    doc = nlp.make_doc(restore_case(essay.text, names, sides))
    starts = {block.start for block in essay.blocks}
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    for _, component in nlp.pipeline:
        doc = component(doc)
    if nlp.meta.get("name") == FALLBACK:
        essay = replace(essay, notices=(*essay.notices, MISSING))
    if rubric and sides and essay.n_words >= MIN_WORDS_TO_NAME_SIDES and not sides.mentions(essay.text):
        a, b = (side.name for side in rubric.sides)
        text = f"Neither {a} nor {b} is named in this draft. Is it an answer to this rubric's question?"
        essay = replace(essay, notices=(*essay.notices, Notice("N202", text)))
    sentences = find_sentences(essay, doc)
    return ParsedEssay(essay, doc, sentences, find_units(essay, doc, sentences, sides))
