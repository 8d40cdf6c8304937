"""The Demo ERP's database: one SQLite file that outlives its process; what was answered is on disk."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from emulators.erps.demo import beneficiary, services
from emulators.erps.demo.customers import seed
from emulators.erps.demo.records import Copy, Customer, Invoice, Order

# Brasília has had no summer time since 2019 (decree 9.772/2019).
BRASILIA = timezone(timedelta(hours=-3))

SCHEMA = """
CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, document TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL,
    plan TEXT NOT NULL, status TEXT NOT NULL
) STRICT;
CREATE INDEX customers_by_document ON customers (document);
CREATE TABLE invoices (
    id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, customer TEXT NOT NULL REFERENCES customers (id),
    cents INTEGER NOT NULL, due TEXT NOT NULL, paid INTEGER NOT NULL
) STRICT;
CREATE INDEX invoices_by_customer ON invoices (customer);
CREATE TABLE copies (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
    invoice TEXT NOT NULL REFERENCES invoices (id), cents INTEGER NOT NULL, due TEXT NOT NULL,
    digitable_line TEXT NOT NULL, barcode TEXT NOT NULL, pix TEXT NOT NULL, issued_at TEXT NOT NULL
) STRICT;
"""

ORDERS_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, customer TEXT NOT NULL,
    choice TEXT NOT NULL, note TEXT NOT NULL, title TEXT NOT NULL, day TEXT NOT NULL
) STRICT
"""

INVOICES = """
SELECT invoices.id, invoices.number, customer, plan, cents, due, paid
FROM invoices JOIN customers ON customers.id = customer
"""

COPIES = """
SELECT 'S-' || copies.number AS id, key, invoice, invoices.number AS number, name AS payer,
    document AS payer_document, copies.cents AS cents, copies.due AS due, digitable_line, barcode, pix, issued_at
FROM copies JOIN invoices ON invoices.id = invoice JOIN customers ON customers.id = customer
"""

ORDERS = "SELECT 'O-' || number AS id, key, kind, customer, choice, note, title, day FROM orders WHERE key = ?"

LEAD = "lead"


class AlreadyPaidError(Exception):
    """The invoice is paid: there is nothing to issue."""


class KeyReusedError(Exception):
    """The idempotency key belongs to a copy of another invoice, or to another order."""


class UnknownInvoiceError(LookupError):
    """No invoice has this id."""


class UnknownCustomerError(LookupError):
    """No customer has this id."""


def brasilia_today() -> date:
    """Return the day it is for the provider and its customers."""
    return datetime.now(BRASILIA).date()


