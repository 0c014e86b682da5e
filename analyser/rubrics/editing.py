"""A rubric file as text that is edited entry by entry: what is not edited stays as it was, comments and all.

The file is cut into chunks of whole lines: one for each entry of a part, one for each of ``question``, ``sides`` and
``judgement``, and one for whatever stands between. An edit changes one chunk and returns a new RubricText.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import LiteralScalarString, SingleQuotedScalarString

from analyser.rubrics.positions import parse_yaml
from analyser.rubrics.reading import rubric_from_text
from analyser.rubrics.schema import RubricFile

PARTS = ("context", "criteria", "points", "evidence")
SINGLES = ("question", "sides", "judgement")
# The width of written YAML in characters: texts are never wrapped. And the lists that read well on one line.
WIDTH = 1_000_000
SHORT_LISTS = frozenset(("evidence", "aliases", "look_for"))
NUMBERS = ("version", "weight")  # kept as numbers, as the schema has them
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CHECK = re.compile(r"^\s*#\s*check:\s*(.*)$", re.I)
# A comment goes on where its next line is indented by two spaces or more behind the sign.
CONTINUED = re.compile(r"^\s*#\s{2,}(\S.*)$")
COMMENT = re.compile(r"^\s*#.*$")
TRAILING_CHECK = re.compile(r"(?<=\S)\s+#\s*check:.*", re.I)
TRAILING_COMMENT = re.compile(r"(?<=\s)#.*$", re.M)

Place = tuple[str, str | int]  # a part and the position of an entry in it, or '' and a key
Value = str | Sequence[str] | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of the file. ``part`` is '' for lines between entries; ``indent`` is the column of an entry's dash.

    ``above`` are the blank and comment lines right above, ``body`` the entry itself.
    """

    part: str
    above: str
    body: str
    indent: int = 0

    @property
    def text(self) -> str:
        return self.above + self.body

    @property
    def is_entry(self) -> bool:
        return self.part in PARTS

    @property
    def fragment(self) -> str:
        """The body as a YAML document of its own: the entry's mapping without its dash."""
        body = self.body
        if self.is_entry:
            body = body[: self.indent] + " " + body[self.indent + 1 :]
        used = [len(line) - len(line.lstrip(" ")) for line in body.splitlines() if _is_content(line)]
        margin = min(used, default=0)
        return "".join(line[min(margin, len(line) - len(line.lstrip(" "))) :] for line in body.splitlines(True))

    @property
    def id(self) -> str:
        """The entry's id, or the name of the key for ``question``, ``sides`` and ``judgement``."""
        return str(self.values().get("id", "")) if self.is_entry else self.part

    def values(self) -> dict[str, Any]:
        """The entry's keys and values as text, lists and mappings of text."""
        return parse_yaml(self.fragment, self.part)[0]

    def notes(self) -> list[str]:
        """The comments above, inside and behind the entry, a line each, without their sign."""
        above = [m[0].strip() for line in self.above.splitlines() if (m := COMMENT.match(line))]
        inside = find_comments(self.body, str(self.values()))
        return [comment.removeprefix("#").removeprefix(" ") for comment in (*above, *inside)]

    def checks(self) -> list[str]:
        """What is marked ``# check:``, each with the lines that go on from it."""
        found: list[str] = []
        is_open = False
        for note in self.notes():
            line = f"# {note}"
            if mark := CHECK.match(line):
                found.append(mark[1].strip())
            elif is_open and (more := CONTINUED.match(line)):
                found[-1] = f"{found[-1]} {more[1].strip()}"
            is_open = bool(mark or (is_open and CONTINUED.match(line)))
        return found


