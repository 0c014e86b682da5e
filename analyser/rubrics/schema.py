"""The shape of a rubric file, as pydantic models; the JSON Schema for editors is generated from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,23}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
# 1917, 1917-12, 1917-12-25, or two of them joined by a slash; a leading minus marks a year BCE.
Date = Annotated[str, StringConstraints(pattern=r"^-?\d{1,4}(-\d{2}(-\d{2})?)?(/-?\d{1,4}(-\d{2}(-\d{2})?)?)?$")]


class Entry(BaseModel):
    """Unknown keys are errors, so that a misspelt key is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SideEntry(Entry):
    name: Text
    aliases: list[Text] = []
    frame: str = ""


class SidesEntry(Entry):
    a: SideEntry
    b: SideEntry


class StancesEntry(Entry):
    similar: str = ""
    different: str = ""
    mixed: str = ""


class JudgementEntry(Entry):
    statement: Text
    stances: StancesEntry = StancesEntry()
    hint: str = ""


class ContextEntry(Entry):
    id: Id
    statement: Text


class CriterionEntry(Entry):
    id: Id
    statement: Text
    look_for: list[Text] = []
    hint: str = ""


class PointEntry(Entry):
    id: Id
    kind: Literal["similarity", "difference"]
    statement: Text
    accept: list[Text] = []
    reject: list[Text] = []
    evidence: list[Id] = []
    weight: Annotated[float, Field(gt=0, le=10)] = 1.0
    hint: str = ""


EVIDENCE_KINDS = (
    "person", "organisation", "event", "place", "group", "statistic", "date", "work", "quotation", "concept", "source",
)  # fmt: skip


class EvidenceEntry(Entry):
    id: Id
    name: Text
    kind: Literal[
        "person", "organisation", "event", "place", "group", "statistic", "date", "work", "quotation", "concept",
        "source", "",
    ] = ""  # fmt: skip
    aliases: list[Text] = []
    side: Literal["a", "b", "both", "none"] = "none"
    date: Date | Literal[""] = ""
    figures: dict[str, Text] = {}
    facts: list[Text] = []
    hint: str = ""


class LevelEntry(Entry):
    level: Text
    descriptor: Text


class RubricFile(Entry):
    """A rubric: what an answer to one comparison question may contain."""

    id: Slug
    version: Annotated[int, Field(ge=1)] = 1
    language: str = "en-GB"
    question: Text
    sides: SidesEntry
    judgement: JudgementEntry
    context: list[ContextEntry] = []
    criteria: list[CriterionEntry] = []
    points: Annotated[list[PointEntry], Field(min_length=1)]
    evidence: list[EvidenceEntry] = []
    levels: list[LevelEntry] = []
    source: str = ""
