import pytest
from temporalio.testing import ActivityEnvironment

from activities.codes import Codes
from domain.identity import CheckCode
from domain.keys import keyed_hash

KEY = b"k" * 32
SENT = CheckCode(key="c1:4", code=keyed_hash(KEY, "code", "c1:4", "482913"), typed="482913")


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True),
        ({"typed": "482914"}, False),
        ({"typed": ""}, False),
        ({"key": "c2:4"}, False),
        ({"code": "482913"}, False),
        ({"code": ""}, False),
    ],
)
async def test_only_the_code_that_was_sent_under_this_key_is_right(change: dict[str, str], right: bool) -> None:  # noqa: FBT001
    told: bool = await ActivityEnvironment().run(Codes(KEY).check_code, SENT.model_copy(update=change))
    assert told is right
