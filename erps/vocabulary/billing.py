"""Customers, their invoices, and payments."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from domain.message import FileContent
from domain.model import Value
from erps.base import Request
from erps.vocabulary.services import Id


class FindCustomer(Request):
    """The customer."""

    document: Id
    """CPF or CNPJ, with or without punctuation."""


class ListCustomers(Request):
    """A document, phone number or e-mail address to look up; one is needed, the first counts."""

    document: str = Field(default="", max_length=512)
    """CPF or CNPJ, with or without punctuation."""
    phone: str = Field(default="", max_length=512)
    """With country and area code, punctuation aside."""
    email: str = Field(default="", max_length=512)
    """In any case."""

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if not (self.document or self.phone or self.email):
            raise ValueError("expected 'document', 'phone' or 'email'")
        return self


class SecondCopyOf(Request):
    """The invoice."""

    invoice_id: Id
    """The `id` that `list_open_invoices` gave."""


class Customer(Value):
    """A customer of the provider, as far as anybody may know who knows their CPF or CNPJ.

    Who is registered twice is one customer, as the first registration says it.
    """

    id: str
    """The ids of all registrations."""
    name: str
    """Of a person the first name; of a company its name, which is public."""
    document: str
    status: str = "active"


class Contract(Value):
    """The contract of a customer who has proved who they are."""

    id: str
    """The ids of all registrations."""
    name: str
    """In full."""
    plan: str = ""
    status: str = "active"


class Invoice(Value):
    """An invoice that is not paid; `amount` in reais, `due` as YYYY-MM-DD."""

    id: str
    number: str
    description: str = ""
    amount: Decimal
    due: date
    status: str


class SecondCopy(Value):
    """Everything that pays an invoice: the slip as PDF, its digitable line, its Pix code."""

    number: str
    amount: Decimal
    due: date
    digitable_line: str
    pix: str
    file: FileContent
