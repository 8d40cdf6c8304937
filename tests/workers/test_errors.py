import asyncio
import inspect
from datetime import timedelta
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput
from typing_extensions import override

from domain import errors
from domain.call import CallErp
from domain.errors import CredentialError, ErpUnavailableError, NotSentError, ProsaError, SendError, SettingsError
from tests.journal.factory import deliver
from workers.errors import ErrorTranslation

CALL = CallErp(
    connection="billing",
    operation="find",
    arguments={},
    key="c0ffee:7",
    card="find_customer",
    patience=timedelta(minutes=2),
)
KINDS: list[type[ProsaError]] = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, ProsaError) and found.__module__ == errors.__name__
]


class Activity(ActivityInboundInterceptor):
    """The activity behind the border: it raises, or answers with the log context that it sees."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    @override
    def init(self, outbound: Any) -> None:
        pass

    @override
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        if self.error is not None:
            raise self.error
        return dict(structlog.contextvars.get_contextvars())


async def crossed(error: BaseException | None = None, effect: object = CALL) -> Any:
    """Return what comes out of the border."""

    @activity.defn(name="any")
    async def anything(_effect: object) -> None: ...

    border = ErrorTranslation().intercept_activity(Activity(error))
    call = ExecuteActivityInput(fn=anything, args=[effect], executor=None, headers={})
    return await ActivityEnvironment().run(border.execute_activity, call)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
async def test_every_error_of_the_tree_becomes_one_that_temporal_understands(kind: type[ProsaError]) -> None:
    with pytest.raises(ApplicationError) as raised:
        await crossed(kind("what happened"))
    assert (raised.value.message, raised.value.type) == ("what happened", kind.code)
    assert raised.value.details == (1,), "the workflow is to know how often it was tried"
    assert raised.value.non_retryable is not (kind.retryable or issubclass(kind, SendError))
    assert raised.value.__cause__ is None, "with its causes Temporal finds it too large, and keeps no word of it"


async def test_temporal_waits_for_as_long_as_the_provider_said() -> None:
    later = timedelta(seconds=7)
    with pytest.raises(ApplicationError) as raised:
        await crossed(NotSentError("429", retry_after=later))
    assert raised.value.next_retry_delay == later
    with pytest.raises(ApplicationError) as raised:
        await crossed(CredentialError("401"))
    assert raised.value.next_retry_delay is None


async def test_what_is_no_error_of_ours_passes_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        await crossed(ZeroDivisionError())
    with pytest.raises(asyncio.CancelledError):
        await crossed(asyncio.CancelledError())


async def test_a_failed_activity_is_one_line_that_says_whether_it_will_be_tried_again() -> None:
    for error, retryable in ((ErpUnavailableError("later"), True), (SettingsError("wrong"), False)):
        with capture_logs() as logs, pytest.raises(ApplicationError):
            await crossed(error)
        (line,) = logs
        assert (line["event"], line["code"], line["retryable"]) == ("activity_failed", error.code, retryable)


async def test_every_line_of_an_activity_names_workflow_conversation_and_attempt() -> None:
    asked = await crossed()
    assert asked["workflow_id"] == "test"
    assert (asked["conversation"], asked["seq"], asked["card"], asked["attempt"]) == ("c0ffee", "7", "find_customer", 1)
    effect = deliver()
    assert (await crossed(effect=effect))["conversation"] == effect.conversation_id
    assert structlog.contextvars.get_contextvars() == {}
