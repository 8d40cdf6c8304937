"""The names that every expression knows: contact, conversation, now, company."""

from datetime import datetime

from domain.conversation import Setup, Snapshot
from domain.limits import LIMITS


def expression_names(setup: Setup, state: Snapshot, now: datetime) -> dict[str, object]:
    """Return the values of the names that every expression knows."""
    return {
        "contact": {
            **state.known.model_dump(mode="json"),
            "address": setup.contact.address,
            "name": state.known.name or setup.contact.name,
            "language": state.known.language or state.language,
        },
        "conversation": {
            "id": state.conversation_id,
            "protocol": state.protocol,
            "channel": setup.channel,
            "account": setup.account,
            "opened_at": setup.company.local(state.opened_at).isoformat() if state.opened_at else None,
            "referral": state.referral,
            "tags": list(state.tags),
            "priority": state.priority,
            "window_open": state.heard_at is not None and now < state.heard_at + LIMITS.service_window,
        },
        "now": setup.company.local(now).isoformat(),
        "company": {"name": setup.company.name},
    }
