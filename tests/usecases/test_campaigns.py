"""Lists of contacts, and the conversations that are opened with them."""

from pathlib import Path
from typing import Any

import pytest

from domain.campaign import SendCampaign
from domain.errors import AuthorError, UnknownNameError
from flows.flow import Variable
from journal.database import Database
from runtime.settings import Settings
from tests.console.published import publish
from tests.gateway.fakes import ACCOUNTS, KEY
from usecases import campaigns, contact_lists
from usecases.contact_lists import Line, Refused
from usecases.opening import OpenRequest

FLOW: dict[str, Any] = {
    "spec": 1,
    "flow": "renewal",
    "variables": {"plan": {"type": "text", "input": True}, "months": {"type": "number", "input": True}},
    "cards": [{"id": "wait", "card": "await_interaction", "timeout": "2d", "exits": {"no_answer": "end"}}],
}
KNOWN = {name: Variable.model_validate(one) for name, one in FLOW["variables"].items()}
TEMPLATES = {"renewal": {"text": "Oi, {{ name }}! O plano {{ plan }} vence."}}
WANTED = OpenRequest(account="front", address="", flow="renewal", template="renewal")
LIST = "address;name;plan;months\n5549;Ana;Fibra 600;12\n\n5548; Bia ;Fibra 300;\n"


def settings(**sections: Any) -> Settings:
    return Settings.model_validate({"accounts": ACCOUNTS, "templates": TEMPLATES, **sections})


def read(tmp_path: Path, text: str | bytes, **changes: Any) -> tuple[list[Line], list[Refused]]:
    file = tmp_path / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return contact_lists.read(file, settings(), WANTED.model_copy(update=changes), KNOWN)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_columns_are_inputs_and_parameters_by_name(tmp_path: Path, separator: str) -> None:
    lines, refused = read(tmp_path, "\ufeff" + LIST.replace(";", separator))
    assert refused == []
    assert [line.number for line in lines] == [2, 4]
    ana, bia = (line.asked for line in lines)
    assert (ana.request.name, ana.request.inputs) == ("Ana", {"plan": "Fibra 600", "months": 12})
    assert ana.message is not None
    assert ana.message.text == "Oi, Ana! O plano Fibra 600 vence."
    assert (bia.request.address, bia.request.name, bia.request.inputs) == ("5548", "Bia", {"plan": "Fibra 300"})


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("5549;Ana;F;1", "'5549' is in line 2 already"),
        (";Ana;F;1", "expected an address, found none"),
        ("1;Ana;F;many", "input 'months': expected number, found 'many' (not_a_number)"),
        ("1;Ana;F;1 ou 2", "input 'months': expected number, found '1 ou 2' (ambiguous)"),
        ("5,54999E+12;Ana;F;1", "address: expected what was typed, found '5,54999E+12'"),
        ("1;Ana;=A1;1", "input 'plan': expected what was typed, found '=A1'"),
        ("1;;F;1", "parameter 'name' is empty"),
        ("1;Ana;F", "expected 4 columns, found 3"),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_says_why(tmp_path: Path, row: str, why: str) -> None:
    lines, [refused] = read(tmp_path, f"{LIST}{row}\n")
    assert len(lines) == 2
    assert refused.number == 5
    assert why in refused.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expected a first line that names the columns"),
        ("phone,name\n1,Ana\n", "expected a first line that names the columns"),
        ('address,name\n1,"Ana\n', "expected CSV"),
        ("address,name\n1,José\n".encode("latin-1"), "expected UTF-8"),
        ("address,name\n1,Jos\0\n", "line 2: expected UTF-8 .* found a NUL"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_error(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(AuthorError, match=why):
        read(tmp_path, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    table = "address,names,name,name,plan\n1,,Ana,Ana,F\n1,,Ana,Ana,F\n,,Ana,Ana,F\n"
    _, refused = read(tmp_path, table)
    assert [number for number, _ in refused] == [1, 1, 3, 4]
    assert "column 'names': expected" in refused[0].why
    assert "did you mean 'name'?" in refused[0].why
    assert [why for _, why in refused[1:]] == [
        "column 'name' is there twice",
        "'1' is in line 2 already",
        "expected an address, found none",
    ]


def test_only_what_a_flow_takes_is_suggested(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("address,plans\n1,F\n", encoding="utf-8")
    for asked, suggested in ((True, "did you mean 'plan'?"), (False, "there are address, name")):
        known = {"plan": Variable.model_validate({"type": "text", "input": asked})}
        [refused] = contact_lists.read(file, settings(), WANTED.model_copy(update={"template": None}), known)[1]
        assert refused.why.endswith(suggested)


def test_a_table_that_is_not_there_says_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AuthorError, match=str(tmp_path / "gone.csv")):
        contact_lists.read(Path("gone.csv"), settings(), WANTED, KNOWN)


def test_a_campaign_has_a_key_for_each_contact_and_a_pace() -> None:
    keys = {campaigns.key(name, address) for name in ("a", "b") for address in ("1", "2")}
    assert len(keys) == 4
    assert campaigns.pause("30/min").total_seconds() == 2
    assert campaigns.pause("5/s").total_seconds() == 0.2
    for wrong in ("30", "0/s", "1/d"):
        with pytest.raises(AuthorError):
            campaigns.check_rate(wrong)


@pytest.fixture
async def published(database: Database) -> Database:
    await publish(database, FLOW)
    return database


def scheduled(tmp_path: Path, text: str, **changes: Any) -> Settings:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    section = {"account": "front", "flow": "renewal", "template": "renewal", "cron": "0 9 * * 1", "rate": "1000/s"}
    return settings(schedules={"weekly": {**section, "contacts": str(tmp_path / "list.csv"), **changes}})


async def test_a_run_of_a_schedule_opens_each_once_however_often_it_is_tried(
    tmp_path: Path, published: Database
) -> None:
    schedules = campaigns.Schedules(published, scheduled(tmp_path, LIST), KEY)
    first = await schedules.send(SendCampaign(schedule="weekly", key="run-1"))
    again = await schedules.send(SendCampaign(schedule="weekly", key="run-1"))
    later = await schedules.send(SendCampaign(schedule="weekly", key="run-2"))
    assert (first.opened, first.already_open) == (2, 0)
    assert again == first
    assert (later.opened, later.already_open) == (0, 2)


async def test_a_list_with_a_wrong_line_opens_nothing(tmp_path: Path, published: Database) -> None:
    schedules = campaigns.Schedules(published, scheduled(tmp_path, f"{LIST}1;Ana;F;many\n"), KEY)
    with pytest.raises(AuthorError, match=r"1 lines are not right: line 5: input 'months'"):
        await schedules.send(SendCampaign(schedule="weekly", key="run-1"))
    mended = campaigns.Schedules(published, scheduled(tmp_path, LIST), KEY)
    assert (await mended.send(SendCampaign(schedule="weekly", key="run-1"))).opened == 2


async def test_a_schedule_that_is_gone_says_so(published: Database) -> None:
    with pytest.raises(UnknownNameError, match="no schedule 'weekly'"):
        await campaigns.Schedules(published, settings(), KEY).send(SendCampaign(schedule="weekly", key="run-1"))
