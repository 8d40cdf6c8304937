import time
from pathlib import Path

import pytest

from domain.errors import FileMissingError
from domain.message import FileContent, FileRef
from runtime.links import LIFETIME, Links, signer
from tests.gateway.fakes import KEY, Gateway, settings

REF = FileRef(id="a" * 64, name="boleto.pdf", mime="application/pdf", size=4)


async def test_a_file_is_an_attachment_that_no_browser_runs(site: Gateway) -> None:
    ref = site.files.put(FileContent(name='<x>"ção\r\n.html', mime="text/html", data=b"<script>alert(1)</script>"))
    answer = await site.http.get(Links(KEY).file_url(ref))
    assert answer.status_code == 200
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "\r" not in answer.headers["content-disposition"]


@pytest.mark.parametrize("mime", ["application/pdf", "image/png"])
async def test_a_file_that_can_be_viewed_is_shown_on_demand(site: Gateway, mime: str) -> None:
    ref = site.files.put(FileContent(name="a", mime=mime, data=b"a"))
    answer = await site.http.get(f"{Links(KEY).file_url(ref)}&view=1")
    assert answer.headers["content-disposition"].startswith("inline;")
    assert answer.headers["content-type"] == mime
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "text/plain", "application/xhtml+xml"])
async def test_a_file_that_could_run_is_never_shown(site: Gateway, mime: str) -> None:
    ref = site.files.put(FileContent(name="a", mime=mime, data=b"<script>alert(1)</script>"))
    answer = await site.http.get(f"{Links(KEY).file_url(ref)}&view=1")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("query", ["", "?t=", "?t=forged"])
async def test_a_file_without_a_good_link_is_not_found(site: Gateway, query: str) -> None:
    ref = site.files.put(FileContent(name="a", mime="text/plain", data=b"a"))
    assert (await site.http.get(f"/files/{ref.id}{query}")).status_code == 404


@pytest.mark.parametrize("file_id", ["..%2f..%2fprosa.db", "x", "a" * 64])
async def test_a_link_opens_no_other_file(site: Gateway, file_id: str) -> None:
    token = Links(KEY).file_url(site.files.put(FileContent(name="a", mime="text/plain", data=b"a"))).split("?t=")[1]
    assert (await site.http.get(f"/files/{file_id}?t={token}")).status_code == 404


async def test_a_file_that_is_gone_is_not_found(site: Gateway) -> None:
    assert (await site.http.get(Links(KEY).file_url(REF))).status_code == 404


def test_a_link_of_another_installation_is_refused() -> None:
    token = Links(b"x" * 32).file_url(REF).split("?t=")[1]
    with pytest.raises(FileMissingError, match="not ours"):
        Links(KEY).read(REF.id, token)


def test_a_link_is_for_one_file() -> None:
    token = Links(KEY).file_url(REF).split("?t=")[1]
    with pytest.raises(FileMissingError, match="another file"):
        Links(KEY).read("b" * 64, token)


def test_a_link_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    token = Links(KEY).file_url(REF).split("?t=")[1]
    assert Links(KEY).read(REF.id, token) == REF
    later = time.time() + LIFETIME.total_seconds() + 2
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(FileMissingError, match="expired"):
        Links(KEY).read(REF.id, token)


def test_links_that_leave_the_machine_lead_to_the_public_address(tmp_path: Path) -> None:
    local = settings(tmp_path, gateway={"port": 8081})
    public = settings(tmp_path, gateway={"public_url": "https://chat.example.com/p/"})
    assert signer(local, KEY)(REF).startswith(f"http://127.0.0.1:8081/files/{REF.id}?t=")
    assert signer(public, KEY)(REF).startswith(f"https://chat.example.com/p/files/{REF.id}?t=")
