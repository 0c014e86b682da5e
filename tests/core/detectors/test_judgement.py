"""What counts as the student's own answer, on which side it is, and what never counts as one."""

import re
import time

import pytest
from comparison_drafts import (
    AGREEMENT,
    CLAIM_DIFFERENT,
    CLAIM_SIMILAR,
    HOW_SIMILAR,
    MIDDLE,
    WHO_MORE,
    parsed,
    rubric,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.detectors.judgement import find_judgement
from analyser.detectors.polarity import question_polarity

# Last paragraphs by the question and by what they say: a stance, "hedged", or "missing" for none of the student's own.
ANSWERS = [
    (
        HOW_SIMILAR,
        {
            "similar": [
                "Overall, Palmerston's policy was a continuation of Canning's.",
                "In the end there is very little to separate the two men.",
                "In conclusion the two policies had far more in common than is usually admitted.",
                "To conclude, Palmerston followed in Canning's footsteps in everything that mattered.",
                "All in all, what separates them is a matter of style rather than substance.",
                "The similarities between them therefore outweigh the differences.",
                "Despite these differences, their policies were on the whole very similar.",
                "In conclusion they were similar to a large extent.",
                "To conclude, I would say they were quite similar but not the same.",
                "They weren't that different really.",
                "so basically they was both doing the same thing",
                "The differences are more apparent than real.",
                "The differences between them are less important than what they shared.",
                "On balance the case for similarity is the stronger one.",
                "It would be a mistake to see them as different.",
                "Temperley calls the two completely different. This is not convincing: they were essentially alike.",
                "Were they similar? Yes, very.",
                "I would conclude that, for all their differences of style, the two were remarkably alike.",
                "In the final analysis the parallels are more striking than the contrasts.",
                "So how similar were they? To a considerable extent.",
                "Palmerston and Canning were, in short, cut from the same cloth.",
                "To conclude, the differences were superficial and the similarities were deep.",
                "On the whole I believe their policies were broadly comparable.",
                "Their aims were the same, their methods were the same and so were their results.",
                "They were different in some respects, but overall I think they were similar.",
                "While there are differences, the similarities are far greater.",
                "To sum up, they were alike in almost every way that matters.",
                "in conclusion i think they was simmilar becos they both wanted peace",
                "The two policies were the same in everything except their tone.",
                "The difference is real, but it is not fundamental.",
                "What they had in common far outweighs what set them apart.",
                "Palmerston simply carried on where Canning had left off.",
            ],
            "different": [
                "Ultimately the differences outweigh the similarities.",
                "Despite some similarities, their policies were on the whole very different.",
                "Although they shared some goals, they were not similar in any meaningful sense.",
                "In conclusion they were similar only to a limited extent.",
                "Overall they were only superficially alike.",
                "i think there was more diffrences than similaritys",
                "Overall, then, not very similar.",
                "They were worlds apart in everything that mattered.",
                "The resemblance is more apparent than real.",
                "What they shared matters less than what divided them.",
                "On balance the case for difference is stronger.",
                "It would be wrong to call them similar.",
                "They cannot really be called alike.",
                "I conclude that their policies had little in common beyond a shared dislike of France.",
                "Some historians say they were identical. I think this is wrong: they were completely different.",
                "Were they similar? Hardly.",
                "So how similar were they? Not very.",
                "In the final analysis the contrasts are more telling than the parallels.",
                "They shared little beyond a dislike of Metternich.",
                "They had almost nothing in common.",
                "It follows that the two can hardly be called similar.",
                "To conclude, the similarities were superficial and the differences were deep.",
                "Their aims were different, their methods were different and so were their results.",
                "They were similar in some respects, but overall I think they were different.",
                "While there are similarities, the differences are far greater.",
                "Therefore I think it is more accurate to say that they were different.",
                "Therefore they were more different than similar.",
                "To sum up, they were alike in nothing that matters.",
                "in conclusion i dont think they was simmilar at all",
                "The two policies differed in everything except their goal.",
                "The similarity is real, but it is not fundamental.",
                "Palmerston broke completely with what Canning had done.",
                "Palmerston's policy marked a clear break with Canning's.",
            ],
            "mixed": [
                "It is clear then that they had the same goals but went about them in opposite ways.",
                "My judgement is that they were similar in their aims and different in their methods.",
                "Overall they were partly similar.",
                "In conclusion, up to 1848 their policies were alike and after that they were not.",
                "Overall, then, they were two very different men pursuing the same goal.",
                "The answer, then, is that they were similar at first and increasingly different afterwards.",
                "As far as aims go they were alike; as far as methods go they were not.",
                "Alike in purpose, unlike in manner: that is my verdict.",
                "My answer is yes as to aims and no as to methods.",
            ],
            "hedged": [
                "In conclusion there were similarities and differences between them.",
                "In conclusion it is difficult to decide because there are good points on either side.",
                "It all depends on whether you think aims or methods are more important.",
                "There is evidence to support both views and historians will go on arguing about it.",
                "so they was kind of similar but kind of diffrent so i cant really say",
                "Overall there are points to be made for either answer.",
                "In conclusion, this is a question on which people will never agree.",
                "It is impossible to give a definite answer to this question.",
            ],
            "missing": [
                "So that was the story of Palmerston and Canning and how Britain became powerful.",
                "Palmerston died in 1865 and was buried in Westminster Abbey.",
                "Canning had a different wife and a different house from Palmerston and died young.",
                "Many historians argue that they were very similar.",
                "In conclusion Palmerston was a better foreign secretary than Canning.",
                "In conclusion this is what happened in British foreign policy.",
            ],
        },
    ),
    (
        CLAIM_DIFFERENT,
        {
            "different": [
                "I agree with the statement to a large extent.",
                "The statement is therefore largely true.",
                "Overall the statement is valid, since their policies differed in both aim and method.",
                "To a great extent, therefore, their policies were fundamentally different.",
                "Yes, their policies were fundamentally different.",
                "In conclusion the statement is more right than wrong.",
                "I agree with the view that their policies were fundamentally different.",
                "This essay has shown that the statement is largely justified.",
                "There is more truth in the statement than its critics allow.",
                "They differed in kind and not just in degree.",
            ],
            "similar": [
                "In conclusion, I do not agree with the statement.",
                "Therefore I disagree: Ford and Carter were more alike than either party liked to admit.",
                "The statement goes too far.",
                "The claim that they were fundamentally different does not stand up to scrutiny.",
                "Overall, the quotation exaggerates the gap between them; at heart the two men's policies were alike.",
                "So while their rhetoric differed, their policies did not.",
                "The word 'fundamentally' is too strong, although there were real differences.",
                "In conclusion, the statement is an exaggeration.",
                "In conclusion the statement is more wrong than right.",
                "I disagree with the view that their policies were fundamentally different.",
                "The statement cannot therefore be accepted as it stands.",
                "For these reasons the view put forward in the question is not convincing.",
                "There is little truth in the statement.",
                "I am not persuaded by the statement.",
                "Ford and Carter were not fundamentally different at all.",
                "They differed in degree rather than in kind.",
            ],
            "mixed": [
                "In conclusion, I only partly agree with the statement.",
                "The statement has some truth in it but it is not the whole story.",
                "I agree up to a point: on taxes they differed, on inflation they did not.",
                "In conclusion the statement is only true of their early years.",
            ],
        },
    ),
    (
        CLAIM_SIMILAR,
        {
            "different": [
                "In conclusion it is not accurate to say that their aims were fundamentally similar.",
                "It is therefore inaccurate to describe their aims as similar.",
                "The claim does not hold.",
                "Hence the claim is one that I cannot support.",
                "It is accurate to a limited extent.",
                "To say that their aims were fundamentally similar is therefore misleading.",
                "Hence I would argue that it is inaccurate.",
            ],
            "similar": [
                "In conclusion it is largely accurate to say that their aims were fundamentally similar.",
                "The claim holds up well.",
                "Overall the view is a fair one.",
                "It is very accurate.",
                "To call their aims fundamentally similar is fair.",
                "Their aims were indeed fundamentally similar.",
            ],
            "mixed": [
                "The statement is accurate for 1792 but not for 1794.",
                "The statement is half true.",
                "It is accurate to a certain extent.",
                "In conclusion it is accurate to some extent to say that their aims were similar.",
            ],
            "hedged": [
                "It could be said that their aims were similar but it could also be said that they were different.",
            ],
        },
    ),
    (
        WHO_MORE,
        {
            "different": [
                "In conclusion Elizabeth was far more successful than James.",
                "I agree that Elizabeth was more successful.",
            ],
            "similar": [
                "In conclusion they were equally successful.",
                "In conclusion James was just as successful as Elizabeth.",
                "In conclusion neither was more successful than the other.",
            ],
        },
    ),
    (
        HOW_SIMILAR,
        {
            "mixed": [
                "I shall argue that they wanted the same thing and set about getting it in opposite ways.",
                "My answer is that they had the same disease and took different medicine.",
                "On the first count the answer is yes, on the second it is no.",
                "So the answer is yes for aims, no for methods.",
                "so i think its a bit of both, they was alike in what they wanted but not in how they done it",
                "so i would say it is half and half",
            ],
            "similar": [
                "They were closer than they look.",
                "The distance between the two men was very small.",
                "There was more to unite them than to divide them.",
                "More united them than divided them.",
                "In the end the two policies came to the same thing.",
                "In practice the two policies amounted to the same thing.",
                "I believe that they resembled each other in all but name.",
                "Nothing important separated them.",
                "It is hard to see any real difference between the two.",
                "I can see no real difference.",
                "The two policies could hardly have been more alike.",
                "They were not as different as they are usually made out to be.",
                "They were less different than is often supposed.",
                "They differed to some extent but the similarities matter more.",
                "I come down on the side of similarity.",
                "On balance similarity has the better of it.",
                "They had the same aims and used the same methods, so in my judgement they were two of a kind.",
                "Superficially different, they were in truth very alike.",
                "Different in style but identical in substance.",
                "so yeah they was basicly the same",
                "i think there more alike than diffrent",
                "to conclude palmerston was a lot like canning",
            ],
            "different": [
                "They were further apart than they look.",
                "The distance between the two men was enormous.",
                "There was more to divide them than to unite them.",
                "In every way that counts they stood on opposite sides.",
                "It is hard to see any real similarity between the two.",
                "I can see no real likeness.",
                "The two policies could hardly have been more different.",
                "They could not have been more different.",
                "They were not as similar as they are usually made out to be.",
                "They were less alike than is often supposed.",
                "They were far from identical.",
                "They were anything but alike.",
                "Any similarity between the two is a coincidence.",
                "All that they shared was a desk.",
                "Apart from the desk, they shared nothing.",
                "The similarities end there.",
                "To a very limited extent, then, were they similar.",
                "They were similar to some extent but the differences matter more.",
                "Ultimately I think the differences win.",
                "I come down on the side of difference.",
                "Superficially alike, they were in truth poles apart.",
                "Identical in style but different in substance.",
                "Their similarity in aim is outweighed by their difference in method.",
                "so no they was nothing like each other",
                "to conclude palmerston was not like canning",
            ],
        },
    ),
    (
        CLAIM_DIFFERENT,
        {
            "mixed": [
                "The statement holds for taxes but breaks down over inflation.",
                "The statement is right about taxes and wrong about inflation.",
                "The statement is true in the short run and false in the long.",
                "The statement needs to be qualified.",
                "The statement cannot be accepted without qualification.",
                "I can only agree in part.",
            ],
            "different": [
                "I agree with the statement, with one reservation.",
                "I agree with most of the statement.",
                "I strongly agree with the quotation.",
                "The quotation is therefore right to call them different.",
                "The statement captures the truth.",
                "So the statement is one I would endorse.",
                "yes i agree they was fundamentally diffrent",
            ],
            "similar": [
                "The statement is misleading because at bottom their policies were alike.",
                "The quotation is wrong to call them different.",
                "The statement overlooks how much they had in common.",
                "The statement ignores the many things they shared.",
                "So I reject the statement.",
                "So the statement should be rejected.",
                "no i dont agree they was fundamentally diffrent",
            ],
        },
    ),
    (
        CLAIM_SIMILAR,
        {
            "different": [
                "It is not very accurate to say this.",
                "This is not an accurate statement.",
            ],
            "mixed": [
                "It is accurate, but only up to 1793.",
                "The claim is more accurate for Danton's early years than for his last.",
            ],
            "similar": [
                "This is an accurate statement.",
            ],
        },
    ),
]
CASES = [
    pytest.param(rubric_, said, text, id=text[:60])
    for rubric_, texts_by_stance in ANSWERS
    for said, texts in texts_by_stance.items()
    for text in texts
]


@pytest.mark.parametrize(("rubric_", "said", "text"), CASES)
def test_the_last_paragraph_is_read(rubric_, said, text):
    finding = find_judgement(parsed(f"{MIDDLE}\n\n{text}", rubric_), rubric_)
    if said in ("hedged", "missing"):
        assert finding.status == said
    else:
        assert (finding.status, finding.stance) == ("stated", said)
        assert finding.where == ("conclusion",)


# Not the student's judgement: others' views, quotations, questions, announcements, conditions, one aspect on the way.
NOT_AN_ANSWER = [
    "Many historians argue that they were very similar.",
    'Temperley called them "two statesmen who were fundamentally similar in everything they did".',
    "It has often been said that the two were completely different.",
    "Were they fundamentally similar?",
    "This essay will look at how similar they were.",
    "My teacher says that they were the same.",
    "Canning had a different house and a different wife.",
    "At the same time he sent a fleet to Lisbon.",
]


@pytest.mark.parametrize("text", NOT_AN_ANSWER)
def test_others_views_questions_and_asides_are_no_answer(text):
    finding = find_judgement(parsed(f"{MIDDLE}\n\n{text}", HOW_SIMILAR), HOW_SIMILAR)
    assert finding.status != "stated"


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        (
            "Some historians say they were identical. I think this is wrong: they were completely different.",
            "different",
        ),
        ("Temperley thought them opposites. I do not agree, because they were alike in all that matters.", "similar"),
        ("Webster rightly argued that they were essentially alike.", "similar"),
    ],
)
def test_a_view_counts_when_it_is_taken_over_or_answered(text, stance):
    finding = find_judgement(parsed(f"{MIDDLE}\n\n{text}", HOW_SIMILAR), HOW_SIMILAR)
    assert (finding.status, finding.stance) == ("stated", stance)


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("How similar were A and B?", 1),
        ("To what extent were A and B fundamentally different?", -1),
        ("'The aims of A and B were fundamentally different.' How far do you agree?", -1),
        ("'A and B were kings of the same kind.' How far do you agree?", 1),
        ("How far did the aims of A and B differ?", -1),
        ("Evaluate the view that A and B are fundamentally opposed.", -1),
        ("To what extent do A and B agree about the good life?", 1),
        ("How far did A and B disagree about unemployment?", -1),
        ("Was A more successful than B?", -1),
        ("'A's rule was no less absolute than that of B.' How far do you agree?", 1),
        ("How far do A and B present love in the same way?", 1),
        ("How far did A and B have little in common?", -1),
    ],
)
def test_the_question_tells_what_agreeing_means(question, claim):
    assert question_polarity(rubric(question, "A", "B")).claim == claim


