"""Find the templates, expressions and names that a person has written in a card, by the types of its fields."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, cast, get_args, get_origin

from pydantic import BaseModel

from domain.fields import Holds, Kind


class Marked(NamedTuple):
    """One value whose type has the mark that was looked for (`domain.fields`)."""

    key: str
    """Where it stands: `options.0.label`."""
    value: Any
    mark: Any


_Reader = Callable[[str, Any, list[Marked]], None]
"""Adds the marked values inside a value, which stands under a key, to a list."""


def marked(model: BaseModel, kind: Kind | type) -> list[Marked]:
    """Return the marked values of *model* and of its inner models, in the order of its fields.

    *kind* is what they hold (`template`), or a class of marks (`Knows`). An optional value that is None is left out.
    """
    found: list[Marked] = []
    _read(model, kind, "", found)
    return found


def _read(model: BaseModel, kind: Kind | type, above: str, found: list[Marked]) -> None:
    for name, key, reader in _readers(type(model), kind):
        reader(above + key, getattr(model, name), found)


@cache
def _readers(model: type[BaseModel], kind: Kind | type) -> tuple[tuple[str, str, _Reader], ...]:
    """Return attribute, key and reader of the fields of *model* with such marks: its types are looked at only once."""
    fields = model.model_fields.items()
    found = ((name, field, _reader(kind, field.annotation, *field.metadata)) for name, field in fields)
    return tuple((name, field.alias or name, reader) for name, field, reader in found if reader is not None)


def _reader(kind: Kind | type, annotation: Any, *marks: object) -> _Reader | None:
    """Return the reader for values of a type; None when neither the type nor its inner types have such a mark."""
    if mark := next((mark for mark in marks if _fits(mark, kind)), None):
        return lambda key, value, found: found.append(Marked(key, value, mark))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(kind) if _readers(annotation, kind) else None
    of_kind = _READERS.get(get_origin(annotation))
    return of_kind(kind, *get_args(annotation)) if of_kind else None


def _fits(mark: object, kind: Kind | type) -> bool:
    if isinstance(kind, str):
        return isinstance(mark, Holds) and mark.kind == kind
    return isinstance(mark, kind)


def _of_model(kind: Kind | type) -> _Reader:
    return lambda key, value, found: _read(value, kind, f"{key}.", found)


def _of_union(kind: Kind | type, *types: Any) -> _Reader | None:
    readers = [(_class(one), reader) for one in types if (reader := _reader(kind, one))]

    def read(key: str, value: Any, found: list[Marked]) -> None:
        for type_, reader in readers:
            if isinstance(value, type_):
                return reader(key, value, found)
        return None

    return read if readers else None


def _of_list(kind: Kind | type, item: Any, *_: Any) -> _Reader | None:
    reader = _reader(kind, item)
    if reader is None:
        return None

    def read(key: str, value: Iterable[Any], found: list[Marked]) -> None:
        for place, inner in enumerate(value):
            reader(f"{key}.{place}", inner, found)

    return read


def _of_mapping(kind: Kind | type, name: Any, item: Any) -> _Reader | None:
    of_name, of_item = _reader(kind, name), _reader(kind, item)

    def read(key: str, value: Mapping[str, Any], found: list[Marked]) -> None:
        for inner, below in value.items():
            if of_name:
                of_name(f"{key}.{inner}", inner, found)
            if of_item:
                of_item(f"{key}.{inner}", below, found)

    return read if of_name or of_item else None


def _class(annotation: Any) -> type:
    """Return the class of the values of a type."""
    origin = get_origin(annotation)
    return _class(get_args(annotation)[0]) if origin is Annotated else cast("type", origin or annotation)


_READERS: Final[Mapping[object, Callable[..., _Reader | None]]] = {
    Annotated: _reader,
    Union: _of_union,
    UnionType: _of_union,
    tuple: _of_list,
    list: _of_list,
    dict: _of_mapping,
}
