"""Facts about a contact beside the address, from this conversation and earlier ones."""

from typing import Final

from pydantic import Field, JsonValue

from domain.model import Value

_FACTS: Final = ("name", "email", "phone", "document", "language")


class Known(Value):
    """Facts about a contact; empty ones are unknown."""

    name: str = ""
    """Name that the contact wants to be called by; the channel may have another."""
    email: str = ""
    phone: str = ""
    """In the form E.164."""
    document: str = ""
    """CPF or CNPJ, compact."""
    language: str = ""
    """A tag, `pt-BR`, that a flow has kept; it replaces the channel's."""
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    """Facts that flows keep under their own names."""
    links: dict[str, str] = Field(default_factory=dict)
    """The contact's number in connections, by connection."""

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != Known()

    def updated(self, more: "Known") -> "Known":
        """Return these facts with those of *more*, whose empty ones change nothing."""
        plain = {name: getattr(more, name) or getattr(self, name) for name in _FACTS}
        return Known(**plain, fields={**self.fields, **more.fields}, links={**self.links, **more.links})
