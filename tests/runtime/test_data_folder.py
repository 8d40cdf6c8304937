from pathlib import Path

import pytest

from domain.errors import OperatorError
from runtime.data_folder import occupant, occupied, with_addresses
from runtime.settings import Settings


def test_one_works_in_a_folder_at_a_time(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(OperatorError, match="another `prosa up` works in"), occupied(tmp_path):
        pass
    with occupied(tmp_path):
        pass


def test_addresses_are_known_while_it_works_and_no_longer(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with occupied(tmp_path) as announce:
        assert with_addresses(settings) == settings
        announce({"gateway_port": 1111, "temporal_port": 2222, "temporal_ui_port": 3333})
        found = with_addresses(settings)
        assert (found.gateway.port, found.temporal.port, found.temporal.ui_port) == (1111, 2222, 3333)
    assert occupant(tmp_path) == {}
    assert with_addresses(settings) == settings


def test_what_a_dead_one_left_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "up.json").write_text('{"gateway_port": 1}', encoding="utf-8")
    assert occupant(tmp_path) == {}
