"""Who a contact has proved to be, and what a register holds to prove it by."""

import re
from datetime import date
from typing import Final, Literal

from domain.model import Value

Means = Literal["address", "code", "register"]
"""How a contact proves who they are: the address they write from, a code sent to the customer, data of the register."""
Verified = Literal["phone", "email"]
"""The kind of address that a channel's provider has verified."""
Fact = Literal["birth_date", "cep"]
"""Data of the register that a contact may prove themselves by."""
_BRAZIL: Final = "55"
_NATIONAL: Final = (10, 11)
"""Digits of a Brazilian number without the country's."""
_WHOLE: Final = range(10, 16)
"""Digits of a telephone number with area code (E.164: 15 at most)."""
_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL: Final = re.compile(rf"{_WORD}(\.{_WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""One address (RFC 5322, dot-atom): a quoted one, a comment or a list may lead elsewhere than it looks."""
_WITHOUT_NINE: Final = re.compile(r"(55[1-9]{2})([6-9][0-9]{7})")
"""A whole mobile number as it was before 2016; WhatsApp still writes many so."""


class Proof(Value):
    """One proved identity: the contact is, or acts for, *customer* of *connection*."""

    connection: str
    customer: str
    by: Means


class Holder(Value):
    """What the register of an ERP holds of a customer to prove them by; empty where it holds nothing."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_date: date | None = None
    cep: str = ""

    def facts(self) -> dict[Fact, str]:
        """Return the data that there are, as contacts' answers are kept."""
        born = self.birth_date.isoformat() if self.birth_date else ""
        known: dict[Fact, str] = {"birth_date": born, "cep": digits(self.cep)}
        return {name: value for name, value in known.items() if value}

    def has(self, kind: Verified, address: str) -> bool:
        """Say whether *address*, which the provider of a channel has verified, is the customer's."""
        if kind == "email":
            return bool(address.strip()) and address.strip().lower() in {one.strip().lower() for one in self.emails}
        return bool(digits(address)) and _mobile(digits(address)) in {_mobile(national(one)) for one in self.phones}


def digits(written: str) -> str:
    """Return the digits of *written*."""
    return re.sub("[^0-9]", "", written)


def national(written: str) -> str:
    """Return the digits of a registered telephone number with the country's, which Brazilian registers leave out."""
    found = digits(written)
    return _BRAZIL + found if len(found) in _NATIONAL and not written.strip().startswith("+") else found


def is_email(written: str) -> bool:
    """Say whether *written* is one e-mail address: registers hold anything."""
    return _EMAIL.fullmatch(written) is not None


def is_phone(written: str) -> bool:
    """Say whether *written* is one telephone number with area code."""
    return len(digits(written)) in _WHOLE and not re.search("[A-Za-z,;/]", written)


def masked_email(address: str) -> str:
    """Return *address* as its owner knows it again, and nobody else learns it: `a•••@c•••.example`."""
    name, _, domain = address.rpartition("@")
    host, _, end = domain.rpartition(".")
    return f"{name[:1]}•••@{host[:1]}•••.{end}"


def masked_phone(number: str) -> str:
    """Return *number* by its last two digits."""
    return f"•••••-••{digits(number)[-2:]}"


def _mobile(number: str) -> str:
    old = _WITHOUT_NINE.fullmatch(number)
    return f"{old[1]}9{old[2]}" if old else number
