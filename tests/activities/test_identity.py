import dataclasses
import re
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from temporalio.testing import ActivityEnvironment
from typing_extensions import override

from activities.base import Tools
from activities.codes import Codes
from activities.identity import ORIGIN, Identity
from channels.base import Channel, Outgoing, Receipt
from domain.call import CallAnswer
from domain.errors import EmailUnavailableError, ErpNotFoundError, ErpUnavailableError, RefusedError, SettingsError
from domain.identity import CODE_PLACE, CheckAddress, CheckCode, CheckRegister, SendCode
from domain.limits import LIMITS
from domain.proof import Holder, Verified
from erps.base import Erp, ErpSettings, ErpTools
from journal import allowances
from journal.database import Database
from runtime.identity_section import IdentitySection
from runtime.mail_sections import MailSection
from runtime.sections import Account, CompanySection, TemplateSection
from runtime.settings import Settings
from tests.journal.factory import begun, message_id
from tests.postbox import HOST, Postbox, postbox

KEY = b"k" * 32
ANA = Holder(emails=("ana@correio.example",), phones=("+5549999991001",), birth_date=date(1985, 3, 12), cep="88501000")
PLACE: dict[str, Any] = {"connection": "billing", "customer": "C-1", "key": "c1:4", "patience": LIMITS.outside_patience}
ADDRESS = CheckAddress(**PLACE, account="phone", address="554999991001")
SEND = SendCode(**PLACE, subject="Seu código\nBcc: x@y.example", text=f"Seu código é {CODE_PLACE}.")
REGISTER = CheckRegister(**PLACE, given={"birth_date": "1985-03-12", "cep": "88501000"})
WHATSAPP = Account.model_validate({"channel": "http", "flow": "reply", "url": "https://e.example", "secret": "s"})


class Registered(Erp):
    """An ERP that knows one customer, or raises."""

    found: Holder | Exception | None = ANA

    @override
    async def holder(self, customer_id: str) -> Holder | None:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


class Phone:
    """An account whose addresses are verified, and what it was given to send."""

    def __init__(self, verifies: Verified | None = "phone") -> None:
        self.verifies = verifies
        self.sent: list[Outgoing] = []
        self.refuses = False

    async def send(self, outgoing: Outgoing) -> Receipt:
        if self.refuses:
            raise RefusedError("no such number")
        self.sent.append(outgoing)
        return Receipt()


@dataclasses.dataclass
class Office:
    """The activities with all that they need."""

    database: Database
    erp: Registered
    phone: Phone = dataclasses.field(default_factory=Phone)
    settings: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    async def ask(self, effect: Any, attempt: int = 1) -> CallAnswer:
        settings = Settings(data=Path("nowhere"), company=CompanySection(name="Conecta"), **self.settings)
        tools = SimpleNamespace(
            settings=settings,
            database=self.database,
            key=KEY,
            secret=str,
            channels={"phone": cast("Channel", self.phone)},
            connections={"billing": self.erp},
        )
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, attempt=attempt)
        methods: Any = Identity(cast("Tools", tools))
        return await environment.run(getattr(methods, effect.activity), effect)

    async def value(self, effect: Any, **changes: Any) -> Any:
        return (await self.ask(effect.model_copy(update=changes))).value


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, Registered("billing", ErpSettings(), ErpTools(http=httpx.AsyncClient(), secret=str)))


@pytest.fixture
async def box(office: Office) -> AsyncGenerator[Postbox]:
    async with postbox() as opened:
        mail = MailSection(host=HOST, port=opened.port, security="none", sender="conecta@empresa.example")
        office.settings["mail"] = mail
        yield opened


def by_phone(office: Office, **changes: str) -> None:
    office.settings |= {"accounts": {"phone": WHATSAPP}, "identity": IdentitySection(account="phone", **changes)}


def code_in(text: str) -> str:
    (found,) = re.findall(r"\b[0-9]{6}\b", text)
    return found


