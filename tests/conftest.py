"""What all tests share: a skip is a failure in CI."""

import os

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skips into a failure where everything that tests need is promised to be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
