"""Text from outside, as it can be kept."""

from typing import Annotated, Final

from pydantic import AfterValidator

_REASON: Final = 500
"""Characters of a reason that are kept."""


def storable(text: str) -> str:
    """Return *text* without characters that no database keeps: NUL, and halves of UTF-16 pairs."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


Reason = Annotated[str, AfterValidator(lambda text: storable(text)[:_REASON])]
"""Why another system says no, in its words: histories, lists and terminals get the beginning."""
