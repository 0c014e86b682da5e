from hypothesis import given
from hypothesis import strategies as st

from analyser.records import Span
from analyser.report.marks import Mark, split_at_marks

TEXT = "0123456789" * 4


def cut(marks, start=0, end=10):
    return [(p.start, p.end, [m.ref for m in p.marks]) for p in split_at_marks(Span(start, end), marks)]


def test_nested_marks_put_the_innermost_first():
    assert cut([Mark(0, 8, "outer"), Mark(2, 4, "inner")]) == [
        (0, 2, ["outer"]),
        (2, 4, ["inner", "outer"]),
        (4, 8, ["outer"]),
        (8, 10, []),
    ]


def test_crossing_marks_share_the_middle():
    assert cut([Mark(1, 5, "a"), Mark(3, 9, "b")]) == [
        (0, 1, []),
        (1, 3, ["a"]),
        (3, 5, ["a", "b"]),
        (5, 9, ["b"]),
        (9, 10, []),
    ]


def test_equal_and_adjacent_marks():
    assert cut([Mark(2, 5, "a"), Mark(2, 5, "b"), Mark(5, 7, "c")]) == [
        (0, 2, []),
        (2, 5, ["a", "b"]),
        (5, 7, ["c"]),
        (7, 10, []),
    ]


def test_a_mark_beyond_the_span_neither_opens_nor_closes_in_it():
    pieces = list(split_at_marks(Span(5, 10), [Mark(0, 30, "a")]))
    assert [(p.start, p.end) for p in pieces] == [(5, 10)]
    assert (len(pieces[0].marks), pieces[0].opening, pieces[0].closing) == (1, (), ())


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@given(st.lists(spans, max_size=8), spans)
def test_pieces_join_up_and_hold_exactly_their_marks(ends, span):
    marks = [Mark(start, end, str(n)) for n, (start, end) in enumerate(ends)]
    start, end = span
    pieces = list(split_at_marks(Span(start, end), marks))
    assert "".join(TEXT[p.start : p.end] for p in pieces) == TEXT[start:end]
    for piece in pieces:
        for position in range(piece.start, piece.end):
            assert {m.ref for m in piece.marks} == {m.ref for m in marks if m.start <= position < m.end}
    for mark in marks:
        if mark.start < mark.end and start <= mark.start and mark.end <= end:
            assert sum(mark in p.opening for p in pieces) == sum(mark in p.closing for p in pieces) == 1
