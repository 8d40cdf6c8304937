"""The contract of every ERP."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Final, TypeVar, cast, get_type_hints

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from domain.errors import ErpRejectedError, UnknownNameError
from domain.message import FileContent
from domain.model import Value
from domain.registry import Registry


class Request(Value):
    """The arguments of one operation."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ErpSettings(BaseModel):
    """What a connection of this ERP needs; subclasses add keys. Secrets are written `secret://name`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ErpTools(Value):
    """What an ERP is given: the process's HTTP client and how to resolve secrets."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    http: httpx.AsyncClient
    secret: Callable[[str], str]


O = TypeVar("O", bound=Callable[..., Awaitable[Any]])  # noqa: E741 - an operation


def operation(method: O) -> O:
    """Mark a method of an ERP as one that flows may call; it takes one `Request` and, for writes, `key`."""
    method.__dict__["is_operation"] = True
    return method


class Operation(Value):
    """One operation, as checks and documentation see it."""

    name: str
    summary: str
    request: type[Request]
    answer: Any
    writes: bool
    """Whether it takes an idempotency key: it reads before it repeats."""


class Erp:
    """One configured ERP. "Not found" is an answer: operations raise ErpNotFoundError for it."""

    Settings: ClassVar[type[ErpSettings]] = ErpSettings

    def __init__(self, connection: str, settings: ErpSettings, tools: ErpTools) -> None:
        self.connection = connection
        self.settings = settings
        self.tools = tools

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Return the operations by name, in alphabetical order."""
        found: dict[str, Operation] = {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if not getattr(method, "is_operation", False):
                continue
            hints = get_type_hints(method)
            answer = hints.pop("return", None)
            request = next(hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Request))
            found[name] = Operation(
                name=name,
                summary=inspect.getdoc(method) or "",
                request=request,
                answer=answer,
                writes="key" in inspect.signature(method).parameters,
            )
        return found

    async def call(self, name: str, arguments: dict[str, JsonValue], key: str) -> tuple[JsonValue, list[FileContent]]:
        """Run operation *name*; return its answer as JSON, and the files that it came with.

        A file in the answer stands as `{"file": INDEX}` until the caller has stored it.
        UnknownNameError, ErpRejectedError for arguments that do not fit, and what the operation raises.
        """
        known = self.operations().get(name)
        if known is None:
            raise UnknownNameError(f"{name!r} is not one of the operations: {', '.join(self.operations())}")
        try:
            request = known.request.model_validate(arguments)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors())
            raise ErpRejectedError(f"arguments of {name!r} do not fit: {wrong}") from error
        method = getattr(self, name)
        answer = await (method(request, key=key) if known.writes else method(request))
        files: list[FileContent] = []
        return _without_files(answer, files), files


def _without_files(answer: object, files: list[FileContent]) -> JsonValue:
    if isinstance(answer, FileContent):
        files.append(answer)
        return {"file": len(files) - 1}
    if isinstance(answer, BaseModel):
        return {name: _without_files(getattr(answer, name), files) for name in type(answer).model_fields}
    if isinstance(answer, list | tuple):
        return [_without_files(item, files) for item in cast("list[object]", answer)]
    return cast("JsonValue", TypeAdapter(Any).dump_python(answer, mode="json"))


erps: Final = Registry[Erp]("ERP")
