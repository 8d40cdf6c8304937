from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from journal.database import Database, upgrade


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    """A real SQLite database with our tables."""
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    opened = Database(url)
    yield opened
    await opened.close()
