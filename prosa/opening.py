"""Opening a conversation from the command line."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import JsonValue

from domain import keys
from domain.errors import OperatorError
from domain.message import Content, Outreach
from flows.flow import Flow
from flows.suggestion import nearest_or_all
from journal import audit, flows, outreach
from journal.database import Database
from journal.outreach import Wish
from prosa import store
from runtime.secrets import installation_key
from runtime.settings import Settings

JSON: Final = frozenset({"number", "boolean", "list", "record", "any"})
"""The types of variables whose values are written as JSON; all others are text."""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to begin, and with whom."""

    account: str
    address: str
    flow: str
    name: str = ""
    template: str | None = None
    parameters: Mapping[str, str] | None = None
    inputs: Mapping[str, str] | None = None
    key: str = ""
    reason: str = ""
    by: str = ""


async def open_(settings: Settings, wanted: Wanted) -> str:
    """Have the conversation opened, and say in words what became of it; OperatorError when one is open already."""
    if wanted.account not in settings.accounts:
        known = nearest_or_all(wanted.account, settings.accounts)
        raise OperatorError(f"there is no account {wanted.account!r} in the settings{known}")
    if not wanted.address.strip():
        raise OperatorError("expected an address, found none")
    by = wanted.by or store.who()
    message = _message(settings, wanted)
    async with store.opened(settings) as database:
        inputs = await _inputs(database, wanted)
        address = wanted.address.strip()
        wish = Wish(
            key=wanted.key or secrets.token_hex(12),
            account=wanted.account,
            channel=settings.accounts[wanted.account].channel,
            address=address,
            name=wanted.name,
            workflow_id=keys.workflow_id(wanted.account, keys.address_key(installation_key(settings.data), address)),
            outreach=Outreach(flow=wanted.flow, inputs=inputs, message=message, by=by),
        )
        now = datetime.now(UTC)
        async with database.write() as c:
            if not await outreach.open_(c, wish, now):
                raise OperatorError(
                    f"a conversation with {address!r} on {wanted.account!r} is open: nothing was said; "
                    "`prosa conversation list` shows it"
                )
            what: dict[str, JsonValue] = {"account": wanted.account, "flow": wanted.flow, "template": wanted.template}
            subject = wish.conversation_id
            await audit.append(
                c, by=by, action="conversation open", subject=subject, reason=wanted.reason, now=now, data=what
            )
    return f"the conversation {wish.conversation_id[:12]} is being opened; `prosa conversation show` tells how it goes"


def _message(settings: Settings, wanted: Wanted) -> Content | None:
    templates = settings.known_templates
    if wanted.template is None:
        return None
    if wanted.template not in templates:
        known = nearest_or_all(wanted.template, templates)
        raise OperatorError(f"there is no template {wanted.template!r} in the settings{known}")
    text, sending = templates[wanted.template].filled(wanted.parameters or {})
    return Content(text=text, template=sending)


async def _inputs(database: Database, wanted: Wanted) -> dict[str, JsonValue]:
    """Return the inputs as values of the flow's variables."""
    async with database.read() as c:
        loaded = await flows.current(c, wanted.flow)
        names = [one.name for one in await flows.all_current(c)] if loaded is None else []
    if loaded is None:
        known = nearest_or_all(wanted.flow, names)
        raise OperatorError(f"no flow {wanted.flow!r} is published{known}")
    variables = Flow.load(loaded.content).variables
    found: dict[str, JsonValue] = {}
    for name, text in (wanted.inputs or {}).items():
        if name not in variables:
            raise OperatorError(f"flow {wanted.flow!r} has no variable {name!r}{nearest_or_all(name, variables)}")
        found[name] = _value(name, text) if variables[name].type in JSON else text
    return found


def _value(name: str, text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        raise OperatorError(f"input {name!r}: expected JSON, found {text!r}") from None
    return value
