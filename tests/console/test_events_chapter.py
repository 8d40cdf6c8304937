from console.chapters import chapters
from domain.events.kinds import KINDS


def test_every_kind_of_event_is_told_with_all_of_its_keys() -> None:
    topics = {topic.name: topic for topic in chapters()["events"].topics}
    assert list(topics) == list(KINDS)
    for kind, type_ in KINDS.items():
        assert topics[kind].about
        assert {key.path for key in topics[kind].keys} == set(type_.model_fields) - {"kind"}
        assert all(key.about for key in topics[kind].keys), kind
