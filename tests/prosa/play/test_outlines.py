"""What a person who plays the ERP is shown of its answers."""

from typing import Any

from pydantic import TypeAdapter

from erps.vocabulary.billing import Customer, Invoice, SecondCopy
from prosa.play.outlines import outline


def shown(answer: Any) -> str:
    return outline(TypeAdapter[Any](answer).json_schema(mode="serialization"))


def test_an_outline_names_what_an_answer_must_have() -> None:
    assert shown(Customer) == "{id: …, name: …, document: …}"
    assert shown(tuple[Invoice, ...]) == "[{id: …, number: …, amount: …, due: …, status: …}]"
    assert shown(SecondCopy).endswith("pix: …, file: {file: NAME.pdf}}")
    assert shown(str) == "…"
