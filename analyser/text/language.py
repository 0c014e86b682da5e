"""Whether a draft is in English, from its letters and its commonest words: enough to warn, never to refuse."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

from analyser.records import Notice

# Share (0 to 1) of letters outside the Latin script above which a draft cannot be read.
MAX_FOREIGN_LETTERS_RATIO = 0.5
# Share (0 to 1) of English function words below which a draft is taken to be in another language. The labelled drafts
# have 0.27 to 0.40 and notes fewer; German, French, Dutch and Spanish prose has 0 to 0.03.
MIN_FUNCTION_WORD_RATIO = 0.08
# Words below which a share says nothing.
MIN_WORDS = 40


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Function words of English, from ``cues/function_words.toml``."""
    text = resources.files("analyser.cues").joinpath("function_words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["words"])


def function_word_ratio(text: str) -> float:
    """Share of the words of a text that are English function words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(word in function_words() for word in words) / max(1, len(words))


def language_notices(text: str) -> tuple[Notice, ...]:
    """A warning when the text is mostly in another script (N103) or another language than English (N104)."""
    letters = [c for c in text if c.isalpha()]
    n_foreign = sum(ord(c) > 0x24F and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if n_foreign > MAX_FOREIGN_LETTERS_RATIO * len(letters):
        return (
            Notice(
                "N103",
                "Most letters of the draft are not in the Latin alphabet. Only English drafts can be read, so nearly "
                "everything will be reported as not found.",
            ),
        )
    if len(text.split()) >= MIN_WORDS and function_word_ratio(text) < MIN_FUNCTION_WORD_RATIO:
        return (
            Notice(
                "N104",
                "The draft does not seem to be in English. Only English drafts can be read, so nearly everything will "
                "be reported as not found.",
            ),
        )
    return ()
