import pytest

from domain.errors import ForbiddenHostError, HttpUnavailableError
from runtime import addresses


@pytest.mark.parametrize(
    "ip",
    [
        "93.184.215.14",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:93.184.215.14",
        "64:ff9b::93.184.215.14",
        "2002:5db8:d70e::1",
    ],
)
def test_addresses_of_the_open_internet_are_public(ip: str) -> None:
    assert addresses.is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::5db8:d70e",
        "2002:7f00:1::",
        "2001:0:7f00:1:0:0:a247:28f1",
        "2001:0:5db8:d70e:0:0:80ff:fffe",
        "fec0::1",
        "feff::1",
        "::93.184.215.14",
        "100::1",
        "5f00::1",
        "2001:db8::1",
        "3fff::1",
        "ff02::1",
    ],
)
def test_all_others_are_not(ip: str) -> None:
    assert not addresses.is_public(ip)


async def test_one_private_address_among_several_is_enough_to_refuse() -> None:
    async def both(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "10.0.0.1"]

    with pytest.raises(ForbiddenHostError, match="private network"):
        await addresses.address("rebound.example", 443, private=False, resolver=both)
    assert await addresses.address("rebound.example", 443, private=True, resolver=both) == "93.184.215.14"


async def test_a_name_without_address_may_have_one_later() -> None:
    async def none(_host: str, _port: int) -> list[str]:
        return []

    with pytest.raises(HttpUnavailableError):
        await addresses.address("nobody.example", 443, private=False, resolver=none)
    with pytest.raises(HttpUnavailableError):
        await addresses.resolve("nobody.invalid", 443)


async def test_a_number_is_its_own_address() -> None:
    assert await addresses.resolve("127.0.0.1", 80) == ["127.0.0.1"]
