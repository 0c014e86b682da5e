"""The phrase lists of ``cues/drafting.toml`` over a text."""

from __future__ import annotations

from collections.abc import Iterator

from analyser.text.cues import Cue, ShadowText, load_lexicon

FILE = "drafting.toml"


def cue_spans(text: str, *groups: str) -> Iterator[tuple[int, int]]:
    """Where phrases of these groups stand in a text, in order of the groups."""
    shadow = ShadowText(text)
    found: dict[str, list[Cue]] = load_lexicon(FILE).find(shadow.text)
    for group in groups:
        for cue in found[group]:
            yield shadow.to_source(cue.start), shadow.to_source(cue.end)


def has_cue(text: str, *groups: str) -> bool:
    """Whether a phrase of one of these groups stands in a text."""
    return next(cue_spans(text, *groups), None) is not None
