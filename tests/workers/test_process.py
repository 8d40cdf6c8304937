import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar, cast, get_type_hints

import pytest
from temporalio.client import Client

from domain.effect import effects
from domain.errors import SettingsError
from journal.database import upgrade
from journal.errors import DatabaseVersionError
from runtime.sections import Account, Connection, ConversationSection
from runtime.settings import Settings
from runtime.temporal_names import TASK_QUEUE
from workers import process
from workers.errors import ErrorTranslation
from workers.heartbeats import BEAT, Heartbeats
from workers.process import workers

BILLING = Connection.model_validate({"erp": "demo", "url": "http://127.0.0.1:9", "token": "t", "max_concurrent": 2})
EFFECTS = {name: kind for name, kind in effects().items() if kind.__module__.startswith("domain.")}


class Poller:
    """Stands for Temporal's worker: notes what it is given, and whether it is polling."""

    made: ClassVar[list["Poller"]] = []
    polling: ClassVar[int] = 0

    def __init__(self, _client: object, *, task_queue: str, activities: list[Any], **options: Any) -> None:
        self.task_queue = task_queue
        self.activities = {definition(method).name: method for method in activities}
        self.options = options
        assert len(self.activities) == len(activities)
        Poller.made.append(self)

    async def __aenter__(self) -> None:
        Poller.polling += 1

    async def __aexit__(self, *_: object) -> None:
        Poller.polling -= 1


def definition(method: Any) -> Any:
    # The SDK has no public way to ask.
    function: Any = getattr(method, "__func__", method)
    found: Any = function.__dict__["__temporal_activity_definition"]
    return found


@pytest.fixture
def pollers(monkeypatch: pytest.MonkeyPatch) -> type[Poller]:
    Poller.made = []
    monkeypatch.setattr(process, "Worker", Poller)
    return Poller


def settings(folder: Path, **more: Any) -> Settings:
    fields: dict[str, Any] = {"accounts": {"site": Account(channel="webchat", flow="main")}} | more
    return Settings(data=folder, **fields)


async def test_every_effect_has_exactly_one_activity_that_takes_and_gives_what_it_says(
    tmp_path: Path, pollers: type[Poller]
) -> None:
    chosen = settings(tmp_path, connections={"billing": BILLING})
    upgrade(chosen.database_url)
    async with workers(chosen, cast("Client", None)):
        pass
    registered = [(name, method) for poller in pollers.made for name, method in poller.activities.items()]
    assert sorted(name for name, _ in registered) == sorted(EFFECTS)
    for name, method in registered:
        hints = get_type_hints(method)
        assert hints.pop("return") is EFFECTS[name].answer, name
        assert list(hints.values()) == [EFFECTS[name]], name


async def test_a_worker_keeps_as_many_conversations_in_memory_as_the_settings_say(
    tmp_path: Path, pollers: type[Poller]
) -> None:
    chosen = settings(tmp_path, conversation=ConversationSection(kept_in_memory=300))
    upgrade(chosen.database_url)
    async with workers(chosen, cast("Client", None)):
        pass
    assert pollers.made[0].options["max_cached_workflows"] == 300


async def test_conversations_and_each_connection_have_a_queue_of_their_own(
    tmp_path: Path, pollers: type[Poller]
) -> None:
    crm = BILLING.model_copy(update={"max_concurrent": 7})
    chosen = settings(tmp_path, connections={"billing": BILLING, "crm": crm})
    upgrade(chosen.database_url)
    async with workers(chosen, cast("Client", None)):
        assert pollers.polling == 3
    assert pollers.polling == 0
    conversations, *erps = pollers.made
    assert conversations.task_queue == TASK_QUEUE
    behind = {"call_erp", "check_address", "check_register", "send_code"}
    assert sorted(conversations.activities) == sorted(set(EFFECTS) - behind)
    assert [set(erp.activities) for erp in erps] == [behind, behind]
    assert [(erp.task_queue, erp.options["max_concurrent_activities"]) for erp in erps] == [
        ("erp:billing", 2),
        ("erp:crm", 7),
    ]
    for poller in pollers.made:
        assert {ErrorTranslation, Heartbeats} <= {type(one) for one in poller.options["interceptors"]}
        assert poller.options["max_heartbeat_throttle_interval"] == BEAT


async def test_a_worker_does_not_start_on_a_database_of_another_version(tmp_path: Path, pollers: type[Poller]) -> None:
    with pytest.raises(DatabaseVersionError, match="prosa db upgrade"):
        async with workers(settings(tmp_path), cast("Client", None)):
            pass
    assert pollers.made == []


async def test_a_worker_does_not_start_with_an_account_that_no_channel_understands(
    tmp_path: Path, pollers: type[Poller]
) -> None:
    chosen = settings(tmp_path, accounts={"site": Account(channel="pigeon", flow="main")})
    upgrade(chosen.database_url)
    with pytest.raises(SettingsError, match=r"accounts\.site\.channel"):
        async with workers(chosen, cast("Client", None)):
            pass
    assert pollers.made == []


def run(folder: Path, **environment: str) -> subprocess.Popen[str]:
    variables = {**os.environ, "PROSA_DATA": str(folder / "var"), **environment}
    command = [sys.executable, "-m", "workers"]
    root = str(Path(__file__).parent.parent.parent)
    return subprocess.Popen(
        command,
        cwd=folder,
        env=variables | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_mistake_in_the_settings_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    ended = run(tmp_path, PROSA_TEMPORAL__PORT="many")
    out, err = ended.communicate(timeout=60)
    assert (ended.returncode, out) == (2, "")
    assert err.startswith("prosa.toml: temporal.port: ")
    assert len(err.splitlines()) == 1


def test_a_worker_that_starts_before_temporal_waits_and_can_be_stopped(tmp_path: Path) -> None:
    waiting = run(tmp_path, PROSA_TEMPORAL__ADDRESS="127.0.0.1:9")
    assert waiting.stderr is not None
    assert "temporal_not_reached" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGTERM)
    out, _ = waiting.communicate(timeout=60)
    assert (waiting.returncode, out) == (0, "")


def test_a_worker_whose_key_is_not_there_yet_says_so_and_waits(tmp_path: Path) -> None:
    temporal = {"ADDRESS": "127.0.0.1:9", "TLS": "true", "API_KEY": "secret://cloud"}
    waiting = run(tmp_path, **{f"PROSA_TEMPORAL__{key}": value for key, value in temporal.items()})
    assert waiting.stderr is not None
    assert "temporal.api_key: secret 'cloud': expected the variable PROSA_SECRET_CLOUD" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGTERM)
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0
