"""What got into the inbox is played: no message of a contact may stop a conversation."""

import json
import random
from collections.abc import Sequence
from typing import Final

from domain.limits import LIMITS
from domain.message import Inbound
from tests.interpreter.world import World, flow

_LAST: Final = "Até logo!"
_KINDS: Final = ("text", "date", "cpf", "number", "money", "location", "file", "confirmation")
_QUESTION: Final = """
  - id: ask_{kind}
    card: ask_question
    text: "{kind}?"
    answer: {kind}
    save_as: {kind}
    attempts: 1
    exits: {{invalid: say_{kind}, no_answer: say_{kind}{more}}}
  - id: say_{kind}
    card: send_message
    text: "{{{{ {shown} | default('nada') }}}}, {{{{ contact.name | first_name }}}}, {{{{ now | date }}}}"
"""


def _cards() -> str:
    """Return a question for each kind of answer, what it heard, and a goodbye."""
    asked = (
        _QUESTION.format(
            kind=kind,
            shown={"file": "file.name", "location": "location.address"}.get(kind, kind),
            more=f", no: say_{kind}" * (kind == "confirmation"),
        )
        for kind in _KINDS
    )
    return "".join(asked) + f'  - {{id: bye, card: send_message, text: "{_LAST}"}}'


_FLOW: Final = flow(_cards(), variables="\n  ".join(f"{kind}: {{type: any}}" for kind in _KINDS))


async def stopped(messages: Sequence[Inbound], count: int, chance: random.Random) -> list[str]:
    """Return a sentence for each of *count* messages that stops a conversation, wherever it is said."""
    chosen = chance.sample(messages, min(count, len(messages)))
    return [sentence for message in chosen if (sentence := await _stopped(message))]


async def _stopped(message: Inbound) -> str:
    said = [
        (float(n), message.model_copy(update={"message_id": f"{message.message_id}{n}"}))
        for n in range(len(_KINDS) + 1)
    ]
    world = World({"main": _FLOW}, [*said, (3_600.0, "oi")])
    try:
        await world.play()
        spelled = json.dumps([effect.model_dump(mode="json") for effect in world.delivered], ensure_ascii=False)
        spelled.encode()
    except Exception as error:  # noqa: BLE001 - any of them stops a conversation
        return f"{type(error).__name__}: {error}: {_shown(message)}"
    if _LAST not in world.said:
        return f"the conversation said {world.said!r:.200}: {_shown(message)}"
    largest = max(len(effect.model_dump_json()) for effect in world.delivered)
    return f"{largest} bytes for one turn: {_shown(message)}" if largest > LIMITS.state else ""


def _shown(message: Inbound) -> str:
    return repr(message.model_dump(exclude_defaults=True))[:300]
