"""A conversation that is passed to people, whom the contact sees on the page and who use the command line."""

import json
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stack import TOKEN, Stack
from tests.browser.talk import PATIENCE, Talk
from tests.browser.test_accessibility import barriers

FLOW = """
spec: 1
flow: passed_on
fallback: end
cards:
  - {id: greet, card: send_message, text: "Precisa de alguém?"}
  - {id: need, card: await_interaction, timeout: 1h, exits: {no_answer: end}}
  - {id: people, card: transfer, queue: always, exits: {no_agent: end, gave_up: end, out_of_hours: end}}
  - {id: resolved, card: send_message, text: "Que bom que deu certo!"}
"""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def talk(visit: Visit, demo: Stack) -> Iterator[Talk]:
    """The page of a contact who waits for people."""
    (demo.data / "passed_on.yaml").write_text(FLOW, encoding="utf-8")
    demo.prosa("flow", "publish", "passed_on.yaml")
    session = httpx.post(f"{demo.chat}/sessions", json={"name": "Ana"}, timeout=30).raise_for_status().json()
    wanted = {"account": "site", "address": session["session"], "flow": "passed_on"}
    headers = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "ana-1"}
    opened = httpx.post(f"{demo.url}/conversations", json=wanted, headers=headers, timeout=30)
    assert opened.status_code == 202, opened.text
    page = visit(demo.link(session["token"]), width=390, reduced_motion="reduce").go_on()
    page.hears("Precisa de alguém?")
    page.say("preciso")
    page.hears("Vou chamar alguém")
    yield page
    assert page.trouble == []


def test_who_helps_is_seen_heard_and_written_down(talk: Talk, demo: Stack) -> None:
    waiting = json.loads(demo.prosa("conversation", "list", "--stage", "queue", "--format", "json"))
    assert talk.protocol in [row["protocol"] for row in waiting]

    expect(talk.page.locator("#waiting")).to_be_visible(timeout=PATIENCE)
    talk.say("é a internet")
    talk.shows_the_journal(demo)
    assert talk.page.locator("#typing").inner_text() == ""

    assert "bia joins" in demo.prosa("conversation", "take", talk.protocol, "--by", "bia")
    expect(talk.page.locator(".mark").last).to_have_text("Bia Monteiro entrou na conversa")
    expect(talk.page.locator("#waiting")).to_be_hidden()
    demo.prosa("conversation", "say", talk.protocol, "Oi! Veja *https://fast.com* ou *já*.", "--by", "bia")
    demo.prosa("conversation", "say", talk.protocol, "Pronto.", "--by", "caio@rede.example")
    demo.prosa("conversation", "say", talk.protocol, "Tudo certo.", "--by", "davi")
    said = talk.page.locator(".row.agent")
    expect(said).to_have_count(3, timeout=PATIENCE)
    names = ["Bia Monteiro", "Atendente", "Atendente 2"]
    assert [row.inner_text().split("\n")[1] for row in said.all()] == names
    told = [row.locator(".bubble .sr").inner_text().strip() for row in said.all()]
    assert told == [f"{name}, da equipe:" for name in names]
    assert [bold.inner_text() for bold in said.first.locator(".said b").all()] == ["https://fast.com", "já"]
    expect(said.first.locator(".said a")).to_have_attribute("href", "https://fast.com")
    assert talk.page.locator(".mark").last.inner_text() == "Atendente 2 entrou na conversa"
    for scheme in ("light", "dark"):
        talk.page.emulate_media(color_scheme=scheme)
        assert barriers(talk.page) == []
    talk.say("obrigada, menu")  # a word that leads elsewhere while the bot listens
    talk.shows_the_journal(demo)
    assert talk.page.locator("#typing").inner_text() == ""

    demo.prosa("conversation", "resolve", talk.protocol, "--by", "davi", "--note", "trocou o roteador")
    talk.hears("Que bom que deu certo!")
    left = talk.page.locator(".mark.left").inner_text().split("\n")
    assert left == [f"{name} saiu da conversa" for name in names]
    expect(talk.page.locator(".mark b")).to_be_visible(timeout=PATIENCE)
    talk.shows_the_journal(demo)
    assert not [secret for secret in ("caio", "davi", "roteador") if secret in talk.page.inner_text("body")]

    did = json.loads(demo.prosa("audit", "list", "--of", talk.protocol, "--format", "json"))
    assert [(one["by"], one["action"]) for one in reversed(did)] == [
        ("bia", "conversation take"),
        ("bia", "conversation say"),
        ("caio@rede.example", "conversation say"),
        ("davi", "conversation say"),
        ("davi", "conversation resolve"),
    ]
    refused = demo.prosa("conversation", "say", talk.protocol, "Oi?", status=2)
    assert "ended at" in refused
