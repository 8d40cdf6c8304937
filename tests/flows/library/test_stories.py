"""The suite of the library: its stories, played on the production workflow."""

from pathlib import Path

import pytest

from runtime.settings import Settings
from stories import files, parallel
from stories.coverage import coverage
from stories.outcome import Outcome
from stories.reader import StoryFile
from usecases import flow_files

SETTINGS = Settings(data=Path("nowhere"))
STORIES: list[StoryFile] = files.stories(SETTINGS)
FLOWS = flow_files.readable(SETTINGS)


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, int], Outcome]:
    """Every story by file and line, all played on one server."""
    played = parallel.play(FLOWS, STORIES, 1, lambda _: None)
    return {(outcome.file, outcome.begins): outcome for outcome in played}


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.story.story)
def test_the_bot_does_what_the_story_says(outcomes: dict[tuple[str, int], Outcome], told: StoryFile) -> None:
    outcome = outcomes[told.file, told.line]
    difference = outcome.difference
    assert difference is None, (difference.expected, difference.found, outcome.line)


def test_the_stories_reach_every_card_exit_option_reminder_and_time_limit(
    outcomes: dict[tuple[str, int], Outcome],
) -> None:
    assert coverage(FLOWS.values(), outcomes.values()).missed == ()
