"""From the files of an export to one draft a student, by stated rules; whatever is not marked is listed with its rule.

The rules, in this order, within one student's work (docs/marking.md says them to teachers):
 1. The same bytes twice: one is marked.
 2. The hand-in with the highest number is marked, where the platform counts them.
 3. A file that cannot be read gives way to one that can.
 4. A file goes before text typed into the platform.
 5. One name in several formats: the one closest to a word processor's is marked.
 6. The latest draft by the file names ("draft 2", "v3", "final") is marked.
 7. What is still undecided is marked, each file on a row of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from analyser.classroom.importers import Importer, Placed, Setting, choose, importers
from analyser.classroom.names import labels, split_draft
from analyser.classroom.sources import Entry, Refused, list_entries, read_entry
from analyser.errors import DraftError, UsageError
from analyser.report.class_report import Remark
from analyser.text.reading import KIND_BY_SUFFIX, MAX_BYTES
from analyser.text.sniffing import sniff

# Rule 5: which of several formats holds the text best.
SUFFIX_ORDER = (".docx", ".odt", ".rtf", ".docm", ".md", ".txt", ".html", ".htm", ".pdf")
# What follows the name in a prefix: numbers, which the platforms go by.
NUMBERED = re.compile(r"_((?:LATE_)?\d+_.*)", re.S)
# Files that systems and programs leave behind.
JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
SAME_FILE = "the same file as another of the student's, which is marked (rule 1)."
TABLE_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Submission:
    """One draft to be marked. ``label`` is the student's name, made distinct in the class; ``key`` tells the student
    from others in every run, ``draft`` (the hash of the bytes) one draft from the next."""

    label: str
    key: str
    draft: str
    entry: Entry
    placed: Placed
    checks_author: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    importer: str
    submissions: tuple[Submission, ...]
    remarks: tuple[Remark, ...]
    keys: tuple[str, ...]  # of all students of whom there is any file


@dataclass(frozen=True, slots=True)
class _File:
    entry: Entry
    placed: Placed
    draft: str = ""
    error: DraftError | None = None
    rank: int | None = None
    stem: str = ""


def gather(source: Path, setting: Setting) -> Gathered:
    """Find the drafts in a folder or archive. Raises UsageError (E330 nothing there, E331 no drafts)."""
    remarks: list[Remark] = []
    entries: list[Entry] = []
    for item in list_entries(source):
        if isinstance(item, Refused):
            remarks.append(Remark("skipped", item.error.code, "", item.path, item.error.message))
        elif _is_junk(item.path):
            remarks.append(Remark("set_aside", "N126", "", item.path, "a file that a system or program left behind."))
        else:
            entries.append(item)
    paths = _below_common_folder([entry.path for entry in entries])
    importer = choose(paths, setting) if setting.pattern is None else importers()[0]
    work: dict[tuple[str, str], list[_File]] = defaultdict(list)
    for entry, path in zip(entries, paths, strict=True):
        placed = importer.place(path, setting)
        if entry.path.lower().endswith(TABLE_SUFFIXES):
            remarks.append(Remark("set_aside", "N126", "", entry.path, "a table, not a draft."))
        elif placed is None and setting.pattern is not None:
            remarks.append(Remark("skipped", "E348", "", entry.path, "its path does not fit the pattern."))
        else:
            found = placed or importers()[-1].place(path, setting)
            assert found is not None
            file = _examine(entry, found)
            if file.placed.kind == "feedback":
                key = _student_key(importer, found)
                remarks.append(Remark("set_aside", "N126", found.student, entry.path, "feedback, no submission.", key))
            else:
                work[_student_key(importer, found), found.work].append(file)
    chosen: list[tuple[str, _File]] = []
    for (key, _), files in sorted(work.items()):
        student = files[0].placed.student

        def aside(code: str, text: str, *losers: _File, student: str = student, key: str = key) -> None:
            remarks.extend(Remark("set_aside", code, student, file.entry.path, text, key) for file in losers)

        kept = _decide(files, aside)
        for file in kept:
            if file.error is not None:
                remarks.append(Remark("skipped", file.error.code, student, file.entry.path, file.error.message, key))
        readable = [file for file in kept if file.error is None]
        if len(readable) > 1:
            text = f"{len(readable)} files and nothing says which is the latest: each is marked (rule 7)."
            remarks.extend(Remark("note", "N125", student, file.entry.path, text, key) for file in readable)
        chosen.extend((key, file) for file in readable)
    submissions = _labelled(chosen, importer)
    remarks.extend(_notes(submissions))
    if not submissions and not any(remark.kind == "skipped" for remark in remarks):
        raise UsageError("E331", "there are no drafts in it.", where=str(source), hint="Give the class's submissions.")
    return Gathered(importer.name, submissions, tuple(remarks), tuple(sorted({key for key, _ in work})))


def _is_junk(path: str) -> bool:
    parts = path.split("/")
    name = parts[-1]
    return "__MACOSX" in parts or name.startswith((".", "~$", "~")) or name.lower() in JUNK_NAMES


def _below_common_folder(paths: Sequence[str]) -> list[str]:
    """Paths without a folder that all of them share, if there is more than one path."""
    if len(paths) > 1 and all("/" in path for path in paths):
        first = paths[0].split("/")[0]
        if all(path.split("/")[0] == first for path in paths):
            below = [path.split("/", 1)[1] for path in paths]
            # Google Classroom's files say their assignment twice: in their name and in their folder's.
            return below if any("/" in path for path in below) or not _named_after(first, below) else list(paths)
    return list(paths)


def _named_after(folder: str, names: Sequence[str]) -> bool:
    return any(PurePosixPath(name).stem.endswith(f" - {folder}") for name in names)


def _student_key(importer: Importer, placed: Placed) -> str:
    own = placed.student_id or placed.student.casefold()
    return f"{importer.name.lower()}:{own}"


def _examine(entry: Entry, placed: Placed) -> _File:
    """Hash a file, and see whether it is of a kind that can be read."""
    path = PurePosixPath(entry.path)
    suffix = path.suffix.lower()
    try:
        if placed.kind == "link":
            raise DraftError("E349", "a web address was handed in, and nothing is fetched.", where=entry.path)
        if entry.n_bytes > MAX_BYTES:
            raise DraftError("E104", f"the file is larger than {MAX_BYTES // 1_000_000} MB.", where=entry.path)
        data = read_entry(entry)
        if not data:
            raise DraftError("E105", "the file is empty.", where=entry.path)
        kind = sniff(data, suffix, KIND_BY_SUFFIX, entry.path)
        if kind == "plain" and suffix and suffix not in KIND_BY_SUFFIX:
            raise DraftError("E344", f"'{suffix}' is not a kind of file that essays come in.", where=entry.path)
    except DraftError as error:
        return _File(entry, placed, error=error)
    stem, rank = split_draft(path.stem)
    return _File(entry, placed, hashlib.sha256(data).hexdigest()[:20], None, rank, stem.casefold())


def _decide(files: list[_File], aside: Callable[..., None]) -> list[_File]:
    """Rules 1 to 6 on one student's files."""
    kept: list[_File] = []
    for file in files:
        twin = next((k for k in kept if file.draft and k.draft == file.draft), None)
        if twin is None:
            kept.append(file)
        elif file.placed.version > twin.placed.version:
            kept[kept.index(twin)] = file
            aside("N122", SAME_FILE, twin)
        else:
            aside("N122", SAME_FILE, file)
    kept = _best(kept, lambda f: f.placed.version, "N121", "handed in again later (rule 2).", aside)
    kept = _best(kept, lambda f: f.error is None, "N128", "cannot be read, and another file can (rule 3).", aside)
    kept = _best(kept, lambda f: f.placed.kind == "file", "N128", "a file was handed in as well (rule 4).", aside)
    if len(kept) > 1 and all(file.error is None for file in kept):
        by_stem: dict[tuple[str, int | None], list[_File]] = defaultdict(list)
        for file in kept:
            by_stem[file.stem, file.rank].append(file)
        kept = [
            file
            for twins in by_stem.values()
            for file in _best(twins, _format_rank, "N124", "the same draft in another format (rule 5).", aside)
        ]
        if any(file.rank is not None for file in kept):
            kept = _best(kept, lambda f: f.rank or 0, "N121", "an earlier draft by its name (rule 6).", aside)
    return kept


