"""Claims -> statements: one self-standing sentence each, with both sides named, in the model answer's own words.

Words are taken away (links to the sentence before, examples, brackets) and pronouns are replaced by the names they
stand for; nothing is added but the names of the sides and "whereas".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.drafting.question import spoken_name
from analyser.drafting.records import Claim
from analyser.records import ParsedEssay, Rubric, SideKey, Span
from analyser.rubrics.dates import find_dates
from analyser.rubrics.sides import SideNames
from analyser.rubrics.words import COMMON_SIZE, fold, is_known_name, load_cues, tier

FILE = "drafting_wording.toml"
# Words a statement keeps at least when examples are cut from it.
MIN_STATEMENT_WORDS = 4
# Words of a clause before a colon that only names the topic.
MAX_TOPIC_WORDS = 7
# Words from which a statement is long for one idea.
LONG_STATEMENT = 45
# A row of a table as tables.py tells it.
TABLE_ROW = re.compile(r"[^–]{1,80} – (?:both )?[^:]+: ")
BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
# A relative clause that adds a fact: "which refused John Tower in 1989".
FURTHER_FACT = re.compile(r"(?:which|who|where|when)\b.*\d", re.I | re.S)
CAPITAL = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+")


def word_statement(parsed: ParsedEssay, claim: Claim, names: SideNames, rubric: Rubric) -> str:
    """The statement of a claim."""
    sides = (spoken_name(rubric, "a"), spoken_name(rubric, "b"))
    parts = [_part(parsed, part, names, rubric, is_likeness=claim.kind == "similarity") for part in claim.parts]
    parts = [p.strip(" ,;:.") for p in parts if p.strip(" ,;:.")]
    if claim.kind == "difference" and len(parts) > 1:
        parts = [
            parts[0],
            *(
                re.sub(
                    r",?\s*\b(?:by contrast|in contrast|on the other hand|however|conversely)\b,?\s*",
                    " ",
                    p,
                    flags=re.I,
                ).strip()
                for p in parts[1:]
            ),
        ]
        text = ", whereas ".join([parts[0], *(_lower_first(p, names) for p in parts[1:])])
    else:
        text = "; ".join(parts)
    text = " ".join(text.split())
    if claim.kind == "similarity":
        text = _with_sides(text, sides, names)
    return _capital(text.strip(" ,;:."))


def _part(parsed: ParsedEssay, span: Span, names: SideNames, rubric: Rubric, *, is_likeness: bool) -> str:
    text = parsed.essay.text[span.start : span.end].strip()
    if TABLE_ROW.match(text):
        return BRACKETS.sub("", text)
    text = _without_links(text)
    text = _named_subject(parsed, span, text, names, rubric)
    head, label = _without_topic(text)
    text = _without_examples(head, names, is_pair=has_cue(head[:24], "pair"), is_likeness=is_likeness)
    return f"{label} - {_lower_first(text, names)}" if label else text


def _without_links(text: str) -> str:
    """Without the conjunctions and adverbs that tie a sentence to the one before."""
    for _ in range(3):
        opening = next(((start, end) for start, end in cue_spans(text, "connective") if start <= 1), None)
        if opening is None or (
            re.match(r"\s+(?:of|to|as|in|by|time|the most)\b", text[opening[1] :])
            and text[: opening[1]].lower() in ("first", "next", "second", "third")
        ):
            break
        text = re.sub(r"^\s*,?\s*(?:for each,\s*)?", "", text[opening[1] :])
    text = re.sub(r"(?<=\w{3}),\s*(?:for example|for instance),?\s+(?=[A-Z])", ": ", text)
    text = re.sub(
        r",\s*(?:therefore|however|too|though|moreover|of course|also|for example|for instance|then),\s*", " ", text
    )
    text = re.sub(r"\b(?:for each|in each),\s*", "", text)
    return re.sub(r"(?<=\w)\s+(?:also|therefore)\s+(?=\w)", " ", text, count=1)


def _named_subject(parsed: ParsedEssay, span: Span, text: str, names: SideNames, rubric: Rubric) -> str:
    """A pronoun at the head replaced by the side it stands for, where the text tells."""
    a, b = spoken_name(rubric, "a"), spoken_name(rubric, "b")
    unit = next((u for u in parsed.units if u.start <= span.start + 1 < u.end), None)
    if (plural := re.match(r"(they|their)\s+", text, re.I)) and (unit is None or len(unit.sides) != 1):
        named = f"both {a} and {b}" if plural[1].lower() == "they" else f"{a}'s and {b}'s"
        return f"{named} {text[plural.end() :]}"
    match = re.match(r"(he|she|his|her|its)\b\s*", text, re.I)
    if not match:
        return text
    if unit is None or len(unit.sides) != 1:
        return text
    side = spoken_name(rubric, next(iter(unit.sides)))
    is_possessive = match[1].lower() in ("his", "its") or match[1].lower() == "her"
    return f"{side}{possessive_ending(side) if is_possessive else ''} {text[match.end() :]}"


def possessive_ending(name: str) -> str:
    """The ending that makes a name a possessive."""
    return "'" if name.endswith("s") else "'s"


def _without_topic(text: str) -> tuple[str, str]:
    """ "Temperament may explain much of this: Edward ..." -> the claim and its topic."""
    match = re.match(r"([^:;]{3,48}):\s+(?=\S)", text)
    if not match or has_cue(match[1][:24], "pair") or CAPITAL.search(match[1]):
        return text, ""
    words = match[1].split()
    noun = next((w for w in words if w.lower() not in ("the", "a", "an", "so", "do", "of", "course")), "")
    is_announcement = not set(_words("topic_verbs")).isdisjoint(w.lower() for w in words)
    if len(words) <= MAX_TOPIC_WORDS and noun and is_announcement:
        is_bare = words[0].lower() in ("so", "what", "how", "where")
        return text[match.end() :], "" if is_bare else noun.lower()
    return text, ""


# ---------------------------------------------------------------- examples


def _without_examples(text: str, names: SideNames, *, is_pair: bool, is_likeness: bool) -> str:
    """Without brackets, and without the segments that only illustrate with names, dates and figures."""
    bare = BRACKETS.sub("", text)
    pieces = re.split(r"(\s*[,;:]\s+|\s+[–—]\s+)", bare)
    segments = [(pieces[k - 1] if k else "", pieces[k]) for k in range(0, len(pieces), 2)]
    kept: list[tuple[str, str]] = []
    is_cut = False
    for index, (mark, segment) in enumerate(segments):
        if index == 0:
            kept.append((mark, _before_example(segment)))
            continue
        sign = mark.strip()
        keeps = _keeps().match(segment) is not None
        is_example = (bool(_illustrates().match(segment)) and not keeps) or has_cue(segment[:16], "example")
        is_named = _is_particular(segment, names)
        if sign in (":", ";") and is_pair and not has_cue(segment[:16], "pair"):
            break
        if FURTHER_FACT.match(segment) and is_named:
            is_cut = True
            continue
        tells_both = len({key for _, _, key in names.mentions(segment)}) == 2
        if sign == ":" and is_named and not keeps and not tells_both:
            is_cut = True
            continue
        if is_cut and not keeps and not names.mentions(segment[:24]):
            continue
        if is_example and (is_named or has_cue(segment[:16], "example")):
            continue
        if is_pair and is_named and not keeps:
            continue
        is_cut = False
        sets_against = sign == ";" and not is_pair and not is_likeness and not keeps
        kept.append((", whereas " if sets_against else mark, segment))
    kept = _without_dangling(kept, segments)
    joined = "".join(mark + segment for mark, segment in kept).strip()
    joined = re.sub(r"\s+([,;:.])", r"\1", joined)
    return joined if len(joined.split()) >= MIN_STATEMENT_WORDS else bare.strip()


def _without_dangling(kept: list[tuple[str, str]], segments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the comma that is left where an insertion between subject and verb was cut: "Henry, largely kept"."""
    found = list(kept)
    for index in range(1, len(found)):
        mark, segment = found[index]
        before = found[index - 1]
        place = segments.index(before) if before in segments else -1
        was_inserted = place >= 0 and place + 1 < len(segments) and segments[place + 1] != (mark, segment)
        if was_inserted and mark.strip() == "," and not _keeps().match(segment) and len(before[1].split()) <= 3:
            found[index] = (" ", segment)
    return found


