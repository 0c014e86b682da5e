"""Numbers in a text, in digits, words or Roman figures: "21 million", "21m", "twenty one million", "XVII", "50th"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from analyser.rubrics.words import Word, load_cues

# Fractions in words: "half a million", "a million and a half", "a quarter of a million", "nine in ten".
FRACTION_OF = re.compile(
    r"(?P<part>half|a\s+quarter\s+of|quarter\s+of|three\s+quarters\s+of)\s+an?\s+(?P<scale>hundred|thousand|million|billion)\b",
    re.I,
)
AND_A_HALF = re.compile(
    r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)\s+(?:(?P<scale>thousand|million|billion)\s+and\s+a\s+half|and\s+a\s+half\s+(?P<later>thousand|million|billion))\b",
    re.I,
)
OUT_OF = re.compile(
    r"(?P<part>one|two|three|four|five|six|seven|eight|nine|\d)\s+(?:in|out\s+of)(?:\s+every)?\s+(?P<whole>ten|10)\b",
    re.I,
)
PART = {"half": 0.5, "quarter": 0.25, "three": 0.75}
RANGE_DASHES = ("-", "–", "‐", "‑")
DIGITS = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?|\d+)([½¼¾⅓⅔]?)([^\W\d_]*)")
ROMAN = re.compile(r"(?=[IVX]{2,})(X{0,3})(IX|IV|V?I{0,3})")
ROMAN_UNITS = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
PERCENT = re.compile(r"\s*(?:%|per\s?cent\b|percent\b|pc\b)", re.I)
CURRENCY = re.compile(r"[£$€¥]\s?$")
# How far two figures may lie apart and still be the same one rounded ("over 200,000" for 220,000): a share of the
# larger; and the least figure that is rounded at all.
ROUNDING = 0.1
LEAST_ROUNDED = 100
# Smaller figures are rounded to tens alone ("fifty days" for 49): the least that is (0 and more), and a share (0 to 1)
# of the larger. Set by hand: at 50 the share allows one off, at 80 two; under 40 none, since so few are counted.
LEAST_TENS, TENS_ROUNDING = 20, 0.025


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``start``:``end``, words ``first_word``:``last_word``; ``unit`` is %, a currency sign or ''."""

    start: int
    end: int
    value: float
    unit: str
    is_ordinal: bool
    first_word: int
    last_word: int

    @property
    def key(self) -> str:
        return f"#{self.value:.10g}"


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]:
    data = load_cues("numbers.toml")
    return data["cardinal"], data["ordinal"], data["scale"], data["suffix"]


def find_numbers(text: str, words: list[Word]) -> list[Number]:
    """The numbers among ``words``, longest reading first; years are numbers too."""
    cardinal, ordinal, scale, _ = _words()
    found = []
    fractions = _fractions(text, words) if words else {}
    i = 0
    while i < len(words):
        word = words[i]
        if fraction := fractions.get(word.start):
            found.append(fraction)
            i = fraction.last_word
            continue
        first = word.key[:1]
        if first.isdigit():
            number = _digits(text, words, i)
        elif word.key in cardinal or word.key in ordinal or (word.key in scale and i and words[i - 1].key == "a"):
            number = _spelt(text, words, i)
        elif word.is_capital and len(word.key) > 1 and (roman := ROMAN.fullmatch(text[word.start : word.end])):
            value = 10 * len(roman[1]) + ROMAN_UNITS[roman[2]]
            number = Number(word.start, word.end, value, "", True, i, i + 1)
        else:
            i += 1
            continue
        if number is None:
            i += 1
            continue
        if found and text[found[-1].end : number.start] in RANGE_DASHES:
            found[-1] = _scaled(found[-1], number, text, words)
        found.append(number)
        i = number.last_word
    return found


def _scaled(low: Number, high: Number, text: str, words: list[Word]) -> Number:
    """The lower end of a range with the scale and percent sign that stand behind the upper one: "210-235 billion"."""
    first = words[high.first_word]
    match = DIGITS.fullmatch(text, first.start, first.end)
    base = float(match[1].replace(",", "")) if match else 0.0
    if not 0 < low.value < base < high.value and not (low.value < high.value and high.unit == "%"):
        return low
    factor = high.value / base if base else 1.0
    return replace(low, value=low.value * factor, unit=low.unit or (high.unit if high.unit == "%" else ""))


