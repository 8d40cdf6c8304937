"""Links that continue a conversation elsewhere, and the end of a session, as visitors see them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stack import Stack
from tests.browser.talk import DOCUMENT, PATIENCE, Talk

pytestmark = pytest.mark.timeout(600)


def copied(talk: Talk) -> str:
    """Returns the link that the visitor copies from the menu."""
    talk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    talk.page.click("#menu summary")
    talk.page.click("#link")
    expect(talk.page.locator("#link")).to_contain_text("Copiado")
    return str(talk.page.evaluate("navigator.clipboard.readText()"))


def test_a_copied_link_goes_on_elsewhere_once_after_asking(visit: Visit, demo: Stack) -> None:
    first = visit()
    first.begin()
    link = copied(first)
    second = visit(link, width=390)
    expect(second.page.locator("#ask")).to_be_visible()
    assert second.page.locator(".row").count() == 0
    second.go_on().hears("CPF ou CNPJ do titular")
    second.say(DOCUMENT)
    first.hears("encontrei 2 boletos")
    assert second.protocol == first.protocol
    second.shows_the_journal(demo)

    third = visit(link)
    expect(third.page.locator(".note")).to_contain_text("já foi usado")
    expect(third.page.locator("#hello")).to_be_visible()
    assert [one.trouble for one in (first, second, third)] == [[], [], []]


def test_no_address_ever_shows_a_token_or_a_code(visit: Visit) -> None:
    first = visit()
    first.begin()
    assert first.page.url.endswith("/webchat/site")
    second = visit(copied(first))
    assert second.page.url.endswith("/webchat/site")
    second.go_on().hears("CPF ou CNPJ do titular")
    second.page.reload()
    second.hears("CPF ou CNPJ do titular")
    assert second.page.url.endswith("/webchat/site")


@pytest.mark.parametrize("how", ["#ask-no", "Escape"])
def test_a_link_does_not_replace_the_visitor_s_own_conversation_unasked(visit: Visit, demo: Stack, how: str) -> None:
    stranger = visit()
    stranger.begin()
    own = visit()
    own.begin()
    mine, link = own.protocol, demo.link(stranger.token)
    own.page.goto(link)  # in the same tab, where only the fragment changes
    expect(own.page.locator("#ask-text")).to_contain_text("no lugar da conversa que está aqui")
    if how == "Escape":
        own.page.keyboard.press("Escape")
    else:
        own.page.click(how)
    own.hears("CPF ou CNPJ do titular")
    assert own.protocol == mine
    own.page.goto(link)
    own.go_on().hears("CPF ou CNPJ do titular")
    expect(own.page.locator("#protocol")).to_contain_text(stranger.protocol)
    assert own.trouble == []


def test_the_visitor_s_own_link_asks_nothing(visit: Visit, demo: Stack) -> None:
    talk = visit()
    talk.begin()
    talk.page.goto(demo.link(talk.token))
    talk.hears("CPF ou CNPJ do titular")
    expect(talk.page.locator("#ask")).to_be_hidden()
    expect(talk.page.locator("#start, #send").first).to_be_enabled()


@pytest.mark.parametrize(("language", "title"), [("pt-BR", "Encerrar a sessão?"), ("en-US", "End the session?")])
def test_a_visitor_ends_the_session_on_all_devices(visit: Visit, demo: Stack, language: str, title: str) -> None:
    talk = visit(locale=language)
    talk.begin()
    elsewhere = visit(demo.link(talk.token)).go_on()
    elsewhere.hears("CPF ou CNPJ do titular")
    link = demo.link(talk.token)

    talk.page.click("#menu summary")
    talk.page.click("#leave")
    expect(talk.page.locator("#ask-title")).to_have_text(title)
    talk.page.click("#ask-yes")
    for one in (talk, elsewhere):
        expect(one.page.locator(".note")).to_contain_text(re.compile("encerrada|ended"), timeout=PATIENCE)
        expect(one.page.locator("#hello")).to_be_visible()
        assert one.page.locator(".row").count() == 0
        expect(one.page.locator("#protocol")).not_to_contain_text("2")
    talk.page.reload()
    expect(talk.page.locator("#hello")).to_be_visible()
    assert talk.page.locator(".row").count() == 0
    expect(visit(link).page.locator(".note")).to_contain_text("expirou")


def test_a_session_that_expires_in_the_middle_shows_the_welcome_and_keeps_what_was_said(visit: Visit) -> None:
    talk = visit(width=390)
    talk.begin()
    talk.page.route("**/webhooks/**", lambda route: route.fulfill(status=401, body="{}"))
    talk.page.route("**/sessions", lambda route: route.continue_(post_data='{"resume": "expired"}'))
    talk.say(DOCUMENT)
    expect(talk.page.locator(".note")).to_contain_text("expirou", timeout=PATIENCE)
    expect(talk.page.locator("#hello")).to_be_visible()
    expect(talk.page.locator("#protocol")).to_have_text("Responde na hora")
    expect(talk.page.locator("#text")).to_have_value(DOCUMENT)
    assert talk.page.locator(".row").count() == 0
    talk.page.unroute("**/webhooks/**")
    talk.page.unroute("**/sessions")
    talk.begin()


def test_an_operator_ends_a_session_and_what_was_being_written_is_kept(visit: Visit, demo: Stack) -> None:
    talk = visit(width=390)
    talk.begin()
    talk.page.fill("#text", DOCUMENT)
    said = demo.prosa("conversation", "end-session", talk.protocol, "--reason", "aparelho perdido", "--by", "bia")
    assert "has ended" in " ".join(said.split())
    expect(talk.page.locator(".note")).to_contain_text("encerrada", timeout=PATIENCE)
    expect(talk.page.locator("#hello")).to_be_visible()
    expect(talk.page.locator("#text")).to_have_value(DOCUMENT)
    talk.begin()
    talk.page.fill("#text", DOCUMENT)
    talk.page.press("#text", "Enter")
    talk.hears("encontrei 2 boletos")
    talk.shows_the_journal(demo)
