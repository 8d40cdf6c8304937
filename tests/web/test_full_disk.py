from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.limits import LIMITS
from journal.database import Database
from runtime import disk as module
from runtime.disk import Disk, Usage
from tests.gateway.fakes import FakeTemporal, gateway
from tests.gateway.signing import message, post
from tests.gateway.webchat.test_quotas import png, send
from usecases.doctor import machine

GIB = 1024**3


class FakeUsage(Usage):
    def __init__(self, free: int, total: int = 100 * GIB) -> None:
        self.free, self.total = free, total


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The free bytes of the disk; the same one for gateway and doctor."""
    found = {"free": GIB}

    def usage(_folder: Path) -> Usage:
        return FakeUsage(found["free"])

    monkeypatch.setattr(module, "_ASKED", 0.0)
    monkeypatch.setattr(module.Disk.__init__, "__defaults__", (usage,))
    monkeypatch.setattr(machine, "Usage", usage)
    return found


async def test_files_are_refused_first_then_all_that_is_new_and_then_nothing_any_more(
    tmp_path: Path, database: Database, temporal: FakeTemporal, free: dict[str, int]
) -> None:
    async with gateway(tmp_path, database, temporal) as site:
        _, token = site.webchat.open_session()

        async def answers() -> list[int]:
            number = str(len(logs)) + str(free["free"])
            return [
                (await post(site, message(number))).status_code,
                (await site.say(token, "oi", f"m{number}")).status_code,
                (await send(site, token, png())).status_code,
                (await site.http.get("/health")).status_code,
            ]

        with capture_logs() as logs:
            assert await answers() == [200, 200, 200, 200]
            free["free"] = LIMITS.free_for_uploads - 1
            assert await answers() == [200, 200, 503, 200]
            free["free"] = LIMITS.free_for_messages - 1
            assert await answers() == [503, 503, 503, 200]
            refused = await site.say(token, "oi", "m")
            assert refused.headers["retry-after"] == "60"
            free["free"] = GIB
            assert await answers() == [200, 200, 200, 200]
        said = [log["event"] for log in logs if log["event"].startswith("disk")]
        assert said == ["disk_nearly_full"] * 2 + ["disk_has_room"] * 2, "a line for each change, not for each request"


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (50 * GIB, "free where"),
        (GIB - 1, "visitors can send no files"),
        (LIMITS.free_for_messages - 1, "nothing that contacts write is taken any more"),
    ],
)
def test_the_doctor_says_it_before(free: dict[str, int], tmp_path: Path, left: int, says: str) -> None:
    free["free"] = left
    found = machine.disk(tmp_path)
    assert says in f"{found.what} {found.why}"


@pytest.mark.parametrize(("free_", "short"), [(7 * 1024**2, False), (6 * 1024**2, True)])
def test_a_tenth_of_a_small_disk_is_enough(tmp_path: Path, free_: int, short: bool) -> None:  # noqa: FBT001
    disk = Disk(tmp_path, lambda _: FakeUsage(free_, total=64 * 1024**2))
    assert disk.is_short_of(LIMITS.free_for_messages) is short


def test_the_disk_of_a_folder_that_is_not_made_yet_is_that_of_the_one_above(tmp_path: Path) -> None:
    assert Usage(tmp_path / "a" / "b").total == Usage(tmp_path).total > 0
