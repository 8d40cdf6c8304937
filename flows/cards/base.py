"""The contract of every card."""

from typing import Annotated, ClassVar, Final

from pydantic import StringConstraints

from domain.model import Value, Written
from domain.registry import Registry
from flows.conversation import Conversation

CALLING: Final = "calling"
"""What `play` returns when it has called a flow and wants to be entered again."""

DONE: Final = "done"
"""The exit of a card that has only one."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A card, flow, variable or connection, as flows spell it."""

Target = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63}|flow:[a-z][a-z0-9_]{0,63})$")]
"""Where an exit leads: a card's id, `end`, or `flow:NAME`."""


class Exit(Value):
    """One named way out of a card. Without target it falls through to `next`, or the card below."""

    name: str
    target: str | None = None
    label: str = ""
    """What the drawing writes beside the line."""
    falls_through: bool = True
    """False for exits that need a target of their own: without one the flow's fallback takes over."""


class Symbol(Value):
    """How a card type looks in drawings, palette and documentation."""

    icon: str
    """Name of an icon of the set that drawings use (lucide)."""
    colour: str
    """`#rrggbb`."""
    shape: str = "box"
    """`box`, `diamond`, `pill` or `parallelogram`."""


class Card(Written):
    """One step of a flow. Subclasses add fields, `play`, and their exits."""

    symbol: ClassVar[Symbol] = Symbol(icon="square", colour="#64748b")
    example: ClassVar[str] = ""
    """One card as a flow's author writes it; the reference shows it and a test parses it."""

    id: Name
    """Unique in the flow."""
    card: str
    """The type of the card."""
    title: str = ""
    """What people call this step; ids are for flows, titles for reports."""
    next: Target | None = None
    """Where to go afterwards; without it, the card below."""

    async def play(self, conversation: Conversation) -> str:
        """Do what the card does, and return the name of the exit taken."""
        raise NotImplementedError

    def ways_out(self) -> tuple[Exit, ...]:
        """Return every exit that this card has, as written."""
        return (Exit(name=DONE),)

    def texts(self) -> dict[str, str]:
        """Return the templates that this card renders, by the key that holds them."""
        return {}

    def expressions(self) -> dict[str, str]:
        """Return the bare expressions that this card evaluates, by the key that holds them."""
        return {}

    def sets(self) -> tuple[str, ...]:
        """Return the names of the variables that this card gives a value."""
        return ()


class Exits(Written):
    """The `exits:` of a card; each card subclasses it with the names it knows."""

    def ways(self, **falls_through: bool) -> tuple[Exit, ...]:
        """Return the declared names as exits; *falls_through* says which may go on to the next card."""
        return tuple(
            Exit(
                name=name,
                target=getattr(self, name),
                falls_through=falls_through.get(name, False),
                label=name,
            )
            for name in type(self).model_fields
        )


cards: Final = Registry[Card]("card")
