import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from console.chapters import chapters
from console.site import FOLDER
from flows.cards.base import FAMILIES
from journal.database import Database
from runtime.settings import Settings
from tests.console.published import COLOR, HELLO, publish
from tests.gateway.fakes import FakeTemporal, Gateway, gateway
from web.assets import LANGUAGES

HERE = {"host": "localhost:8080", "accept-language": "pt-BR"}
WORDS: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))


async def get(site: Gateway, path: str, **headers: str) -> httpx.Response:
    return await site.http.get(path, headers={**HERE, **headers})


def changed(*, text: str) -> dict[str, Any]:
    ask, thanks = COLOR["cards"]
    return {**COLOR, "cards": [{**ask, "text": text}, {**thanks, "id": "bye"}]}


async def test_published_flows_are_listed_with_their_current_version(site: Gateway, database: Database) -> None:
    await publish(database, HELLO, {"color": await publish(database, COLOR)})
    await publish(database, changed(text="Cor?"))
    html = (await get(site, "/flows")).text
    assert re.findall(r'<h2><a href="(flows/\w+)">([^<]+)', html) == [
        ("flows/color", "Cor da fachada"),
        ("flows/hello", "Boas-vindas"),
    ]
    assert "2 cards · versão 2, publicada em" in html


@pytest.mark.parametrize(
    ("spoken", "moment", "day"),
    [("pt-BR", "21/11/2026, 22:30", "21/11/2026"), ("en", "2026-11-21, 22:30", "2026-11-21")],
)
async def test_flows_were_published_by_the_company_s_clock(
    site: Gateway, database: Database, spoken: str, moment: str, day: str
) -> None:
    await publish(database, COLOR, at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC))
    listed = (await get(site, "/flows", **{"accept-language": spoken})).text
    assert f'<time datetime="2026-11-22T01:30:00+00:00">{moment}</time>' in listed
    assert f">1, {day}</option>" in (await get(site, "/flows/color", **{"accept-language": spoken})).text


async def test_a_flow_without_a_title_goes_by_its_name(site: Gateway, database: Database) -> None:
    await publish(database, {key: value for key, value in COLOR.items() if key != "title"})
    for path, heading in (("/flows", '<h2><a href="flows/color">color</a>'), ("/flows/color", "<h1>color <small>")):
        assert heading in (await get(site, path)).text


async def test_without_flows_the_page_says_so(site: Gateway) -> None:
    assert "Nenhum fluxo foi publicado ainda." in (await get(site, "/flows")).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("NAO ESQUECO", ["flows/color#card-thanks"]),
        ("pergunta", ["flows/hello#card-run"]),
        ("fachada", ["flows/color#card-ask"]),
        ("cor qual", ["flows/color#card-ask"]),
        ("nada disso", []),
        ("boas", []),
    ],
)
async def test_words_are_found_in_whatever_card_they_stand(
    site: Gateway, database: Database, query: str, found: list[str]
) -> None:
    await publish(database, HELLO, {"color": await publish(database, COLOR)})
    html = (await get(site, f"/flows?q={query}")).text
    assert re.findall(r'"(flows/\w+#[^"]+)"', html) == found
    assert ("Nada encontrado" in html) == (query == "nada disso")
    assert ("Boas-vindas" in html) == (query in {"pergunta", "boas"})


async def test_a_flow_is_shown_as_picture_and_in_words(site: Gateway, database: Database) -> None:
    await publish(database, COLOR)
    html = (await get(site, "/flows/color")).text
    assert re.search(r'<a href="#card-ask">\s*<g class="node" data-card="ask">', html)
    assert 'id="card-ask"' in html
    assert "De que cor é a &lt;b&gt;fachada&lt;/b&gt;?" in html
    assert '<li>não → <a href="#card-ask">Qual a cor?</a></li>' in html
    assert "<li>sem resposta → fim</li>" in html
    assert '<a href="../reference/cards/ask_question" title="O que é este card?">Pergunta</a>' in html
    assert "<b>" not in html
    again = await get(site, "/flows/color")
    assert again.text == html


SILENT: dict[str, Any] = {
    "spec": 1,
    "flow": "silent",
    "silence": {"timeout": "30m", "reminders": [{"after": "5m", "text": "Oi?"}]},
    "cards": [
        {
            "id": "ask",
            "card": "ask_question",
            "text": "O quê?",
            "answer": "choice",
            "options": [{"label": "Plano", "synonyms": ["cep", "cobertura"]}, {"label": "Problema"}],
            "reminders": [{"after": "10m", "text": "E aí?"}],
            "timeout": "1h",
            "settle": "4s",
        },
        {
            "id": "tell",
            "card": "send_message",
            "text": "Veja:",
            "links": [{"title": "Site", "url": "https://a.example"}],
            "typing": "2s",
        },
    ],
}


async def test_choices_links_reminders_and_time_limits_are_told_apart(site: Gateway, database: Database) -> None:
    await publish(database, SILENT)
    html = (await get(site, "/flows/silent")).text
    general, ask, tell = (_words(one) for one in re.split(r'<article id="card-', html.partition('class="silence"')[2]))
    assert general == "Se o contato não responde Onde o card não diz outra coisa Depois de 5m: Oi? Espera até 30m"
    assert "O quê? Plano ou: cep, cobertura Problema Depois de 10m: E aí? Junta o que vem em até 4s" in ask
    assert "Espera até 1h" in ask
    assert "Veja: Site → https://a.example Mostra que está digitando por 2s" in tell
    await publish(database, COLOR)
    assert 'class="silence"' not in (await get(site, "/flows/color")).text


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition(">")[2]).split())