def test_agreeing_between_the_two_is_a_relation():
    text = f"{MIDDLE}\n\nOverall they agreed about almost nothing: on wages, money and the state they disagreed."
    assert find_judgement(parsed(text, AGREEMENT), AGREEMENT).stance == "different"


def test_the_introduction_is_found_too():
    text = (
        "I shall argue that the two policies were fundamentally similar.\n\n"
        "There was money. It was spent on ships.\n\nIn conclusion, they were very similar."
    )
    finding = find_judgement(parsed(text, HOW_SIMILAR), HOW_SIMILAR)
    assert finding.where == ("introduction", "conclusion")
    assert finding.confidence > 0.9
    assert [q.text for q in finding.quotes] == [
        "In conclusion, they were very similar.",
        "I shall argue that the two policies were fundamentally similar.",
    ]


@pytest.mark.parametrize(
    ("first", "last", "notes"),
    [
        ("I will argue that they were fundamentally similar.", "I conclude that they were fundamentally different.",
         {"places_disagree"}),
        ("Palmerston was born in 1784.", "In conclusion, they were very similar.", {"only_at_the_end"}),
        ("I will argue that they were fundamentally similar.", "He died in 1865 and was buried in the Abbey.",
         {"no_conclusion"}),
        ("Palmerston was born in 1784.", "In conclusion Palmerston was a great man.", {"conclusion_off_question"}),
        ("I will argue that they were fundamentally similar.", "In conclusion Palmerston was a great man.",
         {"not_returned_to"}),
        ("I will argue that they were similar.", "I conclude that they were for the most part similar.", {"qualified"}),
        ("I will argue that they were similar.", "So it is clear that they were similar.", set()),
    ],
)  # fmt: skip
def test_what_is_noted_about_the_answer(first, last, notes):
    middle = "There was money. He spent it on ships.\n\nThere was trade. The merchants wanted ports."
    assert set(find_judgement(parsed(f"{first}\n\n{middle}\n\n{last}", HOW_SIMILAR), HOW_SIMILAR).notes) == notes


