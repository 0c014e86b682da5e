"""The list of students: any CSV with names, a Moodle grading worksheet or a Canvas gradebook."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analyser.errors import DraftError, UsageError
from analyser.text.decoding import decode

# Headings as the platforms write them, lower case; of several the first that is there counts. Moodle translates its
# worksheet: English, German, Spanish and French. Sources: moodle mod/assign/gradingtable.php and lang/en/assign.php,
# canvas-lms lib/gradebook_exporter.rb, CoGrader's roster template.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("identifier", "id", "identificador", "identifiant", "student id", "student_id", "sis user id", "user id"),
    "name": (
        "full name", "vollständiger name", "nombre completo", "nom complet", "student", "student name", "name",
        "display name",
    ),
    "first": ("first name", "firstname", "given name", "first_name", "vorname"),
    "last": ("last name", "lastname", "surname", "family name", "last_name", "nachname"),
    "email": ("email address", "email", "e-mail", "student email", "e-mail-adresse", "dirección de correo", "mail"),
    "file": ("file", "filename", "file name", "file_id", "submission"),
}  # fmt: skip
# Roster of 5,000 students with long comments stays far below.
MAX_ROSTER_BYTES = 50_000_000
CANVAS_SKIPPED = ("points possible", "student, test")


@dataclass(frozen=True, slots=True)
class Person:
    """A student of the roster; ``id`` holds the digits of Moodle's "Participant 123"."""

    name: str
    id: str = ""
    email: str = ""
    file: str = ""


@dataclass(frozen=True)
class Roster:
    """The people in order, and the table they came from (for writing a grading worksheet back)."""

    people: tuple[Person, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    by_id: Mapping[str, Person] = field(default_factory=dict)
    by_file: Mapping[str, Person] = field(default_factory=dict)
    by_words: Mapping[tuple[str, ...], tuple[Person, ...]] = field(default_factory=dict)

    def named(self, text: str) -> Person | None:
        """The one student all of whose names stand together in ``text``, in either order; None if none or several."""
        words = name_words(text)
        longest = max((len(key) for key in self.by_words), default=0)
        for n in range(min(longest, len(words)), 1, -1):
            windows = (tuple(sorted(words[i : i + n])) for i in range(len(words) - n + 1))
            found = {person for window in windows for person in self.by_words.get(window, ())}
            if found:
                return found.pop() if len(found) == 1 else None
        exact = self.by_words.get(tuple(sorted(words)), ())
        return exact[0] if len(exact) == 1 else None


def read_roster(path: Path) -> Roster:
    """Read a roster. Raises UsageError (E332)."""
    try:
        if path.stat().st_size > MAX_ROSTER_BYTES:
            raise UsageError("E332", "the roster is far larger than a roster can be.", where=str(path))
        text = decode(path.read_bytes(), str(path)).text
    except DraftError:
        raise UsageError("E332", "the roster is not a text file.", where=str(path), hint="Save it as CSV.") from None
    except OSError as error:
        raise UsageError("E332", f"the roster cannot be read ({error.strerror}).", where=str(path)) from None
    sample = text[:4096].splitlines()[:1]
    delimiter = max(",;\t", key=sample[0].count) if sample else ","
    try:
        table = [tuple(row) for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UsageError("E332", f"the roster is no CSV ({error}).", where=str(path)) from None
    if not table:
        raise UsageError("E332", "the roster is empty.", where=str(path))
    return _roster(table[0], table[1:], str(path))


def name_words(text: str) -> list[str]:
    """The words of a name for comparing: no accents, apostrophes or case ("O'Brien, Zoë" -> obrien, zoe)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", re.sub(r"['’`´]", "", plain))


def _roster(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], where: str) -> Roster:
    lowered = [heading.strip().lower() for heading in header]
    column = {
        part: next((lowered.index(heading) for heading in headings if heading in lowered), -1)
        for part, headings in HEADINGS.items()
    }
    if max(column["id"], column["name"], column["first"], column["email"]) < 0:
        raise UsageError(
            "E332",
            f"the roster has no column with names or ids (found: {', '.join(header[:8])}).",
            where=where,
            hint="Its first line should name the columns, for example: name,email,file.",
        )
    kept, people = [], []
    for row in rows:
        values = {part: row[i].strip() if 0 <= i < len(row) else "" for part, i in column.items()}
        name = values["name"] or f"{values['first']} {values['last']}".strip()
        if name.lower().startswith(CANVAS_SKIPPED):
            continue
        name = _natural(name)
        number = re.fullmatch(r"\D*(\d+)", values["id"])
        person_id = number[1] if number else values["id"]
        kept.append(row)
        people.append(
            Person(name or values["email"] or f"Participant {person_id}", person_id, values["email"], values["file"])
        )
    by_words: dict[tuple[str, ...], tuple[Person, ...]] = {}
    for person in people:
        words = tuple(sorted(name_words(person.name)))
        by_words[words] = (*by_words.get(words, ()), person)
    return Roster(
        tuple(people),
        header,
        tuple(kept),
        {p.id: p for p in people if p.id},
        {p.file: p for p in people if p.file},
        by_words,
    )


def _natural(name: str) -> str:
    """ "Brien, Zoë" -> "Zoë Brien"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name
