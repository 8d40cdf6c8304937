import pytest
from starlette.requests import Request

from channels.base import Rate
from web import rate_limit
from web.rate_limit import RateLimit, place_of

RATE = Rate(count=3, seconds=10)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_within_the_rate_passes_and_the_rest_waits() -> None:
    clock = Clock()
    floods = RateLimit(clock)
    assert [floods.wait("a", RATE) for _ in range(4)] == [0, 0, 0, 10]
    clock.now += 4.5
    assert floods.wait("a", RATE) == 6
    clock.now += 5.5
    assert [floods.wait("a", RATE) for _ in range(4)] == [0, 0, 0, 10]


def test_one_sender_does_not_slow_another() -> None:
    floods = RateLimit(Clock())
    assert [floods.wait(sender, RATE) for sender in "aaaab"] == [0, 0, 0, 10, 0]


def test_who_was_silent_longest_is_forgotten() -> None:
    floods = RateLimit(Clock())
    for sender in range(rate_limit.SENDERS + 100):
        floods.wait(sender, RATE)
    assert len(floods) == rate_limit.SENDERS


def request(host: str) -> Request:
    return Request({"type": "http", "client": (host, 1), "headers": []})


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("127.0.0.1", ""),
        ("::1", ""),
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:bbbb::2", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_the_place_of_a_visitor_is_the_network_of_one_household(host: str, place: str) -> None:
    assert place_of(request(host)) == place
