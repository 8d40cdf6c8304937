"""Templates as the settings have them: they change, histories do not."""

from collections.abc import Mapping
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import FindTemplate
from domain.errors import UnknownNameError
from domain.template import MessageTemplate


@activities.register
class Templates(Activities):
    """The activity `find_template`."""

    def __init__(self, known: Mapping[str, MessageTemplate]) -> None:
        self._known = known

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.settings.known_templates)

    @activity.defn(name=FindTemplate.activity)
    async def find_template(self, effect: FindTemplate) -> MessageTemplate:
        """Return the template; UnknownNameError when there is none of that name."""
        if effect.template not in self._known:
            known = ", ".join(sorted(self._known)) or "none"
            raise UnknownNameError(f"{effect.template!r} is not one of the templates: {known}")
        return self._known[effect.template]
