import re
import time
from collections import Counter
from dataclasses import replace

import pytest
from feedback_cases import (
    DRAFT,
    NO_JUDGEMENT,
    STATED,
    criterion,
    evidence,
    findings,
    make_essay,
    make_rubric,
    match,
    quotes,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyser import shipped
from analyser.detectors import judgement as judgement_detector
from analyser.detectors import shape
from analyser.feedback import compose_feedback
from analyser.feedback.leaks import MIN_TOPIC_STATEMENTS, content_words, function_words, stem
from analyser.feedback.selection import NOTE_CODES, coverage, in_order, spoken_name
from analyser.feedback.wording import Topic, load_wording
from analyser.records import (
    Criterion,
    EvidenceItem,
    Findings,
    JudgementFinding,
    JudgementRule,
    Match,
    Observation,
    Point,
    Rubric,
    Side,
    Slip,
    UnlinkedEvidence,
)
from analyser.rubrics import load_rubric

ALL_MISSING = tuple(match(p.id, "missing") for p in make_rubric().points)


def compose(found=None, matches=ALL_MISSING, rubric=None, essay=None, **options):
    return compose_feedback(
        essay or make_essay(), rubric or make_rubric(), found or findings(), matches, trained_models={}, **options
    )


def codes(feedback, tone=None):
    return [m.code for m in feedback.messages if tone is None or m.tone == tone]


def one(feedback, code):
    return next(m for m in feedback.messages if m.code == code)


# ---------------------------------------------------------------- coverage


def test_coverage():
    found = findings(
        criteria=(criterion("C1", "covered", "Both feared the north"), criterion("C2", "unsure", "Aldo")),
        evidence=(evidence("E1", "used", "Marrow"), evidence("E2", "named", "Orr"), evidence("E3", "misused", "Ilse")),
    )
    matches = (match("S1", "covered", "Ilse"), match("S2", "partial", "Aldo"), match("D1", "contradicted", "Aldo"))
    assert coverage(make_rubric(), found, matches) == {
        "criteria": 1 / 2,
        "similarities": 1.5 / 3,
        "differences": 0.0,
        "evidence": 2 / 3,
    }


def test_coverage_of_a_rubric_with_points_alone():
    rubric = make_rubric(criteria=(), evidence=())
    assert coverage(rubric, findings(), ALL_MISSING)["criteria"] == 0.0


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (STATED, "P101"),
        (replace(STATED, where=("body",)), "P100"),
        (replace(STATED, notes=("not_returned_to",)), "P302"),
        (replace(STATED, notes=("only_at_the_end",)), "P303"),
        (replace(STATED, notes=("places_disagree", "another")), "P305"),
        (replace(STATED, status="hedged"), "P301"),
        (NO_JUDGEMENT, "P300"),
    ],
)
def test_judgement(judgement, code):
    feedback = compose(findings(judgement))
    assert code in codes(feedback)
    if judgement.quotes:
        assert "“alike in aim and different in manner”" in one(feedback, code).text


@pytest.mark.parametrize(
    ("found", "code", "words"),
    [
        (match("S1", "covered", "Both feared the north."), "P120", "Both feared the north"),
        (match("D1", "covered", "Both feared the north."), "P121", "Both feared the north"),
        (match("S1", "partial", "Aldo borrowed from the same merchants."), "P210", "Ilse"),
        (match("D1", "partial", "Ilse asked the barons for advice at every turn."), "P211", "Aldo"),
        (match("S1", "partial", "Both feared the north."), "P212", "Both feared the north"),
        (match("D1", "partial", "Both feared the north."), "P213", "Both feared the north"),
        (match("S2", "contradicted", "Both feared the north."), "P220", "Both feared the north"),
        (match("S1", "unsure", "Both feared the north."), "P230", "Both feared the north"),
        (match("D1", "unsure", "Both feared the north."), "P231", "Both feared the north"),
        (match("S1", "missing"), "P200", ""),
        (match("D1", "missing"), "P201", ""),
    ],
)
def test_points(found, code, words):
    others = tuple(m for m in ALL_MISSING if m.id != found.id)
    message = next(m for m in compose(matches=(found, *others)).messages if m.about == found.id)
    assert message.code == code
    assert words in message.text + message.hint


