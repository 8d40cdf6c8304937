"""Where the network reaches, what is sold there, and who may become a customer."""

from typing import Literal

from domain.model import Value
from erps.base import Request
from erps.vocabulary.services import Id, Note


class At(Request):
    """Which place."""

    cep: Id
    """The CEP, eight digits."""


class Sought(At):
    """What somebody looks for who is no customer yet."""

    use: Literal["home", "company"]
    """Where it is for."""


class Considered(Request):
    """What somebody hesitates to take."""

    offer_id: Id
    """The `id` that `list_plans_at` gave."""


class Lead(At):
    """Somebody who may become a customer."""

    person: Note
    """How they want to be called."""
    interest: Note
    """What for, and how soon."""
    contact: Note
    """Number or address at which they write."""


class Coverage(Value):
    """Whether the network reaches a place."""

    covered: bool
    city: str = ""
