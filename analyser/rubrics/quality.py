"""How good a rubric is, beyond being valid: advice that quotes its words and says what to do.

A piece of advice is only given where a teacher would agree with it; what the rubric's words leave open is passed over.
What takes trained models (which points overlap, what the model answer holds) is found by ``analyser.advice``.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analyser.records import Point, Rubric, SideKey
from analyser.rubrics.positions import KeyPath
from analyser.rubrics.sides import side_names
from analyser.rubrics.words import POSSESSIVE, find_words, is_english, is_known_name, tier

# SCOWL size up to which a word is so frequent that it cannot stand for one thing alone ("the king", "army"); on the
# rubrics of nine questions no alias in use is as frequent.
FREQUENT_SIZE = 10
# The share of points (0 to 1) that must name their evidence before single pieces without a point are listed.
LINKING_RATIO = 0.5
SHOWN_NAMES = 4
SHOWN_WORDS = 80  # characters quoted from a statement
JOINT = re.compile(r";\s*|[.!?]\s+(?=[A-Z])|,?\s+and\s+", re.I)
SENTENCE_END = re.compile(r"(?<=[a-z]{3})[.!?]['’\")]*\s+(?=[A-Z]\w+\s+\w+\s+\w+)")
TOGETHER = r"(?:both|each|neither)\b"
ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: the line it is about, its code, the rubric's words, and what to do."""

    line: int
    code: str
    text: str
    todo: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text} {self.todo}"


@dataclass(frozen=True, slots=True)
class Examined:
    """What else was found out about a rubric, by means that this module does not have.

    ``overlaps`` are pairs of ids of points that cannot be told apart; ``leaks`` are (id, hint, telling words) of hints;
    ``unseen`` are ids of points and evidence that the rubric's own model answer does not hold; ``n_checks`` counts the
    entries that are still marked to be checked.
    """

    overlaps: Sequence[tuple[str, str]] = ()
    leaks: Sequence[tuple[str, str, Sequence[str]]] = ()
    unseen: Sequence[str] = ()
    n_checks: int = 0


def find_advice(rubric: Rubric, lines: Mapping[KeyPath, int], examined: Examined) -> list[Advice]:
    """All advice on a rubric, in the order of its lines. ``lines`` are those of ``positions.read_yaml``."""
    finder = _Finder(rubric, lines, examined)
    return sorted(finder.find(), key=lambda advice: (advice.line, advice.code))


