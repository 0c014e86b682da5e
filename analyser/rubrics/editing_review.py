"""A rubric gone through entry by entry, the doubtful ones first: keep, edit, split, merge, drop, next, back, undo.

Every decision is saved before the next question is asked, so there is nothing to lose. How a question is asked and how
a text is edited is the caller's: the command line asks in the terminal, a test answers from a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyser.errors import RubricError, UsageError
from analyser.rubrics.editing import PARTS, RubricText, Value, read_rubric_text
from analyser.rubrics.editing_files import save_whole
from analyser.rubrics.json_schema import key_help
from analyser.rubrics.reading import rubric_from_text
from analyser.rubrics.schema import (
    ContextEntry,
    CriterionEntry,
    Entry,
    EvidenceEntry,
    PointEntry,
)

MODEL_BY_PART: Mapping[str, type[Entry]] = {
    "context": ContextEntry,
    "criteria": CriterionEntry,
    "points": PointEntry,
    "evidence": EvidenceEntry,
}
FIELDS_OF_SINGLES: Mapping[str, tuple[str, ...]] = {
    "question": ("question",),
    "sides": ("sides.a.name", "sides.a.aliases", "sides.a.frame", "sides.b.name", "sides.b.aliases", "sides.b.frame"),
    "judgement": ("judgement.statement", *(f"judgement.stances.{s}" for s in ("similar", "different", "mixed")),
                  "judgement.hint"),
}  # fmt: skip
MODEL_BY_SINGLE = {"question": "RubricFile", "sides": "SideEntry", "judgement": "JudgementEntry"}
LISTS = frozenset(("aliases", "accept", "reject", "evidence", "look_for", "facts"))
# Where a second wording goes when two entries become one.
WORDINGS = {"points": "accept", "criteria": "look_for", "evidence": "aliases"}
LONG = 80  # characters from which a text is better edited in an editor
ACTIONS = {
    "k": "keep", "e": "edit", "s": "split", "m": "merge", "d": "drop", "n": "next", "b": "back", "u": "undo",
    "q": "quit",
}  # fmt: skip
JOINT = re.compile(r";\s+|,?\s+(?:and also|as well as|and)\s+|\.\s+")

Ask = Callable[[str], str]
Say = Callable[[str], None]
EditText = Callable[[str], str | None]
Place = tuple[str, str]  # part and id


@dataclass
class ReviewResult:
    """What was done, by the name of the action, and how many entries are still marked ``# check:``."""

    n_by_action: dict[str, int] = field(default_factory=dict)
    n_checks: int = 0
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    text: RubricText
    queue: tuple[Place, ...]
    position: int


