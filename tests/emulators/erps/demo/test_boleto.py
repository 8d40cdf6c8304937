from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_brasil.boleto import LinhaDigitavel
from pydantic_brasil.exceptions import BoletoInvalidError

from emulators.erps.demo.boleto import MAX_CENTS, due_factor, format_digitable_line, free_field, make_boleto

# Sample of the ERP reference, section 4.3: bank 237, R$ 99,90, due 2026-12-10.
SAMPLE_BARCODE = "23797165600000099900278061112011668000439050"
SAMPLE_LINE = "23790.27804 61112.011665 80004.390508 7 16560000009990"
SAMPLE_FIELD = free_field(agency="0278", wallet="06", our_number="11120116680", account="0043905")

free_fields = st.text("0123456789", min_size=25, max_size=25)
cents = st.integers(1, MAX_CENTS)
# The factor is ambiguous by design: readers choose the date nearest today, so the range stays close.
dues = st.dates(date(2025, 2, 22), date(2030, 12, 31))


def test_the_sample_of_the_reference_comes_out_digit_by_digit() -> None:
    boleto = make_boleto(cents=9990, due=date(2026, 12, 10), free_field=SAMPLE_FIELD)
    assert boleto.barcode == SAMPLE_BARCODE
    assert boleto.digitable_line == SAMPLE_LINE


@pytest.mark.parametrize(
    ("due", "factor"),
    [
        (date(2000, 7, 3), 1000),
        (date(2025, 2, 20), 9998),
        (date(2025, 2, 21), 9999),
        (date(2025, 2, 22), 1000),
        (date(2025, 2, 23), 1001),
        (date(2026, 12, 10), 1656),
        (date(2049, 10, 13), 9999),
        (date(2049, 10, 14), 1000),
    ],
)
def test_the_due_factor_restarts_after_9999(due: date, factor: int) -> None:
    assert due_factor(due) == factor


@given(st.dates(date(2000, 7, 3), date(2100, 1, 1)))
def test_the_due_factor_always_has_four_digits_and_grows_by_one_a_day(due: date) -> None:
    factor = due_factor(due)
    assert 1000 <= factor <= 9999
    following = due_factor(due + timedelta(days=1))
    assert following == (1000 if factor == 9999 else factor + 1)


def test_a_due_date_before_the_first_factor_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2000-07-03 on, found '2000-07-02'"):
        due_factor(date(2000, 7, 2))


@given(cents=cents, due=dues, field=free_fields)
def test_an_independent_reader_understands_every_line(cents: int, due: date, field: str) -> None:
    boleto = make_boleto(cents=cents, due=due, free_field=field)
    read = LinhaDigitavel(boleto.digitable_line)
    assert read.codigo_barras == boleto.barcode
    assert read.codigo_banco == "237"
    assert read.valor == Decimal(cents) / 100
    assert read.data_vencimento == due


# Only fields 1-3 promise it: the general digit is 1 for three remainders of eleven, so that due date and amount can
# be changed unnoticed. The very first digit is left alone, because an 8 makes it a slip of another kind.
@given(cents=cents, due=dues, field=free_fields, place=st.integers(1, 31), step=st.integers(1, 9))
def test_one_wrong_digit_in_the_first_three_fields_is_noticed(
    cents: int, due: date, field: str, place: int, step: int
) -> None:
    line = make_boleto(cents=cents, due=due, free_field=field).digitable_line
    digits = line.replace(".", "").replace(" ", "")
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    with pytest.raises(BoletoInvalidError):
        LinhaDigitavel(wrong)


def test_the_line_is_grouped_as_people_read_it() -> None:
    assert format_digitable_line(SAMPLE_BARCODE) == SAMPLE_LINE


@pytest.mark.parametrize("field", ["", "1" * 24, "1" * 26, "1" * 24 + "x", "1" * 24 + "²"])
def test_a_free_field_that_is_not_25_digits_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="free field of 25 digits"):
        make_boleto(cents=1, due=date(2026, 12, 10), free_field=field)


@pytest.mark.parametrize("amount", [0, -1, MAX_CENTS + 1])
def test_an_amount_that_does_not_fit_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="amount of 1 to 9999999999 cents"):
        make_boleto(cents=amount, due=date(2026, 12, 10), free_field=SAMPLE_FIELD)
