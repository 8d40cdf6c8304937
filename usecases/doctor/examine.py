"""Look at everything the doctor knows, and return the findings, the worst last."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from temporalio.client import Client

from domain.errors import OperatorError, SettingsError
from journal import diagnosis
from journal.errors import DatabaseVersionError
from runtime.settings import Settings
from usecases import store
from usecases.doctor import connections, failures, flows, guesses, machine, mail, open_ones, people, temporal
from usecases.doctor import store as store_checkup
from usecases.doctor.finding import Finding, trouble
from usecases.doctor.temporal_away import away
from usecases.temporal_client import reached

ORDER: Final = ("fine", "notice", "trouble")


async def examine(settings: Settings, supplied: Collection[str]) -> list[Finding]:
    """Return all findings; a subject that cannot be examined is a finding too.

    *supplied* are the tables of `prosa.toml` to which a `prosa up` on this machine supplies the secrets.
    """
    try:
        async with reached(settings) as client:
            found = [*await temporal.look(client, settings), *await _data(settings, client)]
    except (OperatorError, SettingsError) as error:
        if isinstance(error, DatabaseVersionError):
            raise
        found = [away(settings, error), *await _data(settings, None)]
    found += [*await machine.look(settings, supplied), *await mail.look(settings)]
    found = merged(found, await connections.look(settings))
    return sorted(found, key=lambda finding: ORDER.index(finding.level))


def merged(found: list[Finding], tried: list[Finding]) -> list[Finding]:
    """Merge the result of our own call to an ERP (*tried*) with the failures of conversations there, if any."""
    seen = {finding.subject: finding for finding in tried}
    made: list[Finding] = []
    for said in found:
        if said.level == "trouble" and (too := seen.pop(said.subject, None)) is not None:
            mend = dict.fromkeys((*said.mend, *too.mend))
            made.append(replace(said, what=f"{said.what}; {too.what}", mend=tuple(mend)))
        else:
            made.append(said)
    return [*made, *seen.values()]


async def _data(settings: Settings, client: Client | None) -> list[Finding]:
    """Examine the database and its open conversations."""
    try:
        async with store.opened(settings) as database:
            async with database.read() as c:
                found = [*await store_checkup.look(c, settings.data), *await flows.look(c, settings)]
                rows = await diagnosis.open_rows(c, open_ones.MOST)
                ended = await diagnosis.unheard_since_end(c, datetime.now(UTC) - open_ones.UNHEARD, open_ones.MOST)
            seen = await open_ones.see(client, rows) if client is not None else []
            async with database.read() as c:
                failed = await failures.look(c, settings, open_ones.failing(seen))
                failed += [*await people.look(c, settings), *await guesses.look(c)]
            if client is None:
                return [*found, *failed]
            unheard = open_ones.look_at_ended(await open_ones.see(client, ended))
            return [*found, *failed, *open_ones.look(seen), *unheard]
    except DatabaseVersionError as error:
        why = "gateway and workers refuse to start with it"
        return [trouble("database", str(error), why, error.mend)]
    except OperatorError as error:
        why = "nothing is acknowledged but what fits on the gateway's disk, and nothing is answered"
        return [trouble("database", str(error), why, "start it, or mend database.url in prosa.toml")]