async def is_right(sent: CallAnswer, typed: str) -> bool:
    value = cast("dict[str, str]", sent.value)
    check = CheckCode(key=SEND.key, code=value["code"], typed=typed)
    return await ActivityEnvironment().run(Codes(KEY).check_code, check)


async def test_the_verified_address_of_the_customer_proves_and_another_does_not(office: Office) -> None:
    assert await office.value(ADDRESS) == "proved"
    assert await office.value(ADDRESS, address="5549999991002") == "different"


async def test_an_address_that_nobody_has_verified_proves_nothing(office: Office) -> None:
    office.phone.verifies = None
    assert await office.value(ADDRESS, address="5549999991001") == "impossible"
    assert await office.value(ADDRESS, account="nobody") == "impossible"


async def test_a_number_does_not_prove_where_emails_are_verified(office: Office) -> None:
    office.phone.verifies = "email"
    assert await office.value(ADDRESS, address="5549999991001") == "different"
    assert await office.value(ADDRESS, address="ANA@correio.example") == "proved"


@pytest.mark.parametrize("found", [None, Holder(), ErpNotFoundError("no such")])
@pytest.mark.parametrize("effect", [ADDRESS, SEND, REGISTER], ids=lambda effect: effect.activity)
async def test_what_the_register_lacks_proves_nothing(office: Office, box: Postbox, found: Any, effect: Any) -> None:
    office.erp.found = found
    assert await office.value(effect) == "impossible"
    assert box.taken == []


async def test_a_system_that_is_away_is_asked_again(office: Office) -> None:
    office.erp.found = ErpUnavailableError("later")
    for effect in (ADDRESS, SEND, REGISTER):
        with pytest.raises(ErpUnavailableError):
            await office.ask(effect)
    with pytest.raises(SettingsError, match="expected 'crm'"):
        await office.ask(ADDRESS.model_copy(update={"connection": "crm"}))


async def test_a_code_goes_to_the_customers_email_and_its_hash_comes_back(office: Office, box: Postbox) -> None:
    sent = await office.ask(SEND)
    ((to, message),) = box.taken
    assert (to, message["Subject"], message["Bcc"]) == (["ana@correio.example"], "Seu código Bcc: x@y.example", None)
    code = code_in(message.get_content())
    assert cast("dict[str, str]", sent.value)["to"] == "a•••@c•••.example"
    assert code not in sent.model_dump_json()
    assert await is_right(sent, code)
    assert not await is_right(sent, f"{(int(code) + 1) % 10**6:06}")


async def test_codes_differ(office: Office, box: Postbox) -> None:
    for number in range(3):
        await office.ask(SEND.model_copy(update={"key": f"c1:{number}"}))
    assert len({code_in(message.get_content()) for _, message in box.taken}) == 3


async def test_a_customer_gets_three_codes_an_hour_whoever_asks(office: Office, box: Postbox) -> None:
    answers = [await office.value(SEND, key=f"c{number}:4") for number in range(4)]
    assert [isinstance(answer, dict) for answer in answers] == [True, True, True, False]
    assert answers[3] == "exhausted"
    assert len(box.taken) == 3
    assert isinstance(await office.value(SEND, key="c9:4", customer="C-2"), dict)


@pytest.mark.usefixtures("box")
async def test_visitors_of_one_network_get_so_many_codes_whoever_they_want_to_be(office: Office) -> None:
    for number in range(ORIGIN.most + 2):
        await begun(office.database, number, f"session{number}", "net-2" if number > ORIGIN.most else "net-1")
    keys = [f"{message_id(number)}:4" for number in range(ORIGIN.most + 2)]
    answers = [await office.value(SEND, key=key, customer=f"C-{key}") for key in keys]
    assert [answer == "exhausted" for answer in answers] == [False] * ORIGIN.most + [True, False]
    guesses = [await office.value(REGISTER, key=key, customer=f"C-{key}") for key in keys]
    assert guesses == ["proved"] * ORIGIN.most + ["exhausted", "proved"]


