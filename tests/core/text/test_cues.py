"""The little language of cue phrases, the shadow text and its offsets, and the lists themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyser.text import cues
from analyser.text.cues import Lexicon, ShadowText, find_cues, load_spelling, read_cue_file

FILES = (*cues.SHEET_FILES, "concepts.toml")
CLASSES = {"be": ("is", "was")}


def found(phrase, text):
    lexicon = Lexicon({"group": [phrase]}, CLASSES)
    return [text[c.start : c.end] for c in lexicon.find(text)["group"]]


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("in conclusion", "so in conclusion it", ["in conclusion"]),
        ("in conclusion", "in\n conclusion", ["in\n conclusion"]),
        ("alike", "alikeness", []),
        ("(quite|very|) similar", "similar, very similar", ["similar", "very similar"]),
        ("(a|) (b|) c", "c a c b c a b c", ["c", "a c", "b c", "a b c"]),
        ("<be> alike", "they was alike and are alike", ["was alike"]),
        ("judg* by", "judged by judgement", ["judged by"]),
        ("judg*", "judgement", ["judgement"]),
        ("do* well", "does well", ["does well"]),
        ("not .. fair", "not at all a fair test", ["not at all a fair"]),
        ("not .. fair", "not, in my view, fair", ["not, in my view, fair"]),
        ("not .. fair", "not a b c d e fair", []),
        ("not .. fair", "not. A fair", []),
    ],
)
def test_phrases(phrase, text, matches):
    assert found(phrase, text) == matches


@pytest.mark.parametrize("phrase", ["a (b (c|d)|e) f", "a (b", "a) b", ".. a", "(a|)"])
def test_phrases_that_cannot_be_read_are_refused(phrase):
    with pytest.raises(ValueError, match="cue phrase"):
        found(phrase, "a")


@pytest.mark.parametrize("name", FILES)
def test_every_group_has_a_source_and_phrases_that_can_be_read(name):
    for group, entry in read_cue_file(name).items():
        assert entry["source"].strip(), group
        assert len(entry["phrases"]) == len(set(entry["phrases"])), f"a phrase stands twice in {group}"
        Lexicon({group: list(entry["phrases"])}, cues.load_classes())


@pytest.mark.parametrize("name", FILES)
def test_every_plain_phrase_is_found(name):
    for group, entry in read_cue_file(name).items():
        lexicon = Lexicon({group: list(entry["phrases"])}, cues.load_classes())
        plain = [p for p in entry["phrases"] if not any(sign in p for sign in "(<*.")]
        for phrase in plain:
            cues_found = lexicon.find(f"x {phrase.strip()} x")[group]
            assert any(c.start == 2 for c in cues_found), phrase


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("simular", "similar"),
        ("simler", "similar"),
        ("diffrent", "different"),
        ("acurate", "accurate"),
        ("conclushon", "conclusion"),
        ("diffrences", "differences"),
        ("similar", None),
        ("similarly", None),
        ("simpler", None),
        ("contract", None),
        ("continued", None),
        ("opinion", None),
        ("lenin", None),
        ("large", None),
    ],
)
def test_spelling_of_the_words_a_judgement_turns_on(word, right):
    assert load_spelling().correct(word) == right


def test_cues_lead_back_to_the_draft():
    text = "It is “Simular”. İn conclushon, they were diffrent’s"
    sheet = find_cues(text)
    (cue,) = sheet.within(0, len(sheet.shadow.text), "similar")
    assert text[sheet.shadow.to_source(cue.start) : sheet.shadow.to_source(cue.end)] == "Simular"


@given(st.text(alphabet="simlardfent cou İßﬁ’“.,\n🙂é", max_size=80))
def test_offsets_go_there_and_back(text):
    shadow = ShadowText(text)
    positions = [shadow.to_source(p) for p in range(len(shadow.text) + 1)]
    assert positions == sorted(positions)
    assert positions[0] == 0
    assert positions[-1] == len(text)
    assert all(shadow.to_source(shadow.to_shadow(p)) <= p for p in range(len(text) + 1))


def test_scope_ends_with_the_clause():
    sheet = find_cues("they were not alike, but different in aim; and so on")
    (negation,) = sheet.within(0, 30, "no")
    after = sheet.scope_after(negation, len(sheet.shadow.text))
    assert sheet.shadow.text[after.start : after.end] == " alike"
    before = sheet.scope_before(negation, 0)
    assert sheet.shadow.text[before.start : before.end] == "they were "
