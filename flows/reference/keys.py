"""The keys of a model and of its inner models, from its JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from flows.reference.topic import Key

Schema = Mapping[str, Any]

WORDS: Final = {"string": "text", "integer": "number", "boolean": "true or false", "object": "record"}


def keys_of(model: Schema, definitions: Schema, names: tuple[str, ...] | None = None) -> tuple[Key, ...]:
    """Return the keys *names* of *model*, all when not said; *definitions* are the models that it refers to."""
    wanted = tuple(model.get("properties", {})) if names is None else names
    return tuple(key for name in wanted for key in _keys(model, definitions, name, name))


def _keys(model: Schema, definitions: Schema, name: str, path: str) -> Iterator[Key]:
    field = cast("Schema", model["properties"][name])
    holds, inner, many = _holds(field, definitions)
    about = " ".join(str(field.get("description", "")).split())
    yield Key(path, holds, name in model.get("required", ()), _default(field.get("default")), about)
    for key in inner.get("properties", {}):
        yield from _keys(inner, definitions, key, f"{path}{'[]' if many else ''}.{key}")


def _holds(field: Schema, definitions: Schema) -> tuple[str, Schema, bool]:
    """Return the kind of a key's value in words, the model inside it, and whether it holds many of those."""
    choices = [choice for choice in field.get("anyOf", [field]) if choice.get("type") != "null"]
    choice = cast("Schema", choices[0])
    if "$ref" in choice:
        inner = cast("Schema", definitions[choice["$ref"].rpartition("/")[2]])
        return ("keys", inner, False) if "properties" in inner else ("anything", {}, False)
    if choice.get("type") == "array":
        holds, inner, _ = _holds(cast("Schema", choice["items"]), definitions)
        return f"list of {holds}", inner, True
    return _word(choice), {}, False


def _word(choice: Schema) -> str:
    if "enum" in choice:
        return ", ".join(f"`{value}`" for value in choice["enum"])
    pattern = str(choice.get("pattern", ""))
    kinds = {
        f"`{choice.get('const')}`": isinstance(choice.get("const"), int),
        "the type": "const" in choice,
        "target": "flow:" in pattern,
        "name": pattern.startswith("^[a-z]"),
        "duration": bool(choice.get("examples")),
    }
    return next((word for word, fits in kinds.items() if fits), WORDS.get(str(choice.get("type")), "anything"))


def _default(value: Any) -> str:
    return "" if value in (None, "", [], {}) or isinstance(value, dict) else json.dumps(value, ensure_ascii=False)
