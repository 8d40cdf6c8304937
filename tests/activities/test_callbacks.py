from temporalio.testing import ActivityEnvironment

from activities.callbacks import Callbacks
from domain.effect import MakeCallback


async def test_it_makes_the_address_for_an_event() -> None:
    callbacks = Callbacks(lambda key, event: f"https://chat.example.com/events/{event}/{key}")

    made: str = await ActivityEnvironment().run(callbacks.make_callback, MakeCallback(key="c1:4", event="payment"))
    assert made == "https://chat.example.com/events/payment/c1:4"
