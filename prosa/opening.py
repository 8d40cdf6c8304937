"""Opening a conversation from the command line."""

from collections.abc import Mapping
from typing import Final

from domain.errors import OperatorError
from journal.outreach import Outcome
from prosa.terminal import warn
from runtime.secrets import installation_key
from runtime.settings import Settings
from usecases import opening as openings
from usecases import store
from usecases.opening import Wanted

_REFUSED: Final[dict[Outcome, str]] = {
    "already_open": "a conversation with {address!r} on {account!r} is open: nothing was said; "
    "`prosa conversation list` shows it",
    "key_taken": "that key has opened another conversation: another contact, or another flow; nothing was said",
}


async def open_(settings: Settings, wanted: Wanted, written: Mapping[str, str], key: str, by: str) -> str:
    """Have the conversation opened, its inputs as they are *written*, and say in words what became of it.

    OperatorError when one is open already, or *key* has opened another; AuthorError when something does not fit.
    """
    async with store.opened(settings) as database:
        async with database.read() as c:
            inputs = openings.inputs(await openings.variables(c, wanted.flow), written)
        opening = await openings.open_(
            database,
            settings,
            wanted.model_copy(update={"inputs": inputs}),
            installation=installation_key(settings.data),
            key=key,
            by=by or store.who(),
        )
    if opening.outcome in _REFUSED:
        raise OperatorError(_REFUSED[opening.outcome].format(address=wanted.address, account=wanted.account))
    if why := openings.unheard(settings, wanted):
        warn(f"nobody hears it: {why}")
    name = opening.conversation_id[:12]
    was = "was opened before, under that key" if opening.outcome == "repeated" else "is being opened"
    return f"the conversation {name} {was}; `prosa conversation show` tells how it goes"
