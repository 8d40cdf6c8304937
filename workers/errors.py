"""The one place where Prosa's errors become Temporal's, and where activities are given their log context."""

from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor
from typing_extensions import override

from domain.call import Call
from domain.effect import Deliver
from domain.errors import ProsaError, SendError
from runtime.failpoints import reach

log = structlog.get_logger()


class ErrorTranslation(Interceptor):
    """Translates errors at the border between activities and Temporal."""

    @override
    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _TranslatedActivity(super().intercept_activity(next))


class _TranslatedActivity(ActivityInboundInterceptor):
    @override
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        effect = input.args[0] if input.args else None
        with structlog.contextvars.bound_contextvars(
            workflow_id=info.workflow_id, activity=info.activity_type, attempt=info.attempt, **_place(effect)
        ):
            try:
                answer = await super().execute_activity(input)
            except ProsaError as error:
                log.warning("activity_failed", code=error.code, error=str(error), retryable=error.retryable)
                raise ApplicationError(
                    str(error),
                    info.attempt,
                    type=error.code,
                    non_retryable=not _retryable(error),
                    next_retry_delay=error.retry_after if isinstance(error, SendError) else None,
                ) from None  # with its causes and their stacks Temporal cuts it to "Failure exceeds size limit."
        if info.is_local:
            reach("before_task_complete")
        return answer


def _place(effect: object) -> dict[str, Any]:
    """Return conversation, card and seq of *effect*, as far as it says; the activity may know more."""
    match effect:
        case Deliver():
            return {"conversation": effect.conversation_id}
        case Call():
            conversation, _, seq = effect.key.partition(":")
            return {"conversation": conversation, "seq": seq, "card": effect.card}
        case _:
            return {}


def _retryable(error: ProsaError) -> bool:
    """Say whether trying again helps: always for a send, as `deliver` returns those for which it does not."""
    return error.retryable or isinstance(error, SendError)
