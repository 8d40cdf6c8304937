"""`python -m bench.floor_worker`: the worker process of one floor, with the settings of Prosa's."""

import argparse
import asyncio
import json
import signal

import httpx
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from bench import wire
from bench.floors import FLOORS, PROVIDER_CALL, SEND, Reply
from runtime.sections import ConversationSection
from workers.process import STICKY


class Sender:
    """The activity: one signed POST to the provider."""

    def __init__(self, client: httpx.AsyncClient, provider: str) -> None:
        self._client = client
        self._provider = provider

    @activity.defn(name=SEND)
    async def send(self, reply: Reply) -> None:
        body = wire.outgoing(reply.key, reply.address, reply.text, reply.options)
        answer = await self._client.post(self._provider, content=body, headers=wire.sign(reply.key, body))
        answer.raise_for_status()


async def work(floor: str, temporal: str, provider: str) -> None:
    """Poll until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await Client.connect(temporal)
    runner = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("bench"))
    async with (
        httpx.AsyncClient(timeout=PROVIDER_CALL.total_seconds()) as outside,
        Worker(
            client,
            task_queue=floor,
            workflows=[FLOORS[floor]],
            activities=[Sender(outside, provider).send],
            workflow_runner=runner,
            max_cached_workflows=ConversationSection().kept_in_memory,
            sticky_queue_schedule_to_start_timeout=STICKY,
        ),
    ):
        print(json.dumps({"ready": True}), flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--floor", choices=FLOORS, required=True)
    parser.add_argument("--temporal", required=True)
    parser.add_argument("--provider", required=True)
    arguments = parser.parse_args()
    asyncio.run(work(arguments.floor, arguments.temporal, arguments.provider))
