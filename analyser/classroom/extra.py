"""The packages that only marking a class needs: the ``class`` extra, kept out of the base install for its size."""

from importlib.util import find_spec

from analyser.errors import UsageError

MODULES = ("docx", "filelock", "openpyxl", "pandas", "pebble", "xlsxwriter")


def require_extra() -> None:
    """Raise UsageError (E351) when a package of the ``class`` extra is not installed."""
    if absent := [name for name in MODULES if find_spec(name) is None]:
        raise UsageError(
            "E351",
            f"marking a class needs packages that are not installed ({', '.join(absent)}).",
            hint='Install them with: pip install "essay-analyser[class]"',
        )
