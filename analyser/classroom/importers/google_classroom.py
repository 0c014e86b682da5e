"""Google Classroom: a Drive folder for an assignment, downloaded.

Some files read ``<Student> - <Assignment>.<suffix>`` in a folder of the assignment's name, others have any name
(``IMG_2041.jpg``): for these a roster with a column "file" says whose they are.
Source: the Classroom API (one folder an assignment) and a public test fixture.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from analyser.classroom.importers import Importer, Placed, Setting

SEPARATOR = " - "


def place(path: str, setting: Setting) -> Placed | None:
    file = PurePosixPath(path)
    person = setting.roster.by_file.get(file.name) or setting.roster.by_file.get(path)
    student, separator, work = file.stem.rpartition(SEPARATOR)
    if person is None and separator and file.parent.name and work.strip().startswith(file.parent.name.strip()):
        person = setting.roster.named(student)
        if person is None:
            return Placed(student.strip(), work=file.parent.name)
    if person is None:
        return None
    return Placed(person.name, student_id=person.id or person.email, work=file.parent.name, email=person.email)


IMPORTER = Importer("Google Classroom", place, priority=4)
