import http.client
import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from channels.base import Tools
from channels.webchat import Webchat, WebchatSettings
from runtime.secrets import installation_key
from tests.browser.conftest import Visit
from tests.browser.line import Line
from tests.browser.stack import Stack
from tests.browser.talk import PATIENCE

SCRIPTS: Final = (Path(__file__).parent / "scripts.txt").read_text(encoding="utf-8").splitlines()
SESSION: Final = 18
"""Strings that one session says: fewer than its rate."""
MIB: Final = 2**20
BURST: Final = 100
"""Messages that one connection of a flood carries; ten connections are open at once."""

pytestmark = pytest.mark.timeout(600)

LISTENER: Final = """
window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.sample));
"""
STRANGE: Final = """() => [...document.querySelectorAll('#log *')]
  .filter((one) => !'DIV SPAN P B TIME BUTTON A SECTION H2 svg use'.split(' ').includes(one.tagName)
    || [...one.attributes].some((a) => a.name.startsWith('on') || a.name === 'style' || a.name === 'srcdoc')
    || (one.tagName === 'A' && !/^https?:/.test(one.protocol)))
  .map((one) => one.outerHTML.slice(0, 200))"""


def enter(demo: Stack, name: str = "", **headers: str) -> str:
    answer = httpx.post(f"{demo.chat}/sessions", json={"name": name}, headers=headers, timeout=30)
    return str(answer.raise_for_status().json()["token"])


def say(demo: Stack, token: str, number: int, text: str, **more: Any) -> httpx.Response:
    body = {"id": f"m{number}", "text": text, **more}
    headers = {"authorization": f"Bearer {token}"}
    return httpx.post(f"{demo.url}/webhooks/webchat/site", json=body, headers=headers, timeout=30)