def test_a_draft_of_one_paragraph_has_its_answer_in_its_last_line():
    text = (
        "palmerston was a lord and canning was not. they both hated france. palmerston sent ships to lisbon. canning "
        "sent men to portugal. then canning died and palmerston took over later on. so i think they was mostly simular"
    )
    finding = find_judgement(parsed(text, HOW_SIMILAR), HOW_SIMILAR)
    assert (finding.status, finding.stance, finding.where) == ("stated", "similar", ("conclusion",))


@pytest.mark.parametrize(
    "text", ["", " ", "?", "Similar.", "مقدمة عن السياسة.", "🙂🙂🙂", "a" * 5000, '"' * 999, "\u0130" * 50]
)
def test_poor_input_is_missing_or_read_but_never_an_error(text):
    assert find_judgement(parsed(text, HOW_SIMILAR), HOW_SIMILAR).status in ("missing", "stated")


def test_a_long_paragraph_without_a_full_stop_takes_no_longer_than_its_length():
    words = "they were not similar and the difference is that he said it was the same as it would have been "
    start = time.perf_counter()
    find_judgement(parsed(words * 250, HOW_SIMILAR), HOW_SIMILAR)
    assert time.perf_counter() - start < 5  # 5,000 words; 0.3 s on a slow machine


WORDS = st.sampled_from(
    "similar different alike not fundamentally the statement is accurate wrong i agree disagree it depends overall in "
    "conclusion , . ? ; : \" ' — but whereas more than less partly both Palmerston Canning “ ” ’ simular İ "
    "🙂 \n\n".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_quotes_are_the_drafts_own_words(words):
    draft = parsed(re.sub(r" (?=[,.?;:])", "", " ".join(words)), HOW_SIMILAR)
    finding = find_judgement(draft, HOW_SIMILAR)
    assert all(draft.essay.text[q.start : q.end] == q.text and q.text for q in finding.quotes)
    assert bool(finding.quotes) == (finding.status != "missing")
    assert (finding.stance == "none") or finding.status != "missing"
    assert 0 <= finding.confidence <= 1
