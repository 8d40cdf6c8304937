from pathlib import Path

import pytest

from domain.errors import SettingsError
from usecases.settings import load

WRONG = """
[gateway]
prot = 1
[accounts.site]
channel = "webchat"
flow = "main"
session_hour = 2
[accounts.phone]
channel = "telephon"
flow = "main"
[connections.billing]
erp = "demo"
url = "http://x"
tokn = "t"
[[accounts.form.entries]]
flw = "main"
"""


def mistakes(tmp_path: Path, content: str) -> list[str]:
    file = tmp_path / "mine.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(file)
    return [line.removeprefix(f"{file}: ") for line in str(refused.value).splitlines()]


def test_mistakes_of_settings_channels_and_erps_are_told_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    said = mistakes(tmp_path, WRONG)

    for sentence in (
        "gateway.prot: unknown key, did you mean 'port'?",
        "accounts.site.session_hour: unknown key, did you mean 'session_hours'?",
        "accounts.phone.channel: 'telephon' is not one of the channels: ",
        "connections.billing.token: missing key",
        "connections.billing.tokn: unknown key, did you mean 'token'?",
        "accounts.form.entries.1.flw: unknown key, did you mean 'flow'?",
    ):
        assert any(line.startswith(sentence) for line in said), (sentence, said)


def test_a_mistyped_key_that_prosa_reads_of_an_account_is_told_with_it(tmp_path: Path) -> None:
    said = mistakes(tmp_path, '[accounts.site]\nchannel = "webchat"\nflw = "main"')
    assert [line.partition(" (or")[0] for line in said] == [
        "accounts.site.flow: missing key",
        "accounts.site.flw: unknown key, did you mean 'flow'?",
    ]


def test_all_names_that_no_table_has_are_told_at_once(tmp_path: Path) -> None:
    queues = '[queues.support]\ncalendar = "nights"\nwebhook = "team"\n'
    said = mistakes(tmp_path, queues + '[schedules.s]\naccount = "x"\nflow = "f"\ncontacts = "c"\ncron = "0 9 * * 1"')
    assert said == [
        "queues.support.calendar: expected one of main; found 'nights'",
        "queues.support.webhook: expected one of none; found 'team'",
        "schedules.s.account: expected one of none; found 'x'",
    ]


def test_a_key_of_a_channel_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_ACCOUNTS__SITE__SESSION_HOURS", "3")
    file = tmp_path / "mine.toml"
    file.write_text('[accounts.site]\nchannel = "webchat"\nflow = "main"', encoding="utf-8")
    assert load(file).accounts["site"].options["session_hours"] in {3, "3"}
