"""The commands that look after a rubric: check, review, export, import, schema. A thin layer over analyser.rubrics."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from analyser import shipped
from analyser.errors import UsageError

# Exit codes: 0 done, 1 there is advice (with --strict), 2 wrong usage or rubric, 130 interrupted.
ADVICE_EXIT = 1
INTERRUPTED_EXIT = 130


@click.command("check")
@click.argument("path")
@click.option("--strict", is_flag=True, help="Exit with 1 when there is advice.")
@click.option("--valid-only", is_flag=True, help="Only say whether the rubric can be used; at once.")
def check(path, strict, valid_only) -> None:
    """Check the rubric at PATH (a file, a folder or a shipped id), and say what would make it better.

    A model_answer file in the rubric's folder is read as well: it should make every point.
    """
    from analyser.rubrics import find_rubric, read_rubric

    file = find_rubric(path)
    found = read_rubric(file)
    n_points = f"{len(found.similarities)} similarities, {len(found.differences)} differences"
    click.echo(f"{file}: fine. {len(found.criteria)} criteria, {n_points}, {len(found.evidence)} pieces of evidence.")
    if valid_only:
        return
    from analyser.advice import advise_rubric

    advice = advise_rubric(file)
    for piece in advice:
        click.echo(f"{file}:{piece.line}: {piece}")
    if advice:
        things = "1 thing" if len(advice) == 1 else f"{len(advice)} things"
        click.echo(f"{things} to look at; the rubric can be used as it is. `analyser explain CODE` says more.")
    if advice and strict:
        sys.exit(ADVICE_EXIT)


@click.command("review")
@click.argument("path", type=click.Path(path_type=Path))
def review(path) -> None:
    """Go through the rubric at PATH entry by entry, those marked `# check:` first.

    Each decision is saved at once. Long texts open in your editor where EDITOR is set.
    """
    review_rubric(path)


@click.command("export")
@click.argument("path")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .xlsx or .csv file."
)
def export(path, output) -> None:
    """Write the rubric at PATH (a file, a folder or a shipped id) as a spreadsheet, a sheet a part.

    Another spreadsheet that stands at the output already is kept beside it, as .bak.
    """
    from analyser.rubrics import find_rubric
    from analyser.rubrics.sheets_files import export_rubric

    if kept := export_rubric(find_rubric(path), output):
        click.echo(f"The former spreadsheet is kept: {kept}", err=True)
    click.echo(f"Written: {output}. Read it back with: analyser rubric import {output} -o rubric.yaml", err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The rubric.yaml to write."
)
def import_(file, output) -> None:
    """Make a rubric of a spreadsheet that `analyser rubric export` wrote.

    A rubric that stands at the output already is kept beside it, as .bak.
    """
    from analyser.rubrics.sheets_files import import_rubric, save_imported

    found = import_rubric(file)
    for notice in found.notices:
        click.echo(f"analyser: {notice}", err=True)
    if kept := save_imported(found.text, output):
        click.echo(f"The former rubric is kept: {kept}", err=True)
    click.echo(f"Written: {output}. See how good it is with: analyser rubric check {output}", err=True)


@click.command("schema")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
def schema(output) -> None:
    """Print the JSON Schema of rubrics, with which an editor completes and checks them."""
    from analyser.rubrics.json_schema import schema_text

    _put(schema_text(), output)


COMMANDS = (check, review, export, import_, schema)


def review_rubric(path: Path) -> None:
    """Review the rubric in a file or folder in the terminal; interrupted, it exits with 130 and all is kept."""
    from analyser.rubrics import find_rubric
    from analyser.rubrics.editing_review import Review

    file = find_rubric(path)
    if str(path) in shipped.rubric_ids():
        raise UsageError(
            "E371",
            "this rubric comes with the analyser.",
            where=str(path),
            hint=f"Copy {file.parent}, review the copy.",
        )
    has_editor = sys.stdin.isatty() and bool(os.environ.get("VISUAL") or os.environ.get("EDITOR"))
    session = Review(file, input, click.echo, _edit_text if has_editor else None)
    try:
        result = session.run()
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted. Every decision is kept in {file}.", err=True)
        sys.exit(INTERRUPTED_EXIT)
    done = [f"{n} {action}" for action, n in result.n_by_action.items() if n]
    click.echo(f"\n{', '.join(done) or 'Nothing changed'}. {result.n_checks} still to check. Saved: {file}")


def _edit_text(text: str) -> str | None:
    return click.edit(text, extension=".txt")


def _put(text: str, output: Path | None) -> None:
    from analyser.rubrics.editing_files import save_whole

    if output is None:
        click.echo(text, nl=False)
        return
    save_whole(output, text.encode("utf8"))
    click.echo(f"Written: {output}", err=True)
