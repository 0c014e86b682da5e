"""Canvas: "Download Submissions".

A file reads ``<sortable name, lower case, no punctuation>[_LATE]_<user id>_<attachment id>_<file name>``; text entries
end in ``_text.html`` and web addresses in ``_link.html`` without an attachment id; anonymous ones begin ``anon_<id>_``.
Uploaded again, the first two tokens of digits alone are read and the rest is ignored.
Source: canvas-lms lib/content_zipper.rb and Assignment#infer_comment_context_from_filename.
"""

from __future__ import annotations

import re

from analyser.classroom.importers import Importer, Placed, Setting

ANONYMOUS, LATE = "anon", "LATE"
NO_ATTACHMENT = {"text.html": "text", "link.html": "link"}
# "smith_2024_11_draft.docx" is a date and not two ids.
DATE = re.compile(r"(?:19|20)\d\d_(?:0?[1-9]|1[0-2])(?:_|$)")


def place(path: str, setting: Setting) -> Placed | None:
    tokens = path.rpartition("/")[2].split("_")
    is_late = LATE in tokens[1:3] or LATE in tokens[: _first_number(tokens)]
    tokens = [token for index, token in enumerate(tokens) if token != LATE or index > _first_number(tokens)]
    is_anonymous = tokens[0] == ANONYMOUS
    at = 1 if is_anonymous else _first_number(tokens)
    if not 0 < at < len(tokens) - 1 or DATE.match("_".join(tokens[at:])):
        return None
    name, user_id, rest = "_".join(tokens[:at]), tokens[at], tokens[at + 1 :]
    if name != name.lower():
        return None
    kind = NO_ATTACHMENT.get("_".join(rest), "file")
    if kind == "file" and not (len(rest) > 1 and _is_number(rest[0])):
        return None
    late = f"_{LATE}" if is_late else ""
    person = setting.roster.by_id.get(user_id)
    shown = f"Anonymous {user_id}" if is_anonymous else name
    return Placed(
        student=person.name if person else shown,
        student_id=user_id,
        is_late=is_late,
        kind=kind,  # type: ignore[arg-type]
        prefix=f"{name}{late}_{user_id}_{rest[0]}_" if kind == "file" else "",
        email=person.email if person else "",
    )


def _first_number(tokens: list[str]) -> int:
    """Index of the first token of digits alone after the name."""
    return next((index for index, token in enumerate(tokens) if index and _is_number(token)), len(tokens))


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdigit()


IMPORTER = Importer("Canvas", place, priority=2)
