"""Facts about a contact beside the address, from this conversation and earlier ones."""

from typing import Final

from pydantic import Field, JsonValue

from domain.model import Value

_FACTS: Final = ("name", "email", "phone", "document", "language")


class Known(Value):
    """Facts about a contact; what is empty is not known."""

    name: str = ""
    """Name that the contact wants to be called by; the channel may have another."""
    email: str = ""
    phone: str = ""
    """In the form E.164."""
    document: str = ""
    """CPF or CNPJ, compact."""
    language: str = ""
    """A tag, `pt-BR`; what a flow has kept, whatever the channel says."""
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    """Facts that flows keep under their own names."""
    links: dict[str, str] = Field(default_factory=dict)
    """The contact's number in connections, by connection."""

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != Known()

    def updated(self, more: "Known") -> "Known":
        """Return what is known after *more* has been learnt; what is empty there changes nothing."""
        plain = {name: getattr(more, name) or getattr(self, name) for name in _FACTS}
        return Known(**plain, fields={**self.fields, **more.fields}, links={**self.links, **more.links})
