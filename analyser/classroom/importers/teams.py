"""Microsoft Teams: the class's "Student Work" library, as downloaded or as OneDrive keeps it.

``Submitted files/<Student>/<Assignment>/Version N/<file>``; drafts lie in ``Working files/<Student>/<Assignment>/``.
The highest N was handed in last, whatever the dates say.
Source: Microsoft's education documentation and public repositories that read the library.
"""

from __future__ import annotations

import re

from analyser.classroom.importers import Importer, Placed, Setting

VERSION = re.compile(r"version (\d+)", re.I)
WORKING = "working files"


def place(path: str, setting: Setting) -> Placed | None:
    folders = path.split("/")[:-1]
    lowered = [folder.lower() for folder in folders]
    for index, folder in enumerate(folders):
        match = VERSION.fullmatch(folder)
        if match and index >= 2:
            return _placed(folders[index - 2], folders[index - 1], int(match[1]), setting)
    if WORKING in lowered[:-1]:
        index = lowered.index(WORKING)
        work = folders[index + 2] if index + 2 < len(folders) else ""
        return _placed(folders[index + 1], work, 0, setting)
    return None


def _placed(student: str, work: str, version: int, setting: Setting) -> Placed:
    person = setting.roster.named(student)
    return Placed(student, work=work, version=version, email=person.email if person else "")


IMPORTER = Importer("Microsoft Teams", place, priority=3, has_named_authors=True)
