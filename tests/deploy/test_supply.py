"""`make sbom` and `make audit`, as an operator runs them; they install their tools from PyPI."""

import json
import os
import re
import subprocess
from typing import Any

import pytest

from tests import licences
from tests.deploy.compose import ROOT

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def make(target: str) -> subprocess.CompletedProcess[str]:
    # What this run was given to `make` is not for the one within.
    given = {"ARGS", "MAKEFLAGS", "MAKEOVERRIDES"}
    environment = {name: value for name, value in os.environ.items() if name not in given}
    return subprocess.run(
        ["make", target], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False
    )


def test_the_list_of_what_is_shipped_has_every_package_and_vendored_file_with_a_licence() -> None:
    ran = make("sbom")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found: dict[str, Any] = json.loads((ROOT / "dist" / "prosa.cdx.json").read_text(encoding="utf-8"))
    names = {re.sub("[-_.]+", "-", one["name"]).lower() for one in found["components"] if one["type"] == "library"}
    assert {*licences.shipped()} - names <= {"colorama", "tzdata"}, "Windows alone has these"
    assert names <= {*licences.shipped()}
    assert [one["name"] for one in found["components"] if not one["licenses"]] == []
    assert len([one for one in found["components"] if one["type"] == "file"]) == 4


def test_an_audit_says_how_many_packages_it_looked_up() -> None:
    ran = make("audit")
    assert f"of {len(licences.shipped()) - 2} packages looked up" in ran.stdout, ran.stdout + ran.stderr
    assert ran.returncode == 0 or "NOT CHECKED" in ran.stderr or "mended in" in ran.stdout
