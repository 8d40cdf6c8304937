"""Open a conversation from outside, for the command line and for programs of the company."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue

from channels.base import channels
from domain import keys
from domain.errors import AuthorError, OperatorError, UnknownNameError
from domain.message import Content, Outreach
from domain.model import Value
from domain.suggestion import nearest_or_all
from flows.checks.inputs import read_inputs
from flows.flow import Flow, Variable
from journal import audit, flows, outreach
from journal.database import Database
from journal.outreach import OpenCommand, Outcome
from journal.transaction import Transaction
from runtime import outside_json
from runtime.secrets import installation_key
from runtime.settings import Settings
from usecases import store

JSON: Final = frozenset({"list", "record", "any"})
"""Types of variables whose values are given as JSON; all others are text."""
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
    on_behalf_of: str = ""
    """Who had a program ask, as that program says."""


class OpenResult(Value):
    """The result of a request to open a conversation."""

    conversation_id: str
    outcome: Outcome


class Opened(Value):
    """A conversation that was opened from this machine, and warnings for the operator."""

    conversation_id: str
    repeated: bool
    """It was opened before, under the same key."""
    warnings: tuple[str, ...] = ()


class CheckedRequest(Value):
    """A request that has been checked against settings and flow."""

    request: OpenRequest
    channel: str
    message: Content | None


async def open_here(settings: Settings, request: OpenRequest, written: Mapping[str, str], key: str, by: str) -> Opened:
    """Open the conversation, with the settings' own database and its inputs as text, as they are *written*.

    OperatorError when one is open already, or *key* has opened another; AuthorError when something does not fit.
    """
    async with store.opened(settings) as database:
        async with database.read() as c:
            values = inputs(await variables(c, request.flow), written)
        opening = await open_(
            database,
            settings,
            request.model_copy(update={"inputs": values}),
            installation=installation_key(settings.data),
            key=key,
            by=by or store.current_user(),
        )
    if opening.outcome in _REFUSED:
        raise OperatorError(_REFUSED[opening.outcome].format(address=request.address, account=request.account))
    why = unheard(settings, request)
    warnings = (f"nobody hears it: {why}",) if why else ()
    return Opened(conversation_id=opening.conversation_id, repeated=opening.outcome == "repeated", warnings=warnings)


async def open_(
    database: Database, settings: Settings, request: OpenRequest, *, installation: bytes, key: str, by: str
) -> OpenResult:
    """Have the conversation opened, once a *key* (any when it is empty), and the audit say so.

    *installation* is the key of the installation. AuthorError names what is not there, or does not fit.
    """
    async with database.read() as c:
        known = await variables(c, request.flow)
    return await begin(database, checked(settings, request, known), installation=installation, key=key, by=by)


def checked(settings: Settings, request: OpenRequest, known: Mapping[str, Variable]) -> CheckedRequest:
    """Return *request*, checked; *known* are the variables of its flow. AuthorError: see `open_`."""
    request = request.model_copy(update={"address": request.address.strip()})
    if not request.address:
        raise AuthorError("expected an address, found none")
    if request.account not in settings.accounts:
        there = nearest_or_all(request.account, settings.accounts)
        raise UnknownNameError(f"there is no account {request.account!r} in the settings{there}")
    message = _message(settings, request)
    today = datetime.now(ZoneInfo(settings.company.zone)).date()
    read = read_inputs(request.flow, known, request.inputs, today)
    request = request.model_copy(update={"inputs": read})
    return CheckedRequest(request=request, channel=settings.accounts[request.account].channel, message=message)


def unheard(settings: Settings, request: OpenRequest) -> str:
    """Return the reason why messages to the address of *request* reach nobody; empty when they may."""
    channel = settings.accounts[request.account].channel
    if channels[channel].reaches(request.address.strip()):
        return ""
    return f"the channel of {request.account!r}, {channel}, reaches only who has written, by the address of their visit"


async def begin(database: Database, asked: CheckedRequest, *, installation: bytes, key: str, by: str) -> OpenResult:
    """Have the conversation opened that is *asked* for; see `open_`."""
    request = asked.request
    command = OpenCommand(
        key=key or secrets.token_hex(12),
        account=request.account,
        channel=asked.channel,
        address=request.address,
        name=request.name,
        workflow_id=keys.workflow_id(request.account, keys.address_key(installation, request.address)),
        outreach=Outreach(
            flow=request.flow,
            inputs=request.inputs,
            message=asked.message,
            by=f"{request.on_behalf_of} ({by})" if request.on_behalf_of else by,
            reason=request.reason,
        ),
    )
    now = datetime.now(UTC)
    async with database.write() as c:
        outcome = await outreach.open_(c, command, now)
        if outcome == "opened":
            what: dict[str, JsonValue] = {
                "account": request.account,
                "flow": request.flow,
                "template": request.template,
                **({"on_behalf_of": request.on_behalf_of} if request.on_behalf_of else {}),
            }
            subject = command.conversation_id
            await audit.append(
                c, by=by, action="conversation open", subject=subject, reason=request.reason, now=now, data=what
            )
    return OpenResult(conversation_id=command.conversation_id, outcome=outcome)


async def variables(c: Transaction, flow: str) -> Mapping[str, Variable]:
    """Return the variables of the published *flow*; UnknownNameError when there is none of that name."""
    loaded = await flows.current(c, flow)
    if loaded is None:
        known = nearest_or_all(flow, [one.name for one in await flows.all_current(c)])
        raise UnknownNameError(f"no flow {flow!r} is published{known}")
    return Flow.load(loaded.content).variables


def inputs(known: Mapping[str, Variable], written: Mapping[str, str]) -> dict[str, JsonValue]:
    """Return the inputs that are *written* as text as values; names of no variable stay text.

    AuthorError when something is no JSON whose variable holds more than text.
    """
    return {
        name: _value(name, text) if name in known and known[name].type in JSON else text
        for name, text in written.items()
    }


def _value(name: str, text: str) -> JsonValue:
    try:
        return outside_json.read(text)
    except ValueError as error:
        raise AuthorError(f"input {name!r}: {error}, found {text!r}") from None


def _message(settings: Settings, request: OpenRequest) -> Content | None:
    templates = settings.known_templates
    if request.template is None:
        return None
    if request.template not in templates:
        known = nearest_or_all(request.template, templates)
        raise UnknownNameError(f"there is no template {request.template!r} in the settings{known}")
    text, sending = templates[request.template].filled(request.parameters)
    return Content(text=text, template=sending)
