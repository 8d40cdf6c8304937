"""The examples of CONTRIBUTING.md are what they say: their files and their tests, and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BLOCK = re.compile(r"```python\n# (?P<file>\S+\.py)\n(?P<code>.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n# (?P<file>\S+\.yaml)\n(?P<code>.*?)```", re.DOTALL)
EXAMPLES = {found["file"]: found["code"] for found in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))}
FLOWS = {found["file"]: found["code"] for found in YAML.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))}
TESTS = {file: code for file, code in EXAMPLES.items() if file.startswith("tests/")}
EFFECTS = {file: code for file, code in EXAMPLES.items() if file.startswith("domain/")}
PLUGINS = {file: code for file, code in EXAMPLES.items() if file not in TESTS | EFFECTS}
CHECKS = ("tests/test_plugins.py", "tests/flows/test_registries.py")
PACKAGES: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]
CACHES = ("__pycache__", ".*_cache")
NOT_NEEDED = ("histories", "faults", "prosa", "gateway", "journal")
DOCSTRING = re.compile(r'(\.register\nclass .*?\n)    """.*?"""\n', re.DOTALL)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project with the examples in it."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(*CACHES))
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns(*CACHES, *NOT_NEEDED))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, code in EXAMPLES.items():
        (tmp_path / file).write_text(code, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str, within: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python in *folder*, of the tree that it is or is *within*."""
    environment = {**os.environ, "PYTHONPATH": str(within or folder)}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def play(tree: Path, *files: str) -> subprocess.CompletedProcess[str]:
    return run(tree, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *files)


def mirror(plugin: str) -> str:
    return Path("tests", plugin).with_name(f"test_{Path(plugin).name}").as_posix()


def test_every_family_of_plug_ins_has_an_example_and_every_example_its_test() -> None:
    assert sorted(Path(plugin).parent.as_posix() for plugin in PLUGINS) == [
        "activities",
        "channels",
        "erps",
        "flows/answers",
        "flows/cards",
        "flows/cards",
    ]
    assert sorted(TESTS) == sorted(mirror(plugin) for plugin in PLUGINS)
    assert [file for file in EXAMPLES if (ROOT / file).exists()] == []


def test_the_examples_pass_their_tests_and_the_contracts(tree: Path) -> None:
    done = play(tree, *CHECKS, *TESTS)

    assert done.returncode == 0, done.stdout
    where = "import channels.pager, sys; print(channels.pager.__file__)"
    assert run(tree, "-c", where).stdout.strip() == str(tree / "channels" / "pager.py")


def test_a_plug_in_may_be_a_folder_with_its_class_in_init(tree: Path) -> None:
    plugin, test = tree / "channels/pager.py", tree / "tests/channels/test_pager.py"
    code = plugin.read_text("utf-8")
    model = re.search(r"class Page\(Value\):.*?(?=@channels\.register)", code, re.DOTALL)
    assert model
    (tree / "channels/pager").mkdir()
    imports = "from pydantic import Field\n\nfrom domain.model import Value\n\n\n"
    (tree / "channels/pager/page.py").write_text(f'"""What Pager posts."""\n\n{imports}{model[0]}', encoding="utf-8")
    folder = code.replace(model[0], "").replace(
        "from domain.model import Value", "from channels.pager.page import Page"
    )
    (tree / "channels/pager/__init__.py").write_text(folder, encoding="utf-8")
    plugin.unlink()

    done = play(tree, *CHECKS, str(test.relative_to(tree)))

    assert done.returncode == 0, done.stdout


def test_the_examples_look_like_the_rest(tree: Path) -> None:
    checked = run(tree, "-m", "ruff", "check", "--no-cache", *EXAMPLES)
    formatted = run(tree, "-m", "ruff", "format", "--no-cache", "--check", *EXAMPLES)

    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout


def test_a_plug_in_without_its_test_is_refused_by_name(tree: Path) -> None:
    for test in TESTS:
        (tree / test).unlink()

    done = play(tree, "tests/test_plugins.py")

    assert done.returncode == 1
    for plugin in PLUGINS:
        assert f"{plugin} has no test: expected {mirror(plugin)}" in done.stdout


def test_a_plug_in_without_its_docstring_is_refused_by_name(tree: Path) -> None:
    for plugin, code in PLUGINS.items():
        without, count = DOCSTRING.subn(r"\1", code)
        assert count == 1, plugin
        (tree / plugin).write_text(without, encoding="utf-8")

        done = run(tree, "-c", f"import {Path(plugin).parent.as_posix().replace('/', '.')}")
        (tree / plugin).write_text(code, encoding="utf-8")

        assert done.returncode == 1
        assert f"{Path(plugin).stem!r} has no docstring" in done.stderr


def test_a_card_without_what_palette_and_reference_show_is_refused_by_name(tree: Path) -> None:
    file = tree / "flows/cards/say_list.py"
    code = PLUGINS["flows/cards/say_list.py"]
    without, count = re.subn(r"    (family|symbol): ClassVar.*\n", "", code)
    assert count == 2
    file.write_text(without, encoding="utf-8")

    done = run(tree, "-c", "import flows.cards")

    assert done.returncode == 1
    assert "card 'say_list' does not declare 'family', 'symbol'" in done.stderr


def test_a_card_with_a_new_effect_is_three_files_and_a_story_plays_it(tree: Path) -> None:
    company = tree / "company"
    (company / "flows" / "stories").mkdir(parents=True)
    (company / "prosa.toml").write_text('[flows]\ndirectory = "flows"\n', encoding="utf-8")
    for file, text in FLOWS.items():
        (company / file).write_text(text, encoding="utf-8")

    played = run(company, "-m", "prosa", "flow", "test", within=tree)

    assert played.returncode == 0, played.stdout + played.stderr
    assert "1 passed" in played.stdout


def test_an_effect_without_its_activity_or_its_answer_in_memory_is_refused_by_name(tree: Path) -> None:
    (tree / "activities" / "coupons.py").unlink()
    (effect,) = EFFECTS
    without = EFFECTS[effect].partition("    def in_memory")[0]
    (tree / effect).write_text(without, encoding="utf-8")

    done = play(tree, "tests/test_plugins.py")

    assert done.returncode == 1
    assert "draw_coupon" in done.stdout
    assert "domain.coupon: DrawCoupon has no in_memory" in done.stdout
