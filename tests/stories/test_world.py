import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.campaign import SendCampaign
from domain.contact import Known
from domain.effect import (
    Deliver,
    FindMoment,
    FindQueue,
    FindTemplate,
    LoadFlow,
    MakeCallback,
)
from domain.errors import FlowError
from domain.event import Event
from domain.message import Part
from domain.people import Queue
from flows.reader import read_flow
from stories.world import InMemoryWorld

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MAIN = read_flow(
    "spec: 1\nflow: main\ntitle: Main\nfallback: bye\ncards:\n  - {id: bye, card: close, resolution: done}\n",
    "main.yaml",
)


def turn(conversation: str, *seqs: int, learnt: Known | None = None) -> Deliver:
    return Deliver(
        conversation_id=conversation,
        account="site",
        channel="webchat",
        address="a",
        events=tuple(Event(seq=seq, kind="tag_added", at=AT) for seq in seqs),
        parts=tuple(Part(seq=seq, text="hello") for seq in seqs),
        learnt=learnt or Known(),
    )


def test_a_turn_that_comes_twice_is_in_the_journal_once() -> None:
    world = InMemoryWorld({})

    turn("c1", 1, 2).in_memory(world)
    delivered = turn("c1", 1, 2).in_memory(world)

    assert [event.seq for event in world.journal] == [1, 2]
    assert [(part.seq, part.state) for part in delivered.parts] == [(1, "sent"), (2, "sent")]


def test_every_conversation_has_its_protocol_number_and_finds_what_the_one_before_learnt() -> None:
    world = InMemoryWorld({})

    first = turn("c1", 1, learnt=Known(name="Ana")).in_memory(world)
    second = turn("c2", 1).in_memory(world)

    assert (first.protocol, first.known.name) == ("20261121-000001", "")
    assert (second.protocol, second.known.name) == ("20261121-000002", "Ana")


def test_a_flow_is_loaded_by_its_name_and_one_that_is_not_there_is_named() -> None:
    world = InMemoryWorld({"main": MAIN})

    assert LoadFlow(name="main").in_memory(world).version == MAIN.fingerprint({})
    with pytest.raises(FlowError, match="there is no flow 'other' that can be read"):
        LoadFlow(name="other").in_memory(world)


def test_a_name_that_the_settings_lack_is_refused_with_its_nearest() -> None:
    world = InMemoryWorld({}, queues={"support": Queue()})

    with pytest.raises(FlowError, match=r"there is no queue 'suport' in prosa\.toml, did you mean 'support'\?"):
        FindQueue(queue="suport").in_memory(world)
    with pytest.raises(FlowError, match=r"there is no template 'due' in prosa\.toml"):
        FindTemplate(template="due").in_memory(world)


def test_times_and_addresses_need_nothing() -> None:
    world = InMemoryWorld({})

    assert FindMoment(written="2026-11-21T09:00", zone="America/Sao_Paulo").in_memory(world).at == AT
    assert MakeCallback(key="c1:1", event="paid").in_memory(world) == "https://example.com/events/paid"


def test_an_effect_without_an_answer_in_memory_says_that_it_needs_a_server() -> None:
    with pytest.raises(FlowError, match="'send_campaign' needs a server: it cannot be played here"):
        SendCampaign(schedule="monthly", key="k").in_memory(InMemoryWorld({}))


def test_it_is_played_without_temporal() -> None:
    code = "import stories.world, sys; print('temporalio' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
