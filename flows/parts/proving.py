"""Ask for a proof of who the contact is, and record what came of it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.call import CallAnswer, ConnectionCall
from domain.events.identity import IdentityChecked, IdentityProved
from domain.identity import CheckAddress, CheckRegister, SendCode
from domain.proof import Means
from flows.conversation import Conversation, Progress

CONFIRMED: Final = "confirmed"
EXITS: Final[Mapping[str, str]] = {
    "proved": CONFIRMED,
    "different": "refused",
    "exhausted": "refused",
    "impossible": "impossible",
}
"""Where each `Result` leads; a code that was sent is asked for."""

Check = CheckAddress | SendCode | CheckRegister
_BY: Final[Mapping[type[ConnectionCall[CallAnswer]], Means]] = {
    CheckAddress: "address",
    SendCode: "code",
    CheckRegister: "register",
}


class Checked(NamedTuple):
    """What came of a try: where it leads; of a code that was sent, where to, and its keyed hash."""

    exit: str = ""
    to: str = ""
    code: str = ""


async def check(conversation: Conversation, call: Check, progress: Progress | None) -> Checked:
    """Make *call*, record what came of it, and return that; a proof is kept with the conversation."""
    began = conversation.now
    answer = await conversation.perform(call, progress)
    checked, result = _read(answer)
    how = answer.model_dump(include={"outcome", "attempts"})
    why = {"error": answer.error, "reason": answer.reason} if answer.outcome == "failed" else {}
    place = {"connection": call.connection, "customer": call.customer, "by": _BY[type(call)]}
    seconds = round((conversation.now - began).total_seconds(), 3)
    told = {**place, **how, **why, "result": result, "to": checked.to, "seconds": seconds}
    conversation.record(IdentityChecked.model_validate(told))
    if result == "proved":
        prove(conversation, call.connection, call.customer, _BY[type(call)])
    return checked


def prove(conversation: Conversation, connection: str, customer: str, by: Means) -> None:
    """Keep with the conversation that the contact is *customer*."""
    conversation.record(IdentityProved(connection=connection, customer=customer, by=by))


def _read(answer: CallAnswer) -> tuple[Checked, str]:
    if answer.outcome == "failed":
        return Checked("failed"), ""
    if isinstance(answer.value, dict) and answer.value.get("code"):
        return Checked(to=str(answer.value.get("to") or ""), code=str(answer.value["code"])), "sent"
    result = next((known for known in EXITS if known == answer.value), "impossible")
    return Checked(EXITS[result]), result
