import asyncio
import contextlib
from email.message import EmailMessage

from prosa.demo.postbox import LONGEST, environment, postbox
from runtime.mail_sections import MailSection
from runtime.smtp import MailServer


def letter(text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "demo@prosa.example", "ana@correio.example", "Seu código"
    message.set_content(text)
    return message


async def test_an_email_is_shown_as_it_was_written() -> None:
    shown: list[EmailMessage] = []
    async with postbox(shown.append) as port:
        told = {key.removeprefix("PROSA_MAIL__").lower(): value for key, value in environment(port).items()}
        server = MailServer(MailSection.model_validate(told), str)
        assert await server.send(letter("Seu código é 482913.\n.\n..ponto")) == 0
        await server.probe()
    (message,) = shown
    assert (message["To"], message["Subject"]) == ("ana@correio.example", "Seu código")
    assert message.get_content() == "Seu código é 482913.\n.\n..ponto\n"


async def test_who_talks_nonsense_or_leaves_does_no_harm() -> None:
    shown: list[EmailMessage] = []
    async with postbox(shown.append) as port:
        for said in (b"GET / HTTP/1.1\r\n", b"DATA\r\nhalf", b"x" * LONGEST * 3, b"DATA\r\n" + b"y\r\n" * LONGEST):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.suppress(OSError):  # it hangs up
                writer.write(said)
                writer.write_eof()
                await asyncio.wait_for(reader.read(), 10)
            writer.close()
        assert shown == []
        told = {key.removeprefix("PROSA_MAIL__").lower(): value for key, value in environment(port).items()}
        await MailServer(MailSection.model_validate(told), str).send(letter("ainda aqui"))
    assert len(shown) == 1
