from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.errors import ErpMalformedError, SettingsError
from domain.message import FileContent
from domain.model import Value
from erps.base import Erp, ErpSettings, ErpTools, Request, exchange, open_erps, operation
from runtime.http import client
from runtime.sections import Connection
from tests.erps.contract import KEY, Shelf


class Which(Request):
    number: int = 1


class Slip(Value):
    amount: Decimal
    file: FileContent
    pages: tuple[FileContent, ...]
    note: dict[str, Any]


class Paper(Erp):
    """An ERP of paper."""

    @operation
    async def slip(self, request: Which) -> Slip:
        """Return a slip."""
        file = FileContent(name="a.pdf", mime="application/pdf", data=b"\xff\x00")
        return Slip(amount=Decimal("99.90"), file=file, pages=(file, file), note={"n": [request.number, None]})

    @operation
    async def pay(self, request: Which, *, key: str) -> Slip:
        """Pay it."""
        return (await self.slip(request)).model_copy(update={"note": {"key": key}})

    async def helper(self, request: Which) -> Slip:
        """Not for flows."""
        return await self.slip(request)


def paper() -> Paper:
    return Paper("billing", ErpSettings(), ErpTools(http=httpx.AsyncClient(), secret=str))


def test_operations_are_what_is_marked_as_one() -> None:
    found = Paper.operations()
    assert list(found) == ["pay", "slip"]
    assert (found["pay"].writes, found["slip"].writes) == (True, False)
    assert (found["slip"].request, found["slip"].answer, found["slip"].summary) == (Which, Slip, "Return a slip.")


async def test_an_answer_becomes_json_and_its_files_references() -> None:
    shelf = Shelf()
    answer: Any = await paper().call("slip", {"number": 3}, key=KEY, keep=shelf.put)
    assert answer["amount"] == "99.90"
    assert answer["note"] == {"n": [3, None]}
    assert answer["file"] == {"id": "f" * 64, "name": "a.pdf", "mime": "application/pdf", "size": 2}
    assert answer["pages"] == [answer["file"], answer["file"]]
    assert [file.data for file in shelf.files] == [b"\xff\x00"] * 3


async def test_a_write_is_given_the_key() -> None:
    answer: Any = await paper().call("pay", {}, key=KEY, keep=Shelf().put)
    assert answer["note"] == {"key": KEY}


def test_an_operation_without_request_or_answer_is_refused_by_name() -> None:
    class Vague(Erp):
        """An ERP that does not say what it takes."""

        @operation
        async def guess(self, text: str) -> Slip:
            """Guess."""
            raise NotImplementedError(text)

    class Silent(Erp):
        """An ERP that does not say what it answers."""

        @operation
        async def guess(self, request: Which):  # type: ignore[no-untyped-def]  # noqa: ANN202
            """Guess."""

    for kind in (Vague, Silent):
        with pytest.raises(TypeError, match=r"operation 'guess' of '(Vague|Silent)' needs one argument that is a Req"):
            kind.operations()


def test_an_erp_that_does_not_exist_is_refused_with_those_that_do() -> None:
    wrong = Connection.model_validate({"erp": "abacus"})
    with pytest.raises(SettingsError, match=r"^connections\.billing\.erp: 'abacus' is not one of the ERPs: .*demo"):
        open_erps({"billing": wrong}, ErpTools(http=httpx.AsyncClient(), secret=str))


class Scribble(Paper):
    """Paper with whatever somebody has written on it."""

    @operation
    async def slip(self, request: Which) -> Slip:
        """Return a slip."""
        note = {"a\0": ["b\0c", {"d": "\ud800e"}], "n": float("inf")}
        return (await super().slip(request)).model_copy(update={"note": note})


async def test_an_answer_holds_only_what_every_database_keeps() -> None:
    erp = Scribble("billing", ErpSettings(), ErpTools(http=httpx.AsyncClient(), secret=str))
    answer: Any = await erp.call("slip", {}, key=KEY, keep=Shelf().put)
    assert answer["note"] == {"a": ["bc", {"d": "e"}], "n": None}


async def test_an_answer_that_is_too_large_is_malformed_and_not_asked_for_again() -> None:
    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield b"x" * 2**20

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    async with client() as ours, httpx.AsyncClient(transport=transport, event_hooks=ours.event_hooks) as http:
        with pytest.raises(ErpMalformedError, match="at most"):
            await exchange(http, "GET", "http://erp.example/a", str)
