import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from domain.errors import UnknownNameError
from domain.registry import Registry

ONE = '''
from tests_family import animals

@animals.register
class {name}:
    """{doc}"""
'''


def made(module: str, name: str, doc: str | None = "An animal.", **declared: object) -> type:
    return type(name, (), {"__module__": f"zoo.{module}", "__doc__": doc, **declared})


def test_a_class_is_registered_under_the_name_of_its_file() -> None:
    animals = Registry[object]("animal")
    cat = animals.register(made("house_cat", "HouseCat"))
    assert animals["house_cat"] is cat
    assert animals.name_of(cat) == "house_cat"
    assert "house_cat" in animals


def test_names_are_listed_in_alphabetical_order() -> None:
    animals = Registry[object]("animal")
    for name in ("cat", "ant", "bee"):
        animals.register(made(name, name.title()))
    assert list(animals) == ["ant", "bee", "cat"]


def test_two_in_a_file_are_refused_by_both_their_names() -> None:
    animals = Registry[object]("animal")
    animals.register(made("cat", "Cat"))
    with pytest.raises(ValueError, match=r"animal file 'cat' registers 'Cat' and 'Dog': one a file"):
        animals.register(made("cat", "Dog"))


def test_a_file_that_is_imported_anew_replaces_what_it_registered() -> None:
    animals = Registry[object]("animal")
    animals.register(made("cat", "Cat"))
    again = animals.register(made("cat", "Cat"))
    assert animals["cat"] is again


@pytest.mark.parametrize("doc", [None, "", "  \n "])
def test_a_class_without_docstring_is_refused_by_name(doc: str | None) -> None:
    animals = Registry[object]("animal")
    with pytest.raises(ValueError, match=r"animal 'cat' has no docstring"):
        animals.register(made("cat", "Cat", doc))
    assert "cat" not in animals


def test_the_docstring_of_its_base_class_is_not_its_own() -> None:
    animals = Registry[object]("animal")
    base = made("base", "Base")
    with pytest.raises(ValueError, match=r"has no docstring"):
        animals.register(type("Cat", (base,), {"__module__": "zoo.cat"}))


def test_a_class_that_lacks_what_its_family_declares_is_refused_by_name() -> None:
    animals = Registry[object]("animal", declares=("legs", "voice"))
    with pytest.raises(ValueError, match=r"^animal 'cat' does not declare 'legs', 'voice'$"):
        animals.register(made("cat", "Cat"))
    cat = made("cat", "Cat", legs=4, voice="")
    with pytest.raises(ValueError, match=r"^animal 'cat' does not declare 'voice'$"):
        animals.register(cat)
    assert "cat" not in animals
    assert animals.register(made("cat", "Cat", legs=4, voice="miau")) is animals["cat"]


def test_an_unknown_name_is_answered_with_those_that_exist() -> None:
    animals = Registry[object]("animal")
    for name in ("cat", "ant"):
        animals.register(made(name, name.title()))
    with pytest.raises(UnknownNameError, match=r"^'cta' is not one of the animals: ant, cat$"):
        animals["cta"]


def test_the_name_of_a_class_that_is_not_registered_is_unknown() -> None:
    with pytest.raises(UnknownNameError, match=r"'Cat' is not a registered animal"):
        Registry[object]("animal").name_of(made("cat", "Cat"))


@pytest.fixture
def animals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[object]:
    """A registry with a room, and on the path the package `tests_zoo`, whose folder is empty."""
    family = ModuleType("tests_family")
    animals = Registry[object]("animal", rooms=("food",))
    family.__dict__["animals"] = animals
    monkeypatch.setitem(sys.modules, "tests_family", family)
    zoo = tmp_path / "tests_zoo"
    zoo.mkdir()
    (zoo / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))  # pyright: ignore[reportUnknownMemberType] - pytest's own gap
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests_zoo"]:
        monkeypatch.delitem(sys.modules, name)
    return animals


def write(folder: Path, *files: str) -> None:
    for name in files:
        file = folder / "tests_zoo" / name
        file.parent.mkdir(exist_ok=True)
        animal = (file.parent if file.stem == "__init__" else file).stem
        file.write_text(ONE.format(name=animal.title(), doc="An animal."))


def test_discovery_imports_every_file_and_folder(tmp_path: Path, animals: Registry[object]) -> None:
    write(tmp_path, "cat.py", "ant.py", "whale/__init__.py")
    animals.discover(import_module("tests_zoo"))
    assert list(animals) == ["ant", "cat", "whale"]


def test_discovery_passes_rooms_over(tmp_path: Path, animals: Registry[object]) -> None:
    write(tmp_path, "cat.py", "food/__init__.py")
    animals.discover(import_module("tests_zoo"))
    assert list(animals) == ["cat"]


def test_a_class_deep_in_a_folder_is_refused_with_where_it_belongs(tmp_path: Path, animals: Registry[object]) -> None:
    write(tmp_path, "whale/fin.py")
    (tmp_path / "tests_zoo/whale/__init__.py").write_text("import tests_zoo.whale.fin")
    with pytest.raises(ValueError, match=r"animal 'fin' registers in tests_zoo.whale.fin: .*__init__.py; found"):
        animals.discover(import_module("tests_zoo"))
