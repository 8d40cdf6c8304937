"""A conversation whose workflow is gone is woken, on Temporal itself."""

from pathlib import Path

import pytest

from domain.errors import OperatorError
from runtime.temporal_section import TemporalSection
from tests.interpreter.world import flow
from tests.workflows.line import line
from usecases.doctor import open_ones
from usecases.waking import knows, wake

TALK = """
  - {id: ask_name, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 24h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: ask_city, card: ask_question, text: "De onde, {{ name }}?", answer: text, save_as: city, timeout: 24h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close, resolution: resolved}
"""
FLOW = flow(TALK, variables="name: {type: text}\n  city: {type: text}")


async def test_a_conversation_whose_workflow_is_gone_is_woken_and_goes_on(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": FLOW}, skip_time=False) as opened:
        address = opened.client.service_client.config.target_host
        settings = opened.settings.model_copy(update={"temporal": TemporalSection(address=address)})
        await opened.say("oi")
        await opened.until(lambda said: said == ["Nome?"])
        await opened.say("Ana")
        await opened.until(lambda said: len(said) == 2)
        await opened.handle.terminate("as if it had never begun")
        (row,) = await opened.conversations()
        there = f"{row.protocol} stands where its journal does"

        assert await wake(settings, row.protocol, "the power was cut", "ana") == there
        assert await knows(opened.client, row) == row.last_seq
        assert [one.knows for one in await open_ones.see(opened.client, [row])] == [None], "it has just moved"
        assert await wake(settings, row.protocol, "", "ana") == there

        await opened.say("Lages")
        await opened.quiet()
        assert await opened.said() == ["Nome?", "De onde, Ana?"]
        with pytest.raises(OperatorError, match="ended at"):
            await wake(settings, row.protocol, "", "ana")
