"""Open a conversation from outside, for the command line and for programs of the company."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from pydantic import Field, JsonValue

from channels.base import channels
from domain import keys
from domain.errors import AuthorError, OperatorError, UnknownNameError
from domain.message import Content, Outreach
from domain.model import Value
from domain.suggestion import nearest_or_all
from flows.checks.inputs import check_inputs
from flows.flow import Flow, Variable
from journal import audit, flows, outreach
from journal.database import Database
from journal.outreach import OpenCommand, Outcome
from journal.transaction import Transaction
from runtime.secrets import installation_key
from runtime.settings import Settings
from usecases import store

JSON: Final = frozenset({"number", "boolean", "list", "record", "any"})
"""The types of variables whose values are written as JSON; all others are text."""
_REFUSED: Final[dict[Outcome, str]] = {
    "already_open": "a conversation with {address!r} on {account!r} is open: nothing was said; "
    "`prosa conversation list` shows it",
    "key_taken": "that key has opened another conversation: another contact, or another flow; nothing was said",
}


class OpenRequest(Value):
    """A request to open a conversation with one contact."""

    account: str
    address: str
    flow: str
    name: str = ""
    template: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    reason: str = ""


class OpenResult(Value):
    """The result of a request to open a conversation."""

    conversation_id: str
    outcome: Outcome


class Opened(Value):
    """A conversation that was opened from this machine, and what an operator is warned of."""

    conversation_id: str
    repeated: bool
    """It was opened before, under the same key."""
    warnings: tuple[str, ...] = ()


class CheckedRequest(Value):
    """A request that has been checked against settings and flow."""

    wanted: OpenRequest
    channel: str
    message: Content | None


async def open_here(settings: Settings, wanted: OpenRequest, written: Mapping[str, str], key: str, by: str) -> Opened:
    """Open the conversation, with the settings' own database and its inputs as text, as they are *written*.

    OperatorError when one is open already, or *key* has opened another; AuthorError when something does not fit.
    """
    async with store.opened(settings) as database:
        async with database.read() as c:
            values = inputs(await variables(c, wanted.flow), written)
        opening = await open_(
            database,
            settings,
            wanted.model_copy(update={"inputs": values}),
            installation=installation_key(settings.data),
            key=key,
            by=by or store.current_user(),
        )
    if opening.outcome in _REFUSED:
        raise OperatorError(_REFUSED[opening.outcome].format(address=wanted.address, account=wanted.account))
    why = unheard(settings, wanted)
    warnings = (f"nobody hears it: {why}",) if why else ()
    return Opened(conversation_id=opening.conversation_id, repeated=opening.outcome == "repeated", warnings=warnings)


async def open_(
    database: Database, settings: Settings, wanted: OpenRequest, *, installation: bytes, key: str, by: str
) -> OpenResult:
    """Have the conversation opened, once a *key* (any when it is empty), and the audit say so.

    *installation* is the key of the installation. AuthorError names what is not there, or does not fit.
    """
    async with database.read() as c:
        known = await variables(c, wanted.flow)
    return await begin(database, checked(settings, wanted, known), installation=installation, key=key, by=by)


def checked(settings: Settings, wanted: OpenRequest, known: Mapping[str, Variable]) -> CheckedRequest:
    """Return *wanted*, checked; *known* are the variables of its flow. AuthorError: see `open_`."""
    wanted = wanted.model_copy(update={"address": wanted.address.strip()})
    if not wanted.address:
        raise AuthorError("expected an address, found none")
    if wanted.account not in settings.accounts:
        there = nearest_or_all(wanted.account, settings.accounts)
        raise UnknownNameError(f"there is no account {wanted.account!r} in the settings{there}")
    message = _message(settings, wanted)
    check_inputs(wanted.flow, known, wanted.inputs)
    return CheckedRequest(wanted=wanted, channel=settings.accounts[wanted.account].channel, message=message)


def unheard(settings: Settings, wanted: OpenRequest) -> str:
    """Return why nobody hears what is said to the address of *wanted*; nothing when somebody may."""
    channel = settings.accounts[wanted.account].channel
    if channels[channel].reaches(wanted.address.strip()):
        return ""
    return f"the channel of {wanted.account!r}, {channel}, reaches only who has written, by the address of their visit"


async def begin(database: Database, asked: CheckedRequest, *, installation: bytes, key: str, by: str) -> OpenResult:
    """Have the conversation opened that is *asked* for; see `open_`."""
    wanted = asked.wanted
    wish = OpenCommand(
        key=key or secrets.token_hex(12),
        account=wanted.account,
        channel=asked.channel,
        address=wanted.address,
        name=wanted.name,
        workflow_id=keys.workflow_id(wanted.account, keys.address_key(installation, wanted.address)),
        outreach=Outreach(flow=wanted.flow, inputs=wanted.inputs, message=asked.message, by=by, reason=wanted.reason),
    )
    now = datetime.now(UTC)
    async with database.write() as c:
        outcome = await outreach.open_(c, wish, now)
        if outcome == "opened":
            what: dict[str, JsonValue] = {"account": wanted.account, "flow": wanted.flow, "template": wanted.template}
            subject = wish.conversation_id
            await audit.append(
                c, by=by, action="conversation open", subject=subject, reason=wanted.reason, now=now, data=what
            )
    return OpenResult(conversation_id=wish.conversation_id, outcome=outcome)


async def variables(c: Transaction, flow: str) -> Mapping[str, Variable]:
    """Return the variables of the published *flow*; UnknownNameError when there is none of that name."""
    loaded = await flows.current(c, flow)
    if loaded is None:
        known = nearest_or_all(flow, [one.name for one in await flows.all_current(c)])
        raise UnknownNameError(f"no flow {flow!r} is published{known}")
    return Flow.load(loaded.content).variables


def inputs(known: Mapping[str, Variable], written: Mapping[str, str]) -> dict[str, JsonValue]:
    """Return inputs as values that are *written* as text; what is no variable stays as it is written.

    AuthorError when something is no JSON whose variable holds more than text.
    """
    return {
        name: _value(name, text) if name in known and known[name].type in JSON else text
        for name, text in written.items()
    }


def _value(name: str, text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        raise AuthorError(f"input {name!r}: expected JSON, found {text!r}") from None
    return value


def _message(settings: Settings, wanted: OpenRequest) -> Content | None:
    templates = settings.known_templates
    if wanted.template is None:
        return None
    if wanted.template not in templates:
        known = nearest_or_all(wanted.template, templates)
        raise UnknownNameError(f"there is no template {wanted.template!r} in the settings{known}")
    text, sending = templates[wanted.template].filled(wanted.parameters)
    return Content(text=text, template=sending)
