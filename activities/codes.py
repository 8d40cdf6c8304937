"""Compare codes that contacts type."""

import hmac
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.identity import CheckCode
from domain.keys import keyed_hash


@activities.register
class Codes(Activities):
    """The activity `check_code`; *key* is the installation's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.key)

    @activity.defn(name=CheckCode.activity)
    async def check_code(self, effect: CheckCode) -> bool:
        """Say whether the code is the one that was sent."""
        return hmac.compare_digest(effect.code, keyed_hash(self._key, "code", effect.key, effect.typed))