@dataclass(frozen=True, slots=True)
class RubricText:
    """A whole rubric file in chunks. Build it with ``read_rubric_text``."""

    chunks: tuple[Chunk, ...]

    @property
    def text(self) -> str:
        return "".join(chunk.text for chunk in self.chunks)

    def items(self) -> Iterator[Chunk]:
        """Everything that can be reviewed, in the file's order."""
        return (chunk for chunk in self.chunks if chunk.part)

    def find(self, part: str, item_id: str) -> Chunk:
        """The chunk with this id; KeyError when there is none."""
        return self.chunks[self._index(part, item_id)]

    def ids(self, part: str) -> list[str]:
        return [chunk.id for chunk in self.chunks if chunk.part == part]

    def with_values(self, part: str, item_id: str, changes: Mapping[str, Value]) -> RubricText:
        """Some keys of an item set anew (None takes a key out); "a.name" is the key ``name`` under ``a``."""
        index = self._index(part, item_id)
        return self._with(index, _changed(self.chunks[index], changes))

    def without_checks(self, part: str, item_id: str) -> RubricText:
        """The item without its ``# check:`` marks; its other comments stay."""
        index = self._index(part, item_id)
        chunk = self.chunks[index]
        bare = replace(chunk, above=_without_checks(chunk.above), body=_without_checks(chunk.body))
        # In a text of several lines the mark may be the text itself.
        return self._with(index, bare if bare.values() == chunk.values() else replace(chunk, above=bare.above))

    def without(self, part: str, item_id: str) -> RubricText:
        """The file without this entry and the comments above it; links to it go, too."""
        index = self._index(part, item_id)
        changed = replace(self, chunks=self.chunks[:index] + self.chunks[index + 1 :])
        return changed.relinked(item_id, ()) if part == "evidence" else changed

    def with_entry_after(self, part: str, item_id: str, values: Mapping[str, Value]) -> RubricText:
        """A new entry behind the one with this id."""
        index = self._index(part, item_id)
        indent = self.chunks[index].indent
        chunk = Chunk(part, "", _as_item(_dump(_fresh(values)), indent), indent)
        return replace(self, chunks=(*self.chunks[: index + 1], chunk, *self.chunks[index + 1 :]))

    def relinked(self, evidence_id: str, new_ids: Sequence[str]) -> RubricText:
        """Points that link this evidence link ``new_ids`` instead."""
        changed = self
        for chunk in self.chunks:
            links = chunk.values().get("evidence", []) if chunk.part == "points" else []
            if evidence_id in links:
                new = [n for link in links for n in (new_ids if link == evidence_id else (link,))]
                kept = list(dict.fromkeys(new)) or None
                changed = changed.with_values("points", chunk.id, {"evidence": kept})
        return changed

    def next_id(self, like: str) -> str:
        """The first free id after all that begin like this one: E27 when there are 26 pieces of evidence."""
        prefix = like.rstrip("0123456789") or like
        taken = [i for part in PARTS for i in self.ids(part)]
        numbers = {i[len(prefix) :] for i in taken if i.startswith(prefix) and i[len(prefix) :].isdigit()}
        width = max((len(n) for n in numbers if n.startswith("0")), default=0)
        number = max((int(n) for n in numbers), default=0) + 1
        while (found := f"{prefix}{number:0{width}d}") in taken:
            number += 1
        return found

    def _index(self, part: str, item_id: str) -> int:
        for index, chunk in enumerate(self.chunks):
            if chunk.part == part and chunk.id == item_id:
                return index
        raise KeyError(item_id)

    def _with(self, index: int, chunk: Chunk) -> RubricText:
        return replace(self, chunks=(*self.chunks[:index], chunk, *self.chunks[index + 1 :]))


