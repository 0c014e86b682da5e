"""Evidence: what must and must not be found, its status, and what hostile rubrics and drafts may not break."""

from __future__ import annotations

import random
import re
import time

import evidence_drafts as drafts
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.detectors.evidence import find_evidence, find_own_evidence
from analyser.detectors.facts import find_slips, find_unlinked
from analyser.detectors.own_evidence import observe_own_evidence
from analyser.rubrics.variants import derive_variants

MUST_FIND = [
    (
        "E01",
        "When Marat was stabbed to death the mood changed, because the murder of Marat proved that nobody was safe.",
    ),
    ("E01", "the murder of marrat made them all afraid"),
    ("E03", "He turned on the Girondin deputies first."),
    ("E03", "The Brissotins' newspapers were closed."),
    ("E04", "Cromwell hoped for much from Barebone's Parliament."),
    ("E05", "He could not do without the sans culottes of Paris."),
    ("E05", "the sansculotes wanted bread"),
    ("E07", "At Drogheda the garrison was killed."),
    ("E08", "He dissolved the Rump with soldiers."),
    ("E08", "He shut down the Rump when it had bored him for long enough."),
    ("E09", "Thirty-six out of the sixty-two county committees were under his thumb."),
    ("E09", "36 county committees out of 62 obeyed him."),
    ("E10", "Next came the Trial of the Sixteen."),
    ("E10", "the trail of the sixteen was fixed"),
    ("E11", "The seventeen men of the trial in 1937 confessed."),
    ("E12", "The second Five Year Plan asked for the impossible."),
    ("E13", "The Independents had 21m votes and still lost."),
    ("E13", "twenty one million votes went to the Independents"),
    ("E14", "Zinovyev was the first to go."),
    ("E14", "ZINOVIEV"),
    ("E15", "Dekulakization was worse."),
    ("E15", "the koolaks got it worst"),
    ("E16", "Nobody in Gilead speaks freely, for fear of the Eyes."),
    ("E17", "The army that came home from the Crimea was not the one that had left."),
    ("E18", "In 'To be or not to be' he talks himself out of it."),
    ("E20", "Opponents went to labor camps in the north."),
    ("E20", "a labour camp on an island"),
    ("E21", "Strafford was executed in May 1641."),
    ("E22", "Rousseau wrote a book that said so."),
    ("E22", "The Social Contract says so."),
    ("E23", "When the Bastille fell, everybody knew."),
    ("E24", "Joseph Johnston kept going back."),
    ("E25", "In the Donoghue case a snail was found."),
    ("E26", "The judges said so in R v R at last."),
    ("E27", "They tried it with cyanide and it stopped."),
    ("E28", "groins are fences that go into the sea"),
    ("E29", "the freedom corcus got rid of him"),
    ("E30", "Clinton lost over healthcare in 1993 and knew it."),
    ("E33", "Bloody Sunday came first."),
    ("E34", "A loaf of four pounds cost them 14½ sous."),
    ("E35", "He wrote Leviathan in exile."),
    ("E36", "In The Examined Life he took half of it back."),
    ("E37", "The old earl, it is said, drew a rusty sword in court."),
    ("E38", "Portia comes disguised as a man of law called Balthazar."),
    ("E39", "The proviso of Locke leaves enough for others."),
    ("E21", "Strafford went to the block and that shows what the Commons could do."),
]
MUST_NOT_FIND = [
    ("E01", "Danton was murdered by his friends in all but name."),
    ("E04", "Parliament met in the autumn and rose again."),
    ("E06", "He broke the law of the land."),
    ("E08", "He dissolved the salt in water."),
    ("E09", "The committees met thrice."),
    ("E10", "The Trial of the Seventeen was held in January 1937."),
    ("E11", "The Trial of the Sixteen was held in August 1936."),
    ("E12", "The first Five-Year Plan had failed."),
    ("E12", "He had a plan for every year."),
    ("E13", "He lost the vote."),
    ("E14", "Zhdanov was the first to go."),
    ("E16", "His eyes were on the door."),
    ("E17", "The war went on."),
    ("E18", "It was not to be, or so he said."),
    ("E19", "He wanted equality."),
    ("E20", "There were hard winters in the north."),
    ("E21", "The execution of the king shocked Europe."),
    ("E10", "It all took sixteen months."),
    ("E22", "They signed a contract."),
    ("E23", "He fell on 14 July."),
    ("E24", "Joseph came home."),
    ("E25", "In any case a snail was found."),
    ("E26", "It was the r of all this."),
    ("E27", "Such things were known."),
    ("E28", "The sea came in."),
    ("E29", "He wanted freedom."),
    ("E30", "He had good health."),
    ("E31", "Unemployment was everywhere in 1640."),
    ("E32", "He had three hundred men."),
]


