"""The demo ERP (`emulators/erp`): the billing system of an invented internet provider."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar, cast

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import ErpMalformedError, ErpNotFoundError, ErpRejectedError, ErpUnavailableError
from domain.message import FileContent
from domain.model import Value
from erps.base import Erp, ErpSettings, Request, erps, operation

M = TypeVar("M", bound=BaseModel)

PDF: Final = b"%PDF"
NOT_FOUND: Final = 404
REJECTED: Final = frozenset({400, 409, 422})


class DemoSettings(ErpSettings):
    """Keys of `[connections.NAME]` for the demo ERP."""

    url: str
    """Where it listens, `http://host:port`."""
    token: str
    """Its bearer token, best as `secret://name`."""


class FindCustomer(Request):
    """Which customer."""

    document: str
    """CPF or CNPJ, with or without punctuation."""


class ListOpenInvoices(Request):
    """Whose invoices."""

    customer_id: str


class SecondCopyOf(Request):
    """Which invoice."""

    invoice_id: str


class Customer(Value):
    """A customer of the provider."""

    id: str
    name: str
    document: str
    plan: str = ""
    status: str = "active"


class Invoice(Value):
    """An invoice that is not paid; `amount` in reais, `due` as YYYY-MM-DD."""

    id: str
    number: str
    description: str = ""
    amount: Decimal
    due: date
    status: str


class SecondCopy(Value):
    """Everything that pays an invoice: the slip as PDF, its digitable line, its Pix code."""

    number: str
    amount: Decimal
    due: date
    digitable_line: str
    pix: str
    file: FileContent


class _Found(Value):
    customers: tuple[Customer, ...]


class _Invoices(Value):
    invoices: tuple[Invoice, ...]


class _Copy(Value):
    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str
    amount: Decimal
    due: date
    digitable_line: str
    pix: str
    file_name: str
    pdf_url: str


class _Issued(Value):
    copy_: _Copy

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.rstrip("_"))


class _Copies(Value):
    copies: tuple[_Copy, ...]


@erps.register
class Demo(Erp):
    """The demo ERP that comes with Prosa: customers by CPF or CNPJ, open invoices, second copies."""

    Settings: ClassVar[type[ErpSettings]] = DemoSettings

    @operation
    async def find_customer(self, request: FindCustomer) -> Customer:
        """Find the customer with a CPF or CNPJ; `not_found` when there is none."""
        found = await self._get(_Found, "/api/customers", document=request.document)
        if not found.customers:
            raise ErpNotFoundError("no customer has this document")
        return found.customers[0]

    @operation
    async def list_open_invoices(self, request: ListOpenInvoices) -> tuple[Invoice, ...]:
        """List the invoices of a customer that are not paid, the oldest due date first."""
        path = f"/api/customers/{request.customer_id}/invoices"
        return (await self._get(_Invoices, path, status="open")).invoices

    @operation
    async def second_copy(self, request: SecondCopyOf, *, key: str) -> SecondCopy:
        """Issue the second copy of an invoice; `rejected` when it is paid already.

        It reads before it repeats: a copy issued under the same key is returned, not issued again.
        """
        earlier = (await self._get(_Copies, "/api/second-copies", key=key)).copies
        if earlier:
            copy = earlier[0]
        else:
            path = f"/api/invoices/{request.invoice_id}/second-copies"
            answer = await self._request("POST", path, headers={"Idempotency-Key": key})
            copy = _read(_Issued, answer).copy_
        slip = await self._request("GET", copy.pdf_url)
        if not slip.content.startswith(PDF):
            raise ErpMalformedError(f"expected a PDF, found {slip.headers.get('content-type', 'no type')!r}")
        file = FileContent(name=copy.file_name, mime="application/pdf", data=slip.content)
        facts = {name: getattr(copy, name) for name in ("number", "amount", "due", "digitable_line", "pix")}
        return SecondCopy(**facts, file=file)

    async def _get(self, model: type[M], path: str, **query: str) -> M:
        return _read(model, await self._request("GET", path, params=query))

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        settings = cast("DemoSettings", self.settings)
        headers = {"Authorization": f"Bearer {self.tools.secret(settings.token)}", **options.pop("headers", {})}
        try:
            answer = await self.tools.http.request(method, f"{settings.url}{path}", headers=headers, **options)
        except httpx.HTTPError as error:
            raise ErpUnavailableError(f"{method} {path}: {type(error).__name__}") from error
        if answer.status_code == NOT_FOUND:
            raise ErpNotFoundError(_reason(answer))
        if answer.status_code in REJECTED:
            raise ErpRejectedError(_reason(answer))
        if not answer.is_success:
            raise ErpUnavailableError(f"{method} {path}: status {answer.status_code}")
        return answer


def _read(model: type[M], answer: httpx.Response) -> M:
    kind = answer.headers.get("content-type", "")
    if "json" not in kind:
        raise ErpMalformedError(f"expected JSON, found {kind!r}")
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        first = error.errors()[0]
        raise ErpMalformedError(f"{'.'.join(map(str, first['loc'])) or 'answer'}: {first['msg'].lower()}") from error


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
