"""The one plug-in mechanism: a class, a decorator, a file or folder in a known folder."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

from domain.errors import UnknownNameError

T = TypeVar("T")
C = TypeVar("C", bound=type[Any])


class Registry(Generic[T]):
    """Names, as flows and settings spell them, and the classes behind them.

    A class registers under the name of its file, so that the folder listing is the list:
    `ask_question.py` holds the one class that is called `ask_question`. A plug-in of several files is a folder of that
    name, with the class in its `__init__.py`. The folders called *rooms* hold what several plug-ins share, and none.
    """

    def __init__(self, family: str, declares: tuple[str, ...] = (), rooms: tuple[str, ...] = ()) -> None:
        self.family = family
        self.rooms = rooms
        self._declares = declares
        self._classes: dict[str, type[T]] = {}

    def register(self, cls: C) -> C:
        """Take *cls* in, and return it untouched: a class decorator.

        ValueError for a second one in a file, and for one that lacks its docstring, or what all of its family declare.
        """
        name = cls.__module__.rpartition(".")[2]
        known = self._classes.get(name)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise ValueError(
                f"{self.family} file {name!r} registers {known.__name__!r} and {cls.__name__!r}: one a file"
            )
        if not (cls.__doc__ or "").strip():
            raise ValueError(f"{self.family} {name!r} has no docstring: the reference is generated from it")
        if missing := [declared for declared in self._declares if not getattr(cls, declared, None)]:
            raise ValueError(f"{self.family} {name!r} does not declare {', '.join(map(repr, missing))}")
        self._classes[name] = cast("type[T]", cls)
        return cls

    def name_of(self, cls: type[Any]) -> str:
        """Return the name under which *cls* is registered."""
        for name, known in self._classes.items():
            if known is cls:
                return name
        raise UnknownNameError(f"{cls.__name__!r} is not a registered {self.family}")

    def __getitem__(self, name: str) -> type[T]:
        """Return the class called *name*; UnknownNameError names those that exist."""
        try:
            return self._classes[name]
        except KeyError:
            raise UnknownNameError(f"{name!r} is not one of the {self.family}s: {', '.join(self)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._classes))

    def discover(self, package: ModuleType) -> None:
        """Import every file and folder of *package* but the rooms, so that their classes register.

        ValueError for a class that registers in another file of its folder than `__init__.py`, or in a room.
        """
        for name in sorted(found.name for found in iter_modules(package.__path__)):
            if name not in self.rooms:
                import_module(f"{package.__name__}.{name}")
        for name, cls in self._classes.items():
            within = cls.__module__.removeprefix(f"{package.__name__}.")
            if within in self.rooms or "." in within:
                folder = within.partition(".")[0]
                raise ValueError(
                    f"{self.family} {name!r} registers in {cls.__module__}: expected one file {name}.py, "
                    f"or a folder with the class in its __init__.py; found a file of the folder {folder!r}"
                )
