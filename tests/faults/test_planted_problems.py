"""Five planted problems: `prosa doctor` and `prosa conversation show` lead to the cause, and to what mends it."""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.faults import installation
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact
from tests.faults.lives import Lives
from tests.faults.process import ROOT, python

pytestmark = pytest.mark.timeout(400)
HANG = 120.0


class Ran(NamedTuple):
    """What a command answered: its status and what it wrote, in one line."""

    status: int
    text: str

    def __contains__(self, words: object) -> bool:
        return str(words) in self.text


async def prosa(cluster: Cluster, *arguments: str) -> Ran:
    """Run the command line as a person would, in the folder of the installation."""
    port = cluster.gateway_urls[0].rpartition(":")[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "prosa", "-C", str(cluster.folder), *arguments),
        env={"PYTHONPATH": str(ROOT), "PROSA_GATEWAY__PORT": port, **installation.SECRETS},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return Ran(process.returncode or 0, " ".join(out.decode().split()))


async def prosa_says(cluster: Cluster, *arguments: str, holds: Callable[[Ran], bool]) -> Ran:
    """Run a command until *holds*: what it looks at takes its time."""
    deadline = asyncio.get_running_loop().time() + HANG
    while not holds(ran := await prosa(cluster, *arguments)):
        assert asyncio.get_running_loop().time() < deadline, ran.text + cluster.tails()
        await asyncio.sleep(0.5)
    return ran


async def protocol_of(contact: Contact) -> str:
    deadline = asyncio.get_running_loop().time() + HANG
    while not (rows := await contact.conversations()):
        assert asyncio.get_running_loop().time() < deadline, contact.cluster.tails()
        await asyncio.sleep(0.1)
    return str(rows[-1]["protocol"])


@pytest.mark.long
async def test_an_installation_in_which_all_is_well_has_no_trouble(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="impatient") as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        await ana.sees("Segunda via da fatura 5001 emitida.", "Posso ajudar em mais alguma coisa?")

        found = await prosa(cluster, "doctor")

        assert (found.status, "nothing is in trouble" in found) == (0, True), found.text
        findings: list[Any] = json.loads((await prosa(cluster, "doctor", "--format", "json")).text)
        assert {finding["level"] for finding in findings} == {"fine"}


async def test_an_erp_that_is_down_is_named_and_its_conversations_come_back(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="patient") as cluster:
        await cluster.erp.kill()
        ana = Contact(cluster)
        await ana.say("oi")
        protocol = await protocol_of(ana)

        found = await prosa_says(cluster, "doctor", holds=lambda ran: "conversation waiting for it" in ran)
        assert found.status == 1
        assert "the ERP of connection 'billing' does not answer" in found
        assert "from here, nothing takes connections at 127.0.0.1" in found
        assert "1 trouble" in found
        assert f"1 conversation waiting for it ({protocol})" in found
        assert "ConnectError" in found

        shown = await prosa(cluster, "conversation", "show", protocol)
        assert "calls billing.second_copy at card 'issue' of flow 'patient' version 1, tries until" in shown
        assert "the call to billing has failed" in shown
        assert f"`prosa conversation skip {protocol}`" in shown

        skipped = await prosa(cluster, "conversation", "skip", protocol, "--by", "ana", "--reason", "it is down")
        assert (skipped.status, "ana skips the wait, by failed: it is down" in skipped) == (0, True), skipped.text
        shown = await prosa_says(cluster, "conversation", "show", protocol, holds=lambda ran: "waits for" in ran)
        assert f"`prosa conversation retry {protocol}` plays it again" in shown
        await cluster.erp.start()
        retried = await prosa(cluster, "conversation", "retry", protocol, "--by", "ana")
        assert (retried.status, "has the failed step played again (card issue" in retried) == (0, True), retried.text
        away, more = "O sistema de cobrança não respondeu.", "Posso ajudar em mais alguma coisa?"
        await ana.sees(away, more, "Segunda via da fatura 5001 emitida.", more)

        found = await prosa(cluster, "doctor")
        assert (found.status, "works again since" in found) == (0, True), found.text
        did = json.loads((await prosa(cluster, "audit", "list", "--format", "json")).text)
        assert [(one["by"], one["action"], one["subject"]) for one in did] == [
            ("ana", "conversation retry", protocol),
            ("ana", "conversation skip", protocol),
        ]


@pytest.mark.long
async def test_a_credential_that_an_erp_refuses_is_named_with_the_place_of_its_secret(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="patient", told={"PROSA_SECRET_BILLING": "wrong"}) as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        protocol = await protocol_of(ana)

        found = await prosa_says(cluster, "doctor", holds=lambda ran: "refuses our credential" in ran)
        assert found.status == 1
        assert "the ERP of connection 'billing' refuses our credential" in found
        assert f"1 conversation waiting for it ({protocol})" in found
        assert "from here it answers, and takes our credential as it is read here" in found
        assert "secret://billing is read from: the variable PROSA_SECRET_BILLING" in found

        shown = await prosa(cluster, "conversation", "show", protocol)
        assert "our credential was refused with status 401" in shown
        assert "secret://billing is read from: the variable PROSA_SECRET_BILLING" in shown


