"""Claims -> statements: one self-standing sentence each, with both sides named, in the model answer's own words.

Words are taken away (links to the sentence before, examples, brackets) and pronouns are replaced by the names they
stand for; nothing is added but the names of the sides and "whereas".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from analyser.drafting.cue_groups import cue_spans, has_cue
from analyser.drafting.records import Claim
from analyser.records import ParsedEssay, Rubric, SideKey, Span
from analyser.rubrics.dates import find_dates
from analyser.rubrics.sides import SideNames

# Words a statement keeps at least when examples are cut from it.
MIN_STATEMENT_WORDS = 4
# Characters of a statement a pair word must stand within to be its subject.
SUBJECT_CHARACTERS = 6
PLURAL_NOUN = r"(?:leaders|men|women|kings|queens|rulers|figures|writers|poets|authors|novels|plays|poems|states|powers|countries|regimes|systems|movements|thinkers|sides|texts|presidents|ministers|theories|approaches|ones|parties|empires|revolutions|wars)"
SINGULAR_NOUN = r"(?:leader|man|woman|king|queen|ruler|figure|writer|poet|author|novel|play|poem|state|power|country|regime|system|movement|thinker|side|text|one|theory|approach|party|empire|revolution|war)"
BOTH = re.compile(
    rf"^(?:both|the two|these two)(?:\s+(?:of\s+(?:them|the)\s+)?{PLURAL_NOUN})?(?=\s)(?!\s+\w+\s+and\b)", re.I
)
NEITHER = re.compile(rf"^neither(?:\s+(?:of\s+them|{SINGULAR_NOUN}))?(?=\s)(?!\s+\w+\s+nor\b)", re.I)
EACH = re.compile(rf"^each(?:\s+(?:of\s+them|{SINGULAR_NOUN}))?(?=\s)", re.I)
BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
# What a segment between commas begins with when it only illustrates: prepositions, participles, "whether", "as ... show".
ILLUSTRATES = re.compile(
    r"^(?:as|at|in|on|by|with|within|from|for|after|before|during|under|over|through|until|whether|including|such|like|"
    r"notably|especially|for example|for instance|e\.g\.?|namely|made|whose|[A-Z][\w’']+ \w+ing|"
    r"\w{3,}(?:ing|ed)|both in)\b"
)
KEEPS = re.compile(
    r"^(?:so|and|but|or|nor|which|who|that|in order|rather than|unlike|not|though|although|because|when|where|whereas|while|by contrast|partly)\b",
    re.I,
)
CAPITAL = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+")


def word_statement(parsed: ParsedEssay, claim: Claim, names: SideNames, rubric: Rubric) -> str:
    """The statement of a claim."""
    sides = (rubric.sides[0].name, rubric.sides[1].name)
    parts = [_part(parsed, part, names, rubric) for part in claim.parts]
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


def _part(parsed: ParsedEssay, span: Span, names: SideNames, rubric: Rubric) -> str:
    text = parsed.essay.text[span.start : span.end].strip()
    text = _without_links(text)
    text = _named_subject(parsed, span, text, names, rubric)
    head, label = _without_topic(text)
    text = _without_examples(head, names, is_pair=has_cue(head[:24], "pair"))
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
    text = re.sub(
        r",\s*(?:therefore|however|too|though|moreover|of course|also|for example|for instance|then),\s*", " ", text
    )
    text = re.sub(r"\b(?:for each|in each),\s*", "", text)
    return re.sub(r"(?<=\w)\s+(?:also|therefore)\s+(?=\w)", " ", text, count=1)


def _named_subject(parsed: ParsedEssay, span: Span, text: str, names: SideNames, rubric: Rubric) -> str:
    """A pronoun at the head replaced by the side it stands for, where the text tells."""
    a, b = (side.name for side in rubric.sides)
    unit = next((u for u in parsed.units if u.start <= span.start + 1 < u.end), None)
    if (plural := re.match(r"(they|their)\s+", text, re.I)) and (unit is None or len(unit.sides) != 1):
        named = f"both {a} and {b}" if plural[1].lower() == "they" else f"{a}'s and {b}'s"
        return f"{named} {text[plural.end() :]}"
    match = re.match(r"(he|she|his|her|its)\b\s*", text, re.I)
    if not match:
        return text
    if unit is None or len(unit.sides) != 1:
        return text
    side = rubric.side(next(iter(unit.sides))).name
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
    if (
        len(words) <= 7
        and noun
        and (
            re.search(
                r"\b(?:explain|differ\w*|matter\w*|unlike|way|too|points?|varied|same|contrast\w*|difference|do|leaks?)\b",
                match[1],
            )
        )
    ):
        return text[match.end() :], "" if words[0].lower() == "so" else noun.lower()
    return text, ""


# ---------------------------------------------------------------- examples


def _without_examples(text: str, names: SideNames, *, is_pair: bool) -> str:
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
        keeps = KEEPS.match(segment) is not None
        is_example = (bool(ILLUSTRATES.match(segment)) and not keeps) or has_cue(segment[:16], "example")
        is_named = _is_particular(segment, names)
        if sign in (":", ";") and is_pair and not has_cue(segment[:16], "pair"):
            break
        if sign == ":" and is_named and not keeps:
            is_cut = True
            continue
        if is_cut and not keeps and not names.mentions(segment[:24]):
            continue
        if is_example and (is_named or has_cue(segment[:16], "example")):
            continue
        if is_pair and is_named and not keeps:
            continue
        is_cut = False
        kept.append((", whereas " if sign == ";" and not is_pair and not keeps else mark, segment))
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
        if was_inserted and mark.strip() == "," and not KEEPS.match(segment) and len(before[1].split()) <= 3:
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
    for pattern, named in (
        (BOTH, f"both {a} and {b}"),
        (NEITHER, f"neither {a} nor {b}"),
        (EACH, f"each of {a} and {b}"),
    ):
        if pattern.match(text):
            return pattern.sub(named, text, count=1)
    return f"for both {a} and {b}, {_lower_first(text, names)}"


def _lower_first(text: str, names: SideNames) -> str:
    """A small letter at the head where the word is no name."""
    first = text.split(" ")[0].strip(",.;:'’") if text else ""
    is_name = any(start == 0 for start, _, _ in names.mentions(text[:60]))
    is_word = first.lower() in _FUNCTION or (not is_name and first[1:].islower() and _is_common(first))
    return text[:1].lower() + text[1:] if is_word else text


_FUNCTION = frozenset(
    "the a an both neither each it its he she his her they their this that these those no some many all most there in on by at for".split()
)


def _is_common(word: str) -> bool:
    from analyser.rubrics.words import COMMON_SIZE, fold, is_known_name, tier

    return tier(fold(word)) <= COMMON_SIZE and not is_known_name(fold(word))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def overlong(statement: str, limit: int = 45) -> bool:
    """Whether a statement has more words than one idea needs."""
    return len(statement.split()) > limit


def has_two_ideas(parsed: ParsedEssay, spans: Sequence[Span]) -> bool:
    """Whether a likeness has two coordinated predicates with an object each: "used purges ... and resorted to trials"."""
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
