"""The Demo ERP's database: one SQLite file that outlives its process; what was answered is on disk."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from emulators.erp import beneficiary
from emulators.erp.customers import seed
from emulators.erp.records import Copy, Customer, Invoice

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

INVOICES = """
SELECT invoices.id, invoices.number, customer, plan, cents, due, paid
FROM invoices JOIN customers ON customers.id = customer
"""

COPIES = """
SELECT 'S-' || copies.number AS id, key, invoice, invoices.number AS number, name AS payer,
    document AS payer_document, copies.cents AS cents, copies.due AS due, digitable_line, barcode, pix, issued_at
FROM copies JOIN invoices ON invoices.id = invoice JOIN customers ON customers.id = customer
"""


class AlreadyPaidError(Exception):
    """The invoice is paid: there is nothing to issue."""


class KeyReusedError(Exception):
    """The idempotency key belongs to a copy of another invoice."""


class UnknownInvoiceError(LookupError):
    """No invoice has this id."""


def brasilia_today() -> date:
    """Return the day it is for the provider and its customers."""
    return datetime.now(BRASILIA).date()


class Store:
    """Customers, invoices and copies; its methods may be called from any thread."""

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
            seeded = int(self._fetch("PRAGMA user_version")[0]["user_version"])
            if seeded == 0:
                self._seed(today)
            elif seeded < today.toordinal():
                days = f"+{today.toordinal() - seeded} days"
                self._connection.execute("UPDATE invoices SET due = date(due, ?)", (days,))
            else:
                return
            self._connection.execute(f"PRAGMA user_version = {today.toordinal()}")

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
