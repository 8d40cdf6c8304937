import pytest
from temporalio.testing import ActivityEnvironment

from activities.emails import Emails
from domain.call import EmailAnswer, SendEmail
from domain.errors import SettingsError
from runtime.mail_sections import EmailSection, MailSection
from runtime.smtp import MailServer
from tests.activities.test_email_layout import NOTICE, SENDER, TO
from tests.postbox import HOST, postbox

RECEIVERS = {"team": EmailSection(to=TO)}


async def send(port: int, effect: SendEmail = NOTICE) -> EmailAnswer:
    section = MailSection(host=HOST, port=port, security="none", sender=SENDER[1])
    emails = Emails(MailServer(section, str), RECEIVERS, SENDER, {"support": "Suporte"})
    return await ActivityEnvironment().run(emails.send_email, effect)


async def test_everybody_of_the_receiver_gets_it() -> None:
    async with postbox() as box:
        assert await send(box.port) == EmailAnswer()
    assert [(to, message["Subject"]) for to, message in box.taken] == [(list(TO), NOTICE.subject)]


async def test_a_queue_is_called_by_its_title() -> None:
    waits = {"event": "handed_over", "data": {"queue": "support", "protocol": "20261121-000001"}}
    async with postbox() as box:
        await send(box.port, NOTICE.model_copy(update=waits))
    assert [message["Subject"] for _, message in box.taken] == ["Contato esperando na fila Suporte · 20261121-000001"]


async def test_an_address_that_does_not_take_it_is_counted() -> None:
    async with postbox() as box:
        box.answers = {TO[1]: "550 no such user"}
        assert await send(box.port) == EmailAnswer(refused=1)


async def test_nobody_is_written_to_whom_the_settings_do_not_know() -> None:
    with pytest.raises(SettingsError, match="expected 'bosses'"):
        await send(1, NOTICE.model_copy(update={"email": "bosses"}))
    with pytest.raises(SettingsError, match="expected 'team'"):
        await ActivityEnvironment().run(Emails(None, RECEIVERS, SENDER, {}).send_email, NOTICE)
