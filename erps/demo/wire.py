"""The answers of the demo ERP, as they come over the wire."""

from datetime import date
from decimal import Decimal

from pydantic import ConfigDict, Field

from domain.model import Value
from erps.vocabulary.billing import Customer, Invoice
from erps.vocabulary.sales import Coverage
from erps.vocabulary.services import Offer, Order, Outage


class Found(Value):
    """Customers with a document, phone number or e-mail address."""

    customers: tuple[Customer, ...]


class Registration(Value):
    """One registration as the register has it; most of it is for proofs alone."""

    id: str
    name: str
    plan: str
    status: str
    phone: str = ""
    email: str = ""
    birth_date: date | None = None
    cep: str = ""


class Registered(Value):
    """One registration."""

    customer: Registration


class Invoices(Value):
    """Invoices of a customer."""

    invoices: tuple[Invoice, ...]


class IssuedCopy(Value):
    """A second copy."""

    invoice: str
    number: str
    amount: Decimal
    due: date
    digitable_line: str
    pix: str
    file_name: str
    pdf_url: str = Field(pattern="^/[!-~]*$")
    """A path on the ERP's own host: the request carries our token, which must not go elsewhere."""


class Issued(Value):
    """The second copy that was issued."""

    copy_: IssuedCopy

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.rstrip("_"))


class Copies(Value):
    """The copies under a key."""

    copies: tuple[IssuedCopy, ...]


class Outages(Value):
    """What is down."""

    outages: tuple[Outage, ...]


class Offers(Value):
    """What a customer may choose."""

    offers: tuple[Offer, ...]


class Covering(Value):
    """Whether a place is covered."""

    coverage: Coverage


class Placed(Value):
    """The order that was placed."""

    order: Order


class Orders(Value):
    """The orders under a key."""

    orders: tuple[Order, ...]
