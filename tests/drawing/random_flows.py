"""Flows drawn by lot: what people write, only more tangled."""

import random
from typing import Any

from flows.flow import Flow

_TITLES = (
    "Menu principal",
    "Pede o CPF ou CNPJ",
    "Primeiro nome da pessoa, nome inteiro da empresa e o que mais couber em duas linhas",
    "Despedida 👋",
    "",
    "Umapalavramuitocompridaquenãocabenumalinhasó",
)
_KINDS: tuple[dict[str, Any], ...] = (
    {"card": "send_message", "text": "Olá, {{ contact.name | first_name }}!\nComo vai?"},
    {"card": "send_message", "text": "Vou encerrar por aqui."},
    {"card": "ask_question", "text": "Qual?", "answer": "choice"},
    {"card": "erp_call", "connection": "billing", "operation": "find_customer"},
    {"card": "condition"},
    {"card": "run_flow", "flow": "segunda_via"},
    {"card": "delay", "for": "3d"},
    {"card": "tag", "add": ["vip"]},
    {"card": "close"},
)


def random_flow(seed: int, size: int) -> Flow:
    """Return the flow of *size* cards that belongs to *seed*."""
    chance = random.Random(seed)
    ids = [f"card_{place}" for place in range(size)]

    def target(place: int) -> str:
        near = ids[min(size - 1, place + chance.randint(1, 5))]
        return chance.choices([near, chance.choice(ids), "end", "flow:other"], [75, 12, 8, 5])[0]

    def card(place: int) -> dict[str, Any]:
        written = {"id": ids[place], "title": chance.choice(_TITLES), **chance.choice(_KINDS)}
        if written["card"] == "ask_question":
            labels = [f"Opção {number} de atendimento" for number in range(chance.randint(1, 6))]
            written["options"] = [{"label": label, "go": target(place)} for label in labels]
            written["exits"] = {"invalid": target(place), "no_answer": target(place)}
        elif written["card"] == "erp_call":
            written["exits"] = {"not_found": target(place), "failed": target(place)}
        elif written["card"] == "condition":
            cases = [f"invoices | length == {number}" for number in range(chance.randint(1, 3))]
            written["when"] = [{"if": case, "go": target(place)} for case in cases]
        elif chance.random() < 0.2:
            written["next"] = target(place)
        return written

    cards = [card(place) for place in range(size)]
    return Flow.model_validate(
        {"spec": 1, "flow": "tangle", "title": "Emaranhado", "fallback": ids[-1], "cards": cards}
    )
