"""The tables of `prosa.toml`: their keys and defaults."""

import ipaddress
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from domain.conversation import Keyword
from domain.entry import Entry, Mark
from domain.limits import LIMITS
from domain.template import Category, approvable
from runtime.zones import Zone

FlowTarget = Annotated[str, Field(pattern="^(flow:[a-z][a-z0-9_]{0,63})?$")]
"""A flow to go to, `flow:NAME`; empty: none."""

Phrase = Annotated[str, Field(min_length=1, max_length=512)]


def one_or_more(value: object) -> object:
    """Return *value* as a tuple, where one text stands for a list of one."""
    return (value,) if isinstance(value, str) else value


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value, strict=False))


AddressRange = Annotated[str, AfterValidator(_network)]
"""`10.0.0.7`, `172.16.0.0/12`, `fd00::/8`."""


class Section(BaseModel):
    """One table of prosa.toml; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)


class CompanySection(Section):
    """The company, which flows know as `company`."""

    name: str = "Prosa"
    """The company's name, as contacts read it."""
    zone: Zone = "America/Sao_Paulo"
    """The time zone of its clocks, by its IANA name."""


class DatabaseSection(Section):
    """Where inbox, outbox and journal live; empty: a SQLite file in the data directory."""

    url: str = ""
    """`postgresql://user:password@host/name`, or `sqlite:///path`."""


class GatewaySection(Section):
    """Where webhooks and web chat arrive; port 0 takes a free one."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Port to listen on; 0: a free one."""
    public_url: str = ""
    """Public address for providers and browsers, when it is another one: `https://chat.example.com`."""
    trusted_proxies: tuple[AddressRange, ...] = ("127.0.0.0/8", "::1/128")
    """Addresses of your own proxies, `172.16.0.0/12`: what they say in `X-Forwarded-For` is the visitor's address."""

    @property
    def local_url(self) -> str:
        """Where a program on this machine reaches the gateway."""
        host = self.host if self.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class FlowsSection(Section):
    """The folder of flow files, and the access to published flows at `/flows`."""

    directory: str = ""
    """A folder; empty: the library that comes with Prosa."""
    fallback: FlowTarget = ""
    """Where to go when a card fails, in flows that do not say it themselves; empty: the contact reads an apology."""
    token: str = ""
    """The password of the page, best as `secret://name`; without one only this machine may read it.

    And nobody where `gateway.public_url` is set: behind a proxy, all may look like this machine.
    """


class ConversationSection(Section):
    """How conversations are run."""

    turns_per_run: int = Field(default=LIMITS.turns_per_run, ge=1)
    """Turns, roughly, after which a conversation goes on as a new run in Temporal."""
    grace_seconds: float = Field(default=LIMITS.grace.total_seconds(), ge=0)
    """Time after its end in which a conversation takes thanks without opening another one."""
    kept_in_memory: int = Field(default=2_000, ge=1)
    """How many conversations each worker keeps in memory, about 150 KiB each; others are replayed when they go on."""


class KeywordsSection(Section):
    """Targets of the words that work at any question, for flows without their own."""

    menu: FlowTarget = ""
    """`flow:NAME` for contacts who ask for the menu; empty: none."""
    agent: FlowTarget = ""
    """`flow:NAME` for contacts who ask for a person; empty: none."""
    leave: FlowTarget = ""
    """`flow:NAME` for contacts who want to end the conversation; empty: none."""
    off: tuple[Keyword, ...] = ()
    """Words that are answers like any other: `menu`, `back`, `repeat`, `agent`, `leave`."""


class ProgramSection(Section):
    """A program of the company that opens conversations, `[api.programs.NAME]`; the audit has its name."""

    token: str = Field(min_length=1)
    """Its bearer token, best as `secret://name`; each program has one of its own."""
    accounts: tuple[str, ...] = ()
    """Accounts on which it may open conversations; empty: all."""


class ApiSection(Section):
    """Access to `POST /conversations`, which opens conversations; without any token the address is closed."""

    token: str = ""
    """Bearer token of a program that the audit calls `api`, best as `secret://name`; it may use all accounts."""
    programs: dict[str, ProgramSection] = Field(default_factory=dict)
    """`[api.programs.NAME]`: a program's own `token`, and the `accounts` on which it may open conversations."""


class MetricsSection(Section):
    """Access to `/metrics`, and the address of the workers' own."""

    token: str = ""
    """Bearer token of Prometheus, best as `secret://name`; without one only this machine may ask."""
    worker_host: str = "127.0.0.1"
    """Address of a worker's own pages."""
    worker_port: int = Field(default=0, ge=0, le=65535)
    """Where a worker answers `/health`, `/ready` and `/metrics`; 0: nowhere."""


