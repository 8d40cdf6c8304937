import re
import time

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.line import Line, only_the_net
from tests.browser.stack import Stack
from tests.browser.talk import DOCUMENT, PATIENCE

pytestmark = pytest.mark.timeout(600)
AWAY = 20
DOT = "() => getComputedStyle(document.querySelector('.top .face'), '::after').backgroundColor"
NO_LINE = re.compile("Reconectando|Sem conexão")
"""What the page says: on a machine without any network, the browser knows that it is offline."""


def test_a_line_that_is_cut_while_the_bot_speaks_loses_and_doubles_nothing(visit: Visit, demo: Stack) -> None:
    with Line(demo.port) as line:
        talk = visit(f"{line.url}/webchat/site", width=390)
        talk.begin()
        talk.say(DOCUMENT)
        talk.hears("encontrei 2 boletos")
        with talk.page.expect_response(lambda answer: "/webhooks/" in answer.url):
            talk.page.locator(".options button").first.click()
        green = talk.page.evaluate(DOT)
        line.cut()
        expect(talk.page.locator("#net")).to_contain_text(NO_LINE, timeout=PATIENCE)
        assert talk.page.evaluate(DOT) != green
        time.sleep(AWAY)
        assert talk.page.get_by_text("Posso ajudar com mais").count() == 0
        line.mend()
        talk.hears("Posso ajudar com mais alguma coisa?")
        expect(talk.page.locator("#net")).to_be_empty()
        talk.leave()
        talk.shows_the_journal(demo)
        assert only_the_net(talk.trouble)


def test_what_is_written_without_a_line_is_sent_when_it_is_back_even_after_a_reload(visit: Visit, demo: Stack) -> None:
    with Line(demo.port) as line:
        talk = visit(f"{line.url}/webchat/site", width=390)
        talk.begin()
        line.cut()
        talk.say("abc")
        talk.say(DOCUMENT)
        expect(talk.page.locator('.row[data-state="sending"]')).to_have_count(2)
        line.mend()
        talk.page.reload()
        talk.hears("encontrei 2 boletos")
        talk.shows_the_journal(demo)
        mine = [text for _, who, text in talk.shown if who == "me"]
        assert mine[-2:] == ["abc", DOCUMENT]
        assert only_the_net(talk.trouble)


def test_a_message_whose_answer_was_lost_is_not_said_twice(visit: Visit, demo: Stack) -> None:
    with Line(demo.port) as line:
        talk = visit(f"{line.url}/webchat/site", width=1280)
        talk.begin()
        lost = 0

        def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            if lost < 3:
                route.fetch()
                route.abort()
            else:
                route.continue_()

        talk.page.route("**/webhooks/**", lose)
        talk.say("abc")
        talk.hears("Esse número não confere")
        talk.page.wait_for_timeout(3_000)
        talk.shows_the_journal(demo)
        assert [text for _, who, text in talk.shown if who == "me"].count("abc") == 1


@pytest.mark.parametrize("module", ["gateway", "workers"])
def test_a_process_that_is_killed_loses_and_doubles_nothing(visit: Visit, demo: Stack, module: str) -> None:
    talk = visit(width=390)
    talk.begin()
    demo.kill(module)
    talk.identify()
    demo.kill(module)
    talk.collect()
    talk.leave()
    talk.shows_the_journal(demo)
    assert only_the_net(talk.trouble)


def test_nothing_is_said_before_there_is_a_session(visit: Visit, demo: Stack) -> None:
    with Line(demo.port) as line:
        talk = visit("about:blank", width=390)
        talk.page.route("**/sessions", lambda route: route.abort())
        talk.page.goto(f"{line.url}/webchat/site")
        expect(talk.page.locator("#net")).to_contain_text(NO_LINE, timeout=PATIENCE)
        talk.say("oi")
        expect(talk.page.locator("#start")).to_be_disabled()
        expect(talk.page.locator("#text")).to_have_value("oi")
        talk.page.unroute("**/sessions")
        expect(talk.page.locator("#start")).to_be_enabled(timeout=PATIENCE)
        talk.page.press("#text", "Enter")
        talk.hears("Como posso ajudar?")
        talk.shows_the_journal(demo)
