"""Base of all activities: one class in each file, which takes the worker's tools that it needs."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

import httpx

from channels.base import Channel
from domain.campaign import SendCampaign, Tally
from domain.registry import Registry
from erps.base import Erp
from journal.database import Database
from journal.files import FileStore
from runtime.settings import Settings


@dataclass(frozen=True)
class Tools:
    """Clients and stores that a worker has opened for its activities."""

    settings: Settings
    database: Database
    files: FileStore
    key: bytes
    """The installation's."""
    secret: Callable[[str], str]
    """Resolves `secret://name`."""
    channels: Mapping[str, Channel]
    """By account."""
    connections: Mapping[str, Erp]
    """By name."""
    http_once: httpx.AsyncClient
    """Never uses a connection twice: two names on one address must not share what was verified for one of them."""
    send_campaign: Callable[[SendCampaign], Awaitable[Tally]]
    """Opens the conversations that one run of a schedule has not yet opened."""


class Activities:
    """The activities on one subject: the methods that `activity.defn` marks, each for one effect."""

    each_connection: ClassVar[bool] = False
    """Whether they are done on the task queue of each ERP connection, not on that of the conversations."""

    @classmethod
    def using(cls, tools: Tools) -> Self:  # noqa: ARG003 - for those that override it
        """Return the activities, made with the *tools* that they need."""
        return cls()

    def methods(self) -> list[Callable[..., Any]]:
        """Return the activities, by name."""
        return [found for _, found in inspect.getmembers(self, _is_activity)]


activities: Final = Registry[Activities]("activity")


def _is_activity(found: object) -> bool:
    return inspect.ismethod(found) and hasattr(found, "__temporal_activity_definition")
