"""The flows that `prosa up` needs: those never published are published, those that differ are named."""

from collections.abc import Collection, Mapping

from domain.errors import SettingsError
from flows.flow import Flow
from journal import flows
from journal.transaction import Transaction
from runtime.settings import Settings
from runtime.wording import short
from usecases import checking, flow_files, publishing, store


async def prepare(settings: Settings) -> str:
    """Publish the flows that were never published and have no mistakes; return the state of the flows in words.

    SettingsError when an entry flow is not published, or an entry never taken.
    """
    checked = checking.check(settings, flow_files.paths(settings))
    right = flow_files.by_name(one.file for one in checked if one.file is not None and not one.errors)
    broken = [one.path.name for one in checked if one.errors]
    try:
        async with store.opened(settings) as database, database.write() as c:
            known = _complete(right, {one.name for one in await flows.all_current(c)})
            fresh = {name: flow for name, flow in known.items() if await flows.current(c, name) is None}
            made = await publishing.publish(c, await publishing.pin(c, fresh, known), by=store.current_user())
            differing = [
                pinned.flow.flow
                for pinned in await publishing.pin(c, known, known)
                if (current := await flows.current(c, pinned.flow.flow)) and current.version != pinned.version
            ]
            await _require(c, settings)
    except SettingsError as error:
        if not broken:
            raise
        raise SettingsError(
            f"{error}; there are mistakes in {', '.join(broken)}: `prosa flow check` lists them"
        ) from error
    said = [f"published {', '.join(f'{one.name} {one.number} ({short(one.version)})' for one in made)}"] if made else []
    said += [f"[yellow]{name} differs from what is published: `prosa flow publish {name}`[/]" for name in differing]
    said += [f"[yellow]{name} has mistakes: `prosa flow check` lists them[/]" for name in broken]
    said += [f"[yellow]{name} is left out: it calls a flow that has mistakes[/]" for name in right if name not in known]
    return "\n".join(said) or f"{len(known)} published, as in the files"


def _complete(right: Mapping[str, Flow], published: Collection[str]) -> dict[str, Flow]:
    """Return those of *right* that call only each other and *published* flows."""
    known = dict(right)
    while lacking := [name for name, flow in known.items() if not {*known, *published}.issuperset(flow.called())]:
        known = {name: flow for name, flow in known.items() if name not in lacking}
    return known


async def _require(c: Transaction, settings: Settings) -> None:
    published = {one.name: Flow.load(one.content) for one in await flows.all_current(c)}
    for key, name in checking.entry_flows(settings).items():
        if name not in published:
            have = ", ".join(sorted(published)) or "none"
            raise SettingsError(
                f"prosa.toml: {key}: flow {name!r} is not published, nor in "
                f"{flow_files.directory(settings)}; published are: {have}"
            )
    for found in checking.check_ways_in(settings, published):
        raise SettingsError(f"prosa.toml: {found.sentence}; {found.remedy}")
