"""Pix codes in the bot's messages, and their QR codes for a page to draw."""

import base64
import re
from binascii import crc_hqx
from functools import lru_cache
from typing import Final

import segno

from domain.model import Value

_CODE: Final = re.compile(r"000201[\x20-\x7e]{20,480}6304[0-9A-Fa-f]{4}")
_BODY: Final = -4
_CRC_START: Final = 0xFFFF


class PixCode(Value):
    """A QR code of `size` modules a side."""

    size: int
    bits: str
    """Base64 of the modules, row by row, eight to a byte, the first in the highest bit; dark is 1."""


@lru_cache(maxsize=512)
def pix_in(text: str) -> PixCode | None:
    """Return the QR code of *text* when it is, as a whole, a Pix code whose checksum holds (BR Code manual)."""
    code = text.strip()
    if not _CODE.fullmatch(code) or crc_hqx(code[:_BODY].encode(), _CRC_START) != int(code[_BODY:], 16):
        return None
    rows = segno.make(code, error="m", micro=False).matrix
    bits = "".join("1" if module else "0" for row in rows for module in row)
    padded = bits + "0" * (-len(bits) % 8)
    packed = int(padded, 2).to_bytes(len(padded) // 8)
    return PixCode(size=len(rows), bits=base64.b64encode(packed).decode())
