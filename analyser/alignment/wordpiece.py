"""BERT's WordPiece tokenizer for English in plain Python (Devlin et al. 2019; lower-casing, accents stripped).

Saves a run-time dependency of 40 MB; agrees with the reference tokenizer on essays (tests compare saved outputs).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

# The reference implementation gives up on longer words.
MAX_WORD_CHARACTERS = 100


class WordPiece:
    """Token ids of texts and pairs; ``vocabulary`` is the list of pieces in id order."""

    def __init__(self, vocabulary: list[str]):
        self.id_by_piece = {piece: index for index, piece in enumerate(vocabulary)}
        self.cls = self.id_by_piece["[CLS]"]
        self.sep = self.id_by_piece["[SEP]"]
        self.unknown = self.id_by_piece["[UNK]"]
        self._pieces = lru_cache(maxsize=20_000)(self._split_word)

    @classmethod
    def from_file(cls, path: Path) -> WordPiece:
        return cls(path.read_text(encoding="utf8").splitlines())

    def ids(self, text: str) -> list[int]:
        """Piece ids of a text, without special tokens."""
        return [piece for word in _words(text) for piece in self._pieces(word)]

    def pair(self, first: str, second: str, max_tokens: int) -> tuple[list[int], list[int]]:
        """Ids and segment ids of ``[CLS] first [SEP] second [SEP]``; the longer part is cut first."""
        a, b = self.ids(first), self.ids(second)
        excess = len(a) + len(b) + 3 - max_tokens
        while excess > 0:
            longer = a if len(a) >= len(b) else b
            longer.pop()
            excess -= 1
        return [self.cls, *a, self.sep, *b, self.sep], [0] * (len(a) + 2) + [1] * (len(b) + 1)

    def single(self, text: str, max_tokens: int) -> list[int]:
        """Ids of ``[CLS] text [SEP]``."""
        return [self.cls, *self.ids(text)[: max_tokens - 2], self.sep]

    def _split_word(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD_CHARACTERS:
            return (self.unknown,)
        pieces, start = [], 0
        while start < len(word):
            end = len(word)
            while end > start:
                piece = ("##" if start else "") + word[start:end]
                if piece in self.id_by_piece:
                    pieces.append(self.id_by_piece[piece])
                    break
                end -= 1
            else:
                return (self.unknown,)
            start = end
        return tuple(pieces)


def _words(text: str) -> list[str]:
    """Lower-cased words and single punctuation marks, accents stripped."""
    letters = []
    for character in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(character)
        if category == "Mn" or character in "\x00\ufffd" or (category[0] == "C" and character not in "\t\n\r"):
            continue
        code = ord(character)
        is_symbol = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
        if is_symbol or category[0] == "P" or 0x4E00 <= code <= 0x9FFF:
            letters.append(f" {character} ")
        else:
            letters.append(character)
    return "".join(letters).split()
