"""Effect to activity: time limits, retries and task queues; the only caller of Temporal's execute_activity."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar, cast

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception
from temporalio.exceptions import TimeoutError as TimedOutError

from domain.call import Call, CallAnswer, ConnectionCall
from domain.delivery import Delivered
from domain.effect import AtOnce, Deliver, Effect, LoadedFlow, LoadFlow
from domain.errors import FlowError
from domain.limits import LIMITS
from runtime.temporal_names import erp_queue

A = TypeVar("A")

ONCE: Final = RetryPolicy(maximum_attempts=1)
PATIENT: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
BRISK: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10))

NOT_TWICE: Final = replace(BRISK, non_retryable_error_types=["TemporalTimeout:StartToClose"])
"""For calls that must not be repeated when their outcome is unknown; Temporal's own name for a lost attempt."""

LOCAL_FAILURES: Final = (ApplicationError, ActivityError, TimedOutError)
"""Exceptions of a failed local activity. A timeout raises ActivityError at first, and when it is replayed the
TimeoutError that was inside: its marker keeps no more (temporalio 1.35). Both have to lead the same way."""


Skipped = Callable[[], bool]
"""Whether an operator has asked to skip the wait."""


async def deliver(effect: Deliver, summary: str, skipped: Skipped) -> Delivered:
    """Commit and send a turn: first as a local activity, then, for parts that may be tried again, as a regular one.

    A local activity is done before the history knows of it. If the worker dies in between, the turn is played
    again, with all that has arrived meanwhile: only one that can be repeated may be delivered so.
    """
    delivered = await _deliver_at_once(effect, summary) if effect.repeatable else None
    if delivered is not None and (delivered.stale or not delivered.pending):
        return delivered
    try:
        return await _regular_delivery(effect, LIMITS.delivery_patience, summary, skipped)
    except ActivityError as error:
        given_up = effect.model_copy(update={"give_up": True})
        delivered = await _regular_delivery(given_up, None, f"give up: {summary}", lambda: False)
        return delivered.model_copy(update={"skipped": is_cancelled_exception(error)})


async def _regular_delivery(effect: Deliver, patience: timedelta | None, summary: str, skipped: Skipped) -> Delivered:
    handle = workflow.start_activity(
        effect.activity,
        effect,
        result_type=Delivered,
        schedule_to_close_timeout=patience,
        start_to_close_timeout=LIMITS.regular_delivery,
        heartbeat_timeout=LIMITS.delivery_heartbeat,
        retry_policy=PATIENT,
        summary=summary,
    )
    return cast("Delivered", await _unless(skipped, handle))


async def _deliver_at_once(effect: Deliver, summary: str) -> Delivered | None:
    """Return the outcome of the turn; None when it is unknown."""
    try:
        return cast(
            "Delivered",
            await workflow.execute_local_activity(
                effect.activity,
                effect,
                result_type=Delivered,
                start_to_close_timeout=LIMITS.local_delivery,
                retry_policy=ONCE,
                summary=summary,
            ),
        )
    except LOCAL_FAILURES:
        return None


async def load(effect: LoadFlow) -> LoadedFlow:
    """Read a flow version; its content is in the history of every run that plays it.

    FlowError when no such flow is published.
    """
    try:
        return await _quick(effect, LoadedFlow, f"flow {effect.name}")
    except ActivityError as error:
        raise FlowError(f"flow {effect.name!r} cannot be read: {error.cause or error}") from error


async def perform(
    effect: Effect[A], after: timedelta | None, report: Callable[[], Awaitable[None]] | None, skipped: Skipped
) -> A:
    """Have *effect* done by a regular activity; *report* is called once when it takes longer than *after*."""
    if isinstance(effect, AtOnce):
        return await _at_once(effect)
    if not isinstance(effect, Call):
        return await _regular(effect, effect.answer, effect.activity)
    call = asyncio.create_task(_call(cast("Call[Any]", effect), skipped))
    if after is not None and report is not None:
        try:
            await workflow.wait_condition(call.done, timeout=after, timeout_summary="say that it takes longer")
        except TimeoutError:
            await report()
    return cast("A", await call)


async def _at_once(effect: AtOnce[A]) -> A:
    """Perform an effect that takes no time; FlowError when it fails."""
    try:
        return await _quick(effect, cast("type[A]", effect.answer), effect.what)
    except ActivityError as error:
        raise FlowError(f"{effect.what} cannot be read: {error.cause or error}") from error


async def _call(effect: Call[Any], skipped: Skipped) -> CallAnswer:
    """Call a system outside, an ERP on the task queue of its connection; a failure is an answer too."""
    started = workflow.now()
    ours = isinstance(effect, ConnectionCall)
    kind, queue = ("erp", erp_queue(effect.connection)) if ours else ("call", None)
    try:
        answer: CallAnswer = await _unless(
            skipped,
            workflow.start_activity(
                effect.activity,
                effect,
                result_type=effect.answer,
                task_queue=queue,
                schedule_to_close_timeout=effect.patience,
                start_to_close_timeout=effect.attempt,
                # Without it, a call that a dying worker took along would be missed as late as that.
                heartbeat_timeout=LIMITS.outside_heartbeat if effect.idempotent else None,
                retry_policy=BRISK if effect.idempotent else NOT_TWICE,
                summary=f"{kind}: {effect.called}",
            ),
        )
    except ActivityError as error:
        answer = _failed(effect, error)
    return answer.model_copy(update={"started_at": started})


def _failed(effect: Call[Any], error: ActivityError) -> CallAnswer:
    """Return the answer of a call that was given up, with the details of its last attempt."""
    answer: CallAnswer = effect.answer(
        outcome="failed", reason=str(error.cause or error), skipped=is_cancelled_exception(error)
    )
    if not isinstance(error.cause, ApplicationError):
        return answer
    attempts = next((detail for detail in error.cause.details if isinstance(detail, int)), answer.attempts)
    return answer.model_copy(update={"error": error.cause.type or "", "attempts": attempts})


async def _quick(effect: Effect[Any], answer: type[A], summary: str) -> A:
    """Have *effect* done by a local activity, which costs one event; when that fails, by a regular one."""
    try:
        return cast(
            "A",
            await workflow.execute_local_activity(
                effect.activity,
                effect,
                result_type=answer,
                start_to_close_timeout=LIMITS.local_delivery,
                retry_policy=ONCE,
                summary=summary,
            ),
        )
    except LOCAL_FAILURES:
        return await _regular(effect, answer, summary)


async def _regular(effect: Effect[Any], answer: type[A], summary: str) -> A:
    return cast(
        "A",
        await workflow.execute_activity(
            effect.activity,
            effect,
            result_type=answer,
            start_to_close_timeout=LIMITS.regular_delivery,
            retry_policy=PATIENT,
            summary=summary,
        ),
    )


async def _unless(skipped: Skipped, handle: workflow.ActivityHandle[Any]) -> Any:
    """Return the activity's answer; it is cancelled, which raises ActivityError, once the wait is skipped."""
    await workflow.wait_condition(lambda: handle.done() or skipped())
    if not handle.done():
        handle.cancel()
    return await handle
