"""The demo ERP beside `prosa up`: started where a connection expects it and nothing answers."""

from dataclasses import dataclass

import httpx

from domain.errors import SettingsError
from prosa.up.ports import LOOPBACK, Port
from prosa.up.programs import Program, python
from runtime import http, secrets
from runtime.sections import Connection
from runtime.settings import Settings

ERP = "demo"
TOKEN = "demo-token"  # noqa: S105 - the demo's own, known to everybody
VARIABLE = "DEMO_ERP_TOKEN"
TIMEOUT = 2.0


@dataclass(frozen=True)
class DemoErp:
    """One demo ERP to start, and its settings for the other processes."""

    url: str
    token: str
    environment: dict[str, str]


async def needed(settings: Settings, *, otherwise_free: bool = False) -> list[DemoErp]:
    """Return the demo ERPs that connections name on this machine and that do not answer, one for each address.

    With *otherwise_free* they are started even where one answers, which somebody else may end, and a taken port is
    replaced by a free one; a port 0 always is.
    """
    found: list[DemoErp] = []
    settled: dict[str, DemoErp] = {}
    for name, connection in settings.connections.items():
        if not is_here(connection):
            continue
        url = httpx.URL(str(connection.options.get("url", "")))
        if not otherwise_free and await answers(str(url)):
            continue
        erp = settled.get(str(url))
        if erp is None:
            port = Port(80 if url.port is None else url.port, f"connections.{name}.url").settle(
                otherwise_free=otherwise_free
            )
            token, variables = _token(str(connection.options.get("token", "")), settings)
            erp = settled[str(url)] = DemoErp(f"http://{LOOPBACK}:{port}", token, variables)
            found.append(erp)
        erp.environment[f"PROSA_CONNECTIONS__{name.upper()}__URL"] = erp.url
    return found


def is_here(connection: Connection) -> bool:
    """Say whether *connection* is to a demo ERP on this machine, which `prosa up` starts when nothing answers."""
    if connection.erp != ERP:
        return False
    return httpx.URL(str(connection.options.get("url", ""))).host in {LOOPBACK, "localhost"}


def supplied(settings: Settings) -> set[str]:
    """Return the tables of `prosa.toml` to which `prosa up` supplies the secret: those of demo ERPs on this machine."""
    return {f"connections.{name}" for name, one in settings.connections.items() if is_here(one)}


async def answers(url: str) -> bool:
    """Say whether a demo ERP answers at *url*."""
    async with http.client(seconds=TIMEOUT) as client:
        try:
            return (await client.get(f"{url.rstrip('/')}/health")).is_success
        except (httpx.HTTPError, httpx.InvalidURL):
            return False


def program(erp: DemoErp, settings: Settings, number: int) -> Program:
    """Return the process of *erp*; its database stays in the data folder."""
    name = "demo-erp" if number == 0 else f"demo-erp-{number + 1}"
    database = settings.data / f"{name}.db"
    port = str(httpx.URL(erp.url).port)
    secret = {VARIABLE: erp.token}  # arguments are seen by every user of the machine
    return python(name, "emulators.erps.demo", "--port", port, "--database", str(database), environment=secret)


def _token(configured: str, settings: Settings) -> tuple[str, dict[str, str]]:
    """Return the token, and the variables that provide it where nobody else has."""
    try:
        token = secrets.resolve(configured, settings.data / "secrets").get_secret_value()
    except SettingsError:
        return TOKEN, {secrets.variable(configured): TOKEN}
    return token or TOKEN, {}
