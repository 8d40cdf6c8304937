"""Whoever guesses at the tokens of the company's doors."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from journal import guesses
from journal.transaction import Transaction
from usecases.doctor.finding import Finding, count, notice

LATELY = timedelta(days=1)
MOST = 50
NAMED = 3
FEW = 2
"""Minutes with a wrong token that are a slip, not a guess."""


async def look(c: Transaction) -> list[Finding]:
    """Return a finding for each door at which tokens are guessed."""
    by_door: defaultdict[str, list[guesses.Guesser]] = defaultdict(list)
    for one in await guesses.since(c, datetime.now(UTC) - LATELY, MOST):
        if one.minutes > FEW:
            by_door[one.door].append(one)
    return [_finding(door, mine) for door, mine in sorted(by_door.items())]


def _finding(door: str, mine: list[guesses.Guesser]) -> Finding:
    named = ", ".join(f"{one.source} (in {one.minutes} different minutes)" for one in mine[:NAMED])
    return notice(
        "access",
        f"{count(len(mine), 'address')} with wrong tokens for {door} in the last day: {named}",
        "somebody tries to get in; after 10 wrong ones a minute no more are looked at",
        "when it is not a program of yours with an old token: keep the address out at your proxy",
        f"see each try: `wrong_token` in the gateway's log; a long random {door} cannot be guessed",
    )
