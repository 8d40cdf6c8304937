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


def marked(model: BaseModel, wanted: Kind | type) -> list[Marked]:
    """Return the marked values of *model* and of its inner models, in the order of its fields.

    *wanted* is what they hold (`template`), or a class of marks (`Knows`). An optional value that is None is left out.
    """
    found: list[Marked] = []
    _read(model, wanted, "", found)
    return found


def _read(model: BaseModel, wanted: Kind | type, above: str, found: list[Marked]) -> None:
    for name, key, reader in _readers(type(model), wanted):
        reader(above + key, getattr(model, name), found)


@cache
def _readers(model: type[BaseModel], wanted: Kind | type) -> tuple[tuple[str, str, _Reader], ...]:
    """Return attribute, key and reader of the fields of *model* with such marks: its types are looked at only once."""
    fields = model.model_fields.items()
    found = ((name, field, _reader(wanted, field.annotation, *field.metadata)) for name, field in fields)
    return tuple((name, field.alias or name, reader) for name, field, reader in found if reader is not None)


def _reader(wanted: Kind | type, annotation: Any, *marks: object) -> _Reader | None:
    """Return the reader for values of a type; None when neither the type nor its inner types have such a mark."""
    if mark := next((mark for mark in marks if _fits(mark, wanted)), None):
        return lambda key, value, found: found.append(Marked(key, value, mark))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(wanted) if _readers(annotation, wanted) else None
    of_kind = _READERS.get(get_origin(annotation))
    return of_kind(wanted, *get_args(annotation)) if of_kind else None


def _fits(mark: object, wanted: Kind | type) -> bool:
    if isinstance(wanted, str):
        return isinstance(mark, Holds) and mark.kind == wanted
    return isinstance(mark, wanted)


def _of_model(wanted: Kind | type) -> _Reader:
    return lambda key, value, found: _read(value, wanted, f"{key}.", found)


def _of_union(wanted: Kind | type, *types: Any) -> _Reader | None:
    readers = [(_class(one), reader) for one in types if (reader := _reader(wanted, one))]

    def read(key: str, value: Any, found: list[Marked]) -> None:
        for kind, reader in readers:
            if isinstance(value, kind):
                return reader(key, value, found)
        return None

    return read if readers else None


def _of_list(wanted: Kind | type, item: Any, *_: Any) -> _Reader | None:
    reader = _reader(wanted, item)
    if reader is None:
        return None

    def read(key: str, value: Iterable[Any], found: list[Marked]) -> None:
        for place, inner in enumerate(value):
            reader(f"{key}.{place}", inner, found)

    return read


def _of_mapping(wanted: Kind | type, name: Any, item: Any) -> _Reader | None:
    of_name, of_item = _reader(wanted, name), _reader(wanted, item)

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