def read_rubric_text(text: str, name: str) -> RubricText:
    """A valid rubric's text cut into chunks; raises RubricError for one that is not valid."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rubric_from_text(text, name)
    text = text if text.endswith("\n") else text + "\n"
    root = YAML(typ="safe", pure=True).compose(text)
    if root.flow_style or root.start_mark.column:
        text = _at_the_margin(text, root)
        root = YAML(typ="safe", pure=True).compose(text)
    chunks: list[Chunk] = []
    lines = text.split("\n")[:-1]
    done = 0

    def take(part: str, start: int, stop: int, indent: int) -> None:
        """Cut the lines from ``start`` to ``stop`` out as one item, with the comments right above them."""
        nonlocal done
        first = start
        while first > done and _belongs_below(lines[first - 1], indent):
            first -= 1
        if first > done:
            chunks.append(Chunk("", "", _joined(lines[done:first])))
        chunks.append(Chunk(part, _joined(lines[first:start]), _joined(lines[start:stop]), indent))
        done = stop

    for key_node, value in root.value:
        key = str(key_node.value)
        line = _line_of(text, key_node.start_mark.index)
        if key in SINGLES:
            take(key, line, _last_line(text, value) + 1, 0)
        elif key in PARTS and isinstance(value, SequenceNode) and value.value:
            if value.flow_style:
                stop = _last_line(text, value) + 1
                block, indent = _as_block(key, lines[line:stop], value)
                chunks.append(Chunk("", "", _joined(lines[done:line]) + block))
                chunks += [Chunk(key, "", _as_item(_dump(_fresh(_plain(n))), indent), indent) for n in value.value]
                done = stop
                continue
            for position, node in enumerate(value.value):
                start, indent = _dash(lines, _line_of(text, node.start_mark.index))
                stop = _last_line(text, node) + 1
                following = value.value[position + 1] if position + 1 < len(value.value) else None
                limit = _dash(lines, _line_of(text, following.start_mark.index))[0] if following else len(lines)
                while stop < limit and _is_inside(lines[stop], indent):
                    stop += 1
                take(key, start, stop, indent)
    if done < len(lines):
        chunks.append(Chunk("", "", _joined(lines[done:])))
    return RubricText(tuple(chunks))


# ---------------------------------------------------------------- lines


def _joined(lines: Sequence[str]) -> str:
    return "".join(line + "\n" for line in lines)


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _belongs_below(line: str, indent: int) -> bool:
    """Whether a line above an item is a comment on it (or a blank line)."""
    bare = line.lstrip(" ")
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= indent)


def _is_inside(line: str, indent: int) -> bool:
    """Whether a line behind an entry's last word is a comment inside the entry."""
    bare = line.lstrip(" ")
    return bare.startswith("#") and len(line) - len(bare) > indent


def _line_of(text: str, index: int) -> int:
    return text.count("\n", 0, index)


def _last_line(text: str, node: Node) -> int:
    """The last line that holds a word of this node; the marks of block mappings reach over the comments below."""
    if isinstance(node, ScalarNode) or (isinstance(node, MappingNode | SequenceNode) and node.flow_style):
        start, end = node.start_mark.index, node.end_mark.index
        return max(_line_of(text, start), _line_of(text, start + len(text[start:end].rstrip())))
    children = [child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_last_line(text, child) for child in children), default=_line_of(text, node.start_mark.index))


def _dash(lines: Sequence[str], line: int) -> tuple[int, int]:
    """The line and the column of the dash that opens the entry whose first word stands in ``line``."""
    while not lines[line].lstrip(" ").startswith("-"):
        line -= 1
    return line, len(lines[line]) - len(lines[line].lstrip(" "))


def _as_block(key: str, lines: Sequence[str], value: SequenceNode) -> tuple[str, int]:
    """The heading of a part that was written between square brackets, with the comments that stood among them."""
    comments = find_comments(_joined(lines), str(_plain(value)))
    return _joined([f"{key}:", *(f"  {comment}" for comment in comments)]), 2


def _at_the_margin(text: str, root: MappingNode) -> str:
    """A rubric in braces, or indented as a whole, written in block style from the first column."""
    data = _plain(root)
    return _joined(find_comments(text, str(data))) + _dump(data)


def _plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [_plain(child) for child in node.value]
    return {str(key.value): _plain(child) for key, child in node.value}