@pytest.mark.parametrize(("note", "code"), [("no_conclusion", "P304"), ("conclusion_off_question", "P306")])
def test_a_conclusion_is_missed_also_where_there_is_no_answer(note, code):
    assert {"P300", code} <= set(codes(compose(findings(replace(NO_JUDGEMENT, notes=(note,))))))


def test_what_may_be_the_answer_is_asked_about():
    feedback = compose(findings(replace(NO_JUDGEMENT, quotes=quotes("Both feared the north"))))
    assert "“Both feared the north”" in one(feedback, "P307").text
    assert "P300" not in codes(feedback)


def test_an_answer_in_doubt_is_not_praised():
    sure = JudgementFinding("stated", "similar", ("conclusion",), 0.9, quotes("Both feared the north"))
    assert "P100" in codes(compose(findings(sure)))
    assert "P100" not in codes(compose(findings(replace(sure, confidence=0.5))))
    standard = criterion("C1", "covered", "Both feared the north")
    assert "P110" in codes(compose(findings(criteria=(standard,))))
    assert "P110" not in codes(compose(findings(criteria=(replace(standard, confidence=0.6),))))


def test_the_other_half_is_asked_for():
    feedback = compose(matches=(match("S1", "partial", "Aldo borrowed from the same merchants."), *ALL_MISSING[1:]))
    message = one(feedback, "P210")
    assert "Aldo" in message.text
    assert "Ilse" in message.hint


def test_a_missing_point_builds_on_what_is_written():
    """S1 is near to "Ilse pawned her jewels to the merchants", D2 to nothing."""
    points = (
        Point("S1", "similarity", "both pawned jewels to merchants"),
        Point("D2", "difference", "only one prayed"),
    )
    feedback = compose(rubric=make_rubric(points=points), matches=())
    assert "“Ilse pawned her jewels to the merchants of Marrow in 1412”" in one(feedback, "P200").text
    assert "Aldo" in one(feedback, "P200").text + one(feedback, "P200").hint
    assert not [w for w in re.findall("“(.+?)”", one(feedback, "P201").text) if " " in w]


def test_a_missing_point_is_also_told_when_no_verdict_came():
    assert {m.about for m in compose(matches=()).messages} >= {"S1", "S2", "S3", "D1", "D2"}


def test_criteria_without_hints_share_one_message():
    assert [c for c in codes(compose()) if c.startswith("P31")] == ["P310"]
    found = findings(criteria=(criterion("C1", "covered", "Both feared the north"), criterion("C2", "missing")))
    assert "“Both feared the north”" in one(compose(found), "P311").text
    found = findings(criteria=(criterion("C1", "unsure", "Both feared the north"), criterion("C2", "missing")))
    assert "“Both feared the north”" in one(compose(found), "P312").text


def test_criteria_with_hints_have_one_message_each():
    criteria = tuple(replace(c, hint=f"Why {n}?") for n, c in enumerate(make_rubric().criteria))
    feedback = compose(rubric=make_rubric(criteria=criteria))
    assert [(m.about, m.hint) for m in feedback.messages if m.code.startswith("P31")] == [
        ("C1", "Why 0?"),
        ("C2", "Why 1?"),
    ]


@pytest.mark.parametrize(
    ("kind", "code", "asked"),
    [
        ("date", "P500", "date|when|year"),
        ("name", "P501", "name"),
        ("number", "P502", "figure|number|many"),
        ("attribution", "P503", "whose|belong|who"),
    ],
)
def test_slips_ask_and_do_not_tell(kind, code, asked):
    found = findings(slips=(Slip(kind, "E2", quotes("1412")[0], "1412", "1433"),))
    message = one(compose(found), code)
    assert message.tone == "check"
    assert re.search(asked, message.text + message.hint)
    assert "1412" in message.text
    assert "1433" not in message.text + message.hint
    assert "1433" in one(compose(found, reveal=True), code).text


def test_evidence():
    found = findings(
        evidence=(
            evidence("E1", "named", "merchants of Marrow"),
            evidence("E2", "misused", "the lake of Orr"),
            evidence("E3", "unsure", "her jewels"),
        ),
        unlinked_evidence=(UnlinkedEvidence("", quotes("Aldo had his rivals drowned in the lake of Orr.")[0]),),
    )
    feedback = compose(found)
    assert "“merchants of Marrow”" in one(feedback, "P131").text
    assert "“merchants of Marrow”" in one(feedback, "P402").text
    assert "the lake of Orr" in one(feedback, "P401").text
    assert "“her jewels”" in one(feedback, "P403").text
    assert "“Aldo had his rivals drowned in the lake of Orr”" in one(feedback, "P400").text


