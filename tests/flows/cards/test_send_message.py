import pytest
from pydantic import ValidationError

from domain.contact import Known
from domain.errors import ExpressionError, FlowError
from domain.message import Content, Link
from tests.flows.fakes import FakeConversation, card

WELCOME = """
id: welcome
card: send_message
text: |
  Olá, {{ contact.name | first_name }}!
  Protocolo {{ conversation.protocol }}
"""


async def test_it_says_its_text_and_goes_on() -> None:
    conversation = FakeConversation()
    assert await card(WELCOME).play(conversation) == "done"
    assert conversation.heard == ["Olá, Ana!\nProtocolo 20261121-000001"]
    assert conversation.events == []


async def test_a_text_may_differ_by_channel() -> None:
    conversation = FakeConversation()
    text = "{{ 'Toque' if conversation.channel == 'webchat' else 'Digite' }} na opção"
    await card(f'{{id: a, card: send_message, text: "{text}"}}').play(conversation)
    assert conversation.heard == ["Toque na opção"]


async def test_a_text_that_turns_out_empty_is_not_said() -> None:
    conversation = FakeConversation(variables={"note": None})
    assert await card('{id: a, card: send_message, text: " {{ note }} "}').play(conversation) == "done"
    assert conversation.said == []


async def test_what_a_contact_wrote_is_never_taken_for_a_template() -> None:
    conversation = FakeConversation(variables={"note": "{{ company.name }}"})
    await card('{id: a, card: send_message, text: "{{ note }}"}').play(conversation)
    assert conversation.heard == ["{{ company.name }}"]


async def test_an_unknown_name_is_an_error_of_the_flow() -> None:
    with pytest.raises(ExpressionError, match="unknown name 'nme'"):
        await card('{id: a, card: send_message, text: "{{ nme }}"}').play(FakeConversation())


LINKED = """
id: paid
card: send_message
text: Recebido!
typing: 2s
links:
  - {title: "Recibo de {{ contact.name | first_name }}", url: "https://example.com/r/{{ receipt }}"}
  - {title: Ligar, url: "tel:+55 49 3333-0000"}
  - {title: Escrever, url: "{{ email }}"}
"""


async def test_it_carries_links_and_how_long_it_is_typed() -> None:
    conversation = FakeConversation(variables={"receipt": "77", "email": "mailto:a@example.com"})
    await card(LINKED).play(conversation)
    links = (
        Link(title="Recibo de Ana", url="https://example.com/r/77"),
        Link(title="Ligar", url="tel:+55493333-0000"),
        Link(title="Escrever", url="mailto:a@example.com"),
    )
    assert conversation.said == [Content(text="Recebido!", typing=2, links=links)]


async def test_a_text_in_a_link_is_one_step_of_its_address() -> None:
    conversation = FakeConversation(variables={"receipt": "7 7/../x?y", "email": ""})
    await card(LINKED).play(conversation)
    assert conversation.said[0].links[0].url == "https://example.com/r/7%207%2F..%2Fx%3Fy"


async def test_a_link_without_an_address_is_left_out() -> None:
    text = '{id: a, card: send_message, text: Oi, links: [{title: Recibo, url: "{{ receipt }}"}]}'
    conversation = FakeConversation(variables={"receipt": None})
    await card(text).play(conversation)
    assert conversation.said == [Content(text="Oi")]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "https://", "https:// example", "tel:", "mailto:a", "site.com/a b"],
)
async def test_an_address_that_turns_out_to_be_none_is_an_error_of_the_flow(url: str) -> None:
    conversation = FakeConversation(variables={"url": url})
    with pytest.raises(FlowError, match="link 'Ver'"):
        await card('{id: a, card: send_message, text: Oi, links: [{title: Ver, url: "{{ url }}"}]}').play(conversation)


@pytest.mark.parametrize(
    "field",
    [
        'links: [{title: a, url: "javascript:{{ b }}"}]',
        'links: [{title: a, url: "www.example.com"}]',
        'links: [{title: a, url: "/{{ b }}"}]',
        "links: [" + ", ".join(['{title: a, url: "https://example.com"}'] * 4) + "]",
        "typing: 11s",
    ],
)
def test_what_no_page_should_open_and_no_contact_should_wait_for_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        card(f"{{id: a, card: send_message, text: Oi, {field}}}")


def test_the_checks_know_what_its_links_say() -> None:
    assert set(card(LINKED).texts()) == {"text", *(f"links.{n}.{key}" for n in range(3) for key in ("title", "url"))}


VARIED = """
id: hello
card: send_message
text: Olá!
variants:
  - {language: en, channel: http, text: "Hi, by {{ conversation.channel }}"}
  - {channel: webchat, language: es-419, text: Hola}
  - {channel: webchat, text: "Olá, {{ contact.name | first_name }}"}
  - {language: en, text: Hello}
"""


@pytest.mark.parametrize(
    ("language", "channel", "text"),
    [
        ("", "http", "Olá!"),
        ("pt-BR", "http", "Olá!"),
        ("EN-us", "http", "Hi, by http"),
        ("en", "other", "Hello"),
        ("eng", "other", "Olá!"),
        ("en", "webchat", "Olá, Ana"),
        ("es-419", "webchat", "Hola"),
        ("es", "webchat", "Olá, Ana"),
    ],
)
async def test_the_first_variant_that_is_for_the_contact_is_said(language: str, channel: str, text: str) -> None:
    conversation = FakeConversation()
    conversation.known = Known(language=language)
    conversation.channel = channel
    await card(VARIED).play(conversation)
    assert conversation.heard == [text]


def test_the_checks_know_every_variant() -> None:
    assert set(card(VARIED).texts()) == {"text", *(f"variants.{n}.text" for n in range(4))}


@pytest.mark.parametrize(
    ("variants", "sentence"),
    [
        ("[{text: a}]", "expected 'language', 'channel' or both"),
        ("[{language: english, text: a}]", "pattern"),
        ("[{language: en, text: a}, {language: en-US, text: b}]", "variant 2 is never said"),
        ("[{channel: http, text: a}, {language: en, channel: http, text: b}]", "variant 2 is never said"),
        ("[{channel: http, text: a}, {language: en, text: b}, {channel: http, text: c}]", "variant 3 is never said"),
    ],
)
def test_a_variant_that_nobody_would_hear_is_refused(variants: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        card(f"{{id: a, card: send_message, text: Oi, variants: {variants}}}")