def _before_example(segment: str) -> str:
    """The first segment up to "such as ..." or "by executive order and ..." where names follow."""
    cut = next(
        (
            start
            for start, _ in cue_spans(segment, "example")
            if len(segment[:start].split()) >= 4 and segment[start : start + 4].lower() != "like"
        ),
        None,
    )
    return segment[:cut].rstrip() if cut else segment


def _is_particular(segment: str, names: SideNames) -> bool:
    """Whether a segment names people, places, dates or figures other than the sides."""
    if find_dates(segment) or re.search(r"\d", segment):
        return True
    taken = names.mentions(segment)
    matches = re.finditer(r"\b[A-Z][\w’'-]+", segment)
    return any(not any(a <= m.start() < b for a, b, _ in taken) for m in matches)


# ---------------------------------------------------------------- sides


def _with_sides(text: str, sides: tuple[str, str], names: SideNames) -> str:
    """A likeness with both sides named."""
    a, b = sides
    found: set[SideKey] = {key for _, _, key in names.mentions(text)}
    if len(found) == 2:
        return text
    plural = "|".join(_pair_nouns("plural"))
    match = re.match(rf"both\s+(?!(?:{plural})\b)([a-z]+s)\s+(?=[a-z]+)", text, re.I)
    if match and match[1].lower() not in ("was", "is", "has", "does", "as", "its", "his", "this"):
        return f"both {match[1]} ({a} and {b}) {text[match.end() :]}"
    named = (f"both {a} and {b}", f"neither {a} nor {b}", f"each of {a} and {b}")
    for pattern, subject in zip(_pair_subjects(), named, strict=True):
        if pattern.match(text):
            return pattern.sub(subject, text, count=1)
    if match := _in_both().match(text):
        return f"in both {a} and {b}, {_lower_first(text[match.end() :], names)}"
    if _of_both().search(text):
        return _of_both().sub(f"both {a} and {b}", text, count=1)
    return f"for both {a} and {b}, {_lower_first(text, names)}"


