"""The state that the interpreter shares with the card being played."""

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
    """The interpreter's parts that a card context works on."""

    port: Port
    setup: Setup
    state: Snapshot
    exchange: Exchange
