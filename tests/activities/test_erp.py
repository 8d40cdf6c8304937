import asyncio
import dataclasses
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from temporalio.testing import ActivityEnvironment

from activities.base import Tools
from activities.erp import ErpCalls
from activities.lookups import CONTACT
from domain.call import CallErp, ErpAnswer
from domain.errors import (
    ErpMalformedError,
    ErpNotFoundError,
    ErpRejectedError,
    ErpUnavailableError,
    SettingsError,
    UnknownNameError,
)
from domain.limits import LIMITS
from domain.message import FileContent, FileRef
from domain.model import Value
from erps.base import Erp, ErpSettings, ErpTools, Request, operation
from erps.demo import Demo, DemoSettings
from journal.database import Database
from journal.files import FileStore
from runtime import http
from tests.activities.test_lookups import begun
from tests.journal.factory import message_id

SLIP = FileContent(name="boleto.pdf", mime="application/pdf", data=b"%PDF-1.4 %%EOF")


class Which(Request):
    number: int = 1


class OfOne(Request):
    customer_id: str


class Slip(Value):
    number: int
    file: FileContent


class Scripted(Erp):
    """An ERP that answers, or raises, what the test says."""

    answer: Any = None
    keys: tuple[str, ...] = ()

    @operation(looks_up=True)
    async def find(self, request: Which) -> Any:
        """Find something."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return request.number if self.answer is None else self.answer

    @operation(proof=True)
    async def cancel(self, request: OfOne, *, key: str) -> Any:
        """Cancel something."""
        self.keys = (*self.keys, key)
        return "cancelled"

    @operation
    async def issue(self, request: Which, *, key: str) -> Slip:
        """Issue something."""
        self.keys = (*self.keys, key)
        return Slip(number=request.number, file=SLIP)


def scripted(answer: Any = None) -> Scripted:
    erp = Scripted("billing", ErpSettings(), ErpTools(http=httpx.AsyncClient(), secret=str))
    erp.answer = answer
    return erp


def effect(operation: str = "find", connection: str = "billing", **arguments: Any) -> CallErp:
    return CallErp(
        connection=connection,
        operation=operation,
        arguments=arguments,
        key="c0ffee:7",
        patience=LIMITS.outside_patience,
    )


async def run(call: CallErp, erp: Erp, files: FileStore, attempt: int = 1) -> ErpAnswer:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, attempt=attempt)
    answer: Any = await environment.run(ErpCalls({"billing": erp}, files).call_erp, call)
    return answer


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


async def test_an_answer_says_what_and_at_which_attempt(files: FileStore) -> None:
    answer = await run(effect(number=3), scripted(), files, attempt=4)
    assert answer == ErpAnswer(outcome="ok", value=3, attempts=4)


@pytest.mark.parametrize(
    ("error", "outcome"), [(ErpNotFoundError("no such"), "not_found"), (ErpRejectedError("no such"), "rejected")]
)
async def test_no_is_an_answer_too(error: Exception, outcome: str, files: FileStore) -> None:
    answer = await run(effect(), scripted(error), files, attempt=2)
    assert (answer.outcome, answer.reason, answer.value, answer.attempts) == (outcome, "no such", None, 2)


async def test_arguments_that_do_not_fit_are_rejected(files: FileStore) -> None:
    answer = await run(effect(number="three"), scripted(), files)
    assert answer.outcome == "rejected"
    assert answer.reason.startswith("arguments of 'find' do not fit: number: ")


@pytest.mark.parametrize("error", [ErpUnavailableError("later"), ErpMalformedError("<html>")])
async def test_what_a_retry_may_help_is_raised(error: Exception, files: FileStore) -> None:
    with pytest.raises(type(error)):
        await run(effect(), scripted(error), files)


async def test_a_connection_that_is_not_configured_is_named(files: FileStore) -> None:
    with pytest.raises(SettingsError, match=r"connections: expected 'crm', which a flow calls; found none"):
        await run(effect(connection="crm"), scripted(), files)


async def test_an_operation_that_does_not_exist_is_named(files: FileStore) -> None:
    with pytest.raises(UnknownNameError, match=r"'fly' is not one of the operations: cancel, find, issue"):
        await run(effect("fly"), scripted(), files)


async def test_a_write_gets_its_key_and_its_file_is_stored(files: FileStore) -> None:
    erp = scripted()
    value: Any = (await run(effect("issue", number=7), erp, files)).value
    assert erp.keys == ("c0ffee:7",)
    assert value["number"] == 7
    stored = FileRef.model_validate(value["file"])
    assert (stored.name, stored.mime, stored.size) == ("boleto.pdf", "application/pdf", len(SLIP.data))
    assert files.read(stored) == SLIP.data


async def test_files_are_not_written_on_the_event_loop(files: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: list[threading.Thread] = []
    put = FileStore.put

    def noting(store: FileStore, file: FileContent) -> FileRef:
        writers.append(threading.current_thread())
        return put(store, file)

    monkeypatch.setattr(FileStore, "put", noting)
    await run(effect("issue"), scripted(), files)
    assert len(writers) == 1
    assert writers != [threading.current_thread()]


async def test_an_answer_larger_than_the_limit_is_malformed(files: FileStore) -> None:
    fits = "ç" * ((LIMITS.erp_answer - 2) // 2)
    assert (await run(effect(), scripted(fits), files)).value == fits
    with pytest.raises(ErpMalformedError, match=rf"answer of 'find' has {LIMITS.erp_answer + 2} bytes"):
        await run(effect(), scripted(f"{fits}ç"), files)


async def test_a_file_larger_than_the_limit_is_malformed_and_not_the_contacts_mistake(files: FileStore) -> None:
    file = SLIP.model_copy(update={"data": bytes(LIMITS.file + 1)})
    with pytest.raises(ErpMalformedError, match=r"file 'boleto\.pdf' has"):
        await run(effect(), scripted(Slip(number=1, file=file)), files)


@pytest.mark.parametrize("proved", [(), ("C-2",), ("",), ("C-1+C-2",)])
async def test_what_wants_a_proof_is_not_run_without_it(proved: tuple[str, ...], files: FileStore) -> None:
    erp = scripted()
    call = effect("cancel", customer_id="C-1").model_copy(update={"proved": proved})
    answer = await run(call, erp, files)
    assert (answer.outcome, answer.error, erp.keys) == ("rejected", "unproved", ())


async def test_a_proof_of_this_customer_lets_it_be_run(files: FileStore) -> None:
    erp = scripted()
    call = effect("cancel", customer_id="C-1").model_copy(update={"proved": ("C-2", "C-1")})
    assert (await run(call, erp, files)).value == "cancelled"


async def test_the_settings_of_a_connection_may_want_no_proof(files: FileStore) -> None:
    erp = scripted()
    erp.wants_proof = False
    assert (await run(effect("cancel", customer_id="C-1"), erp, files)).value == "cancelled"


async def test_arguments_that_are_no_customer_are_not_proved(files: FileStore) -> None:
    erp = scripted()
    wrong: tuple[Any, ...] = (None, ["C-1"], {"id": "C-1"})
    for customer in wrong:
        call = effect("cancel", customer_id=customer).model_copy(update={"proved": ("C-1",)})
        assert (await run(call, erp, files)).outcome == "rejected"
    assert erp.keys == ()


async def test_too_many_look_ups_are_refused_and_other_operations_are_not(files: FileStore) -> None:
    erp = scripted()

    async def enough(call: CallErp) -> bool:
        assert call.operation == "find"
        return False

    calls = ErpCalls({"billing": erp}, files, enough)
    answer: ErpAnswer = await ActivityEnvironment().run(calls.call_erp, effect())
    assert (answer.outcome, answer.error, answer.value) == ("rejected", "too_many_lookups", None)
    answer = await ActivityEnvironment().run(calls.call_erp, effect("issue"))
    assert answer.outcome == "ok"


async def test_a_worker_counts_look_ups(files: FileStore, database: Database) -> None:
    await begun(database, 1, "ana")
    tools = SimpleNamespace(connections={"billing": scripted()}, files=files, database=database, key=b"k" * 32)
    calls = ErpCalls.using(cast("Tools", tools))
    key = f"{message_id(1)}:7"
    outcomes = [
        (await ActivityEnvironment().run(calls.call_erp, effect(number=number).model_copy(update={"key": key}))).outcome
        for number in range(CONTACT.most + 1)
    ]
    assert outcomes == ["ok"] * CONTACT.most + ["rejected"]


async def test_an_answer_that_drips_is_given_up_in_time(files: FileStore) -> None:
    hung_up = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer without end, each piece in time, until the client hangs up."""
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        hung_up.set()

    async with asyncio.timeout(10), await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        async with http.client(seconds=1) as client:
            tools = ErpTools(http=client, secret=str)
            erp = Demo("billing", DemoSettings.model_validate({"url": f"http://{host}:{port}", "token": "t"}), tools)
            calls = ErpCalls({"billing": erp}, files, limit=timedelta(seconds=0.3))
            with pytest.raises(ErpUnavailableError, match=r"no whole answer of 'find_customer' within 0\.3 s"):
                await ActivityEnvironment().run(calls.call_erp, effect("find_customer", document="52998224725"))
        await hung_up.wait()
