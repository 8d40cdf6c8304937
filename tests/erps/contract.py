"""What every ERP must do; each ERP's test runs it with a specimen of its own."""

import contextlib
import json
import traceback
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import httpx
import pytest
from pydantic import BaseModel, JsonValue, TypeAdapter
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

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
from erps.base import PROVED, Erp, ErpTools, erps, open_erps
from runtime.sections import Connection

CANARY = "canary-7f3a91"
"""A secret that must not show up anywhere."""
PERSON = "Maria da Penha 529.982.247-25"
"""What an ERP may send of a person, and errors must not repeat: they are kept in histories."""
KEY = "c0ffee:7"

Answer = httpx.Response | Exception

LOGIN = f"<!DOCTYPE html><html><body>Sua sessão expirou, {PERSON} {CANARY}</body></html>"
OUTCOMES: dict[str, tuple[Answer, type[ErpError]]] = {
    "refused connection": (httpx.ConnectError("refused"), ErpUnavailableError),
    "connect timeout": (httpx.ConnectTimeout("slow"), ErpUnavailableError),
    "read timeout": (httpx.ReadTimeout("slow"), ErpUnavailableError),
    "reset": (httpx.ReadError("reset"), ErpUnavailableError),
    "no answer": (httpx.RemoteProtocolError("disconnected"), ErpUnavailableError),
    "429": (httpx.Response(429), ErpUnavailableError),
    "500": (httpx.Response(500, json={"error": {"message": PERSON}}), ErpUnavailableError),
    "502 in HTML": (httpx.Response(502, html=LOGIN), ErpUnavailableError),
    "503": (httpx.Response(503), ErpUnavailableError),
    "a login page": (httpx.Response(200, html=LOGIN), ErpMalformedError),
    "a login page said to be JSON": (
        httpx.Response(200, content=LOGIN.encode(), headers={"content-type": "application/json"}),
        ErpMalformedError,
    ),
    "cut JSON": (
        httpx.Response(200, content=f'{{"x": ["{PERSON}'.encode(), headers={"content-type": "application/json"}),
        ErpMalformedError,
    ),
    "JSON of something else": (httpx.Response(200, json=[PERSON, CANARY]), ErpMalformedError),
    "nothing": (httpx.Response(200), ErpMalformedError),
    "404 of somebody else": (httpx.Response(404, html=LOGIN), ErpMalformedError),
}


@dataclass(frozen=True)
class Specimen:
    """One ERP, as the contract needs it."""

    connection: Connection
    arguments: Mapping[str, Mapping[str, JsonValue]]
    """For each operation, arguments that the working system takes."""
    working: Callable[[], httpx.AsyncBaseTransport]
    """A new system that works, with what *arguments* ask for."""
    customer: str = ""
    """The id of a customer whom the register can prove; empty where the ERP cannot say."""
    secrets: dict[str, str] = field(default_factory=lambda: {"secret://canary": CANARY})


