"""Publishing in mid-conversation: nothing changes there, new conversations get the new version."""

from datetime import UTC, datetime
from pathlib import Path

from journal import flows
from tests.interpreter.world import flow
from tests.workflows.line import Line, line

MAIN = """
  - {{id: ask, card: ask_question, text: "{word}, qual o seu nome?", answer: text, save_as: name, timeout: 30m,
     exits: {{invalid: bye, no_answer: bye}}}}
  - {{id: call, card: run_flow, flow: parting}}
  - {{id: bye, card: close, resolution: resolved}}
"""
PARTING = '  - {{id: bye, card: send_message, text: "{word}, até logo!"}}'


def _flows(word: str) -> dict[str, str]:
    return {"parting": flow(PARTING.format(word=word), "parting"), "main": flow(MAIN.format(word=word))}


async def test_a_conversation_keeps_the_versions_it_began_with(tmp_path: Path) -> None:
    async with line(tmp_path, _flows("Velho")) as opened:
        opened.turns_per_run = 1  # even across runs
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)

        await opened.publish(_flows("Novo"))
        newer = Line(opened.client, opened.database, opened.settings, opened.environment)
        await newer.say("oi")
        await newer.until(lambda said: len(said) == 1)
        for contact in (opened, newer):
            await contact.say("Ana")
            await contact.until(lambda said: len(said) == 2)

        assert await opened.said() == ["Velho, qual o seu nome?", "Velho, até logo!"]
        assert await newer.said() == ["Novo, qual o seu nome?", "Novo, até logo!"]
        numbers = [(await contact.conversations())[0].flow_number for contact in (opened, newer)]
        assert numbers == [1, 2]


async def test_a_rollback_brings_the_old_version_back_for_new_conversations(tmp_path: Path) -> None:
    async with line(tmp_path, _flows("Velho")) as opened:
        await opened.publish(_flows("Novo"))
        async with opened.database.write() as connection:
            await flows.rollback(connection, "main", by="test", now=datetime.now(UTC))

        await opened.say("oi")
        said = await opened.until(lambda said: len(said) == 1)

        assert said == ["Velho, qual o seu nome?"]
