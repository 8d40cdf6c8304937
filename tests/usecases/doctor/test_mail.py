"""What the doctor says of the mail server, tried on a real one."""

from pathlib import Path
from typing import Any

import pytest

from prosa.up.ports import free
from runtime.mail_sections import EmailSection, MailSection
from runtime.settings import Settings
from tests.postbox import HOST, PASSWORD, USER, Trust, postbox
from usecases.doctor import mail
from usecases.doctor.finding import Finding

TEAM = {"team": EmailSection(to=("ana@conecta.example",))}
OPEN = {"host": HOST, "security": "none", "sender": "prosa@conecta.example"}


async def found(folder: Path, **keys: Any) -> Finding:
    [finding] = await mail.look(Settings(data=folder, mail=MailSection.model_validate({**OPEN, **keys}), emails=TEAM))
    assert finding.subject == "mail"
    return finding


async def test_where_nobody_gets_emails_nothing_is_said() -> None:
    assert await mail.look(Settings()) == []


async def test_a_server_that_answers_is_fine_and_gets_nothing(tmp_path: Path) -> None:
    async with postbox() as box:
        assert await found(tmp_path, port=box.port) == Finding(
            "fine", "mail", f"from here 127.0.0.1:{box.port} answers"
        )
    assert box.taken == []


async def test_a_login_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = Trust(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.file))
    (tmp_path / "secrets").mkdir()
    file = tmp_path / "secrets" / "mail"
    async with postbox(trust, login=True) as box:
        keys = {"port": box.port, "security": "starttls", "user": USER, "password": "secret://mail"}
        assert (await found(tmp_path, **keys)).level == "notice"
        file.write_text(PASSWORD, encoding="utf-8")
        assert (await found(tmp_path, **keys)).what.endswith("answers, and takes our login")
        file.write_text("old", encoding="utf-8")
        refused = await found(tmp_path, **keys)
    assert (refused.level, "does not take our login" in refused.what) == ("trouble", True)
    assert "secret://mail is read from" in refused.mend[0]


@pytest.mark.parametrize(
    ("keys", "what", "mend"),
    [
        ({}, "no answer from '127.0.0.1'", "see whether it runs"),
        ({"host": ""}, "mail.host: missing key", "mend prosa.toml"),
        ({"sender": ""}, "mail.sender: missing key", "mend prosa.toml"),
        ({"user": "prosa"}, "expected user and password, or neither", "mend prosa.toml"),
        ({"user": "prosa", "password": "x"}, "expected starttls or tls where there is a password", "mend prosa.toml"),
    ],
)
async def test_what_keeps_emails_from_going_out_is_told(
    tmp_path: Path, keys: dict[str, str], what: str, mend: str
) -> None:
    finding = await found(tmp_path, port=free(), **keys)
    assert (finding.level, what in finding.what, finding.mend[0].startswith(mend)) == ("trouble", True, True)


async def test_tls_that_is_not_offered_is_told(tmp_path: Path) -> None:
    async with postbox() as box:
        finding = await found(tmp_path, port=box.port, security="starttls")
    assert "offers no TLS" in finding.what
    assert "mail.security" in finding.mend[0]
