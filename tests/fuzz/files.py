"""Files that visitors should not send: cut off, lying about their type, packed, or in a form."""

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Final

_BOUNDARY: Final = "x" * 60


def draw(chance: random.Random) -> tuple[str, bytes, str]:
    """Return a file in words, its content, and the type it says it has."""
    what = chance.choice([*_KINDS])
    content = _KINDS[what](chance)
    if chance.random() < 0.3:
        content = content[: chance.randint(0, len(content))]
    if chance.random() < 0.2:
        content = multipart(content, "../../a.png", "image/png")
        return f"{what} in a form", content, f"multipart/form-data; boundary={_BOUNDARY}"
    mime = chance.choice(
        ("image/png", "application/pdf", "text/html", "image/svg+xml", "a/b; charset=\xff", "", "x" * 999)
    )
    return what, content, mime


def multipart(content: bytes, name: str, mime: str) -> bytes:
    """Return a form with one file."""
    head = (
        f'--{_BOUNDARY}\r\ncontent-disposition: form-data; name="f"; filename="{name}"\r\ncontent-type: {mime}\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()


def picture(width: int, height: int) -> bytes:
    """Return a PNG that says it has so many pixels a side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


_KINDS: Final[Mapping[str, Callable[[random.Random], bytes]]] = {
    "picture of 1 pixel": lambda _: picture(1, 1),
    "picture of 4 billion pixels a side": lambda _: picture(2**32 - 1, 2**32 - 1),
    "picture that goes on as HTML": lambda _: picture(1, 1) + b"<script>alert(1)</script>" * 50,
    "GIF that is a script": lambda _: b"GIF89a/*<svg/onload=alert(1)>*/=1;",
    "JPEG of noise": lambda chance: b"\xff\xd8\xff\xe0" + chance.randbytes(2_000),
    "PDF with a bomb": lambda _: (
        b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length 9>>stream\n" + zlib.compress(b"\0" * 300_000)
    ),
    "PDF with a script": lambda _: b"\xef\xbb\xbf  %PDF-1.4\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    "HTML": lambda _: b"<!doctype html><script>alert(1)</script>",
    "HTML that mentions PDF": lambda _: b"<html>%PDF-1.4</html>",
    "SVG": lambda _: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "archive": lambda _: b"PK\x03\x04" + b"\0" * 400,
    "program": lambda _: b"MZ\x90\0" + b"\0" * 400,
    "WebP with a wrong size": lambda _: b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 90,
    "nothing": lambda _: b"",
    "noise": lambda chance: chance.randbytes(chance.randint(1, 5_000)),
    "zeros": lambda _: b"\0" * 400_000,
}
