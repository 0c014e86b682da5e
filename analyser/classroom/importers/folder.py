"""A plain folder or zip: a file per student, or a folder per student. Every path is somebody's."""

from __future__ import annotations

from pathlib import PurePosixPath

from analyser.classroom.importers import Importer, Placed, Setting
from analyser.classroom.names import split_draft


def place(path: str, setting: Setting) -> Placed | None:
    file = PurePosixPath(path)
    own, _ = split_draft(file.stem)
    student = file.parts[0] if len(file.parts) > 1 else own
    person = (
        setting.roster.by_file.get(file.name)
        or setting.roster.named(student.replace("_", " "))
        or setting.roster.named(own.replace("_", " "))
    )
    if person:
        return Placed(person.name, student_id=person.id or person.email, email=person.email)
    return Placed(student.strip() or file.name)


IMPORTER = Importer("plain folder", place, priority=99)
