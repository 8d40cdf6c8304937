"""What every plug-in has, whoever adds it: a file, a class with a docstring, a test."""

import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import pytest

import domain
from activities import activities
from channels.base import Channel, channels
from domain.effect import AtOnce, effects
from domain.registry import Registry
from erps.base import Erp, erps
from flows.answers import answers
from flows.answers.base import Answer
from flows.cards import cards
from flows.cards.base import Card

ROOT = Path(__file__).parent.parent
FAMILIES: dict[str, tuple[Registry[Any], type[Any]]] = {
    "flows/cards": (cards, Card),
    "flows/answers": (answers, Answer),
    "channels": (channels, Channel),
    "erps": (erps, Erp),
}
PLUGINS = [(folder, name) for folder, (registry, _) in FAMILIES.items() for name in registry]


def modules_of(folder: str) -> set[str]:
    return {found.name for found in iter_modules([str(ROOT / folder)])}


def place_of_test(folder: str, name: str) -> Path:
    """Return where the test of a plug-in is: one of several files may have a folder of tests."""
    there = ROOT / "tests" / folder
    within = there / name / f"test_{name}.py"
    return within if within.is_file() else there / f"test_{name}.py"


@pytest.mark.parametrize(("folder", "name"), PLUGINS)
def test_a_plugin_is_one_class_of_its_family_with_a_docstring(folder: str, name: str) -> None:
    registry, base = FAMILIES[folder]

    assert issubclass(registry[name], base)
    assert inspect.getdoc(registry[name]) != inspect.getdoc(base), f"{folder}/{name}.py: its class has no docstring"


@pytest.mark.parametrize(("folder", "name"), PLUGINS)
def test_a_plugin_has_its_test(folder: str, name: str) -> None:
    test = place_of_test(folder, name)

    assert test.is_file(), f"{folder}/{name}.py has no test: expected {test.relative_to(ROOT)}"


@pytest.mark.parametrize("folder", FAMILIES)
def test_every_file_and_folder_of_a_family_is_a_plugin_or_a_room(folder: str) -> None:
    registry, _ = FAMILIES[folder]

    assert modules_of(folder) - {"base"} == {*registry, *registry.rooms}


@pytest.mark.parametrize("folder", ["channels", "erps"])
def test_an_emulator_has_the_name_of_the_plugin_that_it_stands_in_for(folder: str) -> None:
    assert modules_of(f"emulators/{folder}") <= set(FAMILIES[folder][0])


@pytest.mark.parametrize("folder", ["channels", "erps"])
def test_every_adapter_runs_the_contract_of_its_family(folder: str) -> None:
    for name in FAMILIES[folder][0]:
        test = place_of_test(folder, name)
        assert "class TestContract(" in test.read_text(encoding="utf-8"), f"{test.name} runs no contract"


@pytest.mark.parametrize("name", list(activities))
def test_every_file_of_activities_has_its_test(name: str) -> None:
    test = ROOT / "tests" / "activities" / f"test_{name}.py"

    assert test.is_file(), f"activities/{name}.py has no test: expected {test.relative_to(ROOT)}"


def test_every_effect_has_exactly_one_activity_that_takes_and_gives_what_it_says() -> None:
    for module in iter_modules(domain.__path__, "domain."):
        import_module(module.name)
    ours = {name: kind for name, kind in effects().items() if kind.__module__.startswith("domain.")}
    found: dict[str, list[Any]] = {}
    for name in activities:
        for _, method in inspect.getmembers(activities[name], inspect.isfunction):
            definition = getattr(method, "__temporal_activity_definition", None)
            if definition is not None:
                found.setdefault(definition.name, []).append(method)

    assert set(found) == set(ours)
    for name, methods in found.items():
        (method,) = methods
        hints = get_type_hints(method)
        assert hints["effect"] is ours[name]
        assert hints["return"] is ours[name].answer


def test_what_cards_look_up_is_answered_in_stories_too() -> None:
    silent = [
        f"{kind.__module__}: {kind.__name__} has no in_memory"
        for kind in effects().values()
        if kind.__module__.startswith("domain.") and issubclass(kind, AtOnce) and "in_memory" not in vars(kind)
    ]

    assert silent == []