def _without_checks(text: str) -> str:
    kept: list[str] = []
    is_open = False
    for line in text.splitlines(True):
        is_open = bool(CHECK.match(line)) or (is_open and bool(CONTINUED.match(line)))
        if not is_open:
            kept.append(TRAILING_CHECK.sub("", line))
    return "".join(kept)


# ---------------------------------------------------------------- YAML


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dump(data: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(data, stream)
    return stream.getvalue().removesuffix("...\n")


def _as_item(dumped: str, indent: int) -> str:
    """A dumped mapping as an entry of a list whose dashes stand in column ``indent``."""
    margin = " " * (indent + 2)
    lines = [margin + line if line.strip() else line for line in dumped.splitlines(True)]
    return " " * indent + "-" + "".join(lines)[indent + 1 :]


def _fresh(values: Mapping[str, Any]) -> CommentedMap:
    return CommentedMap((key, _node(key, value)) for key, value in values.items() if value is not None)


def _node(key: str, value: Any, old: Any = None) -> Any:
    """A value for YAML, written in the style of the one it replaces."""
    if isinstance(value, str):
        is_number = key in NUMBERS and NUMBER.fullmatch(value)
        return (float(value) if "." in value else int(value)) if is_number else _text(value)
    if isinstance(value, Mapping):
        mapping = CommentedMap((_text(k), _node(k, v)) for k, v in value.items())
        return _styled(mapping, old, is_flow=key in ("figures",))
    return _styled(CommentedSeq(map(_text, value)), old, is_flow=key in SHORT_LISTS)


def _text(value: str) -> str:
    if value.startswith(("?", ":")):  # which ruamel.yaml leaves bare between brackets, where it opens a key or value
        return SingleQuotedScalarString(value)
    return LiteralScalarString(value) if "\n" in value and value == value.strip() else value


def _styled(node: Any, old: Any, *, is_flow: bool) -> Any:
    if isinstance(old, CommentedMap | CommentedSeq) and old:
        is_flow = old.fa.flow_style() is True
    if is_flow:
        node.fa.set_flow_style()
    return node


def _changed(chunk: Chunk, changes: Mapping[str, Value]) -> Chunk:
    data = _yaml().load(chunk.fragment)
    for dotted, value in changes.items():
        *parents, key = dotted.split(".")
        place = data
        for parent in parents:
            if not isinstance(place.get(parent), CommentedMap):
                place[parent] = CommentedMap()
            place = place[parent]
        if value is None:
            place.pop(key, None)
        else:
            place[key] = _node(key, value, place.get(key))
    dumped = _dump(data)
    body = _as_item(dumped, chunk.indent) if chunk.is_entry else dumped
    changed = replace(chunk, body=body)
    lost = [c for c in find_comments(chunk.body, str(chunk.values())) if c not in body]
    margin = " " * chunk.indent
    return replace(changed, above=chunk.above + "".join(f"{margin}{c}\n" for c in lost)) if lost else changed


def find_comments(text: str, said: str) -> list[str]:
    """Every comment of a piece of YAML, less what is part of a text in it (``said``: all its texts)."""
    found = [m.group().rstrip() for m in TRAILING_COMMENT.finditer("\n" + text)]
    return [comment for comment in found if comment not in said]


def write_rubric_text(data: Mapping[str, Any], note_by_place: Mapping[Place, Sequence[str]]) -> str:
    """A rubric's data as YAML; the notes of an entry (or, for part '', of a key) become comments above it."""
    lines: list[str] = []
    for key in RubricFile.model_fields:
        if not data.get(key):
            continue
        lines += [f"# {note}".rstrip() + "\n" for note in note_by_place.get(("", key), ())]
        if isinstance(data[key], list):
            lines.append(f"{key}:\n")
            for position, entry in enumerate(data[key]):
                lines += [f"  # {note}".rstrip() + "\n" for note in note_by_place.get((key, position), ())]
                lines.append(_as_item(_dump(_fresh(entry)), 2))
        else:
            lines.append(_dump(_fresh({key: data[key]})))
    return "".join(lines)
