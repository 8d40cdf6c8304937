"""Brazilian tax numbers, CPF (people) and CNPJ (companies), as people write them."""

import re
from typing import Final

from stdnum.br import cnpj, cpf

from domain.message import Inbound
from flows.understanding.folding import as_seen
from flows.understanding.refusals import refusal, words_of

CPF: Final = 11
CNPJ: Final = 14
"""Characters of each, without dots."""

_BLANK: Final = r"[ .,\-]{0,3}"
_SLASH: Final = r"[ .,\-/]{0,3}"
_APART: Final = r"(?<![0-9A-Z]){}(?![0-9A-Z])"

_CPF: Final = _APART.format(f"[0-9]{{3}}{_BLANK}[0-9]{{3}}{_BLANK}[0-9]{{3}}{_SLASH}[0-9]{{2}}")
_CNPJ: Final = _APART.format(f"[0-9]{{2}}{_BLANK}[0-9]{{3}}{_BLANK}[0-9]{{3}}{_SLASH}[0-9]{{4}}{_BLANK}[0-9]{{2}}")
# With letters (from July 2026, IN RFB 2.229/2024), blanks would join words into numbers: only dots, slash, dash.
_CNPJ_LETTERS: Final = _APART.format(r"[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}[/.]?[0-9A-Z]{4}[-.]?[0-9]{2}")
_CNPJ_SPACED: Final = r"[0-9A-Z]{2} [0-9A-Z]{3} [0-9A-Z]{3} /? ?[0-9A-Z]{4} -? ?[0-9]{2}"

_IN_A_SENTENCE: Final = re.compile(f"{_CNPJ}|{_CNPJ_LETTERS}|{_CPF}")
_ALONE: Final = re.compile(_CNPJ_SPACED)
_RULES: Final = {CPF: cpf, CNPJ: cnpj}


def document_of(message: Inbound, *lengths: int) -> str:
    """Return the one number of one of *lengths* in *message*, compact; InvalidAnswerError says why there is none."""
    text = as_seen(words_of(message)).upper()
    candidates = [_compact(found) for found in (text, *_ALONE.findall(text.strip()))]
    candidates += [_compact(found) for found in _IN_A_SENTENCE.findall(text)]
    digits = re.sub(r"[^0-9]", "", text)
    valid = {number: None for number in candidates if len(number) in lengths and _is_valid(number)}
    if len(valid) == 1:
        return next(iter(valid))
    if len(valid) > 1:
        raise refusal("ambiguous")
    raise refusal("check_digits" if len(digits) in lengths else "not_a_document")


def _compact(text: str) -> str:
    return re.sub(r"[ .,\-/]", "", text)


def _is_valid(number: str) -> bool:
    return len(set(number)) > 1 and _RULES[len(number)].is_valid(number)
