"""One draft of a class: read, analyse (or take from an earlier run), correct, write out. Runs in worker processes."""

from __future__ import annotations

import errno
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from analyser.classroom.copies import fingerprint
from analyser.classroom.corrections import COMMENT_CODE, Correction, apply_corrections
from analyser.classroom.names import without_name
from analyser.classroom.sources import read_entry
from analyser.classroom.state import Store, from_state, to_state
from analyser.classroom.submissions import Submission
from analyser.errors import AnalyserError, UsageError
from analyser.readers import Reading
from analyser.records import Block, Essay, Feedback, Rubric
from analyser.report import render
from analyser.report.class_report import Row, Said, SlipRow, doubts_of
from analyser.report.json import to_record
from analyser.report.view import build_page
from analyser.text.reading import read_bytes

Analyse = Callable[[Essay], Feedback]

FEEDBACK_FOLDER = "feedback"
SUFFIX_BY_FORMAT = {"docx": ".docx", "html": ".html", "markdown": ".md"}
NO_OPINION = "N206"
AUTHOR_PART = re.compile(rb"<dc:creator>([^<]{1,200})</dc:creator>")


@dataclass(frozen=True)
class Plan:
    """What is the same for all drafts of a run. ``output`` is the folder to write to (None: nothing is written)."""

    rubric: Rubric
    made_from: str = ""
    output: Path | None = None
    formats: tuple[str, ...] = ()
    is_anonymous: bool = False


def analyser_for(rubric: Rubric, reading: Reading | None = None) -> Analyse:
    """A function that gives feedback on a draft; the rubric and the readers are made ready once for all of them."""
    from analyser.pipeline import analyse_essay, prepare

    prepared = prepare(rubric, reading)
    return lambda essay: analyse_essay(essay, prepared)


def feedback_files(plan: Plan, label: str) -> dict[str, Path]:
    """The feedback files of one student, by format."""
    assert plan.output is not None
    return {f: plan.output / FEEDBACK_FOLDER / f"{label}{SUFFIX_BY_FORMAT[f]}" for f in plan.formats}


def finished_row(one: Submission, plan: Plan, corrections: Iterable[Correction]) -> Row | None:
    """The row of a draft that an earlier run has finished, or None when there is anything left to do on it."""
    if plan.output is None:
        return None
    store = Store(plan.output)
    files = _files(store, one)
    stamp = _stamp(one, plan, corrections)
    try:
        is_done = files["stamp"].read_text(encoding="ascii") == stamp
    except (OSError, UnicodeDecodeError):
        return None
    if (
        not is_done
        or not files["line"].exists()
        or not all(f.exists() for f in feedback_files(plan, one.label).values())
    ):
        return None
    state = _known_state(store, one, plan)
    if state is None or _lacks_opinion(state):
        return None
    return _row(one, _corrected(state, plan, corrections), state, corrections)


def mark(one: Submission, plan: Plan, corrections: Iterable[Correction], analyse: Callable[[], Analyse]) -> Row:
    """Feedback on one draft, written out. ``analyse`` is called only when the draft has to be analysed.

    A draft on which the second reader gave no opinion is read again; when it fails again, the reading that left less
    in doubt is kept.
    Raises DraftError, and UsageError E339 when the output cannot be written.
    """
    store = Store(plan.output) if plan.output else None
    former = _known_state(store, one, plan) if store else None
    state = None if former is None or _lacks_opinion(former) else former
    data = read_entry(one.entry) if state is None or _is_docx(one) else b""
    if state is None:
        essay = read_bytes(data, PurePosixPath(one.entry.path).name, essay_id=one.label)
        if plan.is_anonymous:
            essay = _anonymised(essay, one)
        state = to_state(analyse()(essay)) | {
            "made_from": _made_from(one, plan),
            "author": _author(data, one) if one.checks_author else "",
        }
        if former is not None and _lacks_opinion(state) and _n_unsure(state) > _n_unsure(former):
            state = former
        if store:
            _write(store, _files(store, one)["state"], json.dumps(state, ensure_ascii=False).encode("utf8"))
        # The same rounding as when it is read again.
        state = json.loads(json.dumps(state))
    feedback = _corrected(state, plan, corrections)
    row = _row(one, feedback, state, corrections)
    if store:
        _write_out(store, one, plan, feedback, row, data)
        _write(store, _files(store, one)["stamp"], _stamp(one, plan, corrections).encode("ascii"))
    return row


def _write_out(store: Store, one: Submission, plan: Plan, feedback: Feedback, row: Row, data: bytes) -> None:
    for format_, path in feedback_files(plan, one.label).items():
        if format_ == "docx":
            from analyser.report.annotated_docx import render_docx

            own = data if _is_docx(one) and not plan.is_anonymous else None
            _write(store, path, render_docx(feedback, own))
        else:
            _write(store, path, render(feedback, format_).encode("utf8"))
    record = to_record(feedback)
    record["marking"] = {
        "student": one.label,
        "key": one.key,
        "draft": one.draft,
        "late": one.placed.is_late,
        "set_by_teacher": list(row.corrected),
    }
    _write(store, _files(store, one)["line"], (json.dumps(record, ensure_ascii=False) + "\n").encode("utf8"))