def stolen(demo: Stack, token: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Returns the token of the same session as it was three days ago."""
    key = installation_key(demo.data)
    channel = Webchat("site", WebchatSettings(), Tools(http=httpx.AsyncClient(), key=key, secret=str))
    session = channel.read_token(token)
    with monkeypatch.context() as past:
        then = time.time() - 3 * 24 * 3600
        past.setattr(time, "time", lambda: then)
        return channel.open_session(before=session.model_copy(update={"begun": int(then)}))[1]


def test_there_are_enough_scripts() -> None:
    assert len(set(SCRIPTS)) >= 60


@pytest.mark.parametrize("first", range(0, len(SCRIPTS), SESSION))
def test_scripts_in_names_texts_and_files_stay_words(
    context: Callable[..., BrowserContext], demo: Stack, first: int
) -> None:
    scripts = SCRIPTS[first : first + SESSION]
    token = enter(demo, scripts[0])
    for number, script in enumerate(scripts):
        assert say(demo, token, number, script).status_code == 200
    file = httpx.post(
        f"{demo.chat}/files",
        params={"name": scripts[-1]},
        content=b"%PDF-1.7",
        headers={"authorization": f"Bearer {token}"},
        timeout=30,
    ).json()
    assert say(demo, token, 99, "", file=file["file"]).status_code == 200

    profile = context()
    profile.add_init_script(LISTENER)
    page = profile.new_page()
    strayed: list[str] = []
    page.on("dialog", lambda dialog: strayed.append(dialog.message))
    page.on("console", lambda message: strayed.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: strayed.append(request.url) if not request.url.startswith(demo.url) else None)
    page.goto(demo.link(token))
    page.click("#ask-yes")
    expect(page.locator(".row.me")).to_have_count(len(scripts) + 1, timeout=PATIENCE)
    assert page.locator(".row.me .said").all_text_contents()[: len(scripts)] == scripts
    page.mouse.move(640, 500)
    assert page.evaluate("violations") == []
    assert page.evaluate(STRANGE) == []
    assert strayed == []


def test_the_listener_would_hear_a_script(context: Callable[..., BrowserContext], demo: Stack) -> None:
    profile = context()
    profile.add_init_script(LISTENER)
    page = profile.new_page()
    page.goto(demo.chat)
    refusal = page.evaluate(
        "() => { try { document.body.innerHTML = '<img src=x onerror=alert(1)>' } catch (e) { return e.name } }"
    )
    assert refusal == "TypeError"
    page.evaluate("document.body.append(Object.assign(document.createElement('a'), {href: 'javascript:1', id: 'bad'}))")
    page.evaluate("document.getElementById('bad').click()")
    page.wait_for_function("violations.length >= 2")


def test_a_page_of_another_origin_gets_nothing_even_with_a_token(visit: Visit, demo: Stack) -> None:
    token = enter(demo)
    assert say(demo, token, 1, "oi").status_code == 200
    with Line(demo.port) as line:  # the same pages, from an origin that the account does not know
        page = visit(f"{line.url}/webchat/site").page
        for method, path in (
            ("POST", "/webchat/site/sessions"),
            ("GET", "/webchat/site/events"),
            ("POST", "/webhooks/webchat/site"),
            ("POST", "/webchat/site/files"),
            ("POST", "/webchat/site/links"),
            ("POST", "/webchat/site/links/look"),
            ("POST", "/webchat/site/sessions/end"),
        ):
            ask = (
                "([m, u, t]) => fetch(u, {method: m, headers: {authorization: t}}).then((a) => a.status, (e) => e.name)"
            )
            assert page.evaluate(ask, [method, demo.url + path, f"Bearer {token}"]) in {"TypeError", 403}, path
            answer = httpx.request(
                method, demo.url + path, headers={"origin": line.url, "authorization": f"Bearer {token}"}, timeout=30
            )
            assert answer.status_code == 403


def test_a_stolen_token_that_has_expired_opens_nothing(
    visit: Visit, demo: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = visit()
    victim.begin()
    old = stolen(demo, victim.token, monkeypatch)
    headers = {"authorization": f"Bearer {old}"}
    assert say(demo, old, 1, "oi").status_code == 401
    assert httpx.get(f"{demo.chat}/events", headers=headers, timeout=30).status_code == 401
    assert httpx.post(f"{demo.chat}/files", content=b"%PDF-", headers=headers, timeout=30).status_code == 401
    thief = visit(f"{demo.chat}#t={old}")
    expect(thief.page.locator(".note")).to_contain_text("expirou")
    assert thief.page.locator(".row").count() == 0
    thief.page.fill("#text", "oi")
    thief.page.press("#text", "Enter")
    thief.hears("Como posso ajudar?")
    assert thief.protocol != victim.protocol
    victim.shows_the_journal(demo)


def test_a_thousand_messages_a_second_are_slowed_down_and_others_are_served(
    visit: Visit, demo: Stack, record_property: Callable[[str, object], None]
) -> None:
    address = {"x-forwarded-for": "203.0.113.9"}
    tokens = [enter(demo, **address) for _ in range(20)]  # whose own rates together are twice that of their address
    talk = visit()

    def flood(number: int) -> Counter[int]:
        """Sends 100 messages one after the other on one connection, and counts what becomes of them."""
        line = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=120)
        headers = {"authorization": f"Bearer {tokens[number % len(tokens)]}", **address}
        statuses: Counter[int] = Counter()
        for count in range(BURST):
            line.request(
                "POST", "/webhooks/webchat/site", json.dumps({"id": f"f{number}-{count}", "text": "flood"}), headers
            )
            answer = line.getresponse()
            answer.read()
            statuses[answer.status] += 1
        line.close()
        return statuses

    began = time.monotonic()
    with ThreadPoolExecutor(10) as crowd:
        floods = [crowd.submit(flood, number) for number in range(30)]
        talk.begin()
        talk.identify()
        answered = time.monotonic() - began
        statuses = sum((one.result() for one in floods), Counter[int]())
    took = time.monotonic() - began
    record_property(
        "figure",
        f"flood: {sum(statuses.values())} messages in {took:.1f} s: {dict(statuses)}; "
        f"a conversation beside it had its answers after {answered:.1f} s",
    )
    assert set(statuses) == {200, 429}
    assert statuses[200] <= 200 * (1 + took // 10)
    talk.shows_the_journal(demo)
    assert talk.trouble == []


@pytest.mark.parametrize("path", ["/webchat/site/files", "/webhooks/webchat/site", "/webchat/site/sessions"])
@pytest.mark.parametrize("announced", [True, False])
def test_fifty_megabytes_are_refused(demo: Stack, path: str, *, announced: bool) -> None:
    token = enter(demo)
    before = sum(file.stat().st_size for file in (demo.data / "files").rglob("*") if file.is_file())
    line = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=60)
    pieces = [b"%PDF-" + bytes(MIB - 5), *[bytes(MIB)] * 49]
    headers = {"authorization": f"Bearer {token}"} | ({"content-length": str(50 * MIB)} if announced else {})
    try:
        line.request("POST", path, iter(pieces), headers, encode_chunked=not announced)
        status = line.getresponse().status
    except (BrokenPipeError, ConnectionResetError):  # it answers and closes before everything is sent
        status = 413
    assert status == 413
    line.close()
    assert sum(file.stat().st_size for file in (demo.data / "files").rglob("*") if file.is_file()) == before
    assert httpx.get(f"{demo.url}/health", timeout=30).status_code == 200
