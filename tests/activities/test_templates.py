import pytest
from temporalio.testing import ActivityEnvironment

from activities.templates import Templates
from domain.effect import FindTemplate
from domain.errors import UnknownNameError
from domain.template import MessageTemplate
from runtime.settings import Settings

TABLES = {
    "due": {"text": "Vence em {{ 1 }}."},
    "due_en": {"name": "due", "language": "en", "category": "marketing", "text": "Due on {{ 1 }}."},
}
KNOWN = Templates(Settings.model_validate({"templates": TABLES}).known_templates)


async def find(name: str) -> MessageTemplate:
    return await ActivityEnvironment().run(KNOWN.find_template, FindTemplate(template=name))


async def test_a_template_has_what_its_table_says_and_the_tables_name_unless_that_says_another() -> None:
    assert await find("due") == MessageTemplate(
        name="due", language="pt_BR", category="utility", text="Vence em {{ 1 }}."
    )
    assert await find("due_en") == MessageTemplate(
        name="due", language="en", category="marketing", text="Due on {{ 1 }}."
    )


async def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="one of the templates: due, due_en"):
        await find("do")
