"""Messages made of templates that the settings have."""

from domain.effect import FindTemplate
from domain.fields import Template
from domain.message import Content
from flows.conversation import Conversation
from flows.names import Name

Parameters = dict[Name, Template] | tuple[Template, ...]
"""Values for the places of a template: by name, or in the order of their numbers."""


def by_place(parameters: Parameters) -> dict[str, str]:
    """Return *parameters* by the name, or the number, of their place."""
    if isinstance(parameters, dict):
        return dict(parameters)
    return {str(number): text for number, text in enumerate(parameters, 1)}


async def approved(conversation: Conversation, template: str, parameters: Parameters) -> Content:
    """Return the message that *template* makes; FlowError when there is none, or *parameters* do not fit its places."""
    found = await conversation.perform(FindTemplate(template=template))
    text, sending = found.filled({place: conversation.render(said) for place, said in by_place(parameters).items()})
    return Content(text=text, template=sending)
