"""docs/production.md says the figures that the code has."""

import re

import pytest

from domain.limits import LIMITS
from runtime.links import LIFETIME
from runtime.sections import ConversationSection, RetentionSection
from tests.deploy.compose import ROOT
from workers.process import GRACE

PAGE = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RetentionSection.model_fields)
def test_each_period_of_retention_is_the_one_of_the_settings(name: str) -> None:
    [row] = re.findall(rf"^\| `{name}` \| (\d+)(?:, at least (\d+))? \|", PAGE, re.MULTILINE)
    schema = RetentionSection.model_json_schema()["properties"][name]
    assert int(row[0]) == schema["default"]
    assert int(row[1] or 1) == schema["minimum"]


def test_each_figure_of_the_code_is_that_of_the_page() -> None:
    assert f"{ConversationSection().kept_in_memory:,} are kept in memory by one worker" in PAGE
    assert f"within {GRACE.total_seconds():.0f} s" in PAGE
    assert f"links to them last {LIFETIME.days} days" in PAGE
    assert f"at most {LIMITS.turns_per_run} |" in PAGE
    assert f"take {LIMITS.upload // 1024**2} MiB for uploads" in PAGE


def test_nothing_is_asked_of_the_database_before_its_migration() -> None:
    first, *others = re.findall(r"^docker compose run --rm migrate *(\w*)", PAGE, re.MULTILINE)
    assert first == ""
    assert "prosa" in others


def test_the_doctor_is_called_where_the_gateway_answers() -> None:
    called = re.findall(r"docker compose (.*) prosa doctor", PAGE)
    assert called
    assert [words for words in called if not re.fullmatch(r"exec (-T )?gateway", words)] == []
