"""Programs of the company that open conversations: each is known by its own token."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from domain.errors import SettingsError
from runtime import secrets
from runtime.sections import ApiSection
from web import access

UNNAMED: Final = "api"
"""Name of the program whose token is that of `[api]` itself."""


@dataclass(frozen=True)
class Program:
    """One program: its name in the audit, its token, and its accounts; empty: all."""

    name: str
    token: str = field(repr=False)
    accounts: frozenset[str] = frozenset()

    def may_use(self, account: str) -> bool:
        """Return whether it may open conversations on *account*."""
        return not self.accounts or account in self.accounts


def programs(section: ApiSection, resolve: Callable[[str], str]) -> tuple[Program, ...]:
    """Return the programs of the settings, their tokens read by *resolve*.

    SettingsError when two have one token, of which the audit could not tell them apart, or when a token is too short.
    """
    found: dict[str, Program] = {}
    for where, program in _written(section, resolve):
        secrets.check_length(program.token, where)
        if (other := found.setdefault(program.token, program)) is not program:
            raise SettingsError(f"{where}: it is the token of program {other.name!r} too, give each one of its own")
    return tuple(found.values())


def caller(request: Request, known: tuple[Program, ...]) -> Program | None:
    """Return the program whose token *request* brings; None for a stranger.

    Every token is compared, so that the time taken says nothing about which one came close.
    """
    brought = [program for program in known if access.opens(request, program.token)]
    return brought[0] if brought else None


def _written(section: ApiSection, resolve: Callable[[str], str]) -> Iterator[tuple[str, Program]]:
    if section.token:
        yield "api.token", Program(UNNAMED, resolve(section.token))
    for name, program in section.programs.items():
        yield f"api.programs.{name}.token", Program(name, resolve(program.token), frozenset(program.accounts))
