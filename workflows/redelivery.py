"""RedeliveryWorkflow: send one message again whose delivery was unknown."""

from temporalio import workflow

from domain.delivery import Delivered
from domain.effect import Deliver
from interpreter.turn import summary
from runtime.temporal_names import REDELIVERY
from workflows import effects


@workflow.defn(name=REDELIVERY)
class RedeliveryWorkflow:
    """Runs apart from the conversation, which may have ended: an operator decided to send the message again."""

    @workflow.run
    async def run(self, effect: Deliver) -> Delivered:
        """Send the parts of *effect*, which are queued again, with all the patience of a delivery."""
        return await effects.deliver(effect, f"again: {summary(effect)}", lambda: False)
