"""The commands for a class: mark, review, agree. A thin layer over analyser.classroom."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from analyser.cli_readers import reader_options
from analyser.errors import UsageError

# Exit codes: 0 all marked, 1 some were skipped, 2 wrong usage, 130 interrupted.
SKIPPED_EXIT = 1
INTERRUPTED_EXIT = 130
CLASS_FORMATS = ("html", "markdown")
LETTERS = {
    "stated": "s",
    "hedged": "h",
    "covered": "c",
    "partial": "p",
    "contradicted": "x",
    "used": "u",
    "named": "n",
} | {
    "misused": "x",
    "missing": "m",
}


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-r", "--rubric", required=True, metavar="ID|PATH", help="A shipped rubric's id, or a rubric.yaml.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Worker processes. Default: one a core.")
@click.option(
    "-f", "--format", "formats", multiple=True, type=click.Choice(CLASS_FORMATS), help="Feedback in this form as well."
)
@click.option("--roster", type=click.Path(path_type=Path), help="The list of students as CSV, or Moodle's worksheet.")
@click.option("--pattern", metavar="REGEX", help="Whose a file is: (?P<student_id>...), (?P<last_name>...) and others.")
@click.option("--anonymise", is_flag=True, help="Codes instead of names; the key is kept beside the folder.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what could not be marked.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON.")
@reader_options
def mark(submissions, rubric, output, jobs, formats, roster, pattern, anonymise, quiet, as_json, reading) -> None:
    """Give feedback on a whole class: SUBMISSIONS is a folder or zip, also as Moodle, Canvas, Teams or Google Classroom
    export it.

    A run that was stopped goes on when the same command is given again. Exit code 1 when some could not be marked.
    """
    from analyser.classroom import analyse_class

    n_jobs = jobs or os.cpu_count() or 1
    told = _Teller(is_shown=not quiet and not as_json and sys.stderr.isatty())
    try:
        with told:
            report = analyse_class(
                submissions,
                rubric,
                output=output,
                formats=("docx", *formats),
                roster=roster,
                pattern=pattern,
                anonymise=anonymise,
                jobs=n_jobs,
                progress=told,
                reading=reading,
            )
    except KeyboardInterrupt:
        click.echo(
            f"analyser: interrupted; {told.n_done} of {told.n_all} are done and kept. "
            "Give the same command again to go on.",
            err=True,
        )
        sys.exit(INTERRUPTED_EXIT)
    if as_json:
        click.echo(json.dumps(_summary(report, output), ensure_ascii=False, indent=2))
    elif not quiet:
        _say(report, output)
    if report.skipped:
        sys.exit(SKIPPED_EXIT)


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--all", "show_all", is_flag=True, help="Go through every verdict, not only the doubtful ones.")
@click.option("--student", help="Only this student's.")
def review(output, show_all, student) -> None:
    """Go through the verdicts of a marked class, the least certain first; yours win, and are kept in OUTPUT."""
    from analyser.classroom.reviewing import Desk

    desk = Desk(output)
    items = desk.queue(show_all=show_all, student=student)
    click.echo(f"{len(items)} to look at. Enter agrees; a letter sets another verdict; t comment, s skip, q quit.")
    n_decided = 0
    for number, item in enumerate(items, start=1):
        click.echo()
        click.secho(f"{number}/{len(items)}  {item.student}  {item.id}", bold=True, nl=False)
        click.echo(f"  {item.label}")
        click.echo(f"  tool: {item.status}, {round(100 * item.confidence)}% sure")
        if item.context:
            click.echo(f"  … {item.context} …")
        letters = {LETTERS[status]: status for status in item.allowed}
        choice, comment = _ask(letters, can_agree=item.status in item.allowed), ""
        while choice == "t":
            comment = click.prompt("  comment", default="", show_default=False)
            choice = _ask(letters, can_agree=item.status in item.allowed)
        if choice == "q":
            if comment:
                desk.decide(item, "", comment)
            break
        status = "" if choice == "s" else item.status if choice == "" else letters[choice]
        if status or comment:
            desk.decide(item, status, comment)
            n_decided += bool(status)
    click.echo(f"\n{n_decided} decided. Give the `analyser mark` command again to bring them into the feedback.")


def _ask(letters: dict[str, str], *, can_agree: bool) -> str:
    words = ", ".join(f"{letter} {status}" for letter, status in letters.items())
    while True:
        answer = click.prompt(f"  {words}", default="", show_default=False).strip().lower()
        if answer in letters or answer in ("t", "s", "q") or (answer == "" and can_agree):
            return answer
        hint = "" if can_agree else " The tool is not sure, so there is nothing to agree to."
        click.echo(f"  One of: {', '.join(letters)}, t, s, q.{hint}")


@click.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def agree(output, as_json) -> None:
    """How often the tool and you agree, part by part, with the drafts it got wrong."""
    from analyser.classroom.agreement import find_agreement
    from analyser.classroom.corrections import load_corrections
    from analyser.classroom.reviewing import Desk

    desk = Desk(output)
    names = desk.names
    found = find_agreement(load_corrections(output))
    if as_json:
        entries = [
            {
                "id": a.id,
                "compared": a.n_compared,
                "agreed": a.n_agreed,
                "ratio": a.ratio,
                "unsure": a.n_unsure,
                "wrong": [
                    {"student": names.get(key, key), "tool": tool, "teacher": hers} for key, tool, hers in a.differing
                ],
            }
            for a in found
        ]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    if not found:
        raise UsageError(
            "E345", "there are no verdicts of yours yet.", where=str(output), hint="See `analyser review`."
        )
    for a in found:
        ratio = "   -" if a.ratio is None else f"{round(100 * a.ratio):3d}%"
        unsure = f", {a.n_unsure} where it was not sure" if a.n_unsure else ""
        click.echo(f"{a.id:10} {ratio}  {a.n_agreed} of {a.n_compared}{unsure}  {desk.labels.get(a.id, '')}")
        for key, tool, hers in a.differing:
            click.echo(f"{'':17}{names.get(key, key)}: the tool says {tool}, you say {hers}")
    n, agreed = sum(a.n_compared for a in found), sum(a.n_agreed for a in found)
    if n:
        click.echo(f"{'all':10} {round(100 * agreed / n):3d}%  {agreed} of {n}")


class _Teller:
    """Shows how far the run is, and one line for each draft that could not be marked."""

    def __init__(self, *, is_shown: bool):
        self.is_shown = is_shown
        self.n_done = self.n_all = 0
        self.bar: Any = None

    def __enter__(self) -> _Teller:
        if self.is_shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self.bar = Progress(
                TextColumn("Marking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self.task = self.bar.add_task("mark", total=None)
            self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, progress) -> None:
        self.n_done, self.n_all = progress.n_done, progress.n_all
        if progress.remark is not None:
            remark = progress.remark
            line = f"analyser: {remark.code}: {remark.file or remark.student}: {remark.text}"
            if self.bar is not None:
                self.bar.console.print(line, markup=False, highlight=False)
            else:
                click.echo(line, err=True)
        if self.bar is not None:
            self.bar.update(self.task, completed=self.n_done, total=self.n_all)


def _say(report, output: Path) -> None:
    n_queue = sum(1 for _ in report.doubts())
    n_aside = sum(remark.kind == "set_aside" for remark in report.remarks)
    click.echo(f"{len(report.rows)} drafts marked, {len(report.skipped)} not, {n_aside} files set aside by rule.")
    click.echo(f"Read as: {report.importer}. Written: {output}")
    if n_queue:
        click.echo(f"{n_queue} verdicts want your eye: `analyser review {output}` or the sheet Review of class.xlsx.")


def _summary(report, output: Path) -> dict:
    return {
        "schema": "analyser.marking/1",
        "output": str(output),
        "importer": report.importer,
        "marked": len(report.rows),
        "to_review": sum(1 for _ in report.doubts()),
        "not_handed_in": list(report.not_handed_in),
        "remarks": [
            {"kind": r.kind, "code": r.code, "student": r.student, "file": r.file, "text": r.text}
            for r in report.remarks
        ],
    }
