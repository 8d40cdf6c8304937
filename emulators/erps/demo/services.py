"""What the invented provider offers its customers, and under which conditions it agrees to something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from emulators.erps.demo.records import Customer, Invoice, Offer, Outage

BLOCKED: Final = "blocked_financial"
CANCELLED: Final = "cancelled"
ACTIVE: Final = "active"
TRUSTED_INVOICES: Final = 2
"""With more invoices overdue nobody is unlocked in trust."""
COVERED: Final[Mapping[str, str]] = {"885": "Lages", "886": "São Joaquim", "898": "Chapecó"}
"""The cities that the network reaches, by how their CEPs begin."""
WITHOUT_NETWORK: Final = frozenset({"C-1007", "C-1012"})
"""The customers whose fibre is always cut: due dates and outages never age."""

HOMES: Final = (
    Offer("P-300", "Fibra 300 Mega", 7990),
    Offer("P-500", "Fibra 500 Mega", 9990),
    Offer("P-700", "Fibra 700 Mega", 12990),
    Offer("P-1000", "Fibra 1 Giga", 15990),
)
COMPANIES: Final = (
    Offer("E-400", "Fibra Empresarial 400 Mega", 24990),
    Offer("E-800", "Fibra Empresarial 800 Mega", 34990),
)
CPF_LENGTH: Final = 11
SOLD: Final[Mapping[str, Sequence[Offer]]] = {"home": HOMES, "company": COMPANIES}
WELCOME_MONTHS: Final = 3


class RefusedError(Exception):
    """The provider does not agree; `code` is stable, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownChoiceError(LookupError):
    """What was chosen is not offered to this customer."""


@dataclass(frozen=True)
class Account:
    """A customer as whoever agrees to something sees it on the day `today`."""

    customer: Customer
    invoices: Sequence[Invoice]
    agreed: frozenset[str]
    """The kinds of the orders until now."""
    today: date

    @property
    def overdue(self) -> list[Invoice]:
        """The invoices that are overdue."""
        return [invoice for invoice in self.invoices if invoice.status(self.today) == "overdue"]


@dataclass(frozen=True)
class Terms:
    """What is agreed to: in words, from when, and what becomes of the customer."""

    title: str
    day: date
    status: str = ""
    plan: str = ""


def outages(customer: str, now: datetime) -> list[Outage]:
    """Return what is down for a customer: cut two hours before `now`, to be back in two more."""
    if customer not in WITHOUT_NETWORK:
        return []
    hour = now.replace(minute=0, second=0, microsecond=0)
    two_hours = timedelta(hours=2)
    return [Outage("N-31", "Rompimento de fibra no bairro Coral", hour - two_hours, hour + two_hours)]


def offers(kind: str, account: Account) -> list[Offer]:
    """Return what a customer may choose: `plan`, `agreement` or `retention`; KeyError for another kind."""
    return _OFFERS[kind](account)


def terms(kind: str, account: Account, choice: str) -> Terms:
    """Return what the provider agrees to; RefusedError, UnknownChoiceError, or KeyError for another kind."""
    return _TERMS[kind](account, choice)


def coverage(cep: str) -> str:
    """Return the city that the network reaches at a CEP; nothing when it does not."""
    return COVERED.get(cep[:3], "")


def plans(cep: str, use: str) -> Sequence[Offer]:
    """Return what is sold at a CEP for a `home` or a `company`, nothing where it is not; KeyError for another use."""
    sold = SOLD[use]
    return sold if coverage(cep) else ()


def welcome(plan: str) -> Offer:
    """Return what makes a plan cheaper for a new customer; UnknownChoiceError when it is not sold."""
    offer = _chosen(plan, (*HOMES, *COMPANIES))
    name = f"20% de desconto por {WELCOME_MONTHS} meses"
    return Offer(f"W-{offer.id}", name, offer.cents * 8 // 10, WELCOME_MONTHS)


def _plans(account: Account) -> list[Offer]:
    catalogue = HOMES if len(account.customer.document) == CPF_LENGTH else COMPANIES
    return [offer for offer in catalogue if offer.name != account.customer.plan]


def _agreements(account: Account) -> list[Offer]:
    total = sum(invoice.cents for invoice in account.overdue)
    if not total or "agreement" in account.agreed:
        return []
    at_once = Offer("A-1", "À vista com 10% de desconto", total * 9 // 10)
    return [at_once, *(Offer(f"A-{times}", f"Em {times} vezes", -(-total // times), times) for times in (2, 3))]


def _reasons_to_stay(account: Account) -> list[Offer]:
    if not account.invoices or "retention" in account.agreed:
        return []
    return [Offer("R-20", "20% de desconto por 6 meses", account.invoices[-1].cents * 8 // 10, 6)]


def _unlock(account: Account, _choice: str) -> Terms:
    if account.customer.status != BLOCKED:
        raise RefusedError("not_blocked", "the customer is not blocked")
    if len(account.overdue) > TRUSTED_INVOICES:
        raise RefusedError("too_much_overdue", f"more than {TRUSTED_INVOICES} invoices are overdue")
    return Terms("Desbloqueio em confiança", account.today + timedelta(days=3), status=ACTIVE)


def _plan(account: Account, choice: str) -> Terms:
    plan = _chosen(choice, _plans(account))
    if account.customer.status != ACTIVE:
        raise RefusedError("not_active", "only active customers may change their plan")
    return Terms(plan.name, account.today + timedelta(days=1), plan=plan.name)


def _agreement(account: Account, choice: str) -> Terms:
    return Terms(_chosen(choice, _agreements(account)).name, account.today + timedelta(days=5))


def _retention(account: Account, choice: str) -> Terms:
    return Terms(_chosen(choice, _reasons_to_stay(account)).name, account.today)


def _cancellation(account: Account, _choice: str) -> Terms:
    if account.customer.status == CANCELLED:
        raise RefusedError("cancelled_already", "the contract is cancelled already")
    return Terms("Cancelamento", account.today + timedelta(days=2), status=CANCELLED)


def _visit(account: Account, _choice: str) -> Terms:
    return Terms("Visita técnica", account.today + timedelta(days=1))


def _chosen(choice: str, offered: Iterable[Offer]) -> Offer:
    for offer in offered:
        if offer.id == choice:
            return offer
    raise UnknownChoiceError(choice)


_OFFERS: Final = {"plan": _plans, "agreement": _agreements, "retention": _reasons_to_stay}
_TERMS: Final = {
    "unlock": _unlock,
    "plan": _plan,
    "agreement": _agreement,
    "retention": _retention,
    "cancellation": _cancellation,
    "visit": _visit,
}
