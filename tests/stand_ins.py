"""Small stand-ins for trained weights, and a small rubric, for fast tests."""

import numpy as np

from analyser.alignment.encoders import EncodedText
from analyser.records import JudgementRule, Point, Rubric, Side

ALPHABET = "abcdefghijklmnopqrstuvwxyz"

BREAD = Rubric(
    "bread",
    1,
    "en-GB",
    "How far are bread and cake alike?",
    (Side("a", "Bread"), Side("b", "Cake")),
    JudgementRule("says how far"),
    (
        Point("S1", "similarity", "both are baked in a hot oven"),
        Point("D1", "difference", "bread is eaten daily, whereas cake is for feasts"),
    ),
)


class Letters:
    """Stands for the bi-encoder: a word piece a word, as counts of letters."""

    def read(self, text):
        words = text.lower().split()
        rows = np.array([[word.count(letter) + 0.1 for letter in ALPHABET] for word in words], dtype=np.float32)
        pieces = rows.reshape(len(words), len(ALPHABET))
        pieces /= np.linalg.norm(pieces, axis=1, keepdims=True)
        return EncodedText(pieces.sum(0) + 0.1, pieces, np.ones(len(words), dtype=np.float32))

    def read_all(self, texts):
        return [self.read(text) for text in texts]

    def encode(self, texts):
        return np.array([self.read(text).vector for text in texts]).reshape(len(texts), len(ALPHABET))
