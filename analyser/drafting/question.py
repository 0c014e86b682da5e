"""The question of a model answer, and the two sides it compares, with their periods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.records import Rubric, Side, SideKey
from analyser.rubrics.dates import find_dates
from analyser.rubrics.words import fold, is_country, load_cues

# Words of a phrase on either side of "and": the longest names of the sides in examination questions have seven.
MAX_PHRASE_WORDS = 9
NAME_TAGS = ("NNP", "NNPS")
NOUN_TAGS = ("NN", "NNS", "NNP", "NNPS")
INNER_TAGS = (*NOUN_TAGS, "JJ", "CD", "POS", "HYPH", "VBN", "VBG", "FW", "``", "''")
ANY_TAGS = ("VB", "VBP", "VBN", "VBG", "VBD", "VBZ", "RB")  # what names and modifiers are mistagged as
OF = ("of", "in", "under", "for", "by")
JOINERS = ("and", "&", "or", "versus", "v", "vs")
POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
ARTICLE = re.compile(r"^(?:the|an?|both|of|in|between|for|by|under|that|those)\s+", re.I)
ASKS_HOW_NEAR = re.compile(r"how (?:similar|different|close|comparable|unlike)\b", re.I)
ROMAN = re.compile(r"[IVX]{1,5}")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two phrases of a question, as token ranges, that may be the sides; the higher the score the likelier."""

    left: tuple[int, int]
    right: tuple[int, int]
    score: float


def find_sides(question: str, nlp: Any) -> tuple[Side, ...]:
    """The sides of a comparison question in order: two, or none where it names no pair, or three and more as found."""
    doc = nlp(question)
    tokens = [t for t in doc if not t.is_space]
    pairs = [*_joined(tokens, question), *_set_against(tokens, question)]
    best = max(pairs, key=lambda p: p.score, default=None)
    if best is None or best.score <= 0:  # a mistagged word beside "and": "functionalist and Marxist explanations"
        best = max(_joined(tokens, question, takes_any=True), key=lambda p: p.score, default=None)
    if best is None or best.score <= 0:
        return ()
    spans = [best.left, best.right]
    spans = [*_listed_before(tokens, best), *spans]
    names = _names(tokens, spans, question)
    keys: tuple[SideKey, SideKey] = ("a", "b")
    ends = [tokens[b - 1].idx + len(tokens[b - 1]) for _, b in spans]
    edges = [*(tokens[a].idx for a, _ in spans[1:]), len(question)]
    return tuple(
        Side(
            keys[min(k, 1)],
            name,
            aliases,
            _frame(question, tokens[span[0]].idx, end, edge, is_last=k == len(spans) - 1),
        )
        for k, ((name, aliases), span, end, edge) in enumerate(zip(names, spans, ends, edges, strict=True))
    )


def spoken_name(rubric: Rubric, key: SideKey) -> str:
    """A side's name as the question speaks of it: with its article, where it has one."""
    name = rubric.side(key).name
    has_article = re.search(rf"(?<!\w)the\s+{re.escape(name)}(?!\w)", rubric.question) is not None
    return f"the {name}" if has_article else name


# ---------------------------------------------------------------- candidates


def _joined(tokens: Sequence[Any], text: str, *, takes_any: bool = False) -> list[_Pair]:
    """Pairs joined by "and": two names, or two modifiers of one noun."""
    found = []
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.lower_ not in JOINERS or depth > 0 or i == 0 or i + 1 >= len(tokens):
            continue
        left, right = _phrase_before(tokens, i), _phrase_after(tokens, i + 1)
        if takes_any and not left and tokens[i - 1].tag_ in ANY_TAGS:
            left = (i - 1, i)
        if takes_any and not right and tokens[i + 1].tag_ in ANY_TAGS:
            tail = _phrase_after(tokens, i + 2)
            right = (i + 1, tail[1] if tail and tail[0] == i + 2 else i + 2)
        if left and right:
            left = _without_place(tokens, left, right)
            found.append(_Pair(left, right, _score(tokens, left, right, text)))
    return found