def _best(
    files: list[_File], value: Callable[[_File], int], code: str, text: str, aside: Callable[..., None]
) -> list[_File]:
    highest = max(map(value, files))
    aside(code, text, *(file for file in files if value(file) < highest))
    return [file for file in files if value(file) == highest]


def _format_rank(file: _File) -> int:
    suffix = PurePosixPath(file.entry.path).suffix.lower()
    return -SUFFIX_ORDER.index(suffix) if suffix in SUFFIX_ORDER else -len(SUFFIX_ORDER)


def _labelled(chosen: list[tuple[str, _File]], importer: Importer) -> tuple[Submission, ...]:
    """Submissions in the order of the students' names; of several rows of one student the file tells them apart."""
    ordered = sorted(chosen, key=lambda pair: (pair[1].placed.student.casefold(), pair[0], pair[1].entry.path))
    n_by_key: dict[str, int] = defaultdict(int)
    for key, _ in ordered:
        n_by_key[key] += 1

    def detail(key: str, file: _File) -> str:
        own = file.placed.student_id if n_by_key[key] == 1 else PurePosixPath(file.entry.path).stem
        return own or file.placed.work or PurePosixPath(file.entry.path).stem

    names = labels((file.placed.student, detail(key, file)) for key, file in ordered)
    return tuple(
        Submission(label, key, file.draft, file.entry, file.placed, importer.has_named_authors)
        for label, (key, file) in zip(names, ordered, strict=True)
    )


