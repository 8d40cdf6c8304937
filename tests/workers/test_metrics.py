from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from domain.call import CallErp, CallHttp, ErpAnswer, HttpAnswer, PostWebhook
from domain.delivery import Delivered, PartOutcome
from domain.effect import Deliver
from domain.errors import ErpCredentialError, HttpUnavailableError
from domain.event import Event
from runtime.metrics import REGISTRY
from workers.errors import ErrorTranslation
from workers.metrics import Measured

CALL = CallErp(connection="billing", operation="find", arguments={}, key="k", patience=timedelta(seconds=1))
HTTP = CallHttp(
    method="GET",
    url="https://coverage.example.com/88000000",
    limit=timedelta(seconds=1),
    key="k",
    card="find_coverage",
    patience=timedelta(seconds=1),
)
POST = PostWebhook(webhook="crm", event="left", key="k", patience=timedelta(seconds=1))
READ = Event(seq=1, kind="message_received", at=datetime.now(UTC) - timedelta(hours=10))
TURN = Deliver(conversation_id="c", account="a", channel="x", address="y", consumed=("e",), events=(READ,))


class Activity(ActivityInboundInterceptor):
    """What stands behind the interceptors."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name for it
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def through(effect: object, answer: object) -> None:
    @activity.defn(name="any")
    async def anything(_effect: object) -> None: ...

    inbound = Measured().intercept_activity(ErrorTranslation().intercept_activity(Activity(answer)))
    call = ExecuteActivityInput(fn=anything, args=[effect], executor=None, headers={})
    await ActivityEnvironment().run(inbound.execute_activity, call)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_turn_is_measured_from_the_moment_its_message_was_read() -> None:
    before = counted("prosa_turn_seconds_sum", account="a")
    await through(TURN, Delivered(parts=(PartOutcome(seq=2, state="sent"), PartOutcome(seq=3, state="unknown"))))
    assert 36_000 <= counted("prosa_turn_seconds_sum", account="a") - before < 40_000
    assert counted("prosa_messages_sent_total", account="a", state="unknown") >= 1


async def test_a_turn_with_something_left_to_send_is_measured_when_that_is_sent() -> None:
    before = counted("prosa_turn_seconds_count", account="a")
    await through(TURN, Delivered(parts=(PartOutcome(seq=2, state="queued"),)))
    assert counted("prosa_turn_seconds_count", account="a") == before


@pytest.mark.parametrize(
    ("answer", "outcome"), [(ErpAnswer(outcome="not_found"), "not_found"), (ErpCredentialError("no"), "erp_credential")]
)
async def test_each_attempt_at_an_erp_is_counted_with_what_came_of_it(answer: object, outcome: str) -> None:
    labels = {"connection": "billing", "operation": "find", "outcome": outcome}
    before = counted("prosa_erp_call_seconds_count", **labels)
    if isinstance(answer, Exception):
        with pytest.raises(ApplicationError):
            await through(CALL, answer)
    else:
        await through(CALL, answer)
    assert counted("prosa_erp_call_seconds_count", **labels) == before + 1


@pytest.mark.parametrize(
    ("effect", "answer", "called", "outcome"),
    [
        (HTTP, HttpAnswer(status=200), "http.find_coverage", "ok"),
        (HTTP, HttpUnavailableError("no answer"), "http.find_coverage", "http_unavailable"),
        (POST, HttpAnswer(outcome="rejected", status=410), "webhook.crm", "rejected"),
    ],
)
async def test_each_attempt_at_another_system_is_counted_by_card_or_receiver(
    effect: object, answer: object, called: str, outcome: str
) -> None:
    before = counted("prosa_http_call_seconds_count", called=called, outcome=outcome)
    if isinstance(answer, Exception):
        with pytest.raises(ApplicationError):
            await through(effect, answer)
    else:
        await through(effect, answer)
    assert counted("prosa_http_call_seconds_count", called=called, outcome=outcome) == before + 1
