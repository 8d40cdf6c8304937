"""The chapter on events: every kind that a conversation's journal holds, from the types that write it."""

import inspect
from typing import Final, cast

from domain.events.kinds import KINDS
from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Chapter, Topic

ABOUT: Final = """
What the journal keeps of a conversation: one row an event, numbered by `seq` without a hole, with its `kind`, the time
`at`, and the card, flow and version at which the conversation stood. The keys below stand in its `data`. A key that is
required is always written, the others when there is something to say. What reads the journal must pass over kinds and
keys that it does not know.
"""


def chapter() -> Chapter:
    """Return it."""
    return Chapter("events", "Events of the journal", ABOUT.strip(), tuple(map(_topic, KINDS)))


def _topic(kind: str) -> Topic:
    schema = KINDS[kind].model_json_schema()
    definitions = cast("Schema", schema.get("$defs", {}))
    names = tuple(name for name in schema["properties"] if name != "kind")
    keys = tuple(key for key in keys_of(schema, definitions, names) if key.path in names)
    return Topic(kind, inspect.getdoc(KINDS[kind]) or "", keys=keys)
