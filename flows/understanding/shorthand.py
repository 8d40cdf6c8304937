"""Expand the shorthand of phones: `n é 2 kkk` is `não é 2`."""

import re
from typing import Final

from flows.understanding.portuguese import LAUGHTER, SHORTHAND

_DASH: Final = re.compile("[\u2010-\u2015\u2212]")
_AFTER: Final = r"(?=[,.;!?)]*(?:\s|$))"
_LAUGHTER: Final = re.compile(rf"(?<![^\s\d,;!?])(?:{LAUGHTER}){_AFTER}", re.IGNORECASE)
_NUMBER_SIGN: Final = re.compile(r"(?<!\w)n[º°](?=[0-9])", re.IGNORECASE)
_WORDS: Final = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern}){_AFTER}", re.IGNORECASE), plain) for pattern, plain in SHORTHAND.items()
)


def spelled_out(text: str) -> str:
    """Return *text* with its abbreviations spelled out, with plain dashes, and without laughter and `né?`."""
    plain = _NUMBER_SIGN.sub("", _LAUGHTER.sub(" ", _DASH.sub("-", text))).replace("🌟", "⭐")
    for pattern, words in _WORDS:
        plain = pattern.sub(words, plain)
    return plain.strip()
