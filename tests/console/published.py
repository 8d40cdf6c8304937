"""Flows in a database, published like `prosa flow publish` does."""

from datetime import UTC, datetime
from typing import Any

from flows.flow import Flow
from journal import flows
from journal.database import Database

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
COLOR: dict[str, Any] = {
    "spec": 1,
    "flow": "color",
    "title": "Cor da fachada",
    "cards": [
        {
            "id": "ask",
            "card": "ask_question",
            "title": "Qual a cor?",
            "text": "De que cor é a <b>fachada</b>?",
            "answer": "confirmation",
            "exits": {"no": "ask", "invalid": "end", "no_answer": "end"},
        },
        {"id": "thanks", "card": "send_message", "title": "Agradece", "text": "Obrigado, não esqueço!"},
    ],
}
HELLO: dict[str, Any] = {
    "spec": 1,
    "flow": "hello",
    "title": "Boas-vindas",
    "cards": [{"id": "run", "card": "run_flow", "title": "Pergunta a cor", "flow": "color"}],
}


async def publish(
    database: Database, content: dict[str, Any], calls: dict[str, str] | None = None, at: datetime = AT
) -> str:
    """Publish *content* and return its hash."""
    flow = Flow.load(content)
    version = flow.fingerprint(calls or {})
    async with database.write() as c:
        await flows.publish(
            c, name=flow.flow, version=version, content=flow.dump(), calls=calls or {}, by="ana", now=at
        )
    return version
