"""Links below a message, as a flow writes them."""

import re
from typing import Final

from pydantic import ConfigDict, ValidationError, field_validator

from domain.errors import FlowError
from domain.fields import Template
from domain.message import Link
from domain.model import Written
from flows.conversation import Conversation

_SCHEMES: Final = ("https://", "http://", "tel:", "mailto:")
_OPEN: Final = re.compile(r"\{[{%]")


class QuickLink(Written):
    """One link that the contact may tap."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    title: Template
    """Text of the link."""
    url: Template
    """Where it leads: `https://...`, `http://...`, `tel:...` or `mailto:...`; one that turns out empty is left out."""

    @field_validator("url", mode="after")
    @classmethod
    def _leads_where_links_may(cls, url: str) -> str:
        before = _OPEN.split(url.strip(), maxsplit=1)[0]
        begins = before.lower().startswith(_SCHEMES)
        if not begins and (before == url.strip() or not any(one.startswith(before.lower()) for one in _SCHEMES)):
            raise ValueError(f"expected an address that begins with {', '.join(_SCHEMES)}, found {url!r}")
        return url

    def rendered(self, conversation: Conversation) -> Link | None:
        """Return the link as it is now; None without an address, FlowError for one that is none."""
        write = conversation.address if self.url.strip().lower().startswith("http") else conversation.render
        url = write(self.url).strip()
        if not url:
            return None
        if url.lower().startswith("tel:"):
            url = "".join(url.split())
        try:
            return Link(title=conversation.render(self.title).strip(), url=url)
        except ValidationError:  # the address may hold personal data
            raise FlowError(f"link {self.title!r}: expected a title, and an address of {', '.join(_SCHEMES)}") from None
