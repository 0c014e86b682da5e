"""A stub of the analyser, quick and without trained models, and submissions shaped like each platform's export."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from analyser.feedback import compose_feedback
from analyser.records import (
    CriterionFinding,
    Essay,
    EvidenceFinding,
    Feedback,
    Findings,
    JudgementFinding,
    Match,
    PointStatus,
    Rubric,
    Slip,
)

RUBRIC = """\
id: ilse-aldo
version: 1
question: Was the rule of Ilse really like the rule of her son Aldo?
sides:
  a: {name: Ilse}
  b: {name: Aldo}
judgement: {statement: Reaches a judgement on how alike the two reigns were., hint: What is your answer?}
criteria:
  - {id: C1, statement: money, hint: By what will you judge?}
points:
  - {id: S1, kind: similarity, statement: Both borrowed from the guild., hint: Where was money?, evidence: [E1]}
  - {id: S2, kind: similarity, statement: Both feared the north., hint: Whom did each fear?}
  - {id: D1, kind: difference, statement: Ilse asked the barons and Aldo did not., hint: Whom did each ask?}
evidence:
  - {id: E1, name: Salt Guild}
  - {id: E2, name: Crown of Brede, date: "1411"}
"""
# What the stub takes for each part: the words that make it "there".
CUES = {"S1": "guild", "S2": "north", "D1": "barons", "C1": "judge", "E1": "Salt Guild", "E2": "Crown of Brede"}

DRAFTS = {
    "full": "I judge by money. Both went to the Salt Guild and both feared the north. Ilse asked the barons. In the "
    "end they were alike.\n\nIlse pledged the Crown of Brede in 1412 to pay for it all, which shows how poor she was.",
    "half": "Both borrowed from the Salt Guild again and again. Aldo was feared by everybody in his kingdom.\n\nSo "
    "much for him. Ilse was better liked, and it is hard to say more than that about either of them.",
    "bare": "Ilse was a queen and Aldo was a king, and there is little more to be said about the two of them here.",
}


def stub_for(rubric: Rubric) -> Callable[[Essay], Feedback]:
    """Like ``analyser_for``, but goes by single words."""
    return lambda essay: stub_feedback(essay, rubric)


def slow_stub_for(rubric: Rubric) -> Callable[[Essay], Feedback]:
    """Takes a little time over each draft, so that a run can be killed in the middle."""

    def analyse(essay: Essay) -> Feedback:
        time.sleep(0.02)
        return stub_feedback(essay, rubric)

    return analyse


def faulty_stub_for(rubric: Rubric) -> Callable[[Essay], Feedback]:
    """Fails, dies or runs out of memory when the draft says so."""

    def analyse(essay: Essay) -> Feedback:
        if "please fail" in essay.text:
            raise ZeroDivisionError("a fault")
        if "please run out" in essay.text:
            raise MemoryError
        if "please die" in essay.text:
            import os
            import signal

            os.kill(os.getpid(), signal.SIGKILL)
        return stub_feedback(essay, rubric)

    return analyse


def stub_feedback(essay: Essay, rubric: Rubric) -> Feedback:
    def found(item_id: str):
        match = re.search(re.escape(CUES[item_id]), essay.text)
        return (essay.quote(*match.span()),) if match else ()

    answer = re.search(r"they were alike", essay.text)
    slip = re.search(r"1412", essay.text)
    matches = []
    for point in rubric.points:
        quotes = found(point.id)
        status: PointStatus = "covered" if quotes else "missing"
        unsure = point.id == "D1" and not quotes and "Aldo was" in essay.text
        if unsure:
            match = re.search("Aldo was", essay.text)
            assert match is not None
            status, quotes = "unsure", (essay.quote(*match.span()),)
        top = {"covered": "covered", "missing": "missing", "unsure": "partial"}[status]
        probabilities = {
            label: 0.85 if label == top else 0.05 for label in ("covered", "partial", "contradicted", "missing")
        }
        matches.append(Match(point.id, point.kind, status, 0.5 if unsure else 0.85, probabilities, quotes))
    return compose_feedback(
        essay,
        rubric,
        Findings(
            JudgementFinding(
                "stated" if answer else "missing",
                "similar" if answer else "none",
                ("conclusion",) if answer else (),
                0.9,
                (essay.quote(*answer.span()),) if answer else (),
            ),
            tuple(
                CriterionFinding(c.id, "covered" if found(c.id) else "missing", 0.9, found(c.id))
                for c in rubric.criteria
            ),
            tuple(
                EvidenceFinding(e.id, "used" if found(e.id) else "missing", 0.9, found(e.id)) for e in rubric.evidence
            ),
            (Slip("date", "E2", essay.quote(*slip.span()), "1412", "1411"),) if slip else (),
        ),
        tuple(matches),
        trained_models={"pipeline": "stub", "matcher": "stub"},
    )


def docx_bytes(text: str, author: str = "") -> bytes:
    import docx

    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    document.core_properties.author = author
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def write_files(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, contents in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents if isinstance(contents, bytes) else contents.encode("utf8"))
    return root


def write_zip(path: Path, files: Iterable[tuple[str, str | bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in files:
            archive.writestr(name, contents)
    return path


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
