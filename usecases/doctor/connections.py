"""The ERPs of the connections, tried from here: by a call of the plug-in's own where it has one, else by their port."""

import asyncio
from dataclasses import replace
from typing import Final

import httpx

from domain.errors import ErpError, ErpUnavailableError, SettingsError
from erps.base import ErpTools, open_erps
from runtime import http, secrets
from runtime.settings import Settings
from usecases.doctor import causes
from usecases.doctor.finding import Finding, fine, notice, trouble

PATIENCE: Final = 3.0
"""Seconds to connect."""
ANSWER: Final = 10.0
"""Seconds that an ERP may take for the call of its plug-in."""
_WHY: Final = "flows that ask it take their `failed` exit: contacts are told that the system is down"
_OTHERS: Final = "; unless the workers read another credential than this shell does"


async def look(settings: Settings) -> list[Finding]:
    """Return one finding for each connection."""
    async with http.client() as client:
        return await asyncio.gather(*(_connection(settings, name, client) for name in settings.connections))


async def _connection(settings: Settings, name: str, client: httpx.AsyncClient) -> Finding:
    subject = f"erp {name}"
    try:
        async with asyncio.timeout(ANSWER):
            proved = await _probe(settings, name, client)
    except (TimeoutError, ErpUnavailableError) as error:
        port = await _port(settings, name)
        return port if port.level == "trouble" else _failed(settings, name, "erp_unavailable", error)
    except ErpError as error:
        return _failed(settings, name, error.code, error)
    except SettingsError:  # it has a finding of its own; the port tells something all the same
        port = await _port(settings, name)
        return replace(port, what=f"{port.what}; its credential cannot be tried from here")
    if proved:
        return fine(subject, "from here it answers, and takes our credential as it is read here")
    return await _port(settings, name)


async def _probe(settings: Settings, name: str, client: httpx.AsyncClient) -> bool:
    directory = settings.data / "secrets"

    def secret(value: str) -> str:
        return secrets.resolve(value, directory).get_secret_value()

    opened = open_erps({name: settings.connections[name]}, ErpTools(http=client, secret=secret))
    return await opened[name].probe()


def _failed(settings: Settings, name: str, code: str, error: Exception) -> Finding:
    cause = causes.of_erp(settings, name, code)
    reason = str(error) or f"no answer within {ANSWER:g} s"
    why = _WHY + _OTHERS if code == "erp_credential" else _WHY
    return trouble(f"erp {name}", f"from here, {cause.what} ({reason})", why, *cause.mend)


async def _port(settings: Settings, name: str) -> Finding:
    """Say whether something takes connections where the ERP should be."""
    subject = f"erp {name}"
    try:
        url = httpx.URL(str(settings.connections[name].options.get("url", "")))
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not url.host:
        return notice(subject, "has no address that could be tried", "whether it answers shows when a flow calls it")
    port = url.port or {"https": 443}.get(url.scheme, 80)
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(url.host, port)
            writer.close()
    except OSError as error:  # a TimeoutError is one
        said = "it did not answer in time" if isinstance(error, TimeoutError) else "the port is closed"
        return trouble(
            subject,
            f"from here, nothing takes connections at {url.host}:{port} ({said})",
            _WHY,
            *causes.of_erp(settings, name, "erp_unavailable").mend,
        )
    return fine(subject, f"from here it takes connections at {url.host}:{port}")
