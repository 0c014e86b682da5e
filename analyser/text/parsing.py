"""Essay -> ParsedEssay. The only place that loads spaCy.

With the trained pipeline ``models/en_essay`` the Doc carries tags, lemmas and a dependency parse; without it (a broken
install) a blank tokenizer and rules give sentences and clauses, and the tool still works.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from analyser import shipped
from analyser.records import Essay, ParsedEssay, Rubric, Sentence
from analyser.rubrics.sides import SideNames, side_names
from analyser.text.units import find_units

if TYPE_CHECKING:
    from spacy.language import Language

TRAINED_PIPELINE = "en_essay"
# Words above which a "sentence" is cut at its best comma or conjunction: student prose without full stops. The longest
# tenth of sentences in the labelled drafts has 45 words.
MAX_SENTENCE_WORDS = 60
SENTENCE_END = re.compile(r"(?:[.!?]|…)+[\"'”’)\]]*(?=\s+[^\s])")
# Abbreviations and initials whose full stop does not end a sentence.
NOT_AN_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sir|Rev|Gen|Col|Capt|Lt|No|vs|cf|viz|etc|ed|eds|vol|pp?|ca?|approx|fig|e\.g|i\.e|al)|\b[A-Z])\.$",
    re.I,
)
CLAUSE_BREAK = re.compile(r"[,;:–—]\s+|\s+(?=(?:and|but|so|because|then|while|whereas|although|however)\b)", re.I)


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """The trained pipeline, or a blank English one when its folder is missing or broken."""
    import spacy

    folder = shipped.trained_model(TRAINED_PIPELINE)
    if folder is not None and (folder / "config.cfg").exists():
        try:
            return spacy.load(folder)
        except (OSError, ValueError, KeyError):
            pass
    return spacy.blank("en")


def pipeline_name(nlp: Language) -> str:
    """Name and version of a pipeline, for the feedback record."""
    return f"{nlp.meta['name']}-{nlp.meta['version']}" if "parser" in nlp.pipe_names else "blank"


def restore_case(text: str, names: frozenset[str]) -> str:
    """Capitalise known names typed in lower case ("lenin"); the length never changes, so offsets stay true."""
    if not names:
        return text

    def capital(match: re.Match[str]) -> str:
        word = match[0]
        return word[:1].upper() + word[1:] if word in names else word

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


def parse_essay(essay: Essay, rubric: Rubric | None = None, nlp: Language | None = None) -> ParsedEssay:
    """Parse a draft into sentences and content units; the rubric tells which names and sides to look for."""
    nlp = nlp or load_pipeline()
    names = known_names(rubric) if rubric else frozenset()
    doc = nlp.make_doc(restore_case(essay.text, names))
    starts = {block.start for block in essay.blocks}
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    for _, component in nlp.pipeline:
        doc = component(doc)
    sentences = find_sentences(essay, doc)
    sides: SideNames | None = side_names(rubric) if rubric else None
    return ParsedEssay(essay, doc, sentences, find_units(essay, doc, sentences, sides))


def find_sentences(essay: Essay, doc) -> tuple[Sentence, ...]:
    """Sentences inside each block, from the parser where there is one, else from punctuation; long ones are cut."""
    has_parse = doc.has_annotation("DEP")
    starts = [token.idx for token in doc if token.is_sent_start] if has_parse else []
    found = []
    for index, block in enumerate(essay.blocks):
        if block.kind == "front_matter":
            continue
        inner = (s for s in starts if block.start < s < block.end) if has_parse else _rule_starts(essay.text, block)
        edges = [block.start, *inner, block.end]
        for start, end in pairwise(edges):
            for a, b in _cut_long(essay.text, start, end):
                a, b = _trim(essay.text, a, b)
                if a < b:
                    found.append(Sentence(a, b, index))
    return tuple(found)


def _rule_starts(text: str, block):
    for match in SENTENCE_END.finditer(text, block.start, block.end):
        end = match.end()
        following = re.compile(r"\s+").match(text, end)
        is_abbreviation = match[0] == "." and NOT_AN_END.search(text, max(block.start, end - 12), end)
        if following and following.end() < block.end and not is_abbreviation:
            yield following.end()


def _cut_long(text: str, start: int, end: int):
    """Cut a stretch of over MAX_SENTENCE_WORDS words at the clause break nearest its middle, again and again."""
    stack = [(start, end)]
    while stack:
        a, b = stack.pop()
        if len(text[a:b].split()) <= MAX_SENTENCE_WORDS:
            yield a, b
            continue
        middle = (a + b) // 2
        quarter = (b - a) // 4
        cuts = [m.end() for m in CLAUSE_BREAK.finditer(text, a + quarter, b - quarter)]
        if not cuts:
            space = text.find(" ", middle, b)
            cuts = [space + 1] if space > 0 else []
        if not cuts:
            yield a, b
            continue
        cut = min(cuts, key=lambda c: abs(c - middle))
        stack += [(cut, b), (a, cut)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
