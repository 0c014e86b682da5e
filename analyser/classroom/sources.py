"""Where submissions lie: a folder or a zip archive, and archives in it. Lists the files and reads one at a time.

Nothing is unpacked to disk, so no archive can write outside its place; links are not followed; every read is bounded.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from analyser.errors import AnalyserError, DraftError, UsageError
from analyser.text.formats.archive import BROKEN, ENCRYPTED_FLAG
from analyser.text.reading import MAX_BYTES

# Files in one archive: a cohort of 5,000 with a dozen files each stays below.
MAX_ENTRIES = 100_000
# How many times larger than packed a file over MIN_BOMB_BYTES may unpack. Plain text packs 3 to 5 times; DEFLATE's own
# limit is about 1,030, and only made-up files come near it.
MAX_RATIO = 200
MIN_BOMB_BYTES = 1_000_000
# Archives in archives: the platform's export, and in it a student's own zip of the draft.
MAX_DEPTH = 2
# Longest path read (bytes): what Linux, macOS and Windows with long paths can hold.
MAX_PATH_BYTES = 4096
UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. ``path`` is for people and rules (NFC, "/" between parts, archives shown as folders); ``chain`` is how
    it is reached from ``root``: a name below the folder or in the archive, then a name in each archive in turn."""

    path: str
    n_bytes: int
    root: str
    chain: tuple[str, ...]

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not read, and why."""

    path: str
    error: AnalyserError


def list_entries(root: Path) -> Iterator[Entry | Refused]:
    """Every file below a folder or in an archive, sorted by path. Raises UsageError when ``root`` is neither."""
    if root.is_dir():
        found = _walk(root)
    elif root.is_file() and zipfile.is_zipfile(root):
        found = _list_archive(root, (), "", 0)
    elif root.exists():
        raise UsageError(
            "E330", "this is neither a folder nor a zip archive.", where=str(root), hint="Give the class's submissions."
        )
    else:
        raise UsageError("E330", "there is nothing of this name.", where=str(root), hint="Check the name.")
    yield from sorted(found, key=lambda item: item.path)


def read_entry(entry: Entry) -> bytes:
    """The bytes of a file, at most MAX_BYTES + 1 of them. Raises DraftError."""
    root, (first, *rest) = Path(entry.root), entry.chain
    try:
        if root.is_dir():
            if not rest:
                with (root / first).open("rb") as file:
                    return file.read(MAX_BYTES + 1)
            archive = _open_file(str(root / first))
        else:
            archive = _open_file(str(root))
            rest = [first, *rest]
        for name in rest[:-1]:
            archive = zipfile.ZipFile(io.BytesIO(_read_member(archive, name)))
        return _read_member(archive, rest[-1])
    except PermissionError:
        raise DraftError("E103", "you have no permission to read this file.", where=entry.path) from None
    except MemoryError:
        raise DraftError("E337", "there is not enough memory to read this file.", where=entry.path) from None
    except BROKEN as error:
        raise DraftError("E346", f"it cannot be read ({_reason(error)}).", where=entry.path) from None


def _open_file(path: str) -> zipfile.ZipFile:
    status = os.stat(path)
    return _kept_open(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _kept_open(path: str, modified: int, n_bytes: int) -> zipfile.ZipFile:
    """An archive kept open, since reading its list of thousands of files for each of them would take quadratic time."""
    return zipfile.ZipFile(path)


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(MAX_BYTES + 1)


def _walk(root: Path) -> Iterator[Entry | Refused]:
    unread: list[OSError] = []
    for folder, folder_names, file_names in os.walk(root, onerror=unread.append, followlinks=False):
        for name in (*folder_names, *file_names):
            file = Path(folder, name)
            relative = file.relative_to(root).as_posix()
            try:
                status = file.lstat()
            except OSError as error:
                yield _refuse(relative, "E103", f"it cannot be opened ({_reason(error)}).")
                continue
            if stat.S_ISLNK(status.st_mode):
                yield _refuse(relative, "E340", "this is a link, and links are not followed.")
            elif stat.S_ISREG(status.st_mode):
                yield from _file_or_archive(Entry(_shown(relative), status.st_size, str(root), (relative,)), 0)
            elif not stat.S_ISDIR(status.st_mode):
                yield _refuse(relative, "E344", "this is a device or pipe, not a file.")
    for failed in unread:
        yield _refuse(Path(str(failed.filename)).name, "E103", f"the folder cannot be opened ({_reason(failed)}).")


def _file_or_archive(entry: Entry, depth: int) -> Iterator[Entry | Refused]:
    is_junk = entry.name.startswith(("~", "."))
    if not entry.path.lower().endswith(".zip") or is_junk or "__MACOSX" in entry.path:
        yield entry
    elif depth >= MAX_DEPTH:
        yield _refuse(entry.path, "E343", f"archives are opened {MAX_DEPTH} deep, and this one lies deeper.")
    else:
        yield from _list_archive(Path(entry.root), entry.chain, f"{entry.path}/", depth)


def _list_archive(root: Path, chain: tuple[str, ...], prefix: str, depth: int) -> Iterator[Entry | Refused]:
    """The files of the archive at ``root`` (or the one that ``chain`` leads to), each path led by ``prefix``."""
    where = prefix.rstrip("/") or str(root)
    try:
        archive = _open_chain(root, chain, where)
        members = archive.infolist()
    except BROKEN as error:
        if not chain:
            raise UsageError("E346", f"the archive is damaged ({_reason(error)}).", where=where) from None
        yield _refuse(where, "E346", f"the archive is damaged ({_reason(error)}).")
        return
    except AnalyserError as error:
        yield Refused(_shown(where), error)
        return
    if len(members) > MAX_ENTRIES:
        yield _refuse(where, "E342", f"the archive holds {len(members):,} files; at most {MAX_ENTRIES:,} are read.")
        return
    for member in members:
        if member.is_dir():
            continue
        name = _decoded(member)
        entry = Entry(prefix + _shown(name), member.file_size, str(root), (*chain, member.filename))
        if (refused := _member_error(member, name)) is not None:
            yield _refuse(entry.path, *refused)
        else:
            yield from _file_or_archive(entry, depth + 1)


def _open_chain(root: Path, chain: tuple[str, ...], where: str) -> zipfile.ZipFile:
    if not chain:
        return _open_file(str(root))
    if len(chain) == 1 and root.is_dir():
        return _open_file(str(root / chain[0]))
    data = read_entry(Entry(where, 0, str(root), chain))
    if len(data) > MAX_BYTES:
        raise UsageError("E342", f"the archive in the archive is larger than {MAX_BYTES // 1_000_000} MB.", where=where)
    return zipfile.ZipFile(io.BytesIO(data))


def _member_error(member: zipfile.ZipInfo, name: str) -> tuple[str, str] | None:
    """The code and the reason why a file of an archive is refused."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":"):
        return "E341", "its path leads out of the archive."
    if len(name.encode("utf8", "replace")) > MAX_PATH_BYTES:
        return "E341", f"its path is longer than {MAX_PATH_BYTES} bytes."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "E340", "this is a link, and links are not followed."
    if member.flag_bits & ENCRYPTED_FLAG:
        return "E120", "it is protected by a password."
    if member.file_size > max(MIN_BOMB_BYTES, MAX_RATIO * member.compress_size):
        return "E342", f"it unpacks to {member.file_size / 1e6:,.0f} MB, far more than it looks."
    return None


def _decoded(member: zipfile.ZipInfo) -> str:
    """The name as written: many programs write UTF-8 without saying so, and zipfile then reads code page 437."""
    if not member.flag_bits & UTF8_FLAG:
        try:
            return member.filename.encode("cp437").decode("utf8")
        except UnicodeError:
            pass
    return member.filename


def _shown(path: str) -> str:
    readable = path.encode("utf8", "replace").decode("utf8")
    return unicodedata.normalize("NFC", readable)


def _refuse(path: str, code: str, text: str) -> Refused:
    return Refused(_shown(path), DraftError(code, text, where=_shown(path)))


def _reason(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
