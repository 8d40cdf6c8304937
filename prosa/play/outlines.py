"""Outlines of the answers of operations, for a person who plays the ERP: `{id: …, name: …}`."""

from collections.abc import Mapping
from typing import Any, Final

from flows.checks.installation import Installation
from runtime.settings import Settings
from usecases.checking import installation

_FILE: Final = "FileContent"


def outlines(settings: Settings) -> dict[str, str]:
    """Return an outline of the answer of each operation, by `CONNECTION.OPERATION`."""
    offered = installation(settings) or Installation()
    return {
        f"{connection}.{name}": outline(operation.answer)
        for connection, operations in offered.operations.items()
        for name, operation in operations.items()
    }


def outline(schema: Mapping[str, Any]) -> str:
    """Return a value of *schema* in YAML, with dots for values to choose; keys with a default are left out."""
    return _outline(schema, schema.get("$defs", {}))


def _outline(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if reference := schema.get("$ref"):
        name = str(reference).rpartition("/")[2]
        return "{file: NAME.pdf}" if name == _FILE else _outline(definitions[name], definitions)
    if schema.get("type") == "array":
        return f"[{_outline(schema.get('items', {}), definitions)}]"
    keys = schema.get("properties", {})
    parts = [f"{name}: {_outline(keys.get(name, {}), definitions)}" for name in schema.get("required", [])]
    return f"{{{', '.join(parts)}}}" if parts else "…"
