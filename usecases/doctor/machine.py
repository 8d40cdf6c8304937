"""This machine and prosa.toml: disk, accounts, the gateway."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import httpx

from channels.base import Tools, open_channels
from domain.errors import SettingsError
from domain.limits import LIMITS
from erps.base import ErpTools, open_erps
from runtime import http
from runtime.data_folder import occupant
from runtime.disk import Usage
from runtime.private_files import loose
from runtime.settings import Settings
from runtime.wording import size
from usecases.doctor.finding import Finding, count, fine, notice, trouble
from usecases.doctor.missing_secrets import guessable, lacking

NAMED: Final = 5
"""So many files are named at most."""
LEAST_FREE: Final = 1024**3
SCARCE: Final = 0.05
PATIENCE: Final = 3.0
"""Seconds."""


async def look(settings: Settings, supplied: Collection[str]) -> list[Finding]:
    """Return the findings on this machine; *supplied* are the tables whose secrets a `prosa up` supplies."""
    return [disk(settings.data), *private(settings.data), *await accounts(settings, supplied), await gateway(settings)]


def disk(folder: Path) -> Finding:
    """Say whether there is room left where *folder* is."""
    usage = Usage(folder)
    if usage.is_short_of(LIMITS.free_for_messages):
        return trouble(
            "disk",
            f"only {size(usage.free)} are free where {folder} is: the disk is nearly full",
            "nothing that contacts write is taken any more, so that open conversations can go on; providers try again",
            "make room, or move `data` of prosa.toml to a larger disk",
        )
    if usage.free < LEAST_FREE or usage.free < usage.total * SCARCE:
        return trouble(
            "disk",
            f"only {size(usage.free)} are free where {folder} is",
            f"below {size(LIMITS.free_for_uploads)} visitors can send no files, below "
            f"{size(LIMITS.free_for_messages)} nobody can write: providers keep what contacts write, for a while",
            "make room, or move `data` of prosa.toml to a larger disk",
        )
    return fine("disk", f"{size(usage.free)} free where {folder} is")


def private(folder: Path) -> Iterator[Finding]:
    """Yield the files in *folder* that other users of this machine can read."""
    if found := list(loose(folder)):
        named = ", ".join(str(one) for one in found[:NAMED]) + (", …" if len(found) > NAMED else "")
        yield notice(
            "files",
            f"other users of this machine can open {count(len(found), 'file or folder', 'files and folders')}: {named}",
            "conversations, files of contacts and keys are in there",
            f"chmod -R go= {folder}",
        )


async def accounts(settings: Settings, supplied: Collection[str]) -> list[Finding]:
    """Examine accounts and connections of prosa.toml."""
    if not settings.accounts:
        return [
            trouble(
                "accounts",
                "prosa.toml has no account",
                "nobody can write to Prosa",
                "add one: `[accounts.site]`, `channel = 'webchat'`, `flow = 'atendimento'`",
            )
        ]
    try:
        async with http.client() as client:
            open_channels(settings.accounts, Tools(http=client, key=b"", secret=str))
            open_erps(settings.connections, ErpTools(http=client, secret=str))
    except SettingsError as error:
        why = "gateway and workers refuse to start with it"
        return [trouble("settings", str(error), why, "mend prosa.toml, then start them again")]
    found = [*_missing(settings, supplied)]
    return found or [fine("settings", f"{count(len(settings.accounts), 'account')}, secrets found")]


def _missing(settings: Settings, supplied: Collection[str]) -> Iterator[Finding]:
    """Return the missing secrets; for a `prosa up` that runs here, those that its processes do not have."""
    here = occupant(settings.data)
    without = here.get("lacking", ())
    for lack in lacking(settings):
        if lack.name in without:
            yield trouble(
                "secrets",
                f"{lack.table}: {lack.why}",
                "the `prosa up` that runs here started without it: what needs it fails, each time",
                "write it into that file; or set the variable, and start `prosa up` again",
            )
        elif not here or lack.table not in supplied:
            yield notice(
                "secrets",
                f"{lack.table}: {lack.why}",
                "it is not to be found from here; the processes of Prosa may have it in their own environment",
                "if they do not: put it there, or into the file, and start them again",
            )
    for weak in guessable(settings):
        yield trouble(
            "secrets",
            f"{weak.table} {weak.why}",
            "whoever guesses it signs as that system, or comes in by that door; it is not accepted",
            "make a long random one: `openssl rand -hex 32`; give it to the other side, too",
        )


async def gateway(settings: Settings) -> Finding:
    """Say whether the gateway answers where it should, and can do its work."""
    url = settings.gateway.local_url
    try:
        async with http.client(seconds=PATIENCE) as client:
            answer = await client.get(f"{url}/ready")
            said: Any = answer.json()
            parts = {name: bool(said[name]) for name in ("database", "temporal")}
    except httpx.HTTPError as error:
        return trouble(
            "gateway",
            f"nothing answers at {url} ({type(error).__name__})",
            "providers cannot hand in what contacts write; most try again for hours, a web page does not",
            "start one: `prosa up` for everything, `prosa gateway` for it alone; its log says why it ended",
            "when it runs elsewhere, say where: gateway.host and gateway.port in prosa.toml",
        )
    except (ValueError, KeyError, TypeError):
        return trouble(
            "gateway",
            f"what answers at {url} is another program",
            "our gateway cannot listen there",
            f"find it with `ss -ltnp 'sport = :{settings.gateway.port}'` and end it, or choose another gateway.port",
        )
    if away := [name for name, there in parts.items() if not there]:
        return trouble(
            "gateway",
            f"the gateway at {url} cannot reach: {', '.join(away)}",
            "what contacts write is kept, and not answered",
            f"see what is said of {' and '.join(away)} above",
        )
    return fine("gateway", f"answers at {url}")
