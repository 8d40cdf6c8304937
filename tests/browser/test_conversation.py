import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, expect

from domain.contact_card import ContactCard
from domain.message import Location
from tests.browser.conftest import Visit
from tests.browser.stack import NOTICE, Stack
from tests.browser.talk import PATIENCE, Talk

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_a_customer_gets_the_invoice_on_phone_and_desk(
    visit: Visit, demo: Stack, tmp_path: Path, width: int, scheme: str
) -> None:
    talk = visit(width=width, scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
    page = talk.page
    assert NOTICE in page.inner_text("#hello")
    talk.begin()
    talk.identify()
    page.reload()
    talk.collect()
    assert page.evaluate("document.documentElement.scrollWidth") == width

    card = page.locator(".file")
    with page.expect_download() as download:
        card.get_by_role("link", name="Baixar").click()
    name = download.value.suggested_filename
    download.value.save_as(tmp_path / name)
    document: Any = pypdfium2.PdfDocument(tmp_path / name)
    assert name.removeprefix("boleto-").removesuffix(".pdf") in document[0].get_textpage().get_text_bounded()
    document.close()

    card.get_by_role("button", name="Ver").click()
    expect(page.locator("#viewer iframe")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()

    code = page.locator(".pay", has=page.locator(".qr")).locator("code").inner_text()
    page.get_by_role("button", name="Copiar código Pix").click()
    expect(page.get_by_role("button", name="Copiado")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert code.startswith("000201")

    talk.leave()
    talk.shows_the_journal(demo)
    assert talk.trouble == []


def test_the_keyboard_alone_is_enough(visit: Visit, demo: Stack) -> None:
    talk = visit(width=1280)
    page = talk.page
    expect(page.locator("#start")).to_be_visible()
    page.locator("#start").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.locator(".options button").first.wait_for()
    for _ in range(12):
        if page.evaluate("document.activeElement.closest('.options') !== null"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    for _ in range(3):
        if "Segunda via" in page.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    talk.hears("CPF ou CNPJ do titular")
    page.focus("#text")
    page.keyboard.type("linha um")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("linha dois")
    page.keyboard.press("Enter")
    expect(page.locator(".row.me .said").last).to_have_text("linha um\nlinha dois")
    talk.hears("Esse número não confere")
    talk.shows_the_journal(demo)
    assert talk.trouble == []


def test_a_second_tab_and_another_device_show_the_same_conversation(visit: Visit, demo: Stack) -> None:
    first = visit(width=1280)
    first.begin()
    second = Talk(first.page.context.new_page(), demo.chat)
    second.hears("CPF ou CNPJ do titular")
    third = visit(demo.link(first.token), width=390).go_on()
    third.hears("CPF ou CNPJ do titular")
    third.say("123.456.789-00")
    for talk in (first, second, third):
        talk.hears("Esse número não confere")
        talk.shows_the_journal(demo)
    second.say("529.982.247-25")
    for talk in (first, second, third):
        talk.hears("Posso ajudar com mais alguma coisa?")
    first.leave()
    for talk in (first, second, third):
        expect(talk.page.locator(".mark b")).to_be_visible(timeout=PATIENCE)
        talk.shows_the_journal(demo)
        assert talk.trouble == []


def test_a_photo_is_sent_and_shown(visit: Visit, demo: Stack, tmp_path: Path) -> None:
    talk = visit(width=390)
    talk.begin()
    photo = tmp_path / "comprovante.png"
    talk.page.locator("header.top").screenshot(path=photo)
    talk.page.set_input_files("#file", photo)
    picture = talk.page.locator(".row.me img")
    expect(picture).to_be_visible(timeout=PATIENCE)
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 390
    (tmp_path / "vírus.pdf").write_bytes(b"MZ not a PDF")
    talk.page.set_input_files("#file", tmp_path / "vírus.pdf")
    expect(talk.page.locator("#notice")).to_contain_text("fotos")
    talk.shows_the_journal(demo)
    assert [one for one in talk.trouble if "415" not in one] == []


def test_a_page_in_english_says_everything_of_its_own_in_english(visit: Visit) -> None:
    talk = visit(width=1280, locale="en-US")
    assert talk.page.locator("html").get_attribute("lang") == "en"
    expect(talk.page.locator("#start")).to_have_text("Start the conversation")
    with talk.page.expect_request("**/webhooks/webchat/site") as said:
        talk.page.click("#start")
    assert (said.value.post_data_json or {})["language"] == "en-US"
    talk.hears("Como posso ajudar?")
    assert talk.page.inner_text("#protocol").startswith("Protocol ")


STREAM = """
const real = fetch;
const opened = new Promise((go) => {
  window.fetch = (url, options) => !url.endsWith("/events") ? real(url, options) :
    Promise.resolve(new Response(new ReadableStream({ start: go })));
});
window.tell = async (text) => (await opened).enqueue(new TextEncoder().encode(text));
"""
"""Puts a stream in the place of the gateway's, into which the test tells."""


def test_what_a_message_carries_is_shown_and_what_is_typed_comes_after_that(
    context: Callable[..., BrowserContext], demo: Stack
) -> None:
    place = Location(latitude=-27.1, longitude=-52.6, name="Loja Centro", address="Rua das Flores, 120")
    card = ContactCard(name="Financeiro", phones=("+55 (49) 3333-0000",), email="financeiro@example.com")
    said = [
        {"location": {**place.model_dump(), "url": place.link}},
        {"contact_card": {**card.model_dump(mode="json"), "vcard": card.vcard}},
    ]
    told = "".join(_told(seq, data) for seq, data in enumerate(said, 1))
    links = [{"title": "Ver no site", "url": "https://example.com/"}, {"title": "Ligar", "url": "tel:+554933330000"}]
    typed = _told(3, {"text": "Um", "typing": 10}) + _told(4, {"text": "Dois", "links": links})

    page = context(width=390, accept_downloads=True).new_page()
    page.add_init_script(STREAM)
    page.clock.install()
    talk = Talk(page, demo.chat)
    page.evaluate("(text) => tell(text)", told)

    shown, brought = (page.locator(".file").nth(number) for number in range(2))
    expect(shown).to_contain_text("Loja Centro")
    expect(shown).to_contain_text("Rua das Flores, 120")
    assert shown.get_by_role("link", name="Ver no mapa").get_attribute("href") == place.link
    assert brought.get_by_role("link", name="3333-0000").get_attribute("href") == "tel:+554933330000"
    assert brought.get_by_role("link", name="@").get_attribute("href") == "mailto:financeiro@example.com"
    with page.expect_download() as download:
        brought.get_by_role("link", name="Salvar contato").click()
    assert download.value.suggested_filename == "Financeiro.vcf"
    assert Path(download.value.path()).read_bytes().decode() == card.vcard

    page.clock.fast_forward(5_000)
    expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)
    page.evaluate("(text) => tell(text)", typed)
    expect(page.locator("#typing i")).to_have_count(3)
    page.clock.run_for(9_000)
    assert page.locator(".row.bot").count() == len(said)
    page.clock.run_for(1_000)
    expect(page.locator(".row.bot .said")).to_have_text(["Um", "Dois"])
    expect(page.locator("#typing i")).to_have_count(0)
    site, call = (page.get_by_role("link", name=link["title"]) for link in links)
    assert [one.get_attribute("href") for one in (site, call)] == [link["url"] for link in links]
    assert (site.get_attribute("target"), call.get_attribute("target")) == ("_blank", None)
    assert "noopener" in (site.get_attribute("rel") or "")
    assert page.evaluate("Math.min(...[...document.querySelectorAll('.links a')].map((a) => a.offsetHeight))") >= 44

    page.reload()
    page.evaluate("(text) => tell(text)", told + typed)
    expect(page.locator(".row.bot .said")).to_have_text(["Um", "Dois"])
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert talk.trouble == []


def test_the_company_speaks_first(visit: Visit, demo: Stack) -> None:
    session = httpx.post(f"{demo.chat}/sessions", json={"name": "Ana"}, timeout=30).raise_for_status().json()
    command = ("conversation", "open", "--flow", "csat", "--", "site", session["session"])
    demo.prosa(*command)
    talk = visit(demo.link(session["token"])).go_on()
    expect(talk.page.locator(".options button")).to_have_count(5)
    assert "is open: nothing was said" in " ".join(demo.prosa(*command, status=2).split())
    talk.tap("5")
    talk.hears("Quer contar")
    talk.say("não")
    talk.hears("Obrigado")
    talk.shows_the_journal(demo)
    assert talk.trouble == []


def _told(seq: int, data: dict[str, Any]) -> str:
    """Returns what the gateway's stream says of a message."""
    plain: dict[str, Any] = {"at": "2026-11-22T10:00:00+00:00", "protocol": "1", "text": "", "options": [], "links": []}
    plain["files"] = []
    return f"id: c0ffee:{seq}\nevent: message\ndata: {json.dumps({**plain, **data})}\n\n"
