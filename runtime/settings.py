"""Settings: `prosa.toml` and the environment, read once, validated, with errors that name file and key.

The environment wins over the file: `PROSA_GATEWAY__PORT=8081` is `port` under `[gateway]`.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as EnvironmentVariableError

from domain.conversation import Company, Keyword, KeywordDefaults
from domain.errors import SettingsError
from domain.limits import LIMITS
from runtime.opening_hours import Calendar
from runtime.zones import Zone, shifts

FILE: Final = "prosa.toml"


FlowTarget = Annotated[str, Field(pattern="^(flow:[a-z][a-z0-9_]{0,63})?$")]
"""A flow to go to, `flow:NAME`; empty: none."""


class Section(BaseModel):
    """One table of prosa.toml; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CompanySection(Section):
    """Who speaks: what flows call `company`."""

    name: str = "Prosa"
    zone: Zone = "America/Sao_Paulo"


class DatabaseSection(Section):
    """Where inbox, outbox and journal live; empty: a SQLite file in the data directory."""

    url: str = ""


class TemporalSection(Section):
    """Which Temporal to use; without an address `prosa up` starts its own."""

    address: str = ""
    namespace: str = "default"
    ui: str = ""
    """Address of its pages, for links, where it is not ours: `https://temporal.example`."""
    ui_port: int = Field(default=8233, ge=0, le=65535)
    port: int = Field(default=7233, ge=0, le=65535)


class GatewaySection(Section):
    """Where webhooks and web chat arrive; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""

    @property
    def local_url(self) -> str:
        """Where a program on this machine reaches the gateway."""
        host = self.host if self.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class FlowsSection(Section):
    """Where flow files are, and who may read published ones at `/flows`."""

    directory: str = ""
    """A folder; empty: the library that comes with Prosa."""
    token: str = ""
    """The password of the page, best as `secret://name`; without one only this machine may read it.

    And nobody where `gateway.public_url` is set: behind a proxy, all may look like this machine.
    """


class ConversationSection(Section):
    """How conversations are run."""

    turns_per_run: int = Field(default=LIMITS.turns_per_run, ge=1)
    grace_seconds: float = Field(default=LIMITS.grace.total_seconds(), ge=0)


class KeywordsSection(Section):
    """Where words lead that work at any question, in flows that do not say it themselves."""

    menu: FlowTarget = ""
    agent: FlowTarget = ""
    leave: FlowTarget = ""
    off: tuple[Keyword, ...] = ()
    """Words that are answers like any other: `menu`, `back`, `repeat`, `agent`, `leave`."""


class MetricsSection(Section):
    """Who may read `/metrics`, and where workers show theirs."""

    token: str = ""
    """What Prometheus brings as bearer token, best as `secret://name`; without one only this machine may ask."""
    worker_host: str = "127.0.0.1"
    worker_port: int = Field(default=0, ge=0, le=65535)
    """Where a worker answers `/health`, `/ready` and `/metrics`; 0: nowhere."""


class RetentionSection(Section):
    """For how many days `prosa retention run` leaves things; what open conversations need stays in any case."""

    inbox_days: int = Field(default=30, ge=8)
    """Messages that were read. They tell a repeat from a new message; Meta repeats for up to seven days."""
    outbox_days: int = Field(default=90, ge=1)
    """How far each message came."""
    journal_days: int = Field(default=730, ge=1)
    """Ended conversations, with everything of theirs, and contacts who have not written since."""
    early_report_days: int = Field(default=30, ge=1)
    """What providers reported about messages that we do not know."""
    files_days: int = Field(default=30, ge=8)
    """Files that nothing refers to any longer; links to files last seven days."""


class LogSection(Section):
    """How much is logged, and how it looks."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["json", "console"] = "json"


class Account(BaseModel):
    """One number, bot or mailbox on a channel; the other keys are the channel's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow")

    channel: str
    flow: str
    """Name of its entry flow."""

    @property
    def options(self) -> dict[str, Any]:
        """The keys that the channel's own settings model reads."""
        return dict(self.model_extra or {})


