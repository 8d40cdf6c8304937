"""Prove who a contact is: by their address, by a code that is sent to the customer, by data of the register."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Self

from pydantic import JsonValue
from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from activities.email_layout import one_line
from channels.base import Outgoing
from domain.call import CallAnswer, ConnectionCall
from domain.errors import EmailRefusedError, ErpNotFoundError, RefusedError, SettingsError
from domain.identity import CODE_PLACE, CheckAddress, CheckRegister, Result, SendCode
from domain.keys import keyed_hash
from domain.message import Part
from domain.proof import Holder, digits, is_email, is_phone, masked_email, masked_phone, national
from erps.base import Erp
from journal import allowances
from journal.allowances import Allowance
from runtime.shown import harmless
from runtime.smtp import MailServer

CODE_DIGITS: Final = 6
CODES: Final = Allowance(most=3, within=timedelta(hours=1))
"""Codes to one customer, whoever asks for them."""
GUESSES: Final = Allowance(most=5, within=timedelta(days=1))
"""Guesses of one customer's data, whoever makes them."""
ORIGIN: Final = Allowance(most=30, within=timedelta(hours=1))
"""Codes, and likewise guesses, that visitors of one network address may have: many customers are each worth a try."""
Send = Callable[[str], Awaitable[None]]
"""Sends a code."""
NEEDED: Final = 2
"""Data of the register that have to be right."""


@activities.register
class Identity(Activities):
    """The activities `check_address`, `send_code` and `check_register`."""

    each_connection = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        settings = tools.settings
        server = settings.mail_server
        self._mail = MailServer(server, tools.secret) if server else None
        self._sender = Address(one_line(settings.company.name), addr_spec=server.sender) if server else None

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools)

    @activity.defn(name=CheckAddress.activity)
    async def check_address(self, effect: CheckAddress) -> CallAnswer:
        """Answer `proved`, `different`, or `impossible` where nobody has verified the contact's address."""
        channel = self._tools.channels.get(effect.account)
        verified = channel.verifies if channel is not None else None
        holder = await self._holder(effect, effect.customer) if verified else None
        if verified is None or holder is None or not (holder.phones if verified == "phone" else holder.emails):
            return _answer("impossible")
        return _answer("proved" if holder.has(verified, effect.address) else "different")

    @activity.defn(name=SendCode.activity)
    async def send_code(self, effect: SendCode) -> CallAnswer:
        """Answer where a code was sent and its keyed hash; `impossible`, or `exhausted` after too many in an hour."""
        holder = await self._holder(effect, effect.customer)
        ways = self._ways(effect, holder) if holder else []
        if not ways:
            return _answer("impossible")
        if not await self._may(effect, effect.customer, "code", effect.key, CODES):
            return _answer("exhausted")
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        for masked, send in ways:
            try:
                await send(code)
            except (EmailRefusedError, RefusedError):
                continue
            return _answer({"to": masked, "code": keyed_hash(self._tools.key, "code", effect.key, code)})
        return _answer("impossible")

    @activity.defn(name=CheckRegister.activity)
    async def check_register(self, effect: CheckRegister) -> CallAnswer:
        """Answer `proved` when two data of the register are right, and none wrong; `exhausted` after too many tries."""
        holder = await self._holder(effect, effect.customer)
        known = (holder or Holder()).facts()
        compared = [(effect.given[name], value) for name, value in known.items() if name in effect.given]
        if len(compared) < NEEDED:
            return _answer("impossible")
        if not await self._may(effect, effect.customer, "register", effect.key, GUESSES):
            return _answer("exhausted")
        right = [_same(said, value) for said, value in compared]
        return _answer("proved" if all(right) else "different")

    async def _holder(self, effect: ConnectionCall[CallAnswer], customer: str) -> Holder | None:
        erp: Erp | None = self._tools.connections.get(effect.connection)
        if erp is None:
            raise SettingsError(f"connections: expected {effect.connection!r}, which a flow calls; found none")
        try:
            return await erp.holder(customer)
        except ErpNotFoundError:
            return None

    async def _may(
        self, effect: ConnectionCall[CallAnswer], customer: str, purpose: str, item: str, limit: Allowance
    ) -> bool:
        subject, now = keyed_hash(self._tools.key, purpose, effect.connection, customer), datetime.now(UTC)
        async with self._tools.database.write() as connection:
            asker = await allowances.asker(connection, effect.key.partition(":")[0])
            origin = asker.origin if asker else ""
            if origin and not await allowances.take(connection, purpose, origin, item, ORIGIN, now):
                return False
            return await allowances.take(connection, purpose, subject, item, limit, now)

    def _ways(self, effect: SendCode, holder: Holder) -> list[tuple[str, Send]]:
        """Return how a code reaches the customer, the surest first: where to, masked, and a function that sends it."""
        ways: list[tuple[str, Send]] = []
        email = next((one for one in holder.emails if is_email(one)), "")
        phone = next((national(one) for one in holder.phones if is_phone(one)), "")
        if self._mail is not None and self._sender is not None and email:
            server, sender = self._mail, self._sender

            async def by_email(code: str) -> None:
                await server.send(_email(sender, email, effect, code))

            ways.append((masked_email(email), by_email))
        if self._account and phone:
            ways.append((masked_phone(phone), lambda code: self._say(phone, effect, code)))
        return ways

    @property
    def _account(self) -> str:
        return self._tools.settings.code_sender.account

    async def _say(self, phone: str, effect: SendCode, code: str) -> None:
        """Send *code* by the account of the settings: at once and beside the outbox, which would keep it."""
        settings = self._tools.settings
        part = Part(seq=0, text=effect.text.replace(CODE_PLACE, code))
        if name := settings.code_sender.template:
            template = settings.known_templates[name]
            text, sending = template.filled(dict.fromkeys(template.parameters, code))
            part = Part(seq=0, text=text, template=sending)
        # Each attempt has a code of its own, which no provider may take for a repeat.
        key = f"{effect.key}:{activity.info().attempt}"
        await self._tools.channels[self._account].send(Outgoing(conversation_id="", key=key, address=phone, part=part))


def _answer(value: Result | JsonValue) -> CallAnswer:
    return CallAnswer(value=value, attempts=activity.info().attempt)


def _email(sender: Address, to: str, effect: SendCode, code: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = one_line(effect.subject)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    message.set_content(harmless(effect.text.replace(CODE_PLACE, code)))
    return message


def _same(said: str, known: str) -> bool:
    return hmac.compare_digest(digits(said), digits(known))
