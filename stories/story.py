"""A story: a conversation on paper, by which flows are tested."""

from datetime import date, time
from typing import Annotated, Final, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, field_validator, model_validator

from domain.contact import Known
from domain.conversation import Company, Contact
from domain.duration import Duration
from domain.model import Written
from domain.template import approvable
from flows.names import Name
from stories.given import OUTCOMES, QUEUE, Given, GivenAnswers
from stories.steps import AnyStep

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEAP_YEAR: Final = 2024
ADDRESS: Final = "5549999990001"


class Person(Written):
    """The contact of a story."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str = "Ana Souza"
    """As the channel tells it; may be empty."""
    address: str = ADDRESS
    """Number or address on the channel."""
    email: str = ""
    """E-mail address, if an earlier conversation has kept it."""
    phone: str = ""
    """Telephone number, likewise; in the form +5549999990001."""
    document: str = ""
    """CPF or CNPJ, likewise; digits only."""
    language: str = ""
    """The language that they speak, as the channel tells it or an earlier conversation has kept it: `en`."""
    fields: dict[Name, JsonValue] = Field(default_factory=dict)
    """Facts that flows have kept under their own names."""
    links: dict[Name, str] = Field(default_factory=dict)
    """The contact's number in connections to which it is linked, by connection."""

    @property
    def known(self) -> Known:
        """Known facts about the contact, beside those of the channel."""
        return Known.model_validate(self.model_dump(exclude={"name", "address"}))


class Firm(Written):
    """The company of a story."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str = "Conecta"
    """Name of the company, `company.name` in flows."""
    zone: str = "America/Sao_Paulo"
    """Its IANA time zone."""
    opens_in: Duration | None = None
    """Time until it opens after the story begins, in place of the calendars; without it, it is open."""


class Opened(Written):
    """How the company opens the conversation of a story."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    says: str = ""
    """Template text of the first message; empty when the flow itself sends one."""
    inputs: dict[Name, JsonValue] = Field(default_factory=dict)
    """The variables of the flow that are set."""


def _moment(written: str) -> str:
    day, _, hour = written.partition(" ")
    try:
        time.fromisoformat(hour)
        if day not in WEEKDAYS:
            date.fromisoformat(f"{LEAP_YEAR}-{day}")
    except ValueError:
        raise ValueError("expected a weekday or a day, and an hour: 'monday 09:00', '12-25 10:00'") from None
    return written


When = Annotated[str, AfterValidator(_moment)]
"""A weekday or a day of the year, and an hour."""


class World(Written):
    """The given facts of a story; a file with several `stories` may list them once for all."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    given: GivenAnswers
    """Answers of connections, by `CONNECTION.OPERATION`."""
    undelivered: tuple[str, ...] = ()
    """Messages of the bot that never reach the contact; a `*` at the end stands for the rest."""
    templates: dict[Name, Annotated[str, AfterValidator(approvable)]] = Field(default_factory=dict)
    """Approved templates: the text of each one that the flow sends."""
    opened: Opened | None = None
    """The company opens the conversation, before the contact has said a word; without it, the contact does."""
    referral: str = ""
    """Link, QR code or advertisement that the contact comes by; `conversation.referral` in flows."""
    contact: Person = Person()
    """The contact."""
    company: Firm = Firm()
    """The company."""
    at: When | None = None
    """When it begins, by the company's clock: `monday 09:00`, in a week without holidays, or `12-25 10:00`.

    It is the next such moment; calendars say then whether the company is open. Without it, it begins at any moment.
    """
    channel: Name = "webchat"
    """Channel of the story, whose capabilities count."""

    @field_validator("given")
    @classmethod
    def _names_operations(cls, given: dict[str, Given]) -> dict[str, Given]:
        for name, answers in given.items():
            connection, dot, operation = name.partition(".")
            if dot and connection and operation:
                if connection == QUEUE:
                    answers.places()
                continue
            if dot or answers.every is None or answers.every.answer != "failed":
                raise ValueError(
                    f"expected CONNECTION.OPERATION, or a flow with 'failed', found {name!r}; "
                    f"answers are a value, {', '.join(OUTCOMES)}, 'answer' with 'after', or 'calls'"
                )
        return given

    @property
    def person(self) -> Contact:
        """The contact, as conversations know it."""
        return Contact(name=self.contact.name, address=self.contact.address)

    @property
    def firm(self) -> Company:
        """The company, as conversations know it."""
        return Company(name=self.company.name, zone=self.company.zone)


class Story(World):
    """One conversation: contact, given answers, and talk."""

    story: str = Field(min_length=1, max_length=200)
    """The story in one sentence."""
    flow: Name
    """The entry flow."""
    talk: tuple[AnyStep, ...] = Field(min_length=1)
    """The steps: acts of the contact, and expectations."""

    @model_validator(mode="after")
    def _is_open_for_one_reason(self) -> Self:
        if self.at is not None and self.company.opens_in is not None:
            raise ValueError("expected 'at' or 'opens_in', and not both: at a moment, calendars say when it is open")
        return self


class OneOfMany(Written):
    """A story in a file with several; the file's keys fill in for those that it does not set."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    story: str = Field(min_length=1, max_length=200)
    """The story in one sentence."""
    given: GivenAnswers
    """Answers beside, and instead of, those of the file."""
    undelivered: tuple[str, ...] = ()
    """Messages beside those of the file."""
    opened: Opened | None = None
    """How the company opens it, instead of the file's `opened`."""
    referral: str = ""
    """Link that the contact comes by, instead of the file's."""
    contact: Person | None = None
    """The contact, instead of the file's."""
    at: When | None = None
    """When it begins, instead of when the file says."""
    talk: tuple[AnyStep, ...] = Field(min_length=1)
    """The steps: acts of the contact, and expectations."""


class Stories(World):
    """A file with several stories of one flow."""

    flow: Name
    """The entry flow of all of them."""
    stories: tuple[OneOfMany, ...] = Field(min_length=1)
    """The stories."""

    def each(self) -> tuple[Story, ...]:
        """Return them as stories that stand for themselves."""
        return tuple(
            Story(
                story=one.story,
                flow=self.flow,
                given={**self.given, **one.given},
                undelivered=(*self.undelivered, *one.undelivered),
                templates=self.templates,
                opened=one.opened or self.opened,
                referral=one.referral or self.referral,
                contact=one.contact or self.contact,
                company=self.company,
                at=one.at or self.at,
                channel=self.channel,
                talk=one.talk,
            )
            for one in self.stories
        )
