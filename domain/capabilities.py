"""Capabilities of channels, and the one place where content is fitted to them."""

import unicodedata
from typing import Final

from pydantic import Field

from domain.message import Content, FileRef, listed
from domain.model import Value


class Capabilities(Value):
    """Capabilities of one channel; lengths in characters, 0 for an unsupported element."""

    text_length: int = Field(default=4_096, ge=1)
    buttons: int = 0
    button_label: int = 20
    list_items: int = 0
    list_label: int = 24
    files: bool = True
    captions: bool = True
    locations: bool = False
    contact_cards: bool = False
    templates: bool = False
    links: int = 0
    typing: bool = False
    """Whether it paces by itself, in the same call: shows that somebody is typing, and the message after that."""


def fit(content: Content, can: Capabilities) -> tuple[Content, ...]:
    """Return *content* as the contents that a channel with *can* takes, in order.

    Options become buttons, else a list, else numbered lines; long text is split at paragraphs, else lines, else
    words; a caption that a channel cannot show, or that is too long for it, goes before its file. Links become lines
    with title and address, a place its name, address and a link to a map, a contact card its lines, a template its
    text. Of several only the first one is typed.
    """
    first, *more = _pieces(_known(content, can), can)
    return (first.model_copy(update={"typing": content.typing if can.typing else 0}), *more)


def _pieces(content: Content, can: Capabilities) -> tuple[Content, ...]:
    if content.location or content.contact_card or content.template:
        return (content,)
    if content.file is not None:
        return _captioned(content, content.file, can)
    if content.options:
        return _offering(content, can)
    *before, last = _split(content.text, can.text_length)
    return (*before, last.model_copy(update={"links": content.links}))


def _known(content: Content, can: Capabilities) -> Content:
    """Return *content*, or its words where the channel has no such thing."""
    if content.location is not None and not can.locations:
        return Content(text=f"{content.words}\n{content.location.link}")
    if content.contact_card is not None and not can.contact_cards:
        return Content(text=content.words)
    if content.template is not None and not can.templates:
        return Content(text=content.text)
    if len(content.links) > can.links:
        return Content(text="\n".join([content.text, *(link.words for link in content.links)]))
    return content


def _captioned(content: Content, file: FileRef, can: Capabilities) -> tuple[Content, ...]:
    if not content.text.strip():
        return (Content(file=file),)
    if can.captions and len(content.text) <= can.text_length:
        return (content,)
    return (*_split(content.text, can.text_length), Content(file=file))


def _offering(content: Content, can: Capabilities) -> tuple[Content, ...]:
    if not _taps(content, can):
        lines = "\n".join(listed([option.label for option in content.options]))
        return _split(f"{content.text}\n\n{lines}".lstrip("\n"), can.text_length)
    *before, last = _split(content.text, can.text_length)
    return (*before, Content(text=last.text, options=content.options))


def _taps(content: Content, can: Capabilities) -> bool:
    count = len(content.options)
    longest = max(len(option.label) for option in content.options)
    return (count <= can.buttons and longest <= can.button_label) or (
        count <= can.list_items and longest <= can.list_label
    )


def _split(text: str, length: int) -> tuple[Content, ...]:
    if len(text) <= length:
        return (Content(text=text),)
    parts: list[Content] = []
    rest = text.strip()
    while len(rest) > length:
        at = _cut(rest, length)
        parts.append(Content(text=rest[:at].rstrip()))
        rest = rest[at:].lstrip()
    return (*parts, Content(text=rest))


def _cut(text: str, length: int) -> int:
    """Return where a part ends: at the last paragraph or line that fills it by half, else the last word, else full."""
    for mark in ("\n\n", "\n"):
        at = text.rfind(mark, length // 2, length + len(mark))
        if at > 0:
            return at
    at = max(text.rfind(mark, 1, length + 1) for mark in ("\n", " "))
    return at if at > 0 else _between_letters(text, length)


def _between_letters(text: str, at: int) -> int:
    """Return the last place up to *at* that is inside no letter or emoji of several characters."""
    for place in range(at, max(at - _LONGEST_LETTER, 0), -1):
        if text[place - 1] == _JOINER or _belongs_to_the_last(text[place]):
            continue
        flags = place - len(text[:place].rstrip(_FLAG_LETTERS))
        if text[place] not in _FLAG_LETTERS or flags % 2 == 0:
            return place
    return at


def _belongs_to_the_last(letter: str) -> bool:
    return letter == _JOINER or letter in _SKINS or unicodedata.category(letter) in {"Mn", "Mc", "Me"}


_JOINER: Final = "\u200d"
_SKINS: Final = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS: Final = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Two of them are a flag."""
_LONGEST_LETTER: Final = 32
