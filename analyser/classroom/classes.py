"""Mark a class: find the drafts, mark them, and gather what was found into a ClassReport and its files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from analyser.classroom.copies import find_copies
from analyser.classroom.corrections import FILE as CORRECTIONS_FILE
from analyser.classroom.corrections import (
    Correction,
    allowed_statuses,
    by_owner,
    corrections_text,
    load_corrections,
    merged,
)
from analyser.classroom.extra import require_extra
from analyser.classroom.importers import Setting
from analyser.classroom.importers.pattern import compile_pattern
from analyser.classroom.marking import FEEDBACK_FOLDER, SUFFIX_BY_FORMAT, Plan, analyser_for, finished_row, record_line
from analyser.classroom.names import new_codes
from analyser.classroom.roster import Roster, read_roster
from analyser.classroom.running import MakeAnalyse, run
from analyser.classroom.state import Store, made_from
from analyser.classroom.submissions import Gathered, Submission, gather, with_codes
from analyser.errors import UsageError
from analyser.readers import Reading
from analyser.records import Rubric
from analyser.report.class_report import ClassReport, Remark, Row
from analyser.report.upload import safe_cell
from analyser.rubrics import load_rubric

RECORDS, PAGE, WORKBOOK, UPLOAD_FOLDER = "records.jsonl", "class.html", "class.xlsx", "upload"
RUN_FILE, FILES_FILE, RUBRIC_FILE, SHEET_HASH = "run.json", "files.json", "rubric.yaml", "class.xlsx.sha256"
KEY_SUFFIX = ".key.csv"
# Students named as sharing the wording of one draft.
N_SHARERS_NAMED = 5


class Progress(NamedTuple):
    """How far a run is; ``remark`` is set when a draft could not be marked."""

    n_done: int
    n_all: int
    remark: Remark | None = None


def analyse_class(
    submissions: str | Path,
    rubric: Rubric | str | Path,
    *,
    output: str | Path | None = None,
    formats: Sequence[str] = ("docx",),
    roster: str | Path | None = None,
    pattern: str | None = None,
    anonymise: bool = False,
    jobs: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    make_analyse: MakeAnalyse | None = None,
    reading: Reading | None = None,
) -> ClassReport:
    """Feedback on a folder or zip of submissions, also as a learning platform exports them.

    With ``output`` everything ``analyser mark`` makes is written there, and a run that was stopped goes on; without,
    nothing is written. ``jobs`` is the number of worker processes (None: this one alone; a script that gives a number
    needs the usual ``if __name__ == "__main__":``). ``make_analyse`` turns a rubric into the function that gives
    feedback on a draft; without it, ``reading`` may name stronger readers. Raises UsageError and RubricError; a draft
    that cannot be marked is listed in the report.
    """
    require_extra()
    reading = reading or Reading()
    make_analyse = make_analyse or partial(analyser_for, reading=reading)
    rubric = rubric if isinstance(rubric, Rubric) else load_rubric(rubric)
    _check_formats(formats)
    setting = Setting(
        read_roster(Path(roster)) if roster is not None else Roster(),
        compile_pattern(pattern) if pattern is not None else None,
    )
    if output is None:
        gathered = gather(Path(submissions), setting)
        if anonymise:
            gathered = with_codes(gathered, _codes(gathered, {}))
        return _report(gathered, Plan(rubric, is_anonymous=anonymise), {}, setting, make_analyse, jobs, progress)
    output = Path(output)
    store = Store(output)
    _check_apart(Path(submissions), output)
    store.open()
    try:
        with _only_run(store):
            _check_run(store, rubric, is_anonymous=anonymise)
            given = by_owner(_with_sheet(store, rubric))
            gathered = gather(Path(submissions), setting)
            if anonymise:
                gathered = with_codes(gathered, _kept_codes(gathered, output.with_name(output.name + KEY_SUFFIX)))
            plan = Plan(rubric, made_from(rubric, reading), output, tuple(formats), anonymise)
            (output / FEEDBACK_FOLDER).mkdir(exist_ok=True)
            if jobs is not None:
                # The table libraries take a third of a second to load: meanwhile the workers get ready.
                Thread(target=_load_writers).start()
            report = _report(gathered, plan, given, setting, make_analyse, jobs, progress)
            marked = {row.student for row in report.rows}
            _write_files(store, report, [one for one in gathered.submissions if one.label in marked], setting.roster)
            store.clear()
    except OSError as error:
        raise UsageError(
            "E339",
            f"the output cannot be written ({error.strerror or error}); what was finished is kept.",
            where=str(error.filename or output),
            hint="Make room (or close the workbook), then run the same command again.",
        ) from None
    return report


def _report(
    gathered: Gathered,
    plan: Plan,
    corrections: Mapping[str, tuple[Correction, ...]],
    setting: Setting,
    make_analyse: MakeAnalyse,
    jobs: int | None,
    progress: Callable[[Progress], None] | None,
) -> ClassReport:
    tell = progress or (lambda _: None)
    n_all, n_done = len(gathered.submissions), 0
    rows: dict[str, Row] = {}
    remarks = list(gathered.remarks)
    for remark in gathered.remarks:
        if remark.kind == "skipped":
            tell(Progress(0, n_all, remark))
    to_do: list[Submission] = []
    for one in gathered.submissions:
        row = finished_row(one, plan, corrections.get(f"{one.key} {one.draft}", ()))
        if row is None:
            to_do.append(one)
        else:
            rows[one.label] = row
            n_done += 1
            tell(Progress(n_done, n_all))
    for outcome in run(to_do, plan, corrections, make_analyse, min(jobs, len(to_do)) if jobs and to_do else jobs):
        n_done += 1
        one, failed = outcome.submission, None
        if outcome.row is not None:
            rows[one.label] = outcome.row
        elif outcome.error is not None:
            file = f"{one.label}{one.entry.path[-5:]}" if plan.is_anonymous else one.entry.path
            failed = Remark("skipped", outcome.error.code, one.label, file, outcome.error.message, one.key)
            remarks.append(failed)
        tell(Progress(n_done, n_all, failed))
    in_order = tuple(rows[one.label] for one in gathered.submissions if one.label in rows)
    remarks += _row_notes(in_order, is_anonymous=plan.is_anonymous)
    return ClassReport(
        plan.rubric,
        in_order,
        tuple(
            sorted(remarks, key=lambda r: (("skipped", "note", "set_aside").index(r.kind), r.student, r.file, r.code))
        ),
        gathered.importer,
        () if plan.is_anonymous else _not_handed_in(gathered, setting.roster),
        plan.formats,
    )


def _row_notes(rows: Sequence[Row], *, is_anonymous: bool) -> Iterator[Remark]:
    """Drafts that share much wording, and drafts that name another author."""
    by_student = {row.student: row for row in rows}
    sharers: dict[str, list[str]] = defaultdict(list)
    for a, b, ratio in find_copies({row.student: row.prints for row in rows}):
        if by_student[a].key != by_student[b].key and by_student[a].draft != by_student[b].draft:
            sharers[a].append(f"{b} ({round(100 * ratio)}%)")
            sharers[b].append(f"{a} ({round(100 * ratio)}%)")
    for student, others in sharers.items():
        row = by_student[student]
        more = f" and {len(others) - N_SHARERS_NAMED} more" if len(others) > N_SHARERS_NAMED else ""
        text = f"shares much of its wording with {', '.join(others[:N_SHARERS_NAMED])}{more}."
        yield Remark("note", "N131", student, row.file, text, row.key)
    for row in rows:
        if row.author:
            who = "another author" if is_anonymous else f"'{row.author}' as its author"
            yield Remark("note", "N129", row.student, row.file, f"the document names {who}.", row.key)


def _not_handed_in(gathered: Gathered, roster: Roster) -> tuple[str, ...]:
    """The people of the roster of whom there is no file at all."""
    own = {key.partition(":")[2] for key in gathered.keys}
    names = {one.placed.student for one in gathered.submissions} | {remark.student for remark in gathered.remarks}
    return tuple(
        person.name
        for person in roster.people
        if person.name not in names and not own & {person.id, person.email, person.name.casefold()}
    )


# ---------------------------------------------------------------- the output folder


def _load_writers() -> None:
    import jinja2  # noqa: F401
    import pandas  # noqa: F401
    import xlsxwriter  # noqa: F401

    import analyser.report.class_page
    import analyser.report.workbook  # noqa: F401


def _write_files(store: Store, report: ClassReport, submissions: Sequence[Submission], roster: Roster) -> None:
    """records.jsonl, the class report, the workbook and the upload packages; files of earlier runs that no longer
    belong to anybody go."""
    from analyser.report.class_page import render_class_page
    from analyser.report.workbook import write_workbook

    output = store.output
    built = store.new_file(RECORDS)
    with built.open("wb") as file:
        file.writelines(record_line(store, one) for one in submissions)
    store.keep(built, output / RECORDS)
    store.write(output / PAGE, render_class_page(report).encode("utf8"))
    built = store.new_file(WORKBOOK)
    write_workbook(report, built)
    store.write(store.folder / SHEET_HASH, _hash(built).encode("ascii"))
    store.keep(built, output / WORKBOOK)
    names = {
        f"{FEEDBACK_FOLDER}/{row.student}{SUFFIX_BY_FORMAT[f]}" for row in report.rows for f in report.file_formats
    }
    names |= set(_write_uploads(store, report, roster))
    old = store.read_json(store.folder / FILES_FILE)
    for name in set(old if isinstance(old, list) else ()) - names:
        (output / name).unlink(missing_ok=True)
    store.write(store.folder / FILES_FILE, json.dumps(sorted(names), ensure_ascii=False).encode("utf8"))


def _write_uploads(store: Store, report: ClassReport, roster: Roster) -> Iterator[str]:
    """The packages that the platform takes back; gives their names."""
    from analyser.report.upload import feedback_zip, moodle_worksheet

    if report.importer not in ("Moodle", "Canvas") or not any(row.prefix for row in report.rows):
        return
    name = report.importer.lower()
    built = store.new_file("upload.zip")
    feedback_zip(report, store.output / FEEDBACK_FOLDER, built)
    store.keep(built, store.output / UPLOAD_FOLDER / f"{name}-feedback.zip")
    yield f"{UPLOAD_FOLDER}/{name}-feedback.zip"
    if report.importer == "Moodle":
        text = moodle_worksheet(report, roster.header, roster.rows)
        store.write(store.output / UPLOAD_FOLDER / "moodle-worksheet.csv", text.encode("utf-8-sig"))
        yield f"{UPLOAD_FOLDER}/moodle-worksheet.csv"


@contextmanager
def _only_run(store: Store) -> Iterator[None]:
    """Keep other runs out of the folder; the lock goes with the process, however it ends."""
    from filelock import FileLock, Timeout

    lock = FileLock(store.folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UsageError(
            "E336", "another run is writing to this folder.", where=str(store.output), hint="Wait until it has ended."
        ) from None
    with lock:
        yield


def _check_formats(formats: Iterable[str]) -> None:
    for format_ in formats:
        if format_ not in SUFFIX_BY_FORMAT:
            raise UsageError(
                "E312", f"there is no format '{format_}'.", hint=f"Allowed: {', '.join(SUFFIX_BY_FORMAT)}."
            )


def _check_apart(submissions: Path, output: Path) -> None:
    if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
        raise UsageError(
            "E335",
            "the output folder lies among the submissions.",
            where=str(output),
            hint="Give -o a folder outside, or the next run would take the feedback for submissions.",
        )


def _check_run(store: Store, rubric: Rubric, *, is_anonymous: bool) -> None:
    """A folder belongs to one rubric, with names or with codes; a copy of the rubric is kept in it for the review."""
    this = {"rubric": rubric.id, "anonymise": is_anonymous}
    before = store.read_json(store.folder / RUN_FILE)
    if isinstance(before, dict) and before != this:
        what = (
            "with another rubric"
            if before.get("rubric") != rubric.id
            else "with names"
            if is_anonymous
            else "with codes"
        )
        raise UsageError("E335", f"this folder was made {what}.", where=str(store.output), hint="Give another with -o.")
    store.write(store.folder / RUN_FILE, json.dumps(this).encode("utf8"))
    source = Path(rubric.folder, "rubric.yaml") if rubric.folder else None
    if source is not None and source.is_file():
        store.write(store.folder / RUBRIC_FILE, source.read_bytes())


# ---------------------------------------------------------------- codes for names


def _codes(gathered: Gathered, known: Mapping[str, str]) -> dict[str, str]:
    """Codes in random order, so that they do not follow the alphabet."""
    n = len(gathered.keys) + len(known)
    return new_codes(gathered.keys, known, random.SystemRandom().sample(range(1, n + 1), n))


def _kept_codes(gathered: Gathered, key_file: Path) -> dict[str, str]:
    """The codes of the key file, with new ones for new students; only its owner may read the file."""
    known: dict[str, str] = {}
    if key_file.exists():
        with key_file.open(encoding="utf8", newline="") as file:
            try:
                known = {row["key"]: row["code"] for row in csv.DictReader(file)}
            except (KeyError, UnicodeDecodeError, csv.Error):
                raise UsageError(
                    "E335", "the key to the codes is damaged.", where=str(key_file), hint="Put the old one back."
                ) from None
    codes = _codes(gathered, known)
    if codes != known:
        names = {one.key: one.placed.student for one in gathered.submissions}
        buffer = io.StringIO()
        table = csv.writer(buffer, lineterminator="\n")
        table.writerow(["code", "name", "key"])
        table.writerows(
            [code, safe_cell(names.get(key, "")), key] for key, code in sorted(codes.items(), key=lambda i: i[1])
        )
        temporary = key_file.with_name(f".{key_file.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(buffer.getvalue().encode("utf8"))
        temporary.replace(key_file)
    return codes


# ---------------------------------------------------------------- what the teacher wrote into the workbook


def _with_sheet(store: Store, rubric: Rubric) -> list[Correction]:
    """Her corrections, with those that she has written into the workbook since it was made."""
    given = load_corrections(store.output)
    workbook = store.output / WORKBOOK
    try:
        if _hash(workbook) == (store.folder / SHEET_HASH).read_text(encoding="ascii"):
            return given
    except OSError:
        return given
    written = list(read_sheet(workbook, rubric))
    if written:
        given = merged(given, written)
        store.write(store.output / CORRECTIONS_FILE, corrections_text(given).encode("utf8"))
    return given


def read_sheet(workbook: Path, rubric: Rubric) -> Iterator[Correction]:
    """The verdicts and comments on the workbook's review sheet. Raises UsageError (E347)."""
    import pandas

    try:
        frame = pandas.read_excel(workbook, sheet_name="Review", dtype=str, keep_default_na=False)
    except Exception as error:  # whatever is wrong with a file that another program has saved
        raise UsageError(
            "E347",
            f"the review sheet cannot be read ({error}).",
            where=str(workbook),
            hint="Delete or move the workbook; a new one is made.",
        ) from None
    allowed = allowed_statuses(rubric)
    for number, row in enumerate(frame.to_dict("records"), start=2):
        verdict, comment = str(row.get("your verdict", "")).strip().lower(), str(row.get("your comment", "")).strip()
        if not verdict and not comment:
            continue
        if verdict and verdict not in allowed.get(row["id"], ()):
            raise UsageError(
                "E347",
                f"row {number} of the review sheet: '{verdict}' is no verdict on {row['id']}.",
                where=str(workbook),
                hint=f"Allowed: {', '.join(allowed.get(row['id'], ()))}.",
            )
        yield Correction(
            row["key"],
            row["draft"],
            row["id"],
            verdict,
            comment,
            rubric.id,
            rubric.version,
            {"status": row["tool says"], "confidence": float(row["sure"] or 0)},
            tuple(filter(None, [row["quote"]])),
        )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