@pytest.mark.parametrize(("item", "text"), MUST_FIND)
def test_must_be_found(item, text):
    assert item in drafts.certain(text)


@pytest.mark.parametrize(("item", "text"), MUST_NOT_FIND)
def test_must_not_be_found(item, text):
    assert item not in drafts.certain(text)


def test_every_item_is_in_a_table():
    assert {item for item, _ in MUST_FIND + MUST_NOT_FIND} >= set(drafts.NAMES) - {"E02"}


def test_put_to_use_or_only_told():
    argued = (
        "Both men ruled by fear because they had no other way to hold their followers together. The murder of Marat "
        "shows this, since it allowed Robespierre to argue that enemies were everywhere, whereas Cromwell needed no "
        "such proof for the siege of Drogheda."
    )
    told = "There was the siege of Drogheda. Then there was the murder of Marat."
    assert drafts.evidence(argued)["E01"].status == "used"
    assert drafts.evidence(told)["E01"].status == "named"


def test_only_named_evidence_is_unlinked():
    made, lexicon = drafts.bare()
    parsed = drafts.parse("There was the siege of Drogheda. Then there was the murder of Marat.")
    found = find_evidence(parsed, made, lexicon)
    assert {u.evidence for u in find_unlinked(parsed, made, lexicon, found)} == {"E01", "E07"}


def test_own_evidence_lies_outside_the_rubric():
    made, lexicon = drafts.bare()
    text = (
        "In 1658 the fleet of Robert Blake took £600,000 at Santa Cruz. Cromwell said 'a few honest men are better' "
        "to Parliament in the year of the siege of Drogheda."
    )
    found = [q.text for q in find_own_evidence(drafts.parse(text), made, lexicon)]
    assert found == ["1658", "Robert Blake", "£600,000", "Santa Cruz", "'a few honest men are better'"]


def test_what_may_be_evidence_is_asked_about():
    found = drafts.evidence("The cave of Marat was small. Rousseau was an unhappy man.")
    assert found["E22"].status in ("unsure", "used", "named")


def test_own_evidence_is_pointed_out_only_where_there_is_some():
    made, lexicon = drafts.bare()
    text = "In 1658 the fleet of Robert Blake took £600,000 at Santa Cruz. Book IX says so, and Easter was near."
    (seen,) = observe_own_evidence(drafts.parse(text), made, lexicon, ())
    assert [q.text for q in seen.quotes] == ["Robert Blake", "£600,000", "Santa Cruz"]
    for bare in ("In 1658 the siege of Drogheda was over.", "On Monday in Part Three he said it 30 times."):
        assert observe_own_evidence(drafts.parse(bare), made, lexicon, ()) == ()


@pytest.mark.parametrize(
    ("names", "expected"), [(["Louis XVI", "Necker"], True), (["Louis XVI", "Louis XIV"], False), (["Part XVI"], False)]
)
def test_a_ruler_goes_by_his_first_name_where_no_other_has_it(names, expected):
    made = drafts.rubric(names)
    parsed = drafts.parse("Then Louis sent the minister home. A part of them left.", made)
    assert (find_evidence(parsed, made, derive_variants(made))[0].status in ("used", "named")) is expected


def test_one_name_in_two_items_is_found_for_both():
    made = drafts.rubric(["Marat", "Marat", "sansculottes"])
    parsed = drafts.parse("Marat was loud.", made)
    found = find_evidence(parsed, made, derive_variants(made))
    assert [f.status != "missing" for f in found] == [True, True, False]


