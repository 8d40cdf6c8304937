"""Languages, by the tags that browsers and phones tell (BCP 47): `pt-BR`, `en`, `es-419`."""

import re
from typing import Annotated, Final

from pydantic import Field

_TAG: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"

Language = Annotated[str, Field(pattern=_TAG)]
"""A tag, as people write it."""


def is_language(text: str) -> bool:
    """Whether *text* is a tag."""
    return re.fullmatch(_TAG, text) is not None


def speaks(spoken: str, written: str) -> bool:
    """Whether a text in *written* suits a contact who speaks *spoken*: `en` suits `en-US`, `pt-PT` not `pt-BR`."""
    return f"{spoken.lower()}-".startswith(f"{written.lower()}-")
