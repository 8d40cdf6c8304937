"""The examples of CONTRIBUTING.md are what they say: one file and one test each, and nothing else."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```python\n# (?P<file>\S+\.py)\n(?P<code>.*?)```", re.DOTALL)
EXAMPLES = {found["file"]: found["code"] for found in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))}
CHECKS = ("tests/test_plugins.py", "tests/flows/test_registries.py")
SKIPPED = shutil.ignore_patterns("__pycache__", ".*_cache", "histories", "faults", "prosa", "gateway", "journal")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project with the examples in it."""
    folder = tmp_path_factory.mktemp("contributor")
    for name in ("domain", "runtime", "journal", "channels", "erps", "flows", "workflows", "activities", "emulators"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=SKIPPED)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for file, code in EXAMPLES.items():
        (folder / file).write_text(code, encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def outcome_of(tree: Path, *files: str) -> subprocess.CompletedProcess[str]:
    return run(tree, "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *files)


def test_there_is_an_example_of_a_card_an_erp_and_a_channel() -> None:
    assert sorted(EXAMPLES) == [
        "channels/pager.py",
        "erps/rural.py",
        "flows/cards/say_list.py",
        "tests/channels/test_pager.py",
        "tests/erps/test_rural.py",
        "tests/flows/cards/test_say_list.py",
    ]


def test_the_examples_pass_their_tests_and_the_contracts(tree: Path) -> None:
    done = outcome_of(tree, *CHECKS, *(file for file in EXAMPLES if file.startswith("tests/")))

    assert done.returncode == 0, done.stdout


def test_the_examples_look_like_the_rest(tree: Path) -> None:
    checked = run(tree, "ruff", "check", *EXAMPLES)
    formatted = run(tree, "ruff", "format", "--check", *EXAMPLES)

    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("plugin", [file for file in EXAMPLES if not file.startswith("tests/")])
def test_without_its_test_a_plugin_is_refused(tree: Path, plugin: str) -> None:
    test = tree / "tests" / Path(plugin).with_name(f"test_{Path(plugin).name}")
    test.unlink()

    done = outcome_of(tree, "tests/test_plugins.py")
    test.write_text(EXAMPLES[str(test.relative_to(tree))], encoding="utf-8")

    assert done.returncode == 1
    assert f"{plugin} has no test: expected {test.relative_to(tree)}" in done.stdout


@pytest.mark.parametrize("plugin", [file for file in EXAMPLES if not file.startswith("tests/")])
def test_without_its_docstring_a_plugin_is_refused(tree: Path, plugin: str) -> None:
    register = re.compile(r'(\.register\nclass .*?\n)    """.*?"""\n', re.DOTALL)
    without, count = register.subn(r"\1", EXAMPLES[plugin])
    (tree / plugin).write_text(without, encoding="utf-8")

    done = outcome_of(tree, "tests/test_plugins.py")
    (tree / plugin).write_text(EXAMPLES[plugin], encoding="utf-8")

    assert count == 1
    assert done.returncode != 0
    assert "has no docstring" in done.stdout + done.stderr
