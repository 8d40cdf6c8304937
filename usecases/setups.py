"""How a conversation starts on each account."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from channels.base import Channel
from domain.conversation import Contact, Setup
from runtime.settings import Settings

SetupFor = Callable[[str, str, str], Setup | None]
"""Account, address and name of the contact to the setup of a conversation; None when the account is gone."""


def setups(settings: Settings, channels: Mapping[str, Channel]) -> SetupFor:
    """Return the function from account, address and name of a contact to the setup of a new conversation."""

    @lru_cache(maxsize=len(channels) + 1)
    def on(account: str, day: date) -> Setup:  # noqa: ARG001 - the rules of the time zone begin at the day before
        """Return the part of the setup that all contacts of *account* share on *day* (UTC)."""
        chosen = settings.accounts[account]
        return Setup(
            account=account,
            channel=chosen.channel,
            flow=chosen.flow,
            entries=chosen.ways_in,
            contact=Contact(address=""),
            company=settings.company_facts,
            capabilities=channels[account].capabilities,
            keywords=settings.keyword_defaults,
            silence=settings.silence,
            fallback=settings.flows.fallback,
            turns_per_run=settings.conversation.turns_per_run,
            grace=timedelta(seconds=settings.conversation.grace_seconds),
        )

    def setup_for(account: str, address: str, name: str) -> Setup | None:
        if account not in channels:
            return None
        contact = Contact(address=address, name=name)
        return on(account, datetime.now(UTC).date()).model_copy(update={"contact": contact})

    return setup_for
