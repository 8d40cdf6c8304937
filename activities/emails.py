"""Send e-mails to agents and operators."""

from collections.abc import Mapping
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from activities.email_layout import email_message
from domain.call import EmailAnswer, SendEmail
from domain.errors import SettingsError
from runtime.mail_sections import EmailSection
from runtime.smtp import MailServer


@activities.register
class Emails(Activities):
    """The activity `send_email`; *sender* is a name and an address, *queues* the titles by name."""

    def __init__(
        self,
        server: MailServer | None,
        receivers: Mapping[str, EmailSection],
        sender: tuple[str, str],
        queues: Mapping[str, str],
    ) -> None:
        self._server = server
        self._receivers = receivers
        self._sender = sender
        self._queues = queues

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        settings = tools.settings
        server = MailServer(settings.mail_server, tools.secret) if settings.mail_server else None
        queues = {name: queue.title for name, queue in settings.known_queues.items()}
        return cls(server, settings.emails, (settings.company.name, settings.mail.sender), queues)

    @activity.defn(name=SendEmail.activity)
    async def send_email(self, effect: SendEmail) -> EmailAnswer:
        """Hand one e-mail in for all recipients. EmailError; SettingsError when the recipients' table is missing."""
        receivers = self._receivers.get(effect.email)
        if receivers is None or self._server is None:
            raise SettingsError(f"emails: expected {effect.email!r}, whom a flow writes to; found none")
        refused = await self._server.send(email_message(effect, self._sender, receivers.to, self._queues))
        return EmailAnswer(refused=refused, attempts=activity.info().attempt)
