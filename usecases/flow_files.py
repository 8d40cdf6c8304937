"""Flow files: where they are, and the flows in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.errors import FlowError
from domain.limits import LIMITS
from flows.flow import Flow
from flows.reader import read_flow
from runtime.settings import Settings
from runtime.source import ROOT

LIBRARY: Final = ROOT / "flows" / "library"


@dataclass(frozen=True)
class FlowFile:
    """One file and the flow that it says."""

    path: Path
    text: str
    flow: Flow


def directory(settings: Settings) -> Path:
    """Return the folder of flow files: the one in the settings, else the library that comes with Prosa."""
    return Path(settings.flows.directory) if settings.flows.directory else LIBRARY


def paths(settings: Settings, given: Iterable[str] = ()) -> list[Path]:
    """Return the files *given*, each as a path, a folder, or the name of a flow; all of the folder when none is.

    FlowError for what is neither.
    """
    found = [path for one in given for path in _paths(settings, one)]
    if found:
        return found
    folder = directory(settings)
    if not folder.is_dir():
        raise FlowError(f"{folder}: expected a folder of flow files (flows.directory), found none")
    return sorted(folder.glob("*.yaml"))


def read(path: Path) -> FlowFile:
    """Read one file; FlowError lists its mistakes line by line."""
    text = content(path)
    return FlowFile(path, text, read_flow(text, str(path)))


def content(path: Path) -> str:
    """Return the text of a file, or its beginning when it is larger than files may be; FlowError when it has none."""
    try:
        return path.read_bytes()[: LIMITS.flow_file + 1].decode()
    except OSError as error:
        raise FlowError(f"{path}: cannot be read: {(error.strerror or '').lower()}") from error
    except UnicodeDecodeError as error:
        raise FlowError(f"{path}:1: expected text in UTF-8, found something else at byte {error.start}") from error


def readable(settings: Settings) -> dict[str, Flow]:
    """Return the readable flows of the folder by name: a published flow may call them."""
    return {name: file.flow for name, file in readable_files(settings).items()}


def readable_files(settings: Settings) -> dict[str, FlowFile]:
    """Return the files of the folder that can be read, by the name of their flow."""
    found: dict[str, FlowFile] = {}
    for path in sorted(directory(settings).glob("*.yaml")):
        try:
            file = read(path)
        except FlowError:
            continue
        found.setdefault(file.flow.flow, file)
    return found


def by_name(files: Iterable[FlowFile]) -> dict[str, Flow]:
    """Return the flows by name; FlowError when two files say the same one."""
    found: dict[str, FlowFile] = {}
    for file in files:
        name = file.flow.flow
        if name in found:
            raise FlowError(f"{file.path}: flow {name!r} is also in {found[name].path}")
        found[name] = file
    return {name: file.flow for name, file in found.items()}


def _paths(settings: Settings, given: str) -> list[Path]:
    path = Path(given)
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    if path.is_file():
        return [path]
    named = directory(settings) / f"{given}.yaml"
    if named.is_file():
        return [named]
    raise FlowError(
        f"{given!r}: expected a file, a folder, or the name of a flow in {directory(settings)}; looked in {Path.cwd()}"
    )
