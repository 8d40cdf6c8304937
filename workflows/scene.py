"""What the interpreter and the card that is being played tell each other."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from domain.conversation import Setup, Snapshot
from workflows.exchange import Exchange
from workflows.port import Port


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