class Connection(BaseModel):
    """One configured ERP; the other keys are the ERP's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow")

    erp: str
    max_concurrent: int = Field(default=4, ge=1)

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


class WebhookReceiver(Section):
    """Who is told of events by cards `webhook` and `notify`, by POST."""

    url: str = Field(pattern="^https?://")
    secret: str = Field(min_length=1)
    """What they are signed with, per Standard Webhooks; best as `secret://name`."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="PROSA_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    company: CompanySection = CompanySection()
    data: Path = Path("var")
    """Folder of what Prosa writes: database, files, spool, keys, logs."""
    database: DatabaseSection = DatabaseSection()
    temporal: TemporalSection = TemporalSection()
    gateway: GatewaySection = GatewaySection()
    flows: FlowsSection = FlowsSection()
    conversation: ConversationSection = ConversationSection()
    keywords: KeywordsSection = KeywordsSection()
    metrics: MetricsSection = MetricsSection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()
    accounts: dict[str, Account] = Field(default_factory=dict)
    connections: dict[str, Connection] = Field(default_factory=dict)
    calendars: dict[str, Calendar] = Field(default_factory=dict)
    hosts: dict[str, Host] = Field(default_factory=dict)
    webhooks: dict[str, WebhookReceiver] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, whose content arrives as init arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        """The database, spelled out."""
        return self.database.url or f"sqlite:///{(self.data / 'prosa.db').resolve()}"

    @property
    def temporal_address(self) -> str:
        """`host:port` of Temporal's frontend."""
        return self.temporal.address or f"127.0.0.1:{self.temporal.port}"

    @property
    def temporal_ui(self) -> str:
        """Address of Temporal's own pages; empty when nobody has said where they are."""
        return self.temporal.ui or ("" if self.temporal.address else f"http://127.0.0.1:{self.temporal.ui_port}")

    @property
    def keyword_defaults(self) -> KeywordDefaults:
        """What conversations that open now know of keywords."""
        said = self.keywords
        chosen: dict[Keyword, str] = {"menu": said.menu, "agent": said.agent, "leave": said.leave}
        return KeywordDefaults(targets={word: to for word, to in chosen.items() if to}, off=said.off)

    @property
    def company_facts(self) -> Company:
        """What conversations that open now know of the company."""
        return Company(name=self.company.name, zone=self.company.zone, shifts=shifts(self.company.zone))


def load(path: Path | None = None) -> Settings:
    """Read settings from *path* (default: prosa.toml in the working directory) and the environment.

    SettingsError names the file, the key, what was expected and what was found.
    """
    file = path or Path(FILE)
    content = _read(file) if path is not None or file.exists() else {}
    if reserved := [key for key in content if key.startswith("_")]:  # pydantic-settings would take it for an option
        raise SettingsError(f"{file}: {reserved[0]}: unknown key, found {content[reserved[0]]!r}")
    try:
        return Settings(**content)
    except EnvironmentVariableError as error:  # a section given as one variable, and not as JSON
        raise SettingsError(f"environment: {error}: expected one variable for each key, PROSA_SECTION__KEY") from error
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(file, found) for found in error.errors())) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"{file}: no such file; write one, or start from the prosa.toml that comes with Prosa"
        ) from error
    except OSError as error:
        raise SettingsError(f"{file}: expected a file that can be read, found: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: expected TOML in UTF-8: {error}") from error


def refuse(where: str, error: ValidationError) -> SettingsError:
    """Return the error that says which key under *where* (`accounts.site`) is wrong, for a plug-in's own model."""
    return SettingsError("\n".join(_sentence(Path(FILE), found, where) for found in error.errors()))


def _sentence(file: Path, found: Any, under: str = "") -> str:
    key = ".".join([*([under] if under else []), *(str(part) for part in found["loc"])])
    variable = "PROSA_" + key.upper().replace(".", "__")
    message = found["msg"].replace("Input should be", "expected")
    what = _WORDS.get(found["type"], message[:1].lower() + message[1:])
    value = "" if found["type"] == "missing" else f", found {found['input']!r}"
    return f"{file}: {key}: {what}{value} (or {variable} in the environment)"


_WORDS: Final = {
    "extra_forbidden": "unknown key",
    "missing": "missing key",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "dict_type": "expected a table",
}
"""What pydantic says too much in its own words, by the type of its error."""
