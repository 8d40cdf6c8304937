"""What the billing system keeps: customers, invoices, second copies issued of them, and what was agreed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal


def amount_text(cents: int) -> str:
    """Return an amount of cents as the API writes it: `9990` is `99.90`."""
    return f"{Decimal(cents).scaleb(-2):.2f}"


@dataclass(frozen=True)
class Customer:
    """One registration; a person with two addresses has two, with one document."""

    id: str
    name: str
    document: str
    phone: str
    email: str
    plan: str
    status: str

    def as_json(self) -> dict[str, str]:
        """Return the customer as the API shows it."""
        return asdict(self)


@dataclass(frozen=True)
class Holder:
    """What the register holds of a customer beside the contract, by which the customer may be known again."""

    birth_date: str
    """YYYY-MM-DD; empty for a company."""
    cep: str
    """Of the address where the service is installed; empty when nobody wrote it down."""


@dataclass(frozen=True)
class Invoice:
    """One month's bill."""

    id: str
    number: str
    customer: str
    plan: str
    cents: int
    due: date
    paid: bool

    def status(self, today: date) -> str:
        """Return `paid`, `open`, or `overdue` from the day after it was due."""
        if self.paid:
            return "paid"
        return "overdue" if self.due < today else "open"

    def as_json(self, today: date) -> dict[str, str]:
        """Return the invoice as the API shows it on the day `today`."""
        return {
            "id": self.id,
            "number": self.number,
            "description": f"Mensalidade {self.plan} {self.due:%m/%Y}",
            "amount": amount_text(self.cents),
            "due": self.due.isoformat(),
            "status": self.status(today),
        }


@dataclass(frozen=True)
class Copy:
    """A second copy: the payment data of an invoice as they were when it was issued."""

    id: str
    key: str
    invoice: str
    number: str
    payer: str
    payer_document: str
    cents: int
    due: date
    digitable_line: str
    barcode: str
    pix: str
    issued_at: datetime

    @property
    def file_name(self) -> str:
        """The name under which the PDF is handed out."""
        return f"boleto-{self.number}.pdf"

    def as_json(self) -> dict[str, str]:
        """Return the copy as the API shows it."""
        return {
            "id": self.id,
            "invoice": self.invoice,
            "number": self.number,
            "amount": amount_text(self.cents),
            "due": self.due.isoformat(),
            "digitable_line": self.digitable_line,
            "barcode": self.barcode,
            "pix": self.pix,
            "file_name": self.file_name,
            "pdf_url": f"/api/second-copies/{self.id}/pdf",
        }


@dataclass(frozen=True)
class Outage:
    """A part of the network that is down, for some customers."""

    id: str
    description: str
    since: datetime
    expected: datetime
    """When it is expected to be back."""

    def as_json(self) -> dict[str, str]:
        """Return the outage as the API shows it."""
        since, expected = (moment.isoformat(timespec="minutes") for moment in (self.since, self.expected))
        return {"id": self.id, "description": self.description, "since": since, "expected": expected}


@dataclass(frozen=True)
class Offer:
    """What a customer may choose: a plan a month, an agreement in instalments, a reason to stay."""

    id: str
    name: str
    cents: int
    times: int = 1

    def as_json(self) -> dict[str, str | int]:
        """Return the offer as the API shows it."""
        amounts = {"amount": amount_text(self.cents), "total": amount_text(self.cents * self.times)}
        return {"id": self.id, "name": self.name, "times": self.times, **amounts}


@dataclass(frozen=True)
class Order:
    """What was agreed with a customer, or asked by somebody who is none yet; `day` is when it takes effect."""

    id: str
    key: str
    kind: str
    customer: str
    choice: str
    note: str
    title: str
    day: date

    def as_json(self) -> dict[str, str]:
        """Return the order as the API shows it."""
        shown = {name: getattr(self, name) for name in ("id", "kind", "customer", "choice", "note", "title")}
        return {**shown, "day": self.day.isoformat()}
