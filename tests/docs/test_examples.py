"""What the pages show is so: settings load, flows pass the check, signatures fit, marks are in the picture."""

import json
import re
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from channels.base import Tools, Webhook, WebhookRequest, open_channels
from channels.webchat import Webchat
from erps.base import ErpTools, open_erps
from flows.cards import cards
from gateway.webchat import page as chat_page
from runtime import settings
from runtime.calendars import Calendars
from runtime.failpoints import NAMES
from runtime.http import client
from runtime.sections import FlowsSection
from runtime.settings import Settings
from stories.reader import read_stories
from tests.channels.contract import Wire, outgoing
from tests.docs.pages import DOCS, HOW_TO, blocks, each_page, prose
from usecases import checking

SECRET: Final = "whsec_" + "QUJD" * 8
ELSEWHERE: Final = """
[accounts.whatsapp]
channel = "webchat"
flow = "atendimento"

[templates.proposal_follow_up]
text = "Oi! Ainda quer o plano?"
"""
"""What schedules name that another block, or another page, declares."""


def load(block: str, folder: Path) -> Settings:
    """Return the settings, taken by the channels and ERPs that they name."""
    file = folder / "prosa.toml"
    file.write_text(f"{block}\n{ELSEWHERE}" if "[schedules." in block else block, encoding="utf-8")
    loaded = settings.load(file)
    http = client()
    open_channels(loaded.accounts, Tools(http=http, key=b"k" * 32, secret=str))
    open_erps(loaded.connections, ErpTools(http=http, secret=str))
    Calendars(loaded)
    return loaded


@each_page
def test_every_block_of_settings_loads(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "toml"):
        load(block, tmp_path)


@each_page
def test_every_flow_passes_the_check_with_the_settings_of_its_page(page: Path, tmp_path: Path) -> None:
    said = next(iter(blocks(page, "toml")), "")
    configured = load(said, tmp_path).model_copy(update={"flows": FlowsSection(directory=str(tmp_path))})
    for number, block in enumerate(blocks(page, "yaml")):
        if block.startswith("spec:"):
            file = tmp_path / f"{number}.yaml"
            file.write_text(block, encoding="utf-8")
            (checked,) = checking.check(configured, [file])
            assert (checked.unreadable, [str(one) for one in checked.findings]) == ("", [])


@each_page
def test_every_story_can_be_read(page: Path) -> None:
    for block in blocks(page, "yaml"):
        if "\ntalk:" in block or "\nstories:" in block:
            read_stories(block, page.name)


@each_page
def test_every_card_alone_can_be_read(page: Path) -> None:
    for block in blocks(page, "yaml"):
        written: Any = yaml.safe_load(block)
        for one in written if isinstance(written, list) else [written]:  # pyright: ignore[reportUnknownVariableType]
            if "card" in one:
                cards[str(one["card"])].model_validate(one)  # pyright: ignore[reportUnknownArgumentType]


def test_the_line_that_puts_the_chat_on_a_site_is_the_loader_s(tmp_path: Path) -> None:
    how = HOW_TO / "web-chat.md"
    loaded = load(blocks(how, "toml")[0], tmp_path)
    (line,) = blocks(how, "html")
    found = re.fullmatch(r'<script src="(?P<base>https://[^/"]+)(?P<path>/[^"]+)" async></script>\n', line)
    assert found is not None
    assert found["base"] == loaded.gateway.public_url
    channels = open_channels(loaded.accounts, Tools(http=client(), key=b"k" * 32, secret=str))
    assert isinstance(channels["site"], Webchat)
    routes = [route.path.replace("{account}", "site") for route in chat_page.Pages(channels, "").routes()]
    assert found["path"] in routes
    loader = (chat_page.FOLDER / "widget.js").read_text("utf-8")
    attributes = set(re.findall(r"data-(\w+)", prose(how)))
    read = re.search(r"const \{ ([\w, ]+) \} = script\.dataset", loader)
    assert read is not None
    assert attributes == set(read[1].split(", "))


def signing() -> Any:
    """Return the functions of the page about the channel `http`."""
    names: dict[str, Any] = {}
    (code,) = blocks(HOW_TO / "http-channel.md", "python")
    exec(compile(code, "http-channel.md", "exec"), names)
    return names


async def test_what_the_page_signs_we_take_and_what_we_sign_it_takes(tmp_path: Path) -> None:
    how = HOW_TO / "http-channel.md"
    code = signing()
    wire = Wire(httpx.Response(200, json={"id": "push-900"}))
    accounts = load(blocks(how, "toml")[0], tmp_path).accounts
    channel = open_channels(accounts, Tools(http=wire.client, key=b"k" * 32, secret=lambda _: SECRET))["app"]
    message, said, report = blocks(how, "json")

    def read(written: str) -> Webhook:
        body = written.encode()
        headers: dict[str, str] = code["sign"](SECRET, "wh_1", body)
        return channel.parse(WebhookRequest(method="POST", headers=headers, query={}, body=body))

    assert [(one.address, one.text) for one in read(message).messages] == [("user-77", "oi")]
    assert [(one.external_id, one.state) for one in read(report).reports] == [("push-900", "delivered")]

    receipt = await channel.send(outgoing())
    (sent,) = wire.requests
    assert receipt.external_id == "push-900"
    assert code["genuine"](SECRET, sent.headers, sent.content)
    assert not code["genuine"](SECRET, sent.headers, sent.content + b" ")
    assert json.loads(sent.content).keys() == json.loads(said).keys()
    assert sent.headers["webhook-id"] == json.loads(sent.content)["id"]


def test_each_mark_and_step_of_the_picture_is_on_the_page_of_the_guarantees() -> None:
    page = prose(DOCS / "guarantees.md")
    picture = (DOCS / "img" / "one-turn.svg").read_text("utf-8")
    for name in NAMES:
        assert f"| `{name}`" in page, name
        assert f">{name}</text>" in picture, name
    steps = [int(number) for number in re.findall(r'class="number"[^>]*>(\d+)<', picture)]
    assert steps == list(range(1, len(steps) + 1))
    assert {int(number) for number in re.findall(r"\((?:in |after )?(\d+)\)", page)} <= set(steps)
