from dataclasses import replace

import pytest
from report_sample import build_feedback

from analyser.records import Findings, JudgementFinding, Message
from analyser.report import overview
from analyser.report.view import N_PRAISE, N_STEPS, build_page, clean


@pytest.fixture(scope="module")
def feedback():
    return build_feedback()


def test_overview_in_one_line(feedback):
    assert overview(feedback) == (
        "judgement stated; criteria 1 of 3; similarities 1 of 3; differences 1 of 3; evidence 4 of 7; 1 in part; "
        "1 to check; 3 not sure"
    )


def test_overview_of_nothing_found(feedback):
    empty = replace(feedback, findings=Findings(JudgementFinding("missing", "none", (), 0.9)), matches=(), messages=())
    assert overview(empty) == (
        "judgement missing; criteria 0 of 3; similarities 0 of 3; differences 0 of 3; evidence 0 of 7"
    )
    page = build_page(empty)
    assert [part.n_missing for part in page.parts] == [1, 3, 3, 3, 7]
    assert not page.praise
    assert not page.steps


def test_words_that_may_be_the_answer_are_not_called_missing(feedback):
    judgement = JudgementFinding("missing", "none", (), 0.5, feedback.findings.judgement.quotes[:1])
    asked = replace(feedback, findings=Findings(judgement), matches=())
    assert overview(asked).startswith("judgement not sure; ")
    part = build_page(asked).parts[0]
    assert (part.summary, part.n_found, [item.state for item in part.items]) == ("not sure", 0, ["unsure"])
    assert part.items[0].note == "is this your answer?"


def test_the_first_few_messages_unless_all_are_asked_for(feedback):
    page = build_page(feedback)
    assert (len(page.praise), len(page.steps), len(page.more_steps)) == (N_PRAISE, N_STEPS, 3)
    page = build_page(feedback, show_all=True)
    assert (len(page.praise), len(page.steps), len(page.more_steps)) == (4, 6, 0)


def test_items_are_numbered_in_the_order_of_the_draft(feedback):
    items = [item for part in build_page(feedback).parts for item in part.items if item.quotes]
    in_order = sorted(items, key=lambda item: item.number)
    assert [item.number for item in in_order] == list(range(1, len(items) + 1))
    starts = [item.quotes[0].start for item in in_order]
    assert starts == sorted(starts)


def test_a_passage_in_doubt_is_asked_about_once(feedback):
    in_doubt = next(match for match in feedback.matches if match.status == "unsure")
    matches = [replace(in_doubt, id=match.id) if match.id[0] == "D" else match for match in feedback.matches]
    doubted = replace(feedback, matches=tuple(matches))
    part = build_page(doubted).parts[3]
    assert [(item.count, item.note) for item in part.items] == [
        (3, "is this the point? It comes nearest to 3 of them.")
    ]
    assert (part.n_all, part.n_missing) == (3, 0)
    assert "5 not sure" in overview(doubted)
    assert len(build_page(doubted, reveal=True).parts[3].items) == 3


def test_the_rubric_is_shown_only_when_revealed(feedback):
    hidden = [item for part in build_page(feedback).parts for item in part.items]
    shown = [item for part in build_page(feedback, reveal=True).parts for item in part.items]
    assert not any(item.label or item.detail for item in hidden)
    assert "S3 both debased the coinage" in [item.label for item in shown]
    assert "E2 the rubric has: 1411" in [item.label for item in shown]


def test_quoted_words_lead_to_the_draft(feedback):
    said = build_page(feedback, show_all=True).steps[0]
    own = [one for one in said.words if one.span]
    assert [feedback.essay.text[one.span.start : one.span.end] for one in own] == [
        "Ilse pledged the Crown of Brede in 1412"
    ]
    shortened = build_page(feedback).praise[1].words[1]
    assert shortened.text == "“Both rulers were short of money and both …”"
    assert feedback.essay.text[shortened.span.start : shortened.span.end].endswith("and both")


def test_words_of_ours_in_quotation_marks_lead_nowhere(feedback):
    message = Message("P300", "judgement", "next_step", "Begin with “I think”.", "")
    page = build_page(replace(feedback, messages=(message,)))
    assert [one.span for one in page.steps[0].words] == [None, None, None]


@pytest.mark.parametrize(
    ("about", "code", "part"),
    [
        ("judgement", "P300", "judgement"),
        ("C2", "P312", "criteria"),
        ("S1", "P200", "similarities"),
        ("D1", "P201", "differences"),
        ("E2", "P500", "evidence"),
        ("", "P210", "similarities"),
        ("", "P405", "evidence"),
        ("", "P241", "differences"),
        ("", "O199", ""),
    ],
)
def test_the_part_of_a_message(feedback, about, code, part):
    messages = (*feedback.messages, Message(code, about, "next_step", "Last.", ""))
    assert build_page(replace(feedback, messages=messages), show_all=True).steps[-1].part == part


@pytest.mark.parametrize(
    ("source", "title"),
    [("a/b/essay.docx", "essay.docx"), ("C:\\drafts\\x.txt", "x.txt"), ("-", "your draft"), ("<stdin>", "<stdin>")],
)
def test_the_title_names_the_file(feedback, source, title):
    page = build_page(replace(feedback, essay=replace(feedback.essay, source=source)))
    assert page.title == f"Feedback on {title}"


def test_control_characters_are_not_shown():
    assert clean("a\x1b[31mb\x00\u202ec\n\td") == "a[31mbc\n\td"
