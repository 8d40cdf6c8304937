import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.base import Tools, open_channels
from domain.conversation import KeywordDefaults
from domain.errors import SettingsError
from erps.base import ErpTools, open_erps
from runtime.http import client
from runtime.sections import Account, Connection
from runtime.settings import Settings, load

BILLING = '[connections.billing]\nerp = "demo"\nurl = "http://127.0.0.1:8090"\ntoken = "secret://demo"\n'


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, so that no prosa.toml is found by itself."""
    monkeypatch.chdir(tmp_path)


def written(content: str | bytes, name: str = "mine.toml") -> Path:
    file = Path(name)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def refused(content: str | bytes) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(written(content))
    return str(refusal.value)


def test_without_file_and_environment_everything_has_a_default() -> None:
    settings = load()
    assert settings == Settings()
    assert (settings.gateway.host, settings.gateway.port) == ("127.0.0.1", 8080)
    assert settings.temporal_address == "127.0.0.1:7233"
    assert settings.accounts == {}


def test_the_file_in_the_working_directory_is_read_by_itself() -> None:
    written("[gateway]\nport = 9000", "prosa.toml")
    assert load().gateway.port == 9000


def test_a_database_that_is_not_named_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert load(written('data = "here"')).database_url == f"sqlite:///{tmp_path}/here/prosa.db"
    assert load(written('[database]\nurl = "postgresql://db"')).database_url == "postgresql://db"


def test_a_temporal_that_is_named_is_the_one_that_is_used() -> None:
    assert load(written('[temporal]\naddress = "temporal:7233"')).temporal_address == "temporal:7233"


def test_flows_know_the_company() -> None:
    company = load(written('[company]\nname = "Conecta"\nzone = "America/Manaus"')).company_facts
    assert (company.name, company.zone) == ("Conecta", "America/Manaus")


def test_the_keys_of_a_plug_in_are_kept_for_it() -> None:
    settings = load(written(BILLING + '[accounts.site]\nchannel = "webchat"\nflow = "main"\nsession_hours = 2'))
    assert settings.connections["billing"].options == {"url": "http://127.0.0.1:8090", "token": "secret://demo"}
    assert settings.accounts["site"].options == {"session_hours": 2}


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            "[gateway]\nprot = 1",
            [
                (
                    "mine.toml: gateway.prot: unknown key, did you mean 'port'?"
                    " (or PROSA_GATEWAY__PROT in the environment)"
                )
            ],
        ),
        (
            "[gatway]\nport = 1",
            [("mine.toml: gatway: unknown key, did you mean 'gateway'? (or PROSA_GATWAY in the environment)")],
        ),
        ("_env_file = 'x'", ["mine.toml: _env_file: unknown key"]),
        (
            "[gateway]\nport = 'many'\nhost = 3",
            [
                (
                    "mine.toml: gateway.host: expected a valid string, found a number"
                    " (or PROSA_GATEWAY__HOST in the environment)"
                ),
                (
                    "mine.toml: gateway.port: expected a valid integer, unable to parse string as an integer,"
                    " found 'many' (or PROSA_GATEWAY__PORT in the environment)"
                ),
            ],
        ),
        (
            "[gateway]\nport = 65536",
            [
                (
                    "mine.toml: gateway.port: expected less than or equal to 65535, found 65536"
                    " (or PROSA_GATEWAY__PORT in the environment)"
                )
            ],
        ),
        (
            "[log]\nlevel = 'debug'",
            [
                (
                    "mine.toml: log.level: expected 'DEBUG', 'INFO', 'WARNING' or 'ERROR', found 'debug'"
                    " (or PROSA_LOG__LEVEL in the environment)"
                )
            ],
        ),
        (
            "[templates.due]\ntext = 'Vence em {{ 2 }}'",
            [
                (
                    "mine.toml: templates.due.text: expected places that all have names, or the numbers 1"
                    " to 1, found ['2'], found 'Vence em {{ 2 }}' (or PROSA_TEMPLATES__DUE__TEXT in the environment)"
                )
            ],
        ),
        ("gateway = 8080", ["mine.toml: gateway: expected a table, found 8080 (or PROSA_GATEWAY in the environment)"]),
        ("accounts = 1", ["mine.toml: accounts: expected a table, found 1 (or PROSA_ACCOUNTS in the environment)"]),
        (
            "[accounts.site]\nflow = 'main'",
            ["mine.toml: accounts.site.channel: missing key (or PROSA_ACCOUNTS__SITE__CHANNEL in the environment)"],
        ),
        (
            "[connections.billing]\nurl = 'http://x'",
            ["mine.toml: connections.billing.erp: missing key (or PROSA_CONNECTIONS__BILLING__ERP in the environment)"],
        ),
    ],
)
def test_a_mistake_is_told_with_file_key_what_was_expected_and_what_was_found(
    content: str, sentences: list[str]
) -> None:
    assert refused(content).split("\n") == sentences


def test_a_file_that_is_not_toml_is_named_with_the_place() -> None:
    assert re.match(r"mine\.toml: expected TOML in UTF-8: .*line 2", refused("[gateway]\nport = = 1"))


def test_a_file_that_is_not_utf_8_is_named() -> None:
    assert refused("nome = 'não'".encode("latin-1")).startswith("mine.toml: expected TOML in UTF-8: ")


def test_a_file_that_was_asked_for_and_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^none\.toml: no such file"):
        load(Path("none.toml"))


def test_a_folder_is_not_taken_for_a_file() -> None:
    Path("prosa.toml").mkdir()
    with pytest.raises(SettingsError, match=r"^prosa\.toml: expected a file that can be read, found: "):
        load()


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_GATEWAY__PORT", "9001")
    monkeypatch.setenv("PROSA_DATA", "/srv/prosa")
    settings = load(written('data = "here"\n[gateway]\nport = 9000\nhost = "0.0.0.0"'))
    assert (settings.gateway.port, settings.gateway.host) == (9001, "0.0.0.0")
    assert settings.data == Path("/srv/prosa")


def test_the_environment_changes_one_key_of_a_connection_and_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROSA_CONNECTIONS__BILLING__URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PROSA_CONNECTIONS__BILLING__MAX_CONCURRENT", "2")
    (connection,) = load(written(BILLING)).connections.values()
    assert connection == Connection.model_validate(
        {"erp": "demo", "max_concurrent": 2, "url": "http://127.0.0.1:9", "token": "secret://demo"}
    )


def test_the_environment_alone_can_configure_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_ACCOUNTS__SITE__CHANNEL", "webchat")
    monkeypatch.setenv("PROSA_ACCOUNTS__SITE__FLOW", "main")
    assert load().accounts == {"site": Account(channel="webchat", flow="main")}


def test_a_mistake_in_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_GATEWAY__PORT", "many")
    with pytest.raises(SettingsError, match=r"gateway\.port: .*found 'many' \(or PROSA_GATEWAY__PORT in"):
        load()


def test_a_section_squeezed_into_one_variable_is_told_how_to_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_GATEWAY", "port=9000")
    with pytest.raises(SettingsError, match=r"^environment: .*\"gateway\".*PROSA_SECTION__KEY$"):
        load()


def test_secrets_and_failpoints_in_the_environment_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_SECRET_DEMO", "x")
    monkeypatch.setenv("PROSA_FAILPOINTS", "after_ack@1")
    assert load() == Settings()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"channel": "webchat", "colour": "blue"}, r"accounts\.site\.colour: unknown key"),
        ({"channel": "webchat", "session_hours": "x"}, r"accounts\.site\.session_hours: expected a valid number"),
        ({"channel": "http"}, r"accounts\.site\.url: missing key"),
        ({"channel": "carrier_pigeon"}, r"accounts\.site\.channel: 'carrier_pigeon' is not one of the channels: http"),
    ],
)
def test_an_account_that_its_channel_does_not_understand_is_refused_by_name(
    options: dict[str, Any], sentence: str
) -> None:
    account = Account.model_validate({"flow": "main"} | options)
    with pytest.raises(SettingsError, match=sentence):
        open_channels({"site": account}, Tools(http=client(), key=b"k", secret=str))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"erp": "demo", "url": "http://x", "token": "t", "colour": 1}, r"connections\.billing\.colour: unknown key"),
        ({"erp": "demo", "url": "http://x"}, r"connections\.billing\.token: missing key"),
        ({"erp": "demo", "url": "ftp://x", "token": "t"}, r"connections\.billing\.url: .*found 'ftp://x'"),
        ({"erp": "abacus"}, r"connections\.billing\.erp: 'abacus' is not one of the ERPs: demo"),
    ],
)
def test_a_connection_that_its_erp_does_not_understand_is_refused_by_name(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        open_erps({"billing": Connection.model_validate(options)}, ErpTools(http=client(), secret=str))


def test_keywords_lead_to_flows_for_conversations_that_begin() -> None:
    path = written('[keywords]\nmenu = "flow:main"\noff = ["repeat"]')
    assert load(path).keyword_defaults == KeywordDefaults(targets={"menu": "flow:main"}, off=("repeat",))
    assert "keywords.menu" in refused('[keywords]\nmenu = "main"')


def test_silence_is_written_as_in_flows() -> None:
    path = written('[silence]\ntimeout = "30m"\nreminders = [{ after = "5m", text = "Oi?" }]')
    assert load(path).silence.timeout == timedelta(minutes=30)
    assert "silence.timeout: " in refused('[silence]\ntimeout = "30"')


@pytest.mark.parametrize(
    ("temporal", "sentence"),
    [
        ({"address": "https://cloud.example:7233"}, "temporal.address: expected host:port, found 'https"),
        ({"address": "cloud.example"}, "temporal.address: expected host:port, found 'cloud.example'"),
        ({"address": "c:1", "tls": True, "tls_key": "secret://k"}, "expected tls_certificate and tls_key, or neither"),
        ({"address": "c:1", "api_key": "canary"}, "temporal: expected tls = true where there is api_key"),
        ({"tls": True}, "temporal: expected an address where tls = true"),
    ],
)
def test_keys_of_temporal_that_do_not_go_together_are_told_without_what_is_secret(
    temporal: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    lines = [f"{key} = {str(value).lower() if value is True else repr(value)}" for key, value in temporal.items()]
    file = tmp_path / "prosa.toml"
    file.write_text("\n".join(["[temporal]", *lines]), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(file)
    assert sentence in str(refused.value)
    assert "canary" not in str(refused.value)


def test_who_sends_codes_is_an_account_and_a_template_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "prosa.toml"
    file.write_text('[identity]\naccount = "phone"\ntemplate = "code"', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(file)
    assert "identity.account: expected one of none; found 'phone'" in str(refused.value)
    assert "identity.template: expected one of none; found 'code'" in str(refused.value)
    accounts = '[accounts.phone]\nchannel = "http"\nflow = "main"\n[templates.code]\ntext = "Seu código: {{ 1 }}"\n'
    file.write_text(f'{accounts}[identity]\naccount = "phone"\ntemplate = "code"', encoding="utf-8")
    assert load(file).code_sender.account == "phone"
