from channels.base import channels
from console.chapters import chapters
from erps.base import erps
from runtime.settings import Settings


def test_every_table_and_every_key_of_the_settings_is_told_with_its_meaning() -> None:
    topics = {topic.name: topic for topic in chapters()["settings"].topics}
    for name in Settings.model_fields:
        assert {name, f"{name}.NAME"} & {*topics, *(key.path for key in topics["Above all tables"].keys)}, name
    for topic in topics.values():
        assert topic.about or topic.name == "Above all tables"
        assert [key.path for key in topic.keys if not key.about] == [], topic.name


def test_keys_show_their_type_and_default() -> None:
    topics = {topic.name: {key.path: key for key in topic.keys} for topic in chapters()["settings"].topics}
    assert topics["gateway"]["port"].holds == "number"
    assert topics["gateway"]["port"].instead == "8080"
    assert topics["accounts.NAME"]["flow"].required
    assert topics["log"]["level"].holds == "`DEBUG`, `INFO`, `WARNING`, `ERROR`"
    assert topics["accounts.NAME"]["entries[].says"].about


def test_channels_and_erps_tell_their_own_keys() -> None:
    topics = {topic.name: topic for topic in chapters()["settings"].topics}
    for name in channels:
        assert {key.path for key in topics[f"accounts of {name}"].keys} == set(channels[name].Settings.model_fields)
    for name in erps:
        assert {key.path for key in topics[f"connections of {name}"].keys} == set(erps[name].Settings.model_fields)
