"""The demo ERP (`emulators/erps/demo`): the billing system of an invented internet provider."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, TypeVar, cast
from urllib.parse import quote

import httpx
from pydantic import BaseModel, HttpUrl

from domain.errors import ErpMalformedError, ErpNotFoundError
from domain.message import FileContent
from domain.proof import Holder
from erps.base import Erp, ErpSettings, erps, exchange, operation, read
from erps.demo.wire import (
    Copies,
    Covering,
    Found,
    Invoices,
    Issued,
    Offers,
    Orders,
    Outages,
    Placed,
    Registered,
    Registration,
)
from erps.vocabulary.billing import (
    Contract,
    Customer,
    FindCustomer,
    Invoice,
    ListCustomers,
    SecondCopy,
    SecondCopyOf,
)
from erps.vocabulary.sales import At, Considered, Coverage, Lead, Sought
from erps.vocabulary.services import Choice, OfCustomer, Offer, Order, Outage, Reported

M = TypeVar("M", bound=BaseModel)

PDF: Final = b"%PDF-"
PDF_END: Final = b"%%EOF"
PDF_TAIL: Final = 1024
"""Within so many last bytes readers look for the end of a PDF."""
SEVERAL: Final = "+"
CPF_LENGTH: Final = 11
_PROBE: Final = "probe"


class DemoSettings(ErpSettings):
    """Keys of `[connections.NAME]` for the demo ERP."""

    url: HttpUrl
    """Where it listens, `http://host:port`."""
    token: str
    """Its bearer token, best as `secret://name`."""


@erps.register
class Demo(Erp):
    """The demo ERP that comes with Prosa: customers by CPF or CNPJ, invoices, and services of an internet provider.

    Of a customer who is registered twice, the first registration is the one whose plan and contract are changed.
    """

    Settings: ClassVar[type[ErpSettings]] = DemoSettings

    async def probe(self) -> bool:
        """Ask for the copy of a key that nothing was written under."""
        await self._get(Copies, "/api/second-copies", key=_PROBE)
        return True

    async def holder(self, customer_id: str) -> Holder:
        """Return what the register holds of all registrations; the birth date and CEP of the first."""
        found = [await self._registration(one) for one in customer_id.split(SEVERAL)]
        return Holder(
            emails=tuple(dict.fromkeys(one.email for one in found if one.email)),
            phones=tuple(dict.fromkeys(one.phone for one in found if one.phone)),
            birth_date=found[0].birth_date,
            cep=found[0].cep,
        )

    @operation(looks_up=True)
    async def find_customer(self, request: FindCustomer) -> Customer:
        """Find the customer with a CPF or CNPJ; `not_found` when there is none.

        Several registrations under one document are one customer, whose `id` stands for all of them.
        """
        found = (await self._get(Found, "/api/customers", document=request.document)).customers
        if not found:
            raise ErpNotFoundError("no customer has this document")
        return _together(found)

    @operation(looks_up=True)
    async def list_customers(self, request: ListCustomers) -> tuple[Customer, ...]:
        """List the customers with a CPF or CNPJ, a phone number or an e-mail address; none when there is none.

        Several registrations under one document are one customer, as for `find_customer`.
        """
        asked = next(pair for pair in request.model_dump().items() if pair[1])
        people: dict[str, list[Customer]] = {}
        for customer in (await self._get(Found, "/api/customers", **dict([asked]))).customers:
            people.setdefault(customer.document, []).append(customer)
        return tuple(map(_together, people.values()))

    @operation(proof=True)
    async def read_contract(self, request: OfCustomer) -> Contract:
        """Read the contract of a customer: full name, plan, status."""
        found = await self._registration(_first(request.customer_id))
        return Contract(id=request.customer_id, name=found.name, plan=found.plan, status=found.status)

    @operation
    async def list_open_invoices(self, request: OfCustomer) -> tuple[Invoice, ...]:
        """List the invoices of a customer that are not paid, of all registrations, the oldest due date first."""
        invoices: list[Invoice] = []
        for customer in request.customer_id.split(SEVERAL):
            path = f"/api/customers/{quote(customer, safe='')}/invoices"
            invoices += (await self._get(Invoices, path, status="open")).invoices
        return tuple(sorted(invoices, key=lambda invoice: (invoice.due, invoice.id)))

    @operation
    async def second_copy(self, request: SecondCopyOf, *, key: str) -> SecondCopy:
        """Issue the second copy of an invoice; `rejected` when it is paid already.

        It reads before it repeats: a copy issued under the same key is returned, not issued again.
        """
        earlier = (await self._get(Copies, "/api/second-copies", key=key)).copies
        if earlier:
            copy = earlier[0]
        else:
            path = f"/api/invoices/{quote(request.invoice_id, safe='')}/second-copies"
            answer = await self._request("POST", path, headers={"Idempotency-Key": key})
            copy = read(Issued, answer).copy_
        if copy.invoice != request.invoice_id:
            raise ErpMalformedError("the copy under this key is of another invoice")
        slip = await self._request("GET", copy.pdf_url)
        if not slip.content.startswith(PDF) or PDF_END not in slip.content[-PDF_TAIL:]:
            found = f"{slip.headers.get('content-type', 'no type')!r}, {len(slip.content)} bytes"
            raise ErpMalformedError(f"expected a whole PDF, found {found}")
        file = FileContent(name=copy.file_name, mime="application/pdf", data=slip.content)
        facts = {name: getattr(copy, name) for name in ("number", "amount", "due", "digitable_line", "pix")}
        return SecondCopy(**facts, file=file)

    @operation
    async def list_outages(self, request: OfCustomer) -> tuple[Outage, ...]:
        """List the outages at a customer's addresses, of all registrations."""
        found: dict[str, Outage] = {}
        for customer in request.customer_id.split(SEVERAL):
            path = f"/api/customers/{quote(customer, safe='')}/outages"
            found |= {outage.id: outage for outage in (await self._get(Outages, path)).outages}
        return tuple(found.values())

    @operation(proof=True)
    async def list_plans(self, request: OfCustomer) -> tuple[Offer, ...]:
        """List the plans that a customer may change to, by price a month."""
        return await self._offers("plan", request)

    @operation(proof=True)
    async def list_agreements(self, request: OfCustomer) -> tuple[Offer, ...]:
        """List the ways to pay overdue invoices, in instalments of `amount`; none when nothing is overdue."""
        return await self._offers("agreement", request)

    @operation(proof=True)
    async def list_retention_offers(self, request: OfCustomer) -> tuple[Offer, ...]:
        """List the offers to a customer who wants to leave; none after one has been taken."""
        return await self._offers("retention", request)

    @operation
    async def check_coverage(self, request: At) -> Coverage:
        """Say whether the network reaches a CEP."""
        return (await self._get(Covering, "/api/coverage", cep=request.cep)).coverage

    @operation
    async def list_plans_at(self, request: Sought) -> tuple[Offer, ...]:
        """List the plans that are sold at a CEP, by price a month; none where the network does not reach."""
        return (await self._get(Offers, "/api/plans", cep=request.cep, use=request.use)).offers

    @operation
    async def list_welcome_offers(self, request: Considered) -> tuple[Offer, ...]:
        """List the discounts on a plan of `list_plans_at` for a hesitating lead: `amount` a month, `times` months."""
        return (await self._get(Offers, f"/api/plans/{quote(request.offer_id, safe='')}/offers")).offers

    @operation(proof=True)
    async def unlock_in_trust(self, request: OfCustomer, *, key: str) -> Order:
        """Unlock a blocked customer until `day`; `rejected` when not blocked, or too much is overdue."""
        return await self._order(key, "unlock", request.customer_id)

    @operation(proof=True)
    async def change_plan(self, request: Choice, *, key: str) -> Order:
        """Change to one of `list_plans` from `day` on; `rejected` while the customer is blocked."""
        return await self._order(key, "plan", request.customer_id, choice=request.offer_id)

    @operation(proof=True)
    async def accept_agreement(self, request: Choice, *, key: str) -> Order:
        """Agree to one of `list_agreements`, the first instalment due on `day`; `not_found` when it has changed."""
        return await self._order(key, "agreement", request.customer_id, choice=request.offer_id)

    @operation(proof=True)
    async def accept_retention_offer(self, request: Choice, *, key: str) -> Order:
        """Give the customer one of `list_retention_offers`; `not_found` when it was given before."""
        return await self._order(key, "retention", request.customer_id, choice=request.offer_id)

    @operation(proof=True)
    async def cancel_contract(self, request: Reported, *, key: str) -> Order:
        """Cancel the contract as of `day`; `rejected` when it is cancelled already."""
        return await self._order(key, "cancellation", request.customer_id, note=request.note)

    @operation
    async def request_visit(self, request: Reported, *, key: str) -> Order:
        """Ask for a technician, who comes until `day`."""
        return await self._order(key, "visit", request.customer_id, note=request.note)

    @operation
    async def register_lead(self, request: Lead, *, key: str) -> Order:
        """Register a lead for the sales team, which answers until `day`."""
        return await self._order(key, "lead", "", note="; ".join(request.model_dump().values()))

    async def _registration(self, customer_id: str) -> Registration:
        return (await self._get(Registered, f"/api/customers/{quote(customer_id, safe='')}")).customer

    async def _offers(self, kind: str, request: OfCustomer) -> tuple[Offer, ...]:
        path = f"/api/customers/{quote(_first(request.customer_id), safe='')}/offers"
        return (await self._get(Offers, path, kind=kind)).offers

    async def _order(self, key: str, kind: str, customer_id: str, *, choice: str = "", note: str = "") -> Order:
        """Place an order, unless there is one under the same key: it reads before it repeats."""
        body = {"kind": kind, "customer": _first(customer_id), "choice": choice}
        earlier = (await self._get(Orders, "/api/orders", key=key)).orders
        if earlier:
            order = earlier[0]
        else:
            headers = {"Idempotency-Key": key}
            answer = await self._request("POST", "/api/orders", headers=headers, json={**body, "note": note})
            order = read(Placed, answer).order
        if order.model_dump(include=set(body)) != body:
            raise ErpMalformedError("the order under this key is another one")
        return order

    async def _get(self, model: type[M], path: str, **query: str) -> M:
        return read(model, await self._request("GET", path, params=query or None))

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        settings = cast("DemoSettings", self.settings)
        headers = {"Authorization": f"Bearer {self.tools.secret(settings.token)}", **options.pop("headers", {})}
        url = f"{str(settings.url).rstrip('/')}{path}"
        return await exchange(self.tools.http, method, url, _reason, headers=headers, **options)


def _first(customer_id: str) -> str:
    return customer_id.split(SEVERAL, maxsplit=1)[0]


def _reason(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["message"])


def _together(registrations: Sequence[Customer]) -> Customer:
    """Return the one customer of several *registrations*, and of a person no more than the first name."""
    first = registrations[0]
    name = " ".join(first.name.split()[:1]) if len(first.document) == CPF_LENGTH else first.name
    return first.model_copy(update={"id": SEVERAL.join(customer.id for customer in registrations), "name": name})
