"""What fingers, keys and eyes do on the chat page between two messages."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stack import Stack
from tests.browser.talk import DOCUMENT

pytestmark = pytest.mark.timeout(600)

TAP_AT_ONCE = """() => new Promise((done) => {
  const watch = new MutationObserver(() => {
    const button = document.querySelector('.options button');
    if (!button) return;
    watch.disconnect();
    button.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true }));
    done(button.textContent);
  });
  watch.observe(document.querySelector('#log'), { childList: true, subtree: true });
  document.querySelector('#start').click();
})"""


@pytest.mark.parametrize("touch", [False, True])
def test_what_is_typed_after_an_option_was_tapped_goes_into_the_field(visit: Visit, *, touch: bool) -> None:
    talk = visit(width=390 if touch else 1280, has_touch=touch, is_mobile=touch)
    talk.begin()
    talk.page.keyboard.type(DOCUMENT)
    expect(talk.page.locator("#text")).to_have_value(DOCUMENT)
    talk.page.keyboard.press("Enter")
    talk.hears("encontrei 2 boletos")
    assert talk.trouble == []


def test_an_option_chosen_by_keyboard_leaves_the_field_ready(visit: Visit) -> None:
    talk = visit()
    talk.page.click("#start")
    option = talk.page.locator(".options").get_by_role("button", name="Segunda via de boleto", exact=True)
    expect(option).to_be_enabled()
    option.press("Enter")
    talk.hears("CPF ou CNPJ do titular")
    talk.page.keyboard.type(DOCUMENT)
    expect(talk.page.locator("#text")).to_have_value(DOCUMENT)


def test_a_tap_that_was_meant_for_what_stood_there_before_chooses_nothing(visit: Visit) -> None:
    talk = visit()
    talk.page.wait_for_selector("#start:enabled")
    talk.page.evaluate(TAP_AT_ONCE)
    talk.page.wait_for_timeout(600)
    expect(talk.page.locator(".row.me")).to_have_count(1)
    talk.tap("Segunda via de boleto")
    talk.hears("CPF ou CNPJ do titular")


def test_a_burst_that_is_taller_than_the_view_stops_at_its_first_bubble(visit: Visit) -> None:
    talk = visit(width=390)
    talk.page.set_viewport_size({"width": 390, "height": 420})
    talk.page.click("#start")
    first = talk.page.locator(".row.bot").first
    talk.page.locator(".options button").first.wait_for(state="attached")
    talk.page.wait_for_timeout(600)
    log, bubble = talk.page.locator("#log").bounding_box(), first.bounding_box()
    assert log is not None
    assert bubble is not None
    assert 0 <= bubble["y"] - log["y"] <= 40
    expect(talk.page.locator("#jump")).to_be_visible()
    talk.page.click("#jump")
    expect(talk.page.locator("#jump")).to_be_hidden()
    expect(talk.page.locator(".options button").last).to_be_in_viewport()


def test_a_link_that_is_no_longer_good_shows_the_welcome_and_says_so(visit: Visit, demo: Stack) -> None:
    talk = visit(f"{demo.chat}#t=forged")
    expect(talk.page.locator(".note")).to_contain_text("expirou")
    expect(talk.page.locator("#hello")).to_be_visible()
    talk.begin()
    expect(talk.page.locator("#hello")).to_be_hidden()
