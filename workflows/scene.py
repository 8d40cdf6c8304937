"""What the interpreter lends to the card that is being played."""

from typing import NamedTuple

from domain.conversation import Setup, Snapshot
from workflows.exchange import Exchange
from workflows.port import Port


class Scene(NamedTuple):
    """What the interpreter lends to the card that is being played."""

    port: Port
    setup: Setup
    state: Snapshot
    exchange: Exchange
