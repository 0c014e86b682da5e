"""Names of students and files: which draft a file is, file names that every system accepts, codes instead of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# What people add to the names of drafts; a number, or else the rank of the word, says which came later.
DRAFT_MARK = re.compile(
    r"[\s_.\-]*(?:\(?\b(?P<word>draft|version|ver|rev|v)[\s_.\-]?(?P<n>\d{1,3})\)?|\((?P<copy>\d{1,2})\)"
    r"|\b(?P<only>first|second|third|final|finished|redraft|rough)(?:[\s_.\-]?(?:draft|version))?|\b(?P<bare>draft))$",
    re.I,
)
RANK_BY_WORD = {
    "rough": 0,
    "draft": 1,
    "first": 1,
    "second": 2,
    "third": 3,
    "redraft": 900,
    "final": 999,
    "finished": 999,
}
# Longest file name made (bytes); file systems hold 255, and a suffix and a number follow.
MAX_NAME_BYTES = 120
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)


def split_draft(stem: str) -> tuple[str, int | None]:
    """A file's name without the mark of a draft, and the draft's rank (None without a mark): "amy v2" -> "amy", 2."""
    spaced = stem.replace("_", " ")
    match = DRAFT_MARK.search(spaced)
    if match is None or not spaced[: match.start()].strip():
        return stem, None
    number = match["n"] or match["copy"]
    rank = int(number) if number else RANK_BY_WORD[(match["only"] or match["bare"]).lower()]
    return stem[: match.start()], rank


def file_name(name: str) -> str:
    """A name that Windows, macOS and Linux accept as the name of a file."""
    text = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name))
    text = " ".join(text.split()).strip(". ")
    text = text.encode("utf8")[:MAX_NAME_BYTES].decode("utf8", "ignore").strip(". ")
    if not text or text.partition(".")[0].lower() in RESERVED:
        text = f"student {text}".strip()
    return text


def labels(names: Iterable[tuple[str, str]]) -> list[str]:
    """A distinct label, good as a file name, for each (name, what tells it from its namesakes), in order."""
    pairs = [(file_name(name), file_name(detail) if detail else "") for name, detail in names]
    counts: dict[str, int] = {}
    for name, _ in pairs:
        counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
    taken: set[str] = set()
    found = []
    for name, detail in pairs:
        wanted = f"{name} ({detail})" if counts[name.casefold()] > 1 and detail else name
        label, n = wanted, 2
        while label.casefold() in taken:
            label, n = f"{wanted} {n}", n + 1
        taken.add(label.casefold())
        found.append(label)
    return found


def without_name(text: str, name: str, code: str, *, is_heading: bool) -> str:
    """``text`` with the student's name replaced by the code: the whole name anywhere, each part of it in the lines
    above the essay. Parts are left alone in the essay, where "Henry" is more often a king than the student."""
    parts = [re.escape(part) for part in re.findall(r"[^\W\d_][\w'’\-]+", name)]
    if not parts:
        return text
    if len(parts) > 1:
        orders = (r"[\s,._]+".join(parts), r"[\s,._]+".join([parts[-1], *parts[:-1]]))
        text = re.sub(rf"(?<!\w)(?:{'|'.join(orders)})(?!\w)", code, text, flags=re.I)
    if is_heading:
        text = re.sub(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", code, text, flags=re.I)
    return text


def new_codes(keys: Iterable[str], known: Mapping[str, str], order: Iterable[int]) -> dict[str, str]:
    """Codes for all keys: those known stay, new students get the free numbers in the random ``order``."""
    taken = set(known.values())
    free = (code for n in order if (code := f"Student {n:03d}") not in taken)
    return {**known, **{key: next(free) for key in keys if key not in known}}
