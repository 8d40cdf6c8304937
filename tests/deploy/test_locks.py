"""The two lock files: what developers install, and what the image installs."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, Final

from tests.deploy.compose import ROOT
from tests.test_architecture import PRODUCT, product_files

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@cache
def locked(file: str) -> dict[str, str]:
    """Return each package of a lock file with all that it says of it: version, systems, hashes."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pins = re.split(r"\n(?=[a-z])", "\n".join(line for line in lines if "#" not in line))
    return {pin.partition("==")[0]: pin for pin in pins}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[>=<;]", requirement)[0].strip() for requirement in requirements}


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that *file* imports from outside, by their whole names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        yield from (name for name in modules if name.partition(".")[0] not in {*sys.stdlib_module_names, *PRODUCT})


def test_what_the_image_installs_is_what_developers_test_with() -> None:
    run, whole = locked("requirements-run.lock"), locked("requirements.lock")
    assert len(run) > len(PROJECT["dependencies"])
    assert {name: pinned for name, pinned in run.items() if whole.get(name) != pinned} == {}


def test_every_import_of_the_product_is_installed_in_the_image() -> None:
    homes = packages_distributions()
    run = locked("requirements-run.lock").keys()
    needed = {module.partition(".")[0] for file in product_files() for module in imported(file)}
    assert "temporalio" in needed
    assert {module for module in needed if run.isdisjoint(map(canonical, homes.get(module, [])))} == set()


def test_nothing_of_development_is_installed_in_the_image() -> None:
    extras = PROJECT["optional-dependencies"]
    direct = names(PROJECT["dependencies"]) | names(extras["build"])
    tools = names(extras["dev"]) - {"anyio"}  # which the product's own packages need as well
    assert tools <= locked("requirements.lock").keys()
    assert locked("requirements-run.lock").keys() & tools == set()
    assert direct <= locked("requirements-run.lock").keys()
