import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from domain.conversation import Contact, Setup
from domain.delivery import Delivered, Lost, PartOutcome
from domain.message import Callback, Content, Inbound, Option, Outreach
from runtime.temporal_payloads import SPARSE, SparseJson

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
LARGE = Inbound(
    message_id="e1",
    at=AT,
    choice="",
    callback=Callback(key="k", event="paid", data={"empty": "", "none": None}),
    outreach=Outreach(flow="main", inputs={"nothing": None}, message=Content(options=(Option(id="", label="a"),))),
)


def written(value: BaseModel) -> Any:
    payload = SparseJson().to_payload(value)
    assert payload is not None
    return json.loads(payload.data)


def test_a_message_and_what_became_of_a_turn_are_written_without_what_is_empty() -> None:
    assert written(Inbound(message_id="e1", at=AT, text="oi")) == {
        "message_id": "e1",
        "at": "2026-11-30T12:00:00Z",
        "text": "oi",
    }
    assert written(Delivered(parts=(PartOutcome(seq=3, state="sent"),))) == {"parts": [{"seq": 3, "state": "sent"}]}


@pytest.mark.parametrize(
    "value",
    [LARGE, Inbound(message_id="e1", at=AT), Delivered(), Delivered(lost=Lost(conversation_id="c", upto=0))],
)
def test_what_is_written_so_is_read_as_it_was(value: BaseModel) -> None:
    payload = SparseJson().to_payload(value)
    assert payload is not None
    assert SparseJson().from_payload(payload, type(value)) == value


def test_what_a_conversation_is_set_up_with_is_written_in_full() -> None:
    setup = Setup(account="site", channel="webchat", flow="main", contact=Contact(address="ana"))
    assert written(setup) == setup.model_dump(mode="json")


def models(of: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in the type *of*, and in their fields."""
    if isinstance(of, type) and issubclass(of, BaseModel):
        yield of
        for field in of.model_fields.values():
            yield from models(field.annotation)
    for inner in get_args(of):
        yield from models(inner)


@pytest.mark.parametrize("model", sorted({one for sparse in SPARSE for one in models(sparse)}, key=str))
def test_a_type_that_is_written_without_its_defaults_has_only_empty_ones(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        if not field.is_required():
            default = field.get_default(call_default_factory=True, validated_data={})
            assert not default, f"{model.__name__}.{name}: expected an empty default, found {default!r}"
