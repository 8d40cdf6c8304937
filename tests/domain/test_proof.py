from datetime import date
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.proof import Holder, is_email, is_phone, masked_email, masked_phone

ANA = Holder(
    emails=("Ana.Souza@correio.example",),
    phones=("(49) 99999-1001", "+14155550100"),
    birth_date=date(1985, 3, 12),
    cep="88501-000",
)


@pytest.mark.parametrize("address", ["5549999991001", "554999991001", "14155550100"])
def test_a_verified_phone_is_known_with_and_without_the_ninth_digit(address: str) -> None:
    assert ANA.has("phone", address)


@pytest.mark.parametrize(
    "address", ["", "5549999991002", "49999991001", "9999991001", "1", "ana.souza@correio.example"]
)
def test_another_phone_is_not(address: str) -> None:
    assert not ANA.has("phone", address)


def test_a_foreign_number_is_not_taken_for_a_brazilian_one_without_its_country() -> None:
    brazilian = Holder(phones=("14 99999-1001",))
    assert brazilian.has("phone", "5514999991001")
    assert not brazilian.has("phone", "14999991001")


@pytest.mark.parametrize(
    ("address", "same"), [("ana.souza@CORREIO.example", True), ("", False), ("a@b.example", False)]
)
def test_a_verified_email_is_compared_in_any_case(address: str, same: bool) -> None:  # noqa: FBT001
    assert ANA.has("email", address) is same


def test_who_is_registered_without_address_is_nobodys() -> None:
    assert not Holder(phones=("",), emails=("",)).has("phone", "")
    assert not Holder(phones=("",), emails=("",)).has("email", "")
    assert Holder().facts() == {}


def test_facts_are_written_as_answers_are_kept() -> None:
    assert ANA.facts() == {"birth_date": "1985-03-12", "cep": "88501000"}


def test_an_address_is_masked() -> None:
    assert masked_email("cliente1001@correio.example") == "c•••@c•••.example"
    assert masked_phone("+55 49 99999-1001") == "•••••-••01"


@pytest.mark.parametrize(
    "written",
    [
        *("", "sem e-mail", "a@b.example; c@d.example", "a@b.example\nBcc: x@y.example", "a@b", "Ana <a@b.example>"),
        *("a,c@b.example", ".a@b.example", "a..c@b.example", "a.@b.example", "a:c@b.example", "a;c@b.example"),
        *('"a"@b.example', "a(c)@b.example", "[a]@b.example", "a\\c@b.example"),
    ],
)
def test_what_is_no_email_address_is_not_written_to(written: str) -> None:
    assert not is_email(written)
    assert is_email("ana.souza+casa@correio.example")


@given(st.from_regex("[!-~]{1,6}@[a-z.]{1,4}", fullmatch=True))
def test_what_is_an_email_address_can_be_written_to(written: str) -> None:
    if is_email(written):
        assert Address(addr_spec=written).addr_spec == written


@pytest.mark.parametrize("written", ["", "999991001", "ramal 12 3456 7890", "49999991001 / 49999991002", "1" * 16])
def test_what_is_no_telephone_number_is_not_written_to(written: str) -> None:
    assert not is_phone(written)
    assert is_phone("+55 (49) 99999-1001")
