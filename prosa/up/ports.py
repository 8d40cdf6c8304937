"""Ports: free ones, and whether one is taken."""

import errno
import random
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.errors import PortTakenError
from prosa.up.port_owner import owner

LOOPBACK = "127.0.0.1"
_UNCLAIMED: Final = range(10_240, 32_768)
"""Ports that no system gives to outgoing connections, so that none takes one before the program for it has started."""


@dataclass(frozen=True)
class Port:
    """One port that Prosa will listen on, and the setting that says which."""

    number: int
    setting: str
    """`gateway.port`."""
    host: str = LOOPBACK

    @property
    def variable(self) -> str:
        """The environment variable that wins over the setting."""
        return "PROSA_" + self.setting.upper().replace(".", "__")

    def settle(self, *, otherwise_free: bool = False) -> int:
        """Return the number, a free one instead of 0; PortTakenError when another process listens there.

        With *otherwise_free* a taken port is replaced by a free one.
        """
        if self.number == 0 or (otherwise_free and taken(self.host, self.number)):
            return free(self.host)
        if taken(self.host, self.number):
            who = owner(self.number) or "another process"
            raise PortTakenError(
                f"port {self.number} of {self.host} is taken by {who}: end it, or choose another port "
                f"with {self.setting} in prosa.toml or {self.variable} in the environment"
            )
        return self.number


def settled(ports: Iterable[Port], *, otherwise_free: bool = False) -> dict[Port, int]:
    """Return the number of each port; PortTakenError names all that are taken, and by whom, at once."""
    found: dict[Port, int] = {}
    wrong: list[str] = []
    for port in ports:
        try:
            found[port] = port.settle(otherwise_free=otherwise_free)
        except PortTakenError as error:
            wrong.append(str(error))
    if wrong:
        raise PortTakenError("\n".join(wrong))
    return found


def free(host: str = LOOPBACK) -> int:
    """Return a port of *host* on which nothing listens now, for a program that is yet to start."""
    while taken(host, number := random.choice(_UNCLAIMED)):  # noqa: S311 not a secret
        pass
    return number


def taken(host: str, number: int) -> bool:
    """Say whether something listens on port *number* of *host*."""
    try:
        socket.create_server((host, number)).close()
    except OSError as error:  # any other trouble is told by the program that meets it
        return error.errno == errno.EADDRINUSE
    return False