async def test_a_credential_that_a_provider_refuses_is_named_with_the_place_of_its_secret(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="circle", told={"PROSA_SECRET_WIRE": "wrong"}) as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        protocol = await protocol_of(ana)

        found = await prosa_says(cluster, "doctor", holds=lambda ran: "refuses our credential" in ran)
        assert found.status == 1
        assert f"the provider of account 'keyed' refuses our credential: 1 conversation waiting ({protocol})" in found
        assert "secret://wire is read from: the variable PROSA_SECRET_WIRE" in found

        shown = await prosa(cluster, "conversation", "show", protocol)
        assert "the sending of its messages has failed" in shown
        assert "secret://wire is read from: the variable PROSA_SECRET_WIRE" in shown

        skipped = await prosa(cluster, "conversation", "skip", protocol, "--by", "ana", "--reason", "too late")
        assert (skipped.status, "ana skips the wait, by undelivered: too late" in skipped) == (0, True), skipped.text
        shown = await prosa(cluster, "conversation", "show", protocol)
        assert "Qual é a cor? 1. Verde (failed:" in shown
        assert (await ana.seen()) == []


@pytest.mark.long
async def test_a_question_that_goes_in_a_circle_is_named(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="circle") as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        for number in range(9):
            await ana.say(f"azul {number}")
            await ana.sees(*["Qual é a cor?"] * (number + 2))
        protocol = await protocol_of(ana)

        found = await prosa(cluster, "doctor")
        assert found.status == 1
        assert f"going in a circle at question 'ask' of flow 'circle': it has heard 9 answers in {protocol}" in found

        shown = await prosa(cluster, "conversation", "show", protocol)
        assert shown.text.count("exit invalid → ask") == 9
        closed = await prosa(cluster, "conversation", "close", protocol, "--reason", "goes in a circle")
        assert (closed.status, "has ended" in closed) == (0, True), closed.text
        assert (await prosa(cluster, "doctor")).status == 0


async def test_a_message_in_doubt_is_named_and_decided_about(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="circle") as cluster:
        await cluster.switch("plain", drop_after_accept=1)
        ana = Contact(cluster, account="once")
        await ana.say("oi")
        await ana.sees("Qual é a cor?")
        protocol = await protocol_of(ana)

        found = await prosa_says(cluster, "doctor", holds=lambda ran: "in doubt" in ran)
        assert (found.status, "`prosa outbox unknown` lists them" in found) == (1, True)
        shown = await prosa(cluster, "conversation", "show", protocol)
        assert "Qual é a cor? 1. Verde (unknown:" in shown
        [doubt] = json.loads((await prosa(cluster, "outbox", "unknown", "--format", "json")).text)
        assert doubt["message"].startswith(f"{protocol}:")

        sent = await prosa(cluster, "outbox", "resend", doubt["message"], "--by", "ana", "--reason", "she asked")
        assert (sent.status, "is sent" in sent) == (0, True), sent.text
        await ana.sees("Qual é a cor?", "Qual é a cor?")
        assert "(may have arrived twice)" in await prosa(cluster, "conversation", "show", protocol)
        assert (await prosa(cluster, "doctor")).status == 0
        assert (await prosa(cluster, "audit", "verify")).status == 0


def older(folder: Path) -> Path:
    """Return a Prosa that does a little less: it does not tell Temporal its search attributes."""
    for package in ROOT.glob("*/__init__.py"):
        if package.parent.name not in {"tests", "bench"}:
            shutil.copytree(package.parent, folder / package.parent.name, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "workflows" / "conversation.py"
    source = file.read_text(encoding="utf-8")
    assert "        if changed:\n" in source
    file.write_text(source.replace("        if changed:\n", "        if False:\n"), encoding="utf-8")
    return folder


@pytest.mark.long
async def test_a_worker_of_an_old_version_is_named_and_what_it_gets_stuck(tmp_path: Path) -> None:
    old = older(tmp_path / "old")
    async with Cluster(tmp_path, flow="circle", told={"PYTHONPATH": str(old)}) as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        await ana.sees("Qual é a cor?")
        protocol = await protocol_of(ana)

        found = await prosa(cluster, "doctor")
        assert (found.status, "a worker of another version runs: process" in found) == (1, True), found.text

        await cluster.workers[0].stop()
        newer = Lives("worker-new", python("workers"), tmp_path, installation.SECRETS)
        await newer.start()
        try:
            await ana.say("azul")
            found = await prosa_says(cluster, "doctor", holds=lambda ran: "stuck (" in ran)
            assert found.status == 1
            assert f"1 conversation stuck ({protocol}): a worker plays it with other code than it began with" in found
            shown = await prosa(cluster, "conversation", "show", protocol)
            assert "it is stuck: its next step has failed" in shown
        finally:
            await newer.stop()

        await cluster.workers[0].start()
        await ana.sees("Qual é a cor?", "Qual é a cor?")
