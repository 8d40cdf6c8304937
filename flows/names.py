"""How flows spell names and targets."""

from typing import Annotated

from pydantic import StringConstraints

from domain.fields import Gives, Holds

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A card, flow, variable or connection, as flows spell it."""

Target = Annotated[
    str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63}|flow:[a-z][a-z0-9_]{0,63})$"), Holds("target")
]
"""Where an exit leads: a card's id, `end`, or `flow:NAME`."""

SavesTo = Annotated[Name, Holds("variable")]
"""The variable that a card gives a value."""

SavesRecord = Annotated[SavesTo, Gives("record")]
"""The variable that a card gives a record."""

FlowName = Annotated[Name, Holds("flow")]
"""Another flow."""

AccountName = Annotated[Name, Holds("setting", "accounts")]
CalendarName = Annotated[Name, Holds("setting", "calendars")]
ConnectionName = Annotated[Name, Holds("setting", "connections")]
EmailName = Annotated[Name, Holds("setting", "emails")]
QueueName = Annotated[Name, Holds("setting", "queues")]
TemplateName = Annotated[Name, Holds("setting", "templates")]
WebhookName = Annotated[Name, Holds("setting", "webhooks")]
