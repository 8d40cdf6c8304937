import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from prosa.up.ports import free
from tests.browser.site import site
from tests.browser.stack import Stack
from tests.browser.talk import PATIENCE

pytestmark = pytest.mark.timeout(600)
OPEN = "Abrir o chat"
CLOSE = "Fechar o chat"


def guest(context: Callable[..., BrowserContext], width: int) -> tuple[Page, list[str]]:
    page = context(width=width).new_page()
    page.set_default_timeout(PATIENCE)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    return page, trouble


@pytest.mark.parametrize("width", [390, 1280])
def test_any_allowed_site_shows_the_chat_behind_a_button(
    context: Callable[..., BrowserContext], demo: Stack, site_port: int, width: int
) -> None:
    page, trouble = guest(context, width)
    with site(site_port, f"{demo.chat}/widget.js") as address:
        page.goto(address)
        page.get_by_role("button", name=OPEN).click()
        chat = page.frame_locator("iframe")
        chat.locator("#start").click()
        expect(chat.locator(".row.bot", has_text="Como posso ajudar?")).to_be_visible()
        box = page.locator("iframe").bounding_box()
        assert box is not None
        assert (box["width"] == width) == (width < 480)

        chat.locator("#close").click()
        expect(page.locator("iframe")).to_be_hidden()
        expect(page.get_by_role("button", name=OPEN)).to_be_focused()
        page.keyboard.press("Enter")
        expect(chat.locator("#text")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("iframe")).to_be_hidden()

        page.reload()
        page.get_by_role("button", name=OPEN).click()
        expect(chat.locator(".row.bot", has_text="Como posso ajudar?")).to_be_visible()
    assert trouble == []


def test_what_the_bot_says_behind_a_closed_chat_is_counted(
    context: Callable[..., BrowserContext], demo: Stack, site_port: int
) -> None:
    page, trouble = guest(context, 1280)
    with site(site_port, f"{demo.chat}/widget.js") as address:
        page.goto(address)
        page.get_by_role("button", name=OPEN).click()
        chat = page.frame_locator("iframe")
        chat.locator("#start").click()
        chat.locator(".row.bot", has_text="Como posso ajudar?").wait_for()
        demo.pause("workers")
        chat.locator(".options button").first.click()
        chat.locator('.row[data-state="sent"]').wait_for()
        page.get_by_role("button", name=CLOSE).click()
        demo.go_on("workers")
        badge = page.locator("button span")
        expect(badge).to_have_text("1", timeout=PATIENCE)
        page.get_by_role("button", name=OPEN).click()
        expect(badge).to_be_hidden()
    assert trouble == []


@pytest.mark.parametrize("how", ["?ref=loja", '" data-ref="loja'])
def test_the_first_message_says_by_which_link_one_came_and_only_that(
    context: Callable[..., BrowserContext], demo: Stack, site_port: int, how: str
) -> None:
    page, trouble = guest(context, 1280)
    referrals: list[Any] = []

    def note(sent: Request) -> None:
        if "/webhooks/" in sent.url:
            referrals.append(json.loads(sent.post_data or "").get("referral"))

    page.on("request", note)
    with site(site_port, f"{demo.chat}/widget.js{how}") as address:
        page.goto(address)
        page.get_by_role("button", name=OPEN).click()
        chat = page.frame_locator("iframe")
        chat.locator("#start").click()
        chat.locator(".row.bot", has_text="Como posso ajudar?").wait_for()
        chat.locator(".options button").first.click()
        chat.locator(".row.bot", has_text="CPF ou CNPJ").wait_for()
    assert referrals == ["loja", None]
    assert trouble == []


def test_a_site_that_is_not_allowed_shows_nothing(context: Callable[..., BrowserContext], demo: Stack) -> None:
    page, trouble = guest(context, 1280)
    with site(free(), f"{demo.chat}/widget.js") as address:
        page.goto(address)
        page.get_by_role("button", name=OPEN).click()
        page.wait_for_function("document.querySelector('iframe') !== null")
        expect(page.frame_locator("iframe").locator("#start")).to_have_count(0)
        while not trouble:
            page.wait_for_timeout(50)
    assert any("frame-ancestors" in one for one in trouble)
