"""Posting an event to a receiver, and writing down what became of it."""

from datetime import timedelta

from pydantic import JsonValue

from domain.effect import PostWebhook
from domain.limits import LIMITS
from flows.conversation import Conversation


async def post(
    conversation: Conversation,
    receiver: str,
    event: str,
    data: dict[str, JsonValue],
    *,
    card: str,
    patience: timedelta = LIMITS.outside_patience,
) -> bool:
    """Post *event* with *data* to *receiver* of the settings; say whether it was taken."""
    began = conversation.now
    key = conversation.key
    answer = await conversation.perform(
        PostWebhook(webhook=receiver, event=event, data=data, key=key, card=card, patience=patience)
    )
    taken = answer.outcome == "ok"
    why: dict[str, JsonValue] = {} if taken else {"error": answer.error, "reason": answer.reason}
    conversation.record(
        "webhook_posted",
        webhook=receiver,
        event=event,
        outcome=answer.outcome,
        attempts=answer.attempts,
        seconds=round((conversation.now - began).total_seconds(), 3),
        **why,
    )
    return taken
