"""The command that learns from a teacher's corrections. A thin layer over analyser.learning."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analyser.errors import UsageError


@click.command()
@click.argument("corrections", required=False, type=click.Path(path_type=Path))
@click.option("-r", "--rubric", required=True, metavar="ID|PATH", help="A shipped rubric's id, or a rubric.yaml.")
@click.option("--forget", "is_forgetting", is_flag=True, help="Remove what was learnt about the rubric.")
@click.option("--json", "as_json", is_flag=True, help="Print what was learnt as JSON.")
def learn(corrections, rubric, is_forgetting, as_json) -> None:
    """Learn from CORRECTIONS how points of a rubric are judged; later runs with the rubric use it.

    CORRECTIONS is a CSV file with the columns essay, point and label, the same as JSON Lines, or the folder that
    `analyser mark` has written, with your verdicts from `analyser review` or the workbook. Labels: covered, partial,
    contradicted, missing. Learning again replaces what was learnt; no word of a draft is kept.
    """
    from analyser import learning

    if is_forgetting == (corrections is not None):
        raise UsageError("E380", "give either CORRECTIONS or --forget.", hint="See `analyser learn --help`.")
    if is_forgetting:
        path = learning.forget(rubric)
        click.echo(json.dumps({"forgotten": str(path)}) if as_json else f"Forgotten: {path}")
        return
    found = learning.learn(corrections, rubric)
    if as_json:
        click.echo(json.dumps(_summary(found), indent=2))
        return
    n = found.learned.n_points
    click.echo(f"Learnt from {found.learned.n_drafts} drafts, {n} points. Kept: {found.path}")
    if found.n_aside:
        click.echo(f"{found.n_aside} corrections left aside: not of points, or of drafts that were replaced since.")
    click.echo(
        "On these drafts, each judged by what the others teach: there or not right in "
        f"{found.before.n_right} of {n} points before, {found.after.n_right} after; "
        f"log loss {found.before.log_loss:.3f} before, {found.after.log_loss:.3f} after (less is better)."
    )
    if found.after.log_loss >= found.before.log_loss:
        click.echo("That is no gain on these drafts. `analyser learn --forget` undoes it.")


def _summary(found) -> dict:
    return {
        "schema": "analyser.learning/1",
        "path": str(found.path),
        "drafts": found.learned.n_drafts,
        "points": found.learned.n_points,
        "left_aside": found.n_aside,
        "right_before": found.before.n_right,
        "right_after": found.after.n_right,
        "log_loss_before": round(found.before.log_loss, 4),
        "log_loss_after": round(found.after.log_loss, 4),
    }
