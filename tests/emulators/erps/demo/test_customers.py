import re
from collections import Counter
from datetime import date, timedelta

import pytest

from emulators.erps.demo import beneficiary, customers
from emulators.erps.demo.customers import seed
from emulators.erps.demo.documents import format_document, parse_document
from emulators.erps.demo.records import Customer, Invoice

Situation = tuple[int, int, int]
"""How many invoices are open (overdue ones included), overdue, paid."""


def situations(today: date) -> dict[str, Situation]:
    found, invoices = seed(today)
    return {customer.id: situation(customer, invoices, today) for customer in found}


def situation(customer: Customer, invoices: list[Invoice], today: date) -> Situation:
    count = Counter(invoice.status(today) for invoice in invoices if invoice.customer == customer.id)
    return count["open"] + count["overdue"], count["overdue"], count["paid"]


def test_every_document_is_valid_and_compact(today: date) -> None:
    found, _ = seed(today)
    assert [parse_document(customer.document) for customer in found] == [customer.document for customer in found]
    assert parse_document(beneficiary.DOCUMENT) == beneficiary.DOCUMENT


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ("C-1001", (1, 0, 2)),
        ("C-1002", (2, 1, 1)),
        ("C-1003", (0, 0, 3)),
        ("C-1004", (1, 0, 1)),
        ("C-1005", (1, 0, 0)),
        ("C-1006", (5, 3, 0)),
        ("C-1007", (1, 0, 1)),
        ("C-1008", (0, 0, 0)),
        ("C-1009", (1, 1, 1)),
        ("C-1010", (1, 0, 0)),
        ("C-1011", (0, 0, 1)),
        ("C-1012", (1, 0, 0)),
    ],
)
@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2028, 2, 29), date(2027, 1, 1)])
def test_each_customer_is_in_the_documented_situation_on_any_day(customer: str, expected: Situation, day: date) -> None:
    assert situations(day)[customer] == expected


def test_the_table_in_the_docstring_names_each_customer_as_seeded(today: date) -> None:
    rows = re.findall(r"^\| (\S+) +\| (C-\d+) +\| (.+?) +\|", customers.__doc__ or "", flags=re.MULTILINE)
    found, _ = seed(today)
    assert rows == [(format_document(customer.document), customer.id, customer.name) for customer in found]


def test_the_two_other_documents_of_the_docstring_are_as_it_says(today: date) -> None:
    found, _ = seed(today)
    assert parse_document("333.444.555-08") not in {customer.document for customer in found}
    with pytest.raises(ValueError, match="check digits"):
        parse_document("529.982.247-24")


def test_ids_and_numbers_are_given_once(today: date) -> None:
    found, invoices = seed(today)
    assert len({customer.id for customer in found}) == len(found) == 12
    assert len({invoice.id for invoice in invoices}) == len(invoices)
    assert all(invoice.id == f"F-{invoice.number}" for invoice in invoices)


def test_nobody_can_be_reached_by_mail(today: date) -> None:
    found, _ = seed(today)
    assert all(customer.email.endswith(".example") for customer in found if customer.email)


def test_an_invoice_is_overdue_from_the_day_after_it_was_due(today: date) -> None:
    _, invoices = seed(today)
    invoice = next(invoice for invoice in invoices if invoice.id == "F-5012")
    assert invoice.due == today
    assert invoice.status(today) == "open"
    assert invoice.status(today + timedelta(days=1)) == "overdue"


def test_the_register_holds_what_the_docstring_says(today: date) -> None:
    found, _ = seed(today)
    cells = re.findall(r"(C-\d{4}) +\| ([\d/-]+) +\| ([\d-]+) ", customers.__doc__ or "")
    told = {customer: (born.strip("-"), cep.replace("-", "")) for customer, born, cep in cells}
    held = {
        customer: ("/".join(reversed(held.birth_date.split("-"))), held.cep)
        for customer, held in customers.HOLDERS.items()
    }
    assert told == held
    assert set(held) == {customer.id for customer in found}
