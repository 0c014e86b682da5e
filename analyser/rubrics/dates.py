"""Dates in a text: "5 January 1918", "December 1917", "1936-8", "the autumn of 1918", "the mid-thirties", "1930s"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from analyser.rubrics.words import load_cues

Day = tuple[int, int, int]

PARTS_OF_DECADE = {"early": (0, 3), "mid": (3, 6), "middle": (3, 6), "late": (6, 9), "": (0, 9)}


@dataclass(frozen=True, slots=True)
class Date:
    """A stretch of time named at ``start``:``end``, from ``first`` to ``last`` (year, month, day), both included.

    ``precision`` is how it was named: day, month, season, year, years (a range) or decade.
    """

    start: int
    end: int
    first: Day
    last: Day
    precision: str

    @property
    def years(self) -> range:
        return range(self.first[0], self.last[0] + 1)

    @property
    def key(self) -> str:
        """The key of a day ("@1918-1-5") or a month ("@1918-1"); '' where the date names neither."""
        parts = {"day": self.first, "month": self.first[:2]}.get(self.precision, ())
        return "@" + "-".join(str(part) for part in parts) if parts else ""

    def agrees_with(self, other: Date) -> bool:
        """Whether the two stretches overlap."""
        return self.first <= other.last and other.first <= self.last


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], dict[str, int], dict[str, list[int]], dict[str, int]]:
    data = load_cues("numbers.toml")
    months = data["months"]
    month = "|".join(sorted(months, key=len, reverse=True))
    season = "|".join(data["seasons"])
    decade = "|".join(data["decades"])
    year = r"(?:1\d{3}|20\d{2})"
    pattern = (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<day_month>{month})\b\.?,?(?:\s+(?P<day_year>{year})(?!\d))?"
        rf"|(?P<us_month>{month})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<us_year>{year}))?(?!\d)"
        rf"|(?:(?P<from_month>{month})|(?P<season>{season}))\.?,?\s+(?:of\s+)?(?P<month_year>{year})(?!\d)"
        rf"|between\s+(?P<between_first>{year})\s+and\s+(?P<between_last>{year})(?!\d)"
        rf"|(?P<range_first>{year})(?:\s*[-–—/]\s*|\s+(?:to|until)\s+)(?P<range_last>{year}|\d\d?)"
        rf"(?![\d%]|\s*(?:per\s?cent|million|thousand))"
        rf"|(?:(?P<part>early|mid|middle|late)[-\s]+(?:of\s+the\s+)?)?(?P<century>{year})['’]?s\b"
        rf"|(?:(?P<part_word>early|mid|middle|late)[-\s]+(?:of\s+the\s+)?|(?<=the\s)|nineteen[-\s]+)(?P<decade>{decade})\b"
        rf"|(?P<year>{year})(?![\d%]|[.,]\d)"
    )
    return re.compile(rf"(?<![\w£$€])(?<!\d[.,])(?:{pattern})", re.I), months, data["seasons"], data["decades"]


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[Date]:
    """The dates named in ``text[start:end]`` in order. A day without a year is left out."""
    pattern, months, seasons, decades = _pattern()
    found = []
    for m in pattern.finditer(text, start, len(text) if end is None else end):
        group = m.groupdict()
        if group["day"] or group["us_day"]:
            year = group["day_year"] or group["us_year"]
            month = months[(group["day_month"] or group["us_month"]).lower()]
            day = int(group["day"] or group["us_day"])
            if year is None or not 1 <= day <= 31:
                continue
            when = (int(year), month, day)
            found.append(Date(m.start(), m.end(), when, when, "day"))
        elif group["month_year"]:
            year_number = int(group["month_year"])
            if group["from_month"]:
                month = months[group["from_month"].lower()]
                found.append(Date(m.start(), m.end(), (year_number, month, 1), (year_number, month, 31), "month"))
            else:
                first, last = seasons[group["season"].lower()]
                last_year = year_number + (last < first)
                found.append(Date(m.start(), m.end(), (year_number, first, 1), (last_year, last, 31), "season"))
        elif group["between_first"]:
            first_year, last_year = sorted((int(group["between_first"]), int(group["between_last"])))
            found.append(_years(m.start("between_first"), m.end(), first_year, last_year, "years"))
        elif group["range_first"]:
            first_year = int(group["range_first"])
            tail = group["range_last"]
            last_year = int(str(first_year)[: 4 - len(tail)] + tail)
            if last_year < first_year:
                found.append(_years(m.start("range_first"), m.end("range_first"), first_year, first_year, "year"))
            else:
                found.append(_years(m.start("range_first"), m.end(), first_year, last_year, "years"))
        elif group["century"]:
            first_year = int(group["century"])
            from_, to = PARTS_OF_DECADE[(group["part"] or "").lower()]
            if first_year % 10 == 0:
                found.append(_years(m.start(), m.end(), first_year + from_, first_year + to, "decade"))
        elif group["decade"]:
            from_, to = PARTS_OF_DECADE[(group["part_word"] or "").lower()]
            decade = 1900 + decades[group["decade"].lower()]
            found.append(_years(m.start(), m.end(), decade + from_, decade + to, "decade"))
        elif group["year"]:
            number = int(group["year"])
            found.append(_years(m.start(), m.end(), number, number, "year"))
    return found


def find_days(text: str) -> list[Date]:
    """The days named without a year ("on 22 October"); their year is 0."""
    pattern, months, _, _ = _pattern()
    found = []
    for m in pattern.finditer(text):
        group = m.groupdict()
        day, month = group["day"] or group["us_day"], group["day_month"] or group["us_month"]
        if day and not (group["day_year"] or group["us_year"]) and 1 <= int(day) <= 31:
            when = (0, months[month.lower()], int(day))
            found.append(Date(m.start(), m.start() + len(m[0].rstrip(" ,.")), when, when, "day"))
    return found


def _years(start: int, end: int, first: int, last: int, precision: str) -> Date:
    return Date(start, end, (first, 1, 1), (last, 12, 31), precision)


def parse_rubric_date(value: str) -> Date | None:
    """A rubric's ``date`` (1917, 1917-12, 1917-12-25, or two joined by a slash) as a stretch of time."""
    if not value:
        return None
    first_text, _, last_text = value.partition("/")
    first, last = _edge(first_text, is_last=False), _edge(last_text or first_text, is_last=True)
    precision = {4: "year", 7: "month"}.get(len(first_text.lstrip("-")), "day") if not last_text else "years"
    return Date(0, 0, first, last, precision) if first <= last else None


def _edge(text: str, *, is_last: bool) -> Day:
    sign = -1 if text.startswith("-") else 1
    parts = [int(p) for p in text.lstrip("-").split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    return sign * year, month or (12 if is_last else 1), day or (31 if is_last else 1)
