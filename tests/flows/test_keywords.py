import pytest

from flows.keywords import keyword
from tests.flows.fakes import BOLETO, TEXTS, inbound


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("menu", "menu"),
        ("MENU!", "menu"),
        ("voltar ao menu", "menu"),
        ("Voltar", "back"),
        ("voltar por favor", "back"),
        ("errei 😅", "back"),
        ("repete", "repeat"),
        ("não entendi", "repeat"),
        ("atendente", "agent"),
        ("quero falar com um atendente", "agent"),
        ("Sair.", "leave"),
        ("encerrar atendimento", "leave"),
        ("", None),
        ("quero voltar a ter internet", None),
        ("meu atendente sumiu", None),
        ("cardápio do menu", None),
        ("sair daqui", None),
    ],
)
def test_a_keyword_is_the_whole_message(text: str, word: str | None) -> None:
    assert keyword(inbound(text), TEXTS) == word


def test_a_tap_a_file_and_a_cut_message_are_no_keywords() -> None:
    for more in ({"choice": "menu"}, {"files": (BOLETO,)}, {"truncated": True}):
        assert keyword(inbound("menu", **more), TEXTS) is None


def test_no_phrase_means_two_things() -> None:
    lists = [TEXTS.menu_words, TEXTS.back_words, TEXTS.repeat_words, TEXTS.agent_words, TEXTS.leave_words]
    phrases = [phrase for words in lists for phrase in words]
    assert len(phrases) == len(set(phrases))
