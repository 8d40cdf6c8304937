"""Temporal, and the workers that ask it for work."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import Client

from runtime.build import Identity, build, read_identity
from runtime.settings import Settings
from runtime.temporal import creation, missing_search_attributes
from runtime.temporal_names import TASK_QUEUE, erp_queue
from runtime.wording import seconds
from usecases.doctor.finding import Finding, count, fine, notice, trouble

ALIVE: Final = timedelta(seconds=75)
"""A worker that is there asks for work at least once a minute: Temporal lets it wait no longer."""
START: Final = "start one: `python -m workers` in the folder of prosa.toml (`prosa up` starts everything)"


async def look(client: Client, settings: Settings) -> list[Finding]:
    """Return the findings about a Temporal that answers."""
    found = [await _answers(client, settings), *await _attributes(client)]
    pollers = await _pollers(client, TASK_QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    found += _workers(pollers)
    for name in settings.connections:
        if pollers and not await _pollers(client, erp_queue(name), TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
            found.append(
                trouble(
                    f"erp {name}",
                    f"no worker serves connection {name!r}, though there are workers",
                    "calls to that ERP wait until their patience is over, then take the `failed` exit",
                    f"the workers were started without [connections.{name}]: start them again with this prosa.toml",
                )
            )
    return found


async def _answers(client: Client, settings: Settings) -> Finding:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    found = await client.workflow_service.describe_namespace(request)
    days = found.config.workflow_execution_retention_ttl.ToTimedelta() / timedelta(days=1)
    where = f"{settings.temporal_address}, namespace {client.namespace!r}"
    return fine("temporal", f"answers at {where}, which keeps what has ended for {days:.4g} days")


async def _attributes(client: Client) -> list[Finding]:
    if not (missing := await missing_search_attributes(client)):
        return []
    named = ", ".join(f"{name} ({kind})" for name, kind in missing.items())
    cloud = " ".join(f"--search-attribute {name}={kind}" for name, kind in missing.items())
    return [
        trouble(
            "temporal",
            f"the namespace {client.namespace!r} does not know the search attributes {named}",
            "conversations would get stuck at their first step; workers wait until they are there",
            "start a worker: it makes them, where Temporal lets it",
            f"else, as somebody who may: `{creation(client.namespace, missing)}`",
            f"on Temporal Cloud: `tcld namespace search-attributes add --namespace {client.namespace} {cloud}`",
        )
    ]


async def _pollers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> dict[str, datetime]:
    """Return the workers that lately polled *queue*, and their last times."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
    )
    since = datetime.now(UTC) - ALIVE
    asked = {poller.identity: poller.last_access_time.ToDatetime(tzinfo=UTC) for poller in answer.pollers}
    return {identity: at for identity, at in asked.items() if at >= since}


def _workers(pollers: dict[str, datetime]) -> list[Finding]:
    if not pollers:
        return [
            trouble(
                "worker",
                "no worker is there: nobody has asked Temporal for work in the last minute",
                "no conversation goes on: contacts write and get no answer, though nothing is lost",
                START,
            )
        ]
    known = {identity: read_identity(identity) for identity in pollers}
    others = {identity: one for identity, one in known.items() if one is None or one.build != build()}
    if not others:
        return [fine("worker", f"{count(len(pollers), 'worker')} of this version ({build()})")]
    return [_other(identity, one, pollers[identity]) for identity, one in others.items()] + _same(known.values())


def _same(known: Iterable[Identity | None]) -> list[Finding]:
    mine = [one for one in known if one is not None and one.build == build()]
    return [fine("worker", f"{count(len(mine), 'worker')} of this version ({build()})")] if mine else []


def _other(identity: str, one: Identity | None, at: datetime) -> Finding:
    ago = seconds((datetime.now(UTC) - at).total_seconds())
    if one is None:
        return notice(
            "worker",
            f"something that is no worker of Prosa, or a very old one, asks for our work: {identity!r}, {ago} ago",
            "it may take a step of a conversation and fail at it",
            "find it by that name (process number @ machine), and end it",
        )
    return trouble(
        "worker",
        f"a worker of another version runs: process {one.pid} on {one.host} has Prosa {one.version}, code {one.build};"
        f" here it is {build()} (it asked for work {ago} ago; one that has ended is named for another minute)",
        "conversations move between workers: one that plays them otherwise gets them stuck, or says old things",
        f"end it on {one.host}: `kill {one.pid}`; then {START}",
        f"if that one is right and this folder is old: run the doctor there, from the folder of process {one.pid}",
    )
