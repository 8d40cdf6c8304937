import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from journal.database import Database, upgrade
from prosa.up.ports import free
from tests.browser.test_accessibility import barriers
from tests.console.published import publish
from tests.gateway.fakes import FakeTemporal, eventually, gateway
from usecases.flow_files import LIBRARY, read

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway with two versions of a flow of the library, in a thread of its own; asked for after the browser."""
    assert browser.is_connected()
    port, folder = free(), tmp_path_factory.mktemp("flows")
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, port, ready, stop)))
    thread.start()
    assert ready.wait(60)
    yield f"http://127.0.0.1:{port}/flows"
    stop.set()
    thread.join(60)


async def _serve(folder: Path, port: int, ready: threading.Event, stop: threading.Event) -> None:
    url = f"sqlite:///{folder}/prosa.db"
    await asyncio.to_thread(upgrade, url)
    database = Database(url)
    content = read(LIBRARY / "segunda_via.yaml").flow.dump()
    first, *rest = content["cards"] if isinstance(content["cards"], list) else []
    await publish(database, {**content, "cards": [first, {"id": "mark", "card": "tag", "add": ["boleto"]}, *rest]})
    await publish(database, content)
    async with gateway(folder, database, FakeTemporal()) as site:
        server = uvicorn.Server(uvicorn.Config(site.app, port=port, lifespan="off", log_config=None, ws="none"))
        task = asyncio.create_task(server.serve())
        await eventually(lambda: server.started)
        ready.set()
        await asyncio.to_thread(stop.wait)
        server.should_exit = True
        await task
    await database.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_flow_is_found_read_and_compared_with_the_keyboard_alone(
    address: str, context: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    page = context(width=width, scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(_said(message)))
    page.goto(address)
    page.get_by_role("searchbox").press_sequentially("linha digitavel")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Anuncia a linha digitável").press("Enter")
    page.locator("article:target").wait_for()
    assert barriers(page) == []
    _follow_the_picture(page)
    page.get_by_label("Comparar com").select_option("1")
    page.get_by_role("button", name="Mostrar").press("Enter")
    page.locator(".changes .tag.removed").wait_for()
    assert page.locator(".picture .card.removed").count() == 1
    assert _colour(page, ".picture .card.removed") != _colour(page, ".picture .card:not(.removed)")
    assert barriers(page) == []
    assert complaints == []


def test_what_a_card_is_is_looked_up_with_the_keyboard_alone(
    address: str, context: Callable[..., BrowserContext]
) -> None:
    page = context(width=390, scheme="dark").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(_said(message)))
    page.goto(address.replace("/flows", "/reference"))
    assert barriers(page) == []
    page.get_by_role("searchbox").press_sequentially("reminders")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="ask_question").press("Enter")
    page.get_by_role("heading", name="Pergunta").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert barriers(page) == []
    page.get_by_role("link", name="Referência").press("Enter")
    page.get_by_role("link", name="Expressões").press("Enter")
    page.get_by_role("link", name="Filters").press("Enter")
    page.locator("article:target").get_by_text("first_name", exact=True).wait_for()
    assert barriers(page) == []
    assert complaints == []


def _follow_the_picture(page: Page) -> None:
    page.locator('.picture a[href="#card-find_invoices"]').first.focus()
    page.keyboard.press("Enter")
    page.locator("#card-find_invoices:target").wait_for()
    assert page.evaluate("scrollX") == 0
    page.get_by_role("button", name="Ver tudo").press("Enter")
    page.locator(".picture").press("+")
    shown = page.locator(".picture .node.shown")
    assert shown.get_attribute("data-card") == "find_invoices"
    assert page.evaluate("(s => s.clientWidth < s.viewBox.baseVal.width)(document.querySelector('.picture svg'))")


def _colour(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("card => getComputedStyle(card).stroke"))


def _said(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}"
