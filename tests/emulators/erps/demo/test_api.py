import httpx
import pytest

from emulators.erps.demo.store import Store

COPIES = "/api/invoices/F-5001/second-copies"


def error_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/customers?document=52998224725"),
        ("GET", "/api/customers/C-1001/invoices"),
        ("POST", COPIES),
        ("GET", "/api/second-copies?key=k"),
        ("GET", "/api/second-copies/S-1/pdf"),
    ],
)
@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic demo-token", "demo-token", "Bearer ümlaut"])
async def test_nothing_is_answered_without_the_token(
    client: httpx.AsyncClient, method: str, path: str, authorization: str
) -> None:
    response = await client.request(method, path, headers=[(b"Authorization", authorization.encode("latin-1"))])
    assert error_of(response) == (401, "unauthorized")


async def test_a_customer_is_found_by_cpf(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers", params={"document": "52998224725"})
    assert response.status_code == 200
    assert response.json() == {
        "customers": [
            {
                "id": "C-1001",
                "name": "Ana Souza",
                "document": "52998224725",
                "phone": "+5549999991001",
                "email": "cliente1001@correio.example",
                "plan": "Fibra 500 Mega",
                "status": "active",
            }
        ]
    }


async def test_a_company_is_found_by_alphanumeric_cnpj(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers", params={"document": "12ABC34501DE35"})
    assert [found["id"] for found in response.json()["customers"]] == ["C-1005"]


async def test_a_customer_behind_with_payments_is_blocked(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers", params={"document": "01234567890"})
    assert response.json()["customers"][0]["status"] == "blocked_financial"


async def test_an_unknown_document_is_an_empty_answer(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers", params={"document": "33344455508"})
    assert (response.status_code, response.json()) == (200, {"customers": []})


@pytest.mark.parametrize("query", ["?document=52998224724", "?document=", ""])
async def test_a_document_with_wrong_check_digits_is_unprocessable(client: httpx.AsyncClient, query: str) -> None:
    assert error_of(await client.get(f"/api/customers{query}")) == (422, "invalid_document")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("open", ["F-4902", "F-5002"]),
        ("overdue", ["F-4902"]),
        ("paid", ["F-4802"]),
        ("all", ["F-4802", "F-4902", "F-5002"]),
    ],
)
async def test_invoices_are_listed_by_status_earliest_first(
    client: httpx.AsyncClient, status: str, expected: list[str]
) -> None:
    response = await client.get("/api/customers/C-1002/invoices", params={"status": status})
    assert [invoice["id"] for invoice in response.json()["invoices"]] == expected


async def test_an_invoice_is_shown_with_amount_and_due_date(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers/C-1001/invoices", params={"status": "open"})
    assert response.json() == {
        "invoices": [
            {
                "id": "F-5001",
                "number": "5001",
                "description": "Mensalidade Fibra 500 Mega 12/2026",
                "amount": "99.90",
                "due": "2026-12-01",
                "status": "open",
            }
        ]
    }


async def test_invoices_of_nobody_are_not_found(client: httpx.AsyncClient) -> None:
    assert error_of(await client.get("/api/customers/C-9999/invoices")) == (404, "unknown_customer")


async def test_an_unknown_status_is_unprocessable(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/customers/C-1001/invoices", params={"status": "late"})
    assert error_of(response) == (422, "invalid_status")


async def test_a_second_copy_carries_all_that_is_needed_to_pay(client: httpx.AsyncClient) -> None:
    response = await client.post(COPIES, headers={"Idempotency-Key": "k"})
    assert response.status_code == 201
    copy = response.json()["copy"]
    assert copy == {
        "id": "S-1",
        "invoice": "F-5001",
        "number": "5001",
        "amount": "99.90",
        "due": "2026-12-01",
        "digitable_line": "23790.27804 90000.000506 01004.390504 7 16470000009990",
        "barcode": "23797164700000099900278090000000500100439050",
        "pix": copy["pix"],
        "file_name": "boleto-5001.pdf",
        "pdf_url": "/api/second-copies/S-1/pdf",
    }
    assert copy["pix"].startswith("000201")
    pdf = await client.get(copy["pdf_url"])
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


async def test_a_repeated_key_answers_200_with_the_same_copy(client: httpx.AsyncClient, store: Store) -> None:
    first = await client.post(COPIES, headers={"Idempotency-Key": "k"})
    again = await client.post(COPIES, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert store.copy_count() == 1


async def test_a_copy_is_read_back_by_its_key(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/second-copies", params={"key": "k"})).json() == {"copies": []}
    issued = await client.post(COPIES, headers={"Idempotency-Key": "k"})
    found = await client.get("/api/second-copies", params={"key": "k"})
    assert found.json() == {"copies": [issued.json()["copy"]]}


async def test_a_key_used_for_another_invoice_is_a_conflict(client: httpx.AsyncClient) -> None:
    await client.post(COPIES, headers={"Idempotency-Key": "k"})
    response = await client.post("/api/invoices/F-5002/second-copies", headers={"Idempotency-Key": "k"})
    assert error_of(response) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "   ", "x" * 256])
async def test_a_write_without_a_usable_key_is_refused(client: httpx.AsyncClient, store: Store, key: str) -> None:
    response = await client.post(COPIES, headers={"Idempotency-Key": key})
    assert error_of(response) == (400, "idempotency_key_required")
    assert store.copy_count() == 0


async def test_a_paid_invoice_has_no_second_copy(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/invoices/F-4801/second-copies", headers={"Idempotency-Key": "k"})
    assert error_of(response) == (409, "already_paid")


async def test_what_does_not_exist_is_not_found(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/invoices/F-1/second-copies", headers={"Idempotency-Key": "k"})
    assert error_of(response) == (404, "unknown_invoice")
    assert error_of(await client.get("/api/second-copies/S-1/pdf")) == (404, "unknown_copy")
    assert error_of(await client.get("/api/nothing")) == (404, "not_found")
    assert error_of(await client.delete(COPIES)) == (405, "method_not_allowed")


async def test_copies_are_not_listed_without_a_key(client: httpx.AsyncClient) -> None:
    assert error_of(await client.get("/api/second-copies")) == (400, "key_required")


async def test_health_needs_no_token(client: httpx.AsyncClient) -> None:
    response = await client.get("/health", headers={"Authorization": ""})
    assert response.status_code == 200