async def test_one_card_is_no_cards(site: Gateway, database: Database) -> None:
    await publish(database, {**COLOR, "cards": COLOR["cards"][1:]})
    assert "1 card · versão 1" in (await get(site, "/flows")).text


async def test_a_called_flow_is_linked_in_the_version_that_is_played(site: Gateway, database: Database) -> None:
    version = await publish(database, COLOR)
    await publish(database, HELLO, {"color": version})
    html = (await get(site, "/flows/hello")).text
    assert f'<a href="color?version={version}">color</a>' in html
    assert "De que cor" in (await get(site, f"/flows/color?version={version}")).text


async def test_two_versions_are_compared_in_the_picture_and_in_a_list(site: Gateway, database: Database) -> None:
    await publish(database, COLOR)
    await publish(database, changed(text="Cor da fachada?"))
    html = (await get(site, "/flows/color?version=2&with=1")).text
    listed = html[html.index('<nav class="changes"') :].partition("</nav>")[0]
    assert re.findall(r'class="tag (\w+)".*?#card-(\w+)', listed) == [
        ("changed", "ask"),
        ("added", "bye"),
        ("removed", "thanks"),
    ]
    assert re.findall(r'class="card (\w+)".*?', html).count("removed") >= 1
    assert '<span class="removed">- text: De que cor é a &lt;b&gt;fachada&lt;/b&gt;?' in html
    assert '<span class="added">+ text: Cor da fachada?' in html
    assert "Nada mudou" in (await get(site, "/flows/color?version=2&with=2")).text


@pytest.mark.parametrize("path", ["nothing", "color?version=7", "color?with=7", "color?version=abc"])
async def test_what_was_never_published_is_not_found(site: Gateway, database: Database, path: str) -> None:
    await publish(database, COLOR)
    answer = await get(site, f"/flows/{path}")
    assert answer.status_code == 404
    assert 'Não há fluxo publicado com esse nome, ou não nessa versão. <a href="../flows">' in answer.text


async def test_the_pages_run_only_scripts_and_styles_of_the_gateway(site: Gateway, database: Database) -> None:
    await publish(database, COLOR)
    for path in ("/flows", "/flows/color"):
        answer = await get(site, path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:", answer.text)
        assert answer.headers["cache-control"] == "no-store"


async def test_everything_that_the_pages_name_is_there(site: Gateway, database: Database) -> None:
    await publish(database, COLOR)
    for path in ("/flows", "/flows/color"):
        named = re.findall(r'(?:href|src)="(?:\.\./)?(flows-page/[^"]+)"', (await get(site, path)).text)
        assert {Path(name).name for name in named} >= {"flows.css", "drawing.css", "icon.svg"}
        for name in named:
            answer = await get(site, f"/{name}")
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
    assert (await get(site, "/flows-page/x/words.yaml")).status_code == 404


async def test_the_pages_speak_both_languages(site: Gateway, database: Database) -> None:
    await publish(database, COLOR)
    html = (await get(site, "/flows/color", **{"accept-language": "en"})).text
    assert '<html lang="en">' in html
    assert ">Question<" in html
    assert "no answer → end" in html


def test_both_languages_say_the_same_and_nothing_in_vain() -> None:
    assert tuple(WORDS) == LANGUAGES
    assert set(WORDS["pt-BR"]) == set(WORDS["en"])
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.html"))
    used = set(re.findall(r"\bwords\.([a-z_]+)", sources)) | {"added", "removed", "changed", *FAMILIES, *chapters()}
    assert used == set(WORDS["en"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "127.0.0.1"}, 200),
        ({"host": "[::1]:8080"}, 200),
        ({"host": "rebound.example.com"}, 403),
        ({"x-forwarded-for": "203.0.113.7"}, 403),
        ({"forwarded": "for=203.0.113.7"}, 403),
    ],
)
async def test_without_a_token_only_this_machine_may_read(site: Gateway, headers: dict[str, str], status: int) -> None:
    for path in ("/flows", "/flows/color"):
        assert (await get(site, path, **headers)).status_code in {status, 404 if status == 200 else status}


async def test_a_stranger_s_address_is_refused_without_a_token(site: Gateway) -> None:
    transport = httpx.ASGITransport(site.app, client=("203.0.113.7", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as stranger:
        assert (await stranger.get("/flows")).status_code == 403


async def test_a_gateway_behind_a_proxy_believes_nobody_to_be_this_machine(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    async with gateway(tmp_path, database, temporal, gateway={"public_url": "https://chat.example.com"}) as site:
        assert (await get(site, "/flows")).status_code == 403


def basic(password: str) -> str:
    return f"Basic {base64.b64encode(f'ana:{password}'.encode()).decode()}"


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        (basic("guess"), 401),
        ("Basic !!", 401),
        ("Digest x", 401),
        ("Bearer guess", 401),
        (basic("open:sésamo:sésamo"), 200),
        ("Bearer open:sésamo:sésamo", 200),
    ],
)
async def test_with_a_token_it_is_the_password_from_anywhere(
    tmp_path: Path, database: Database, temporal: FakeTemporal, authorization: str, status: int
) -> None:
    async with gateway(tmp_path, database, temporal, flows={"token": "open:sésamo:sésamo"}) as site:
        answer = await site.http.get("/flows", headers=[(b"authorization", authorization.encode())])
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_a_flow_that_cannot_be_drawn_can_still_be_read(
    site: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    await publish(database, COLOR)
    answer = await get(site, "/flows/color")
    assert "O desenho não pôde ser feito" in answer.text
    assert "De que cor" in answer.text


def test_the_token_of_the_page_is_a_setting() -> None:
    assert Settings.model_validate({"flows": {"token": "secret://flows"}}).flows.token == "secret://flows"
