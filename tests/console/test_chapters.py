from console.chapters import chapters
from erps.base import erps


def test_every_operation_is_told_with_what_it_wants_and_answers() -> None:
    topics = {topic.name: topic for topic in chapters()["operations"].topics}
    for name in erps:
        assert name in topics
        for operation in erps[name].operations().values():
            topic = topics[operation.name]
            assert [key.path for key in topic.keys] == list(operation.request.model_fields)
            assert "\n\nAnswers a " in topic.about
            assert all(key.about for key in topic.keys), operation.name
    assert "a list of records with `id`, `number`" in topics["list_open_invoices"].about
    assert "Refused until the contact has proved" in topics["cancel_contract"].about
    assert "Refused" not in topics["list_open_invoices"].about
    assert "looks up too many" in topics["find_customer"].about
