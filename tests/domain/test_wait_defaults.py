import pytest
from pydantic import ValidationError

from domain.wait_defaults import WaitDefaults

BOTH = WaitDefaults.model_validate({"timeout": "30m", "reminders": [{"after": "5m", "text": "Oi?"}]})


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, BOTH),
        (
            {"timeout": "1h"},
            BOTH.model_copy(update={"timeout": WaitDefaults.model_validate({"timeout": "1h"}).timeout}),
        ),
        ({"reminders": []}, BOTH.model_copy(update={"reminders": ()})),
    ],
)
def test_each_key_holds_where_the_nearer_one_does_not_say_it(own: dict[str, object], said: WaitDefaults) -> None:
    assert WaitDefaults.model_validate(own).otherwise(BOTH) == said


def test_reminders_stand_in_the_order_of_their_times() -> None:
    with pytest.raises(ValidationError, match="in the order of their times"):
        WaitDefaults.model_validate({"reminders": [{"after": "5m", "text": "a"}, {"after": "5m", "text": "b"}]})
