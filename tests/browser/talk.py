"""A visitor in front of the chat page."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack

PATIENCE: Final = 60_000
"""Milliseconds: for what hangs; the machine may be busy."""
WRONG: Final = "123.456.789-00"
DOCUMENT: Final = "123.456.789-09"
"""Bruno's, who has two open invoices at the demo ERP."""
_SHOWN: Final = """() => [...document.querySelectorAll('#log [data-id]')].map((row) => {
  const said = row.querySelector('.said')?.cloneNode(true);
  said?.querySelectorAll('b').forEach((bold) => bold.replaceWith(`*${bold.textContent}*`));
  return [row.dataset.id, row.classList[1], said?.textContent ?? ''];
})"""


class Talk:
    """Writes, taps and reads on one page; `trouble` is what its console complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(url)

    def go_on(self) -> "Talk":
        """Continues the conversation of the link that was opened."""
        self.page.click("#ask-yes")
        return self

    @property
    def token(self) -> str:
        """The token of the visitor's session."""
        return str(self.page.evaluate("localStorage.getItem('prosa:site:token')"))

    def say(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def tap(self, label: str) -> None:
        self.page.locator(".options").get_by_role("button", name=label, exact=True).click()

    def hears(self, text: str, times: int = 1) -> Locator:
        """Waits until the bot has said *text*, so many *times*, and returns the last bubble that has it."""
        bubbles = self.page.locator(".row.bot", has_text=text)
        expect(bubbles.nth(times - 1)).to_be_visible(timeout=PATIENCE)
        return bubbles.last

    def begin(self) -> None:
        """Goes to the question for the document."""
        self.page.click("#start")
        self.tap("Segunda via de boleto")
        self.hears("CPF ou CNPJ do titular")

    def identify(self) -> None:
        """Gives a wrong CPF twice, then the right one."""
        for reproach in ("Esse número não confere", "Ainda não deu certo"):
            self.say(WRONG)
            self.hears(reproach)
        self.say(DOCUMENT)
        self.hears("encontrei 2 boletos")

    def collect(self) -> None:
        """Takes the second of the two invoices."""
        expect(self.page.locator(".options button")).to_have_count(2)
        self.page.locator(".options button").nth(1).click()
        self.hears("Posso ajudar com mais alguma coisa?")

    def leave(self) -> None:
        """Wants nothing else, answers the survey, and sees the conversation closed."""
        self.tap("Não")
        self.hears("de 0 a 10")
        expect(self.page.locator(".options button")).to_have_count(11)
        self.tap("10")
        self.hears("Quer contar o motivo")
        self.say("Foi rápido e fácil! 😀")
        self.hears("Obrigado pela avaliação")
        expect(self.page.locator(".mark b")).to_be_visible(timeout=PATIENCE)

    @property
    def protocol(self) -> str:
        return self.page.inner_text("#protocol").split()[-1]

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """What the log shows of the journal: (conversation:seq, who, text), in order."""
        return [(row[0], row[1], row[2]) for row in self.page.evaluate(_SHOWN)]

    def shows_the_journal(self, stack: Stack) -> None:
        """Asserts that the page shows what the journal has, once each and in order, and nothing on its way."""
        expect(self.page.locator(".row[data-state]")).to_have_count(0, timeout=PATIENCE)
        wanted = stack.journal(self.protocol)
        assert wanted
        expect(self.page.locator("#log [data-id]")).to_have_count(len(wanted), timeout=PATIENCE)
        assert self.shown == wanted
