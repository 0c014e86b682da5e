"""Moodle: "Download all submissions", with a folder per student or flat, blind marking, team and online text.

A part of the path reads ``<Full name>_<uniqueid>_assignsubmission_<plugin>`` with, before Moodle 4.1, a ``_`` at its
end; without folders the file's own name follows it. Moodle turns underscores of names into spaces.
Source: moodle mod/assign/classes/downloader.php and feedback/file/importziplib.php.
"""

from __future__ import annotations

from analyser.classroom.importers import Importer, Placed, Setting

SUBMISSION, FEEDBACK = "assignsubmission", "assignfeedback"
ONLINE_TEXT = "onlinetext"


def place(path: str, setting: Setting) -> Placed | None:
    parts = path.split("/")
    for index, part in enumerate(parts):
        pieces = part.split("_", 4)
        if len(pieces) < 4 or not (pieces[1].isascii() and pieces[1].isdigit()):
            continue
        name, student_id, plugin_kind, plugin = pieces[:4]
        if plugin_kind not in (SUBMISSION, FEEDBACK):
            continue
        is_folder = index < len(parts) - 1
        if not is_folder and len(pieces) < 5:
            continue
        person = setting.roster.by_id.get(student_id)
        is_blind = name.strip().lower() in ("participant", "")
        return Placed(
            student=person.name if person else f"Participant {student_id}" if is_blind else name.strip(),
            student_id=student_id,
            kind="feedback" if plugin_kind == FEEDBACK else "text" if plugin == ONLINE_TEXT else "file",
            prefix=f"{part}/" if is_folder else "_".join(pieces[:4]) + "_",
            email=person.email if person else "",
        )
    return None


IMPORTER = Importer("Moodle", place, priority=1)
