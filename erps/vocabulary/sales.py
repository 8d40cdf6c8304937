"""Coverage of the network, plans at a place, and leads."""

from typing import Literal

from domain.model import Value
from erps.base import Request
from erps.vocabulary.services import Id, Note


class At(Request):
    """The place."""

    cep: Id
    """The CEP, eight digits."""


class Sought(At):
    """The interests of a lead, who is no customer yet."""

    use: Literal["home", "company"]
    """Home or company."""


class Considered(Request):
    """The plan that a lead hesitates to take."""

    offer_id: Id
    """The `id` that `list_plans_at` gave."""


class Lead(At):
    """A lead: somebody who may become a customer."""

    person: Note
    """How they want to be called."""
    interest: Note
    """Purpose and urgency."""
    contact: Note
    """The lead's number or address on the channel."""


class Coverage(Value):
    """Whether the network reaches a place."""

    covered: bool
    city: str = ""
