"""The lines above an essay that are not essay: name, class, teacher, date, word count, title, the question copied out.

When in doubt a line stays in the essay: a title counted as essay does less harm than an answer left out.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from analyser.text.pieces import Piece

# Most lines that can stand above an essay. A full cover sheet has a dozen labelled lines.
MAX_FRONT_LINES = 16
# Longest of these lines (characters): a question with its instructions.
MAX_FRONT_CHARACTERS = 800
# Longest value of a label such as "Name:", longest title and longest line of names and classes (words).
MAX_LABEL_WORDS = 12
MAX_TITLE_WORDS = 14
MAX_NAME_LINE_WORDS = 8
# Longest question with its instructions (words); examination questions have 15 to 50.
MAX_QUESTION_WORDS = 80
# Words that the block below a title in ordinary spelling must have, so that a line of notes is not taken for one.
MIN_WORDS_BELOW_TITLE = 30

# A line that does not end as a sentence does.
SHORT_LINE = re.compile(r".*[^\s.!?;,…](?<![.!?…][\"”’'])")
MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
DATE = re.compile(
    rf"{WEEKDAY}(?:{DAY}(?:\s+of)?\s+{MONTH}\.?,?(?:\s+\d{{2,4}})?|{MONTH}\.?\s+{DAY},?\s+\d{{4}}|{MONTH}\s+\d{{4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|20\d\d\s?[-/–]\s?(?:20)?\d\d)"
    r"(?:,?\s+\d{1,2}[:.]\d{2}(?:\s?[ap]m)?)?",
    re.I,
)
COUNT_LABEL = r"(?:total\s+)?(?:word\s?count|words|number of words)\s*[:=–-]?\s*"
WORD_COUNT = re.compile(
    rf"[(\[]?(?:(?:{COUNT_LABEL})?[\d,. ]{{1,7}}\s*words?(?:\s+in\s+total)?|{COUNT_LABEL}[\d,. ]{{1,7}})[)\]]?\.?", re.I
)
BYLINE = re.compile(r"[Bb]y:?(?:\s+[A-Z][\w.'’-]*){1,4}")
ADDRESS = re.compile(r"\S+@\S+\.\S+|(?:https?|file)://\S+")
MARKS_AVAILABLE = re.compile(r"\s*[(\[]\s*\d{1,3}(?:\s*marks?)?\s*[)\]]\s*$", re.I)
ENDINGS = re.compile(r"[.!?][\"”’')\]]*(?=\s)")
NUMBERED_SECTION = r"(?:\s+(?:\d{1,2}|[ivx]{1,4}|one|two|three|four|five))?(?:\s*[:.–-]\s*.{0,60})?\s*:?"
NAME_OR_CODE = re.compile(r"[A-Z][\w.'’-]*|[\d./:()|&–-]+[A-Za-z]{0,3}\d?|of|and|the|vs?\.?|[|/&–-]")


@dataclass(frozen=True)
class Cues:
    """The word lists of ``cues/front_matter.toml``, as patterns."""

    label: re.Pattern[str]
    question_label: re.Pattern[str]
    section: re.Pattern[str]
    opener: re.Pattern[str]
    command: re.Pattern[str]
    class_words: frozenset[str]
    statement_words: frozenset[str]


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Read the word lists once."""
    lists = tomllib.loads(resources.files("analyser.cues").joinpath("front_matter.toml").read_text(encoding="utf-8"))

    def any_of(key: str) -> str:
        return "|".join(re.escape(word) for word in sorted(lists[key], key=len, reverse=True))

    return Cues(
        label=re.compile(rf"(?:{any_of('labels')})\s*(?:[:=]|\s[–-]\s)\s*(?P<value>.*)", re.I),
        question_label=re.compile(rf"(?:{any_of('question_labels')})\s*\d*\s*[:.]\s*(?P<value>\S.*)", re.I),
        section=re.compile(rf"(?:{any_of('section_words')}){NUMBERED_SECTION}", re.I),
        opener=re.compile(rf"[\"“‘']?(?:{any_of('question_openers')})\b", re.I),
        command=re.compile(rf"(?:{any_of('question_commands')})\b", re.I),
        class_words=frozenset(lists["class_words"]),
        statement_words=frozenset(lists["statement_words"]),
    )


def mark_front_matter(blocks: list[Piece]) -> list[Piece]:
    """The blocks with those above the essay, and a word count below it, marked as front matter.

    Nothing is marked when nothing would be left.
    """
    n_front = _count_front(blocks)
    n_back = 0
    while n_back < len(blocks) - n_front and _is_count(blocks[-1 - n_back].text):
        n_back += 1
    body = blocks[n_front : len(blocks) - n_back]
    if not any(block.kind in ("paragraph", "list_item", "quotation") for block in body):
        n_front, n_back, body = 0, 0, blocks
    return [
        *(replace(block, kind="front_matter", level=0) for block in blocks[:n_front]),
        *(replace(block, kind="heading", level=1) if block.kind == "front_matter" else block for block in body),
        *(replace(block, kind="front_matter", level=0) for block in blocks[len(blocks) - n_back :] if n_back),
    ]


