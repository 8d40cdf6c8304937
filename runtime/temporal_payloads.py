"""How values become JSON in Temporal's histories."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter, PydanticPayloadConverter
from temporalio.converter import EncodingPayloadConverter

from domain.delivery import Delivered
from domain.message import Inbound

SPARSE: Final[tuple[type[BaseModel], ...]] = (Inbound, Delivered)
"""Written without the fields that have their default: those of every turn.

Histories then do not say what the default was, so it may never change: only types whose defaults are all empty may
stand here. What a conversation is set up with has others, and is written in full.
"""


class SparseJson(PydanticJSONPlainPayloadConverter):
    """Pydantic's JSON, without the default values of sparse models."""

    def to_payload(self, value: Any) -> Payload | None:
        """Return *value* as JSON."""
        if not isinstance(value, SPARSE):
            return super().to_payload(value)
        data = value.model_dump_json(exclude_defaults=True).encode()
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)


def converters() -> tuple[EncodingPayloadConverter, ...]:
    """Return the SDK's converters, each for its encoding, with ours for JSON."""
    known: Mapping[bytes, EncodingPayloadConverter] = PydanticPayloadConverter().converters
    ours = SparseJson()
    return tuple(ours if one.encoding == ours.encoding else one for one in known.values())