def test_what_is_to_be_checked_is_not_praised():
    named = (evidence("E1", "used", "merchants of Marrow"), evidence("E2", "used", "the lake of Orr"))
    found = findings(
        evidence=named, slips=(Slip("attribution", "E2", quotes("drowned in the lake of Orr")[0], "Aldo", "Ilse"),)
    )
    assert one(compose(found), "P130").text.count("“") == 1
    assert "Orr" not in one(compose(found), "P130").text
    sure, doubtful = (replace(e, confidence=c) for e, c in zip(named, (0.9, 0.6), strict=True))
    assert "Orr" not in one(compose(findings(evidence=(sure, doubtful))), "P130").text


def test_two_facts_of_one_sentence_are_one_question():
    places = [quotes(words)[0] for words in ("her jewels", "merchants of Marrow", "the lake of Orr")]
    found = findings(unlinked_evidence=tuple(UnlinkedEvidence(f"E{n}", q) for n, q in enumerate(places, start=1)))
    assert [m.about for m in compose(found).messages if m.code == "P400"] == ["E1", "E3"]


def test_the_same_words_are_not_doubted_twice():
    words = "Both feared the north."
    unsure = (match("S1", "unsure", words), match("D1", "unsure", words), match("D2", "unsure", "Aldo borrowed"))
    assert [m.about for m in compose(matches=unsure).messages if m.code in ("P230", "P231")] == ["S1", "D2"]
    told = (match("S1", "covered", words), match("D1", "unsure", words))
    assert "P231" not in codes(compose(matches=told))


def test_words_that_are_probably_not_the_point_are_not_asked_about():
    doubtful = [match(about, "unsure", "Both feared the north.") for about in ("S1", "S2", "D1")]
    matches = tuple(replace(m, probabilities={"covered": 0.2, "missing": 0.8}) for m in doubtful)
    steps = codes(compose(matches=matches))
    assert [c for c in steps if c.startswith(("P23", "P24"))] == ["P240", "P241"]


def test_a_doubt_goes_with_the_teachers_hint():
    points = (replace(make_rubric().points[0], hint="What did each of them give away?"),)
    feedback = compose(rubric=make_rubric(points=points), matches=(match("S1", "unsure", "Both feared the north."),))
    message = one(feedback, "P230")
    assert "“Both feared the north”" in message.text
    assert message.hint == "What did each of them give away?"


def test_where_a_hint_would_give_away_the_draft_is_built_on_instead():
    point = Point("S1", "similarity", "both pawned jewels to merchants for coin", hint="What did they do for coin?")
    message = one(compose(rubric=make_rubric(points=(point,)), matches=()), "P200")
    assert "“Ilse pawned her jewels" in message.text
    assert "coin" not in message.text + message.hint


def test_misused_evidence_that_a_slip_names_is_told_once():
    found = findings(
        evidence=(evidence("E2", "misused", "the lake of Orr"),),
        slips=(Slip("attribution", "E2", quotes("the lake of Orr")[0], "Aldo", "Ilse"),),
    )
    assert [c for c in codes(compose(found)) if c in ("P401", "P503")] == ["P503"]


BARE = (
    "there was much that could be said about this and the people were not happy with it at all because they wanted "
    "something better for themselves and for their children and nobody listened to them so that in the end all of "
    "them lost heart and left"
)


@pytest.mark.parametrize(
    ("paragraph", "is_told"),
    [
        (BARE, True),
        (BARE + " Ilse went.", True),
        (BARE + " in 1412.", False),
        (BARE + " The lake of Orr froze.", False),
        ("There was much that could be said.", False),
    ],
)
def test_a_paragraph_without_name_date_or_figure(paragraph, is_told):
    essay = make_essay(f"The rule of Ilse was like that of Aldo.\n\n{paragraph}\n\nSo Ilse was like Aldo.")
    feedback = compose(Findings(NO_JUDGEMENT), essay=essay)
    assert ("P405" in codes(feedback)) == is_told


def test_a_draft_without_capitals_is_not_told_that_names_are_missing():
    essay = make_essay(f"ilse was like aldo.\n\n{BARE}\n\nso ilse was like aldo.")
    assert "P405" not in codes(compose(Findings(NO_JUDGEMENT), essay=essay))