class _Finder:
    def __init__(self, rubric: Rubric, lines: Mapping[KeyPath, int], examined: Examined):
        self.rubric, self.lines, self.examined = rubric, lines, examined
        self.place_by_id: dict[str, KeyPath] = {"judgement": ("judgement",)}
        for part in ("context", "criteria", "points", "evidence"):
            for index, entry in enumerate(getattr(rubric, part)):
                self.place_by_id[entry.id] = (part, index)

    def find(self) -> Iterator[Advice]:
        yield from self._checks()
        yield from self._overlaps()
        for point in self.rubric.points:
            yield from self._ideas(point)
            if point.kind == "similarity":
                yield from self._similarity(point)
        yield from self._differences()
        yield from self._links()
        yield from self._hints()
        yield from self._aliases()
        yield from self._side_aliases()
        yield from self._model_answer()

    # ------------------------------------------------------------ the parts

    def _checks(self) -> Iterator[Advice]:
        if n := self.examined.n_checks:
            what = "1 entry is" if n == 1 else f"{n} entries are"
            yield Advice(
                1, "W412", f"{what} still marked '# check:'.", "Go through them with `analyser rubric review`."
            )

    def _overlaps(self) -> Iterator[Advice]:
        statements = {point.id: point.statement for point in self.rubric.points}
        for first, second in self.examined.overlaps:
            text = f"{second} {_quoted(statements[second])} says nearly what {first} {_quoted(statements[first])} says."
            todo = "A draft that makes one will be told it makes the other: merge them, or say what sets them apart."
            yield Advice(self._line(second, "statement"), "W401", text, todo)

    def _ideas(self, point: Point) -> Iterator[Advice]:
        if cut := second_idea(point.statement):
            text = f"{point.id} seems to hold two ideas: the second begins with {_quoted(point.statement[cut:])}."
            todo = "A draft that makes one of them cannot be judged: make two points of it, or drop one."
            yield Advice(self._line(point.id, "statement"), "W402", text, todo)

    def _similarity(self, point: Point) -> Iterator[Advice]:
        named = self._named(point.statement)
        if len(named) == 1 and not _holds(point.statement, "both"):
            side = self.rubric.side(next(iter(named))).name
            text = f"the similarity {point.id} speaks of '{side}' alone: {_quoted(point.statement)}."
            todo = "Say it of both sides ('both ...'), or make it a difference."
            yield Advice(self._line(point.id, "statement"), "W403", text, todo)

    def _differences(self) -> Iterator[Advice]:
        """Differences that leave a side out, together by what they name; an accepted wording may name the other."""
        lacking: defaultdict[str, list[Point]] = defaultdict(list)
        for point in self.rubric.differences:
            named = self._named("\n".join((point.statement, *point.accept)))
            if not named:
                lacking["name neither side"].append(point)
            elif len(named) == 1 and not _holds(point.statement, "comparing"):
                side = self.rubric.side(next(iter(named))).name
                lacking[f"name '{side}' alone"].append(point)
        for what, points in lacking.items():
            said = _quoted(points[0].statement)
            if len(points) == 1:
                text = (
                    f"the difference {points[0].id} {what.replace('name', 'names', 1)} in words the tool knows: {said}."
                )
            else:
                *ids, last = [point.id for point in points]
                text = f"the differences {', '.join(ids)} and {last} {what} in words the tool knows; {ids[0]}: {said}."
            todo = "Name both sides in it."
            if any(_holds(point.statement, "contrast") for point in points):
                names = ", ".join(f"'{name}'" for name in self._other_names(points))
                which = f"one of {names}" if "," in names else names or "a word of it"
                todo = f"If {which} stands for a side, add it to that side's aliases; otherwise name the side."
            yield Advice(self._line(points[0].id, "statement"), "W404", text, todo)

    def _other_names(self, points: Sequence[Point]) -> list[str]:
        """Names that stand in these statements and are none of a side's, the commonest first."""
        counts: Counter[str] = Counter()
        for point in points:
            spans = side_names(self.rubric).mentions(point.statement)
            words = find_words(point.statement)
            for index, word in enumerate(words):
                text = POSSESSIVE.sub("", point.statement[word.start : word.end])
                is_name = word.is_capital and (index > 0 or is_known_name(word.key) or not is_english(word.key))
                if is_name and len(text) > 1 and not any(start <= word.start < end for start, end, _ in spans):
                    counts[text] += 1
        return [name for name, _ in counts.most_common(SHOWN_NAMES)]

    def _links(self) -> Iterator[Advice]:
        linked = {item_id for point in self.rubric.points for item_id in point.evidence}
        n_linking = sum(bool(point.evidence) for point in self.rubric.points)
        if not self.rubric.evidence:
            return
        if n_linking < LINKING_RATIO * len(self.rubric.points):
            text = f"{n_linking} of {len(self.rubric.points)} points name the evidence that carries them."
            todo = (
                "Add it, such as 'evidence: [E01, E04]': a draft that names it is then never told the point is missing."
            )
            yield Advice(self._line_of(("points",)), "W405", text, todo)
            return
        for item in self.rubric.evidence:
            if item.id not in linked:
                text = f"no point names {item.id} '{item.name}'."
                yield Advice(
                    self._line(item.id, "id"), "W405", text, "Add its id to the point it speaks for, or drop it."
                )

    def _hints(self) -> Iterator[Advice]:
        for about, hint, words in self.examined.leaks:
            told = ", ".join(f"'{word}'" for word in dict.fromkeys(words))
            text = f"the hint of {about} gives the answer away with {told}: {_quoted(hint)}."
            yield Advice(
                self._line(about, "hint"), "W406", text, "Ask in other words; until then the hint is held back."
            )

    def _aliases(self) -> Iterator[Advice]:
        places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for index, item in enumerate(self.rubric.evidence):
            own = {item.name.casefold()}
            places[item.name.casefold()].append((item.id, self._line(item.id, "name")))
            for position, alias in enumerate(item.aliases):
                line = self._line_of(("evidence", index, "aliases", position))
                if alias.casefold() not in own:
                    places[alias.casefold()].append((item.id, line))
                own.add(alias.casefold())
                yield from self._common(item.id, alias, line)
        for side in self.rubric.sides:
            own = {side.name.casefold()}
            places[side.name.casefold()].append((f"side {side.key}", self._line_of(("sides", side.key, "name"))))
            for position, alias in enumerate(side.aliases):
                line = self._line_of(("sides", side.key, "aliases", position))
                if alias.casefold() not in own:
                    places[alias.casefold()].append((f"side {side.key}", line))
                own.add(alias.casefold())
                yield from self._common(f"side {side.key}", alias, line)
        for name, users in places.items():
            for user, line in users[1:]:
                text = f"'{name}' stands for {users[0][0]} and for {user}."
                yield Advice(
                    line, "W408", text, "A draft that uses it is taken to mean both: keep it where it belongs."
                )

    def _common(self, user: str, alias: str, line: int) -> Iterator[Advice]:
        bare = re.sub(r"^(?:the|an?)\s+", "", alias.strip(), flags=re.I)
        if bare.isalpha() and bare.islower() and tier(bare) <= FREQUENT_SIZE:
            text = f"'{alias}', an alias of {user}, is an everyday word."
            yield Advice(line, "W407", text, "It will be found where nobody means this: add a word to it, or drop it.")

    def _side_aliases(self) -> Iterator[Advice]:
        bare = [side for side in self.rubric.sides if not side.aliases]
        if bare:
            names = " and ".join(f"{side.key} '{side.name}'" for side in bare)
            text = f"side {names} has no aliases." if len(bare) == 1 else f"sides {names} have no aliases."
            todo = (
                "Add what else students call them: short names, titles, adjectives, the people or works they stand for."
            )
            yield Advice(self._line_of(("sides", bare[0].key)), "W409", text, todo)

    def _model_answer(self) -> Iterator[Advice]:
        points = {point.id: point.statement for point in self.rubric.points}
        names = {item.id: item.name for item in self.rubric.evidence}
        for item_id in self.examined.unseen:
            if item_id in points:
                text = f"the model answer seems to lack {item_id} {_quoted(points[item_id])}."
                todo = "Look for it there: put the words it uses under 'accept', or drop the point."
                yield Advice(self._line(item_id, "statement"), "W410", text, todo)
            else:
                text = f"the model answer does not seem to name {item_id} '{names[item_id]}'."
                todo = "Look for it there: put the name it uses under 'aliases', or correct one of the two."
                yield Advice(self._line(item_id, "name"), "W411", text, todo)

    # ------------------------------------------------------------ helpers

    def _named(self, text: str) -> set[SideKey]:
        return {key for _, _, key in side_names(self.rubric).mentions(text)}

    def _line(self, item_id: str, key: str) -> int:
        return self._line_of((*self.place_by_id[item_id], key))

    def _line_of(self, path: KeyPath) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def second_idea(statement: str) -> int:
    """Where the second idea of a statement begins, or 0 for a statement of one.

    A second idea is a second sentence, a second 'both ...', a second contrast, or what stands behind "moreover".
    "Neither did this; both did that" is one idea, said twice.
    """
    text = ASIDE.sub(lambda match: " " * len(match[0]), statement.strip().rstrip("."))
    words = _words("addition")
    found: list[int] = [m.end() for m in SENTENCE_END.finditer(text)]
    found += [m.start() for m in re.finditer(rf"\b(?:{'|'.join(map(re.escape, words))})\b", text, re.I) if m.start()]
    subjects = list(re.finditer(rf"(?:^|;\s*|,?\s+(?:and|but)\s+)({TOGETHER})(?!\s+of\b)", text, re.I))
    kinds = {m[1].lower() == "neither" for m in subjects}
    if len(subjects) > 1 and len(kinds) == 1:
        found.append(subjects[1].start(1))
    contrasts = list(re.finditer(rf"\b(?:{'|'.join(_words('contrast'))})\b", text, re.I))
    if len(contrasts) > 1:
        joints = [m.end() for m in JOINT.finditer(text, contrasts[0].end(), contrasts[1].start())]
        found.append(joints[-1] if joints else contrasts[1].start())
    return min(found, default=0)


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, Mapping[str, str | list[str]]]:
    with (Path(__file__).parent / "quality.toml").open("rb") as file:
        return tomllib.load(file)


def _words(group: str) -> list[str]:
    found = _groups()[group]
    return [*str(found["words"]).split(), *found.get("phrases", [])]


def _holds(text: str, group: str) -> bool:
    said = set(re.findall(r"[^\W\d_]+", text.lower()))
    return not said.isdisjoint(_words(group))


def _quoted(text: str) -> str:
    short = text.strip().rstrip(".")
    if len(short) > SHOWN_WORDS:
        short = short[:SHOWN_WORDS].rsplit(" ", 1)[0].rstrip(",;:") + " ..."
    return f'"{short}"'
