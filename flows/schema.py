"""The JSON Schema of flows, for editors: `python -m flows.schema` prints it."""

import json
import sys
from typing import Any

from flows.cards import cards
from flows.flow import Flow


def json_schema() -> dict[str, Any]:
    """Return the schema of a flow's file, as YAML editors complete from it."""
    schema = Flow.model_json_schema(by_alias=True)
    definitions: dict[str, dict[str, Any]] = schema["$defs"]
    for name in cards:
        card = definitions[cards[name].__name__]
        card["properties"]["card"] = {"const": name, "description": "The type of the card."}
        card["required"] = ["id", "card", *(key for key in card["required"] if key != "id")]
    # The language brings along the sentences that a file leaves out.
    del definitions["Texts"]["required"]
    schema["required"].remove("texts")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def written() -> str:
    """Return the schema as its file has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
