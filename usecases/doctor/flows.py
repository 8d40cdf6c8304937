"""Published flows: the settings that they need, and the flows that the settings name."""

from collections.abc import Iterator
from typing import Final

from domain.errors import SettingsError
from flows.checks.names import check_reminders
from flows.checks.needs import check_lists, check_named, check_needs
from flows.flow import Flow
from journal import flows
from journal.transaction import Transaction
from runtime.settings import Settings
from usecases import checking
from usecases.doctor.finding import Finding, notice, trouble

_UNWISHED: Final = "contacts who come that way are not answered as you wish"


async def look(c: Transaction, settings: Settings) -> list[Finding]:
    """Return the findings about the flows of new conversations."""
    published = [Flow.load(loaded.content) for loaded in await flows.all_current(c)]
    try:
        return list(_look(published, settings))
    except SettingsError as error:
        why = "workers do not start with settings that contradict themselves: contacts write and get no answer"
        return [trouble("settings", str(error), why, "mend prosa.toml, then start gateway and workers again")]


def _look(published: list[Flow], settings: Settings) -> Iterator[Finding]:
    installation = checking.installation(settings)
    if installation is None or not published:
        return
    for flow in published:
        for found in check_needs(flow, installation):
            yield trouble(
                f"flow {flow.flow}",
                f"card {found.card!r}: {found.sentence}",
                "whoever comes to that card is told that something failed, or takes its exit `failed`",
                f"{found.remedy}; then start gateway and workers again",
            )
    known = {flow.flow: flow for flow in published}
    for found in (*checking.check_ways_in(settings, known), *check_reminders(settings.silence)):
        yield trouble("settings", found.sentence, _UNWISHED, found.remedy)
    for found in check_lists(checking.wrong_lists(settings, known)):
        yield notice("settings", found.sentence, "a run whose list is not right opens nothing", found.remedy)
    for found in check_named(checking.named_flows(settings), known):
        yield trouble(
            "settings",
            found.sentence,
            _UNWISHED,
            f"publish it (`prosa flow publish`), or {found.remedy.partition(',')[0]}",
        )
