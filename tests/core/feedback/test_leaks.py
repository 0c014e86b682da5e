import pytest
from feedback_cases import make_essay, make_rubric

from analyser import shipped
from analyser.feedback import leaking_hints
from analyser.feedback.leaks import content_words, make_guard, stem
from analyser.records import Essay, EvidenceItem, Point
from analyser.rubrics import load_rubric

EMPTY = Essay("", "", "", ())


@pytest.mark.parametrize(
    "family",
    [
        "purge purges purged purging",
        "suspicion suspicious suspicions",
        "terror terrorise terrorised terrorist terrorism",
        "execute executed execution executions",
        "kill killed killing killings",
        "party parties",
        "secure security securely",
        "émigré emigre émigrés",
        "21,000 21000",
    ],
)
def test_one_stem_a_family(family):
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("democracy", "democratic"),
        ("economy", "economical"),
        ("pledged", "pledges"),
        ("1433", "1433"),
        ("kinship", "kinship"),
    ],
)
def test_a_word_of_the_family_leaks(word, message):
    rubric = make_rubric(points=(Point("S1", "similarity", f"both {word}"),))
    assert make_guard(rubric, EMPTY).leaks(f"Think of {message}.") == [message]


@pytest.mark.parametrize(
    ("word", "message"),
    [("company", "comparison"), ("part", "particular"), ("1433", "1434"), ("harbour", "harvest"), ("used", "user")],
)
def test_another_word_does_not(word, message):
    rubric = make_rubric(points=(Point("S1", "similarity", f"both {word}"),))
    assert make_guard(rubric, EMPTY).leaks(f"Think of {message}.") == []


@pytest.mark.parametrize(
    ("message", "leaked"),
    [
        ("Which treasure did she give away?", ["treasure"]),
        ("What of the war?", ["war"]),
        ("What happened in May 1433?", ["1433"]),
        ("How many marks, 4000?", ["marks", "4000"]),
        ("How many days, ninety?", ["days", "ninety"]),
        ("Was it kinship, Varn or coinage?", ["kinship", "Varn", "coinage"]),
        ("What of Marrow, the merchants, the barons?", []),  # the draft has them
        ("How far was Ilse like Aldo of Norrland, her son?", []),  # the question has them
        ("What else did both do, and how, and why?", []),  # words that say nothing
    ],
)
def test_composed_sentences_are_bound_word_by_word(message, leaked):
    assert make_guard(make_rubric(), make_essay()).leaks(message) == leaked


@pytest.mark.parametrize(
    ("hint", "leaked"),
    [
        ("Did both keep the money sound? What about the coinage?", ["coinage"]),
        ("What happened at Varn?", ["Varn"]),
        ("What lasted into 1433?", ["1433"]),
        ("Who wore the crown of Brede?", ["crown", "Brede"]),
        ("Who had the crown, and was there a war or a siege?", []),  # parts of names give no name away
        ("How did each of them treat the provinces?", []),  # a word of another point
    ],
)
def test_a_hint_may_use_the_vocabulary_of_the_topic(hint, leaked):
    assert make_guard(make_rubric(), make_essay()).hint_leaks(hint, "S3") == leaked


def test_a_word_of_most_statements_names_the_topic():
    points = tuple(Point(f"S{n}", "similarity", f"both kings did {what}") for n, what in enumerate(("x1", "x2", "x3")))
    guard = make_guard(make_rubric(points=points), EMPTY)
    assert guard.hint_leaks("What did each king do?", "S0") == []
    assert guard.leaks("What did each king do?") == ["king"]


@pytest.mark.parametrize(
    ("date", "leaked"),
    [("1917", ["1917"]), ("1917-12", ["December", "1917"]), ("1917-12-20", ["December", "1917"]), ("1936/1938", [])],
)
def test_dates(date, leaked):
    rubric = make_rubric(evidence=(EvidenceItem("E1", "x", date=date),))
    assert make_guard(rubric, EMPTY).leaks("In December 1917?") == leaked


def test_words_are_found_in_any_script_and_never_as_nothing():
    assert list(content_words("L'État, c'est moi: 3.5% of 1,000 — класс!")) == [
        "État",
        "est",
        "moi",
        "3.5",
        "1,000",
        "класс",
    ]
    assert list(content_words("")) == []


def test_leaking_hints_are_named_for_the_author():
    points = (
        Point("S1", "similarity", "both debased the coinage", hint="Think of the coinage."),
        Point("S2", "similarity", "both were afraid", hint="What were they short of?"),
    )
    assert leaking_hints(make_rubric(points=points)) == [("S1", "Think of the coinage.", ["coinage"])]


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_most_hints_of_the_shipped_rubrics_can_be_shown(rubric_id):
    rubric = load_rubric(rubric_id)
    hints = [item.hint for group in (rubric.criteria, rubric.points, rubric.evidence) for item in group if item.hint]
    assert len(leaking_hints(rubric)) <= len(hints) // 4
