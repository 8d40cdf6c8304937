"""Many stories, when the server that plays them does not hold."""

import os
import signal
from pathlib import Path

from runtime.settings import Settings
from stories import files, parallel
from stories.outcome import Outcome
from usecases import flow_files


def servers() -> list[int]:
    """Return the test servers that this process has started."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1] if entry.name.isdecimal() else ""
            if parent == str(os.getpid()) and b"temporal-test-server" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_a_story_during_which_the_server_dies_is_played_on_another() -> None:
    settings = Settings()
    stories = files.stories(settings, ["pesquisa"])
    told: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) == 2:
            (server,) = servers()
            os.kill(server, signal.SIGKILL)

    outcomes = parallel.play(flow_files.readable(settings), stories, 1, report)
    assert [outcome.story for outcome in outcomes] == [told.story.story for told in stories]
    assert [outcome.difference for outcome in outcomes if outcome.difference] == []
    assert len(told) == len(stories)
