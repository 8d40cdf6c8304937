"""`make pictures`: take the picture of the chat page that the README shows, in a demo that is started for it."""

import base64
import tempfile
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.console import Console

from tests.browser import chromium
from tests.browser.stack import stack
from tests.browser.talk import DOCUMENT, PATIENCE, Talk

PICTURE: Final = Path(__file__).parents[2] / "docs" / "img" / "chat.webp"
_SITE: Final = "https://www.example.com"
_QUALITY: Final = 88
_SETTLED: Final = 1_000
"""Milliseconds in which a page has scrolled to its end."""
_SHEET: Final = """
<style>
body { margin: 0; width: 1680px; height: 1060px; background: linear-gradient(#d5e8e3, #eceff1); position: relative }
img { position: absolute; border-radius: 24px; box-shadow: 0 24px 64px #12303040, 0 2px 8px #12303030 }
</style>
"""
_PLACES: Final = ((110, 70), (760, 130), (1200, 90))
"""Left and top of desk, first and second phone, in pixels."""


def main() -> None:
    """Play the second copy of an invoice on a desk and on a phone, and put what they show side by side."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stack(Path(folder) / "demo", _SITE) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.needed(), args=list(chromium.FLAGS))
        desk = _visit(browser, demo.chat, 840, 996, "light")
        _choose(desk)
        desk.collect()
        phone = _visit(browser, demo.chat, 390, 844, "dark")
        _choose(phone)
        choosing = _shot(phone.page)
        phone.collect()
        phone.tap("Não")
        expect(phone.page.locator(".options button")).to_have_count(11, timeout=PATIENCE)
        PICTURE.write_bytes(_side_by_side(browser, _shot(desk.page), choosing, _shot(phone.page)))
        browser.close()
    Console().print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB")


def _visit(browser: Browser, url: str, width: int, height: int, scheme: Literal["light", "dark"]) -> Talk:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
    )
    return Talk(context.new_page(), url)


def _choose(talk: Talk) -> None:
    """Go to the choice between two invoices."""
    talk.begin()
    talk.say(DOCUMENT)
    talk.hears("encontrei 2 boletos")
    expect(talk.page.locator(".options button")).to_have_count(2, timeout=PATIENCE)


def _shot(page: Page) -> bytes:
    """Return what *page* shows when nothing is on its way any more."""
    expect(page.locator("#log .row[data-state]")).to_have_count(0, timeout=PATIENCE)
    page.mouse.move(0, 0)
    page.wait_for_timeout(_SETTLED)
    return page.locator(".chat").screenshot()


def _side_by_side(browser: Browser, *shots: bytes) -> bytes:
    sheet = browser.new_page(viewport={"width": 1680, "height": 1060})
    images = (
        f'<img style="left: {left}px; top: {top}px" src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        for (left, top), shot in zip(_PLACES, shots, strict=True)
    )
    sheet.set_content(_SHEET + "".join(images), wait_until="load")
    devtools: Any = sheet.context.new_cdp_session(sheet)  # Playwright itself writes only PNG and JPEG
    taken = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
