"""Slips: what must and must not be claimed."""

from __future__ import annotations

import evidence_drafts as drafts
import pytest

MUST_CLAIM = [
    ("date", "E01", "The murder of Marat in 1795 changed everything.", "1795", "July 1793"),
    ("date", "E07", "In 1652 came the siege of Drogheda.", "1652", "1649"),
    ("date", "E10", "In August 1935 there was the Trial of the Sixteen.", "August 1935", "1936"),
    ("date", "E08", "He dissolved the Rump in 1651.", "1651", "April 1653"),
    ("date", "E21", "Strafford was executed in May 1644, which proved the point.", "May 1644", "May 1641"),
    ("number", "E09", "26 out of 36 county committees obeyed.", "26 out of 36", "36 of 62"),
    ("date", "E23", "The fall of the Bastille came on 4 July, and all Paris saw it.", "4 July", "14 July 1789"),
    ("name", "E22", "The Social Contract was written by Denis Diderot.", "Denis Diderot", "Rousseau"),
    ("date", "E07", "He began the siege of Drogheda in 1652 to frighten the rest.", "1652", "1649"),
    ("number", "E31", "Unemployment had reached 45% by 1640, so they rose.", "45%", "25%"),
    ("number", "E32", "He asked for six hundred ducats, and they did not pay.", "six hundred", "three hundred"),
    ("date", "E02", "The Cheka was founded in 1920.", "1920", "December 1917"),
    ("attribution", "E07", "Robespierre led the siege of Drogheda himself.", "Robespierre", "Cromwell"),
    ("attribution", "E06", "The Law of 22 Prairial was written by Cromwell.", "Cromwell", "Robespierre"),
    ("number", "E34", "A four pound loaf at 24 sous was more than they could pay.", "24", "14½"),
    ("date", "E35", "He wrote a book called Leviathan in 1615.", "1615", "1651"),
    ("date", "E36", "And he said in The Examined Life in 1979 that the view was inadequate.", "1979", "1989"),
    ("name", "E37", "They went from door to door, and Earl Bigod showed him a rusty sword.", "Bigod", "Warenne"),
    ("name", "E38", "In the court scene Portia comes in disguised as Bellario.", "Bellario", "Balthazar"),
    ("name", "E39", "He used the Hobbesian proviso, which is that enough is left.", "Hobbesian", "Lockean"),
]
MUST_NOT_CLAIM = [
    "The murder of Marat in July 1793 changed everything.",
    "The murder of Marat in 1793 changed everything.",
    "By 1795 the murder of Marat was forgotten.",
    "After 1795 nobody spoke of the murder of Marat.",
    "Marat had been in London in 1770.",
    "The siege of Drogheda from 1649 to the winter was cruel, and in 1640 to 1645 there were others.",
    "There was a revolution in 1789.",
    "The English Revolution in 1640 was another.",
    "Unemployment had reached 45% by 1660.",
    "Unemployment had not reached 45% by 1640.",
    "It was not six hundred ducats that he asked for.",
    "Six hundred ducats was not the sum.",
    "He wrote in 1850 about many things, and the murder of Marat was one.",
    "The Cheka in 1921 was as feared as ever.",
    "In 1640 he sat for Cambridge; the siege of Drogheda came later.",
    "The siege of Drogheda, like the sack of Magdeburg in 1631, was long remembered.",
    "From 1640 to 1660 there was war, and the siege of Drogheda was the worst of it.",
    "Strafford was made an earl in 1640.",
    "37 of 62 county committees obeyed, about thirty-six or so.",
    "Robespierre never knew of the siege of Drogheda.",
    "Cromwell was no Robespierre, and the siege of Drogheda was his own.",
    "Cromwell led the siege of Drogheda.",
    "He had 36 men and 62 horses.",
    "The Treaty of Westphalia was signed in 1650.",
    "Robespierre wrote the Law of 22 Prairial in June 1794.",
    "The fall of the Bastille came on 14 July, and all Paris saw it.",
    "On 4 July there was a feast, and the fall of the Bastille was near.",
    "Between 12 July and 4 August came the fall of the Bastille.",
    "The Social Contract was written by Rousseau.",
    "Rousseau's Social Contract was admired by Denis Diderot.",
    "The Social Contract was not written by Denis Diderot.",
    "A four pound loaf at 14½ sous was more than they could pay.",
    "Leviathan is said to have been read in 1700 as well.",
    "They met the leviathan of the state in 1700.",
    "He said in The Examined Life in 1989 that the view was inadequate.",
    "Earl Warenne showed him a rusty sword.",
    "The old Earl Warrane showed him a rusty sword.",
    "Earl Bigod was there when Warenne showed a rusty sword.",
    "The rusty sword was not Earl Bigod's.",
    "Portia comes in disguised as Balthazar, a name from Bellario's letter.",
    "Portia is disguised, as Bellario had proposed.",
    "He did not need the Hobbesian proviso.",
    "He used the American proviso, which is that enough is left.",
    "The proviso, which is that enough is left, was taken over by Hobbes",
    "72 out of 124 county committees obeyed.",
    "36 out of the 62 county committees obeyed.",
]


@pytest.mark.parametrize(("kind", "item", "text", "found", "expected"), MUST_CLAIM)
def test_must_be_claimed(kind, item, text, found, expected):
    claimed = [(s.kind, s.evidence, s.found, s.expected) for s in drafts.slips(text)]
    assert claimed == [(kind, item, found, expected)]


@pytest.mark.parametrize("text", MUST_NOT_CLAIM)
def test_must_not_be_claimed(text):
    assert drafts.slips(text) == []


@pytest.mark.parametrize("case", MUST_CLAIM)
def test_what_is_wrong_is_quoted_and_misused(case):
    _, item, text, found, _ = case
    (slip,) = drafts.slips(text)
    assert found in slip.quote.text
    assert text[slip.quote.start : slip.quote.end] == slip.quote.text
    assert drafts.evidence(text)[item].status == "misused"


def test_the_right_date_elsewhere_excuses_a_second_one():
    text = "The murder of Marat in July 1793 shook Paris. In 1797 a play about the murder of Marat failed."
    assert drafts.slips(text) == []
