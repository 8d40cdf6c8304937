"""`prosa db`: the database's version."""

import asyncio

from journal import database
from prosa.context import application, examples, loaded, run
from prosa.terminal import out
from runtime.settings import Settings
from usecases import store

app = application("Upgrade the database, and see its version.")


@app.command(epilog=examples("prosa db upgrade"))
def upgrade() -> None:
    """Bring the database to the version that this Prosa works with."""
    applied = database.upgrade(loaded().database_url)
    console = out()
    for revision in applied:
        console.print(f"[green]✔[/] {revision}")
    if not applied:
        console.print("up to date")


@app.command(epilog=examples("prosa db version"))
def version() -> None:
    """Say whether the database is the one that this Prosa works with; status 2 when it is not."""
    run(_check(loaded()))
    out().print("[green]✔[/] the database is the one that this Prosa works with")


async def _check(settings: Settings) -> None:
    async with store.opened(settings):
        await asyncio.sleep(0)
