import re

from console.chapters import chapters
from console.prose import prose
from flows.answers import answers
from flows.cards import cards
from flows.checks.explained import EXPLAINED
from flows.reference.cards import card_topics
from tests.console.test_flow_pages import get
from tests.gateway.fakes import Gateway

PATHS = [
    "/reference",
    "/reference?q=x",
    "/reference/cards/ask_question",
    *(f"/reference/{name}" for name in chapters()),
]


async def test_the_index_leads_to_every_card_by_its_symbol_and_to_every_chapter(site: Gateway) -> None:
    html = (await get(site, "/reference")).text
    assert set(re.findall(r'href="reference/cards/(\w+)"', html)) == set(cards)
    assert set(re.findall(r'href="reference/(\w+)"', html)) == set(chapters())
    families = re.findall(r'<h2 id="(\w+)">([^<]+)', html)
    assert families[0] == ("interaction", "Interação")
    asking = html[html.index("cards/ask_question") :]
    assert ">Pergunta</text>" in asking[: asking.index("</a>")]


async def test_every_card_has_its_page_with_keys_exits_and_example(site: Gateway) -> None:
    for name, topic in card_topics().items():
        answer = await get(site, f"/reference/cards/{name}")
        assert answer.status_code == 200
        html = answer.text
        assert all(f"<dt><code>{key.path}</code>" in html for key in topic.keys)
        assert f"card: {name}" in html
        assert f'data-card="{topic.shown.id}"' in html
        assert all(f"<code>{way}</code>" in html for way in topic.exits)


async def test_both_names_of_a_card_are_told(site: Gateway) -> None:
    html = (await get(site, "/reference/cards/ask_question")).text
    assert "<h1>Pergunta</h1>" in html
    assert '<span lang="en">Question</span>' in html
    html = (await get(site, "/reference/cards/ask_question", **{"accept-language": "en"})).text
    assert "<h1>Question</h1>" in html
    assert '<span lang="pt-BR">Pergunta</span>' in html


async def test_answers_and_findings_stand_under_their_names(site: Gateway) -> None:
    html = (await get(site, "/reference/answers")).text
    assert all(f'<article id="{name}"' in html for name in answers)
    html = (await get(site, "/reference/checks")).text
    assert all(f'<article id="{code.lower()}"' in html for code in EXPLAINED)


async def test_words_are_found_wherever_they_stand(site: Gateway) -> None:
    for query, first in {
        "pergunta": "reference/cards/ask_question",
        "EXPEDIENTE": "reference/cards/business_hours",
        "p308": "reference/checks#p308",
        "invalid_cpf": "reference/file#texts",
        "xyzzy": None,
    }.items():
        html = (await get(site, f"/reference?q={query}")).text
        found = re.findall(r'<li><a href="(reference/[^"]+)"', html)
        assert (found[0] if found else None) == first
        assert ("Nada encontrado" in html) == (first is None)


async def test_what_is_not_there_is_not_found(site: Gateway) -> None:
    for path in ("cards/nothing", "cards/base", "nothing"):
        assert (await get(site, f"/reference/{path}")).status_code == 404


async def test_everything_is_under_the_policy_and_every_link_leads_somewhere(site: Gateway) -> None:
    pages: dict[str, str] = {}
    for path in PATHS:
        answer = await get(site, path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert " object at 0x" not in answer.text
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:", answer.text)
        for link in set(re.findall(r'(?:href|action)="([^"]+)"', answer.text)):
            target = answer.url.copy_with(query=None).join(link)
            assert target.host == "chat.example.com", link
            if target.path not in pages:
                pages[target.path] = (await get(site, target.path)).raise_for_status().text
            assert not target.fragment or f'id="{target.fragment}"' in pages[target.path], (path, link)


async def test_only_those_who_may_read_flows_may_look(site: Gateway) -> None:
    for path in PATHS:
        assert (await get(site, path, host="rebound.example.com")).status_code == 403
        assert (await get(site, path, **{"x-forwarded-for": "203.0.113.7"})).status_code == 403


def test_prose_is_escaped_and_keeps_its_paragraphs_and_code() -> None:
    html = prose("Say `<b>` & go.\n\nThen\nend.")
    assert html == "<p>Say <code>&lt;b&gt;</code> &amp; go.</p><p>Then end.</p>"
