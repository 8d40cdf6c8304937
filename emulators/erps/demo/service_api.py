"""The REST API under `/api/` beyond billing: outages, offers, and what is agreed with a customer."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.erps.demo import services
from emulators.erps.demo.errors import ApiError
from emulators.erps.demo.guard import Guard, idempotency_key
from emulators.erps.demo.records import Offer
from emulators.erps.demo.store import KeyReusedError, Store, UnknownCustomerError

Text = Annotated[str, Field(max_length=1000)]


class Asked(BaseModel):
    """The body of POST /orders; `customer` is left out by who is none yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Text
    customer: Text = ""
    choice: Text = ""
    note: Text = ""


class ServiceApi:
    """The endpoints."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self.store = store
        self.guard = guard

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/api`."""
        return [
            Route("/customers/{customer}/outages", self.list_outages),
            Route("/customers/{customer}/offers", self.list_offers),
            Route("/coverage", self.check_coverage),
            Route("/plans", self.list_plans),
            Route("/plans/{plan}/offers", self.list_welcome_offers),
            Route("/orders", self.find_orders),
            Route("/orders", self.place_order, methods=["POST"]),
        ]

    def list_outages(self, request: Request) -> Response:
        """GET /customers/{id}/outages: what is down where the customer lives."""
        self.guard.authorize(request)
        account = self._account(request.path_params["customer"])
        found = services.outages(account.customer.id, self.store.now())
        return JSONResponse({"outages": [outage.as_json() for outage in found]})

    def list_offers(self, request: Request) -> Response:
        """GET /customers/{id}/offers?kind=plan|agreement|retention: what the customer may choose."""
        self.guard.authorize(request)
        account = self._account(request.path_params["customer"])
        kind = request.query_params.get("kind", "")
        try:
            found = services.offers(kind, account)
        except KeyError as error:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_kind", f"no offers of kind {kind!r}") from error
        return _offered(found)

    def check_coverage(self, request: Request) -> Response:
        """GET /coverage?cep=: whether the network reaches a CEP, and the city."""
        self.guard.authorize(request)
        city = services.coverage(request.query_params.get("cep", ""))
        return JSONResponse({"coverage": {"covered": bool(city), "city": city}})

    def list_plans(self, request: Request) -> Response:
        """GET /plans?cep=&use=home|company: what is sold at a CEP; nothing where the network does not reach."""
        self.guard.authorize(request)
        use = request.query_params.get("use", "")
        try:
            found = services.plans(request.query_params.get("cep", ""), use)
        except KeyError as error:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_use", f"no plans for {use!r}") from error
        return _offered(found)

    def list_welcome_offers(self, request: Request) -> Response:
        """GET /plans/{id}/offers: what makes a plan cheaper for a new customer."""
        self.guard.authorize(request)
        plan = request.path_params["plan"]
        try:
            found = services.welcome(plan)
        except services.UnknownChoiceError as error:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_plan", f"no plan {plan!r}") from error
        return _offered([found])

    def find_orders(self, request: Request) -> Response:
        """GET /orders?key=: what was agreed under a key, to read before a write is repeated."""
        self.guard.authorize(request)
        key = request.query_params.get("key")
        if not key:
            raise ApiError(HTTPStatus.BAD_REQUEST, "key_required", "expected a query parameter 'key'")
        return JSONResponse({"orders": [order.as_json() for order in self.store.orders(key)]})

    async def place_order(self, request: Request) -> Response:
        """POST /orders with Idempotency-Key: 201 with a new order, 200 with the key's; 409 says why not."""
        self.guard.authorize(request)
        key = idempotency_key(request)
        try:
            asked = Asked.model_validate_json(await request.body())
        except ValidationError as error:
            message = "expected JSON with 'kind', and 'customer', 'choice', 'note'"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_order", message) from error
        try:
            order, new = await run_in_threadpool(
                self.store.place, asked.kind, asked.customer, key, choice=asked.choice, note=asked.note
            )
        except UnknownCustomerError as error:
            raise _unknown_customer(asked.customer) from error
        except services.UnknownChoiceError as error:
            raise ApiError(HTTPStatus.NOT_FOUND, "unknown_choice", f"{asked.choice!r} is not offered") from error
        except services.RefusedError as error:
            raise ApiError(HTTPStatus.CONFLICT, error.code, str(error)) from error
        except KeyReusedError as error:
            message = f"the key {key!r} was used for another order"
            raise ApiError(HTTPStatus.CONFLICT, "idempotency_key_reused", message) from error
        except KeyError as error:
            message = f"no orders of kind {asked.kind!r}"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_kind", message) from error
        return JSONResponse({"order": order.as_json()}, HTTPStatus.CREATED if new else HTTPStatus.OK)

    def _account(self, customer: str) -> services.Account:
        try:
            return self.store.account(customer)
        except UnknownCustomerError as error:
            raise _unknown_customer(customer) from error


def _offered(found: Iterable[Offer]) -> Response:
    return JSONResponse({"offers": [offer.as_json() for offer in found]})


def _unknown_customer(customer: str) -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, "unknown_customer", f"no customer {customer!r}")
