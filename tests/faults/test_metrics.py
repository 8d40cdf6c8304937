"""What gateway and worker count, and the dashboard that shows it: each query, on a real Prometheus."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from prosa.up.ports import free
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact
from tests.faults.lives import Lives
from tests.faults.process import ROOT

pytestmark = pytest.mark.timeout(400)
DASHBOARD: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "grafana" / "prosa.json").read_text(encoding="utf-8"))
QUERIES: Final = [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]
HANG: Final = 120.0
LABEL: Final = re.compile(r'\{(\w+)="(\w+)"\}|by \(([\w, ]+)\)')
OF_PROMETHEUS: Final = {"le", "instance"}
PROMETHEUS: Final = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: prosa
    static_configs: [{{targets: [{targets}]}}]
"""


async def scrape(cluster: Cluster, url: str) -> dict[str, list[dict[str, str]]]:
    """Return the labels of every sample of a process, by its name."""
    text = (await cluster.http.get(f"{url}/metrics")).raise_for_status().text
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


async def talk(cluster: Cluster) -> None:
    """Have one conversation in which everything happens once: an ERP that answers, and one that does not."""
    ana = Contact(cluster)
    await ana.say("oi")
    await ana.sees("Segunda via da fatura 5001 emitida.", "Posso ajudar em mais alguma coisa?")
    await cluster.erp.kill()
    bruno = Contact(cluster)
    await bruno.say("oi")
    await bruno.sees("O sistema de cobrança não respondeu.", "Posso ajudar em mais alguma coisa?")
    forged = await cluster.http.post(f"{cluster.gateway_urls[0]}/webhooks/http/keyed", json={})
    assert forged.status_code == 401


async def test_every_query_of_the_dashboard_finds_what_is_really_counted(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    port = free()
    async with Cluster(tmp_path, flow="impatient", told={"PROSA_METRICS__WORKER_PORT": str(port)}) as cluster:
        await talk(cluster)
        counted = await scrape(cluster, cluster.gateway_urls[0])
        counted |= await scrape(cluster, f"http://127.0.0.1:{port}")
        for title, query in QUERIES:
            names = set(re.findall(r"\b(?:prosa|process)_\w+", query))
            assert names <= counted.keys(), title
            for label, value, grouped in LABEL.findall(query):
                (name,) = {name for name in names if f"{name}{{{label}=" in query or not label}
                known = {key for labels in counted[name] for key in labels}
                assert {label, *grouped.split(", ")} - {""} <= known | OF_PROMETHEUS, title
                assert not value or value in {labels[label] for labels in counted[name]}, title

        program = prometheus(pytestconfig.cache.mkdir("prometheus"))
        if program is None:
            pytest.skip("no prometheus here, and apt-get cannot fetch one")
        await _evaluate(cluster, program, [cluster.gateway_urls[0], f"http://127.0.0.1:{port}"])


async def _evaluate(cluster: Cluster, program: str, urls: list[str]) -> None:
    port, folder = free(), cluster.folder
    targets = ", ".join(f'"{url.removeprefix("http://")}"' for url in urls)
    (folder / "prometheus.yml").write_text(PROMETHEUS.format(targets=targets), encoding="utf-8")
    options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb"]
    options.append(f"--web.listen-address=127.0.0.1:{port}")
    running = Lives("prometheus", [program, *options], folder, {}, port=port)
    await running.start()
    try:
        for title, query in QUERIES:
            await _answered(cluster, f"http://127.0.0.1:{port}/api/v1/query", title, query)
    finally:
        await running.stop()


async def _answered(cluster: Cluster, url: str, title: str, query: str) -> None:
    deadline = asyncio.get_running_loop().time() + HANG
    while True:
        response = await cluster.http.get(url, params={"query": query})
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:  # it listens before it is ready
            answer = response.json()
            if answer["status"] == "success" and answer["data"]["result"]:
                return
            assert answer["status"] in {"success", "error"}
            assert answer.get("errorType") != "bad_data", f"{title}: {answer}"
        assert asyncio.get_running_loop().time() < deadline, f"{title}: {query} finds nothing"
        await asyncio.sleep(0.5)


def prometheus(kept: Path) -> str | None:
    """Return a Prometheus: the one that is installed, else Debian's, unpacked under *kept* once and not installed."""
    program = kept / "package" / "usr" / "bin" / "prometheus"
    found = shutil.which("prometheus") or (str(program) if program.exists() else None)
    if found or not shutil.which("apt-get") or os.geteuid() != 0:
        return found
    steps = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "download", "-qq", "prometheus"],
        ["sh", "-c", "dpkg-deb -x prometheus_*.deb unpacking && rm prometheus_*.deb"],
        ["mv", "unpacking", "package"],
    )
    for step in steps:
        if subprocess.run(step, cwd=kept, capture_output=True, check=False).returncode != 0:
            return None
    return str(program)


async def test_metrics_are_not_for_strangers(tmp_path: Path) -> None:
    port = free()
    told = {"PROSA_METRICS__WORKER_PORT": str(port), "PROSA_METRICS__TOKEN": "canary"}
    async with Cluster(tmp_path, flow="circle", told=told) as cluster:
        passed_on = {"x-forwarded-for": "203.0.113.9"}
        gateway, worker = cluster.gateway_urls[0], f"http://127.0.0.1:{port}"
        assert (await cluster.http.get(f"{gateway}/metrics")).status_code == 200
        assert (await cluster.http.get(f"{gateway}/metrics", headers=passed_on)).status_code == 403
        assert (await cluster.http.get(f"{worker}/metrics")).status_code == 403
        brought = {"authorization": "Bearer canary"}
        assert (await cluster.http.get(f"{worker}/metrics", headers=brought)).status_code == 200
        assert (await cluster.http.get(f"{worker}/ready")).json() == {"database": True, "temporal": True}