@pytest.mark.parametrize(
    "names", [["X", "I", "a", "Q / Z", "7"], ["the", "and it", "of the"], ["(", ".*", "[a-z]+", "/", "'"]]
)
def test_names_that_say_nothing_are_silent(names):
    made = drafts.rubric(names)
    parsed = drafts.parse("I think that a man of the X and it was 7 in the (.*) end / or so.", made)
    assert {f.status for f in find_evidence(parsed, made, derive_variants(made))} == {"missing"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A student waited for a cup of coffee in Tennessee in 1960.", [False, False]),
        ("Whichever you see out there, you will see it again.", [False, False]),
        ("Students began the sit-ins in 1960.", [True, False]),
        ("Willis watched twelve lads.", [False, True]),
    ],
)
def test_a_function_word_stands_for_no_word_that_it_resembles(text, expected):
    made = drafts.rubric(["the Greensboro sit-ins (1960)", "Willis, Learning to Labour (1977)"])
    found = find_evidence(drafts.parse(text, made), made, derive_variants(made))
    assert [one.status != "missing" for one in found] == expected


def test_other_scripts_and_signs():
    made = drafts.rubric(["Сталин", "לנין", "😀 Marat", "C++"])
    parsed = drafts.parse("Сталин и לנין were read by 😀 Marat 😀 who liked C++.", made)
    found = find_evidence(parsed, made, derive_variants(made))
    assert [f.status != "missing" for f in found[:3]] == [True, True, True]
    assert all(parsed.essay.text[q.start : q.end] == q.text for f in found for q in f.quotes)


def test_time_grows_with_the_draft_and_not_faster():
    made = drafts.rubric([f"murder of Person{i}, {1500 + i}" for i in range(500)])
    lexicon = derive_variants(made)
    seconds = []
    for n in (300, 1200):
        parsed = drafts.parse("The murder of Person7 in 1507 led to the murder of someone else " * n, made)
        start = time.process_time()
        find_evidence(parsed, made, lexicon)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 12 * seconds[0] + 0.1


WORDS = st.sampled_from(
    "Marat murder of the Rump dissolved 1653 Drogheda siege Zinovyev sansculottes . , ! trial 16 Sixteen in and "
    "because Robespierre Cromwell 36 62 county committees camps labour 😀 ' \" ( \n\n é Plan second Second".split(" ")
)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_quotes_are_the_words_of_the_draft(text):
    made, lexicon = drafts.bare()
    parsed = drafts.parse(text)
    found = find_evidence(parsed, made, lexicon)
    quotes = [q for f in found for q in f.quotes] + list(find_own_evidence(parsed, made, lexicon))
    quotes += [s.quote for s in find_slips(parsed, made, lexicon, found)]
    assert all(q.text and text[q.start : q.end] == q.text for q in quotes)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_a_further_paragraph_removes_nothing(text, more):
    before = drafts.certain(text)
    assert before <= drafts.certain(f"{text}\n\n{more}")


def test_typos_cost_little():
    """One letter in thirty wrong (every sixth word) loses at most a quarter of the evidence."""
    text = "\n\n".join(text for _, text in MUST_FIND)
    before = drafts.certain(text)
    rng = random.Random(7)
    kept = []
    for _ in range(5):
        noisy = list(text)
        for i, char in enumerate(noisy):
            if char.isalpha() and rng.random() < 1 / 30:
                noisy[i] = rng.choice(["", char * 2, rng.choice("aeioustrn")])
        kept.append(len(before & drafts.certain("".join(noisy))) / len(before))
    assert sum(kept) / len(kept) >= 0.75


def test_a_name_of_the_draft_is_no_misspelling_of_the_rubrics():
    assert "E14" not in drafts.certain("Zhdanov and Zubatov were police chiefs, as was Zamyatin.")
    assert not re.search(
        "Marat", " ".join(q.text for f in drafts.evidence("Murat led the cavalry.").values() for q in f.quotes)
    )
