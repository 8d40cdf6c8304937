"""Prose of the reference as HTML: paragraphs, with `code` in backticks."""

import re
from typing import Final

from markupsafe import Markup, escape

_CODE: Final = re.compile("`([^`]+)`")


def prose(text: str) -> Markup:
    """Return *text*, escaped, as paragraphs."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return Markup("").join(Markup("<p>{}</p>").format(inline(part)) for part in paragraphs if part)


def inline(text: str) -> Markup:
    """Return one paragraph without its tags."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped, and with our own tags
