import base64
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from gateway.spool import Spool
from gateway.webchat import quotas as module
from gateway.webchat.quotas import UploadQuotas
from journal.tables import inbox, upload
from journal.uploads import UNSAID, Quota
from tests.gateway.fakes import KEY, Gateway
from tests.gateway.signing import post

Patch = pytest.MonkeyPatch


def png(size: int = 100, of: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + of.to_bytes(4) + bytes(size - 12)


async def send(site: Gateway, token: str, content: bytes, address: str = "127.0.0.1") -> httpx.Response:
    transport = httpx.ASGITransport(site.app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as http:
        headers = {"authorization": f"Bearer {token}"}
        return await http.post("/webchat/site/files", content=content, headers=headers)


def kept(site: Gateway) -> list[Path]:
    return [path for path in (site.data / "files").rglob("*") if path.is_file()]


@pytest.fixture
def sweep(site: Gateway) -> Callable[[], UploadQuotas]:
    return lambda: UploadQuotas(site.database, site.files, Spool(site.data / "spool"), KEY)


async def age(site: Gateway, by: timedelta) -> None:
    """Let what has been uploaded so far have come so much earlier."""
    for path in kept(site):
        earlier = path.stat().st_mtime - by.total_seconds()
        os.utime(path, (earlier, earlier))
    async with site.database.write() as c:
        for row in (await c.execute(select(upload.c.id, upload.c.at))).all():
            await c.execute(update(upload).where(upload.c.id == row.id).values(at=row.at - by))


@pytest.mark.parametrize("quota", [Quota(files=3, bytes=10_000), Quota(files=99, bytes=300)])
async def test_a_session_uploads_so_many_files_and_bytes_a_day(site: Gateway, monkeypatch: Patch, quota: Quota) -> None:
    monkeypatch.setattr(module, "SESSION", quota)
    _, token = site.webchat.open_session()
    answers = [await send(site, token, png(of=number)) for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "3600"
    _, other = site.webchat.open_session()
    assert (await send(site, other, png(of=9))).status_code == 200
    await age(site, timedelta(days=1))
    assert (await send(site, token, png(of=10))).status_code == 200


async def test_an_address_uploads_so_much_a_day_however_many_sessions_it_has(site: Gateway, monkeypatch: Patch) -> None:
    monkeypatch.setattr(module, "PLACE", Quota(files=3, bytes=10_000))
    tokens = [site.webchat.open_session()[1] for _ in range(4)]
    household = [f"2001:db8::{number}" for number in range(4)]
    answers = [await send(site, token, png(), place) for token, place in zip(tokens, household, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (await send(site, tokens[0], png(), "2001:db8:0:1::")).status_code == 200
    async with site.database.read() as c:
        assert "2001" not in str((await c.execute(select(upload))).all())


async def test_all_visitors_together_upload_so_much_a_day(site: Gateway) -> None:
    site.webchat.upload_bytes = 250
    tokens = [site.webchat.open_session()[1] for _ in range(3)]
    answers = [await send(site, token, png(of=number)) for number, token in enumerate(tokens)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_what_was_refused_counts_as_a_file_of_its_bytes(site: Gateway, monkeypatch: Patch) -> None:
    monkeypatch.setattr(module, "SESSION", Quota(files=2, bytes=10_000))
    _, token = site.webchat.open_session()
    assert [(await send(site, token, b"MZ" * 50)).status_code for _ in range(3)] == [415, 415, 429]
    async with site.database.read() as c:
        assert [row.size <= 100 for row in await c.execute(select(upload))] == [True, True]


async def test_a_file_that_no_message_says_is_removed_in_time(site: Gateway, sweep: Callable[[], UploadQuotas]) -> None:
    session, token = site.webchat.open_session()
    sealed = (await send(site, token, png(of=1))).json()["file"]
    await send(site, token, png(of=2))
    assert (await site.say(token, "", "m1", file=sealed)).status_code == 200
    await age(site, UNSAID - timedelta(minutes=1))
    assert await sweep().clear() == 0
    await age(site, timedelta(minutes=2))
    assert await sweep().clear() == 1
    assert [path.read_bytes() for path in kept(site)] == [png(of=1)]
    async with site.database.read() as c:
        assert (await c.execute(select(upload))).all() == [], f"nothing is left of {session}"


async def test_a_file_that_somebody_else_has_put_too_stays(site: Gateway, sweep: Callable[[], UploadQuotas]) -> None:
    _, token = site.webchat.open_session()
    await send(site, token, png(of=1))
    await age(site, timedelta(days=3))
    file = {"name": "a.png", "mime": "image/png", "data": base64.b64encode(png(of=1)).decode()}
    assert (await post(site, {"type": "message", "id": "m", "from": "5549", "files": [file]})).status_code == 200
    assert await sweep().clear() == 0
    async with site.database.read() as c:
        [payload] = (await c.scalars(select(inbox.c.payload))).all()
    assert site.files.read(payload["files"][0]["id"]) == png(of=1)


async def test_what_was_in_the_store_before_is_not_a_visitors_to_remove(
    site: Gateway, sweep: Callable[[], UploadQuotas]
) -> None:
    file = {"name": "a.png", "mime": "image/png", "data": base64.b64encode(png()).decode()}
    await post(site, {"type": "message", "id": "m", "from": "5549", "files": [file]})
    _, token = site.webchat.open_session()
    assert (await send(site, token, png())).status_code == 200
    await age(site, timedelta(days=3))
    assert await sweep().clear() == 0
    assert len(kept(site)) == 1


async def test_what_a_crash_left_half_written_is_removed_in_time(
    site: Gateway, sweep: Callable[[], UploadQuotas]
) -> None:
    (site.data / "files").mkdir(exist_ok=True)
    draft, young = site.data / "files" / ".abc", site.data / "files" / ".def"
    draft.write_bytes(b"half")
    young.write_bytes(b"half")
    old = time.time() - UNSAID.total_seconds() - 60
    os.utime(draft, (old, old))
    await sweep().clear()
    assert kept(site) == [young]
