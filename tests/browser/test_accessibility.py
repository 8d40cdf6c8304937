import hashlib
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.talk import DOCUMENT

VENDOR: Final = Path(__file__).parent / "vendor"
AXE: Final = (VENDOR / "axe.min.js").read_text(encoding="utf-8")
KEEP_TYPING: Final = """
  window.typed = '';
  new MutationObserver((changes) => changes.forEach((change) => {
    window.typed += [...change.addedNodes].map((node) => node.textContent).join('');
  })).observe(document.getElementById('typing'), {childList: true});
"""
"""Keeps in `typed` what was said while the bot was typing, however soon it has answered."""

pytestmark = pytest.mark.timeout(600)


def barriers(page: Page) -> list[str]:
    """Returns what axe-core finds wrong on the page as it is, best practices included."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def test_the_vendored_axe_is_the_one_of_its_checksum() -> None:
    wanted, name = (VENDOR / "axe.min.js.sha256").read_text(encoding="utf-8").split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == wanted
    assert "Mozilla Public License" in (VENDOR / "axe-core.LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_from_the_first_moment_to_the_last(visit: Visit, width: int, scheme: str) -> None:
    talk = visit(width=width, scheme=scheme, reduced_motion="reduce")
    page = talk.page
    assert barriers(page) == []
    talk.begin()
    talk.say("abc")
    talk.hears("Esse número não confere")
    assert barriers(page) == []
    talk.say(DOCUMENT)
    talk.hears("encontrei 2 boletos")
    assert barriers(page) == []
    talk.collect()
    page.click("#menu summary")
    assert barriers(page) == []
    page.click("#leave")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#ask")).to_be_hidden()
    page.get_by_role("button", name="Ver").click()
    page.evaluate("document.querySelector('#viewer iframe').remove()")  # the browser's own viewer is not ours
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.route("**/webhooks/**", lambda route: route.fulfill(status=400, body="{}"))
    talk.say("recusada")
    page.locator(".failure").wait_for()
    assert barriers(page) == []
    page.unroute("**/webhooks/**")
    page.get_by_role("button", name="Descartar").click()
    talk.leave()
    assert barriers(page) == []


def test_axe_would_see_a_barrier(visit: Visit) -> None:
    page = visit(width=390).page
    page.evaluate("document.querySelector('#send').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('#send').removeAttribute('title')")
    assert any(one.startswith("button-name") for one in barriers(page))


def test_a_screen_reader_is_told_who_said_what_and_that_the_bot_is_typing(visit: Visit) -> None:
    talk = visit(width=390)
    page = talk.page
    assert page.locator("#log").get_attribute("role") == "log"
    page.evaluate(KEEP_TYPING)
    page.click("#start")
    talk.hears("Como posso ajudar?")
    assert "Rede Serrana está digitando" in page.evaluate("typed")
    assert page.locator(".row.bot .sr").first.inner_text().strip() == "Rede Serrana disse:"
    assert page.locator(".row.me .sr").first.inner_text().strip() == "Você disse:"
    assert page.locator("#typing").inner_text() == ""
