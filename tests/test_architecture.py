"""The rules of the house that no linter checks."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOOLS = ("tests", "bench")
"""First-party code that is not installed."""
PRODUCT = sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py") if folder.parent.name not in TOOLS)
LINES = 300
PORTUGUESE = {
    "flows": "what the bot says, and the words it understands",
    "emulators/erps/demo": "an invented Brazilian company: its customers, its slips",
    "prosa/demo/customer.py": "what the scripted customer of the demo writes",
}
"""Where Portuguese may stand in code, and why; everything else takes its texts from `flows` or templates."""


def tracked() -> list[Path]:
    """Return the files that git knows, as they are in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def product_files() -> list[Path]:
    return [file for package in PRODUCT for file in sorted((ROOT / package).rglob("*.py"))]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", [*PRODUCT, *TOOLS])
def test_a_package_is_the_one_of_this_folder_and_not_a_namesake(package: str) -> None:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).is_relative_to(ROOT)


def test_every_list_of_packages_is_the_listing_of_the_folder() -> None:
    tool = PROJECT["tool"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    packages = re.search(r"^PACKAGES := (.*)$", makefile, re.MULTILINE)
    code = re.search(r"^CODE := (.*)$", makefile, re.MULTILINE)
    assert packages is not None
    assert code is not None
    lists = {
        "hatch": tool["hatch"]["build"]["targets"]["wheel"]["packages"],
        "import-linter": tool["importlinter"]["root_packages"],
        "Makefile": packages[1].split(),
    }
    assert {name: sorted(found) for name, found in lists.items()} == dict.fromkeys(lists, PRODUCT)
    everything = {
        "pyright": tool["pyright"]["include"],
        "ruff": tool["ruff"]["lint"]["isort"]["known-first-party"],
        "Makefile": code[1].replace("$(PACKAGES)", packages[1]).split(),
    }
    assert {name: sorted(found) for name, found in everything.items()} == dict.fromkeys(
        everything, sorted([*PRODUCT, *TOOLS])
    )


def test_no_file_of_the_product_is_too_long_to_be_about_one_thing() -> None:
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in product_files()}
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_every_package_and_module_says_what_it_is() -> None:
    silent = [name_of(file) for file in product_files() if not ast.get_docstring(parsed(file))]
    assert [name for name in silent if "migrations/versions" not in name] == []


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give every string of the code, but not its docstrings: those are expressions of their own."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def foreign(file: Path) -> list[str]:
    return [
        f"{name_of(file)}:{text.lineno}: {text.value!r}"
        for text in texts(parsed(file))
        if any(letter.isalpha() and not letter.isascii() for letter in str(text.value))
    ]


def test_portuguese_stands_only_where_it_is_said_to() -> None:
    elsewhere = [file for file in product_files() if not name_of(file).startswith(tuple(PORTUGUESE))]
    assert [found for file in elsewhere for found in foreign(file)] == []


def test_no_place_is_allowed_portuguese_for_nothing() -> None:
    for place in PORTUGUESE:
        files = [file for file in product_files() if name_of(file).startswith(place)]
        assert any(foreign(file) for file in files), place


def test_the_product_has_one_kind_of_http_client() -> None:
    makers = re.compile(r"httpx\.(?:Async)?Client\(|httpx\.(?:get|post|request|stream)\(")
    found = [name_of(file) for file in product_files() if makers.search(file.read_text(encoding="utf-8"))]
    assert found == ["runtime/http.py"]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    # The patterns are put together, so that this file does not name them either.
    forbidden = ["/" + "work/", "/" + "root/", "files.python" + "hosted", "pypi.org" + "/simple", *_registries()]
    pattern = re.compile("|".join(rf"(?<![\w.-]){re.escape(one)}" for one in forbidden).encode())
    found = [
        f"{name_of(file)}: {match[0].decode()}"
        for file in tracked()
        for match in [pattern.search(file.read_bytes())]
        if match
    ]
    assert found == []


def _registries() -> list[str]:
    """Return the hosts that this machine installs from."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    configured = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    variables = " ".join(value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_")))
    hosts = re.findall(r"https?://(?:[^/@\s']*@)?([^/:\s']+)", f"{configured} {variables}")
    return sorted({host for host in hosts if "." in host and not host[0].isdigit()})


def test_dependencies_point_down() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert " 0 broken." in ran.stdout


def test_every_rule_of_ruff_that_is_left_out_says_why() -> None:
    for config in (ROOT / "pyproject.toml", *ROOT.glob("*/ruff.toml")):
        content = config.read_text(encoding="utf-8")
        silent = [line for line in content.splitlines() if re.match(r'\s+"[A-Z]+\d*",?\s*(#\s*)?$', line)]
        assert silent == [], config.name
    ruff = PROJECT["tool"]["ruff"]["lint"]
    assert ruff["select"] == ["ALL"]
    written = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for rules in (ruff["ignore"], *ruff["per-file-ignores"].values()):
        for rule in rules:
            assert re.search(rf'^\s+"{rule}",\s+# \w.+', written, re.MULTILINE), rule


def test_every_decision_is_in_the_list_and_says_what_enforces_it() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(page for page in folder.glob("[0-9]*.md") if not page.name.startswith("0000"))
    assert pages
    assert [page.name for page in pages if f"]({page.name})" not in index] == []
    assert [page.name for page in pages if "**Enforced by.**" not in page.read_text(encoding="utf-8")] == []


def test_replayed_packages_have_the_same_bans() -> None:
    bans = {
        name: (ROOT / name / "ruff.toml").read_text(encoding="utf-8")
        for name in ("domain", "flows", "interpreter", "workflows")
    }
    assert len(set(bans.values())) == 1
