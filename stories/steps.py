"""The steps of a story: acts of the contact, and expectations. One key of a step is its kind."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar, Union, cast

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag

from domain.conversation import Priority
from domain.duration import Duration
from domain.message import Location
from domain.model import Written
from flows.names import Name

S = TypeVar("S", bound="type[Step]")

ANYTHING: Final = "..."
"""The step that stands for any messages of the bot until the next one."""


class Step(Written):
    """One line of the talk; the key that is its file's first field says which."""

    model_config = ConfigDict(use_attribute_docstrings=True)


steps: Final[dict[str, type[Step]]] = {}
"""Every kind of step by the key that says it."""


def _step(kind: S) -> S:
    steps[next(iter(kind.model_fields))] = kind
    return kind


@_step
class Types(Step):
    """The contact writes something."""

    contact: str
    """The contact's message."""
    twice: bool = False
    """The provider brings the very same message twice, as providers do: it counts once."""


@_step
class Taps(Step):
    """The contact taps an option."""

    taps: str
    """The label of one of the options that were offered last."""
    twice: bool = False
    """The provider brings the very same tap twice."""


@_step
class Sends(Step):
    """The contact sends a file."""

    sends: str = Field(min_length=1)
    """The name of the file; its ending is its type: `comprovante.jpg`."""
    caption: str = ""
    """Caption of the file."""


@_step
class Shares(Step):
    """The contact shares a place on the map."""

    shares: Location
    """`{latitude: -27.1, longitude: -52.6}`, with `name` and `address` where they matter."""


@_step
class Silence(Step):
    """The contact is silent."""

    silence: Duration
    """For how long."""


@_step
class TellsEvent(Step):
    """Another system tells the conversation an event that it expects."""

    event: Name
    """Name of the event, as in `expect_event`."""
    data: JsonValue = None
    """Data of the event."""
    twice: bool = False
    """The other system tells it twice: it counts once."""


@_step
class Attends(Step):
    """The agent to whom the conversation was passed writes to the contact."""

    agent: str
    """The agent's message."""


@_step
class Resolves(Step):
    """The agent to whom the conversation was passed has helped."""

    resolved: str
    """The note that they leave; may be empty."""


@_step
class Hears(Step):
    """The bot says something. Every message of the bot has its step, in order, unless `...` stands in its place."""

    bot: str
    """The bot's message; a `*` at the end stands for the rest. A place says its name and address, a contact card its
    lines."""
    options: tuple[str, ...] | None = None
    """The labels that it offers to tap; not compared when not said."""
    links: dict[str, str] | None = None
    """The links that it offers, each address by its title; a `*` at the end stands for the rest. Not compared when not
    said."""
    file: str | None = None
    """The name of the file that it sends; not compared when not said."""
    location: str | None = None
    """The name of the place that it sends to be seen on a map; not compared when not said."""
    contact_card: str | None = None
    """The name on the contact card that it sends; not compared when not said."""
    template: Name | None = None
    """The template by which it says it; not compared when not said."""


@_step
class Ends(Step):
    """The conversation has ended."""

    ended: Name
    """How: the resolution of the card `close`, or `completed`, or `error`."""


@_step
class Knows(Step):
    """Variables of the flow that is being played have these values."""

    variables: dict[Name, JsonValue]
    """Values by name; variables that are not named may have any."""


@_step
class Tagged(Step):
    """The conversation has exactly these tags."""

    tags: tuple[str, ...]
    """The tags, in the order in which they were added."""


@_step
class Hurries(Step):
    """The conversation has this priority."""

    priority: Priority
    """`low`, `normal`, `high` or `urgent`."""


@_step
class Remembers(Step):
    """This is known of the contact, from now on and in later conversations."""

    known: dict[Name, JsonValue]
    """`name`, `email`, `phone`, `document`, `language`, `fields` and `links`; those not listed may be anything."""


@_step
class Takes(Step):
    """Cards were left by these exits since the contact last did something, in this order; others may lie between."""

    exits: tuple[str, ...]
    """`CARD.EXIT`, each."""


@_step
class Passes(Step):
    """These reference points were reached since the conversation began, in this order."""

    reference_points: tuple[Name, ...]
    """Their names."""


@_step
class Asks(Step):
    """A connection was asked something since the contact last did something."""

    called: str
    """`CONNECTION.OPERATION`."""
    arguments: dict[Name, JsonValue] = Field(default_factory=dict)
    """Arguments of the call; those not listed may be anything."""


Acts = Types | Taps | Sends | Shares | Silence | TellsEvent | Attends | Resolves
"""The steps that act; all others check the results."""


def kind_of(step: object) -> str | None:
    """Return the key that is the kind of a step; None when there is none."""
    if isinstance(step, Mapping):
        return next((key for key in cast("Mapping[str, object]", step) if key in steps), None)
    if isinstance(step, Step):
        return next(iter(type(step).model_fields))
    return ANYTHING if step == ANYTHING else None


if TYPE_CHECKING:
    AnyStep = Step | Literal["..."]
else:
    AnyStep = Annotated[
        Union[
            (*(Annotated[kind, Tag(name)] for name, kind in steps.items()), Annotated[Literal["..."], Tag(ANYTHING)])
        ],
        Discriminator(kind_of),
    ]
