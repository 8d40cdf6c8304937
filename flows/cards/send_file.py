"""The card `send_file`."""

from typing import ClassVar

from pydantic import ValidationError

from domain.errors import FlowError
from domain.message import Content, FileRef
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation


@cards.register
class SendFile(Card):
    """Send a file that a variable holds, such as the PDF that an ERP gave.

    `file` is an expression whose value is a file: a record with `id`, `name`, `mime` and `size`.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(icon="paperclip", colour="#2563eb", names={"pt-BR": "Arquivo", "en": "File"})
    example: ClassVar[str] = """
id: send_pdf
card: send_file
file: invoice.file
caption: "Seu boleto, com vencimento em {{ invoice.due | date }}."
name: "boleto-{{ invoice.number }}.pdf"
"""
    speaks: ClassVar[bool] = True

    file: str
    """Which file: an expression, without braces."""
    caption: str = ""
    """What stands below the file."""
    name: str = ""
    """What the file is called at the contact's; without it, its own name."""

    async def play(self, conversation: Conversation) -> str:
        """Send the file; FlowError when the expression has no file."""
        value = conversation.evaluate(self.file)
        try:
            file = FileRef.model_validate(value)
        except ValidationError:
            raise FlowError(f"{self.file!r} is no file: expected a record with id, name, mime and size") from None
        if name := conversation.render(self.name).strip():
            file = file.model_copy(update={"name": name})
        conversation.say(Content(text=conversation.render(self.caption).strip(), file=file))
        return DONE

    def summary(self) -> str:
        """Return what stands below the file, else which file it is."""
        return self.caption or self.file

    def texts(self) -> dict[str, str]:
        """Return caption and name."""
        return {"caption": self.caption, "name": self.name}

    def expressions(self) -> dict[str, str]:
        """Return the file's expression."""
        return {"file": self.file}
