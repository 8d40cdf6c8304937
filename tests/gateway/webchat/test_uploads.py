from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from domain.limits import LIMITS
from gateway.webchat.uploads import UPLOADS
from tests.gateway.fakes import Gateway

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PDF = b"%PDF-1.7\n" + b"\0" * 64


async def upload(site: Gateway, token: str, content: bytes | AsyncGenerator[bytes], name: str = "a") -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": "text/html"}
    return await site.http.post("/webchat/site/files", params={"name": name}, content=content, headers=headers)


def kept(site: Gateway) -> list[Path]:
    return [path for path in (site.data / "files").rglob("*") if path.is_file()]


async def pieces(count: int) -> AsyncGenerator[bytes]:
    yield PDF
    for _ in range(count):
        yield b"\0" * 65_536


async def test_an_upload_is_what_its_content_says_and_not_what_the_browser_says(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answer = (await upload(site, token, PNG, "C:\\fotos\\conta.html")).json()
    assert (answer["name"], answer["mime"], answer["size"]) == ("conta.html.png", "image/png", len(PNG))
    assert [path.read_bytes() for path in kept(site)] == [PNG]


async def test_an_uploaded_file_is_said_by_its_seal(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    sealed = (await upload(site, token, PDF, "conta.pdf")).json()["file"]
    assert (await site.say(token, "", "m1", file=sealed)).json() == {"received": 1, "repeated": 0}
    async with site.database.read() as c:
        [row] = await c.execute(text("select payload from inbox"))
    assert '"conta.pdf"' in row[0]


async def test_a_seal_of_another_session_or_none_says_nothing(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    _, thief = site.webchat.open_session()
    sealed = (await upload(site, token, PDF)).json()["file"]
    assert (await site.say(thief, "", "m1", file=sealed)).status_code == 400
    assert (await site.say(token, "", "m2", file=sealed[:-2])).status_code == 400
    assert (await site.say(token, "", "m3", file={"name": "a", "mime": "text/html", "data": "aGk="})).status_code == 400


@pytest.mark.parametrize(
    "content", [b"", b"%PD", b"<html><script>alert(1)</script>", b"<svg onload=alert(1)>", b"MZ\x90\0", b"PK\x03\x04"]
)
async def test_what_is_no_photo_and_no_pdf_is_refused_and_not_kept(site: Gateway, content: bytes) -> None:
    _, token = site.webchat.open_session()
    assert (await upload(site, token, content, "conta.pdf")).status_code == 415
    assert kept(site) == []


async def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    announced = await site.http.post(
        "/webchat/site/files",
        content=PDF,
        headers={"authorization": f"Bearer {token}", "content-length": str(50 * 2**20)},
    )
    assert announced.status_code == 413
    assert (await upload(site, token, pieces(800))).status_code == 413
    assert kept(site) == []


async def test_a_file_just_within_the_limit_is_taken(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answer = await upload(site, token, pieces(159))
    assert answer.status_code == 200
    assert answer.json()["size"] <= LIMITS.upload


@pytest.mark.parametrize("token", ["", "forged"])
async def test_an_upload_needs_a_token(site: Gateway, token: str) -> None:
    assert (await upload(site, token, PDF)).status_code == 401


async def test_only_web_chats_take_uploads(site: Gateway) -> None:
    assert (await site.http.post("/webchat/front/files", content=PDF)).status_code == 404


async def test_one_session_uploads_only_so_many_files(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answers = [await upload(site, token, PDF) for _ in range(UPLOADS.count + 1)]
    assert [answer.status_code for answer in answers] == [200] * UPLOADS.count + [429]
    _, other = site.webchat.open_session()
    assert (await upload(site, other, PDF)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("conta.PDF", "conta.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ('<img src=x onerror="alert(1)">.pdf', '<img src=x onerror="alert(1)">.pdf'),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
async def test_a_name_is_one_part_and_tells_the_truth(site: Gateway, asked: str, given: str) -> None:
    _, token = site.webchat.open_session()
    assert (await upload(site, token, PDF, asked)).json()["name"] == given
