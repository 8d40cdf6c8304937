"""A browser, and a demo for it to visit, for as long as tests of this folder run.

No longer: Playwright keeps an event loop running, under which no test of asyncio could start.
"""

from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from prosa.up.ports import free
from tests.browser import chromium
from tests.browser.stack import Stack, stack
from tests.browser.talk import Talk

Visit = Callable[..., Talk]


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    path = chromium.needed()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def site_port() -> int:
    """The port of a site that may embed the chat."""
    return free()


@pytest.fixture(scope="package")
def demo(browser: Browser, site_port: int, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """The demo; asked for after the browser, so that nothing is started where there is none."""
    with stack(tmp_path_factory.mktemp("browser") / "demo", f"http://127.0.0.1:{site_port}") as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens profiles, each with a storage of its own."""
    opened: list[BrowserContext] = []

    def begin(*, width: int = 1280, scheme: Any = "light", **more: Any) -> BrowserContext:
        height = 844 if width < 600 else 900
        options: dict[str, Any] = {"color_scheme": scheme, "locale": "pt-BR", **more}
        opened.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        return opened[-1]

    yield begin
    for one in opened:
        one.close()


@pytest.fixture
def visit(demo: Stack, context: Callable[..., BrowserContext]) -> Visit:
    """Opens the chat page in a profile of its own."""

    def begin(url: str = "", **options: Any) -> Talk:
        return Talk(context(**options).new_page(), url or demo.chat)

    return begin
