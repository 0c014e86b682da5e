"""The command that drafts a rubric. A thin layer over analyser.drafting."""

from __future__ import annotations

from pathlib import Path

import click

from analyser.errors import UsageError


@click.command()
@click.argument("model_answer")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The folder to write to. Default: one named after the sides.",
)
@click.option("--question", default="", help="The question, where the file does not begin with it.")
@click.option("--update", is_flag=True, help="Merge into the rubric that is there; what you edited stays.")
@click.option("--review", is_flag=True, help="Go through the entries in the terminal at once.")
def draft(model_answer, output, question, update, review) -> None:
    """Draft a rubric from MODEL_ANSWER: a model essay, a mark scheme or examiner's guidance (.docx, .pdf, .txt, .md).

    Writes rubric.yaml with a comment above each entry: the sentence it comes from and how sure the tool is. Lines that
    begin with "check:" are doubts; look at them first.
    """
    from analyser.drafting import draft_rubric
    from analyser.drafting.saving import RUBRIC_FILE, save_draft

    drafted = draft_rubric(model_answer, question=question)
    for notice in drafted.notices:
        click.echo(f"analyser: {notice.code}: {notice.text}", err=True)
    folder = output or Path(drafted.rubric.id)
    if folder.exists() and not folder.is_dir():
        raise UsageError("E365", "this is a file, not a folder.", where=str(folder), hint="Name a folder for -o.")
    if (folder / RUBRIC_FILE).exists() and not update:
        raise UsageError(
            "E366",
            "there is a rubric already.",
            where=str(folder / RUBRIC_FILE),
            hint="Add --update to merge the new draft into it, or name another folder with -o.",
        )
    path = save_draft(drafted, folder, update=update)
    found = drafted.rubric
    n_checks = sum(bool(note.checks) for note in drafted.note_by_id.values())
    click.echo(
        f"{path}: {len(found.criteria)} criteria, {len(found.similarities)} similarities, "
        f"{len(found.differences)} differences, {len(found.evidence)} pieces of evidence; {n_checks} to check."
    )
    if review:
        from analyser.cli_rubric_edit import review_rubric

        review_rubric(path)