def test_observations_without_words_are_left_out():
    found = replace(findings(), observations=(Observation("O999", quotes("Marrow")),))
    assert not [c for c in codes(compose(found)) if c.startswith("O")]


@pytest.mark.parametrize("code", [code for code in load_wording() if code.startswith("O")])
def test_observations_with_words_are_said(code):
    frames = load_wording()[code].say
    slots = {name: "three" for frame in frames for text in frame for name in re.findall(r"\{(\w+)\}", text)}
    slots = {name: value for name, value in slots.items() if name not in ("quote", "quotes", "a", "b", "question")}
    found = replace(findings(), observations=(Observation(code, quotes("her jewels"), slots),))
    assert code in codes(compose(found))


def test_an_observation_names_the_sides_as_the_question_does():
    rubric = make_rubric(
        question="How far was the rule of the Ilse line like that of Aldo?",
        sides=(Side("a", "Ilse line"), Side("b", "Aldo")),
    )
    found = replace(findings(), observations=(Observation("O101", (), {"side": "Ilse line", "other": "Aldo"}),))
    message = one(compose(found, rubric=rubric), "O101")
    assert "the Ilse line" in message.text + message.hint


def test_an_observation_about_a_criterion_belongs_to_it():
    found = replace(findings(), observations=(Observation("O109", quotes("her jewels"), {"criterion": "C2"}),))
    assert one(compose(found), "O109").about == "C2"


def test_every_observation_has_words():
    codes = {value for value in vars(shape).values() if isinstance(value, str) and re.fullmatch(r"O\d{3}", value)}
    assert codes <= set(load_wording())


def test_every_note_on_the_judgement_is_known():
    assert set(NOTE_CODES) <= {value for value in vars(judgement_detector).values() if isinstance(value, str)}


def test_the_reason_of_a_match_is_kept_where_it_says_no_more_than_the_draft():
    matches = (
        match("S1", "partial", "Aldo borrowed", reason="Only Aldo is there."),
        match("S2", "partial", "Aldo borrowed", reason="The kinship is not there."),
    )
    assert [m.reason for m in compose(matches=matches).matches] == ["Only Aldo is there.", ""]
    assert [m.reason for m in compose(matches=matches, reveal=True).matches] == [m.reason for m in matches]


# ---------------------------------------------------------------- the order


def test_praise_comes_first():
    tones = [m.tone for m in compose(matches=(match("D2", "covered", "Aldo had his rivals drowned"),)).messages]
    assert tones == sorted(tones, key=lambda tone: tone != "praise")
    assert tones[:2] == ["praise", "praise"]


def test_what_matters_most_comes_first():
    found = Findings(
        NO_JUDGEMENT,
        slips=(Slip("date", "E2", quotes("1412")[0], "1412", "1433"),),
        unlinked_evidence=(UnlinkedEvidence("", quotes("Aldo borrowed from the same merchants.")[0]),),
    )
    matches = (match("S1", "partial", "Aldo borrowed"), *ALL_MISSING[1:])
    steps = [m.code for m in compose(found, matches).messages if m.tone != "praise"]
    assert steps[:4] == ["P300", "P310", "P500", "P210"]
    assert steps[4:8] == ["P201", "P200", "P201", "P200"]
    assert steps[8] == "P400"


def test_heavier_points_come_first():
    steps = [m.about for m in compose().messages if m.code == "P200"]
    assert steps == ["S3", "S1", "S2"]


def test_three_slips_do_not_hide_the_rest():
    slips = tuple(Slip("date", "E2", quotes(words)[0], words, "1433") for words in ("1412", "Orr", "north"))
    steps = codes(compose(findings(slips=slips)), "check") and [
        m.code for m in compose(findings(slips=slips)).messages if m.tone != "praise"
    ]
    assert steps[:2] == ["P310", "P500"]
    assert steps[2] != "P500"


def test_in_order_of_nothing():
    assert in_order([]) == []


def test_one_of_a_kind_before_another_of_it():
    topics = [Topic("P200", "S1"), Topic("P200", "S2"), Topic("P201", "D1"), Topic("P201", "D2")]
    assert [t.about for t in in_order(topics)] == ["S1", "D1", "S2", "D2"]
    assert [t.about for t in in_order(topics, ["differences"])] == ["D1", "S1", "D2", "S2"]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "question", "spoken"),
    [
        ("Wall Street Crash", "Was the Wall Street Crash like it?", "the Wall Street Crash"),
        ("Stalin", "Was Stalin's terror like it?", "Stalin"),
        ("the East", "Was the East like it?", "the East"),
        ("Haiti (2010)", "Was Haiti like it?", "Haiti (2010)"),
    ],
)
def test_a_side_is_named_as_the_question_names_it(name, question, spoken):
    rubric = make_rubric(question=question, sides=(Side("a", name), Side("b", "x")))
    assert spoken_name(rubric, "a") == spoken


