"""The REST API under `/api/`: customers, invoices, second copies; every request carries the bearer token."""

import re
from collections.abc import Iterable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.erps.demo.customers import HOLDERS
from emulators.erps.demo.documents import InvalidDocumentError, parse_document
from emulators.erps.demo.errors import ApiError
from emulators.erps.demo.guard import Guard, idempotency_key
from emulators.erps.demo.pdf import render_slip
from emulators.erps.demo.records import Customer
from emulators.erps.demo.store import (
    AlreadyPaidError,
    KeyReusedError,
    Store,
    UnknownCustomerError,
    UnknownInvoiceError,
)

STATUSES = {
    "open": ("open", "overdue"),
    "overdue": ("overdue",),
    "paid": ("paid",),
    "all": ("open", "overdue", "paid"),
}


class Api:
    """The endpoints; plain functions, so that Starlette runs them in threads that may wait for the disk."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self.store = store
        self.guard = guard

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/api`."""
        return [
            Route("/customers", self.find_customers),
            Route("/customers/{customer}", self.read_customer),
            Route("/customers/{customer}/invoices", self.list_invoices),
            Route("/invoices/{invoice}/second-copies", self.issue_copy, methods=["POST"]),
            Route("/second-copies", self.find_copies),
            Route("/second-copies/{copy}/pdf", self.download),
        ]

    def find_customers(self, request: Request) -> Response:
        """GET /customers?document=, ?phone= or ?email=: the registrations, or none; 422 for what is no CPF or CNPJ."""
        self.guard.authorize(request)
        if phone := re.sub("[^0-9]", "", request.query_params.get("phone", "")):
            return _customers(self.store.customers_by("phone", phone))
        if email := request.query_params.get("email"):
            return _customers(self.store.customers_by("email", email))
        try:
            document = parse_document(request.query_params.get("document", ""))
        except InvalidDocumentError as error:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_document", str(error)) from error
        return _customers(self.store.customers(document))

    def read_customer(self, request: Request) -> Response:
        """GET /customers/{id}: one registration, with all that the register holds."""
        self.guard.authorize(request)
        wanted = request.path_params["customer"]
        try:
            customer = self.store.account(wanted).customer
        except UnknownCustomerError as error:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_customer", f"no customer {wanted!r}") from error
        held = HOLDERS[customer.id]
        dated = {"birth_date": held.birth_date or None, "cep": held.cep}
        return JSONResponse({"customer": {**customer.as_json(), **dated}})

    def list_invoices(self, request: Request) -> Response:
        """GET /customers/{id}/invoices?status=open|overdue|paid|all: by due date; `open` includes overdue."""
        self.guard.authorize(request)
        wanted = STATUSES.get(request.query_params.get("status", "all"))
        if wanted is None:
            message = f"expected a status of {', '.join(STATUSES)}, found {request.query_params['status']!r}"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_status", message)
        customer = request.path_params["customer"]
        invoices = self.store.invoices(customer)
        if invoices is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_customer", f"no customer {customer!r}")
        today = self.store.today()
        shown = [invoice.as_json(today) for invoice in invoices if invoice.status(today) in wanted]
        return JSONResponse({"invoices": shown})

    def issue_copy(self, request: Request) -> Response:
        """POST /invoices/{id}/second-copies with Idempotency-Key: 201 with a new copy, 200 with the key's."""
        self.guard.authorize(request)
        key = idempotency_key(request)
        invoice = request.path_params["invoice"]
        try:
            copy, new = self.store.issue(invoice, key)
        except UnknownInvoiceError as error:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_invoice", f"no invoice {invoice!r}") from error
        except KeyReusedError as error:
            message = f"the key {key!r} was used for another invoice"
            raise ApiError(HTTPStatus.CONFLICT, "idempotency_key_reused", message) from error
        except AlreadyPaidError as error:
            raise ApiError(HTTPStatus.CONFLICT, "already_paid", f"the invoice {invoice!r} is paid") from error
        return JSONResponse({"copy": copy.as_json()}, HTTPStatus.CREATED if new else HTTPStatus.OK)

    def find_copies(self, request: Request) -> Response:
        """GET /second-copies?key=: what was issued under a key, to read before a write is repeated."""
        self.guard.authorize(request)
        key = request.query_params.get("key")
        if not key:
            raise ApiError(HTTPStatus.BAD_REQUEST, "key_required", "expected a query parameter 'key'")
        return JSONResponse({"copies": [copy.as_json() for copy in self.store.copies(key)]})

    def download(self, request: Request) -> Response:
        """GET /second-copies/{id}/pdf: the slip."""
        self.guard.authorize(request)
        copy = self.store.copy(request.path_params["copy"])
        if copy is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_copy", f"no second copy {request.path_params['copy']!r}")
        disposition = f'inline; filename="{copy.file_name}"'
        return Response(render_slip(copy), media_type="application/pdf", headers={"content-disposition": disposition})


def _customers(found: Iterable[Customer]) -> Response:
    return JSONResponse({"customers": [customer.as_json() for customer in found]})
