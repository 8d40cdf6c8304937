import threading
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from emulators.erps.demo.records import Copy
from emulators.erps.demo.store import AlreadyPaidError, KeyReusedError, Store, UnknownInvoiceError


def due_of(store: Store, invoice: str, customer: str) -> date:
    return next(found.due for found in store.invoices(customer) or [] if found.id == invoice)


def test_a_document_may_have_two_registrations(store: Store) -> None:
    assert [customer.id for customer in store.customers("11144477735")] == ["C-1010", "C-1011"]


def test_invoices_come_earliest_due_first(store: Store) -> None:
    dues = [invoice.due for invoice in store.invoices("C-1006") or []]
    assert len(dues) == 5
    assert dues == sorted(dues)


def test_a_customer_without_invoices_differs_from_no_customer(store: Store) -> None:
    assert store.invoices("C-1008") == []
    assert store.invoices("C-9999") is None


def test_a_repeated_key_gives_the_same_copy_and_stores_nothing(store: Store) -> None:
    first, new = store.issue("F-5001", "key-1")
    again, repeated_new = store.issue("F-5001", "key-1")
    assert (new, repeated_new) == (True, False)
    assert again == first
    assert store.copy_count() == 1
    assert store.copies("key-1") == [first]
    assert store.copy("S-1") == first


def test_another_key_gives_another_copy_with_the_same_payment_data(store: Store) -> None:
    first, _ = store.issue("F-5001", "key-1")
    second, _ = store.issue("F-5001", "key-2")
    assert (first.id, second.id) == ("S-1", "S-2")
    assert first.barcode == second.barcode


def test_a_key_of_another_invoice_is_refused(store: Store) -> None:
    store.issue("F-5001", "key-1")
    with pytest.raises(KeyReusedError):
        store.issue("F-5002", "key-1")
    assert store.copy_count() == 1


def test_a_paid_or_unknown_invoice_has_no_copy(store: Store) -> None:
    with pytest.raises(AlreadyPaidError):
        store.issue("F-4801", "key-1")
    with pytest.raises(UnknownInvoiceError):
        store.issue("F-1", "key-1")
    assert store.copy_count() == 0
    assert store.copy("S-1") is None


def test_a_key_used_by_many_threads_at_once_issues_one_copy(store: Store) -> None:
    barrier = threading.Barrier(8)
    issued: list[tuple[Copy, bool]] = []

    def issue() -> None:
        barrier.wait(10)
        issued.append(store.issue("F-5001", "key-1"))

    threads = [threading.Thread(target=issue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(issued) == 8
    assert sum(new for _, new in issued) == 1
    assert store.copy_count() == 1


def test_a_file_opened_again_keeps_copies_and_due_dates(tmp_path: Path, today: date) -> None:
    with closing(Store(tmp_path / "erp.db", today=lambda: today)) as store:
        copy, _ = store.issue("F-5001", "key-1")
    with closing(Store(tmp_path / "erp.db", today=lambda: today)) as store:
        assert store.copies("key-1") == [copy]
        assert due_of(store, "F-5001", "C-1001") == today + timedelta(days=10)


def test_a_file_from_an_earlier_day_is_moved_on_but_its_copies_stay(tmp_path: Path, today: date) -> None:
    with closing(Store(tmp_path / "erp.db", today=lambda: today)) as store:
        copy, _ = store.issue("F-5001", "key-1")
    later = today + timedelta(days=100)
    for _ in range(2):
        with closing(Store(tmp_path / "erp.db", today=lambda: later)) as store:
            assert due_of(store, "F-5001", "C-1001") == later + timedelta(days=10)
            assert store.copies("key-1") == [copy]


def test_a_file_from_a_later_day_is_left_alone(tmp_path: Path, today: date) -> None:
    with closing(Store(tmp_path / "erp.db", today=lambda: today)):
        pass
    with closing(Store(tmp_path / "erp.db", today=lambda: today - timedelta(days=1))) as store:
        assert due_of(store, "F-5001", "C-1001") == today + timedelta(days=10)
