"""The example in the documentation runs."""

import re
from pathlib import Path

from goodoffices.engines.talks.text import parse, unparse
from goodoffices.engines.talks.views import open_places, signing_view

PAGE = (Path(__file__).parents[3] / "docs/talks.md").read_text(encoding="utf-8")


def test_the_example_prints_back_and_shows_what_the_table_says():
    text = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[0]
    document = parse(text)
    assert unparse(document) == text
    assert dict(signing_view(document, "B").clauses)["4.3"] == "bodies are returned […] within ten days"
    assert dict(signing_view(document, "A").clauses)["4.4"] == "the list is [provisionally] closed"
    assert {place.clause for place in open_places(document)} == {"4.1", "4.2", "4.3", "4.4"}
