import json
from pathlib import Path

import pytest

from tests.prosa.conftest import COLOR, HELLO, Prosa


@pytest.fixture(autouse=True)
def database(prosa: Prosa) -> None:
    assert prosa("db", "upgrade").exit_code == 0


def test_flows_are_published_called_ones_first(prosa: Prosa) -> None:
    done = prosa("flow", "publish", "--all")
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first.startswith("✔ color 1 (")
    assert second.startswith("✔ hello 1 (")
    again = prosa("flow", "publish", "--all").stdout.splitlines()
    assert [line.partition(") ")[2] for line in again] == ["is current already"] * 2


def test_a_called_flow_that_was_never_published_is_published_too(prosa: Prosa) -> None:
    done = prosa("flow", "publish", "hello")
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["color", "hello"]


def test_a_change_is_a_new_version_and_rollback_takes_it_back(prosa: Prosa, folder: Path) -> None:
    prosa("flow", "publish", "--all")
    (folder / "flows" / "color.yaml").write_text(COLOR.replace("Cor?", "Qual cor?"), encoding="utf-8")
    done = prosa("flow", "publish", "color")
    assert "color 2 (" in done.stdout
    assert "hello goes on calling color 1: `prosa flow publish hello`" in done.stdout
    assert current(prosa) == {"color": 2, "hello": 1}
    assert "color is 1 (" in prosa("flow", "rollback", "color").stdout
    assert current(prosa) == {"color": 1, "hello": 1}
    assert prosa("flow", "rollback", "color", "--to", "2").exit_code == 0
    assert current(prosa) == {"color": 2, "hello": 1}
    prosa("flow", "publish", "hello")
    assert current(prosa) == {"color": 2, "hello": 2}
    (folder / "flows" / "color.yaml").write_text(COLOR, encoding="utf-8")
    assert prosa("flow", "publish", "--all").stdout.count("is current again") == 2
    assert current(prosa) == {"color": 1, "hello": 1}


def test_rollback_without_an_older_version_or_flow_is_refused(prosa: Prosa) -> None:
    prosa("flow", "publish", "--all")
    for arguments in (["color"], ["color", "--to", "7"], ["nothing"]):
        done = prosa("flow", "rollback", *arguments)
        assert done.exit_code == 2
        assert arguments[0] in done.stderr


def test_versions_have_one_that_is_current(prosa: Prosa) -> None:
    assert "nothing was published yet" in prosa("flow", "versions").stdout
    prosa("flow", "publish", "--all")
    shown = prosa("flow", "versions", "color").stdout
    assert "●  color" in shown
    assert "hello" not in shown