class Review:
    """One review of the rubric at ``path``. ``run`` asks until the last entry, ``quit`` or the end of the answers."""

    def __init__(self, path: Path, ask: Ask, say: Say, edit_text: EditText | None = None):
        self.path, self.ask, self.say, self.edit_text = path, ask, say, edit_text
        data = _read(path)
        self.newline = "\r\n" if b"\r\n" in data else "\n"
        self.saved = data
        text = read_rubric_text(data.decode("utf-8-sig"), str(path))
        places = [(chunk.part, chunk.id) for chunk in text.items()]
        doubtful = {(chunk.part, chunk.id) for chunk in text.items() if chunk.checks()}
        self.state = _State(text, tuple(sorted(places, key=lambda place: place not in doubtful)), 0)
        self.past: list[tuple[_State, str]] = []
        self.result = ReviewResult()

    def run(self) -> ReviewResult:
        """Go through the queue; EOFError from ``ask`` ends it like ``quit``, KeyboardInterrupt is passed on."""
        n_checks = self._n_checks()
        self.say(f"{len(self.state.queue)} entries, {n_checks} to check first. Every decision is saved at once.")
        try:
            while True:
                if self.state.position == len(self.state.queue):
                    self.result.is_finished = True
                    if not (action := self._ask_end()):
                        break
                    self.result.is_finished = False
                else:
                    self._show()
                    if (action := self._ask_action()) == "q":
                        break
                getattr(self, f"_{ACTIONS[action]}")()
        except EOFError:
            self.say("")
        finally:
            self.result.n_checks = self._n_checks()
        return self.result

    # ------------------------------------------------------------ the actions

    def _keep(self) -> None:
        part, item_id = self._place
        text = self.state.text.without_checks(part, item_id)
        self._move_on(text, "kept")

    def _next(self) -> None:
        self.state = _State(self.state.text, self.state.queue, self.state.position + 1)

    def _back(self) -> None:
        if self.state.position == 0:
            self.say("  This is the first entry.")
        self.state = _State(self.state.text, self.state.queue, max(0, self.state.position - 1))

    def _undo(self) -> None:
        if not self.past:
            self.say("  There is nothing to undo.")
            return
        state, action = self.past.pop()
        self._save(state.text)
        self.result.n_by_action[action] -= 1
        self.state = state
        self.say("  Undone.")

    def _drop(self) -> None:
        part, item_id = self._place
        if part not in PARTS:
            self.say(f"  A rubric needs its {part}; edit it instead.")
            return
        queue = tuple(place for place in self.state.queue if place != self._place)
        self._set(self.state.text.without(part, item_id), "dropped", queue)

    def _edit(self) -> None:
        part, item_id = self._place
        names = self._field_names(part)
        while True:
            values = self._values(part, item_id)
            for number, name in enumerate(names, start=1):
                self.say(f"  {number:2} {_short(name)}: {_shown(values.get(name, ''))}")
            answer = self.ask("  Which? (number or name, Enter when done) ").strip()
            if not answer:
                return
            name = names[int(answer) - 1] if answer.isdigit() and 0 < int(answer) <= len(names) else answer
            name = next((n for n in names if name in (n, _short(n))), "")
            if not name:
                self.say(f"  One of: {', '.join(_short(n) for n in names)}.")
                continue
            self.say(f"  {self._help(part, name)}")
            value = self._ask_value(name, values.get(name, ""))
            changed = {name: value or None} if not self._is_required(part, name) else {name: value}
            text = self.state.text.with_values(part, item_id, changed)
            if part in PARTS and name == "id" and isinstance(value, str) and value != item_id:
                text = text.relinked(item_id, (value,)) if part == "evidence" else text
                queue = tuple((part, value) if place == (part, item_id) else place for place in self.state.queue)
                if self._set(text, "edited", queue):
                    item_id = value
            else:
                self._set(text, "edited")

    def _split(self) -> None:
        part, item_id = self._place
        if part not in PARTS:
            self.say(f"  The {part} cannot be split.")
            return
        values = self._values(part, item_id)
        key = "name" if part == "evidence" else "statement"
        first_half, second_half = _halves(values[key])
        first = self._ask_text("  First idea", first_half)
        second = self._ask_text("  Second idea", second_half)
        new_id = self.state.text.next_id(item_id)
        entry: dict[str, Value] = {"id": new_id}
        entry |= {k: values[k] for k in ("kind", "side") if k in values}
        entry[key] = second
        if links := values.get("evidence"):
            entry["evidence"] = links
        text = self.state.text.with_values(part, item_id, {key: first}).with_entry_after(part, item_id, entry)
        text = text.relinked(item_id, (item_id, new_id)) if part == "evidence" else text
        at = self.state.position + 1
        queue = (*self.state.queue[:at], (part, new_id), *self.state.queue[at:])
        if self._set(text, "split", queue):
            self.say(f"  {item_id} keeps the first idea; the second is {new_id}. Look at the hint and the evidence.")

    def _merge(self) -> None:
        part, item_id = self._place
        if part not in PARTS:
            self.say(f"  The {part} cannot be merged.")
            return
        own = self._values(part, item_id)
        others = {
            chunk.id: values
            for chunk in self.state.text.items()
            if chunk.part == part and chunk.id != item_id
            if (values := self._values(part, chunk.id)).get("kind") == own.get("kind") or part != "points"
        }
        if not others:
            self.say("  There is no other entry of this kind.")
            return
        key = "name" if part == "evidence" else "statement"
        for other_id, values in others.items():
            self.say(f"  {other_id:>4}  {values[key]}")
        other_id = self.ask(f"  Merge which into {item_id}? (id, Enter for none) ").strip()
        if other_id not in others:
            self.say(f"  Nothing merged.{f' There is no {other_id} here.' if other_id else ''}")
            return
        other = others[other_id]
        statement = self._ask_text("  Both together", own[key])
        text = self.state.text.with_values(part, item_id, _united(part, key, own, other, statement))
        text = text.relinked(other_id, (item_id,)) if part == "evidence" else text
        queue = tuple(place for place in self.state.queue if place != (part, other_id))
        if self._set(text.without(part, other_id), "merged", queue):
            self.state = _State(self.state.text, queue, queue.index((part, item_id)))

    # ------------------------------------------------------------ questions

    def _ask_action(self) -> str:
        words = "  ".join(f"[{letter}]{name[1:]}" for letter, name in ACTIONS.items())
        while True:
            answer = self.ask(f"  {words}  (Enter keeps) > ").strip().lower()
            letter = "k" if not answer else answer[0] if answer in (answer[0], ACTIONS.get(answer[0])) else ""
            if letter in ACTIONS:
                return letter
            self.say(f"  One of: {', '.join(f'{letter} {name}' for letter, name in ACTIONS.items())}.")

    def _ask_end(self) -> str:
        while (answer := self.ask("\nThat was the last. Enter ends, b goes back, u undoes > ").strip().lower()) not in (
            "",
            "b",
            "u",
        ):
            self.say("  Enter, b or u.")
        return answer

    def _ask_value(self, name: str, value: Any) -> Value:
        key = name.rsplit(".", 1)[-1]
        if key == "figures":
            return self._ask_figures(value or {})
        if key not in LISTS:
            return self._ask_text("  New text", value)
        items = list(value or [])
        if self.edit_text is not None and sum(map(len, items)) >= LONG:
            edited = self.edit_text("\n".join(items))
            return items if edited is None else [line.strip() for line in edited.splitlines() if line.strip()]
        while True:
            for number, item in enumerate(items, start=1):
                self.say(f"    {number} {item}")
            answer = self.ask("  Add (or -2 to take out the second; Enter when done) ").strip()
            if not answer:
                return items
            if re.fullmatch(r"-\d+", answer) and 0 < int(answer[1:]) <= len(items):
                del items[int(answer[1:]) - 1]
            elif key == "evidence":
                items += [link for link in re.split(r"[,;\s]+", answer) if link not in items]
            else:
                items.append(answer)

    def _ask_figures(self, figures: Mapping[str, str]) -> Value:
        found = dict(figures)
        while answer := self.ask("  What it counts: the number (or -what to take it out; Enter when done) ").strip():
            label, _, number = answer.rpartition(": ")
            if answer[1:] in found and answer.startswith("-"):
                del found[answer[1:]]
            elif label and number:
                found[label] = number.strip()
            else:
                self.say("    Such as: fine: £70,650")
        return found

    def _ask_text(self, prompt: str, value: str) -> str:
        """A new text; Enter takes the one given, a single dash empties it."""
        if self.edit_text is not None and len(value) >= LONG:
            edited = self.edit_text(value)
            return value if edited is None else " ".join(edited.split())
        answer = self.ask(f"{prompt} [{value}] ").strip()
        return value if not answer else "" if answer == "-" else answer

    # ------------------------------------------------------------ state

    @property
    def _place(self) -> Place:
        return self.state.queue[self.state.position]

    def _values(self, part: str, item_id: str) -> dict[str, Any]:
        values = self.state.text.find(part, item_id).values()
        return values if part in PARTS else _flat(values)

    @staticmethod
    def _field_names(part: str) -> tuple[str, ...]:
        return tuple(MODEL_BY_PART[part].model_fields) if part in PARTS else FIELDS_OF_SINGLES[part]

    @staticmethod
    def _is_required(part: str, name: str) -> bool:
        if part in PARTS:
            return MODEL_BY_PART[part].model_fields[name].is_required()
        return name.rsplit(".", 1)[-1] in ("question", "name", "statement")

    @staticmethod
    def _help(part: str, name: str) -> str:
        key = name.rsplit(".", 1)[-1]
        model = "StancesEntry" if ".stances." in name else MODEL_BY_SINGLE.get(part) or MODEL_BY_PART[part].__name__
        return key_help()[model][key]

    def _show(self) -> None:
        part, item_id = self._place
        chunk = self.state.text.find(part, item_id)
        self.say(f"\n{self.state.position + 1}/{len(self.state.queue)}  {item_id}  ({part})")
        for note in chunk.notes():
            self.say(f"  # {note}" if note else "")
        for name, value in self._values(part, item_id).items():
            if name != "id" and value:
                self.say(f"  {_short(name):10} {_shown(value)}")

    def _n_checks(self) -> int:
        return sum(bool(chunk.checks()) for chunk in self.state.text.items())

    def _move_on(self, text: RubricText, action: str) -> None:
        state = self.state
        if text != state.text:
            self._save(text)
        self.past.append((state, action))
        self.state = _State(text, state.queue, state.position + 1)
        self._count(action)

    def _set(self, text: RubricText, action: str, queue: tuple[Place, ...] | None = None) -> bool:
        """Save a changed rubric if it is valid, and say why not if it is not."""
        try:
            rubric_from_text(text.text, self.path.name)
        except RubricError as error:
            self.say(f"  Not done: {error.code}: {error.message} {error.hint.splitlines()[0] if error.hint else ''}")
            return False
        if text == self.state.text:
            return True
        self._save(text)
        self.past.append((self.state, action))
        self.state = _State(text, self.state.queue if queue is None else queue, self.state.position)
        self._count(action)
        return True

    def _count(self, action: str) -> None:
        self.result.n_by_action[action] = self.result.n_by_action.get(action, 0) + 1

    def _save(self, text: RubricText) -> None:
        data = text.text.replace("\n", self.newline).encode("utf8")
        if data == self.saved:
            return
        if _read(self.path) != self.saved:
            rescued = self.path.with_name(f"{self.path.name}.review")
            save_whole(rescued, data)
            raise UsageError(
                "E370",
                f"the file was changed by another program during the review; your review is in {rescued.name}.",
                where=str(self.path),
                hint="Compare the two, keep what you want, and review again.",
            )
        save_whole(self.path, data)
        self.saved = data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RubricError("E201", f"the rubric cannot be read ({error.strerror})", where=str(path)) from None


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested keys as one dotted key each."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _short(name: str) -> str:
    """ "sides.a.name" -> "a.name", "judgement.stances.mixed" -> "mixed"."""
    return name.removeprefix("sides.").removeprefix("judgement.").removeprefix("stances.")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {number}" for key, number in value.items())
    return value if isinstance(value, str) else "; ".join(value)


def _halves(statement: str) -> tuple[str, str]:
    """Two ideas as a first guess: the statement cut at the joint nearest to its middle."""
    joints = list(JOINT.finditer(statement))
    if not joints:
        return statement, statement
    middle = min(joints, key=lambda m: abs(m.start() + m.end() - len(statement)))
    return statement[: middle.start()].strip(), statement[middle.end() :].strip()


def _united(part: str, key: str, own: Mapping[str, Any], other: Mapping[str, Any], statement: str) -> dict[str, Value]:
    """What changes in an entry that takes another one in: lists joined, gaps filled, wordings kept."""
    changes: dict[str, Value] = {key: statement}
    for name, value in other.items():
        if name in LISTS:
            changes[name] = list(dict.fromkeys((*own.get(name, ()), *value)))
        elif name == "figures":
            changes[name] = {**value, **own.get(name, {})}
        elif name not in ("id", key, "weight") and not own.get(name):
            changes[name] = value
    wordings: Sequence[str] = [text for text in (own[key], other[key]) if text.casefold() != statement.casefold()]
    if name := WORDINGS.get(part, ""):
        said = changes.get(name) or own.get(name) or []
        changes[name] = list(dict.fromkeys((*said, *wordings))) or None
    return changes
