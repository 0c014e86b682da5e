"""A class's drafts shared out among worker processes; one bad draft never stops the rest."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from multiprocessing import get_context
from typing import NamedTuple

from analyser.classroom.corrections import Correction
from analyser.classroom.marking import Analyse, Plan, mark
from analyser.classroom.submissions import Submission
from analyser.errors import AnalyserError, DraftError, UsageError
from analyser.records import Rubric
from analyser.report.class_report import Row

# Seconds after which a draft is given up; 50,000 words, the longest that is read, take about a minute.
MAX_SECONDS = 600
# Drafts after which a worker is replaced by a fresh one, so that memory stays flat however many there are: starting
# takes two seconds, and 500 drafts some minutes.
MAX_DRAFTS_PER_WORKER = 500
# Drafts handed out ahead, for each worker.
N_AHEAD = 2

MakeAnalyse = Callable[[Rubric], Analyse]


class Outcome(NamedTuple):
    """A row, or the error that kept a draft from being marked."""

    submission: Submission
    row: Row | None
    error: DraftError | None = None


class _Failure(NamedTuple):
    """An error on its way between processes."""

    code: str
    message: str
    where: str
    hint: str
    is_fatal: bool


def run(
    submissions: Iterable[Submission],
    plan: Plan,
    corrections: Mapping[str, tuple[Correction, ...]],
    make_analyse: MakeAnalyse,
    jobs: int | None,
) -> Iterator[Outcome]:
    """Mark drafts, in ``jobs`` worker processes or (None) in this one; outcomes come as they are ready.

    Raises UsageError when the output cannot be written; the drafts finished by then are kept.
    """
    tasks = ((one, corrections.get(f"{one.key} {one.draft}", ())) for one in submissions)
    if jobs is None:
        worker = _Worker(plan, make_analyse)
        yield from (_outcome(one, worker.mark(one, given)) for one, given in tasks)
    else:
        yield from _run_pool(tasks, plan, make_analyse, max(1, jobs))


class _Worker:
    """Marks drafts, and makes the rubric ready when the first of them needs it."""

    def __init__(self, plan: Plan, make_analyse: MakeAnalyse):
        self.plan, self.make_analyse = plan, make_analyse
        self.analyse: Analyse | None = None

    def ready(self) -> Analyse:
        if self.analyse is None:
            self.analyse = self.make_analyse(self.plan.rubric)
        return self.analyse

    def mark(self, one: Submission, corrections: tuple[Correction, ...]) -> Row | _Failure:
        try:
            return mark(one, self.plan, corrections, self.ready)
        except AnalyserError as error:
            return _Failure(error.code, error.message, error.where, error.hint, isinstance(error, UsageError))
        except MemoryError:
            return _no_memory()
        except Exception as error:  # one bad draft must not stop the rest, whatever is wrong with it
            return _Failure("E350", f"the analyser failed on it ({type(error).__name__}: {error}).", "", "", False)


_worker: _Worker | None = None


def _start_worker(plan: Plan, make_analyse: MakeAnalyse) -> None:
    """Prepare a worker process: the parent alone answers Ctrl-C, and one process uses one core."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    _worker = _Worker(plan, make_analyse)


def _mark_in_worker(one: Submission, corrections: tuple[Correction, ...]) -> Row | _Failure:
    assert _worker is not None
    return _worker.mark(one, corrections)


def _run_pool(
    tasks: Iterator[tuple[Submission, tuple[Correction, ...]]], plan: Plan, make_analyse: MakeAnalyse, jobs: int
) -> Iterator[Outcome]:
    from pebble import ProcessExpired, ProcessPool

    pool = ProcessPool(
        max_workers=jobs,
        max_tasks=MAX_DRAFTS_PER_WORKER,
        initializer=_start_worker,
        initargs=(plan, make_analyse),
        context=get_context("spawn"),
    )
    pending: dict[Future, tuple[Submission, tuple[Correction, ...], bool]] = {}

    def hand_out(one: Submission, given: tuple[Correction, ...], *, is_second: bool = False) -> None:
        future = pool.schedule(_mark_in_worker, args=(one, given), timeout=MAX_SECONDS)
        pending[future] = one, given, is_second

    try:
        while True:
            while len(pending) < jobs * N_AHEAD and (task := next(tasks, None)) is not None:
                hand_out(*task)
            if not pending:
                break
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                one, given, is_second = pending.pop(future)
                try:
                    found = future.result()
                except TimeoutError:
                    found = _Failure("E338", f"it took longer than {MAX_SECONDS} seconds.", "", "", False)
                except ProcessExpired:
                    # Perhaps another program took the memory: once more, then it is this draft's fault.
                    if not is_second:
                        hand_out(one, given, is_second=True)
                        continue
                    found = _no_memory()
                yield _outcome(one, found)
    except BaseException:
        pool.stop()
        raise
    else:
        pool.close()
    finally:
        pool.join()


def _no_memory() -> _Failure:
    return _Failure("E337", "the process that worked on it died, most likely for want of memory.", "", "", False)


def _outcome(one: Submission, found: Row | _Failure) -> Outcome:
    if isinstance(found, Row):
        return Outcome(one, found)
    if found.is_fatal:
        raise UsageError(found.code, found.message, where=found.where, hint=found.hint)
    return Outcome(one, None, DraftError(found.code, found.message, where=one.entry.path, hint=found.hint))
