"""Seconds for a cold command and for a second draft in one process, on an 800-word draft. Run by `make bench`."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from analyser import analyse_essay, prepare
from analyser.text.reading import essay_from_text

RUBRIC = "stalin-lenin-terror"
N_WORDS = 800
N_RUNS = 5


def draft() -> str:
    """The shipped draft's paragraphs, repeated up to N_WORDS words."""
    text = Path(__file__).parent.parent.joinpath("rubrics", RUBRIC, "draft.txt").read_text(encoding="utf8")
    paragraphs = [p for p in text.split("\n\n")[1:] if p.strip()]
    chosen, n_words = [], 0
    while n_words < N_WORDS:
        chosen.append(paragraphs[len(chosen) % len(paragraphs)])
        n_words += len(chosen[-1].split())
    return "\n\n".join(chosen)


def timed(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    text = draft()
    command = [sys.executable, "-m", "analyser", "feedback", "-", "--rubric", RUBRIC]

    def cold():
        subprocess.run(command, input=text.encode(), stdout=subprocess.DEVNULL, check=True)

    print(f"{len(text.split())} words, median of {N_RUNS} runs")
    print(f"cold command: {statistics.median(timed(cold) for _ in range(N_RUNS)):.2f} s")
    prepared = prepare(RUBRIC)
    essay = essay_from_text(text)
    analyse_essay(essay, prepared)
    warm = statistics.median(timed(lambda: analyse_essay(essay, prepared)) for _ in range(N_RUNS))
    print(f"another draft in the same process: {warm:.2f} s")


if __name__ == "__main__":
    main()
