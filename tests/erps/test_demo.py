from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pypdfium2  # type: ignore[import-untyped]
import pytest

from domain.errors import ErpError, ErpMalformedError, ErpNotFoundError, ErpRejectedError, ErpUnavailableError
from domain.proof import Holder
from emulators.erps.demo.app import create_app
from emulators.erps.demo.store import Store
from erps.base import Erp, ErpTools, erps, open_erps
from runtime.sections import Connection
from tests.emulators.erps.demo.running import RunningErp
from tests.erps.contract import CANARY, ErpContract, Shelf, Specimen, Wire, opened

ANA = "529.982.247-25"
BRUNO = "12345678909"
CARLA = "98765432100"
COMPANY = "12.abc.345/01de-35"
GUSTAVO = "111.444.777-35"
NOBODY = "333.444.555-08"
INVALID = "529.982.247-24"


STORES = ExitStack()
"""The stores of the emulators of one test."""


def emulator() -> httpx.AsyncBaseTransport:
    store = STORES.enter_context(closing(Store(Path(":memory:"), today=lambda: date(2026, 11, 21))))
    return httpx.ASGITransport(create_app(store, CANARY))


@pytest.fixture(autouse=True)
def _close_stores() -> Iterator[None]:
    yield
    STORES.close()


SPECIMEN = Specimen(
    connection=Connection.model_validate({"erp": "demo", "url": "http://erp.example/", "token": "secret://canary"}),
    arguments={
        "find_customer": {"document": ANA},
        "list_customers": {"phone": "+5549999991001"},
        "read_contract": {"customer_id": "C-1001"},
        "list_open_invoices": {"customer_id": "C-1001"},
        "second_copy": {"invoice_id": "F-5001"},
        "list_outages": {"customer_id": "C-1012"},
        "list_plans": {"customer_id": "C-1001"},
        "list_agreements": {"customer_id": "C-1002"},
        "list_retention_offers": {"customer_id": "C-1001"},
        "check_coverage": {"cep": "88501000"},
        "list_plans_at": {"cep": "88501000", "use": "home"},
        "list_welcome_offers": {"offer_id": "P-500"},
        "unlock_in_trust": {"customer_id": "C-1009"},
        "change_plan": {"customer_id": "C-1001", "offer_id": "P-700"},
        "accept_agreement": {"customer_id": "C-1002", "offer_id": "A-3"},
        "accept_retention_offer": {"customer_id": "C-1001", "offer_id": "R-20"},
        "cancel_contract": {"customer_id": "C-1003", "note": "Vou mudar de cidade"},
        "request_visit": {"customer_id": "C-1001", "note": "Luz vermelha no aparelho"},
        "register_lead": {"person": "Ivo", "cep": "88501000", "interest": "casa", "contact": "+5549999990000"},
    },
    working=emulator,
    customer="C-1001",
)


class TestContract(ErpContract):
    specimen = SPECIMEN


@pytest.fixture
def process(tmp_path: Path) -> Iterator[RunningErp]:
    """The emulator as a process of its own."""
    running = RunningErp.start(tmp_path / "erp.db")
    yield running
    running.end()


@pytest.fixture
async def erp(process: RunningErp) -> AsyncGenerator[Erp]:
    """The adapter, connected to it."""
    connection = Connection.model_validate(
        {"erp": "demo", "url": str(process.client.base_url), "token": "secret://demo"}
    )
    async with httpx.AsyncClient(timeout=5) as http:
        tools = ErpTools(http=http, secret={"secret://demo": "demo-token"}.__getitem__)
        yield open_erps({"billing": connection}, tools)["billing"]


async def ask(erp: Erp, name: str, *, key: str = "c0ffee:7", shelf: Shelf | None = None, **arguments: Any) -> Any:
    return await erp.call(name, arguments, key=key, keep=(shelf or Shelf()).put)


