"""The two numbers of a boleto: the bar code of 44 digits and the digitable line of 47.

Layout, weights and the restart of the due factor are FEBRABAN's; the free field is bank 237's.
Both were verified by computation in Prosa's ERP reference, section 4.3 (2026-11), with the tests' sample.
"""

from dataclasses import dataclass
from datetime import date
from itertools import cycle

BASE_DATE = date(1997, 10, 7)
FIRST_FACTOR = 1000
LAST_FACTOR = 9999
FIRST_DUE = date(2000, 7, 3)
MAX_CENTS = 9_999_999_999

BANK = "237"
REAL = "9"


@dataclass(frozen=True)
class Boleto:
    """One slip's numbers: `barcode` has 44 digits, `digitable_line` is formatted as people read it."""

    barcode: str
    digitable_line: str


def make_boleto(*, cents: int, due: date, free_field: str) -> Boleto:
    """Return the numbers of a slip of bank 237 over `cents`, payable until `due`.

    Raises `ValueError` where the free field is not 25 digits, or amount or date do not fit.
    """
    if len(free_field) != 25 or not _is_digits(free_field):  # noqa: PLR2004 the free field's fixed width
        raise ValueError(f"expected a free field of 25 digits, found {free_field!r}")
    if not 0 < cents <= MAX_CENTS:
        raise ValueError(f"expected an amount of 1 to {MAX_CENTS} cents, found {cents!r}")
    head = f"{BANK}{REAL}"
    tail = f"{due_factor(due):04d}{cents:010d}{free_field}"
    barcode = f"{head}{general_check_digit(head + tail)}{tail}"
    return Boleto(barcode=barcode, digitable_line=format_digitable_line(barcode))


def free_field(*, agency: str, wallet: str, our_number: str, account: str) -> str:
    """Return bank 237's free field: agency (4), wallet (2), our number (11), account (7), 0."""
    return f"{agency:0>4}{wallet:0>2}{our_number:0>11}{account:0>7}0"


def due_factor(due: date) -> int:
    """Return the due date as days since 1997-10-07; after 9999, on 2025-02-22, they restarted at 1000.

    Raises `ValueError` before 2000-07-03, the day of factor 1000, the first ever used.
    """
    days = (due - BASE_DATE).days
    if days < FIRST_FACTOR:
        raise ValueError(f"expected a due date from {FIRST_DUE.isoformat()} on, found {due.isoformat()!r}")
    return (days - FIRST_FACTOR) % (LAST_FACTOR - FIRST_FACTOR + 1) + FIRST_FACTOR


def general_check_digit(digits: str) -> int:
    """Return the check digit over the bar code's other 43: modulo 11, weights 2-9 from the right, never 0."""
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle(range(2, 10)), strict=False))
    found = 11 - total % 11
    return found if found in range(2, 10) else 1


def field_check_digit(digits: str) -> int:
    """Return a field's check digit: modulo 10, weights 2, 1, 2 ... from the right, digits summed."""
    products = (int(digit) * weight for digit, weight in zip(reversed(digits), cycle((2, 1)), strict=False))
    return -sum(sum(divmod(product, 10)) for product in products) % 10


def format_digitable_line(barcode: str) -> str:
    """Return the line for a bar code, as `23790.27804 61112.011665 80004.390508 7 16560000009990`."""
    free = barcode[19:]
    fields = (_checked(part) for part in (barcode[:4] + free[:5], free[5:15], free[15:]))
    dotted = " ".join(f"{field[:5]}.{field[5:]}" for field in fields)
    return f"{dotted} {barcode[4]} {barcode[5:19]}"


def _checked(digits: str) -> str:
    return f"{digits}{field_check_digit(digits)}"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
