"""Outages, offers and agreements with a customer."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.model import Value
from erps.base import Request

Id = Annotated[str, Field(min_length=1, max_length=512)]
Note = Annotated[str, Field(max_length=1000)]


class OfCustomer(Request):
    """The customer."""

    customer_id: Id
    """The `id` that `find_customer` gave."""


class Choice(OfCustomer):
    """The customer's choice."""

    offer_id: Id
    """The `id` of the offer, as it was listed."""


class Reported(OfCustomer):
    """The customer's message."""

    note: Note
    """In the customer's words."""


class Outage(Value):
    """A part of the network that is down; `since` and `expected` (back) with their time zone."""

    id: str
    description: str
    since: datetime
    expected: datetime


class Offer(Value):
    """An option: `amount` in reais, `times` over; `total` is both together."""

    id: str
    name: str
    amount: Decimal
    times: int = 1
    total: Decimal


class Order(Value):
    """An agreement: `id` is its protocol, `day` when it takes effect (YYYY-MM-DD)."""

    id: str
    kind: str
    customer: str
    choice: str
    title: str
    day: date
