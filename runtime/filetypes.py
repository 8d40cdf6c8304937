"""The type of a file, by its first bytes, and a matching name: claims of browsers and servers are not believed."""

import mimetypes
import re
from pathlib import PurePosixPath
from typing import Final

from domain.model import Value

HEAD: Final = 1_024
"""Bytes by which a type is known: as far as readers of PDF look for its beginning."""
_NAME: Final = 120


class FileType(Value):
    """A type of file that browsers show, and how names of such files may end."""

    mime: str
    endings: tuple[str, ...]


_KNOWN: Final = (
    (re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*%PDF-"), FileType(mime="application/pdf", endings=(".pdf",))),
    (re.compile(rb"\xff\xd8\xff"), FileType(mime="image/jpeg", endings=(".jpg", ".jpeg"))),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), FileType(mime="image/png", endings=(".png",))),
    (re.compile(rb"GIF8[79]a"), FileType(mime="image/gif", endings=(".gif",))),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), FileType(mime="image/webp", endings=(".webp",))),
)
_PAGES: Final = ("text/html", "application/xhtml", "image/svg")
"""Types that carry programs and are not kept: most often an error page or a login form in the file's place."""
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+(?:html|svg)|html|svg)\b",
    re.IGNORECASE | re.DOTALL,
)
"""How such a file begins, whatever it claims to be."""


def known(head: bytes) -> FileType | None:
    """Return the type of a file that begins with *head*; None when it is none of those that are known."""
    return next((kind for begins, kind in _KNOWN if begins.match(head)), None)


def fetched(head: bytes, name: str, claimed: str) -> FileType | None:
    """Return the type of another system's file, *claimed* to be of a MIME type; None when the claim is wrong.

    A file that claims to be of a known type, by its name or its MIME type, is one.
    """
    mime = claimed.partition(";")[0].strip().lower()
    ending = PurePosixPath(name).suffix.lower()
    if kind := known(head):
        others = {end for _, other in _KNOWN if other != kind for end in other.endings}
        return None if ending in others else kind
    if (
        _PAGE.match(head)
        or mime.startswith(_PAGES)
        or any(mime == kind.mime or ending in kind.endings for _, kind in _KNOWN)
    ):
        return None
    if not re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,100}", mime):
        mime = "application/octet-stream"
    return FileType(mime=mime, endings=(ending or mimetypes.guess_extension(mime) or "",))


def named(asked: str, kind: FileType) -> str:
    """Return the last part of a path as a safe file name, with the ending of the real type."""
    last = re.split(r"[\\/]", asked)[-1]
    plain = "".join(letter for letter in last if letter.isprintable()).strip(" .")[-_NAME:] or "file"
    return plain if plain.lower().endswith(kind.endings) else plain + kind.endings[0]
