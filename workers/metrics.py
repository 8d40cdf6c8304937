"""The workers' counters: turns, message results, calls to ERPs and other systems."""

import time
from datetime import UTC, datetime
from typing import Any, cast

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor
from typing_extensions import override

from domain.call import Call, CallAnswer, CallErp
from domain.delivery import Delivered
from domain.effect import Deliver
from runtime.metrics import CALLS, FAILURES, HTTP_CALLS, SENT, TURNS


class Measured(Interceptor):
    """Measures activities; stands outside the border, where every error of ours has its code."""

    @override
    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _MeasuredActivity(super().intercept_activity(next))


class _MeasuredActivity(ActivityInboundInterceptor):
    @override
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        effect = input.args[0] if input.args else None
        began = time.perf_counter()
        try:
            answer = await super().execute_activity(input)
        except ApplicationError as error:
            code = error.type or "unknown"
            FAILURES.labels(activity.info().activity_type, code).inc()
            if isinstance(effect, Call):
                _called(cast("Call[Any]", effect), code, time.perf_counter() - began)
            raise
        if isinstance(effect, Deliver) and isinstance(answer, Delivered):
            _delivered(effect, answer)
        elif isinstance(effect, Call) and isinstance(answer, CallAnswer):
            _called(cast("Call[Any]", effect), answer.outcome, time.perf_counter() - began)
        return answer


def _called(effect: Call[Any], outcome: str, took: float) -> None:
    if isinstance(effect, CallErp):
        CALLS.labels(effect.connection, effect.operation, outcome).observe(took)
    else:
        HTTP_CALLS.labels(effect.called, outcome).observe(took)


def _delivered(effect: Deliver, answer: Delivered) -> None:
    for part in answer.parts:
        SENT.labels(effect.account, part.state).inc()
    if effect.consumed and effect.events and not answer.pending:
        took = datetime.now(UTC) - effect.events[0].at
        TURNS.labels(effect.account).observe(max(took.total_seconds(), 0.0))