def _notes(submissions: Sequence[Submission]) -> Iterator[Remark]:
    """Late work, work not handed in, and the same file from several students."""
    by_draft: dict[str, list[Submission]] = defaultdict(list)
    for one in submissions:
        by_draft[one.draft].append(one)
        if one.placed.is_late:
            yield Remark(
                "note", "N120", one.label, one.entry.path, "handed in late; it is marked all the same.", one.key
            )
        if one.placed.version == 0:
            yield Remark("note", "N130", one.label, one.entry.path, "a working file that was not handed in.", one.key)
    for twins in by_draft.values():
        if len({one.key for one in twins}) > 1:
            for one in twins:
                others = ", ".join(other.label for other in twins if other is not one)
                text = f"the very same file as from {others}."
                yield Remark("note", "N123", one.label, one.entry.path, text, one.key)


def with_codes(gathered: Gathered, codes: Mapping[str, str]) -> Gathered:
    """The same with a code by each key for names: labels, keys, prefixes and remarks hold no name any more."""
    n_by_key: dict[str, int] = defaultdict(int)
    code_by_label, coded = {}, []
    for one in gathered.submissions:
        n_by_key[one.key] += 1
        n = n_by_key[one.key]
        code_by_label[one.label] = code = codes[one.key] if n == 1 else f"{codes[one.key]} ({n})"
        coded.append(replace(one, label=code, key=codes[one.key], placed=_coded(one.placed)))
    remarks = []
    for n, remark in enumerate(gathered.remarks, start=1):
        text = remark.text
        for label in sorted(code_by_label, key=len, reverse=True):
            text = text.replace(label, code_by_label[label])
        code = codes.get(remark.key, "")
        file = f"file {n}{PurePosixPath(remark.file).suffix.lower()}"
        remarks.append(replace(remark, student=code, file=file, text=text, key=code))
    in_order = tuple(sorted(coded, key=lambda one: one.label))
    return Gathered(gathered.importer, in_order, tuple(remarks), tuple(codes[key] for key in gathered.keys))


def _coded(placed: Placed) -> Placed:
    """The upload prefix keeps the numbers that the platforms go by and loses the name that they ignore."""
    match = NUMBERED.search(placed.prefix)
    is_named = match is not None and not placed.prefix.startswith("anon_")
    return replace(placed, prefix=f"student_{match[1]}" if match and is_named else placed.prefix, email="")
