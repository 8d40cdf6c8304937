"""The text of a static Pix QR code ("Pix Copia e Cola"): tag-length-value fields closed by a CRC.

Recipe of the Central Bank's BR Code manual, as verified in Prosa's ERP reference, section 4.5 (2026-11).
"""

import unicodedata
from decimal import Decimal

GUI = "br.gov.bcb.pix"
NAME_LENGTH = 25
CITY_LENGTH = 15
FIELD_LENGTH = 99


def make_pix(*, key: str, amount: Decimal | None, name: str, city: str, transaction: str) -> str:
    """Return the code that pays `amount` reais to the Pix key `key`; without amount the payer types it.

    `transaction` is 1-25 letters and digits, or `***` for none. Name and city lose their accents and
    are cut to 25 and 15 characters.
    """
    account = _field("00", GUI) + _field("01", key)
    body = "".join(
        (
            _field("00", "01"),
            _field("26", account),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{amount:.2f}") if amount is not None else "",
            _field("58", "BR"),
            _field("59", _ascii(name, NAME_LENGTH)),
            _field("60", _ascii(city, CITY_LENGTH)),
            _field("62", _field("05", transaction)),
            "6304",
        )
    )
    return f"{body}{crc16(body.encode()):04X}"


def crc16(content: bytes) -> int:
    """Return CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, nothing reflected."""
    crc = 0xFFFF
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def _field(tag: str, value: str) -> str:
    if not 0 < len(value) <= FIELD_LENGTH:
        raise ValueError(f"expected 1 to {FIELD_LENGTH} characters in field {tag!r}, found {value!r}")
    return f"{tag}{len(value):02d}{value}"


def _ascii(text: str, length: int) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return bare[:length].strip()
