"""The card `send_file`."""

from typing import ClassVar, Self

from pydantic import JsonValue, ValidationError, model_validator

from domain.call import FetchFile
from domain.duration import Duration
from domain.errors import FlowError
from domain.events.calls import HttpCalled
from domain.fields import Expression, Template
from domain.limits import LIMITS
from domain.message import Content, FileRef
from flows.cards.base import DONE, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation, Progress
from flows.names import Target
from flows.parts.outside_calls import host_of, make


class FileExits(Exits):
    """Where to go when the file cannot be sent."""

    failed: Target | None = None
    """The `url` gave no file for as long as `patience`: no answer, one that says no, or something else than a file."""


@cards.register
class SendFile(Card):
    """Send a file: one that a variable holds, such as the PDF that an ERP gave, or one from an address.

    Files are fetched only from hosts that `prosa.toml` lists under `[hosts]`, as for `http_request`. A fetched file is
    kept, 16 MiB at most. Its first bytes decide its type, not its name: a login page is no PDF, and takes the exit
    `failed`.
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

    file: Expression = ""
    """The file: an expression, without braces, whose value is a record with `id`, `name`, `mime` and `size`."""
    url: Template = ""
    """Where the file is, in the place of `file`."""
    caption: Template = ""
    """Caption below the file."""
    name: Template = ""
    """What the file is called at the contact's; without it, its own name."""
    patience: Duration = LIMITS.outside_patience
    """How long to try to fetch it."""
    progress: Progress | None = None
    """What to say when that takes long."""
    exits: FileExits = FileExits()
    """Where to go when it does not work."""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if bool(self.file) == bool(self.url):
            raise ValueError("expected either 'file' or 'url'")
        if self.file and self.exits.failed:
            raise ValueError("only a file from a 'url' has the exit 'failed'")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Send the file; `failed` when it cannot be fetched, FlowError when the expression has no file."""
        value = await self._fetched(conversation) if self.url else conversation.evaluate(self.file)
        if self.url and value is None:
            return "failed"
        try:
            file = FileRef.model_validate(value)
        except ValidationError:
            what = self.file or self.url
            raise FlowError(f"{what!r} is no file: expected a record with id, name, mime and size") from None
        if name := conversation.render(self.name).strip():
            file = file.model_copy(update={"name": name})
        conversation.say(Content(text=conversation.render(self.caption).strip(), file=file))
        return DONE

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done`, and how fetching can fail."""
        return (Exit(name=DONE), *(self.exits.ways() if self.url else ()))

    def summary(self) -> str:
        """Return the caption, else the expression of the file."""
        return self.caption or self.file or self.url

    def expressions(self) -> dict[str, str]:
        """Return the file's expression, unless the file is fetched."""
        return super().expressions() if self.file else {}

    async def _fetched(self, conversation: Conversation) -> JsonValue:
        """Return a reference to the file at the address; None when it cannot be fetched."""
        url = conversation.address(self.url)
        fetch = FetchFile(
            url=url, limit=LIMITS.outside_attempt, key=conversation.key, card=self.id, patience=self.patience
        )
        what = {"method": fetch.method, "host": host_of(url)}
        answer = await make(conversation, fetch, HttpCalled, what, self.progress)
        return answer.value if answer.outcome == "ok" else None
