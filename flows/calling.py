"""Calling an operation of a connection, and writing down what became of it."""

from datetime import timedelta

from pydantic import JsonValue

from domain.effect import CallErp, ErpAnswer
from flows.conversation import Conversation, Progress


async def call(  # noqa: PLR0913 - what a call consists of
    conversation: Conversation,
    connection: str,
    operation: str,
    arguments: dict[str, JsonValue],
    *,
    card: str,
    patience: timedelta,
    progress: Progress | None,
) -> ErpAnswer:
    """Return what *operation* of *connection* answers."""
    began = conversation.now
    effect = CallErp(
        connection=connection,
        operation=operation,
        arguments=arguments,
        key=conversation.key,
        card=card,
        patience=patience,
    )
    answer = await conversation.perform(effect, progress)
    why: dict[str, JsonValue] = {"error": answer.error, "reason": answer.reason} if answer.outcome == "failed" else {}
    conversation.record(
        "erp_called",
        connection=connection,
        operation=operation,
        outcome=answer.outcome,
        attempts=answer.attempts,
        seconds=round((conversation.now - began).total_seconds(), 3),
        **why,
    )
    return answer
