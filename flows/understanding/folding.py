"""Text as it is compared: the same for every way of writing the same letters."""

import unicodedata
from typing import Final

_MARKS: Final = frozenset({"Mn", "Me", "Cf", "Sk"})
"""Categories of accents, variation selectors, keycaps, joiners and skin tones."""


def folded(text: str) -> str:
    """Return *text* in small letters, without accents, skin tones, joiners and keycaps: `2️⃣ Opção` is `2 opcao`."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in letters if unicodedata.category(letter) not in _MARKS)