async def test_a_conversation_finds_customer_invoices_and_copy(process: RunningErp, erp: Erp) -> None:
    customer = await ask(erp, "find_customer", document=BRUNO)
    assert (customer["id"], customer["name"]) == ("C-1002", "Bruno")
    invoices = await ask(erp, "list_open_invoices", customer_id=customer["id"])
    assert [(found["number"], found["amount"], found["status"]) for found in invoices] == [
        ("4902", "129.90", "overdue"),
        ("5002", "129.90", "open"),
    ]
    shelf = Shelf()
    copy = await ask(erp, "second_copy", invoice_id=invoices[0]["id"], shelf=shelf)
    assert (copy["number"], copy["amount"], copy["due"]) == ("4902", "129.90", invoices[0]["due"])
    assert copy["pix"].startswith("000201")
    assert len([digit for digit in copy["digitable_line"] if digit.isdigit()]) == 47
    assert copy["file"]["name"] == "boleto-4902.pdf"
    assert copy["file"]["mime"] == "application/pdf"
    (slip,) = shelf.files
    page = pypdfium2.PdfDocument(slip.data)[0]
    assert "Bruno Carvalho Lima" in page.get_textpage().get_text_range()
    assert process.copies() == 1


@pytest.mark.parametrize(("document", "customer"), [(ANA, "C-1001"), (COMPANY, "C-1005"), ("01234567890", "C-1006")])
async def test_a_customer_is_found_by_document_however_it_is_written(document: str, customer: str, erp: Erp) -> None:
    assert (await ask(erp, "find_customer", document=document))["id"] == customer


async def test_what_the_erp_says_no_to_is_told_from_what_does_not_exist(erp: Erp) -> None:
    with pytest.raises(ErpNotFoundError):
        await ask(erp, "find_customer", document=NOBODY)
    with pytest.raises(ErpRejectedError, match="valid check digits"):
        await ask(erp, "find_customer", document=INVALID)
    with pytest.raises(ErpNotFoundError):
        await ask(erp, "list_open_invoices", customer_id="C-9999")
    with pytest.raises(ErpNotFoundError):
        await ask(erp, "second_copy", invoice_id="F-9999")
    with pytest.raises(ErpRejectedError, match="is paid"):
        await ask(erp, "second_copy", invoice_id="F-4801")


@pytest.mark.parametrize(
    ("fact", "value", "customers"),
    [
        ("document", ANA, ["C-1001"]),
        ("phone", "+55 49 99999-1002", ["C-1002"]),
        ("email", "Cliente1003@correio.example", ["C-1003"]),
        ("document", GUSTAVO, ["C-1010+C-1011"]),
        ("phone", "5549999991011", ["C-1011"]),
        ("phone", "+5549999990000", []),
        ("email", "ninguem@correio.example", []),
    ],
)
async def test_customers_are_listed_by_what_is_known_of_them(
    fact: str, value: str, customers: list[str], erp: Erp
) -> None:
    arguments: dict[str, Any] = {fact: value}
    assert [found["id"] for found in await ask(erp, "list_customers", **arguments)] == customers


async def test_customers_are_listed_by_something(erp: Erp) -> None:
    with pytest.raises(ErpError, match="expected 'document', 'phone' or 'email'"):
        await ask(erp, "list_customers")


async def test_a_customer_who_owes_nothing_has_no_open_invoices(erp: Erp) -> None:
    assert await ask(erp, "list_open_invoices", customer_id="C-1003") == []


async def test_an_id_cannot_lead_to_another_path(process: RunningErp, erp: Erp) -> None:
    for wrong in ("C-1001/../C-1002", "../second-copies?key=a", "C-1001/invoices?x=", "%2e%2e", "C-1001#", "a\nb"):
        with pytest.raises(ErpNotFoundError):
            await ask(erp, "list_open_invoices", customer_id=wrong)
    for wrong in ("", "x" * 513):
        with pytest.raises(ErpRejectedError, match="customer_id"):
            await ask(erp, "list_open_invoices", customer_id=wrong)


