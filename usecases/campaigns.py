"""Campaigns: a conversation with each contact of a list, once, at a pace that people and providers bear."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from domain import keys
from domain.campaign import SendCampaign, Tally
from domain.errors import AuthorError, UnknownNameError
from flows.flow import Variable
from journal.database import Database
from journal.outreach import Outcome
from runtime.schedules import Rate, ScheduleSection
from runtime.settings import Settings
from usecases import contact_lists
from usecases import opening as openings
from usecases.contact_lists import Line
from usecases.opening import OpenRequest

NAMED: Final = 5
"""Refused lines that an error names."""
_RATE: Final = TypeAdapter[str](Rate)
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}


class Sent(NamedTuple):
    """The result of one line of a campaign."""

    line: Line
    outcome: Outcome


def check_rate(rate: str) -> None:
    """Raise AuthorError unless *rate* can be read."""
    try:
        _RATE.validate_python(rate)
    except ValidationError:
        raise AuthorError(f"expected a rate such as 5/s, 30/min or 100/h, found {rate!r}") from None


def pause(rate: str) -> timedelta:
    """Return how long to wait after each conversation at *rate*: `30/min`."""
    count, _, unit = rate.partition("/")
    return timedelta(seconds=_SECONDS[unit] / int(count))


def key(campaign: str, address: str) -> str:
    """Return the key under which *campaign* opens a conversation with *address*, once."""
    return f"campaign:{hashlib.sha256(keys.SEPARATOR.join((campaign, address)).encode()).hexdigest()}"


async def send(
    database: Database, lines: Sequence[Line], campaign: str, rate: str, *, installation: bytes, by: str
) -> AsyncGenerator[Sent]:
    """Open a conversation with each contact, at *rate*; contacts whom *campaign* has reached before cost no time."""
    for line in lines:
        one = key(campaign, line.asked.request.address)
        opening = await openings.begin(database, line.asked, installation=installation, key=one, by=by)
        yield Sent(line, opening.outcome)
        if opening.outcome == "opened" and line is not lines[-1]:
            await asyncio.sleep(pause(rate).total_seconds())


def scheduled(settings: Settings, name: str, section: ScheduleSection, known: Mapping[str, Variable]) -> list[Line]:
    """Return the contacts for a run of the schedule now; *known* are its flow's variables. AuthorError: opens none."""
    reason = f"schedule {name}"
    request = OpenRequest(
        account=section.account, address="", flow=section.flow, template=section.template, reason=reason
    )
    lines, refused = contact_lists.read(section.contacts, settings, request, known)
    if refused:
        first = "; ".join(f"line {number}: {why}" for number, why in refused[:NAMED])
        raise AuthorError(f"{section.contacts}: {len(refused)} lines are not right: {first}")
    return lines


class Schedules:
    """Sends the campaigns of the schedules in *settings*."""

    def __init__(self, database: Database, settings: Settings, installation: bytes) -> None:
        self._database = database
        self._settings = settings
        self._installation = installation

    async def send(self, effect: SendCampaign) -> Tally:
        """Open the conversations of the schedule that this run has not yet opened.

        AuthorError when there is no such schedule any more, or its list is not right: then nothing is opened.
        """
        section = self._settings.schedules.get(effect.schedule)
        if section is None:
            raise UnknownNameError(f"there is no schedule {effect.schedule!r} in the settings")
        lines = await self._lines(effect.schedule, section)
        by = f"schedule {effect.schedule}"
        tally = Tally()
        async for _, outcome in send(
            self._database, lines, effect.key, section.rate, installation=self._installation, by=by
        ):
            # Conversations that an earlier attempt has opened count as opened.
            name = {"repeated": "opened", "key_taken": "refused"}.get(outcome, outcome)
            tally = tally.model_copy(update={name: getattr(tally, name) + 1})
        return tally

    async def _lines(self, name: str, section: ScheduleSection) -> list[Line]:
        async with self._database.read() as c:
            known = await openings.variables(c, section.flow)
        return await asyncio.to_thread(scheduled, self._settings, name, section, known)