class RetentionSection(Section):
    """Days that `prosa retention run` keeps data; data of open conversations stays in any case."""

    inbox_days: int = Field(default=30, ge=8)
    """Messages that were read. They tell a repeat from a new message; Meta repeats for up to seven days."""
    outbox_days: int = Field(default=90, ge=1)
    """Delivery states of messages."""
    journal_days: int = Field(default=730, ge=1)
    """Ended conversations with all their data, and contacts who have not written since."""
    early_report_days: int = Field(default=30, ge=1)
    """Providers' reports about unknown messages."""
    files_days: int = Field(default=30, ge=8)
    """Files that nothing refers to any longer; links to files last seven days."""


class LogSection(Section):
    """How much is logged, and how it looks."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least serious lines that are written."""
    format: Literal["json", "console"] = "json"
    """One JSON object a line, for programs; or coloured lines, for people."""


class EntrySection(Section):
    """An entry point, `[[accounts.NAME.entries]]`, with one of four conditions; the first that matches is taken."""

    flow: str
    """Name of the flow for this entry point, instead of the account's."""
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """Variables of that flow to set."""
    says: tuple[Phrase, ...] = ()
    """The first message is one of these, politeness aside: `["promo", "segunda via"]`."""
    mentions: tuple[Phrase, ...] = ()
    """One of these stands anywhere in the first message."""
    referral: Annotated[tuple[Phrase, ...], BeforeValidator(one_or_more)] = ()
    """The contact comes by a link, QR code or advertisement of this name, or of one of these."""
    missed_call: bool = False
    """The contact has called, and nobody took it."""

    @model_validator(mode="after")
    def _has_one_mark(self) -> Self:
        marks = [name for name in get_args(Mark) if getattr(self, name)]
        if len(marks) != 1:
            raise ValueError(f"expected one of {', '.join(get_args(Mark))}; found {', '.join(marks) or 'none'}")
        return self


class Account(BaseModel):
    """One number, bot or mailbox on a channel; the other keys are the channel's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True, hide_input_in_errors=True)

    channel: str
    """Name of the channel, as its file under `channels/` is called."""
    flow: str
    """Name of the flow for conversations that match none of its entry points."""
    entries: tuple[EntrySection, ...] = ()
    """Other ways in."""

    @property
    def ways_in(self) -> tuple[Entry, ...]:
        """Its entries, as conversations know them."""
        return tuple(Entry.model_validate(entry.model_dump()) for entry in self.entries)

    @property
    def options(self) -> dict[str, Any]:
        """The keys that the channel's own settings model reads."""
        return dict(self.model_extra or {})


class Connection(BaseModel):
    """One configured ERP; the other keys are the ERP's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True, hide_input_in_errors=True)

    erp: str
    """Name of the ERP, as its file under `erps/` is called."""
    max_concurrent: int = Field(default=4, ge=1)
    """How many calls run at once."""
    proof: bool = True
    """Whether what changes a contract is refused to who has not proved to be the customer (card `confirm_identity`)."""

    @property
    def options(self) -> dict[str, Any]:
        """The keys that the ERP's own settings model reads."""
        return dict(self.model_extra or {})


class Host(Section):
    """A host that cards `http_request` may call."""

    host: str = Field(pattern=r"^[a-z0-9.-]+(:[0-9]{1,5})?$")
    """`api.example.com`, with its port when it is not the usual one."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent with every call; values best as `secret://name`. They win over those of the card."""
    private: bool = False
    """Whether it may lead into a private network, and be called without TLS."""


class QueueSection(Section):
    """A queue, where conversations wait for agents; cards `transfer` name it."""

    title: str = ""
    """Displayed name for contacts: `Suporte`."""
    calendar: str = "main"
    """Business calendar of its agents; empty: always open."""
    webhook: str = ""
    """Receiver under `[webhooks]` of a notice about each conversation that begins to wait; empty: none."""
    email: str = ""
    """Recipients of an e-mail about each conversation that begins to wait: a table of `[emails]`; empty: nobody."""


class AgentSection(Section):
    """An agent, who answers contacts; the table has the name that they sign with (`--by`, else their login)."""

    name: str = Field(min_length=1, max_length=60)
    """Displayed name above their messages; agents without a table appear as a person of the team."""


class TemplateSection(Section):
    """A message that the provider has approved, for the cards `send_template` and `open_conversation`."""

    text: Annotated[str, Field(max_length=1024), AfterValidator(approvable)]
    """As approved, with `{{ name }}` or `{{ 1 }}` where parameters go."""
    language: str = Field(default="pt_BR", pattern="^[a-z]{2,3}(_[A-Z]{2,3})?$")
    """Its language, as the provider writes it."""
    category: Category = "utility"
    """Purpose that the provider has approved it for."""
    name: str = Field(default="", pattern="^[a-z0-9_]{0,512}$")
    """The provider's name, if it is not the table's: a template in two languages has two tables."""


class WebhookReceiver(Section):
    """A receiver of events by POST, for the cards `webhook` and `notify`."""

    url: str = Field(pattern="^https?://")
    """Where events are posted to."""
    secret: str = Field(min_length=1)
    """Secret of the signature, per Standard Webhooks; best as `secret://name`."""
