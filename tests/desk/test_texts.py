"""A process brings its own translations; what has none stands in the record's language, and says which."""

import pytest
from django.conf import settings
from django.utils import translation

from goodoffices.desk.frame.told import FILE, named, texts_keep, told
from goodoffices.desk.parties.models import Party
from goodoffices.domain.errors import InputError

OWN = """
[[text]]
text = "Ukraine"
tr = "Ukrayna tarafı"

[[text]]
en = "Talks of the lake"
uk = "Переговори біля озера"
"""


def test_its_own_translations_come_before_those_of_the_example(desk):
    assert told("Ukraine", "tr") == "Ukrayna"
    left = texts_keep(OWN.encode(), file="mine.toml")
    assert (told("Ukraine", "tr"), told("Ukraine", "uk")) == ("Ukrayna tarafı", "Україна")
    assert told("Talks of the lake", "uk") == "Переговори біля озера"
    assert told("Talks of the lake", "ru") == "Talks of the lake"
    assert "en" not in left
    assert "Istanbul talks 2025" in left["tr"]
    assert "Ukraine" not in left["tr"]


@pytest.mark.parametrize(
    "broken",
    [
        "text = 1",
        "[[text]]\nuk = 'x'",
        "[[text]]\nen = ''",
        "[[text]]\nen = 'a'\nde = 'b'",
        OWN + "[[text]]\nen = 'Ukraine'",
    ],
)
def test_a_broken_file_is_refused_and_the_one_before_stays(desk, broken):
    texts_keep(OWN.encode(), file="mine.toml")
    with pytest.raises(InputError):
        texts_keep(broken.encode(), file="mine.toml")
    assert (settings.WORKSPACE / FILE).read_text(encoding="utf-8") == OWN


def test_a_text_of_the_record_without_translation_says_its_language(desk, enter):
    process = desk and Party.objects.get(code="UA")
    with translation.override("tr"):
        assert named(process.name) == "Ukrayna"
        assert named("handed over") == "handed over"  # no text of the record: somebody has typed it
        assert named("<b>") == "&lt;b&gt;"
    recorded = "until both sides lift it"
    assert named(recorded, "tr") == f'<span lang="en">{recorded}</span>'
    assert named(recorded, "en") == recorded
