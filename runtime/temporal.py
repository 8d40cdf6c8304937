"""Temporal's client, as every process of Prosa uses it."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Mapping
from datetime import timedelta
from typing import Final

from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import Payloads, SearchAttributes, WorkflowExecution, WorkflowType
from temporalio.api.enums.v1 import IndexedValueType, WorkflowIdReusePolicy
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.sdk.v1 import UserMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    SignalWithStartWorkflowExecutionRequest,
    SignalWorkflowExecutionRequest,
)
from temporalio.client import Client
from temporalio.converter import CompositePayloadConverter, DataConverter, PayloadConverter
from temporalio.service import RPCError, RPCStatusCode

from domain.conversation import ConversationStart
from domain.errors import TemporalError
from domain.limits import LIMITS
from domain.message import Inbound
from runtime.settings import Settings
from runtime.temporal_names import SEARCH_ATTRIBUTES, SIGNAL_MESSAGE, TASK_QUEUE, WORKFLOW
from runtime.temporal_payloads import converters
from runtime.temporal_service import Service

CALL: Final = timedelta(seconds=10)
REFUSALS: Final = frozenset(
    {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED}
)
"""Temporal's answers to a client without the right to manage it."""
CLOSING: Final = "workflow is closing"
"""Temporal's answer while a run completes or is continued as new (seen with Server 1.32)."""
CLOSING_TRIES: Final = 100
CLOSING_PAUSE: Final = 0.02
"""Seconds."""

_KINDS: Final[Mapping[str, IndexedValueType.ValueType]] = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "KeywordList": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
}


class SharedPayloadConverter(CompositePayloadConverter):
    """Pydantic's converter over one set of type adapters for the process.

    The SDK makes a converter for every conversation and two for every activation: each would learn all types anew.
    """

    _shared: Final = converters()

    def __init__(self) -> None:
        super().__init__(*self._shared)


DATA_CONVERTER: Final = DataConverter(payload_converter_class=SharedPayloadConverter)


async def connect(settings: Settings, *, lazy: bool = True) -> Client:
    """Return a client of the Temporal that *settings* name, connected at its first call or, for workers, at once.

    SettingsError when a key or certificate that they name is not there; RuntimeError when it cannot connect at once.
    """
    service = await Service.open(settings, lazy=lazy)
    return Client(service, namespace=settings.temporal.namespace, data_converter=DATA_CONVERTER)


async def ensure_search_attributes(client: Client) -> None:
    """Register the search attributes that the namespace does not know yet; without them workflows would hang.

    TemporalError names those that are missing where Temporal does not let us register them.
    """
    if not (missing := await missing_search_attributes(client)):
        return
    try:
        await register_search_attributes(client, known=SEARCH_ATTRIBUTES.keys() - missing.keys())
    except RPCError as error:
        if error.status == RPCStatusCode.ALREADY_EXISTS:  # another worker was faster
            return
        if error.status not in REFUSALS:
            raise
        named = ", ".join(f"{name} ({kind})" for name, kind in missing.items())
        raise TemporalError(
            f"the namespace {client.namespace!r} lacks search attributes, and Temporal does not let us make them: "
            f"{named}; as somebody who may: {creation(client.namespace, missing)}",
            "search_attributes",
        ) from error


async def missing_search_attributes(client: Client) -> dict[str, str]:
    """Return the search attributes that the namespace does not know, and the type of each.

    Temporal Cloud refuses to list them; then each is tried in a query, which is refused where it is not known.
    """
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    except RPCError as error:
        if error.status not in REFUSALS:
            raise
        return {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if not await _searchable(client, name)}
    return {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in known}


async def _searchable(client: Client, name: str) -> bool:
    try:
        await client.count_workflows(f"{name} = 'x'")
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        return False
    return True


def creation(namespace: str, attributes: Mapping[str, str]) -> str:
    """Return the command that registers *attributes*, by name and type."""
    each = " ".join(f"--name {name} --type {kind}" for name, kind in attributes.items())
    return f"temporal operator search-attribute create --namespace {namespace} {each}"


async def register_search_attributes(client: Client, known: Container[str] = ()) -> None:
    """Register the search attributes that are not *known*; the time-skipping server cannot say which ones it knows."""
    missing = {name: _KINDS[kind] for name, kind in SEARCH_ATTRIBUTES.items() if name not in known}
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


async def tell(client: Client, workflow_id: str, start: ConversationStart, message: Inbound) -> None:
    """Signal *message* to the conversation, and start it when none is open.

    The raw call, because the SDK's own draws a random request id: with the message id Temporal drops a repeat
    within a run (`reference/temporal.md` 5). RPCError when Temporal does not take it; telling again is safe.
    """
    converter = client.data_converter
    task_timeout = Duration()
    task_timeout.FromTimedelta(LIMITS.workflow_task)
    attributes = {
        "ProsaAccount": start.setup.account,
        "ProsaChannel": start.setup.channel,
        "ProsaStage": "bot",
    }
    summary = f"{start.setup.channel} · {start.setup.account} · {start.setup.flow}"
    request = SignalWithStartWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_id=workflow_id,
        workflow_type=WorkflowType(name=WORKFLOW),
        task_queue=TaskQueue(name=TASK_QUEUE),
        input=Payloads(payloads=await converter.encode([start])),
        signal_name=SIGNAL_MESSAGE,
        signal_input=Payloads(payloads=await converter.encode([message])),
        request_id=message.message_id,
        identity=client.identity,
        workflow_task_timeout=task_timeout,
        workflow_id_reuse_policy=WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
        search_attributes=_encode_attributes(attributes),
        user_metadata=UserMetadata(summary=(await converter.encode([summary]))[0]),
    )
    await _until_open(lambda: client.workflow_service.signal_with_start_workflow_execution(request, timeout=CALL))


async def tell_open(client: Client, workflow_id: str, message: Inbound) -> None:
    """Signal *message* to the conversation that is open; it opens none.

    RPCError when Temporal does not take it, NOT_FOUND when no conversation is open; telling again is safe.
    """
    request = SignalWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow_id),
        signal_name=SIGNAL_MESSAGE,
        input=Payloads(payloads=await client.data_converter.encode([message])),
        request_id=message.message_id,
        identity=client.identity,
    )
    await _until_open(lambda: client.workflow_service.signal_workflow_execution(request, timeout=CALL))


async def _until_open(call: Callable[[], Awaitable[object]]) -> None:
    """Make *call* until the workflow is not just closing, to be continued as a new run."""
    for _ in range(CLOSING_TRIES):
        try:
            await call()
        except RPCError as error:
            if CLOSING not in error.message:
                raise
            await asyncio.sleep(CLOSING_PAUSE)
        else:
            return
    raise RPCError(CLOSING, RPCStatusCode.UNAVAILABLE, b"")


def signal_limit_reached(error: RPCError) -> bool:
    """Say whether a run has had all the signals it takes: looks permanent, and passes with its next run."""
    return "signal" in error.message and "limit" in error.message


def _encode_attributes(attributes: Mapping[str, str]) -> SearchAttributes:
    encoded = SearchAttributes()
    for name, value in attributes.items():
        payload = PayloadConverter.default.to_payload(value)
        payload.metadata["type"] = SEARCH_ATTRIBUTES[name].encode()
        encoded.indexed_fields[name].CopyFrom(payload)
    return encoded
