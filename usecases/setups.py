"""How a conversation starts on each account."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from channels.base import Channel
from domain.conversation import Contact, Setup
from runtime.settings import Settings

SetupFor = Callable[[str, str, str], Setup | None]
"""Account, address and name of the contact to the setup of a conversation; None when the account is gone."""


def setups(settings: Settings, channels: Mapping[str, Channel]) -> SetupFor:
    """Return what tells account, address and name of a contact to the setup of a new conversation."""

    def setup_for(account: str, address: str, name: str) -> Setup | None:
        channel = channels.get(account)
        if channel is None:
            return None
        chosen = settings.accounts[account]
        return Setup(
            account=account,
            channel=chosen.channel,
            flow=chosen.flow,
            entries=chosen.ways_in,
            contact=Contact(address=address, name=name),
            company=settings.company_facts,
            capabilities=channel.capabilities,
            keywords=settings.keyword_defaults,
            silence=settings.silence,
            fallback=settings.flows.fallback,
            turns_per_run=settings.conversation.turns_per_run,
            grace=timedelta(seconds=settings.conversation.grace_seconds),
        )

    return setup_for
