"""Settings: `prosa.toml` and the environment, read once, validated, with errors that name file and key.

The environment wins over the file: `PROSA_GATEWAY__PORT=8081` is `port` under `[gateway]`.
"""

import contextlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as EnvironmentVariableError

from domain.conversation import Company, Keyword, KeywordDefaults
from domain.errors import SettingsError
from domain.people import Queue
from domain.template import MessageTemplate
from domain.wait_defaults import WaitDefaults
from runtime.identity_section import IdentitySection
from runtime.mail_sections import EmailSection, MailSection
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
    FlowsSection,
    GatewaySection,
    Host,
    KeywordsSection,
    LogSection,
    MetricsSection,
    QueueSection,
    RetentionSection,
    TemplateSection,
    WebhookReceiver,
)
from runtime.settings_mistakes import sentences
from runtime.temporal_section import TemporalSection
from runtime.zones import shifts

FILE: Final = "prosa.toml"


class _Layered(BaseSettings):
    """Values of the file; variables of the environment override them."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="PROSA_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, whose content arrives as init arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


class PlugInTables(_Layered):
    """The tables that channels and ERPs read a part of, as they are written."""

    model_config = SettingsConfigDict(extra="ignore")

    accounts: dict[str, dict[str, Any]] = Field(default_factory=dict)
    connections: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Settings(_Layered):
    """Everything that can be set."""

    company: CompanySection = CompanySection()
    data: Path = Path("var")
    """Folder of Prosa's own data: database, files, spool, keys, logs."""
    database: DatabaseSection = DatabaseSection()
    temporal: TemporalSection = TemporalSection()
    gateway: GatewaySection = GatewaySection()
    flows: FlowsSection = FlowsSection()
    conversation: ConversationSection = ConversationSection()
    keywords: KeywordsSection = KeywordsSection()
    silence: WaitDefaults = WaitDefaults()
    metrics: MetricsSection = MetricsSection()
    api: ApiSection = ApiSection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()
    mail: MailSection = MailSection()
    identity: IdentitySection = IdentitySection()
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
        """The keywords for conversations that open now."""
        said = self.keywords
        chosen: dict[Keyword, str] = {"menu": said.menu, "agent": said.agent, "leave": said.leave}
        return KeywordDefaults(targets={word: to for word, to in chosen.items() if to}, off=said.off)

    @property
    def known_queues(self) -> dict[str, Queue]:
        """The queues by name; `main` is there without being written.

        SettingsError when one names a calendar, a receiver, or somebody to write to, that is not there.
        """
        said = {"main": QueueSection(), **self.queues}
        _refer("queues", said, {"calendar": self.known_calendars, "webhook": self.webhooks, "email": self.emails})
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
    def code_sender(self) -> IdentitySection:
        """How codes reach telephones; SettingsError when it names an account, or a template, that is not there."""
        _refer("identity", {"": self.identity}, {"account": self.accounts, "template": self.templates})
        return self.identity

    @property
    def known_schedules(self) -> dict[str, ScheduleSection]:
        """The schedules by name; SettingsError when one names an account, or a template, that is not there."""
        _refer("schedules", self.schedules, {"account": self.accounts, "template": self.templates})
        return self.schedules

    @property
    def agent_names(self) -> dict[str, str]:
        """Displayed names of agents for contacts, by login."""
        return {who: said.name for who, said in self.agents.items()}

    @property
    def known_templates(self) -> dict[str, MessageTemplate]:
        """Templates that flows may send outside of the service window, by the name of their table."""
        return {
            name: MessageTemplate(
                name=said.name or name, language=said.language, category=said.category, text=said.text
            )
            for name, said in self.templates.items()
        }

    @property
    def company_facts(self) -> Company:
        """Facts about the company for conversations that open now."""
        return Company(name=self.company.name, zone=self.company.zone, shifts=shifts(self.company.zone))


def load(
    path: Path | None = None,
    plug_in_mistakes: Callable[[Path, PlugInTables], Iterable[str]] = lambda _, __: (),
    *,
    references: bool = True,
) -> Settings:
    """Read settings from *path* (default: prosa.toml in the working directory) and the environment.

    SettingsError lists all mistakes, a line each, with file, key, what was expected and what was found; those of the
    keys that channels and ERPs read are said by *plug_in_mistakes* (`usecases.settings`).

    Without *references*, names that one table uses and no other has are let through: whoever uses them refuses them.
    """
    file = path or Path(FILE)
    content = _read(file) if path is not None or file.exists() else {}
    if reserved := [key for key in content if key.startswith("_")]:  # pydantic-settings would take it for an option
        raise SettingsError(f"{file}: {reserved[0]}: unknown key")
    loaded: Settings | None = None
    try:
        loaded = Settings(**content)
        mistakes = list(_dangling(file, loaded)) if references else []
    except EnvironmentVariableError as error:  # a section given as one variable, and not as JSON
        raise SettingsError(f"environment: {error}: expected one variable for each key, PROSA_SECTION__KEY") from error
    except ValidationError as error:
        mistakes = sentences(file, Settings, error)
    with contextlib.suppress(ValidationError):  # a table that is none: `Settings` has said so
        mistakes += plug_in_mistakes(file, PlugInTables(**content))
    if loaded is None or mistakes:
        raise SettingsError("\n".join(mistakes))
    return loaded


def _dangling(file: Path, settings: Settings) -> Iterator[str]:
    """Yield the mistakes between tables: names that no table has, and e-mails without a mail server."""
    for look in ("known_queues", "known_schedules", "mail_server", "code_sender"):
        try:
            getattr(settings, look)
        except SettingsError as error:
            yield str(error).replace(f"{FILE}: ", f"{file}: ")


def _refer(table: str, rows: Mapping[str, BaseModel], tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that each key of *rows* that *tables* has names something of the table there; SettingsError lists all."""
    wrong = [
        f"{FILE}: {'.'.join(part for part in (table, name, key) if part)}: "
        f"expected one of {', '.join(sorted(known)) or 'none'}; found {value!r}"
        for name, row in rows.items()
        for key, known in tables.items()
        if (value := getattr(row, key)) and value not in known
    ]
    if wrong:
        raise SettingsError("\n".join(wrong))


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


def refuse(where: str, error: ValidationError, model: type[BaseModel]) -> SettingsError:
    """Return the error that names the wrong key under *where* (`accounts.site`), for a plug-in's own *model*."""
    return SettingsError("\n".join(sentences(Path(FILE), model, error, where)))
