"""Somebody to get in touch with, as one person hands another a business card."""

from typing import Final

from domain.model import Value


class ContactCard(Value):
    """A contact card: name, phone numbers and addresses."""

    name: str
    phones: tuple[str, ...] = ()
    """As people write them, best with country code: `+55 49 3333-0000`."""
    email: str = ""
    organisation: str = ""

    @property
    def words(self) -> str:
        """The card as text, a line each."""
        return "\n".join(line for line in (self.name, self.organisation, *self.phones, self.email) if line)

    @property
    def vcard(self) -> str:
        """The card as vCard 3.0 (RFC 2426), the version that phones and messengers all import."""
        name = _escaped(self.name)
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;"]
        lines += [f"ORG:{_escaped(self.organisation)}"] if self.organisation else []
        lines += [f"TEL;TYPE=VOICE:{_escaped(phone)}" for phone in self.phones]
        lines += [f"EMAIL:{_escaped(self.email)}"] if self.email else []
        return "".join(f"{line}\r\n" for line in (*lines, "END:VCARD"))


def _escaped(text: str) -> str:
    return " ".join(text.translate(_ESCAPES).splitlines())


_ESCAPES: Final = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;"})
"""A line break would begin a property of its own."""
