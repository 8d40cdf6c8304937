from flows.answers import answers
from flows.check import load_and_check
from flows.checks.explained import EXPLAINED
from flows.flow import Flow
from flows.reference.chapters import chapters
from flows.reference.file import EXAMPLE
from flows.reference.topic import Chapter
from flows.texts import Texts
from flows.types import TYPES
from stories import reference
from stories.steps import steps
from stories.story import OneOfMany, Stories, Story


def names(chapter: Chapter) -> list[str]:
    return [topic.name for topic in chapter.topics]


def test_every_answer_step_and_finding_is_a_topic() -> None:
    assert names(chapters()["answers"]) == list(answers)
    assert set(steps) < set(names(reference.chapter()))
    assert set(EXPLAINED) < set(names(chapters()["checks"]))


def test_every_key_type_and_sentence_of_a_flow_is_told() -> None:
    topics = {topic.name: topic for topic in chapters()["file"].topics}
    top = {key.path for key in topics["Keys of the file"].keys}
    assert set(Flow.model_fields) - {"texts"} <= top
    told = "".join(written for written, _ in topics["types"].rows)
    assert all(f"`{name}`" in told for name in TYPES)
    assert [written.strip("`") for written, _ in topics["texts"].rows] == list(Texts.model_fields)


def test_every_key_of_a_story_is_told() -> None:
    topics = {topic.name: {key.path for key in topic.keys} for topic in reference.chapter().topics}
    assert set(Story.model_fields) - {"talk"} <= topics["A file with one story"]
    assert set(Stories.model_fields) - {"stories"} <= topics["A file with several stories"]
    assert set(OneOfMany.model_fields) - {"talk"} == topics["A story among several"]


def test_the_example_of_a_file_is_sound() -> None:
    assert load_and_check(EXAMPLE, "example.yaml")[1] == []


def test_anchors_are_unique_on_each_page() -> None:
    for chapter in (*chapters().values(), reference.chapter()):
        anchors = [topic.anchor for topic in chapter.topics]
        assert len(anchors) == len(set(anchors)), chapter.name
