"""Findings and matches -> Feedback: choose what to raise, put it into words, give nothing away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analyser import __version__
from analyser.feedback.leaks import Guard, make_guard
from analyser.feedback.quoting import Draft
from analyser.feedback.selection import Material, coverage, page_slots, praise_topics, step_topics
from analyser.feedback.wording import Speaker
from analyser.records import Essay, Feedback, Findings, Match, Rubric


def compose_feedback(
    essay: Essay,
    rubric: Rubric,
    findings: Findings,
    matches: tuple[Match, ...],
    *,
    reveal: bool = False,
    trained_models: Mapping[str, str],
) -> Feedback:
    """Everything to be said about one draft; the messages are in the order to be read.

    Without ``reveal`` no message, and no reason of a match, holds a word of the rubric that the draft or the question
    does not hold. With it, hints are shown whatever they say and messages name what the rubric expects.
    """
    guard = make_guard(rubric, essay)
    material = Material(Draft(essay, rubric), findings, matches, guard, reveal)
    speaker = Speaker(guard, page_slots(rubric), is_revealing=reveal)
    topics = [*praise_topics(material), *step_topics(material)]
    spoken = [message for topic in topics if (message := speaker.speak(topic)) is not None]
    spoken += speaker.rest()
    return Feedback(
        analyser_version=__version__,
        trained_models=dict(trained_models),
        rubric=rubric,
        essay=essay,
        findings=findings,
        matches=matches if reveal else tuple(_without_answer(match, guard) for match in matches),
        coverage=coverage(rubric, findings, matches),
        messages=tuple(sorted(spoken, key=lambda message: message.tone != "praise")),
    )


def _without_answer(match: Match, guard: Guard) -> Match:
    return replace(match, reason="") if guard.leaks(match.reason) else match
