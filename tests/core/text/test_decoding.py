"""Text files from any program: encodings, byte order marks, bytes that are no text."""

import codecs
import random

import pytest
from drafts import PARAGRAPHS

from analyser.errors import DraftError
from analyser.text.decoding import decode
from analyser.text.reading import read_bytes

RANDOM = random.Random(7)
LONG = "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_english_prose_in_its_encodings(encoding):
    assert decode(LONG.encode(encoding), "x").text == LONG


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The loan was £4,000.", "cp1252"),
        ("The loan was £4,000.", "mac_roman"),
        ("The loan was £4,000.", "cp850"),
        ("Lenin’s terror was a class war. It wasn’t Stalin’s.", "cp1252"),
        ("Lenin’s terror was a class war. It wasn’t Stalin’s.", "mac_roman"),
        ("“Quoted” words – and dashes—of both kinds…", "cp1252"),
        ("“Quoted” words – and dashes—of both kinds…", "mac_roman"),
        ("A café, the régime and Élan vital", "cp1252"),
        ("Ленин и Сталин управляли страной с помощью террора, и методы их были похожи.", "cp1251"),
    ],
)
def test_a_few_odd_bytes_are_enough(text, encoding):
    decoded = decode(text.encode(encoding), "x")
    assert decoded.text == text
    assert decoded.is_guess


def test_a_guessed_encoding_is_said():
    assert [notice.code for notice in read_bytes(LONG.encode("cp1252"), "x.txt").notices] == ["N106"]
    assert read_bytes(LONG.encode(), "x.txt").notices == ()


def test_utf8_with_stray_bytes_keeps_what_it_can():
    data = LONG.encode() + " It wasn’t so.".encode("cp1252")
    assert decode(data, "x").text == LONG + " It wasn’t so."


def test_text_saved_twice_is_repaired():
    twice = LONG.encode().decode("cp1252").encode()
    assert decode(twice, "x").text == LONG
    assert decode("CAFÉ’S and Ñandú".encode(), "x").text == "CAFÉ’S and Ñandú"


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"words and \x00 zero bytes " * 9,
        b"\x01\x02\x03\x04 bells" * 50,
        codecs.BOM_UTF16_LE + RANDOM.randbytes(400),
    ],
)
def test_bytes_that_are_no_text(data):
    with pytest.raises(DraftError) as caught:
        decode(data, "x.txt")
    assert caught.value.code == "E113"
