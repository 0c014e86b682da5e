import re
from collections import Counter

import pytest
from feedback_cases import DRAFT, make_essay, make_rubric

from analyser.feedback.leaks import content_words, make_guard
from analyser.feedback.selection import page_slots
from analyser.feedback.wording import Speaker, Topic, explanations, load_wording, slots_of
from analyser.records import JudgementRule

WORDING = load_wording()
# What each kind of slot looks like when it is filled, to read every sentence once.
FILLED = {
    "quote": "Ilse pawned her jewels",
    "quotes": "“Marrow” and “the lake of Orr”",
    "near": "Aldo had his rivals drowned",
    "beyond": "Both feared the north",
    "side": "Aldo",
    "other": "Ilse",
}


def frames(wording):
    return [*wording.say, *((wording.rest,) if wording.rest else ()), *((wording.plain,) if wording.plain else ())]


def speaker(rubric=None, essay=None, **options):
    rubric = rubric or make_rubric()
    return Speaker(make_guard(rubric, essay or make_essay()), page_slots(rubric), **options)


def test_no_sentence_stands_twice_in_the_wording():
    texts = [text for wording in WORDING.values() for frame in frames(wording) for text in frame if text]
    texts += [lead for wording in WORDING.values() for lead in wording.lead]
    assert [text for text, n in Counter(texts).items() if n > 1] == []


@pytest.mark.parametrize("code", WORDING)
def test_every_code_is_complete(code):
    wording = WORDING[code]
    assert re.fullmatch(r"[PO]\d{3}", code)
    assert wording.tone in ("praise", "next_step", "check")
    assert wording.kind
    assert wording.explain.endswith(".")
    assert (wording.tone == "praise") == (wording.rank == 0)
    assert wording.say or wording.lead
    assert explanations()[code] == wording.explain
    for text, hint in frames(wording):
        assert text
        assert bool(hint) or wording.tone == "praise" or "{quotes}" in text


@pytest.mark.parametrize("code", WORDING)
def test_sentences_are_finished_and_plain(code):
    slots = {**page_slots(make_rubric()), **FILLED}
    for frame in (*frames(WORDING[code]), *((lead, "") for lead in WORDING[code].lead)):
        extra = dict.fromkeys(slots_of(frame) - slots.keys(), "three")
        for text in frame:
            said = text.format_map({**slots, **extra})
            assert said == said.strip()
            assert not said or re.search(r"[.?!:…][”]?$|”$", said), said
            assert said.count("“") == said.count("”")
            assert "  " not in said
            assert len(said.split()) <= 45, said


@pytest.mark.parametrize("code", [code for code, wording in WORDING.items() if wording.plain])
def test_the_last_resort_holds_no_content_word(code):
    for text in WORDING[code].plain:
        assert list(content_words(re.sub(r"\{\w+\}", "", text))) == []


def test_every_message_code_that_composes_has_a_last_resort():
    assert [code for code, wording in WORDING.items() if wording.say and not wording.plain and code[0] == "P"] == []


def test_slots_are_filled_and_sentences_begin_with_a_capital():
    rubric = make_rubric(question="How alike were the north and the south?")
    slots = {**page_slots(rubric), "a": "the north"}
    said = Speaker(make_guard(rubric, make_essay("")), slots).speak(
        Topic("P210", "S1", {**FILLED, "side": "the north"})
    )
    assert said.text[0] in "“" or said.text[0].isupper()
    assert "{" not in said.text + said.hint


def test_frames_that_quote_come_first():
    one = speaker()
    assert FILLED["near"] in one.speak(Topic("P200", "S1", FILLED)).text
    assert FILLED["beyond"] in one.speak(Topic("P200", "S1", {"beyond": FILLED["beyond"]})).text


def test_no_frame_twice_and_the_rest_in_one():
    one = speaker(make_rubric(judgement=JudgementRule(""), points=(), criteria=(), evidence=()))
    topics = [Topic("P220", f"D{n}", {"quote": DRAFT[n : n + 9]}) for n in range(20)]
    spoken = [message for topic in topics if (message := one.speak(topic))]
    shapes = [re.sub(r"“[^”]*”", "“”", message.text) for message in spoken]
    assert len(shapes) == len(set(shapes)) == len(WORDING["P220"].say) + 1
    rest = list(one.rest())
    assert len(rest) == 1
    assert rest[0].text.startswith("Check these claims against the evidence as well: “")
    assert rest[0].about == ""


def test_the_same_item_is_told_in_the_same_words():
    first, second = speaker(), speaker(essay=make_essay("Aldo and Ilse."))
    assert first.speak(Topic("P200", "S3")) == second.speak(Topic("P200", "S3"))


def test_a_sentence_that_would_leak_is_passed_over():
    words = sorted(
        {word for text in WORDING["P201"].say for part in text for word in content_words(re.sub(r"\{\w+\}", "", part))}
    )
    rubric = make_rubric(criteria=make_rubric().criteria[:1], judgement=make_rubric().judgement)
    point = rubric.points[0]
    rubric = make_rubric(points=(type(point)("D1", "difference", " ".join(words)),))
    message = speaker(rubric, make_essay("")).speak(Topic("P201", "D1"))
    assert (message.text, message.hint) == (
        "There may be more that is different.",
        "What is there in Ilse and not in Aldo?",
    )


def test_a_teachers_hint_is_shown_unless_it_leaks():
    safe = speaker().speak(Topic("P200", "S3", hint="What were both short of?"))
    assert safe.hint == "What were both short of?"
    assert safe.text in WORDING["P200"].lead
    held_back = speaker().speak(Topic("P200", "S3", hint="What did they do to the coinage?"))
    assert "coinage" not in held_back.text + held_back.hint
    revealed = speaker(is_revealing=True).speak(Topic("P200", "S3", hint="What did they do to the coinage?"))
    assert revealed.hint == "What did they do to the coinage?"


def test_hints_go_on_when_the_leads_have_run_out():
    one = speaker()
    spoken = [one.speak(Topic("P404", f"E{n % 3 + 1}", hint=f"What of that, part {n}?")) for n in range(9)]
    leads = len(WORDING["P404"].lead)
    assert [bool(message.hint) for message in spoken] == [True] * leads + [False] * (9 - leads)
    assert spoken[-1].text == "What of that, part 8?"


def test_answers_are_added_only_when_revealed():
    topic = Topic("P500", "E2", {"quote": "in 1412"}, answer="the rubric has: 1433")
    assert "1433" not in speaker().speak(topic).text
    assert speaker(is_revealing=True).speak(topic).text.endswith("(the rubric has: 1433)")