def _fractions(text: str, words: list[Word]) -> dict[int, Number]:
    """Numbers worded with a fraction, by the position where they begin."""
    cardinal, _, scale, _ = _words()
    index_by_start = {w.start: i for i, w in enumerate(words)}
    found = {}
    for pattern in (FRACTION_OF, AND_A_HALF, OUT_OF):
        for match in pattern.finditer(text, words[0].start, words[-1].end):
            first = index_by_start.get(match.start())
            if first is None:
                continue
            last = first
            while last < len(words) and words[last].start < match.end():
                last += 1
            unit = ""
            if pattern is FRACTION_OF:
                part = next(
                    v
                    for k, v in PART.items()
                    if k in match["part"].lower() and (k != "quarter" or "three" not in match["part"].lower())
                )
                value = part * scale[match["scale"].lower()]
            elif pattern is AND_A_HALF:
                value = (cardinal.get(match["count"].lower(), 1) + 0.5) * scale[
                    (match["scale"] or match["later"]).lower()
                ]
            else:
                part_word = match["part"].lower()
                value, unit = 10.0 * (int(part_word) if part_word.isdigit() else cardinal[part_word]), "%"
            found[match.start()] = Number(match.start(), match.end(), float(value), unit, False, first, last)
    return found


def _unit(text: str, start: int, end: int) -> tuple[int, int, str]:
    """The span widened by a currency sign before or a percent sign behind it, and the unit."""
    if match := CURRENCY.search(text, max(0, start - 2), start):
        return match.start(), end, match[0].strip()
    if match := PERCENT.match(text, end):
        return start, match.end(), "%"
    return start, end, ""


def _digits(text: str, words: list[Word], i: int) -> Number | None:
    _, _, scale, suffix = _words()
    word = words[i]
    match = DIGITS.fullmatch(text, word.start, word.end)
    if match is None:
        return None
    value = float(match[1].replace(",", "")) + (unicodedata.numeric(match[2]) if match[2] else 0.0)
    tail = match[3].casefold()
    is_ordinal = tail in ("st", "nd", "rd", "th")
    if tail in suffix:
        value *= suffix[tail]
    elif tail and not is_ordinal and tail != "s":
        return None
    last = i + 1
    while (
        last < len(words) and words[last].key in scale and text[words[last - 1].end : words[last].start] in (" ", "-")
    ):
        value *= scale[words[last].key]
        last += 1
    start, end, unit = _unit(text, word.start, words[last - 1].end)
    return Number(start, end, value, unit, is_ordinal, i, last)


def _spelt(text: str, words: list[Word], i: int) -> Number | None:
    cardinal, ordinal, scale, _ = _words()
    total, current, last, is_ordinal = 0, 0, i, False
    previous = 10**15
    while last < len(words):
        key = words[last].key
        gap = text[words[last - 1].end : words[last].start] if last > i else " "
        if gap.strip(" \n-‐‑") or "\n\n" in gap:
            break
        if key in cardinal or key in ordinal:
            value = cardinal.get(key, ordinal.get(key, 0))
            # "twenty one" goes on, "two and two", "one two" do not.
            is_tens = 20 <= previous < 100 and previous % 10 == 0 and value < 10
            if current and not is_tens and current % 100:
                break
            current += value
            previous = value
            is_ordinal = key in ordinal
            last += 1
            if is_ordinal:
                break
        elif key in scale:
            if last > i and not current and not total:
                break
            if scale[key] == 100:
                current = (current or 1) * 100
            else:
                total += (current or 1) * scale[key]
                current = 0
            previous = scale[key]
            last += 1
        elif (
            key == "and"
            and last > i
            and previous in (100, 1000)
            and last + 1 < len(words)
            and words[last + 1].key in cardinal
        ):
            last += 1
        else:
            break
    if last == i:
        return None
    start, end, unit = _unit(text, words[i].start, words[last - 1].end)
    return Number(start, end, float(total + current), unit, is_ordinal, i, last)


def ordinal_key(key: str) -> str:
    """The key of a number as an ordinal: "second" is no "U-2", though "Second Plan" may be "Plan 2"."""
    return key + "th"


def is_ordinal_text(text: str) -> bool:
    """Whether a number is written as an ordinal."""
    last = text.casefold().split("-")[-1].split()[-1]
    return last in _words()[1] or bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", last))


def is_same_figure(a: float, b: float) -> bool:
    """Whether two figures agree, allowing for rounding."""
    if a == b:
        return True
    is_tens = min(a, b) >= LEAST_TENS and (a % 10 == 0 or b % 10 == 0) and a % 1 == 0 == b % 1
    share = ROUNDING if min(a, b) >= LEAST_ROUNDED else TENS_ROUNDING if is_tens else 0.0
    return abs(a - b) <= share * max(a, b)
