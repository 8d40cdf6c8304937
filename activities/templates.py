"""Templates as the settings have them: they change, histories do not."""

from collections.abc import Mapping

from temporalio import activity

from domain.effect import FindTemplate
from domain.errors import UnknownNameError
from domain.template import Template


class Templates:
    """The activity `find_template`."""

    def __init__(self, known: Mapping[str, Template]) -> None:
        self._known = known

    @activity.defn(name=FindTemplate.activity)
    async def find_template(self, effect: FindTemplate) -> Template:
        """Return the template; UnknownNameError when there is none of that name."""
        if effect.template not in self._known:
            known = ", ".join(sorted(self._known)) or "none"
            raise UnknownNameError(f"{effect.template!r} is not one of the templates: {known}")
        return self._known[effect.template]
