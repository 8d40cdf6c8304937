"""Ask a calendar whether the company is open, and keep its answer."""

from domain.effect import FindBusinessTime
from domain.events.steps import VariableSet
from domain.times import BusinessTime
from flows.conversation import Conversation


async def business_time(conversation: Conversation, calendar: str, save_as: str | None) -> BusinessTime:
    """Return the state of *calendar* now, and keep it in the variable *save_as*, if there is one."""
    found = await conversation.perform(FindBusinessTime(calendar=calendar, at=conversation.now))
    if save_as is not None:
        value = found.model_dump(mode="json")
        conversation.set(save_as, value)
        conversation.record(VariableSet(variable=save_as, value=value))
    return found
