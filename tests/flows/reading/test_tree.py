import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FlowError
from flows.reading.tree import read_tree


def value(text: str) -> object:
    return read_tree(text, "flow.yaml").plain()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: no", {"a": "no"}),
        ("yes: no", {"yes": "no"}),
        ("a: on", {"a": "on"}),
        ("a: true", {"a": True}),
        ("a: 'true'", {"a": "true"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2026-12-10", {"a": "2026-12-10"}),
        ("a: 007", {"a": "007"}),
        ("a: 12", {"a": 12}),
        ("a: -1.50", {"a": -1.5}),
        ("a: 1e999", {"a": "1e999"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: 52998224725", {"a": 52998224725}),
        ("a: 11444777000161000000", {"a": "11444777000161000000"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("- a\n- {b: c}", ["a", {"b": "c"}]),
        ("'1': a", {"1": "a"}),
    ],
)
def test_scalars_mean_what_an_author_expects(text: str, read: object) -> None:
    assert value(text) == read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "flow.yaml:1: the file is empty"),
        ("# only a comment\n", "flow.yaml:1: the file is empty"),
        ("a: &x 1", "flow.yaml:1: anchors (&x) are not allowed"),
        ("b: 1\na: *x", "flow.yaml:2: aliases (*x) are not allowed"),
        (
            "a: !!python/object/apply:os.system [ls]",
            "flow.yaml:1: tags (tag:yaml.org,2002:python/object/apply:os.system)",
        ),
        ("a: !include x", "flow.yaml:1: tags (!include)"),
        ("a: ! x", "flow.yaml:1: tags"),
        ("a: 1\nb: 2\na: 3", "flow.yaml:3: key 'a' stands here twice, first in line 1"),
        ("a: 1\n---\nb: 2", "flow.yaml:3: one flow a file"),
        ("a: 1\nb: {{ c }}", "flow.yaml:2: a key is a text, not a list or mapping; put a value that begins with {{"),
        ("a: [", "not readable as YAML"),
        ("a:\n\t- b", "flow.yaml:2: not readable as YAML: found character that cannot start any token"),
        ("a: b\n\tc: d", "by spaces, never by tabs"),
        ("a: b: c", "put a text that has `: ` in it between quotes"),
        ("a:\n  - b: 1\n   c: 2", "flow.yaml:3: not readable as YAML: did not find expected '-' indicator"),
        ("a:\n  - b: 1\n   c: 2", "in line 2; the line begins in the wrong column"),
        ('a:\n  b: "c\n  d: "e"\n', "a text above is missing its closing quote"),
        ("a: @b", "put a text that begins with @"),
        ("a: *b*", "put a text that begins with *"),
        ("a: [b, c\nd: e", "the closing bracket"),
        ("a: 1\nb\nc: 2", "a key needs a colon"),
        ('a: "\\o"', "a backslash is written twice"),
        ("a\0b: 1", "not readable as YAML"),
        ("a: 1\nb: \ud800", "flow.yaml:2: not readable as text"),
        ('a: "\\ud800"', "not readable as YAML"),
        ("[" * 100, "nested deeper than 40 levels"),
        ("- " * 100, "nested deeper than 40 levels"),
        ("{a: " * 100, "nested deeper than 40 levels"),
    ],
)
def test_what_is_refused_is_named_with_file_and_line(text: str, sentence: str) -> None:
    with pytest.raises(FlowError) as caught:
        value(text)
    assert sentence in str(caught.value)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [BOMB, "x" * 5_000_000, "[" * 1_000_000, "- " * 500_000, "a: " * 300_000, "{" * 1_000_000, "? " * 500_000],
    ids=["bomb", "5 MB", "brackets", "dashes", "colons", "braces", "questions"],
)
def test_hostile_files_are_refused_at_once(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(FlowError):
        value(text)
    assert time.monotonic() - began < 10  # a hang would be minutes


def test_every_value_knows_its_line() -> None:
    tree = read_tree("a: 1\nb:\n  - c: 2\n    d: 3\n", "f")
    inner = tree.child("b")
    assert inner is not None
    assert (first := inner.child(0)) is not None
    assert first.key_lines == {"c": 3, "d": 4}
    assert tree.key_lines == {"a": 1, "b": 2}


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))
data: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.filter(bool), inner, max_size=4),
    max_leaves=20,
)


@given(data)
def test_what_a_yaml_library_writes_is_read_back(written: object) -> None:
    assert (
        value(yaml.safe_dump(written, allow_unicode=True, default_style='"' if isinstance(written, str) else None))
        == written
    )


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t1", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value(text)
    except FlowError as error:
        assert str(error).startswith("flow.yaml:")  # noqa: PT017 - either outcome is right
