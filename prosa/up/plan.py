"""The plan of `prosa up`: settings with every port settled, and the variables for the processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.base import Tools, open_channels
from domain.errors import SettingsError
from erps.base import ErpTools, open_erps
from prosa.up import demo_erp
from prosa.up.demo_erp import DemoErp
from prosa.up.ports import Port, settled
from runtime import http, secrets
from runtime.sections import Connection
from runtime.settings import Settings
from usecases.doctor.missing_secrets import Lack, lacking


@dataclass(frozen=True)
class Plan:
    """The settings and programs that `prosa up` will start."""

    settings: Settings
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment of the processes beside the settings that they read themselves."""
    erps: tuple[DemoErp, ...] = ()
    notes: tuple[str, ...] = ()
    """Differences from the settings, a sentence each."""
    lacks: tuple[Lack, ...] = ()
    """Secrets that nobody has given the processes."""

    @property
    def embedded(self) -> bool:
        """Whether Temporal is started too."""
        return not self.settings.temporal.address

    @property
    def ui(self) -> str:
        """Where Temporal's own pages are; empty when it is not ours."""
        return f"http://127.0.0.1:{self.settings.temporal.ui_port}" if self.embedded else ""


async def make(settings: Settings, *, demo: bool, otherwise_free: bool = False) -> Plan:
    """Settle ports and check accounts and connections of the settings, before anything is started.

    With *demo*, demo ERPs that do not answer are started. PortTakenError for a taken port, unless
    *otherwise_free*: then a free one replaces it. SettingsError names what no process could work with.
    """
    await _check(settings)
    ports = [Port(settings.gateway.port, "gateway.port", settings.gateway.host)]
    if not settings.temporal.address:
        ports += [
            Port(settings.temporal.port, "temporal.port"),
            Port(settings.temporal.ui_port, "temporal.ui_port"),
        ]
    numbers = settled(ports, otherwise_free=otherwise_free)
    notes = [
        f"port {port.number} is taken: {port.setting} is {number} this time"
        for port, number in numbers.items()
        if port.number not in {0, number}
    ]
    environment = {port.variable: str(number) for port, number in numbers.items()}
    erps = tuple(await demo_erp.needed(settings, otherwise_free=otherwise_free)) if demo else ()
    for erp in erps:
        environment |= erp.environment
    by_setting = {port.setting: number for port, number in numbers.items()}
    lacks = tuple(lack for lack in lacking(settings) if secrets.variable(lack.name) not in environment)
    return Plan(_effective(settings, by_setting, erps), environment, erps, tuple(notes), lacks)


def _effective(settings: Settings, ports: Mapping[str, int], erps: tuple[DemoErp, ...]) -> Settings:
    gateway = settings.gateway.model_copy(update={"port": ports["gateway.port"]})
    temporal = settings.temporal.model_copy(
        update={name.removeprefix("temporal."): port for name, port in ports.items() if name.startswith("temporal.")}
    )
    urls = {
        variable.removeprefix("PROSA_CONNECTIONS__").removesuffix("__URL"): erp.url
        for erp in erps
        for variable in erp.environment
        if variable.endswith("__URL")
    }
    connections = {
        name: Connection.model_validate(connection.model_dump() | {"url": urls[name.upper()]})
        if name.upper() in urls
        else connection
        for name, connection in settings.connections.items()
    }
    return settings.model_copy(update={"gateway": gateway, "temporal": temporal, "connections": connections})


async def _check(settings: Settings) -> None:
    if not settings.accounts:
        raise SettingsError("prosa.toml: accounts: expected at least one, found none; `[accounts.site]` is a web chat")
    async with http.client() as client:
        open_channels(settings.accounts, Tools(http=client, key=b"", secret=str))
        open_erps(settings.connections, ErpTools(http=client, secret=str))
