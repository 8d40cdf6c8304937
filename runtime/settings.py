"""Settings: `prosa.toml` and the environment, read once, validated, with errors that name file and key.

The environment wins over the file: `PROSA_GATEWAY__PORT=8081` is `port` under `[gateway]`.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as EnvironmentVariableError

from domain.conversation import Company, Keyword, KeywordDefaults
from domain.errors import SettingsError
from domain.people import Queue
from domain.template import Template
from domain.wait_defaults import Silence
from runtime.opening_hours import MAIN, Calendar
from runtime.schedules import ScheduleSection
from runtime.sections import (
    Account,
    AgentSection,
    ApiSection,
    CompanySection,
    Connection,
    ConversationSection,
    DatabaseSection,
    EmailSection,
    FlowsSection,
    GatewaySection,
    Host,
    KeywordsSection,
    LogSection,
    MailSection,
    MetricsSection,
    QueueSection,
    RetentionSection,
    TemplateSection,
    WebhookReceiver,
)
from runtime.temporal_section import TemporalSection
from runtime.zones import shifts

FILE: Final = "prosa.toml"


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
    silence: Silence = Silence()
    metrics: MetricsSection = MetricsSection()
    api: ApiSection = ApiSection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()
    mail: MailSection = MailSection()
    accounts: dict[str, Account] = Field(default_factory=dict)
    connections: dict[str, Connection] = Field(default_factory=dict)
    calendars: dict[str, Calendar] = Field(default_factory=dict)
    hosts: dict[str, Host] = Field(default_factory=dict)
    webhooks: dict[str, WebhookReceiver] = Field(default_factory=dict)
    emails: dict[str, EmailSection] = Field(default_factory=dict)
    templates: dict[str, TemplateSection] = Field(default_factory=dict)
    queues: dict[str, QueueSection] = Field(default_factory=dict)
    agents: dict[str, AgentSection] = Field(default_factory=dict)
    schedules: dict[str, ScheduleSection] = Field(default_factory=dict)

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
    def known_calendars(self) -> dict[str, Calendar]:
        """The calendars by name; `main` is there without being written."""
        return {"main": MAIN, **self.calendars}

    @property
    def keyword_defaults(self) -> KeywordDefaults:
        """What conversations that open now know of keywords."""
        said = self.keywords
        chosen: dict[Keyword, str] = {"menu": said.menu, "agent": said.agent, "leave": said.leave}
        return KeywordDefaults(targets={word: to for word, to in chosen.items() if to}, off=said.off)

    @property
    def known_queues(self) -> dict[str, Queue]:
        """The queues by name; `main` is there without being written.

        SettingsError when one names a calendar, a receiver, or somebody to write to, that is not there.
        """
        said = {"main": QueueSection(), **self.queues}
        for name, queue in said.items():
            tables = {"calendar": self.known_calendars, "webhook": self.webhooks, "email": self.emails}
            for key, known in tables.items():
                if (value := getattr(queue, key)) and value not in known:
                    there = ", ".join(sorted(known)) or "none"
                    raise SettingsError(f"{FILE}: queues.{name}.{key}: expected one of {there}; found {value!r}")
        return {name: Queue.model_validate(queue.model_dump()) for name, queue in said.items()}

    @property
    def mail_server(self) -> MailSection | None:
        """How e-mails go out; None where nobody gets any. SettingsError when that is not said, or not safe."""
        said = self.mail
        if not self.emails and not said.host:
            return None
        if missing := [key for key in ("host", "sender") if not getattr(said, key)]:
            raise SettingsError(f"{FILE}: mail.{missing[0]}: missing key, without which no e-mail goes out")
        if bool(said.user) != bool(said.password):
            raise SettingsError(f"{FILE}: mail: expected user and password, or neither")
        if said.user and said.security == "none":
            raise SettingsError(
                f"{FILE}: mail.security: expected starttls or tls where there is a password; found none"
            )
        return said

    @property
    def known_schedules(self) -> dict[str, ScheduleSection]:
        """The schedules by name; SettingsError when one names an account, or a template, that is not there."""
        for name, schedule in self.schedules.items():
            for key, known in (("account", self.accounts), ("template", self.templates)):
                if (value := getattr(schedule, key)) and value not in known:
                    there = ", ".join(sorted(known)) or "none"
                    raise SettingsError(f"{FILE}: schedules.{name}.{key}: expected one of {there}; found {value!r}")
        return self.schedules

    @property
    def agent_names(self) -> dict[str, str]:
        """What contacts read of the people who answer them, by who signs."""
        return {who: said.name for who, said in self.agents.items()}

    @property
    def known_templates(self) -> dict[str, Template]:
        """What flows may send outside of the service window, by the name of its table."""
        return {
            name: Template(name=said.name or name, language=said.language, category=said.category, text=said.text)
            for name, said in self.templates.items()
        }

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
    key = ".".join([*([under] if under else []), *(_part(part) for part in found["loc"])])
    variable = "PROSA_" + key.upper().replace(".", "__")
    message = found["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    what = _WORDS.get(found["type"], message[:1].lower() + message[1:])
    whole_table = found["type"] == "value_error" and isinstance(found["input"], dict)  # there may be secrets in it
    value = "" if found["type"] == "missing" or whole_table else f", found {found['input']!r}"
    return f"{file}: {key}: {what}{value} (or {variable} in the environment)"


def _part(part: str | int) -> str:
    return str(part + 1) if isinstance(part, int) else part  # people count tables from one


_WORDS: Final = {
    "extra_forbidden": "unknown key",
    "missing": "missing key",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "dict_type": "expected a table",
}
"""What pydantic says too much in its own words, by the type of its error."""
