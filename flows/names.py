"""How flows spell names and targets."""

from typing import Annotated

from pydantic import StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A card, flow, variable or connection, as flows spell it."""

Target = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63}|flow:[a-z][a-z0-9_]{0,63})$")]
"""Where an exit leads: a card's id, `end`, or `flow:NAME`."""
