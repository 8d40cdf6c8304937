"""The contract of every card."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final, Literal, get_args

from pydantic import ConfigDict, Field, JsonValue, field_validator

from domain.fields import Gives, Journalled, Kind, Knows
from domain.model import Value, Written
from domain.registry import Registry
from flows.conversation import Conversation
from flows.fields import marked
from flows.names import Name, Target
from flows.play_result import PlayResult

DONE: Final = "done"
"""The exit of a card that has only one."""

Family = Literal["interaction", "service", "flow", "integrations", "survey"]
"""Subject of a card: palette and reference group cards by family."""
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)


class Exit(Value):
    """One named way out of a card. Without target it falls through to `next`, or the card below."""

    name: str
    target: str | None = None
    label: str = ""
    """Label beside the line in the drawing."""
    falls_through: bool = True
    """False for exits that need a target of their own: without one the flow's fallback takes over."""
    key: str = ""
    """Key of the card that holds the target: `exits.invalid`."""


class Symbol(Value):
    """How a card type looks in drawings, palette and documentation."""

    icon: str
    """Name of an icon of the set that drawings use (lucide)."""
    colour: str
    """`#rrggbb`."""
    shape: str = "box"
    """`box`, `diamond`, `pill` or `parallelogram`."""
    names: Mapping[str, str] = Field(default_factory=dict)
    """Displayed name of the type, by language: `{"pt-BR": "Pergunta", "en": "Question"}`."""


class Asked(Value):
    """An operation that a card calls; checks compare it with the operations of the connection."""

    connection: str
    operation: str
    arguments: Mapping[str, JsonValue]
    """As written: values may be templates."""
    key: str
    """Key of the card that names the operation."""
    under: str = ""
    """Prefix of the arguments' names in their keys: `arguments.`."""


class Card(Written):
    """One step of a flow. Subclasses add fields, `play`, and their exits."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    family: ClassVar[Family]
    symbol: ClassVar[Symbol]
    example: ClassVar[str]
    """One card as a flow's author writes it; the reference shows it and a test parses it."""
    waits: ClassVar[bool] = False
    """Whether it waits for the contact: a loop needs one card that does."""
    speaks: ClassVar[bool] = False
    """Whether it says something of the author's own: some channels take that only for a while after the contact."""

    id: Name
    """Unique in the flow."""
    card: str = Field(default="", validate_default=True)
    """The type of the card: the name of the file that holds its class."""
    title: str = ""
    """Title of this step in reports; flows use the id."""
    next: Target | None = None
    """Where to go afterwards; without it, the card below."""

    @field_validator("card", mode="after")
    @classmethod
    def _is_of_this_type(cls, card: str) -> str:
        name = cls.kind()
        if card not in {"", name}:
            raise ValueError(f"expected {name!r}, found {card!r}")
        return name

    @classmethod
    def kind(cls) -> str:
        """Return the type's name, as flows spell it."""
        return cls.__module__.rpartition(".")[2]

    async def play(self, conversation: Conversation) -> PlayResult:
        """Play the card, and return how the conversation goes on: the name of an exit, or another `PlayResult`."""
        raise NotImplementedError

    def ways_out(self) -> tuple[Exit, ...]:
        """Return every exit that this card has, as written."""
        return (Exit(name=DONE),)

    def summary(self) -> str:
        """Return a one-line summary of this card for drawings and lists; by default the first of its texts."""
        return next(iter(self.texts().values()), "")

    def texts(self) -> dict[str, str]:
        """Return the templates that this card renders, by the key that holds them."""
        return self._holding("template")

    def values(self) -> dict[str, JsonValue]:
        """Return the values whose texts, at any depth, are templates, by key; filling them keeps types."""
        return self._holding("value")

    def expressions(self) -> dict[str, str]:
        """Return the bare expressions that this card evaluates, by the key that holds them."""
        return self._holding("expression")

    def names_inside(self) -> dict[str, tuple[str, ...]]:
        """Return the names that a text, value or expression knows beside the variables, by the key that holds it."""
        return {one.key: one.mark.names for one in marked(self, Knows)}

    def sets(self) -> dict[str, str]:
        """Return the names of the variables that this card gives a value, by the key that names them."""
        return self._holding("variable")

    def gives(self) -> dict[str, str]:
        """Return the types of the values it writes to the variables of `sets`, by key, where the card knows them."""
        return {one.key: one.mark.type for one in marked(self, Gives)}

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002, ARG002 - what flows call it; for cards that wait
        """Return how long the contact may have been silent here when the card is left by *exit*.

        None: the contact has just said something.
        """
        return timedelta(0)

    def journalled(self) -> dict[str, str]:
        """Return the templates, by key, whose results journal and logs keep beside the messages."""
        return {one.key: one.value for one in marked(self, Journalled)}

    def calls(self) -> tuple[str, ...]:
        """Return the names of the flows that this card plays."""
        return ()

    def opens(self) -> tuple[str, ...]:
        """Return the names of the flows by which this card opens conversations."""
        return ()

    def asks(self) -> tuple[Asked, ...]:
        """Return the operations of connections that this card calls."""
        return ()

    def needs(self) -> dict[str, tuple[str, str]]:
        """Return the settings that this card needs, by key: the table of prosa.toml, and the name there."""
        return {one.key: (one.mark.table, one.value) for one in marked(self, "setting")}

    def _holding(self, kind: Kind) -> dict[str, Any]:
        """Return the values of its fields that hold *kind* (`domain.fields`), by key."""
        return {one.key: one.value for one in marked(self, kind)}


class Exits(Written):
    """The `exits:` of a card; each card subclasses it with the names it knows."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    def ways(self, **falls_through: bool) -> tuple[Exit, ...]:
        """Return the declared names as exits; those in *falls_through* may go on to the next card."""
        return tuple(
            Exit(
                name=name,
                target=getattr(self, name),
                falls_through=falls_through.get(name, False),
                label=name,
                key=f"exits.{name}",
            )
            for name in type(self).model_fields
        )


cards: Final = Registry[Card]("card", declares=("family", "symbol", "example"))
