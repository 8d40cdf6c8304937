from domain.limits import LIMITS
from runtime.http import client


async def test_the_client_follows_no_redirect_and_waits_no_longer_than_a_provider_call_may_take() -> None:
    async with client() as opened:
        assert not opened.follow_redirects
        assert opened.timeout.read == LIMITS.provider_call.total_seconds()
        assert opened.timeout.connect is not None
        assert opened.timeout.connect <= LIMITS.provider_call.total_seconds()
        assert opened.headers["user-agent"] == "prosa"