class Wire(httpx.AsyncBaseTransport):
    """The way to a working system, on which the request number *at* meets *answer* instead."""

    def __init__(self, system: httpx.AsyncBaseTransport, answer: Answer | None = None, at: int = 0) -> None:
        self._system = system
        self._answer = answer
        self._at = at
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self._answer is None or len(self.requests) - 1 != self._at:
            return await self._system.handle_async_request(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return httpx.Response(self._answer.status_code, headers=self._answer.headers, content=self._answer.content)


class Shelf:
    """Keeps the files that come with answers."""

    def __init__(self) -> None:
        self.files: list[FileContent] = []

    def put(self, file: FileContent) -> FileRef:
        self.files.append(file)
        return FileRef(id="f" * 64, name=file.name, mime=file.mime, size=len(file.data))


def opened(specimen: Specimen, wire: httpx.AsyncBaseTransport) -> Erp:
    def secret(name: str) -> str:
        return specimen.secrets.get(name, name)

    tools = ErpTools(http=httpx.AsyncClient(transport=wire), secret=secret)
    return open_erps({"billing": specimen.connection}, tools)["billing"]


def recorded(error: BaseException) -> str:
    """Return what Temporal would keep of *error*, and what a log would show."""
    failure = Failure()
    wrapped = ApplicationError(str(error))
    wrapped.__cause__ = error
    converter = DataConverter.default
    converter.failure_converter.to_failure(wrapped, converter.payload_converter, failure)
    return f"{failure}{''.join(traceback.format_exception(error))}{error!r}"


class ErpContract:
    """Subclassed by the test of each ERP."""

    specimen: ClassVar[Specimen]

    def kind(self) -> type[Erp]:
        return erps[self.specimen.connection.erp]

    async def call(self, wire: Wire, name: str, **changes: JsonValue) -> JsonValue:
        arguments = {**self.specimen.arguments[name], **changes}
        return await opened(self.specimen, wire).call(name, arguments, key=KEY, keep=Shelf().put)

    async def requests_of(self, name: str) -> int:
        """Return how many requests the operation makes when all is well."""
        wire = Wire(self.specimen.working())
        await self.call(wire, name)
        return len(wire.requests)

    def test_every_operation_is_tried(self) -> None:
        assert self.kind().operations()
        assert set(self.specimen.arguments) == set(self.kind().operations())

    def test_every_operation_and_each_of_its_arguments_is_documented(self) -> None:
        for name, operation in self.kind().operations().items():
            assert operation.summary, name
            undocumented = [key for key, found in operation.request.model_fields.items() if not found.description]
            assert undocumented == [], name

    def test_every_operation_has_a_typed_request_and_answer(self) -> None:
        for name, operation in self.kind().operations().items():
            assert operation.request.model_config.get("extra") == "forbid", name
            inner = [operation.answer, *typing.get_args(operation.answer)]
            assert any(isinstance(one, type) and issubclass(one, BaseModel) for one in inner), name
            assert TypeAdapter(operation.answer).json_schema(mode="serialization"), name

    def test_every_setting_is_documented(self) -> None:
        undocumented = [name for name, found in self.kind().Settings.model_fields.items() if not found.description]
        assert undocumented == []

    def test_a_key_that_is_not_a_setting_is_refused(self) -> None:
        wrong = Connection.model_validate(self.specimen.connection.model_dump() | {"colour": "blue"})
        with pytest.raises(SettingsError, match=r"connections\.billing\.colour"):
            open_erps({"billing": wrong}, ErpTools(http=httpx.AsyncClient(), secret=str))

    async def test_every_operation_answers_in_json(self) -> None:
        for name in self.specimen.arguments:
            answer = await self.call(Wire(self.specimen.working()), name)
            assert answer is not None, name
            json.dumps(answer, allow_nan=False)

    async def test_an_operation_that_does_not_exist_is_told_with_those_that_do(self) -> None:
        erp = opened(self.specimen, self.specimen.working())
        with pytest.raises(UnknownNameError, match=r"'levitate' is not one of the operations: \w+"):
            await erp.call("levitate", {}, key=KEY, keep=Shelf().put)

    async def test_what_is_no_operation_cannot_be_called(self) -> None:
        erp = opened(self.specimen, self.specimen.working())
        for name in ("call", "operations", "__init__", "_request"):
            with pytest.raises(UnknownNameError):
                await erp.call(name, {}, key=KEY, keep=Shelf().put)

    async def test_arguments_that_do_not_fit_are_rejected_and_not_sent(self) -> None:
        for name in self.specimen.arguments:
            wire = Wire(self.specimen.working())
            with pytest.raises(ErpRejectedError, match="colour"):
                await self.call(wire, name, colour="blue")
            for key in self.specimen.arguments[name]:
                with pytest.raises(ErpRejectedError, match=key):
                    await self.call(wire, name, **dict[str, JsonValue]({key: {"a": [1]}}))
            assert wire.requests == []

    @pytest.mark.parametrize("strange", ["", " ", "../x", "a/b?c=d#e", "%2e%2e", "a\nb", "\0", "ç🙂", "x" * 70_000])
    async def test_arguments_that_a_contact_may_have_written_lead_nowhere_else(self, strange: str) -> None:
        for name, arguments in self.specimen.arguments.items():
            usual = Wire(self.specimen.working())
            await self.call(usual, name)
            for key in (key for key, value in arguments.items() if isinstance(value, str)):
                wire = Wire(self.specimen.working())
                with contextlib.suppress(ErpError):
                    await self.call(wire, name, **{key: strange})
                assert {request.url.host for request in wire.requests} <= {usual.requests[0].url.host}
                for found, expected in zip(wire.requests, usual.requests, strict=False):
                    assert found.url.raw_path.count(b"/") == expected.url.raw_path.count(b"/"), (name, key)
                    assert found.url.params.keys() == expected.url.params.keys(), (name, key)

    @pytest.mark.parametrize("outcome", OUTCOMES)
    async def test_whatever_goes_wrong_at_any_request_becomes_the_right_error(self, outcome: str) -> None:
        answer, expected = OUTCOMES[outcome]
        for name in self.specimen.arguments:
            for at in range(await self.requests_of(name)):
                with pytest.raises(ErpError) as refusal:
                    await self.call(Wire(self.specimen.working(), answer, at), name)
                assert type(refusal.value) is expected, (name, at)

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_credential_that_is_refused_is_no_answer_to_the_contact(self, status: int) -> None:
        for name in self.specimen.arguments:
            refused = httpx.Response(status, json={"error": {"message": "no"}})
            with pytest.raises(ErpCredentialError) as refusal:
                await self.call(Wire(self.specimen.working(), refused), name)
            assert refusal.value.retryable, name

    async def test_a_probe_asks_once_and_sees_whatever_is_wrong(self) -> None:
        usual = Wire(self.specimen.working())
        if not await opened(self.specimen, usual).probe():
            assert usual.requests == []
            return
        assert len(usual.requests) == 1
        refused = {f"{status}": (httpx.Response(status), ErpCredentialError) for status in (401, 403)}
        for outcome, (answer, expected) in {**OUTCOMES, **refused}.items():
            with pytest.raises(ErpError) as refusal:
                await opened(self.specimen, Wire(self.specimen.working(), answer)).probe()
            assert type(refusal.value) is expected, outcome

    async def test_the_register_proves_its_customer_and_nobody_else(self) -> None:
        if not self.specimen.customer:
            assert await opened(self.specimen, self.specimen.working()).holder("x") is None
            return
        found = await opened(self.specimen, self.specimen.working()).holder(self.specimen.customer)
        assert found is not None
        assert found.emails or found.phones or found.facts()
        with pytest.raises(ErpNotFoundError):
            await opened(self.specimen, self.specimen.working()).holder("nobody/../x")

    async def test_whatever_goes_wrong_at_the_register_becomes_the_right_error(self) -> None:
        if not self.specimen.customer:
            return
        for outcome, (answer, expected) in OUTCOMES.items():
            with pytest.raises(ErpError) as refusal:
                await opened(self.specimen, Wire(self.specimen.working(), answer)).holder(self.specimen.customer)
            assert type(refusal.value) is expected, outcome

    def test_what_changes_a_contract_wants_a_proof(self) -> None:
        for name, operation in self.kind().operations().items():
            if operation.proof:
                assert PROVED in operation.request.model_fields, name
                assert not operation.looks_up, name

    async def test_a_write_that_is_repeated_under_its_key_answers_the_same(self) -> None:
        for name, operation in self.kind().operations().items():
            if operation.writes:
                system = self.specimen.working()
                assert await self.call(Wire(system), name) == await self.call(Wire(system), name), name

    async def test_neither_secrets_nor_people_are_in_errors(self, caplog: pytest.LogCaptureFixture) -> None:
        said: list[str] = []
        for name in self.specimen.arguments:
            for answer, _ in OUTCOMES.values():
                with pytest.raises(ErpError) as refusal:
                    await self.call(Wire(self.specimen.working(), answer), name)
                said.append(recorded(refusal.value))
        hidden = [CANARY, PERSON, "Penha", *self.specimen.secrets.values()]
        assert [secret for secret in hidden if secret in caplog.text + "".join(said)] == []
