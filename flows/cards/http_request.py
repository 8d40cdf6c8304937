"""The card `http_request`."""

from datetime import timedelta
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from domain.call import CallHttp, HttpAnswer
from domain.duration import Duration
from domain.events.calls import HttpCalled
from domain.events.steps import VariableSet
from domain.fields import Fillable, Knows, Template
from domain.limits import LIMITS
from flows.cards.base import DONE, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation, Progress
from flows.names import SavesTo, Target
from flows.parts.outside_calls import host_of, make

TIMEOUT: Final = timedelta(seconds=10)


class HttpExits(Exits):
    """Where to go when the call does not succeed."""

    not_found: Target | None = None
    """It was answered by 404."""
    rejected: Target | None = None
    """It was answered by another 4xx: the other side says no."""
    failed: Target | None = None
    """No answer for as long as `patience`, 5xx, a redirect, or an answer that cannot be read."""


@cards.register
class HttpRequest(Card):
    """Call another system over HTTP, and keep the answer in variables.

    Only hosts that `prosa.toml` lists under `[hosts]` are called, by https, and none in a private network without
    `private = true` there; secrets stand there too, never in a flow. A call is repeated while nobody answers; one that
    writes (`POST`, `PATCH`) only where it was certainly not taken, unless it is `repeatable`. Writes have an
    `Idempotency-Key`.
    """

    family: ClassVar[Family] = "integrations"
    symbol: ClassVar[Symbol] = Symbol(
        icon="globe", colour="#059669", shape="parallelogram", names={"pt-BR": "Requisição HTTP", "en": "HTTP request"}
    )
    example: ClassVar[str] = """
id: find_coverage
card: http_request
url: "https://coverage.example.com/v1/places"
query: {cep: "{{ cep }}"}
set:
  plans: "{{ answer.plans }}"
progress: {after: 4s, text: "Um instante, estou consultando a cobertura..."}
exits: {not_found: no_coverage, rejected: apologise, failed: apologise}
"""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """HTTP method."""
    url: Template
    """The address. What an expression says is one step of the path, or one value: `a/b` becomes `a%2Fb`."""
    query: dict[str, Fillable] = Field(default_factory=dict)
    """Parameters that are added to the address after `?`."""
    headers: dict[str, Template] = Field(default_factory=dict)
    """Headers of the request; those with secrets stand in `[hosts]`."""
    body: Fillable = None
    """Body of the request: a record or a list as JSON, a text as it is."""
    timeout: Duration = TIMEOUT
    """How long one attempt waits for the answer, 25s at most."""
    patience: Duration = LIMITS.outside_patience
    """How long to try."""
    repeatable: bool = False
    """Whether the other side knows a repeat by its `Idempotency-Key`, so that any call may be sent again."""
    set: dict[SavesTo, Annotated[Fillable, Knows("answer", "status")]] = Field(default_factory=dict)
    """Variables and their values from the `answer`, and its `status`: `"{{ answer.plans }}"`."""
    save_as: SavesTo | None = None
    """The variable that keeps the whole answer: JSON as it is, anything else as text."""
    progress: Progress | None = None
    """Message to the contact when the call takes long."""
    exits: HttpExits = HttpExits()
    """Where to go when it does not work."""

    async def play(self, conversation: Conversation) -> str:
        """Make the call, and return `done`, `not_found`, `rejected` or `failed`."""
        url = conversation.address(self.url)
        call = CallHttp(
            method=self.method,
            url=url,
            query={name: conversation.fill(value) for name, value in self.query.items()},
            headers={name: conversation.render(value) for name, value in self.headers.items()},
            body=conversation.fill(self.body),
            limit=min(self.timeout, LIMITS.outside_attempt),
            repeatable=self.repeatable,
            key=conversation.key,
            card=self.id,
            patience=self.patience,
        )
        called = {"method": self.method, "host": host_of(url)}
        answer = await make(conversation, call, HttpCalled, called, self.progress)
        if answer.outcome != "ok":
            return answer.outcome if answer.outcome in HttpExits.model_fields else "failed"
        self._keep(conversation, answer)
        return DONE

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done` and the exits for failures."""
        return (Exit(name=DONE), *self.exits.ways())

    def summary(self) -> str:
        """Return method and address."""
        return f"{self.method} {self.url}"

    def _keep(self, conversation: Conversation, answer: HttpAnswer) -> None:
        if self.save_as is not None:
            conversation.set(self.save_as, answer.value)
        for variable, template in self.set.items():
            value = conversation.fill(template, answer=answer.value, status=answer.status)
            conversation.set(variable, value)
            conversation.record(VariableSet(variable=variable, value=value))
