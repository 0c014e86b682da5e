"""The class report: one self-contained page to teach from, and a whole-class sheet of one side of A4 to print.

The page is the teacher's: it names students and says what the rubric expects. The sheet can be shown to the class: it
asks the rubric's questions and gives no answer away.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from analyser.report.class_report import ClassReport, Row, item_labels
from analyser.report.view import clean, one_line

TEMPLATES = Path(__file__).parent / "templates"
# Sign and word of each status; the shading is in the style sheet, and the sign makes colour unnecessary.
SIGNS = {
    "stated": "●", "covered": "●", "used": "●", "hedged": "◐", "partial": "◐", "named": "◐",
    "unsure": "?", "contradicted": "✕", "misused": "✕", "missing": "",
}  # fmt: skip
SHADE = {
    "stated": "there", "covered": "there", "used": "there", "hedged": "half", "partial": "half", "named": "half",
    "unsure": "unsure", "contradicted": "check", "misused": "check", "missing": "missing",
}  # fmt: skip
SLIP_QUESTIONS = {
    "date": "Check this date:",
    "name": "Check this name:",
    "number": "Check this figure:",
    "attribution": "Check whose this was:",
}
# Share (0 to 1) of the class that lacks a point from which it is worth teaching again: half of the class.
MIN_RETEACH_RATIO = 0.5
# Rows of the lists; by hand, what a teacher takes in at a look. The sheet's are set by its one side of A4.
N_LISTED = 10
N_NOTES = 30
N_TO_SEE = 6
N_PRAISED = 6
N_SHEET_ITEMS = 4
N_SHEET_NAMES = 8
MAX_SHEET_TEXT = 180  # characters of one item on the sheet


class Column(NamedTuple):
    """A column of a heat map: how many students have it, half have it, and lack it."""

    id: str
    label: str
    n_there: int
    n_half: int
    n_missing: int


class Group(NamedTuple):
    """A slip that several may have made; ``what`` names the evidence, which the class is not told."""

    kind: str
    what: str
    expected: str
    written: tuple[str, ...]
    students: tuple[str, ...]


class ToSee(NamedTuple):
    student: str
    reasons: tuple[str, ...]


class Reteach(NamedTuple):
    id: str
    statement: str
    hint: str
    evidence: tuple[str, ...]
    n_missing: int


class Sheet(NamedTuple):
    """What the class is shown; every item is one short line."""

    done_well: tuple[str, ...]
    names: tuple[str, ...]
    look_again: tuple[str, ...]
    facts: tuple[str, ...]
    task: str


def render_class_page(report: ClassReport) -> str:
    """The class report as a page of HTML; the same report always gives the same page."""
    style = (TEMPLATES / "class.css").read_text(encoding="utf8").strip()
    digest = b64encode(sha256(style.encode("utf8")).digest()).decode()
    queue = list(report.doubts())
    return _template().render(
        report=report,
        style=style,
        style_hash=f"sha256-{digest}",
        tables=(
            ("Judgement, criteria and points", columns(report, points=True)),
            ("Evidence", columns(report, points=False)),
        ),
        labels=item_labels(report.rubric),
        signs=SIGNS,
        shade=SHADE,
        missed=most_missed(report),
        slips=common_slips(report),
        to_see=to_see(report),
        praised=praised(report),
        reteach=reteach(report),
        sheet=sheet(report),
        queue=queue[:N_LISTED],
        n_queue=len(queue),
        notes=[remark for remark in report.remarks if remark.kind == "note"],
        n_shown=N_NOTES,
        aside=[remark for remark in report.remarks if remark.kind == "set_aside"],
    )


def columns(report: ClassReport, *, points: bool) -> list[Column]:
    """The columns of the heat map of points, or of that of evidence, with their counts."""
    rubric = report.rubric
    ids = ["judgement", *(c.id for c in rubric.criteria), *(p.id for p in rubric.points)]
    labels = item_labels(rubric)
    found = []
    for item_id in ids if points else [item.id for item in rubric.evidence]:
        shades: Counter[str] = Counter()
        for status, n in report.counts(item_id).items():
            shades[SHADE[status]] += n
        found.append(Column(item_id, labels[item_id], shades["there"], shades["half"], shades["missing"]))
    return found


def most_missed(report: ClassReport) -> list[Column]:
    """Criteria and points that most students lack, the most missed first."""
    missed = [column for column in columns(report, points=True) if column.n_missing]
    return sorted(missed, key=lambda column: -column.n_missing)[:N_LISTED]


def common_slips(report: ClassReport) -> list[Group]:
    """Slips of fact by what they are about, the commonest first."""
    labels = item_labels(report.rubric)
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in report.rows:
        for slip in row.slips:
            written = slip.quote if slip.kind == "attribution" else slip.found
            groups[slip.kind, slip.evidence, slip.expected].append((written, row.student))
    ordered = sorted(groups.items(), key=lambda item: (-len({s for _, s in item[1]}), item[0]))
    return [
        Group(
            kind,
            f"{kind} of {labels[evidence]}" if evidence in labels else kind,
            expected,
            tuple(dict.fromkeys(found for found, _ in pairs)),
            tuple(dict.fromkeys(student for _, student in pairs)),
        )
        for (kind, evidence, expected), pairs in ordered
    ]


def to_see(report: ClassReport) -> list[ToSee]:
    """Students to talk to, with the reasons; those with most reasons and least found first."""
    noted = {remark.student: remark.text for remark in report.remarks if remark.code in ("N123", "N131", "N129")}
    lowest = sorted(row.found_ratio for row in report.rows)[: max(1, len(report.rows) // 5)]
    found = []
    for row in report.rows:
        reasons = list(_reasons(row, is_low=len(report.rows) > 4 and row.found_ratio <= lowest[-1]))
        reasons += [noted[row.student]] if row.student in noted else []
        if reasons:
            found.append((-len(reasons), row.found_ratio, ToSee(row.student, tuple(reasons))))
    return [one for *_, one in sorted(found)[:N_TO_SEE]]


def _reasons(row: Row, *, is_low: bool) -> Iterator[str]:
    if row.statuses.get("judgement") == "missing":
        yield "no answer to the question found"
    if is_low:
        yield "few points found"
    n_against = sum(status == "contradicted" for status in row.statuses.values())
    if n_against:
        yield f"says the opposite of {n_against} point{'' if n_against == 1 else 's'}"
    if len(row.slips) > 1:
        yield f"{len(row.slips)} facts to check"


def praised(report: ClassReport) -> list[tuple[str, str]]:
    """Students with something to praise and the praise they got, most found first."""
    best = sorted(report.rows, key=lambda row: (-row.found_ratio, row.student))
    found = ((row.student, next((said.text for said in row.said if said.tone == "praise"), "")) for row in best)
    return [(student, text) for student, text in found if text][:N_PRAISED]


def reteach(report: ClassReport) -> list[Reteach]:
    """Points that half of the class or more lacks or gets wrong, with the evidence that usually carries them."""
    names = {item.id: item.name for item in report.rubric.evidence}
    found = []
    for point in report.rubric.points:
        counts = report.counts(point.id)
        n = counts["missing"] + counts["contradicted"]
        if report.rows and n >= MIN_RETEACH_RATIO * len(report.rows):
            evidence = tuple(names[i] for i in point.evidence if i in names)
            found.append(Reteach(point.id, point.statement, point.hint, evidence, n))
    return sorted(found, key=lambda one: -one.n_missing)


def sheet(report: ClassReport) -> Sheet:
    """The whole-class sheet: no answers, and no names but in praise."""
    rubric, n = report.rubric, len(report.rows)
    kinds = {p.id: p.kind for p in rubric.points} | {c.id: "criterion" for c in rubric.criteria}
    hints = {p.id: p.hint for p in rubric.points} | {c.id: c.hint for c in rubric.criteria}
    hints["judgement"] = rubric.judgement.hint or "What is your answer to the question?"
    done = []
    n_stated = report.counts("judgement")["stated"]
    if n and n_stated >= n / 2:
        done.append(f"{n_stated} of {n} of you answer the question plainly.")
    for part in ("criteria", "similarities", "differences", "evidence"):
        ratios = [row.coverage.get(part, 0.0) for row in report.rows]
        n_most = sum(ratio >= 0.5 for ratio in ratios)
        if n_most and n_most >= n / 2:
            done.append(f"{n_most} of {n} of you have half or more of the {part}.")
    look_again = []
    for column in most_missed(report)[:N_SHEET_ITEMS]:
        hint = hints.get(column.id) or f"Can you find another {kinds.get(column.id, 'point')}?"
        look_again.append(f"{hint} ({column.n_missing} of {n} have this still to do.)")
    facts = [f"{SLIP_QUESTIONS[group.kind]} {_quoted(group.written)}" for group in common_slips(report)]
    n_loose = sum(row.n_unlinked > 0 for row in report.rows)
    if n_loose:
        facts.insert(0, f"{n_loose} of {n} drop in a fact without saying what it shows. Add: “This shows that …”")
    return Sheet(
        tuple(_cut(line) for line in done[:N_SHEET_ITEMS]),
        tuple(student for student, _ in praised(report)[:N_SHEET_NAMES]),
        tuple(_cut(line) for line in look_again),
        tuple(_cut(line) for line in facts[:N_SHEET_ITEMS]),
        "Choose one question above. Write the paragraph that answers it, with a piece of evidence for each side.",
    )


def _quoted(written: tuple[str, ...]) -> str:
    return ", ".join(f"“{one_line(found)}”" for found in written[:3])


def _cut(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= MAX_SHEET_TEXT else f"{text[: MAX_SHEET_TEXT - 1].rsplit(' ', 1)[0]}…"


def _template():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"one_line": one_line, "clean": clean, "trusted": Markup}
    return environment.get_template("class.html")