class Store:
    """Customers, invoices, copies and orders; its methods may be called from any thread."""

    def __init__(self, database: Path, today: Callable[[], date] = brasilia_today) -> None:
        """Open `database`: seed a new one, move the due dates of one from an earlier day on to `today`."""
        self.today = today
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._prepare()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def customers(self, document: str) -> list[Customer]:
        """Return the registrations of a compact document, by id."""
        query = "SELECT * FROM customers WHERE document = ? ORDER BY id"
        return [Customer(**row) for row in self._rows(query, document)]

    def customers_by(self, fact: str, value: str) -> list[Customer]:
        """Return the registrations with a `phone`, digits only, or with an `email`, in any case; by id."""
        query = {
            "phone": "SELECT * FROM customers WHERE replace(phone, '+', '') = ? ORDER BY id",
            "email": "SELECT * FROM customers WHERE email = ? COLLATE NOCASE ORDER BY id",
        }[fact]
        return [Customer(**row) for row in self._rows(query, value)]

    def invoices(self, customer: str) -> list[Invoice] | None:
        """Return a customer's invoices, earliest due first, or None where there is no such customer."""
        if not self._rows("SELECT 1 FROM customers WHERE id = ?", customer):
            return None
        query = f"{INVOICES} WHERE customer = ? ORDER BY due, invoices.id"
        return [_invoice(row) for row in self._rows(query, customer)]

    def issue(self, invoice_id: str, key: str) -> tuple[Copy, bool]:
        """Return the copy that belongs to `key`, on disk by now, and whether this call issued it.

        Raises `UnknownInvoiceError`, `KeyReusedError` and, for a key not seen before, `AlreadyPaidError`.
        """
        with self._transaction():
            found = self._fetch(f"{INVOICES} WHERE invoices.id = ?", invoice_id)
            if not found:
                raise UnknownInvoiceError(invoice_id)
            earlier = self._fetch(f"{COPIES} WHERE key = ?", key)
            if earlier:
                copy = _copy(earlier[0])
                if copy.invoice != invoice_id:
                    raise KeyReusedError(copy.invoice)
                return copy, False
            invoice = _invoice(found[0])
            if invoice.paid:
                raise AlreadyPaidError(invoice_id)
            self._insert(invoice, key)
            return _copy(self._fetch(f"{COPIES} WHERE key = ?", key)[0]), True

    def now(self) -> datetime:
        """Return what the clocks of the provider's customers show."""
        return datetime.now(BRASILIA)

    def account(self, customer_id: str) -> services.Account:
        """Return what whoever agrees to something knows of a customer; `UnknownCustomerError`."""
        with self._lock:
            return self._account(customer_id)

    def place(self, kind: str, customer_id: str, key: str, *, choice: str = "", note: str = "") -> tuple[Order, bool]:
        """Return the order that belongs to `key`, on disk by now, and whether this call placed it.

        Raises `KeyReusedError`, `UnknownCustomerError` and what `services.terms` raises.
        """
        wanted = (kind, customer_id, choice)
        with self._transaction():
            earlier = self._fetch(ORDERS, key)
            if earlier:
                order = _order(earlier[0])
                if (order.kind, order.customer, order.choice) != wanted:
                    raise KeyReusedError(order.id)
                return order, False
            agreed = self._agree(kind, customer_id, choice)
            self._connection.execute(
                "INSERT INTO orders (key, kind, customer, choice, note, title, day) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, *wanted, note, agreed.title, agreed.day.isoformat()),
            )
            return _order(self._fetch(ORDERS, key)[0]), True

    def orders(self, key: str) -> list[Order]:
        """Return what was agreed under an idempotency key: one order or none."""
        return [_order(row) for row in self._rows(ORDERS, key)]

    def copy(self, copy_id: str) -> Copy | None:
        """Return the copy with this id."""
        rows = self._rows(f"{COPIES} WHERE 'S-' || copies.number = ?", copy_id)
        return _copy(rows[0]) if rows else None

    def copies(self, key: str) -> list[Copy]:
        """Return what was issued under an idempotency key: one copy or none."""
        return [_copy(row) for row in self._rows(f"{COPIES} WHERE key = ?", key)]

    def copy_count(self) -> int:
        """Return how many copies were ever issued."""
        return int(self._rows("SELECT count(*) AS copies FROM copies")[0]["copies"])

    def _prepare(self) -> None:
        # The file's user_version is the ordinal of the day its due dates are counted from; 0 is a new file.
        today = self.today()
        with self._transaction():
            self._connection.execute(ORDERS_SCHEMA)
            seeded = int(self._fetch("PRAGMA user_version")[0]["user_version"])
            if seeded == 0:
                self._seed(today)
            elif seeded < today.toordinal():
                days = f"+{today.toordinal() - seeded} days"
                self._connection.execute("UPDATE invoices SET due = date(due, ?)", (days,))
            else:
                return
            self._connection.execute(f"PRAGMA user_version = {today.toordinal()}")

    def _account(self, customer_id: str) -> services.Account:
        customers = self._fetch("SELECT * FROM customers WHERE id = ?", customer_id)
        if not customers:
            raise UnknownCustomerError(customer_id)
        invoices = self._fetch(f"{INVOICES} WHERE customer = ? ORDER BY due, invoices.id", customer_id)
        agreed = self._fetch("SELECT DISTINCT kind FROM orders WHERE customer = ?", customer_id)
        return services.Account(
            customer=Customer(**customers[0]),
            invoices=[_invoice(row) for row in invoices],
            agreed=frozenset(row["kind"] for row in agreed),
            today=self.today(),
        )

    def _agree(self, kind: str, customer_id: str, choice: str) -> services.Terms:
        if kind == LEAD and not customer_id:
            return services.Terms("Interesse em contratar", self.today() + timedelta(days=1))
        agreed = services.terms(kind, self._account(customer_id), choice)
        self._connection.execute(
            "UPDATE customers SET status = coalesce(nullif(?, ''), status), plan = coalesce(nullif(?, ''), plan)"
            " WHERE id = ?",
            (agreed.status, agreed.plan, customer_id),
        )
        return agreed

    def _seed(self, today: date) -> None:
        for statement in SCHEMA.split(";"):
            self._connection.execute(statement)
        customers, invoices = seed(today)
        self._connection.executemany(
            "INSERT INTO customers VALUES (:id, :name, :document, :phone, :email, :plan, :status)",
            [customer.as_json() for customer in customers],
        )
        self._connection.executemany(
            "INSERT INTO invoices VALUES (?, ?, ?, ?, ?, ?)",
            [(bill.id, bill.number, bill.customer, bill.cents, bill.due.isoformat(), bill.paid) for bill in invoices],
        )

    def _insert(self, invoice: Invoice, key: str) -> None:
        boleto = beneficiary.boleto_for(invoice)
        numbers = (boleto.digitable_line, boleto.barcode, beneficiary.pix_for(invoice))
        issued_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._connection.execute(
            "INSERT INTO copies (key, invoice, cents, due, digitable_line, barcode, pix, issued_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, invoice.id, invoice.cents, invoice.due.isoformat(), *numbers, issued_at),
        )

    def _rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        with self._lock:
            return self._fetch(query, *values)

    def _fetch(self, query: str, *values: str) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.execute(query, values)]

    @contextmanager
    def _transaction(self) -> Generator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _invoice(row: dict[str, Any]) -> Invoice:
    row["due"] = date.fromisoformat(row["due"])
    row["paid"] = bool(row["paid"])
    return Invoice(**row)


def _copy(row: dict[str, Any]) -> Copy:
    row["due"] = date.fromisoformat(row["due"])
    row["issued_at"] = datetime.fromisoformat(row["issued_at"])
    return Copy(**row)


def _order(row: dict[str, Any]) -> Order:
    row["day"] = date.fromisoformat(row["day"])
    return Order(**row)
