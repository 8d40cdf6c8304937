"""A chart: its nodes and lines, without places yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from flows.cards.base import Symbol

Mark = Literal["", "added", "removed", "changed"]
START: Final = "@start"
TROUBLE: Final = "@trouble"
"""Where the flow's fallback begins."""


@dataclass(frozen=True)
class Node:
    """One thing that stands in a chart."""

    id: str
    symbol: Symbol
    title: str
    summary: str = ""
    flow: str = ""
    """The flow that it leads to."""
    card: str = ""
    """The card that it leads to, elsewhere in the chart."""
    mark: Mark = ""

    @property
    def small(self) -> bool:
        """Whether it is a beginning, an end, or a way to another flow, and no card."""
        return self.id.startswith("@")


@dataclass(frozen=True)
class Line:
    """One way from a card to the next."""

    source: str
    target: str
    labels: tuple[str, ...] = ()
    back: bool = False
    """Whether it closes a loop."""
    unsaid: bool = False
    """Whether the author has not said where it leads, so that the flow's fallback takes over."""
    mark: Mark = ""


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn of a flow."""

    title: str
    language: str
    nodes: tuple[Node, ...]
    """In such an order that only lines that turn back lead up."""
    lines: tuple[Line, ...]
    kinds: Mapping[str, Symbol]
    """The types of card in it, by their names: the legend."""
