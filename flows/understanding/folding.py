"""Text as it is compared: the same for every way of writing the same letters."""

import unicodedata
from typing import Final

_MARKS: Final = frozenset({"Mn", "Me", "Cf", "Sk"})
"""Categories of accents, variation selectors, keycaps, joiners and skin tones."""
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters that show nothing."""


def visible(text: str) -> str:
    """Return *text* without what nobody sees: marks of direction, joiners, blank letters."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf" and letter not in _BLANK)


def as_seen(text: str) -> str:
    """Return *text* without what nobody sees, and with plain letters and digits for wide or raised ones."""
    return visible(unicodedata.normalize("NFKC", text))


def folded(text: str) -> str:
    """Return *text* in small letters, without accents, skin tones, joiners and keycaps: `2️⃣ Opção` is `2 opcao`."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in letters if unicodedata.category(letter) not in _MARKS)
