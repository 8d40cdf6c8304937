from datetime import date

import pytest
from pydantic import JsonValue

from domain.errors import AuthorError
from flows.checks.inputs import read_inputs
from flows.flow import Variable

KINDS = ("money", "date", "boolean", "number", "phone", "cpf", "email", "time", "text", "any", "list")
KNOWN = {kind: Variable.model_validate({"type": kind}) for kind in KINDS}
TODAY = date(2026, 11, 30)


def read(kind: str, value: JsonValue) -> JsonValue:
    return read_inputs("renewal", KNOWN, {kind: value}, TODAY)[kind]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("money", "1.234,56", "1234.56"),
        ("money", "R$ 50", "50.00"),
        ("money", "1234.56", "1234.56"),
        ("date", "10/12/2026", "2026-12-10"),
        ("date", "2026-12-10", "2026-12-10"),
        ("boolean", "sim", True),
        ("boolean", "NÃO", False),
        ("boolean", True, True),
        ("number", "1.234,5", 1234.5),
        ("number", "12", 12),
        ("number", 12, 12),
        ("phone", "(49) 99999-0001", "+5549999990001"),
        ("cpf", "529.982.247-25", "52998224725"),
        ("email", "Ana@Example.com", "ana@example.com"),
        ("time", "9h30", "09:30"),
        ("text", "1.234,56", "1.234,56"),
        ("any", "10/12/2026", "10/12/2026"),
        ("list", [1], [1]),
    ],
)
def test_a_value_is_read_as_people_write_its_kind(kind: str, given: JsonValue, kept: JsonValue) -> None:
    assert read(kind, given) == kept
    assert read(kind, kept) == kept, "what is kept is read as the same"


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("money", "caro", "input 'money': expected money, found 'caro' .not_an_amount."),
        ("date", "31/02/2026", "expected date, found '31/02/2026' .not_a_date."),
        ("boolean", "talvez", "expected boolean, found text"),
        ("cpf", "529.982.247-26", "check_digits"),
        ("phone", "5,54999E+12", "format the column as text"),
        ("text", "5549999990001.0", "format the column as text"),
        ("text", "=A1", "format the column as text"),
        ("text", "'123", "format the column as text"),
        ("list", 1, "expected list, found number"),
        ("nobody", 1, "has no variable 'nobody'"),
    ],
)
def test_what_does_not_fit_is_named(kind: str, given: JsonValue, sentence: str) -> None:
    with pytest.raises(AuthorError, match=sentence):
        read(kind, given)