def test_mistakes_are_found_and_nothing_is_published(prosa: Prosa, folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text(HELLO.replace("flow: color", "flow: colour"), encoding="utf-8")
    done = prosa("flow", "publish", "--all")
    assert done.exit_code == 1
    assert "P301" in done.stdout
    assert "nothing was published" in done.stdout
    assert current(prosa) == {}


def test_check_names_file_line_code_and_remedy(prosa: Prosa, folder: Path) -> None:
    good = prosa("flow", "check")
    assert (good.exit_code, good.stdout.count("✔")) == (0, 2)
    (folder / "flows" / "hello.yaml").write_text(HELLO.replace("flow: color", "flow: colour"), encoding="utf-8")
    done = prosa("flow", "check", "--format", "json")
    assert done.exit_code == 1
    [color, hello] = json.loads(done.stdout)
    assert (color["flow"], color["findings"]) == ("color", [])
    [finding] = hello["findings"]
    assert (finding["code"], finding["line"], finding["severity"]) == ("P301", 7, "error")
    assert "line 7" in prosa("flow", "check").stdout


def test_check_knows_the_operations_of_the_connections(prosa: Prosa, folder: Path) -> None:
    card = "  - {id: call, card: erp_call, connection: billing, operation: find_custmer, exits: {failed: end}}\n"
    (folder / "flows" / "hello.yaml").write_text(HELLO + card, encoding="utf-8")
    assert "P304" in prosa("flow", "check", "hello").stdout


def test_check_reads_the_lists_of_schedules_that_are_still_to_come(prosa: Prosa, folder: Path) -> None:
    settings = folder / "prosa.toml"
    written = settings.read_text(encoding="utf-8")

    def said(time: str) -> str:
        section = f'[schedules.s]\naccount = "site"\nflow = "color"\ncontacts = "list.csv"\n{time}\n'
        settings.write_text(f"{written}\n{section}", encoding="utf-8")
        done = prosa("flow", "check")
        assert done.exit_code == 0
        return " ".join(done.stdout.split())

    assert "P314 schedules.s.contacts: " in said('cron = "0 9 * * 1"')
    assert "P314" not in said("at = 2026-01-01T09:00:00")
    (folder / "list.csv").write_text("address,chosn\n,azul\n", encoding="utf-8")
    assert "2 lines are not right: line 1: column 'chosn'" in said("at = 2099-01-01T09:00:00-03:00")
    (folder / "list.csv").write_text("address,chosen\nana,azul\n", encoding="utf-8")
    assert "P314" not in said('cron = "0 9 * * 1"')


def test_check_knows_what_the_settings_offer_to_flows_and_which_flows_they_name(prosa: Prosa, folder: Path) -> None:
    calls = (
        "  - {id: get, card: http_request, url: https://x.example/v1, exits: {failed: end}}\n"
        "  - {id: tell, card: webhook, to: crm, event: left}\n"
    )
    (folder / "flows" / "hello.yaml").write_text(HELLO + calls, encoding="utf-8")
    settings = folder / "prosa.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(f'{written}\n[keywords]\nmenu = "flow:helo"\n', encoding="utf-8")
    done = prosa("flow", "check", "--format", "json")
    found = {one["file"].rpartition("/")[2]: [f["code"] for f in one["findings"]] for one in json.loads(done.stdout)}
    assert found["prosa.toml"] == ["P309"]
    assert "line -" not in prosa("flow", "check").stdout
    assert found["hello.yaml"] == ["P106", "P106", "P308", "P303"]
    assert "P308" in prosa("flow", "publish", "hello").stdout
    offers = '[hosts.x]\nhost = "x.example"\n[webhooks.crm]\nurl = "https://crm.example"\nsecret = "s"\n'
    settings.write_text(written + offers, encoding="utf-8")
    assert prosa("flow", "check").exit_code == 0


def test_a_file_that_cannot_be_read_is_an_error_of_check(prosa: Prosa, folder: Path) -> None:
    (folder / "flows" / "hello.yaml").write_text("spec: 1\nflow: hello\ncards: [\n", encoding="utf-8")
    done = prosa("flow", "check")
    assert done.exit_code == 1
    assert "hello.yaml:4: not readable as YAML" in done.stdout
    (folder / "flows" / "hello.yaml").write_bytes(b"\xff")
    assert "expected text in UTF-8" in prosa("flow", "check").stdout


def test_two_files_with_one_flow_are_refused(prosa: Prosa, folder: Path) -> None:
    (folder / "flows" / "other.yaml").write_text(COLOR, encoding="utf-8")
    done = prosa("flow", "publish", "--all")
    assert done.exit_code == 2
    assert "flow 'color' is also in" in done.stderr


def test_flows_that_call_each_other_can_be_published(prosa: Prosa, folder: Path) -> None:
    back = COLOR.replace("no_answer: end", 'no_answer: "flow:hello"')
    (folder / "flows" / "color.yaml").write_text(back, encoding="utf-8")
    assert prosa("flow", "publish", "--all").exit_code == 0
    before = versions(prosa)
    assert prosa("flow", "publish", "hello").exit_code == 0
    assert versions(prosa) == before


def test_what_is_neither_file_nor_flow_is_named(prosa: Prosa) -> None:
    done = prosa("flow", "publish", "nothing")
    assert done.exit_code == 2
    assert "'nothing': expected a file" in done.stderr
    assert prosa("flow", "publish").exit_code == 2


def test_the_schema_is_json(prosa: Prosa) -> None:
    assert json.loads(prosa("flow", "schema").stdout)["properties"]["cards"]


def versions(prosa: Prosa) -> list[dict[str, object]]:
    return json.loads(prosa("flow", "versions", "--format", "json").stdout)


def current(prosa: Prosa) -> dict[object, object]:
    return {row["name"]: row["number"] for row in versions(prosa) if row["current"]}
