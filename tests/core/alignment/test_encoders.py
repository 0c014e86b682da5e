"""The encoders run several texts at once; the trained weights themselves are tested in tests/quality."""

import time

import pytest

from analyser.alignment import encoders


@pytest.mark.parametrize(("allowed", "expected"), [("1", 1), ("3", 3), ("64", encoders.MAX_THREADS)])
def test_a_process_that_marks_beside_others_keeps_to_its_share(monkeypatch, allowed, expected):
    monkeypatch.setenv("OMP_NUM_THREADS", allowed)
    assert encoders.n_threads() == expected


@pytest.mark.parametrize("unusable", ["", "0", "two", "2,1"])
def test_without_a_usable_limit_every_core_works_up_to_a_few(monkeypatch, unusable):
    monkeypatch.setenv("OMP_NUM_THREADS", unusable)
    monkeypatch.setattr(encoders.os, "cpu_count", lambda: 2)
    assert encoders.n_threads() == 2
    monkeypatch.setattr(encoders.os, "cpu_count", lambda: None)
    assert encoders.n_threads() == 1


def test_results_keep_the_order_of_what_was_given(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "4")

    def slow_first(n):
        time.sleep(0.05 if n == 0 else 0)
        return n * n

    assert encoders._each(slow_first, range(12)) == [n * n for n in range(12)]
