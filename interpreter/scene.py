"""What the interpreter and the card that is being played tell each other."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from domain.conversation import Setup, Snapshot
from interpreter.mailbox import Exchange
from interpreter.port import Port


class Calling(NamedTuple):
    """A flow that a card wants to be played next."""

    flow: str
    inputs: Mapping[str, JsonValue]


class Scene(NamedTuple):
    """What the interpreter lends to the card that is being played."""

    port: Port
    setup: Setup
    state: Snapshot
    exchange: Exchange
