"""The lemma check of the en_essay pipeline: a learned lemma that is no English word gives way to the rules' lemma.

The trainable lemmatizer is right more often than rules, but makes up words for rare forms (travelled: travell, crises:
crise). Where its lemma is not in the word list and the lemma of WordNet's exceptions and rules is, that one is taken.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

COMPONENT = "essay_lemmas"
PARTS = ("noun", "verb", "adj")
INDEX_FILE, RULES_FILE = "index.json.gz", "rules.json.gz"


class EssayLemmas:
    """A pipeline component after ``trainable_lemmatizer``; its tables are saved inside the pipeline's folder."""

    def __init__(self) -> None:
        self.index: dict[str, frozenset[str]] = {part: frozenset() for part in PARTS}
        self.exceptions: dict[str, dict[str, list[str]]] = {part: {} for part in PARTS}
        self.rules: dict[str, list[list[str]]] = {part: [] for part in PARTS}

    def set_tables(self, index: Any, exceptions: Any, rules: Any) -> None:
        """Take the word list, the exceptions and the suffix rules by part of speech (spacy-lookups-data's tables)."""
        for part in PARTS:
            self.index[part] = frozenset(index[part])
            self.exceptions[part] = {form: list(lemmas) for form, lemmas in exceptions[part].items()}
            self.rules[part] = [list(rule) for rule in rules[part]]

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            part, lemma = token.pos_.lower(), token.lemma_
            if part == "propn" and token.text[:1].isupper() and lemma[:1].islower():
                token.lemma_ = lemma[:1].upper() + lemma[1:]
            known = self.index.get(part)
            if not known:
                continue
            if lemma.lower() not in known:
                by_rule = self.lemma_by_rule(token.lower_, part)
                if by_rule is not None:
                    token.lemma_ = by_rule
            elif part != "adj" and lemma != lemma.lower() and token.text.istitle():
                token.lemma_ = lemma.lower()
        return doc

    def lemma_by_rule(self, form: str, part: str) -> str | None:
        """The first lemma that the exceptions or the suffix rules lead to and the word list knows."""
        known = self.index[part]
        for lemma in self.exceptions[part].get(form, ()):
            if lemma in known:
                return lemma
        if form in known:
            return form
        for ending, replacement in self.rules[part]:
            if form.endswith(ending) and form[: len(form) - len(ending)] + replacement in known:
                return form[: len(form) - len(ending)] + replacement
        return None

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / INDEX_FILE, {part: " ".join(sorted(words)) for part, words in self.index.items()})
        _write(folder / RULES_FILE, {"exceptions": self.exceptions, "rules": self.rules})

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> EssayLemmas:
        folder = Path(path)
        words, tables = _read(folder / INDEX_FILE), _read(folder / RULES_FILE)
        self.index = {part: frozenset(words[part].split()) for part in PARTS}
        self.exceptions, self.rules = tables["exceptions"], tables["rules"]
        return self


@Language.factory(COMPONENT)
def create_essay_lemmas(nlp: Language, name: str) -> EssayLemmas:
    return EssayLemmas()


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode("utf8"), mtime=0))


def _read(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))
