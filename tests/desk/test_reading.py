"""What the reader is told in his own language: parties, titles, cities, and a date once."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.frame.told import told

AT = dt.datetime(2026, 11, 24, 7, tzinfo=dt.UTC)


def shown(moment, *, zone, place, language="en"):
    page = Template("{% load desk %}{% when moment place %}")
    return page.render(Context({"moment": moment, "zone": zone, "place": place, "language": language}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name"), [("en", "Ukraine"), ("uk", "Україна"), ("ru", "Украина"), ("tr", "Ukrayna")]
)
def test_a_party_is_called_by_its_name_in_the_reader_s_language(language, name):
    assert told("Ukraine", language) == name
    with translation.override(language):
        assert told("Ukraine") == name
        assert Template("{% load desk %}{{ name|told }}").render(Context({"name": "Ukraine"})) == name


def test_what_has_no_translation_stands_as_it_was_given():
    assert told("Crossing North", "uk") == "Crossing North"
    assert told("Ukraine", "fr") == "Ukraine"


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Europe/Istanbul", ["Istanbul", "Стамбул", "Стамбул", "İstanbul"]),
        ("Europe/Kyiv", ["Kyiv", "Київ", "Киев", "Kiev"]),
        ("America/New_York", ["New York", "Нью-Йорк", "Нью-Йорк", "New York"]),
        ("UTC", ["UTC"] * 4),
    ],
)
def test_a_zone_is_called_by_its_city_in_the_reader_s_language(zone, names):
    assert [city(zone, language) for language in ("en", "uk", "ru", "tr")] == names


def test_a_date_that_both_places_share_stands_once():
    assert "24 November 2026 07:00 (UTC) · 10:00 (Istanbul)" in shown(AT, zone="UTC", place="Europe/Istanbul")
    assert "24 листопада 2026 07:00 (UTC) · 10:00 (Стамбул)" in shown(
        AT, zone="UTC", place="Europe/Istanbul", language="uk"
    )


def test_two_dates_stand_where_midnight_lies_between_the_places():
    late = AT.replace(hour=23)
    assert "24 November 2026 23:00 (UTC) · 25 November 2026 02:00 (Istanbul)" in shown(
        late, zone="UTC", place="Europe/Istanbul"
    )


@pytest.mark.parametrize("language", ["uk", "ru", "tr"])
def test_the_pages_call_the_parties_by_their_names_in_the_reader_s_language(desk, enter, language):
    for path in ("/", "/people", "/record", "/talks/new"):
        text = enter("secretariat-1" if path == "/talks/new" else "side-ua-1").get(f"{path}?lang={language}")
        assert told("Ukraine", language) in text.content.decode(), path
        assert "Russian Federation" not in text.content.decode(), path
