"""What a channel can do, and how a content is fitted to it, once, for all channels."""

from domain.message import Content
from domain.model import Value


class Capabilities(Value):
    """What one channel can show; lengths in characters, 0 where it has no such thing."""

    text_length: int = 4_096
    buttons: int = 0
    button_label: int = 20
    list_items: int = 0
    list_label: int = 24
    files: bool = True
    captions: bool = True


def fit(content: Content, can: Capabilities) -> tuple[Content, ...]:
    """Return *content* as the contents that a channel with *can* takes, in order.

    Options become buttons, else a list, else numbered lines; long text is split at paragraphs, lines or
    words; a caption that a channel cannot show, or that is too long for it, goes before its file.
    """
    if content.file is not None:
        if not content.text or (can.captions and len(content.text) <= can.text_length):
            return (content,)
        return (*_split(content.text, can.text_length), Content(file=content.file))
    if not content.options:
        return _split(content.text, can.text_length)
    if not _taps(content, can):
        numbered = "\n".join(f"{n}. {option.label}" for n, option in enumerate(content.options, 1))
        return _split(f"{content.text}\n\n{numbered}", can.text_length)
    *before, last = _split(content.text, can.text_length)
    return (*before, Content(text=last.text, options=content.options))


def _taps(content: Content, can: Capabilities) -> bool:
    count = len(content.options)
    longest = max(len(option.label) for option in content.options)
    return (count <= can.buttons and longest <= can.button_label) or (
        count <= can.list_items and longest <= can.list_label
    )


def _split(text: str, length: int) -> tuple[Content, ...]:
    parts: list[Content] = []
    rest = text
    while len(rest) > length:
        at = max(rest.rfind(mark, 1, length) for mark in ("\n\n", "\n", " "))
        at = at if at > 0 else length
        parts.append(Content(text=rest[:at].rstrip()))
        rest = rest[at:].lstrip()
    if rest or not parts:
        parts.append(Content(text=rest))
    return tuple(parts)
