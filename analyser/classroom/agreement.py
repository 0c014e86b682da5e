"""How often the tool and the teacher agree, item by item, on the verdicts she gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analyser.classroom.corrections import Correction


@dataclass(frozen=True, slots=True)
class Agreement:
    """One criterion, point or piece of evidence: verdicts compared, how many agree, and the others. An "unsure" of the
    tool's is neither right nor wrong and is counted apart."""

    id: str
    n_compared: int
    n_agreed: int
    n_unsure: int
    differing: tuple[tuple[str, str, str], ...]  # student, the tool's verdict, hers

    @property
    def ratio(self) -> float | None:
        return self.n_agreed / self.n_compared if self.n_compared else None


def find_agreement(corrections: Iterable[Correction]) -> list[Agreement]:
    """Agreement on each id that she gave a verdict on, the worst first."""
    groups: dict[str, list[Correction]] = defaultdict(list)
    for c in corrections:
        if c.status:
            groups[c.id].append(c)
    found = []
    for item_id, group in groups.items():
        compared = [c for c in group if c.tool.get("status") not in (None, "unsure")]
        differing = tuple(
            (c.student, str(c.tool["status"]), c.status) for c in compared if c.tool["status"] != c.status
        )
        found.append(
            Agreement(item_id, len(compared), len(compared) - len(differing), len(group) - len(compared), differing)
        )
    return sorted(found, key=lambda a: (a.ratio is None, a.ratio, a.id))
