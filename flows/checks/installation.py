"""The accounts, connections and defaults of an installation, as checks need them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.wait_defaults import WaitDefaults

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation of a connection: the JSON Schemas of its arguments and its answer."""

    arguments: Schema
    answer: Schema = field(default_factory=dict[str, Any])
    proof: bool = False
    """Whether the contact must have proved to be the customer."""


Catalogue = Mapping[str, Mapping[str, Operation]]
"""The operations of each connection, by name."""


@dataclass(frozen=True)
class Installation:
    """The settings that flows may refer to by name."""

    tables: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]])
    """The names under each table of prosa.toml: `{"webhooks": ["crm"]}`."""
    operations: Catalogue = field(default_factory=dict[str, Mapping[str, Operation]])
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The parameters of each template, by name or number."""
    channels: Collection[str] = ()
    """The channels that there are, not only those of its accounts; nothing when that does not matter."""
    silence: WaitDefaults = field(default_factory=WaitDefaults)
    """Defaults for cards that wait, where neither card nor flow sets its own."""
    hosts: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """The hosts that may be called, and whether each is private: then also without TLS."""
