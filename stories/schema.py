"""The JSON Schema of stories, for editors: `python -m stories.schema` prints it."""

import json
import sys
from typing import Any

from pydantic import TypeAdapter

from stories.story import Stories, Story


def story_schema() -> dict[str, Any]:
    """Return the schema of a file with one story, or with several."""
    schema = TypeAdapter[Story | Stories](Story | Stories).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Stories", **schema}


def written_stories() -> str:
    """Return the schema of stories as its file has it."""
    return json.dumps(story_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written_stories())
