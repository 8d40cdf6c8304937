"""Mask tax numbers in what operators and programs are shown of a conversation; the journal keeps what was said."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from stdnum.br import cpf

_CPF: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{3}[ .\-]{0,3}[0-9]{3}[ .\-]{0,3}[0-9]{3}[ .\-/]{0,3}[0-9]{2}(?![0-9A-Za-z])"
)
_ADDRESSES: Final = frozenset({"address", "conversation_id", "message_id", "workflow_id", "protocol", "version", "id"})
"""Keys of values that are looked up as they stand: a phone number may look like a CPF."""


def masked(text: str) -> str:
    """Return *text* with every valid CPF as `{{ document | cpf }}` writes it: `***.982.247-**`."""
    return _CPF.sub(_hide, text)


def masked_data(value: Any) -> Any:
    """Return JSON *value* with all of its texts masked, but addresses and ids."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: inner if key in _ADDRESSES else masked_data(inner) for key, inner in items}
    if isinstance(value, list | tuple):
        return [masked_data(one) for one in cast("list[Any]", value)]
    return value


def _hide(found: re.Match[str]) -> str:
    digits = re.sub("[^0-9]", "", found[0])
    return f"***.{digits[3:6]}.{digits[6:9]}-**" if cpf.is_valid(digits) else found[0]