# ---------------------------------------------------------------- nothing given away

# Words that rubrics might hold: many of the feedback's own, so that every sentence is a leak for some rubric.
OWN_WORDS = sorted(
    {
        word.lower()
        for wording in load_wording().values()
        for frame in wording.say
        for text in frame
        for word in content_words(re.sub(r"\{\w+\}", "", text))
    }
)
NEW_WORDS = ["glacier", "harvest", "tariff", "pope", "railway", "1789", "41,000", "Quebec", "émigré", "zeal"]
words = st.sampled_from(OWN_WORDS + NEW_WORDS)
phrases = st.lists(words, min_size=1, max_size=12).map(" ".join)
statuses = st.sampled_from(["covered", "partial", "contradicted", "unsure", "missing"])


@st.composite
def cases(draw):
    """A rubric of random words (hints too), a draft that holds some of them, and random findings about it."""
    n = draw(st.integers(1, 6))
    points = tuple(
        Point(
            f"{'SD'[i % 2]}{i}",
            "similarity" if i % 2 == 0 else "difference",
            draw(phrases),
            accept=(draw(phrases),),
            weight=draw(st.integers(1, 3)),
            hint=draw(st.just("") | phrases),
        )
        for i in range(n)
    )
    rubric = Rubric(
        "r",
        1,
        "en-GB",
        "How far was Ilse like Aldo?",
        (Side("a", "Ilse"), Side("b", "Aldo")),
        JudgementRule(draw(phrases), {"mixed": draw(phrases)}, draw(st.just("") | phrases)),
        points,
        criteria=tuple(Criterion(f"C{i}", draw(phrases), hint=draw(st.just("") | phrases)) for i in range(2)),
        evidence=tuple(
            EvidenceItem(
                f"E{i}", draw(phrases), aliases=(draw(phrases),), date="1789-07", hint=draw(st.just("") | phrases)
            )
            for i in range(2)
        ),
    )
    sentences = [
        f"{draw(st.sampled_from(['Ilse', 'Aldo', 'Both']))} {draw(phrases)}." for _ in range(draw(st.integers(1, 6)))
    ]
    essay = make_essay("\n\n".join(sentences))
    block = st.sampled_from(essay.blocks).map(lambda b: (essay.quote(b.start, b.end),))

    def quoted(status):
        return () if status == "missing" else draw(block)

    matches = tuple(
        Match(p.id, p.kind, status := draw(statuses), 0.5, {}, quoted(status), draw(st.just("") | phrases))
        for p in points
    )
    stated = draw(st.sampled_from(["stated", "hedged", "missing"]))
    places = draw(st.sampled_from([("introduction",), ("conclusion",), ("introduction", "conclusion")]))
    found = Findings(
        JudgementFinding(stated, "mixed", places, 0.5, quoted(stated)),
        criteria=tuple(
            criterion(f"C{i}", "missing")
            if (s := draw(st.sampled_from(["covered", "unsure", "missing"]))) == "missing"
            else replace(criterion(f"C{i}", "missing"), status=s, quotes=draw(block))
            for i in range(2)
        ),
        evidence=tuple(
            replace(evidence(f"E{i}", "missing"), status=s, quotes=quoted(s))
            for i in range(2)
            if (s := draw(st.sampled_from(["used", "named", "misused", "unsure", "missing"])))
        ),
        slips=tuple(
            Slip(
                draw(st.sampled_from(["date", "name", "number", "attribution"])),
                "E0",
                draw(block)[0],
                "x",
                draw(phrases),
            )
            for _ in range(draw(st.integers(0, 3)))
        ),
        unlinked_evidence=tuple(UnlinkedEvidence("E1", draw(block)[0]) for _ in range(draw(st.integers(0, 2)))),
    )
    return essay, rubric, found, matches