def matches_section(text: str) -> bool:
    """Whether a line is the usual heading of a part of an essay ("Conclusion", "Paragraph 2: methods")."""
    return load_cues().section.fullmatch(text) is not None


def words_look_like_title(text: str) -> bool:
    """Whether a line opens as a title does and makes no statement."""
    words = text.split()
    if not re.match(r"[\"“‘'(]?[A-Z0-9]", text) or not any(word.isalpha() and len(word) > 2 for word in words):
        return False
    return not any(_makes_statement(word) for word in words)


def _makes_statement(word: str) -> bool:
    """Whether a word is a pronoun, an auxiliary or a verb, as titles have none."""
    plain = re.sub(r"\W", "", word).lower()
    is_participle = len(plain) > 4 and plain.endswith("ed") and plain != "compared" and word[0].islower()
    is_negated = re.search(r"n['’]t$", word) is not None
    return is_participle or is_negated or plain in load_cues().statement_words


def _count_front(blocks: list[Piece]) -> int:
    n_front = 0
    has_title = False
    for index, block in enumerate(blocks[:MAX_FRONT_LINES]):
        if _is_front(block, blocks[index + 1 :]) and not (has_title and block.kind == "heading"):
            n_front = index + 1
            has_title = has_title or (block.kind in ("front_matter", "heading") and not _is_label(block.text))
        elif not _may_stand_between(block):
            break
    return n_front


def _may_stand_between(block: Piece) -> bool:
    """Whether a line can be part of the front matter if more of it follows: short, and no sentence."""
    is_short = len(block.text.split()) <= MAX_NAME_LINE_WORDS and SHORT_LINE.fullmatch(block.text) is not None
    return is_short and block.kind == "paragraph" and words_look_like_title(block.text)


def _is_front(block: Piece, below: list[Piece]) -> bool:
    text = block.text
    if block.kind in ("quotation", "footnote") or len(text) > MAX_FRONT_CHARACTERS:
        return False
    if block.kind == "front_matter" or _is_label(text) or _is_count(text) or _is_question(text):
        return True
    if DATE.fullmatch(text) or BYLINE.fullmatch(text) or ADDRESS.fullmatch(text):
        return True
    if matches_section(text) or not SHORT_LINE.fullmatch(text) or not words_look_like_title(text):
        return False
    if block.kind == "heading":
        return not any(other.kind == "heading" and other.level == block.level for other in below)
    return _is_name_line(text) or _is_title(block, below)


def _is_label(text: str) -> bool:
    cues = load_cues()
    label = cues.label.fullmatch(text)
    if label is not None and len(label["value"].split()) <= MAX_LABEL_WORDS:
        return True
    question = cues.question_label.fullmatch(text)
    return question is not None and len(question["value"].split()) <= MAX_QUESTION_WORDS and _n_sentences(text) <= 2


def _is_count(text: str) -> bool:
    return WORD_COUNT.fullmatch(text) is not None


def _is_question(text: str) -> bool:
    """The question of an examination, alone: one that asks, or a statement with an instruction what to do with it."""
    text = MARKS_AVAILABLE.sub("", text).strip()
    if len(text.split()) > MAX_QUESTION_WORDS or _n_sentences(text) > 2:
        return False
    cues = load_cues()
    sentences = [s for s in ENDINGS.split(text) if s.strip()]
    is_asking = text.rstrip("\"”’'").endswith("?")
    if len(sentences) == 1 and is_asking:
        return cues.opener.match(text) is not None or text[0] in "\"“‘'"
    last = sentences[-1].strip() if sentences else ""
    if text[0] in "\"“‘'" and len(sentences) == 2:
        return cues.command.match(last) is not None or (is_asking and cues.opener.match(last) is not None)
    return len(sentences) == 1 and cues.command.match(text) is not None


def _n_sentences(text: str) -> int:
    return len([s for s in ENDINGS.split(text) if s.strip()])


def _is_name_line(text: str) -> bool:
    """Names, classes and codes alone: "Jamie Smith", "12B History", "Mr Patel, Set 2"."""
    words = [word.strip(",:") for word in text.split()]
    class_words = load_cues().class_words
    is_named = all(word.lower() in class_words or NAME_OR_CODE.fullmatch(word) for word in words if word)
    return is_named and len(words) <= MAX_NAME_LINE_WORDS


def _is_title(block: Piece, below: list[Piece]) -> bool:
    n_below = len(below[0].text.split()) if below else 0
    return block.kind == "paragraph" and len(block.text.split()) <= MAX_TITLE_WORDS and n_below >= MIN_WORDS_BELOW_TITLE
