import json
from pathlib import Path
from typing import Any

from flows.answers import answers
from flows.cards import cards
from flows.schema import json_schema, written
from stories.schema import written_stories

FILE = Path(__file__).parents[2] / "flows" / "library" / "schema.json"


def test_the_schema_that_editors_read_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: python -m flows.schema > flows/library/schema.json"


def test_the_schema_of_stories_that_editors_read_is_current() -> None:
    assert (FILE.parent / "stories" / FILE.name).read_text(encoding="utf-8") == written_stories(), "run: make docs"


def test_it_is_json_and_names_every_card_and_answer() -> None:
    schema = json.loads(written())
    for name in cards:
        card = schema["$defs"][cards[name].__name__]
        assert card["properties"]["card"]["const"] == name
        assert card["required"][:2] == ["id", "card"]
        assert card["additionalProperties"] is False
    assert schema["$defs"]["AskQuestion"]["properties"]["answer"]["enum"] == list(answers)


def test_sentences_that_the_language_brings_need_not_be_written() -> None:
    schema = json_schema()
    assert schema["required"] == ["spec", "flow", "cards"]
    assert "required" not in schema["$defs"]["Texts"]


def test_every_key_is_described_for_whoever_writes_it() -> None:
    undescribed: list[str] = []
    for name, model in json_schema()["$defs"].items():
        properties: dict[str, dict[str, Any]] = model.get("properties", {})
        undescribed += [f"{name}.{key}" for key, field in properties.items() if not field.get("description")]
    assert undescribed == []