def _lower_first(text: str, names: SideNames) -> str:
    """A small letter at the head where the word is no name."""
    first = text.split(" ")[0].strip(",.;:'’") if text else ""
    is_name = any(start == 0 for start, _, _ in names.mentions(text[:60]))
    is_word = first.lower() in _words("small") or (not is_name and first[1:].islower() and _is_common(first))
    return text[:1].lower() + text[1:] if is_word else text


@lru_cache(maxsize=8)
def _words(group: str) -> tuple[str, ...]:
    """A word list of ``drafting_wording.toml``; an underscore stands for a space."""
    return tuple(w.replace("_", " ") for w in load_cues(FILE)[group]["words"].split())


@lru_cache(maxsize=2)
def _pair_nouns(number: str) -> tuple[str, ...]:
    return tuple(load_cues(FILE)["pair_nouns"][number].split())


@lru_cache(maxsize=1)
def _pair_subjects() -> tuple[re.Pattern[str], ...]:
    """Both (leaders), neither (leader), each (leader) at the head, where the sides are not named after it."""
    plural, singular = "|".join(_pair_nouns("plural")), "|".join(_pair_nouns("singular"))
    both = rf"^(?:both|the two|these two)(?:\s+(?:of\s+(?:them|the)\s+)?(?:{plural}))?(?=\s)(?!\s+\w+\s+and\b)"
    neither = rf"^neither(?:\s+(?:of\s+them|{singular}))?(?=\s)(?!\s+\w+\s+nor\b)"
    each = rf"^each(?:\s+(?:of\s+them|{singular}))?(?=\s)"
    return tuple(re.compile(pattern, re.I) for pattern in (both, neither, each))


@lru_cache(maxsize=1)
def _in_both() -> re.Pattern[str]:
    """ "In both, ...", "In each case ...", "In both crises the ...": the sides are meant."""
    nouns = "|".join((*_pair_nouns("plural"), *_pair_nouns("singular")))
    return re.compile(rf"(?:in|under|with) (?:both|each)(?: of them| cases?| (?:{nouns})\b)?,?\s+(?=\w)", re.I)


@lru_cache(maxsize=1)
def _of_both() -> re.Pattern[str]:
    """ "in the background of both", "women in both cities": the sides are meant."""
    plural = "|".join(_pair_nouns("plural"))
    return re.compile(rf"(?<=[a-z] )both(?:(?=\s*(?:[,;:.]|$))|(?<=\b(?:in|of|by|to) both) (?:{plural})\b)")


@lru_cache(maxsize=1)
def _keeps() -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(_words('keeps'))})\b", re.I)


@lru_cache(maxsize=1)
def _illustrates() -> re.Pattern[str]:
    """What a segment that only illustrates opens with: a preposition, a participle, or a name with one."""
    return re.compile(rf"^(?:{'|'.join(_words('illustrates'))}|[A-Z][\w’']+ \w+ing|[a-z]{{3,}}(?:ing|ed))\b")


def _is_common(word: str) -> bool:
    return tier(fold(word)) <= COMMON_SIZE and not is_known_name(fold(word))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def is_overlong(statement: str) -> bool:
    """Whether a statement has more words than one idea needs."""
    return len(statement.split()) > LONG_STATEMENT


def points_back(statement: str) -> bool:
    """Whether a statement opens with a word for something it does not name ("Its weight falls on women")."""
    return re.match(r"(?:it|its|they|their|he|his|she|her|this|these|those|such)\b", statement, re.I) is not None


def has_two_ideas(parsed: ParsedEssay, spans: Sequence[Span]) -> bool:
    """Whether a claim has two coordinated predicates with an object each: "used purges and resorted to trials"."""
    if not parsed.doc.has_annotation("DEP"):
        return False
    for span in spans[:1]:
        verbs = [
            t
            for t in parsed.doc
            if span.start <= t.idx < span.end and t.tag_.startswith("VB") and t.dep_ in ("ROOT", "conj", "amod")
        ]
        for first, second in pairwise(verbs):
            if (
                second.head == first
                and second.dep_ == "conj"
                and all(any(c.dep_ in ("obj", "obl") for c in v.children) for v in (first, second))
            ):
                return True
    return False
