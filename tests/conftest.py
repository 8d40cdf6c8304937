"""What all tests share: no deadlines for examples, figures that are printed, and skips that CI does not forgive."""

import os

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)  # a busy machine is slow, and no example wrong for it
settings.load_profile("suite")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded with `record_property("figure", "what: 1.2 s")`."""
    figures = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.line(str(figure))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skips into a failure where everything that tests need is promised to be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
