from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pixcanvas import validate_pix

from emulators.erps.demo.pix import crc16, make_pix

# The static code of the Central Bank's BR Code manual, as quoted in the ERP reference, section 4.1 (`...63041D3D`).
MANUAL_SAMPLE = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
SAMPLE = make_pix(
    key="cobranca@redeserrana.example",
    amount=Decimal("99.90"),
    name="Rede Serrana Telecom Ltda",
    city="Lages",
    transaction="FATURA5001",
)


def test_the_central_banks_sample_comes_out_unchanged() -> None:
    key = "123e4567-e12b-12d1-a456-426655440000"
    code = make_pix(key=key, amount=None, name="Fulano de Tal", city="BRASILIA", transaction="***")
    assert code == MANUAL_SAMPLE


def test_the_crc_has_the_published_check_value() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_an_independent_reader_finds_key_amount_and_transaction() -> None:
    result = validate_pix(SAMPLE)
    assert result.is_valid, result.errors
    assert result.pix is not None
    assert result.pix.pix_key == "cobranca@redeserrana.example"
    assert result.pix.amount == Decimal("99.90")
    assert result.pix.txid == "FATURA5001"


@given(place=st.integers(0, len(SAMPLE) - 1), step=st.integers(1, 9))
def test_an_independent_reader_refuses_any_changed_digit(place: int, step: int) -> None:
    old = SAMPLE[place]
    new = str((int(old) + step) % 10) if old.isdigit() else "0"
    result = validate_pix(SAMPLE[:place] + new + SAMPLE[place + 1 :])
    assert not result.is_valid


@given(cents=st.integers(1, 10_000_000))
def test_every_amount_is_written_with_two_decimals(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    code = make_pix(key="a@b.example", amount=amount, name="A", city="B", transaction="T1")
    result = validate_pix(code)
    assert result.pix is not None
    assert result.pix.amount == amount
    assert f"{amount:.2f}5802BR" in code


def test_name_and_city_lose_accents_and_are_cut() -> None:
    name = "Conceição Comunicação e Informática Ltda"
    code = make_pix(key="a@b.example", amount=None, name=name, city="São José dos Pinhais", transaction="***")
    assert "5925Conceicao Comunicacao e I6015Sao Jose dos Pi62" in code
    assert validate_pix(code).is_valid


def test_a_field_longer_than_its_length_can_say_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 to 99 characters in field '01'"):
        make_pix(key="x" * 100, amount=None, name="A", city="B", transaction="***")
