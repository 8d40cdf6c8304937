"""The contract of every ERP."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Final, TypeVar, cast, get_type_hints, overload

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from domain.errors import (
    ErpCredentialError,
    ErpError,
    ErpMalformedError,
    ErpNotFoundError,
    ErpRejectedError,
    ErpUnavailableError,
    SettingsError,
    UnknownNameError,
)
from domain.message import FileContent, FileRef
from domain.model import Value
from domain.proof import Holder
from domain.registry import Registry
from domain.storable import storable
from runtime.sections import Connection
from runtime.settings import refuse

M = TypeVar("M", bound=BaseModel)

PROVED: Final = "customer_id"
"""The argument of an operation that says whom the contact must have proved to be."""
UNWELCOME: Final = frozenset({401, 403})
"""How they say that they do not know our credential, or that it may not do this."""
REFUSALS: Final[Mapping[int, type[ErpError]]] = {
    400: ErpRejectedError,
    404: ErpNotFoundError,
    409: ErpRejectedError,
    422: ErpRejectedError,
}
"""How most REST interfaces say no."""


class Request(Value):
    """The arguments of one operation; each field with a docstring: they are the documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ErpSettings(BaseModel):
    """Settings of a connection of this ERP; subclasses add keys, each with a docstring: they are the documentation.

    Secrets are written `secret://name`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)


class ErpTools(Value):
    """Tools for an ERP: the process's HTTP client and the secrets."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    http: httpx.AsyncClient
    secret: Callable[[str], str]


O = TypeVar("O", bound=Callable[..., Awaitable[Any]])  # noqa: E741 - an operation


@overload
def operation(method: O, /) -> O: ...
@overload
def operation(*, proof: bool = False, looks_up: bool = False) -> Callable[[O], O]: ...
def operation(method: O | None = None, /, *, proof: bool = False, looks_up: bool = False) -> O | Callable[[O], O]:
    """Mark a method of an ERP as one that flows may call; it takes one `Request` and, for writes, `key`.

    With *proof*, it changes or tells what is the customer's alone: its request has `customer_id`, and the contact
    must have proved to be that customer. With *looks_up*, it finds customers by what anybody may know: calls with ever
    new arguments are limited.
    """

    def mark(found: O) -> O:
        found.__dict__.update(is_operation=True, proof=proof, looks_up=looks_up)
        return found

    return mark if method is None else mark(method)


class Operation(Value):
    """One operation, as checks and documentation see it."""

    name: str
    summary: str
    request: type[Request]
    answer: Any
    writes: bool
    """Whether it takes an idempotency key: it reads before it repeats."""
    proof: bool
    """Whether the contact must have proved to be the customer."""
    looks_up: bool
    """Whether it finds customers by what anybody may know: a CPF."""


class Erp:
    """One configured ERP. "Not found" is an answer: operations raise ErpNotFoundError for it."""

    Settings: ClassVar[type[ErpSettings]] = ErpSettings

    def __init__(self, connection: str, settings: ErpSettings, tools: ErpTools) -> None:
        self.connection = connection
        self.settings = settings
        self.tools = tools
        self.wants_proof = True
        """Whether its operations with `proof` are refused to who has not proved to be the customer."""

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Return the operations by name, in alphabetical order."""
        found: dict[str, Operation] = {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if not getattr(method, "is_operation", False):
                continue
            hints = get_type_hints(method)
            answer = hints.pop("return", None)
            requests = [hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Request)]
            if len(requests) != 1 or answer is None:
                raise TypeError(
                    f"operation {name!r} of {cls.__name__!r} needs one argument that is a Request, and an answer"
                )
            (request,) = requests
            found[name] = Operation(
                name=name,
                summary=inspect.getdoc(method) or "",
                request=request,
                answer=answer,
                writes="key" in inspect.signature(method).parameters,
                proof=method.__dict__["proof"],
                looks_up=method.__dict__["looks_up"],
            )
            if found[name].proof and PROVED not in request.model_fields:
                raise TypeError(f"operation {name!r} of {cls.__name__!r} wants proof: its request needs {PROVED!r}")
        return found

    async def probe(self) -> bool:
        """Prove address and credential with one cheap call that changes nothing, and return True; False has none.

        Raises what operations raise. `prosa doctor` makes it.
        """
        return False

    async def holder(self, customer_id: str) -> Holder | None:  # noqa: ARG002 - for those that override it
        """Return what the register holds to prove a customer by; None where the ERP cannot say.

        ErpNotFoundError when there is no such customer. No operation: flows cannot read it.
        """
        return None

    async def call(
        self, name: str, arguments: Mapping[str, JsonValue], *, key: str, keep: Callable[[FileContent], FileRef]
    ) -> JsonValue:
        """Run operation *name* and return its answer as JSON; *keep*, in a thread, stores the files that come with it.

        UnknownNameError, ErpRejectedError for arguments that do not fit, and what the operation raises.
        """
        known = self.operations().get(name)
        if known is None:
            raise UnknownNameError(f"{name!r} is not one of the operations: {', '.join(self.operations())}")
        try:
            request = known.request.model_validate(arguments)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors())
            raise ErpRejectedError(f"arguments of {name!r} do not fit: {wrong}") from None
        method = getattr(self, name)
        answer = await (method(request, key=key) if known.writes else method(request))
        return await asyncio.to_thread(_as_json, answer, keep)


def _as_json(answer: object, keep: Callable[[FileContent], FileRef]) -> JsonValue:
    if isinstance(answer, FileContent):
        return _kept(keep(answer).model_dump(mode="json"))
    if isinstance(answer, BaseModel):
        return {name: _as_json(getattr(answer, name), keep) for name in type(answer).model_fields}
    if isinstance(answer, list | tuple):
        return [_as_json(item, keep) for item in cast("list[object]", answer)]
    return _kept(TypeAdapter(Any).dump_python(answer, mode="json"))


def _kept(value: JsonValue) -> JsonValue:
    """Return *value* as every database takes it: texts without NUL characters and halves of UTF-16 pairs."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _kept(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return value