async def test_who_is_registered_twice_is_one_customer_with_the_invoices_of_both(erp: Erp) -> None:
    gustavo = await ask(erp, "find_customer", document=GUSTAVO)
    assert (gustavo["id"], gustavo["name"]) == ("C-1010+C-1011", "Gustavo")
    invoices = await ask(erp, "list_open_invoices", customer_id=gustavo["id"])
    assert [found["number"] for found in invoices] == ["5010"]
    both = await ask(erp, "list_open_invoices", customer_id="C-1001+C-1002")
    assert [found["number"] for found in both] == ["4902", "5001", "5002"]


async def test_a_write_whose_answer_is_lost_is_not_done_again(process: RunningErp, erp: Erp) -> None:
    process.switch(reset_after_write=1)
    with pytest.raises(ErpUnavailableError):
        await ask(erp, "second_copy", invoice_id="F-5001")
    assert process.copies() == 1
    first = await ask(erp, "second_copy", invoice_id="F-5001")
    again = await ask(erp, "second_copy", invoice_id="F-5001")
    assert first == again
    assert process.copies() == 1
    posts = [one for one in process.client.get("/control/requests").json()["requests"] if one["method"] == "POST"]
    assert len(posts) == 1
    await ask(erp, "second_copy", invoice_id="F-5001", key="c0ffee:8")
    assert process.copies() == 2


async def test_a_key_that_was_used_for_another_invoice_does_not_give_its_copy(erp: Erp) -> None:
    await ask(erp, "second_copy", invoice_id="F-5001")
    with pytest.raises(ErpMalformedError, match="another invoice"):
        await ask(erp, "second_copy", invoice_id="F-5002")


async def test_what_is_agreed_changes_the_customer(erp: Erp) -> None:
    """A blocked customer is unlocked, another has a new plan, a third has gone."""
    unlocked = await ask(erp, "unlock_in_trust", customer_id="C-1009", key="a")
    assert (unlocked["title"], unlocked["id"]) == ("Desbloqueio em confiança", "O-1")
    await ask(erp, "change_plan", customer_id="C-1001", offer_id="P-700", key="b")
    await ask(erp, "cancel_contract", customer_id="C-1003", note="", key="c")
    found = [await ask(erp, "read_contract", customer_id=customer) for customer in ("C-1009", "C-1001", "C-1003")]
    assert [(one["status"], one["plan"]) for one in found] == [
        ("active", "Fibra 700 Mega"),
        ("active", "Fibra 700 Mega"),
        ("cancelled", "Fibra 300 Mega"),
    ]


async def test_agreements_add_up_what_is_overdue_and_are_offered_once(erp: Erp) -> None:
    offered = await ask(erp, "list_agreements", customer_id="C-1006")
    assert [(one["name"], one["times"], one["amount"], one["total"]) for one in offered] == [
        ("À vista com 10% de desconto", 1, "269.73", "269.73"),
        ("Em 2 vezes", 2, "149.85", "299.70"),
        ("Em 3 vezes", 3, "99.90", "299.70"),
    ]
    await ask(erp, "accept_agreement", customer_id="C-1006", offer_id="A-2")
    assert await ask(erp, "list_agreements", customer_id="C-1006") == []
    assert await ask(erp, "list_agreements", customer_id="C-1001") == []


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("unlock_in_trust", {"customer_id": "C-1001"}, ErpRejectedError),
        ("unlock_in_trust", {"customer_id": "C-1006"}, ErpRejectedError),
        ("unlock_in_trust", {"customer_id": "C-9999"}, ErpNotFoundError),
        ("change_plan", {"customer_id": "C-1009", "offer_id": "P-300"}, ErpRejectedError),
        ("change_plan", {"customer_id": "C-1001", "offer_id": "P-500"}, ErpNotFoundError),
        ("accept_agreement", {"customer_id": "C-1001", "offer_id": "A-1"}, ErpNotFoundError),
        ("accept_retention_offer", {"customer_id": "C-1008", "offer_id": "R-20"}, ErpNotFoundError),
        ("list_plans", {"customer_id": "C-9999"}, ErpNotFoundError),
        ("list_outages", {"customer_id": "C-9999"}, ErpNotFoundError),
        ("list_plans_at", {"cep": "88501000", "use": "boat"}, ErpRejectedError),
        ("list_welcome_offers", {"offer_id": "P-1"}, ErpNotFoundError),
    ],
)
async def test_what_the_provider_does_not_agree_to(
    name: str, arguments: dict[str, Any], expected: type[ErpError]
) -> None:
    with pytest.raises(expected):
        await ask(opened(SPECIMEN, emulator()), name, **arguments)


