"""Anything else: a pattern with named groups, searched for in each file's path.

Groups: ``student_id`` or a name (``name``, or ``first_name`` and ``last_name``); and if wanted ``file_id``, ``email``,
``version`` (a number), ``timestamp`` and ``late`` (late when it matches anything). After nbgrader's collecting rule.
"""

from __future__ import annotations

import re

from analyser.classroom.importers import Importer, Placed, Setting
from analyser.errors import UsageError

GROUPS = frozenset(
    {"student_id", "file_id", "name", "first_name", "last_name", "email", "timestamp", "version", "late"}
)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Check a pattern. Raises UsageError (E333)."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError("E333", f"the pattern is no regular expression ({error}).", where=pattern) from None
    names = set(compiled.groupindex)
    if unknown := names - GROUPS:
        raise UsageError(
            "E333", f"unknown group '{min(unknown)}'.", where=pattern, hint=f"Allowed: {', '.join(sorted(GROUPS))}."
        )
    if not names & {"student_id", "name", "last_name", "email"}:
        raise UsageError(
            "E333",
            "the pattern names no student.",
            where=pattern,
            hint="Give a group such as (?P<student_id>\\d+) or (?P<last_name>\\w+).",
        )
    return compiled


def place(path: str, setting: Setting) -> Placed | None:
    match = setting.pattern.search(path) if setting.pattern else None
    if match is None:
        return None
    found = {name: (value or "").strip() for name, value in match.groupdict().items()}
    person = setting.roster.by_id.get(found.get("student_id", ""))
    whole = found.get("name") or f"{found.get('first_name', '')} {found.get('last_name', '')}".strip()
    student_id = found.get("student_id") or found.get("email", "")
    version = found.get("version", "")
    return Placed(
        student=person.name if person else whole or student_id,
        student_id=student_id,
        version=int(version) if version.isdecimal() else 1,
        is_late=bool(found.get("late")),
        email=found.get("email", ""),
    )


IMPORTER = Importer("pattern", place, priority=0)
