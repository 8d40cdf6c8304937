"""docker-compose.yml and the Dockerfile: every word that they say of this code is true."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from prosa.commands import COMMANDS
from runtime.settings import Settings
from tests.deploy.compose import ROOT, composed, dockerfile, seconds
from workers.process import GRACE

COMPOSE = composed({"POSTGRES_PASSWORD": "hush"})
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "worker", "gateway")
IMAGES = ("PYTHON_IMAGE", "POSTGRES_IMAGE", "TEMPORAL_IMAGE", "TEMPORAL_UI_IMAGE")
NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody listens at: who asks the network fails."""


def checked(file: Path) -> subprocess.CompletedProcess[str]:
    """Hold *file* against the specification's own schema, which check-jsonschema brings along."""
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file]
    environment = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_composition_is_as_its_specification_says() -> None:
    ran = checked(ROOT / "docker-compose.yml")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("cap_drop", "cap_dorp", "'cap_dorp' was unexpected"),
        ("init: true", "init: 5", "5 is not of type 'boolean'"),
    ],
)
def test_a_misspelt_key_and_a_wrong_kind_of_value_are_found(tmp_path: Path, right: str, wrong: str, found: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    ran = checked(broken)
    assert ran.returncode == 1
    assert found in ran.stdout


def test_the_services_are_these() -> None:
    assert list(SERVICES) == ["postgres", "temporal", "temporal-ui", "migrate", "worker", "gateway"]
    assert set(COMPOSE) == {"name", "x-prosa", "services", "volumes"}


def test_a_password_must_be_given() -> None:
    with pytest.raises(KeyError, match="POSTGRES_PASSWORD"):
        composed({})


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_and_every_service_comes_back(name: str) -> None:
    service = SERVICES[name]
    _, _, tag = service["image"].rpartition(":")
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-\w+)?", tag)
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_become_so(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", ["worker", "gateway"])
def test_the_migration_is_done_before_anything_else_of_ours_starts(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", SERVICES)
def test_every_volume_is_declared_or_a_file_of_the_installation(name: str) -> None:
    for mount in SERVICES[name].get("volumes", []):
        source, target, *_ = mount.split(":")
        assert source in COMPOSE["volumes"] or source.startswith("./")
        assert target.startswith("/")
    for published in SERVICES[name].get("ports", []):
        assert published.startswith("127.0.0.1:"), "a proxy with TLS stands in front of it"


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    for variable in SERVICES[name]["environment"]:
        section, _, key = variable.removeprefix("PROSA_").lower().partition("__")
        field = Settings.model_fields[section]
        assert not key or key in getattr(field.annotation, "model_fields"), variable  # noqa: B009 pyright knows no such class


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_exists(name: str) -> None:
    program, *words = SERVICES[name]["command"]
    if program == "prosa":
        assert words[0] in COMMANDS
    else:
        assert (program, words[:2]) == ("python", ["-P", "-m"])
        assert (ROOT / words[2] / "__main__.py").is_file()


def test_the_database_is_not_healthy_while_its_image_makes_it() -> None:
    # Until then its server listens on the socket alone; a migration that begins at that moment is refused.
    assert "--host=127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["worker", "gateway"])
def test_health_is_asked_where_the_process_answers(name: str) -> None:
    check = SERVICES[name]["healthcheck"]["test"]
    assert check[:3] == ["CMD", "python", "-c"]
    ast.parse(check[3])
    [(port, path)] = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", check[3])
    setting = {"worker": "PROSA_METRICS__WORKER_PORT", "gateway": "PROSA_GATEWAY__PORT"}[name]
    assert port == SERVICES[name]["environment"][setting]
    assert f'Route("{path}"' in (ROOT / "web" / "health.py").read_text(encoding="utf-8")


def test_prometheus_is_told_where_gateway_and_workers_answer() -> None:
    page = (ROOT / "docs" / "grafana" / "README.md").read_text(encoding="utf-8")
    [written] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    [scraped] = yaml.safe_load(written)["scrape_configs"]
    port = SERVICES["gateway"]["environment"]["PROSA_GATEWAY__PORT"]
    assert scraped["static_configs"] == [{"targets": [f"gateway:{port}"]}]
    [workers] = scraped["dns_sd_configs"]
    assert workers["names"] == ["worker"]
    assert str(workers["port"]) == SERVICES["worker"]["environment"]["PROSA_METRICS__WORKER_PORT"]


def test_a_worker_is_given_longer_to_stop_than_it_takes() -> None:
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > GRACE.total_seconds() + 10


def test_nothing_of_ours_runs_as_root_or_can_become_it() -> None:
    assert ("USER", "prosa") in dockerfile()
    assert dockerfile().index(("USER", "prosa")) > max(n for n, (word, _) in enumerate(dockerfile()) if word == "RUN")
    for name in OURS:
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
        assert SERVICES[name]["read_only"] is True


def test_the_image_gets_every_package_and_nothing_that_is_not_there() -> None:
    copied = [rest.split()[:-1] for word, rest in dockerfile() if word == "COPY" and not rest.startswith("--from")]
    names = {name for sources in copied for name in sources}
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"} <= names
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert let_in == names


def test_the_image_has_the_python_of_the_project() -> None:
    [image] = [rest.partition("=")[2] for word, rest in dockerfile() if word == "ARG"]
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", image)
    assert {rest.split()[0] for word, rest in dockerfile() if word == "FROM"} == {"${PYTHON_IMAGE}"}
    assert all(SERVICES[name]["build"]["args"] == {"PYTHON_IMAGE": image} for name in OURS)


def test_every_image_of_others_can_be_named_by_its_digest() -> None:
    exact = {name: f"{name.lower()}@sha256:{'0' * 64}" for name in IMAGES}
    services = composed({"POSTGRES_PASSWORD": "hush", **exact})["services"]
    named = {service["image"] for service in services.values() if "build" not in service}
    assert named | {services["gateway"]["build"]["args"]["PYTHON_IMAGE"]} == {*exact.values()}
    page = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    assert [name for name in IMAGES if f"`{name}`" not in page] == []


def test_the_image_installs_what_is_locked_and_by_its_hash() -> None:
    [install, itself] = [rest for word, rest in dockerfile() if word == "RUN" and "pip install" in rest]
    assert "--require-hashes -r requirements-run.lock" in install
    assert "--no-deps --no-build-isolation" in itself