async def test_a_key_that_was_used_for_another_order_does_not_give_it() -> None:
    erp = opened(SPECIMEN, emulator())
    await ask(erp, "request_visit", customer_id="C-1001", note="sem sinal")
    with pytest.raises(ErpMalformedError, match="another one"):
        await ask(erp, "cancel_contract", customer_id="C-1001", note="sem sinal")


async def test_of_who_is_registered_twice_the_first_registration_is_changed() -> None:
    erp = opened(SPECIMEN, emulator())
    order = await ask(erp, "change_plan", customer_id="C-1010+C-1011", offer_id="P-300")
    assert (order["customer"], order["title"]) == ("C-1010", "Fibra 300 Mega")
    assert await ask(erp, "list_outages", customer_id="C-1010+C-1011") == []


async def test_what_is_down_is_told_with_the_hour_it_is_expected_back(erp: Erp) -> None:
    (outage,) = await ask(erp, "list_outages", customer_id="C-1012+C-1007")
    assert outage["description"] == "Rompimento de fibra no bairro Coral"
    assert outage["since"] < outage["expected"]


async def test_the_network_does_not_reach_every_place() -> None:
    erp = opened(SPECIMEN, emulator())
    assert await ask(erp, "check_coverage", cep="88501000") == {"covered": True, "city": "Lages"}
    assert await ask(erp, "check_coverage", cep="01310100") == {"covered": False, "city": ""}


async def test_what_is_sold_depends_on_place_and_use() -> None:
    erp = opened(SPECIMEN, emulator())
    homes = await ask(erp, "list_plans_at", cep="88501000", use="home")
    assert [(plan["name"], plan["amount"]) for plan in homes][:2] == [
        ("Fibra 300 Mega", "79.90"),
        ("Fibra 500 Mega", "99.90"),
    ]
    companies = await ask(erp, "list_plans_at", cep="88501000", use="company")
    assert [plan["id"] for plan in companies] == ["E-400", "E-800"]
    assert await ask(erp, "list_plans_at", cep="01310100", use="home") == []


async def test_who_hesitates_pays_less_for_the_first_months() -> None:
    (offer,) = await ask(opened(SPECIMEN, emulator()), "list_welcome_offers", offer_id="P-500")
    assert (offer["name"], offer["amount"], offer["times"]) == ("20% de desconto por 3 meses", "79.92", 3)


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({"down": True}, ErpUnavailableError),
        ({"error_500": True}, ErpUnavailableError),
        ({"html": True}, ErpMalformedError),
        ({"malformed": True}, ErpMalformedError),
    ],
)
async def test_a_system_that_misbehaves_is_told_from_one_that_answers(
    switches: dict[str, Any], expected: type[ErpError], process: RunningErp, erp: Erp
) -> None:
    for name, arguments in SPECIMEN.arguments.items():
        process.switch(**switches)
        with pytest.raises(expected):
            await ask(erp, name, key=name, **dict[str, Any](arguments))
        process.switch()
        assert await ask(erp, name, key=name, **dict[str, Any](arguments))
    assert process.copies() == 1


async def test_a_system_that_is_gone_is_unavailable(process: RunningErp, erp: Erp) -> None:
    process.end()
    with pytest.raises(ErpUnavailableError, match="GET /api/customers: ConnectError"):
        await ask(erp, "find_customer", document=ANA)


class Tampering(httpx.AsyncBaseTransport):
    """The emulator, but what it answers on a path that ends so is put in place of its own."""

    def __init__(self, ending: str, answer: httpx.Response) -> None:
        self._emulator = emulator()
        self._ending = ending
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._emulator.handle_async_request(request)
        return self._answer if request.url.path.endswith(self._ending) else answer


