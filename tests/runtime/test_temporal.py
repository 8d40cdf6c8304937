import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain.conversation import Contact, ConversationStart, Setup
from domain.message import Inbound
from runtime import temporal
from runtime.settings import Settings
from runtime.temporal import CLOSING, connect, ensure_search_attributes, signal_limit_reached, tell
from runtime.temporal_names import SEARCH_ATTRIBUTES, SIGNAL_MESSAGE, TASK_QUEUE
from runtime.temporal_section import TemporalSection

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
START = ConversationStart(setup=Setup(account="site", channel="webchat", flow="main", contact=Contact(address="ana")))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncGenerator[Client]:
    """A real Temporal, without a worker: what is told to it stays where it can be looked at."""
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=timedelta(seconds=60),
        data_converter=pydantic_data_converter,
    )
    async with environment:
        await ensure_search_attributes(environment.client)
        yield environment.client


def message(message_id: str, text: str = "oi") -> Inbound:
    return Inbound(message_id=message_id, at=AT, text=text)


async def history(client: Client, workflow_id: str) -> list[HistoryEvent]:
    return list((await client.get_workflow_handle(workflow_id).fetch_history()).events)


async def signals(client: Client, workflow_id: str) -> list[Inbound]:
    """Return what the workflow has been told, in order."""
    found: list[Inbound] = []
    for event in await history(client, workflow_id):
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            signalled = event.workflow_execution_signaled_event_attributes
            assert signalled.signal_name == SIGNAL_MESSAGE
            found += await client.data_converter.decode(signalled.input.payloads, [Inbound])
    return found


async def test_the_first_message_starts_the_conversation_and_is_its_first_signal(client: Client) -> None:
    await tell(client, "conversation:site:1", START, message("e1"))
    (started, *_) = await history(client, "conversation:site:1")
    begun = started.workflow_execution_started_event_attributes
    (given,) = await client.data_converter.decode(begun.input.payloads, [ConversationStart])
    assert given == START
    assert (begun.workflow_type.name, begun.task_queue.name) == ("Conversation", TASK_QUEUE)
    assert begun.workflow_task_timeout.seconds == 5
    assert not begun.workflow_execution_timeout.seconds
    assert not begun.workflow_run_timeout.seconds
    assert await signals(client, "conversation:site:1") == [message("e1")]


async def test_the_same_event_told_twice_is_one_signal(client: Client) -> None:
    for message_id in ("e1", "e1", "e2", "e1", "e2"):
        await tell(client, "conversation:site:2", START, message(message_id))
    assert [told.message_id for told in await signals(client, "conversation:site:2")] == ["e1", "e2"]


async def test_the_same_words_in_two_events_are_two_signals(client: Client) -> None:
    for message_id in ("e1", "e2"):
        await tell(client, "conversation:site:3", START, message(message_id, "sim"))
    assert [told.text for told in await signals(client, "conversation:site:3")] == ["sim", "sim"]


async def test_a_message_for_a_conversation_that_is_over_starts_a_new_one(client: Client) -> None:
    await tell(client, "conversation:site:4", START, message("e1"))
    await client.get_workflow_handle("conversation:site:4").terminate()
    await tell(client, "conversation:site:4", START, message("e2"))
    assert [told.message_id for told in await signals(client, "conversation:site:4")] == ["e2"]


async def test_a_conversation_can_be_listed_by_account_and_channel_and_says_what_it_is(client: Client) -> None:
    await tell(client, "conversation:site:5", START, message("e1"))
    described = await client.get_workflow_handle("conversation:site:5").describe()
    attributes: Any = described.typed_search_attributes
    found = {pair.key.name: pair.value for pair in attributes}
    assert found == {"ProsaAccount": "site", "ProsaChannel": "webchat", "ProsaStage": "bot"}
    assert await described.static_summary() == "webchat · site · main"


async def test_search_attributes_are_registered_once_and_again_without_complaint(client: Client) -> None:
    await ensure_search_attributes(client)
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    assert set(SEARCH_ATTRIBUTES) <= set(known.custom_attributes)


async def test_a_client_that_is_lazy_needs_no_temporal_to_be_made() -> None:
    nobody = Settings(temporal=TemporalSection(address="127.0.0.1:9"))
    assert (await connect(nobody)).namespace == "default"
    with pytest.raises(RuntimeError):
        await connect(nobody, lazy=False)


async def test_the_client_of_the_settings_speaks_to_their_temporal(client: Client) -> None:
    settings = Settings(temporal=TemporalSection(address=client.service_client.config.target_host))
    connected = await connect(settings, lazy=False)
    await tell(connected, "conversation:site:6", START, message("e1"))
    assert await signals(client, "conversation:site:6") == [message("e1")]


class Closing:
    """The real client, whose first answers to a signal are errors."""

    def __init__(self, client: Client, *errors: RPCError) -> None:
        self.namespace = client.namespace
        self.data_converter = client.data_converter
        self.identity = client.identity
        self.workflow_service = self
        self.calls = 0
        self._client = client
        self._errors = list(errors)

    async def signal_with_start_workflow_execution(self, request: Any, **options: Any) -> object:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return await self._client.workflow_service.signal_with_start_workflow_execution(request, **options)


def closing() -> RPCError:
    return RPCError(f"unable to signal: {CLOSING}", RPCStatusCode.RESOURCE_EXHAUSTED, b"")


async def test_a_run_that_is_closing_is_told_again_until_the_next_one_takes_the_message(client: Client) -> None:
    server = Closing(client, closing(), closing(), closing())
    await tell(cast("Client", server), "conversation:site:7", START, message("e1"))
    assert server.calls == 4
    assert await signals(client, "conversation:site:7") == [message("e1")]


async def test_a_run_that_never_closes_is_given_up_as_unavailable(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporal, "CLOSING_PAUSE", 0)
    server = Closing(client, *(closing() for _ in range(1_000)))
    with pytest.raises(RPCError, match=CLOSING) as refusal:
        await tell(cast("Client", server), "conversation:site:8", START, message("e1"))
    assert refusal.value.status == RPCStatusCode.UNAVAILABLE
    assert server.calls == temporal.CLOSING_TRIES


async def test_any_other_error_is_told_at_once(client: Client) -> None:
    server = Closing(client, RPCError("no such namespace", RPCStatusCode.NOT_FOUND, b""))
    with pytest.raises(RPCError, match="no such namespace"):
        await tell(cast("Client", server), "conversation:site:9", START, message("e1"))
    assert server.calls == 1


@pytest.mark.parametrize(
    ("sentence", "reached"),
    [
        ("exceeded workflow execution limit for signal events", True),
        ("workflow signal count limit reached", True),
        (CLOSING, False),
        ("namespace rate limit exceeded", False),
    ],
)
async def test_a_run_that_takes_no_more_signals_is_known_by_its_sentence(
    sentence: str,
    reached: bool,  # noqa: FBT001
) -> None:
    assert signal_limit_reached(RPCError(sentence, RPCStatusCode.INVALID_ARGUMENT, b"")) is reached