def plain_words(*texts):
    """The words of texts in lower case, the plainest inflections taken off."""
    words = {word.casefold() for text in texts for word in re.findall(r"\w+(?:,\d+)*", text)} - function_words()
    words = {re.sub(r"(?<=\w{3})ies$", "y", word) for word in words}
    words = {re.sub(r"(?<=\w{3})(?:es|s|ed|ing|e)$", "", word) for word in words if len(word) > 1}
    return {re.sub(r"([a-z])\1$", r"\1", word) for word in words}


def rubric_words(rubric):
    texts = [rubric.judgement.statement, *rubric.judgement.stances.values()]
    for item in (*rubric.criteria, *rubric.points):
        texts.append(item.statement)
    for point in rubric.points:
        texts += point.accept
    for item in rubric.evidence:
        texts += [item.name, *item.aliases, *item.facts, item.date[:4]]
    return plain_words(*texts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_composed_messages_hold_no_word_of_the_rubric_that_the_draft_does_not_hold(case):
    """Checked word by word, without the guard's own stems."""
    essay, rubric, found, matches = case
    feedback = compose_feedback(essay, rubric, found, matches, trained_models={})
    said = plain_words(essay.text, rubric.question, *(side.name for side in rubric.sides))
    forbidden = rubric_words(rubric) - said
    hints = {rubric.judgement.hint, *(i.hint for g in (rubric.criteria, rubric.points, rubric.evidence) for i in g)}
    statements = {item.id: item.statement for item in (*rubric.criteria, *rubric.points)}
    statements["judgement"] = " ".join((rubric.judgement.statement, *rubric.judgement.stances.values()))
    families = Counter(s for text in statements.values() for s in {stem(word) for word in content_words(text)})
    all_words = {word for text in statements.values() for word in content_words(text)}
    topic = plain_words(*(word for word in all_words if families[stem(word)] >= MIN_TOPIC_STATEMENTS))
    names = [name for item in rubric.evidence for name in (item.name, *item.aliases)]
    for message in feedback.messages:
        for text in (message.text, message.hint):
            if text and text in hints:
                new = plain_words(text) - said
                telling = plain_words(statements.get(message.about, ""))
                shared = (new & telling) - topic
                assert not shared, (message, shared)
                assert not any(n[0].isdigit() for n in new if n in forbidden)
                assert not [n for n in names if (p := plain_words(n)) and p <= plain_words(text) and p & new]
            else:
                assert not plain_words(text) & forbidden, message
    for reason in (m.reason for m in feedback.matches):
        assert not plain_words(reason) & forbidden


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_no_frame_stands_twice_on_a_page(case):
    feedback = compose_feedback(*case, trained_models={})
    shapes = [(m.code, re.sub(r"“.*”", "“”", m.text)) for m in feedback.messages]
    hints = {i.hint for g in (case[1].criteria, case[1].points, case[1].evidence) for i in g}
    shapes = [shape for shape in shapes if shape[1] not in hints]
    assert len(shapes) == len(set(shapes))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_same_case_is_always_told_in_the_same_way(case):
    first, second = (compose_feedback(*case, trained_models={}) for _ in range(2))
    assert first.messages == second.messages


@pytest.mark.parametrize("rubric_id", shipped.rubric_ids())
def test_shipped_rubrics_give_nothing_away(rubric_id):
    rubric = load_rubric(rubric_id)
    a, b = (side.name for side in rubric.sides)
    essay = make_essay(f"{a} was like {b}. I think so.")
    feedback = compose_feedback(essay, rubric, Findings(NO_JUDGEMENT), (), trained_models={})
    forbidden = rubric_words(rubric) - plain_words(essay.text, rubric.question)
    assert len(feedback.messages) > len(rubric.points)
    hints = {i.hint for g in (rubric.criteria, rubric.points, rubric.evidence, (rubric.judgement,)) for i in g}
    for message in feedback.messages:
        for text in {message.text, message.hint} - hints:
            assert not plain_words(text) & forbidden, message


def test_a_hard_rubric_is_quick():
    points = tuple(Point(f"S{n}", "similarity", f"word{n} other{n} more{n}") for n in range(200))
    items = tuple(EvidenceItem(f"E{n}", f"name{n} thing{n}", aliases=(f"alias{n}",)) for n in range(500))
    essay = make_essay("\n\n".join([DRAFT] * 50))
    start = time.process_time()
    compose_feedback(essay, make_rubric(points=points, evidence=items), findings(), (), trained_models={})
    assert time.process_time() - start < 3
