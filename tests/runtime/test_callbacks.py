import pytest

from domain.errors import UnknownNameError
from runtime.callbacks import Tokens, addresses
from runtime.settings import Settings

KEY = "c0ffee:12"


def test_a_token_says_which_event_of_which_conversation_it_is_for() -> None:
    assert Tokens(b"one").read(Tokens(b"one").make(KEY, "payment")) == (KEY, "payment")


@pytest.mark.parametrize("token", ["", "payment", Tokens(b"other").make(KEY, "payment"), "é"])
def test_a_token_that_this_installation_has_not_made_is_refused(token: str) -> None:
    with pytest.raises(UnknownNameError):
        Tokens(b"one").read(token)


def test_a_token_that_was_changed_is_refused() -> None:
    token = Tokens(b"one").make(KEY, "payment")

    with pytest.raises(UnknownNameError):
        Tokens(b"one").read(f"{token[:5]}{'A' if token[5] != 'A' else 'B'}{token[6:]}")


def test_what_a_former_key_has_signed_is_still_read() -> None:
    assert Tokens(b"new", (b"old",)).read(Tokens(b"old").make(KEY, "payment")) == (KEY, "payment")


def test_addresses_lead_to_where_the_gateway_is_reached() -> None:
    public = Settings.model_validate({"gateway": {"public_url": "https://chat.example.com/"}})

    assert addresses(public, b"one")(KEY, "payment").startswith("https://chat.example.com/events/")
    assert addresses(Settings(), b"one")(KEY, "payment").startswith("http://127.0.0.1:")