async def test_a_repeated_attempt_counts_once(office: Office, box: Postbox) -> None:
    box.answers = {"ana@correio.example": "450 later"}
    for attempt in range(5):
        with pytest.raises(EmailUnavailableError):
            await office.ask(SEND, attempt=attempt + 1)
    async with office.database.read() as c:
        assert await allowances.count(c, "code") == 1


async def test_without_email_the_code_goes_by_the_account_of_the_settings(office: Office) -> None:
    by_phone(office)
    sent = await office.ask(SEND)
    (outgoing,) = office.phone.sent
    assert (outgoing.address, outgoing.part.seq) == ("5549999991001", 0)
    assert cast("dict[str, str]", sent.value)["to"] == "•••••-••01"
    assert await is_right(sent, code_in(outgoing.part.text))


async def test_a_template_says_the_code_where_free_text_is_not_taken(office: Office) -> None:
    by_phone(office, template="code")
    template = TemplateSection(text="{{ 1 }} é o seu código.", category="authentication")
    office.settings["templates"] = {"code": template}
    sent = await office.ask(SEND)
    (outgoing,) = office.phone.sent
    assert outgoing.part.template is not None
    code = outgoing.part.template.parameters["1"]
    assert outgoing.part.text == f"{code} é o seu código."
    assert await is_right(sent, code)


async def test_an_email_that_is_refused_leaves_the_telephone_and_then_nothing(office: Office, box: Postbox) -> None:
    by_phone(office)
    box.answers = {"ana@correio.example": "550 no such user"}
    assert (await office.value(SEND))["to"] == "•••••-••01"
    office.phone.refuses = True
    assert await office.value(SEND, key="c2:1") == "impossible"


async def test_what_is_no_address_in_the_register_is_passed_over(office: Office, box: Postbox) -> None:
    by_phone(office)
    office.erp.found = Holder(emails=("não tem",), phones=("recado com a vizinha", "49 99999-1001"))
    assert (await office.value(SEND))["to"] == "•••••-••01"
    assert office.phone.sent[0].address == "5549999991001"
    office.erp.found = Holder(emails=("a@b.example; c@d.example", "ana@correio.example"))
    assert (await office.value(SEND, key="c2:1"))["to"] == "a•••@c•••.example"
    assert [to for to, _ in box.taken] == [["ana@correio.example"]]


async def test_nothing_is_sent_where_nothing_is_set_up(office: Office) -> None:
    assert await office.value(SEND) == "impossible"


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"birth_date": "1985-03-12", "cep": "88501-000"}, "proved"),
        ({"birth_date": "1985-03-13", "cep": "88501000"}, "different"),
        ({"birth_date": "1985-03-12", "cep": "88501001"}, "different"),
        ({"birth_date": "1985-03-12", "cep": ""}, "different"),
        ({"birth_date": "1985-03-12"}, "impossible"),
        ({}, "impossible"),
    ],
)
async def test_both_data_of_the_register_have_to_be_right(office: Office, given: dict[str, str], result: str) -> None:
    assert await office.value(REGISTER, given=given) == result


async def test_one_datum_is_never_enough(office: Office) -> None:
    office.erp.found = Holder(birth_date=date(1985, 3, 12))
    assert await office.value(REGISTER) == "impossible"


async def test_a_customers_data_are_guessed_five_times_a_day_whoever_guesses(office: Office) -> None:
    wrong = {"birth_date": "1990-01-01", "cep": "88501000"}
    guesses = [await office.value(REGISTER, key=f"c{number}:4", given=wrong) for number in range(6)]
    assert guesses == ["different"] * 5 + ["exhausted"]
    assert await office.value(REGISTER, key="c9:4") == "exhausted"