def record_line(store: Store, one: Submission) -> bytes:
    """A finished draft's line of records.jsonl."""
    return _files(store, one)["line"].read_bytes()


# ---------------------------------------------------------------- state


def _files(store: Store, one: Submission) -> dict[str, Path]:
    owner = f"{one.key} {one.draft} {one.label}"
    return {"state": store.draft_file(owner, "json"), "line": store.draft_file(owner, "line")} | {
        "stamp": store.draft_file(owner, "done")
    }


def _made_from(one: Submission, plan: Plan) -> str:
    """A hash, since the name of the file may be the student's."""
    parts = (plan.made_from, one.draft, one.label, one.entry.name)
    return sha256(repr(parts).encode("utf8")).hexdigest()


def _stamp(one: Submission, plan: Plan, corrections: Iterable[Correction]) -> str:
    parts = (_made_from(one, plan), plan.formats, one.placed.prefix, one.placed.is_late, tuple(corrections))
    return sha256(repr(parts).encode("utf8")).hexdigest()


def _known_state(store: Store, one: Submission, plan: Plan) -> dict[str, Any] | None:
    state = store.read_json(_files(store, one)["state"])
    if not isinstance(state, dict) or state.get("made_from") != _made_from(one, plan):
        return None
    try:
        from_state(state, plan.rubric)
    except (AnalyserError, KeyError, TypeError, ValueError):
        return None
    return state


def _lacks_opinion(state: dict[str, Any]) -> bool:
    """Whether the second reader failed on some point. What it was is part of ``made_from``: the same is asked again."""
    return any(code == NO_OPINION for code, _ in state["notices"])


def _n_unsure(state: dict[str, Any]) -> int:
    return sum(point["status"] == "unsure" for point in state["record"]["points"])


def _corrected(state: dict[str, Any], plan: Plan, corrections: Iterable[Correction]) -> Feedback:
    return apply_corrections(from_state(state, plan.rubric), corrections)


def _write(store: Store, path: Path, data: bytes) -> None:
    try:
        store.write(path, data)
    except OSError as error:
        reason = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
        raise UsageError(
            "E339",
            f"the output cannot be written ({reason}); what was finished is kept.",
            where=str(path.parent),
            hint="Make room, then run the same command again: it goes on where it stopped.",
        ) from None


# ---------------------------------------------------------------- names


def _anonymised(essay: Essay, one: Submission) -> Essay:
    """The draft with its student's name replaced by the code, and positions moved to match."""
    texts, blocks, position, last = [], [], 0, 0
    for block in essay.blocks:
        between = essay.text[last : block.start]
        text = without_name(
            essay.text[block.start : block.end],
            one.placed.student,
            one.label,
            is_heading=block.kind in ("front_matter", "heading"),
        )
        texts += [between, text]
        position += len(between)
        blocks.append(Block(position, position + len(text), block.kind, block.level))
        position += len(text)
        last = block.end
    source = one.label + PurePosixPath(essay.source).suffix.lower()
    return replace(essay, source=source, text="".join((*texts, essay.text[last:])), blocks=tuple(blocks))


def _author(data: bytes, one: Submission) -> str:
    """The author that a .docx names, when it shares no word with the student's name; else ''."""
    from analyser.classroom.roster import name_words

    if not _is_docx(one):
        return ""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            match = AUTHOR_PART.search(archive.read("docProps/core.xml")[:20_000])
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError):
        return ""
    author = match[1].decode("utf8", "replace").strip() if match else ""
    return "" if set(name_words(author)) & set(name_words(one.placed.student)) else author


def _is_docx(one: Submission) -> bool:
    return one.entry.path.lower().endswith(".docx")


# ---------------------------------------------------------------- the row


def _row(one: Submission, feedback: Feedback, state: dict[str, Any], corrections: Iterable[Correction]) -> Row:
    findings, essay = feedback.findings, feedback.essay
    items: tuple[Any, ...] = (*findings.criteria, *feedback.matches, *findings.evidence)
    statuses = {"judgement": findings.judgement.status, **{found.id: found.status for found in items}}
    page = build_page(feedback)
    hers = [said for said in page.more_steps if said.message.code == COMMENT_CODE]
    return Row(
        student=one.label,
        key=one.key,
        draft=one.draft,
        file=essay.source,
        n_words=essay.n_words,
        stance=findings.judgement.stance,
        statuses=statuses,
        coverage=dict(feedback.coverage),
        slips=tuple(SlipRow(s.kind, s.evidence, s.found, s.expected, s.quote.text) for s in findings.slips),
        doubts=tuple(doubts_of(feedback)),
        said=tuple(
            Said(said.message.tone, said.message.about, said.message.text, said.message.hint)
            for said in (*page.praise, *page.steps, *hers)
        ),
        is_late=one.placed.is_late,
        corrected=tuple(c.id for c in corrections if c.status),
        comments=tuple(c.comment for c in corrections if c.comment),
        notices=tuple(notice.code for notice in essay.notices),
        n_unlinked=len(findings.unlinked_evidence),
        prefix=one.placed.prefix,
        platform_id=one.placed.student_id,
        author=state.get("author", ""),
        prints=fingerprint(essay.text),
    )
