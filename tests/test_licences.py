"""The licence of Prosa, and of each file that it took from others."""

import hashlib
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests import licences
from tests.test_architecture import PROJECT, ROOT, name_of, tracked

OURS = {"README.md", "SHA256SUMS"}
LISTED = {
    row[1]: set(re.findall(r"`([^`]+)`", row[2]))
    for row in re.finditer(
        r"^\| `([^`]+)` \|[^|]+\|[^|]+\|([^|]+)\|", (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8"), re.MULTILINE
    )
}
"""Each file of others, with the files that have the text of its licence."""
VENDORED = [file for file in tracked() if "vendor" in file.relative_to(ROOT).parts]


def checksums(folder: Path) -> dict[str, str]:
    sums = [*folder.glob("SHA256SUMS"), *folder.glob("*.sha256")]
    lines = [line.split() for file in sums for line in file.read_text(encoding="utf-8").splitlines()]
    return {name: digest for digest, name in lines}


def unlisted(vendored: list[Path]) -> set[str]:
    texts = {text for listed in LISTED.values() for text in listed}
    files = {name_of(file) for file in vendored if file.name not in OURS and file.suffix != ".sha256"}
    return files - LISTED.keys() - texts


def test_every_vendored_file_is_listed_with_its_licence() -> None:
    assert len(VENDORED) > len(LISTED)
    assert unlisted(VENDORED) == set()
    assert unlisted([ROOT / "gateway" / "vendor" / "chart.js"]) == {"gateway/vendor/chart.js"}


@pytest.mark.parametrize("name", LISTED)
def test_a_listed_file_is_there_with_its_checksum_and_the_text_of_its_licence(name: str) -> None:
    file = ROOT / name
    assert checksums(file.parent)[file.name] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert LISTED[name]
    assert {text for text in LISTED[name] if not (ROOT / text).is_file()} == set()


def test_every_package_of_an_installation_is_listed_with_a_licence_that_we_may_use() -> None:
    found = licences.licences()
    assert len(found) > 50
    parts = {name: set(re.split(r" (?:AND|OR) ", licence)) for name, licence in found.items()}
    assert {name: found[name] for name, licence in parts.items() if not licence <= licences.ALLOWED} == {}
    page = licences.PAGE.read_text(encoding="utf-8")
    assert page.partition(licences.BEGIN)[2].strip() == licences.table().strip(), "`make docs` writes them anew"


def test_wheel_and_sdist_carry_every_licence(tmp_path: Path) -> None:
    for kind in ("wheel", "sdist"):
        build = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(tmp_path)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    texts = {text for name, found in LISTED.items() if name.startswith("drawing/") for text in found}
    expected = {"LICENSE", "THIRD_PARTY.md", *texts}
    stem = f"prosa-{PROJECT['project']['version']}"
    with zipfile.ZipFile(tmp_path / f"{stem}-py3-none-any.whl") as wheel:
        assert {f"{stem}.dist-info/licenses/{name}" for name in expected} - {*wheel.namelist()} == set()
    with tarfile.open(tmp_path / f"{stem}.tar.gz") as sdist:
        assert {f"{stem}/{name}" for name in expected} - {*sdist.getnames()} == set()
