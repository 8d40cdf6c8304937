"""CPF and CNPJ as the Demo ERP's customers are found by: compact, check digits verified."""

from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError

CPF_LENGTH = 11


class InvalidDocumentError(ValueError):
    """The text is neither a CPF nor a CNPJ, numeric or alphanumeric."""


def parse_document(text: str) -> str:
    """Return a CPF or CNPJ without punctuation, letters in upper case; errors do not repeat it.

    python-stdnum accepts CPFs of one repeated digit, which were never issued: they are refused
    here (Prosa's ERP reference, section 4.1).
    """
    compact = cnpj.compact(text)
    if len(set(compact)) == 1:
        raise InvalidDocumentError("expected a CPF or CNPJ, found one repeated digit")
    kind = cpf if len(compact) == CPF_LENGTH else cnpj
    try:
        return kind.validate(compact)
    except ValidationError as error:
        raise InvalidDocumentError("expected a CPF or CNPJ with valid check digits") from error


def format_document(compact: str) -> str:
    """Return a compact document with its punctuation, as people read it."""
    return (cpf if len(compact) == CPF_LENGTH else cnpj).format(compact)