erps: Final = Registry[Erp]("ERP", rooms=("vocabulary",))


async def exchange(
    http: httpx.AsyncClient, method: str, url: str, reason: Callable[[httpx.Response], str], **options: Any
) -> httpx.Response:
    """Make one call and return the answer of a 2xx; *reason* reads why the ERP says no.

    ErpUnavailableError without an answer, and for 429, 5xx and what else may pass; ErpCredentialError for 401 and 403;
    ErpNotFoundError for 404; ErpRejectedError for 400, 409, 422 and what cannot be an address; ErpMalformedError when
    *reason* finds a page that is not the ERP's own.
    """
    try:
        path = httpx.URL(url).path
    except httpx.InvalidURL:  # whose text shows a part of the arguments
        raise ErpRejectedError("arguments do not fit into an address") from None
    try:
        answer = await http.request(method, url, **options)
    except httpx.DecodingError as error:
        raise ErpMalformedError(f"{method} {path}: {error}") from error
    except httpx.HTTPError as error:
        raise ErpUnavailableError(f"{method} {path}: {type(error).__name__}") from error
    if answer.is_success:
        return answer
    if answer.status_code in UNWELCOME:
        raise ErpCredentialError(f"{method} {path}: our credential was refused with status {answer.status_code}")
    refusal = REFUSALS.get(answer.status_code)
    if refusal is None:
        raise ErpUnavailableError(f"{method} {path}: status {answer.status_code}")
    try:
        sentence = reason(answer)
    except (ValueError, KeyError, TypeError):
        raise ErpMalformedError(f"expected an error of the ERP, found status {answer.status_code}") from None
    raise refusal(sentence)


def read(model: type[M], answer: httpx.Response) -> M:
    """Return the JSON of *answer* as *model*; ErpMalformedError names the place that does not fit."""
    kind = answer.headers.get("content-type", "")
    if "json" not in kind:
        raise ErpMalformedError(f"expected JSON, found {kind!r}")
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "answer"
        # Without its cause, whose text shows what the ERP sent: errors are kept in histories.
        raise ErpMalformedError(f"{where}: {first['msg'].lower()}") from None


def open_erps(connections: Mapping[str, Connection], tools: ErpTools) -> dict[str, Erp]:
    """Return the ERP of each configured connection; SettingsError names the key that does not fit."""
    opened: dict[str, Erp] = {}
    for name, connection in connections.items():
        try:
            kind = erps[connection.erp]
        except UnknownNameError as error:
            raise SettingsError(f"connections.{name}.erp: {error}") from error
        try:
            opened[name] = kind(name, kind.Settings.model_validate(connection.options), tools)
            opened[name].wants_proof = connection.proof
        except ValidationError as error:
            raise refuse(f"connections.{name}", error, kind.Settings) from error
    return opened
