"""Drafts of different students that share much of their wording, found in time that grows with the class alone.

Of all runs of N_SHINGLE words a fixed one in SAMPLING is kept by its hash (so the same run is kept in every draft);
drafts that share many kept runs are worth a look. After Broder 1997, "On the resemblance and containment of documents".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

# Words in a run: two writers rarely agree on eight words by chance unless both quote.
N_SHINGLE = 8
# One run in this many is kept; an 800-word draft keeps some 100.
SAMPLING = 8
# Share (0 to 1) of the shorter draft's kept runs that the other holds, from which the pair is named. By hand: half of
# the essay word for word.
MIN_SHARED_RATIO = 0.5
# Fewest kept runs that a draft must have to be compared.
MIN_PRINTS = 10
# A run found in more drafts than this is the question, a quotation or the class's notes. It also bounds the pairs.
MAX_SHARERS = 20


def fingerprint(text: str) -> tuple[int, ...]:
    """The kept runs of a draft, as numbers in ascending order."""
    words = re.findall(r"\w+", text.casefold())
    runs = (" ".join(words[i : i + N_SHINGLE]) for i in range(len(words) - N_SHINGLE + 1))
    hashes = (int.from_bytes(blake2b(run.encode("utf8"), digest_size=6).digest()) for run in runs)
    return tuple(sorted({value for value in hashes if value % SAMPLING == 0}))


def find_copies(prints_by_owner: Mapping[str, Iterable[int]]) -> Iterator[tuple[str, str, float]]:
    """Pairs of owners whose drafts share much wording, with the share of the shorter one."""
    owners_by_print: dict[int, list[str]] = defaultdict(list)
    n_by_owner = {}
    for owner, prints in prints_by_owner.items():
        own = list(prints)
        n_by_owner[owner] = len(own)
        if len(own) >= MIN_PRINTS:
            for value in own:
                owners_by_print[value].append(owner)
    n_shared: Counter[tuple[str, str]] = Counter()
    for owners in owners_by_print.values():
        if len(owners) <= MAX_SHARERS:
            n_shared.update((a, b) for i, a in enumerate(owners) for b in owners[i + 1 :])
    for (a, b), n in sorted(n_shared.items()):
        ratio = n / min(n_by_owner[a], n_by_owner[b])
        if ratio >= MIN_SHARED_RATIO:
            yield a, b, ratio