def _without_place(tokens: Sequence[Any], left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """ "revenge in Hamlet and Medea" names two plays; "apartheid in Africa and Jim Crow in America" does not."""
    places = [k for k in range(*left) if tokens[k].lower_ == "in"]
    if not places or any(tokens[k].lower_ == "in" for k in range(*right)) or tokens[left[0]].text[:1].isupper():
        return left
    return places[-1] + 1, left[1]


def _set_against(tokens: Sequence[Any], text: str) -> list[_Pair]:
    """Pairs joined by a construction of comparison: similar to, different from, than."""
    found = []
    cues = list(cue_spans(text, "compared_to"))
    cues += [m.span() for m in re.finditer(r"\bto (?:that|those) (?:of|for|in)\b|\bto (?=the same)", text)]
    weak: list[tuple[int, int]] = []
    if ASKS_HOW_NEAR.match(text):  # "How similar was X's use of terror ... to Y's?"
        weak = [m.span() for m in re.finditer(r"(?<=\w )(?:to|from) (?=(?:the |that |those )?[A-Z])", text)]
    for start, end in [*cues, *weak]:
        first = next((k for k, t in enumerate(tokens) if t.idx >= end), None)
        last = next((k for k, t in enumerate(tokens) if t.idx >= start), None)
        if first is None or last is None:
            continue
        while first < len(tokens) and tokens[first].lower_ in ("that", "those", "of", "for", "in", "to"):
            first += 1
        right = _phrase_after(tokens, first)
        while right and _is_abstract(tokens, right) and right[1] < len(tokens) and tokens[right[1]].lower_ in OF:
            right = _phrase_after(tokens, right[1])  # "similar to the causes of the Crash"
        left = _subject_before(tokens, last)
        if left and right:
            found.append(
                _Pair(left, right, _score(tokens, left, right, text) + (-0.5 if (start, end) in weak else 1.5))
            )
    return found


def _subject_before(tokens: Sequence[Any], stop: int) -> tuple[int, int] | None:
    """The likeliest name phrase before a comparison: the first with a proper noun, else the first noun phrase."""
    phrases = []
    k = 0
    while k < stop:
        phrase = _phrase_after(tokens, k) if tokens[k].tag_ in (*INNER_TAGS, "DT") else None
        if phrase and phrase[1] <= stop:
            phrases.append(phrase)
            k = phrase[1]
        k += 1
    named = [p for p in phrases if _has_name(tokens, p)]
    plain = [p for p in phrases if not _is_abstract(tokens, p)]
    return next(iter(named), None) or next(iter(plain), None)


def _phrase_before(tokens: Sequence[Any], stop: int) -> tuple[int, int] | None:
    start = stop
    while start > 0 and stop - start < MAX_PHRASE_WORDS:
        token, following = tokens[start - 1], tokens[start] if start < stop else None
        if token.text == ")":
            opening = next((k for k in range(start - 1, -1, -1) if tokens[k].text == "("), start - 1)
            start = opening
            continue
        if token.lower_ == "the" and following is not None:
            start -= 1
            if not (start > 1 and tokens[start - 1].lower_ in ("of", "in") and tokens[start - 2].tag_ in NAME_TAGS):
                break
            continue
        if token.lower_ in ("of", "in") and following is not None and start > 1 and tokens[start - 2].tag_ in NAME_TAGS:
            start -= 1
            continue
        is_placed = token.lower_ == "in" and following is not None and following.tag_ in NAME_TAGS and start > 1
        if is_placed and tokens[start - 2].tag_ in NOUN_TAGS and tokens[start - 3].tag_ in ("VBD", "VBZ", "VBP", "CC"):
            start -= 1
            continue
        is_new_noun = token.text[:1].islower() and following is not None and following.tag_ in NAME_TAGS
        if is_new_noun and token.tag_ in NOUN_TAGS:
            break
        if _is_inner(token):
            start -= 1
            continue
        break
    while start < stop and tokens[start].tag_ in ("POS", "HYPH", "''", "VBG", "VBN") and start + 1 == stop:
        start += 1
    return (start, stop) if start < stop else None


def _phrase_after(tokens: Sequence[Any], start: int) -> tuple[int, int] | None:
    while start < len(tokens) and tokens[start].lower_ in (
        "of",
        "in",
        "the",
        "a",
        "an",
        "that",
        "for",
        "by",
        "under",
        "between",
    ):
        start += 1
    stop = start
    while stop < len(tokens) and stop - start < MAX_PHRASE_WORDS:
        token = tokens[stop]
        following = tokens[stop + 1] if stop + 1 < len(tokens) else None
        if token.text == "(":
            closing = next((k for k in range(stop, len(tokens)) if tokens[k].text == ")"), stop)
            stop = closing + 1
            continue
        if token.lower_ in ("of", "in") and stop > start and following is not None:
            after = tokens[stop + 2] if stop + 2 < len(tokens) else None
            is_named = (
                following.tag_ in NAME_TAGS
                or following.text[:1].isdigit()
                or (following.lower_ == "the" and after is not None and after.tag_ in NAME_TAGS)
                or following.text in ("The", "A")
            )
            if not is_named:
                break
            stop += 2
            continue
        is_verb = token.tag_ in ("VBN", "VBG") and stop > start and tokens[stop - 1].tag_ != "HYPH"
        if _is_inner(token) and not is_verb:
            stop += 1
            continue
        break
    return (start, stop) if stop > start else None


def _is_inner(token: Any) -> bool:
    if has_cue(token.text, "comparing_verbs"):
        return False
    if ROMAN.fullmatch(token.text):
        return True
    is_participle = token.tag_ in ("VBN", "VBG")
    return token.tag_ in INNER_TAGS and not (is_participle and token.text[:1].isupper() and token.i == 0)


def _listed_before(tokens: Sequence[Any], pair: _Pair) -> list[tuple[int, int]]:
    """Further things listed before a pair: "Mao, Stalin and Hitler"."""
    found: list[tuple[int, int]] = []
    start = pair.left[0]
    is_list = tokens[pair.left[1]].lower_ in ("and", "&")
    while start > 1 and tokens[start - 1].text == "," and pair.right[0] - pair.left[1] == 1 and is_list:
        phrase = _phrase_before(tokens, start - 1)
        if phrase is None or not _has_name(tokens, phrase):
            break
        found.insert(0, phrase)
        start = phrase[0]
    return found


# ---------------------------------------------------------------- scores


def _has_name(tokens: Sequence[Any], span: tuple[int, int]) -> bool:
    return any(t.tag_ in NAME_TAGS or (t.text[:1].isupper() and t.i > 1) for t in tokens[slice(*span)])


def _is_abstract(tokens: Sequence[Any], span: tuple[int, int]) -> bool:
    """Whether a phrase is made of the general nouns of questions ("the aims", "methods of reform") alone."""
    nouns = [t for t in tokens[slice(*span)] if t.tag_ in NOUN_TAGS]
    if any(t.tag_ == "CD" for t in tokens[slice(*span)]):
        return False
    return bool(nouns) and (all(map(_is_general, nouns)) or (_is_general(nouns[0]) and not _has_name(tokens, span)))


def _score(tokens: Sequence[Any], left: tuple[int, int], right: tuple[int, int], text: str) -> float:
    """How likely two phrases are the sides. Unit: arbitrary; weights set by hand on half of the questions tried."""
    score = 1.0
    named = [_has_name(tokens, left), _has_name(tokens, right)]
    score += 3.0 if all(named) else -0.5 if any(named) else 0.0
    if _is_abstract(tokens, left) or (_is_abstract(tokens, right) and right[1] - right[0] == 1):
        score -= 3.0
    before = tokens[left[0] - 1] if left[0] else None
    if before is not None and before.lower_ in ("their", "its", "his", "on", "about", "as", "to", "with"):
        score -= 1.0
    if before is not None and before.lower_ in (
        "of",
        "by",
        "between",
        "are",
        "were",
        "do",
        "did",
        "is",
        "was",
        "compare",
        "under",
    ):
        score += 0.5
    end = tokens[right[1] - 1].idx + len(tokens[right[1] - 1])
    if has_cue(text[end : end + 40], "comparing"):
        score += 0.5
    if has_cue(text[: tokens[left[0]].idx], "comparing"):
        score += 0.25
    return score


# ---------------------------------------------------------------- names and periods


def _names(tokens: Sequence[Any], spans: list[tuple[int, int]], text: str) -> list[tuple[str, tuple[str, ...]]]:
    words = [_words(tokens, span) for span in spans]
    shared = _shared_head(tokens, spans, words)
    words = [w if shared is None or k == len(words) - 1 else [*w, *shared] for k, w in enumerate(words)]
    if not _is_general(words[0][-1]):  # "common law and civil law systems": the last noun is both sides'
        while len(words[-1]) > 1 and words[-1][-1].text[:1].islower() and _is_general(words[-1][-1]):
            words[-1] = words[-1][:-1]
    names = [_name(w) for w in words]
    if names[-1][0].isdigit() and not names[-2][0].isdigit():  # "the revolution of 1905 ... that of 1917"
        years = find_dates(text, tokens[spans[-2][0]].idx, tokens[spans[-2][1] - 1].idx + len(tokens[spans[-2][1] - 1]))
        head = names[-2][0]
        own = f"{head} of {text[years[0].start : years[0].end]}" if years and years[0].start else head
        names[-2:] = [(own, names[-2][1]), (f"{head} of {names[-1][0]}", names[-1][1])]
    return names


def _words(tokens: Sequence[Any], span: tuple[int, int]) -> list[Any]:
    """The tokens of a phrase without brackets and what they hold."""
    kept, depth = [], 0
    for token in tokens[slice(*span)]:
        depth += token.text == "("
        if depth == 0:
            kept.append(token)
        depth -= token.text == ")"
    return kept


def _shared_head(tokens: Sequence[Any], spans: list[tuple[int, int]], words: list[list[Any]]) -> list[Any] | None:
    """The noun two modifiers share: "hard and soft engineering". None where each phrase is whole."""
    left, right = words[-2], words[-1]
    is_modifier = len(left) == 1 and left[0].tag_ in ("JJ", *ANY_TAGS) and not left[0].text[:1].isupper()
    if not is_modifier or len(right) < 2:
        return None
    return right[1:]


def _name(words: list[Any]) -> tuple[str, tuple[str, ...]]:
    """Name and further names of a side, from the tokens of its phrase."""
    own = list(words)
    while len(own) > 2 and _is_general(own[0]) and own[0].text[:1].islower() and own[1].lower_ in OF:
        own = own[2:]  # "the causes of the Wall Street Crash"
    words = own
    aliases: list[str] = []
    for k, token in enumerate(words):
        if token.lower_ == "in" and k:
            rest = _text(words[k + 1 :])
            if len(rest.split()) > 1 and not is_country(fold(rest.split()[0])):
                aliases.append(rest)
            own = words[:k]
            break
    for k, token in enumerate(own):
        if token.tag_ == "POS" or POSSESSIVE.search(token.text):
            owner, owned = POSSESSIVE.sub("", _text(own[: k + 1])), own[k + 1 :]
            if owned and owned[0].tag_ in NAME_TAGS and owned[0].text[:1].isupper():
                return _text(owned), (owner,)
            return owner, tuple(aliases)
    dated = next(
        (
            k
            for k, t in enumerate(own)
            if t.lower_ == "of" and k and own[k + 1 : k + 2] and own[k + 1].text[0].isdigit()
        ),
        None,
    )
    if dated is not None and own[dated - 1].text[:1].isupper():
        own = own[:dated]
    return _text(own), tuple(aliases)


def _is_general(token: Any) -> bool:
    general = frozenset(load_cues("side_words.toml")["stopwords"]["words"].split())
    return fold(token.text) in general or fold(token.lemma_) in general or has_cue(token.text, "question_nouns")


def _text(words: Sequence[Any]) -> str:
    if not words:
        return ""
    text = "".join(a.text + (" " if a.whitespace_ else "" if b.i == a.i + 1 else " ") for a, b in pairwise(words))
    return ARTICLE.sub("", (text + words[-1].text).strip(" ,.?!'’‘“”\"")) if words else ""


def _frame(question: str, start: int, end: int, edge: int, *, is_last: bool) -> str:
    """The period a question gives a side: the dates in its phrase or after it, before the other side."""
    dates = find_dates(question, start, edge)
    inside = [d for d in dates if d.start < end]
    found = inside or (dates if not is_last or len(dates) == 1 else [])
    return ", ".join(question[d.start : d.end].replace("–", "-") for d in found)
