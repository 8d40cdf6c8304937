"""The walk over the fields of a card: every shape in which a marked type may stand."""

from typing import Annotated

import pytest
from pydantic import Field

from domain.fields import Expression, Fillable, Gives, Journalled, Knows, Template
from domain.model import Written
from flows import fields
from flows.cards.base import Card
from flows.fields import marked
from flows.names import FlowName, QueueName, SavesRecord, SavesTo, Target


class Line(Written):
    if_: Expression | None = Field(default=None, alias="if")
    text: Annotated[Template, Knows("item")] = ""
    number: int = 0


class Everything(Card):
    plain: str = "no {{ template }}"
    said: Template = "{{ said }}"
    noted: Annotated[Template, Journalled()] | None = None
    lines: tuple[Line, ...] = ()
    more: list[Template] = Field(default_factory=list[str])
    places: dict[str, Template] | tuple[Template, ...] = ()
    body: Fillable = None
    give: dict[SavesTo, Annotated[Fillable, Knows("answer")]] = Field(default_factory=dict)
    kept: SavesRecord | None = None
    counted: Annotated[SavesTo, Gives("number")] = "count"
    queue: QueueName = "main"
    runs: FlowName = "other"
    leads: Target | None = None


def everything(**written: object) -> Everything:
    return Everything.model_validate({"id": "all", **written})


def test_a_plain_text_is_no_template() -> None:
    assert everything().texts() == {"said": "{{ said }}"}


def test_an_optional_text_counts_when_it_is_written() -> None:
    assert everything(noted="a").texts()["noted"] == "a"
    assert everything(noted="a").journalled() == {"noted": "a"}
    assert everything().journalled() == {}


def test_the_models_of_a_list_are_read_under_their_places_and_aliases() -> None:
    card = everything(lines=[{"text": "one"}, {"if": "ready", "text": "two"}])
    assert card.texts() == {"said": "{{ said }}", "lines.0.text": "one", "lines.1.text": "two"}
    assert card.expressions() == {"lines.1.if": "ready"}
    assert card.names_inside() == {"lines.0.text": ("item",), "lines.1.text": ("item",)}


def test_the_texts_of_lists_and_mappings_are_read() -> None:
    assert everything(more=["a", "b"]).texts() == {"said": "{{ said }}", "more.0": "a", "more.1": "b"}


@pytest.mark.parametrize("places", [{"name": "Ana"}, ["Ana"]])
def test_a_field_of_several_shapes_is_read_by_the_shape_that_it_has(places: object) -> None:
    [key] = everything(places=places).texts().keys() - {"said"}
    assert key == f"places.{'name' if isinstance(places, dict) else 0}"


def test_a_mapping_may_name_variables_and_hold_their_values() -> None:
    card = everything(give={"plan": "{{ answer }}"}, kept="customer")
    assert card.values() == {"body": None, "give.plan": "{{ answer }}"}
    assert card.sets() == {"give.plan": "plan", "kept": "customer", "counted": "count"}
    assert card.gives() == {"kept": "record", "counted": "number"}
    assert card.names_inside() == {"give.plan": ("answer",)}


def test_what_the_settings_must_have_is_named_with_its_table() -> None:
    assert everything().needs() == {"queue": ("queues", "main")}


def test_what_is_found_has_the_order_of_the_fields() -> None:
    card = everything(lines=[{"text": "one"}], more=["two"], places=["three"])
    assert list(card.texts()) == ["said", "lines.0.text", "more.0", "places.0"]


def test_targets_and_flows_are_found_too() -> None:
    card = everything(next="ask", leads="end")
    assert [(one.key, one.value) for one in marked(card, "target")] == [("next", "ask"), ("leads", "end")]
    assert [(one.key, one.value) for one in marked(card, "flow")] == [("runs", "other")]


def test_the_schema_tells_editors_what_a_key_holds() -> None:
    schema = Everything.model_json_schema()
    keys, line = schema["properties"], schema["$defs"]["Line"]["properties"]
    assert "x-prosa" not in keys["plain"]
    assert keys["said"]["x-prosa"] == {"holds": "template"}
    assert line["text"]["x-prosa"] == {"holds": "template", "knows": ["item"]}
    assert line["if"]["anyOf"][0]["x-prosa"] == {"holds": "expression"}
    assert keys["queue"]["x-prosa"] == {"holds": "setting", "table": "queues"}
    assert keys["kept"]["anyOf"][0]["x-prosa"] == {"holds": "variable", "gives": "record"}
    assert keys["give"]["propertyNames"]["x-prosa"] == {"holds": "variable"}


def test_the_types_of_a_class_are_looked_at_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    card = everything(lines=[{"text": "one"}])
    before = card.texts()

    monkeypatch.setattr(fields, "get_origin", None)
    assert card.texts() == before
