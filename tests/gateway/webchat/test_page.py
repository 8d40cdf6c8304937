import gzip
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml

from gateway.webchat.page import FOLDER
from journal.database import Database
from tests.gateway.fakes import ACCOUNTS, FakeTemporal, Gateway, gateway
from web.assets import LANGUAGES

SITE = "https://www.example.com"
WEIGHT = 20_000
"""Bytes of script, compressed, that loader and page may have together."""
WORDS: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
SCRIPTS = sorted(FOLDER.glob("*.js"))


async def page(site: Gateway, query: str = "", **headers: str) -> httpx.Response:
    return await site.http.get(f"/webchat/site{query}", headers={"accept-language": "pt-BR", **headers})


def files_of(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="\.\./(webchat-page/[^"]+)"', html)


async def test_scripts_of_loader_and_page_weigh_little(
    site: Gateway, record_property: Callable[[str, object], None]
) -> None:
    weight = 0
    for script in SCRIPTS:
        path = "/webchat/site/widget.js" if script.name == "widget.js" else f"/webchat-page/x/{script.name}"
        answer = await site.http.get(path, headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == script.read_bytes()
        weight += int(answer.headers["content-length"])
    record_property("figure", f"scripts of the chat, gzip: {weight} bytes")
    assert 0 < weight <= WEIGHT


async def test_the_page_runs_only_scripts_and_styles_of_the_gateway(site: Gateway) -> None:
    answer = await page(site)
    policy = answer.headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'"):
        assert rule in policy.split("; ")
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*(src=|application/json))", answer.text)
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_only_the_gateway_and_the_account_s_sites_may_frame_the_page(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    accounts = {**ACCOUNTS, "site": {**ACCOUNTS["site"], "origins": [SITE]}}
    async with gateway(tmp_path, database, temporal, accounts=accounts) as running:
        policy = (await page(running)).headers["content-security-policy"]
    assert policy.endswith(f"; frame-ancestors 'self' {SITE}")


async def test_everything_that_the_page_names_is_there_and_may_be_kept_for_ever(site: Gateway) -> None:
    named = files_of((await page(site)).text)
    assert {Path(name).suffix for name in named} == {".js", ".css", ".svg"}
    for name in named:
        answer = await site.http.get(f"/{name}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_modules_import_only_what_is_there() -> None:
    for script in SCRIPTS:
        for name in re.findall(r'from "\./([^"]+)"', script.read_text(encoding="utf-8")):
            assert (FOLDER / name).is_file(), (script.name, name)


@pytest.mark.parametrize("name", ["words.yaml", "chat.html", "..%2fpage.py", "nothing.js"])
async def test_the_page_s_folder_is_not_open(site: Gateway, name: str) -> None:
    assert (await site.http.get(f"/webchat-page/x/{name}")).status_code == 404


async def test_a_file_asked_for_by_an_older_page_is_not_kept(site: Gateway) -> None:
    assert (await site.http.get("/webchat-page/older/chat.js")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("", "de;q=0.9, en-GB;q=0.8", "en"),
        ("", "", "pt-BR"),
        ("", "de", "pt-BR"),
        ("?lang=en-US", "pt-BR", "en"),
        ("?lang=xx", "en", "en"),
    ],
)
async def test_the_page_speaks_the_visitor_s_language(site: Gateway, query: str, accepted: str, language: str) -> None:
    answer = await page(site, query, **{"accept-language": accepted})
    assert f'<html lang="{language}"' in answer.text
    assert WORDS[language]["placeholder"] in answer.text
    assert "accept-language" in answer.headers["vary"]


def test_both_languages_say_the_same_and_nothing_in_vain() -> None:
    assert tuple(WORDS) == LANGUAGES
    assert set(WORDS["pt-BR"]) == set(WORDS["en"])
    sources = "".join(path.read_text(encoding="utf-8") for path in (*SCRIPTS, FOLDER / "chat.html"))
    assert {key for key in WORDS["en"] if not re.search(rf"\bwords\.{key}\b", sources)} == set()
    assert set(re.findall(r"\bwords\.([a-z_]+)", sources)) - {"chat"} - set(WORDS["en"]) == set()
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", WORDS["pt-BR"][key])), key


async def test_the_company_s_own_words_are_on_the_page_and_are_no_markup(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    site = {
        **ACCOUNTS["site"],
        "title": '<b>"Rede" & Cia</b>',
        "privacy_notice": "Guardamos por 6 meses. <script>alert(1)</script>",
        "privacy_url": f"{SITE}/privacidade",
    }
    async with gateway(tmp_path, database, temporal, accounts={**ACCOUNTS, "site": site}) as running:
        html = (await page(running)).text
    assert "&lt;b&gt;&#34;Rede&#34; &amp; Cia&lt;/b&gt;" in html
    assert "Guardamos por 6 meses. &lt;script&gt;" in html
    assert f'href="{SITE}/privacidade"' in html


async def test_without_a_title_the_company_is_named(tmp_path: Path, database: Database, temporal: FakeTemporal) -> None:
    async with gateway(tmp_path, database, temporal, company={"name": "Rede Serrana"}) as running:
        html = (await page(running)).text
    assert "<h1>Rede Serrana</h1>" in html
    assert ">RS</div>" in html


async def test_a_browser_without_gzip_gets_the_page_as_it_is(site: Gateway) -> None:
    plain = await page(site, **{"accept-encoding": "identity"})
    packed = await page(site)
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert int(packed.headers["content-length"]) == len(gzip.compress(packed.content, mtime=0))


@pytest.mark.parametrize("account", ["front", "nobody"])
async def test_only_web_chats_have_a_page(site: Gateway, account: str) -> None:
    assert (await site.http.get(f"/webchat/{account}")).status_code == 404
    assert (await site.http.get(f"/webchat/{account}/widget.js")).status_code == 404


async def test_any_site_may_load_the_loader(site: Gateway) -> None:
    answer = await site.http.get("/webchat/site/widget.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")
