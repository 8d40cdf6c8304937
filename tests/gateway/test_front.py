"""What every answer of the gateway has, who is counted as its visitor, and what it refuses to read."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.webchat.session_routes import SESSIONS
from journal.database import Database
from tests.gateway.fakes import FakeTemporal, Gateway, gateway
from web import error_page

PUBLIC = "https://chat.example.com"
PROXY = "172.18.0.2"
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-language": "pt-BR"}


def client(site: Gateway, peer: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(site.app, client=(peer, 4711), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://chat.example.com")


async def sessions(site: Gateway, told: list[str], peer: str = PROXY) -> list[int]:
    """Ask for a session once for each X-Forwarded-For in *told*."""
    async with client(site, peer) as http:
        return [
            (await http.post("/webchat/site/sessions", headers={"x-forwarded-for": one})).status_code for one in told
        ]


async def test_visitors_behind_a_trusted_proxy_are_limited_one_by_one(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    async with gateway(tmp_path, database, temporal, gateway={"trusted_proxies": ["172.16.0.0/12"]}) as site:
        assert await sessions(site, ["203.0.113.7"] * SESSIONS.count) == [200] * SESSIONS.count
        assert await sessions(site, ["203.0.113.7", "203.0.113.8"]) == [429, 200]


async def test_the_addresses_of_one_household_are_limited_as_one(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    household = [f"2001:db8:0:1::{number:x}" for number in range(SESSIONS.count + 1)]
    async with gateway(tmp_path, database, temporal, gateway={"trusted_proxies": [PROXY]}) as site:
        assert await sessions(site, household) == [200] * SESSIONS.count + [429]
        assert await sessions(site, ["2001:db8:0:2::1"]) == [200]


async def test_what_a_visitor_writes_before_the_proxy_s_word_changes_nothing(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    invented = [f"198.51.100.{n}, 127.0.0.1, 203.0.113.7" for n in range(SESSIONS.count)]
    async with gateway(tmp_path, database, temporal, gateway={"trusted_proxies": [PROXY]}) as site:
        assert await sessions(site, invented) == [200] * SESSIONS.count
        assert await sessions(site, ["127.0.0.1, 203.0.113.7"]) == [429]


async def test_a_stranger_s_x_forwarded_for_is_not_heeded(site: Gateway) -> None:
    invented = [f"198.51.100.{n}" for n in range(SESSIONS.count)]
    assert await sessions(site, invented, peer="203.0.113.9") == [200] * SESSIONS.count
    assert await sessions(site, ["127.0.0.1"], peer="203.0.113.9") == [429]


async def test_strangers_read_no_metrics_through_a_proxy_that_says_nothing(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    here = {"host": "localhost:8080"}
    async with gateway(tmp_path, database, temporal) as site:
        assert (await site.http.get("/metrics", headers=here)).status_code == 200
    async with gateway(tmp_path, database, temporal, gateway={"public_url": PUBLIC}) as site:
        assert (await site.http.get("/metrics", headers=here)).status_code == 403


async def test_a_page_whose_name_suddenly_leads_here_reads_no_metrics(site: Gateway) -> None:
    assert (await site.http.get("/metrics", headers={"host": "rebound.example.com"})).status_code == 403


@pytest.mark.parametrize("path", ["/health", "/webchat/site", "/nothing", "/flows", "/broken"])
async def test_every_answer_has_nosniff_and_keeps_browsers_to_https(
    tmp_path: Path, database: Database, temporal: FakeTemporal, path: str
) -> None:
    async with (
        gateway(tmp_path, database, temporal, gateway={"public_url": PUBLIC}) as site,
        client(site, PROXY) as http,
    ):
        site.app.router.routes.append(Route("/broken", broken))
        answer = await http.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors" in answer.headers["content-security-policy"]


async def test_without_https_no_browser_is_kept_to_it(site: Gateway) -> None:
    assert "strict-transport-security" not in (await site.http.get("/health")).headers


@pytest.mark.parametrize(
    "wrong", [{"host": "["}, {"host": "a:b"}, {"origin": "http://["}, {"origin": "http://a:99999"}]
)
@pytest.mark.parametrize("path", ["/flows", "/webchat/site", "/webhooks/webchat/site"])
async def test_a_host_or_origin_that_is_no_address_is_400(site: Gateway, wrong: dict[str, str], path: str) -> None:
    answer = await site.http.get(path, headers=wrong)
    assert (answer.status_code, "is no address" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/webchat/none", 404), ("/metrics", 403), ("/broken", 500)]
)
async def test_browsers_get_a_page_at_every_error_and_programs_json(site: Gateway, path: str, status: int) -> None:
    site.app.router.routes.append(Route("/broken", broken))
    async with client(site, "203.0.113.9") as http:
        page, data = await http.get(path, headers=BROWSER), await http.get(path)
    assert (page.status_code, data.status_code) == (status, status)
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="pt-BR">' in page.text
    assert f"Erro {status}" in page.text
    assert (error := data.json()["error"])
    assert error not in page.text  # it is English, for programs


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_whatever_a_browser_asks_for_no_error_is_bare(site: Gateway, method: str) -> None:
    async with client(site, "203.0.113.9") as http:
        for route in site.app.router.routes:
            answer = await http.request(method, re.sub(r"{[^}]+}", "x", getattr(route, "path", "/")), headers=BROWSER)
            assert answer.status_code < 500, route
            if answer.is_error:
                assert answer.headers["content-type"].startswith("text/html"), (route, answer.text)


@pytest.mark.parametrize(("header", "status"), [({"host": "["}, 400), ({"origin": "https://evil.example.com"}, 403)])
async def test_a_browser_that_is_refused_at_the_door_gets_a_page_too(
    site: Gateway, header: dict[str, str], status: int
) -> None:
    answer = await site.http.get("/webchat/site", headers={**BROWSER, **header})
    assert (answer.status_code, '<html lang="pt-BR">' in answer.text) == (status, True)


async def test_who_follows_an_old_link_to_a_file_is_told_what_to_do(site: Gateway) -> None:
    page = await site.http.get("/files/0?t=old", headers=BROWSER)
    assert (page.status_code, "Peça o arquivo de novo" in page.text) == (404, True)


@pytest.mark.parametrize("path", ["*", "", "//", "/files", "/files/"])
def test_an_address_of_any_shape_gets_its_page(path: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in BROWSER.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    assert error_page.answer(Request(scope), 404, "").status_code == 404


async def test_a_page_of_an_error_shows_what_was_asked_for_as_text(site: Gateway) -> None:
    page = await site.http.get("/webchat/<script>", headers={**BROWSER, "accept-language": "en"})
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("name", ["token", "access_token", "t", "code", "authorization"])
async def test_a_token_in_an_address_opens_no_door(
    tmp_path: Path, database: Database, temporal: FakeTemporal, name: str
) -> None:
    sections: dict[str, Any] = {section: {"token": "sesame-sesame-sesame"} for section in ("api", "flows", "metrics")}
    async with gateway(tmp_path, database, temporal, **sections) as site, client(site, "203.0.113.9") as http:
        _, visitor = site.webchat.open_session()
        for method, path, token in (
            ("POST", "/conversations", "sesame-sesame-sesame"),
            ("GET", "/flows", "sesame-sesame-sesame"),
            ("GET", "/metrics", "sesame-sesame-sesame"),
            ("GET", "/webchat/site/events", visitor),
            ("POST", "/webchat/site/files", visitor),
            ("POST", "/webchat/site/links", visitor),
            ("POST", "/webchat/site/sessions/end", visitor),
            ("POST", "/webhooks/webchat/site", visitor),
        ):
            answer = await http.request(method, f"{path}?{name}={token}", json={"id": "m1", "text": "oi"})
            assert answer.status_code in {401, 403}, path


async def test_a_page_s_password_is_still_asked_for(tmp_path: Path, database: Database, temporal: FakeTemporal) -> None:
    async with gateway(tmp_path, database, temporal, flows={"token": "sesame-sesame-sesame"}) as site:
        answer = await site.http.get("/flows", headers=BROWSER)
    assert (answer.status_code, answer.headers["www-authenticate"][:5]) == (401, "Basic")


async def broken(_request: Request) -> Response:
    return JSONResponse({"seconds": 1 // int("0")})


@pytest.mark.parametrize("path", ["/flows/%00", "/flows/a%00b?version=1", "/webhooks/http/%00", "/%00"])
async def test_a_path_that_no_database_looks_for_is_400(site: Gateway, path: str) -> None:
    answer = await site.http.get(path)
    assert (answer.status_code, "NUL" in answer.json()["error"]) == (400, True)
