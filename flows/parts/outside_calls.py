"""Call another system from a card, and record the result."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import JsonValue

from domain.call import Call, CallAnswer, CallErp, ErpAnswer, PostWebhook, SendEmail
from domain.events.calls import EmailSent, ErpCalled, HttpCalled, WebhookPosted
from domain.limits import LIMITS
from flows.conversation import Conversation, Progress

C = TypeVar("C", bound=CallAnswer)
Kind = type[ErpCalled] | type[HttpCalled] | type[WebhookPosted] | type[EmailSent]


async def make(
    conversation: Conversation, call: Call[C], kind: Kind, called: Mapping[str, str], progress: Progress | None
) -> C:
    """Return the answer to *call*; record an event of *kind* with the fields *called* and the outcome."""
    began = conversation.now
    answer = await conversation.perform(call, progress)
    how = answer.model_dump(include={"status", "outcome", "refused", "attempts"})
    refused = isinstance(answer, ErpAnswer) and answer.error  # by us: the contact has proved nothing, or asks too much
    why = {"error": answer.error, "reason": answer.reason} if refused or answer.outcome == "failed" else {}
    took = round((conversation.now - began).total_seconds(), 3)
    conversation.record(kind.model_validate({**called, **how, **why, "seconds": took}))
    return answer


async def call_erp(  # noqa: PLR0913 - what a call consists of
    conversation: Conversation,
    connection: str,
    operation: str,
    arguments: dict[str, JsonValue],
    *,
    card: str,
    patience: timedelta,
    progress: Progress | None,
) -> ErpAnswer:
    """Return the answer of *operation* of *connection*."""
    call = CallErp(
        connection=connection,
        operation=operation,
        arguments=arguments,
        key=conversation.key,
        proved=tuple(proof.customer for proof in conversation.proofs if proof.connection == connection),
        card=card,
        patience=patience,
    )
    return await make(conversation, call, ErpCalled, {"connection": connection, "operation": operation}, progress)


async def post_event(
    conversation: Conversation,
    receiver: str,
    event: str,
    data: dict[str, JsonValue],
    *,
    card: str,
    patience: timedelta = LIMITS.outside_patience,
) -> bool:
    """Post *event* with *data* to *receiver* of the settings; say whether it was taken."""
    call = PostWebhook(webhook=receiver, event=event, data=data, key=conversation.key, card=card, patience=patience)
    answer = await make(conversation, call, WebhookPosted, {"webhook": receiver, "event": event}, None)
    return answer.outcome == "ok"


async def tell_people(  # noqa: PLR0913 - who is told what
    conversation: Conversation,
    event: str,
    data: dict[str, JsonValue],
    *,
    card: str,
    webhook: str = "",
    email: str = "",
    subject: str = "",
) -> None:
    """Send *event* with *data* and the place in the conversation by *webhook*, by *email*, or both."""
    protocol = conversation.evaluate("conversation.protocol")
    place: dict[str, JsonValue] = {
        "card": card,
        "protocol": protocol,
        "account": conversation.evaluate("conversation.account"),
        "contact": conversation.evaluate("contact.name"),
    }
    content = {**data, **place}
    if webhook:
        await post_event(conversation, webhook, event, content, card=card)
    if email:
        call = SendEmail(
            email=email,
            event=event,
            subject=subject or f"{conversation.title} · {protocol}",
            data=content,
            key=conversation.key,
            card=card,
            patience=LIMITS.outside_patience,
        )
        await make(conversation, call, EmailSent, {"email": email, "event": event}, None)


def host_of(url: str) -> str:
    """Return the host of *url*, which the journal may name: the rest may hold personal data."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
