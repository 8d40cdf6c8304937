"""The flow that docs/how-to/write-a-flow.md shows is drawn, and does what its stories say."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from prosa.commands import app
from tests.docs.pages import HOW_TO, blocks


def test_the_flow_of_the_page_does_what_its_stories_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = HOW_TO / "write-a-flow.md"
    flow, stories = blocks(page, "yaml")
    (tmp_path / "prosa.toml").write_text(blocks(page, "toml")[0], encoding="utf-8")
    (tmp_path / "flows" / "stories").mkdir(parents=True)
    (tmp_path / "flows" / "atende.yaml").write_text(flow, encoding="utf-8")
    (tmp_path / "flows" / "stories" / "atende.yaml").write_text(stories, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in (["check"], ["draw", "atende", "-o", "atende.svg"], ["test", "--processes", "1"]):
        done = CliRunner().invoke(app, ["flow", *command])
        assert done.exit_code == 0, done.output
    assert "3 passed" in done.output
    assert (tmp_path / "atende.svg").is_file()
