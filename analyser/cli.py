"""The command line: a thin layer over the library. The only module that prints, exits or reads the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from analyser import __version__, cli_class, cli_learn, cli_readers, cli_rubric, cli_rubric_edit
from analyser.errors import EXPLANATIONS, AnalyserError, UsageError

# Exit codes: 0 done, 1 done but something was missing (with --fail-on-missing), 2 wrong usage or rubric, 3 unreadable
# draft, 130 interrupted.
FAIL_ON_MISSING_EXIT = 1
FORMATS = ("terminal", "markdown", "json", "html")
FORMAT_BY_SUFFIX = {".md": "markdown", ".json": "json", ".html": "html", ".htm": "html", ".txt": "terminal"}


class CodedGroup(click.Group):
    """Turns AnalyserError into one line on standard error and its exit code."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except AnalyserError as error:
            click.echo(f"analyser: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader (head, less) has gone; say nothing, as other command-line tools do.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.group(cls=CodedGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="analyser")
def main() -> None:
    """Feedback on comparison essays: what is there, what is missing, in the student's own words. Never a mark."""


@main.command()
@click.argument("draft")
@click.option("-r", "--rubric", required=True, metavar="ID|PATH", help="A shipped rubric's id, or a rubric.yaml.")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="How to show it. Default: by the suffix of -o, else for the terminal.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.option("--all", "show_all", is_flag=True, help="Show every next step, not only the three that matter most.")
@click.option("--reveal", is_flag=True, help="For teachers: say what the rubric expects.")
@click.option("--fail-on-missing", is_flag=True, help="Exit with 1 when a part of the rubric was not found.")
@cli_readers.reader_options
def feedback(draft, rubric, format_, output, show_all, reveal, fail_on_missing, reading) -> None:
    """Give feedback on DRAFT (a file, or - for standard input)."""
    from analyser.pipeline import analyse_essay, prepare
    from analyser.report import render
    from analyser.rubrics.editing_files import save_whole

    if format_ is None:
        format_ = _format_of(output) if output else "terminal"
    if output is not None:
        _check_output(output)
    result = analyse_essay(draft, prepare(rubric, reading), reveal=reveal)
    for notice in result.essay.notices:
        click.echo(f"analyser: {notice.code}: {notice.text}", err=True)
    is_terminal = output is None and format_ == "terminal"
    text = render(
        result,
        format_,
        show_all=show_all,
        reveal=reveal,
        colour=is_terminal and sys.stdout.isatty() and "NO_COLOR" not in os.environ,
    )
    if output is None:
        _print(text)
    else:
        save_whole(output, (text if text.endswith("\n") else text + "\n").encode("utf8"))
        click.echo(f"Written: {output}", err=True)
    statuses = [c.status for c in result.findings.criteria] + [m.status for m in result.matches]
    is_missing = result.findings.judgement.status == "missing" or "missing" in statuses
    if fail_on_missing and is_missing:
        sys.exit(FAIL_ON_MISSING_EXIT)


for command in (cli_class.mark, cli_class.review, cli_class.agree, cli_learn.learn):
    main.add_command(command)


@main.group()
def rubric() -> None:
    """Write, check and show rubrics."""


for command in (cli_rubric.draft, *cli_rubric_edit.COMMANDS):
    rubric.add_command(command)


@rubric.command("list")
def rubric_list() -> None:
    """List the shipped rubrics."""
    from analyser import shipped
    from analyser.rubrics import load_rubric

    for rubric_id in shipped.rubric_ids():
        found = load_rubric(rubric_id)
        click.echo(f"{rubric_id}\n    {found.question}\n    {_summary(found)}")


@rubric.command("show")
@click.argument("rubric_id", metavar="ID|PATH")
def rubric_show(rubric_id) -> None:
    """Show a rubric with everything the tool derives from it."""
    from analyser.report.rubric import render_rubric
    from analyser.rubrics import load_rubric
    from analyser.rubrics.sides import side_names
    from analyser.rubrics.variants import derive_variants

    found = load_rubric(rubric_id)
    derived = {item.id: [variant.text for variant in item.variants] for item in derive_variants(found).items}
    _print(render_rubric(found, side_names(found).terms, derived))


@main.command()
@click.argument("code")
def explain(code) -> None:
    """Explain a CODE that stands in an error, a notice or a message."""
    from analyser.feedback import explanations

    known = {**EXPLANATIONS, **explanations()}
    text = known.get(code.strip().upper().rstrip(":"))
    if text is None:
        from rapidfuzz import process

        guess = process.extractOne(code.upper(), known)
        hint = f"Did you mean {guess[2]}? " if guess else ""
        raise UsageError("E301", f"there is no code '{code}'.", hint=f"{hint}Codes look like E101 or P201.")
    click.echo(f"{code.upper()}: {text}")


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell) -> None:
    """Print the completion script for SHELL; see `analyser completion --help`.

    \b
    bash:  analyser completion bash > ~/.local/share/bash-completion/completions/analyser
    zsh:   analyser completion zsh > ~/.zfunc/_analyser
    fish:  analyser completion fish > ~/.config/fish/completions/analyser.fish
    """
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    if completer is None:
        raise UsageError("E302", f"no completion for '{shell}'.", hint="Use bash, zsh or fish.")
    click.echo(completer(main, {}, "analyser", "_ANALYSER_COMPLETE").source())


def _summary(found) -> str:
    return (
        f"{len(found.criteria)} criteria, {len(found.similarities)} similarities, "
        f"{len(found.differences)} differences, {len(found.evidence)} pieces of evidence."
    )


def _print(text: str) -> None:
    """Print text that a narrow console encoding may not be able to hold."""
    try:
        click.echo(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        click.echo(text.encode(encoding, errors="replace").decode(encoding))


def _format_of(path: Path) -> str:
    """The format that a file's suffix asks for; markdown where it has none."""
    suffix = path.suffix.lower()
    if suffix and suffix not in FORMAT_BY_SUFFIX:
        allowed = ", ".join(FORMAT_BY_SUFFIX)
        raise UsageError(
            "E306", f"'{suffix}' is no format of the feedback", where=str(path), hint=f"Use {allowed}, or add --format."
        )
    return FORMAT_BY_SUFFIX.get(suffix, "markdown")


def _check_output(path: Path) -> None:
    """Fail before the work is done when the output cannot be written."""
    if path.is_dir():
        raise UsageError("E303", "this is a folder", where=str(path), hint="Name a file for -o.")
    if not path.parent.is_dir():
        raise UsageError("E304", "the folder does not exist", where=str(path.parent), hint="Create it first.")
