"""The options that name stronger readers, for `feedback` and `mark`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from analyser.errors import UsageError


def reader_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --matcher, --second-opinion and --model; the command gets them as ``reading``."""

    @click.option("--matcher", default="", metavar="PATH", help="Read with a model of your own: a folder or hub name.")
    @click.option(
        "--second-opinion",
        "address",
        default="",
        metavar="URL",
        help="Ask a language model at this address about points in doubt. Sends the draft there.",
    )
    @click.option("--model", default="", metavar="NAME", help="The model to ask at --second-opinion.")
    @wraps(command)
    def with_reading(*args: Any, matcher: str, address: str, model: str, **options: Any) -> Any:
        from analyser.readers import Reading

        if model and not address:
            raise UsageError("E397", "--model needs an address to ask at.", hint="Add --second-opinion URL.")
        if address:
            from analyser.readers.endpoint import foreign_host

            if host := foreign_host(address):
                click.echo(
                    f"analyser: N207: {host} is not this computer. Drafts will be SENT TO {host}: make sure that your "
                    "school and your students allow it.",
                    err=True,
                )
        return command(*args, reading=Reading(matcher, address, model), **options)

    return with_reading
