"""What is observed about the shape of an argument, and what is not certain enough to be said."""

import time

import pytest
from comparison_drafts import HOW_SIMILAR, RAISING_MONEY, parsed

from analyser.detectors.criteria import find_criteria
from analyser.detectors.judgement import find_judgement
from analyser.detectors.shape import find_observations

OPENING = "Palmerston and Canning both led British foreign policy, and I shall compare them."
CLOSING = "In conclusion, Palmerston and Canning were very similar."

ABOUT_PALMERSTON = (
    "Palmerston was born in 1784 and went to Harrow. In 1809 he became Secretary at War, and he stayed in that office "
    "until 1828. Then he left the Tories and joined the Whigs, who sent him to the Foreign Office in November 1830. "
    "He remained there until 1841 and came back in 1846 for another five years."
)
ABOUT_CANNING = (
    "Canning was born in 1770 and went to Eton. In 1807 he became Foreign Secretary, and in 1809 he was hurt when he "
    "fought Castlereagh on Putney Heath. After that he went to Lisbon. In 1822 he returned to the Foreign Office, and "
    "in 1827 he became Prime Minister. He died in August that year at Chiswick House."
)
ARGUED = (
    "Palmerston kept a fleet off Lisbon because he wanted Portugal to stay out of the hands of France, which shows "
    "that he put trade before treaties. Canning had sent men to the same city for the same reason. Both therefore used "
    "force when a small ally was in danger and neither of them did so for the sake of a principle."
)
OFF_THE_QUESTION = (
    "The winter of that year was a cold one and the Thames froze over near the old bridge. Fairs were held upon the "
    "ice and oxen were roasted whole. Printers set up their presses and sold verses to anyone who had a penny. "
    "Children ran about among the booths and the ferrymen complained that nobody wanted a boat any more."
)


def observed(text, rubric_=HOW_SIMILAR):
    draft = parsed(text, rubric_)
    found = find_observations(draft, rubric_, find_judgement(draft, rubric_), find_criteria(draft, rubric_), ())
    for observation in found:
        for quote in observation.quotes:
            assert draft.essay.text[quote.start : quote.end] == quote.text
    return {observation.code: observation for observation in found}


def essay(*paragraphs):
    return "\n\n".join((OPENING, *paragraphs, CLOSING))


def test_an_argued_comparison_gives_no_cause_for_remarks():
    other = (
        "Canning recognised the new republics in order to keep France out of America. Palmerston was no different: he "
        "recognised Belgium, although he had little love for revolutions, since the alternative was a French army."
    )
    assert observed(essay(ARGUED, other)) == {}


FIRES = [
    ("O102", essay(ABOUT_PALMERSTON, ABOUT_CANNING)),
    ("O103", essay(ARGUED, OFF_THE_QUESTION)),
    ("O104", essay(ABOUT_PALMERSTON, ARGUED)),
    ("O104", f"{ABOUT_PALMERSTON} {ABOUT_CANNING}"),
    ("O105", essay(ARGUED, "Ships cost money. " + ARGUED[:160] + " and so on.")),
    ("O106", essay(f"How similar were the foreign policies of Palmerston and Canning? {ARGUED}")),
    ("O107", essay(f"He said: “{'the honour of England and the peace of Europe ' * 5}”.", ARGUED)),
    ("O108", essay("Portugal, Belgium, Greece, Turkey, Navarino, Don Pacifico, Opium War, China, Verona, Troppau.")),
    ("O111", essay("Since the dawn of time kings have fought. As we all know, ships matter. Needless to say, he won.")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [pytest.param(*case, id=f"{case[0]}-{n}") for n, case in enumerate(FIRES)])
def test_what_is_certain_is_observed(code, text):
    assert code in observed(text)


SILENT = [
    ("O101", essay(ABOUT_PALMERSTON, ABOUT_CANNING)),
    ("O102", essay(ABOUT_PALMERSTON, ARGUED, ARGUED.replace("Lisbon", "Antwerp"))),
    ("O103", essay(ARGUED, "Their foreign policies cost money. " + OFF_THE_QUESTION)),
    ("O104", essay(ARGUED)),
    ("O104", essay(ABOUT_PALMERSTON.replace("Then", "Therefore") + " This shows that he liked office.")),
    ("O105", essay(ARGUED, "The policies of Palmerston and Canning. The policies of Palmerston and Canning.")),
    ("O105", essay(*["“Nothing could ever be more unjust than this,” he said."] * 2)),
    ("O106", f"How similar were the foreign policies of Palmerston and Canning?\n\n{ARGUED}\n\n{CLOSING}"),
    ("O106", essay("The foreign policies of Palmerston and Canning were alike in aim and in their means.")),
    ("O107", essay("He said: “the honour of England”.", "It's a pity; the lords' view wasn't the king's. " * 9)),
    ("O108", essay("He named Portugal, Belgium, Greece and Turkey, and he knew what each of them was worth.")),
    ("O111", essay("As we all know, ships matter.")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [pytest.param(*case, id=f"{case[0]}-{n}") for n, case in enumerate(SILENT)])
def test_what_is_not_certain_is_not_said(code, text):
    assert code not in observed(text)


def test_one_side_told_at_length_and_the_other_hardly():
    one_side = " ".join(f"Palmerston sent the fleet to port number {n} in the north." for n in range(15))
    text = f"I shall compare Palmerston with Canning.\n\n{one_side} Near Lisbon it rained.\n\nSo Canning was like him."
    observation = observed(text)["O101"]
    assert observation.slots["side"] == "Canning"
    assert int(observation.slots["n_other"]) >= 12
    # Not where a name may be hidden by its spelling or stand for the side.
    assert "O101" not in observed(text.replace("rained", "rained on caning"))
    assert "O101" not in observed(text + " Huskisson and Huskisson and Huskisson and Huskisson came.")


def test_criteria_that_are_set_and_dropped():
    opening = "I shall judge Philip and Louis by who benefited."
    unused = f"{opening}\n\nThe queen wore blue.\n\nThe king rode out to hunt.\n\nIt rained."
    used = f"{opening}\n\nThe queen wore blue.\n\nThe peasants were helped and nobles lost.\n\nIt rained."
    assert observed(unused, RAISING_MONEY)["O109"].quotes[0].text == "who benefited"
    assert "O109" not in observed(used + " The peasants benefited.", RAISING_MONEY)


def test_standards_of_the_essays_own():
    text = "Two questions matter: how long did it last, and what did the Church think of them?\n\nOne.\n\nTwo."
    assert observed(text, RAISING_MONEY)["O110"].quotes[0].text == "what did the Church think of them"


def test_repetition_quotes_both_places():
    text = essay(ARGUED, f"To begin with. {ARGUED}")
    first, second = observed(text)["O105"].quotes
    assert first.text == second.text
    assert first.start < second.start


@pytest.mark.parametrize(
    "text", ["", "?", "🙂 🙂", "سلام عليكم", "a " * 5000, "same words again and " * 1200, "\n\n".join("ab" * 9)]
)
def test_poor_input_is_read_in_time(text):
    start = time.perf_counter()
    observed(text)
    assert time.perf_counter() - start < 5


def test_slots_never_hold_what_the_rubric_expects():
    for text in (case[1] for case in FIRES):
        for observation in observed(text).values():
            for value in observation.slots.values():
                assert value.isdigit() or value in ("Palmerston", "Canning")