def pdf(content: bytes) -> httpx.Response:
    return httpx.Response(200, content=content, headers={"content-type": "application/pdf"})


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 cut", b"<html>%%EOF", b"%PDF-1.4 %%EOF" + b"x" * 2_000])
async def test_what_is_no_whole_pdf_is_not_handed_out(content: bytes) -> None:
    shelf = Shelf()
    with pytest.raises(ErpMalformedError, match=f"expected a whole PDF, found 'application/pdf', {len(content)} bytes"):
        await ask(opened(SPECIMEN, Tampering("/pdf", pdf(content))), "second_copy", invoice_id="F-5001", shelf=shelf)
    assert shelf.files == []


@pytest.mark.parametrize("address", ["https://elsewhere.example/a.pdf", "@elsewhere.example/a", ".elsewhere/a", "/\n"])
async def test_our_token_goes_nowhere_but_to_the_erp(address: str) -> None:
    copy = {
        "invoice": "F-5001",
        "number": "5001",
        "amount": "1.00",
        "due": "2026-11-21",
        "digitable_line": "1",
        "pix": "2",
        "file_name": "a.pdf",
        "pdf_url": address,
    }
    wire = Wire(Tampering("/api/second-copies", httpx.Response(200, json={"copies": [copy]})))
    with pytest.raises(ErpMalformedError, match=r"copies\.0\.pdf_url"):
        await ask(opened(SPECIMEN, wire), "second_copy", invoice_id="F-5001")
    assert {request.url.host for request in wire.requests} == {"erp.example"}


async def test_the_token_is_sent_and_the_slash_of_the_setting_is_not() -> None:
    wire = Wire(emulator())
    await ask(opened(SPECIMEN, wire), "find_customer", document=ANA)
    (request,) = wire.requests
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.url == httpx.URL("http://erp.example/api/customers", params={"document": ANA})


async def test_a_cpf_alone_tells_a_first_name_and_whether_there_is_a_contract(erp: Erp) -> None:
    ana = {"id": "C-1001", "name": "Ana", "document": "52998224725", "status": "active"}
    assert await ask(erp, "find_customer", document=ANA) == ana
    assert await ask(erp, "list_customers", email="cliente1001@correio.example") == [ana]
    assert (await ask(erp, "find_customer", document=COMPANY))["name"] == "Nova Era Tecnologia Ltda"


async def test_the_contract_tells_the_rest(erp: Erp) -> None:
    assert await ask(erp, "read_contract", customer_id="C-1010+C-1011") == {
        "id": "C-1010+C-1011",
        "name": "Gustavo Andrade Pinto",
        "plan": "Fibra 500 Mega",
        "status": "active",
    }


async def test_the_register_holds_what_proves_a_customer(erp: Erp) -> None:
    assert await erp.holder("C-1010+C-1011") == Holder(
        emails=("cliente1010@correio.example", "cliente1011@correio.example"),
        phones=("+5549999991010", "+5549999991011"),
        birth_date=date(1969, 10, 14),
        cep="88506500",
    )
    company = await erp.holder("C-1004")
    assert company is not None
    assert company.facts() == {"cep": "88501300"}
    elisa = await erp.holder("C-1008")
    assert elisa is not None
    assert (elisa.emails, elisa.facts()) == ((), {"birth_date": "2001-02-07"})


def test_what_binds_a_customer_wants_a_proof_and_what_looks_one_up_is_counted() -> None:
    known = erps["demo"].operations()
    assert {name for name, operation in known.items() if operation.proof} == {
        "accept_agreement",
        "accept_retention_offer",
        "cancel_contract",
        "change_plan",
        "list_agreements",
        "list_plans",
        "list_retention_offers",
        "read_contract",
        "unlock_in_trust",
    }
    assert {name for name, operation in known.items() if operation.looks_up} == {"find_customer", "list_customers"}
