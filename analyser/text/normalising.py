"""One form for the same text: Unicode NFC, plain spaces and line ends, no invisible characters.

Curly quotes, dashes, accents and signs stay as they were typed.
"""

from __future__ import annotations

import re
import unicodedata

# Unicode 16, general category Zs, and the tab.
ODD_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
# Alphabetic presentation forms U+FB00 to U+FB06, which NFC leaves alone.
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
HYPHENS = {"\u2010": "-", "\u2011": "-"}
# Bullets that Word takes from its Symbol and Wingdings fonts, which have no Unicode meaning of their own.
FONT_BULLETS = dict.fromkeys("\uf06e\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc", "•")
# Soft hyphens, zero-width and direction marks, object anchors, language tags, control characters, surrogates,
# private-use characters and non-characters.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
REPLACED = str.maketrans({**dict.fromkeys(ODD_SPACES, " "), **LIGATURES, **HYPHENS, **FONT_BULLETS})


def normalise(text: str) -> str:
    """``text`` in its one form; line ends become ``\\n``, and leading spaces of a line are kept.

    Doing it twice changes nothing more.
    """
    text = LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", text.translate(REPLACED)))
    return re.sub(r"(?<=\S) +", " ", text)
