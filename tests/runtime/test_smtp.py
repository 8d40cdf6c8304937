"""Handing e-mails in: what is taken, refused, or to be tried again, at a real server."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from domain.errors import (
    EmailRefusedError,
    EmailUnavailableError,
    ProsaError,
)
from prosa.up.ports import free
from runtime.mail_sections import MailSection
from runtime.smtp import MailServer
from tests.postbox import HOST, PASSWORD, USER, Trust, postbox

ANA, BIA = "ana@conecta.example", "bia@conecta.example"
OPEN = MailSection(host=HOST, security="none", sender="prosa@conecta.example")


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return Trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def trusted(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> Trust:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.file))
    return trust


def server(port: int, **keys: Any) -> MailServer:
    return MailServer(OPEN.model_copy(update={"port": port, **keys}), lambda name: name.removeprefix("secret://"))


def email(*to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = OPEN.sender, ", ".join(to), "Olá"
    message.set_content(".\nação")
    return message


async def test_an_email_comes_as_it_was_written() -> None:
    async with postbox() as box:
        assert await server(box.port).send(email(ANA, BIA)) == 0
    [(to, message)] = box.taken
    assert (to, message["Subject"], message.get_content().splitlines()) == ([ANA, BIA], "Olá", [".", "ação"])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_goes_by_tls_and_with_a_login(trusted: Trust, security: str) -> None:
    async with postbox(trusted, tls=security == "tls", login=True) as box:
        secret = f"secret://{PASSWORD}"
        await server(box.port, security=security, user=USER, password=secret).send(email(ANA))
        assert box.logins == [USER]
        assert len(box.taken) == 1


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({ANA: "450 4.2.0 greylisted"}, EmailUnavailableError),
        ({ANA: "550 5.1.1 no such user"}, EmailRefusedError),
        ({ANA: "550 no", BIA: "451 later"}, EmailUnavailableError),
    ],
)
async def test_when_nobody_takes_it_only_later_is_tried_again(answers: dict[str, str], error: type[ProsaError]) -> None:
    async with postbox() as box:
        box.answers = answers
        with pytest.raises(error) as raised:
            await server(box.port).send(email(*answers))
    assert raised.value.retryable == (error is EmailUnavailableError)
    assert not any(address in str(raised.value) for address in answers)
    assert box.taken == []


async def test_who_takes_it_does_not_get_it_again_for_who_does_not() -> None:
    async with postbox() as box:
        box.answers = {BIA: "450 later"}
        assert await server(box.port).send(email(ANA, BIA)) == 1
    assert [to for to, _ in box.taken] == [[ANA]]


@pytest.mark.parametrize(
    ("verdict", "error"),
    [("451 later", EmailUnavailableError), ("554 spam", EmailRefusedError), ("", EmailUnavailableError)],
)
async def test_what_is_answered_to_the_letter_counts(verdict: str, error: type[ProsaError]) -> None:
    async with postbox() as box:
        box.verdict = verdict
        with pytest.raises(error):
            await server(box.port).send(email(ANA))


async def test_nothing_is_sent_without_the_tls_that_is_demanded(trusted: Trust) -> None:
    async with postbox() as box:
        with pytest.raises(EmailRefusedError, match="nothing was sent"):
            await server(box.port, security="starttls", user=USER, password=PASSWORD).send(email(ANA))
    assert (box.taken, box.logins) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_knows_is_refused(trust: Trust, security: str) -> None:
    async with postbox(trust, tls=security == "tls") as box:
        with pytest.raises(EmailRefusedError, match="not to be trusted"):
            await server(box.port, security=security).send(email(ANA))
    assert box.taken == []


async def test_a_login_that_is_refused_is_told_from_one_that_is_missing(trusted: Trust) -> None:
    async with postbox(trusted, login=True) as box:
        with pytest.raises(EmailRefusedError, match="535: it does not take our login"):
            await server(box.port, security="starttls", user=USER, password="old").probe()
        with pytest.raises(EmailRefusedError, match="wants a login"):
            await server(box.port, security="starttls").send(email(ANA))


async def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(EmailUnavailableError, match=r"no answer from '127\.0\.0\.1': SMTPConnectError"):
        await server(free()).send(email(ANA))


async def test_trying_it_sends_nothing(tmp_path: Path) -> None:
    async with postbox() as box:
        await server(box.port).probe()
    assert box.taken == []
