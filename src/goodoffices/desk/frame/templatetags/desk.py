"""Tags of every template: words in the reader's language, numbers, times, the once-only key of a form."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from django import template
from django.contrib.staticfiles import finders
from django.template import Context
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from goodoffices.desk.frame.refusals import refusal as said_refusal
from goodoffices.desk.frame.told import named as name_of
from goodoffices.desk.frame.told import told as tell
from goodoffices.desk.ids import new_id
from goodoffices.formats.statement import kind_of
from goodoffices.formats.words import Language, Words, number

register = template.Library()
COMMON = "desk"


def say(part: str, language: str, key: str, **values: object) -> str:
    """Give a word of a part, or of the desk as a whole if the part has none."""
    words = _words(part, language)
    return (words if words.has(key) else _words(COMMON, language))(key, **values)


@cache
def _words(part: str, language: str) -> Words:
    return Words(part, Language(language))


@register.simple_tag(takes_context=True)
def w(context: Context, key: str, **values: Any) -> str:
    """Give a word in the reader's language; `part="..."` looks into another table, `values=` gives more to fill in."""
    part = str(values.pop("part", "") or context.get("part", COMMON))
    values |= values.pop("values", {})
    language = context["language"]
    for name, one in values.items():
        if type(one) is str:
            values[name] = tell(one, language)
    return say(part, language, key, **values)


@register.simple_tag(takes_context=True)
def kind(context: Context, name: str) -> str:
    """Give a kind of statement in words."""
    return kind_of(name, Words("ledger", Language(context["language"])))


@register.simple_tag(takes_context=True)
def cell(context: Context, of: Any) -> SafeString:
    """Write a cell of a list: what it says, in the reader's language if it is a word, or why it says nothing."""
    if of.look == "said":
        return conditional_escape(of.text)
    if of.look == "word":
        return conditional_escape(say("lists", context["language"], f"w_{of.text}"))
    return format_html('<span class="{}">{}</span>', of.look, say(COMMON, context["language"], of.look))


@register.filter
def told(text: str) -> SafeString:
    """Give a text of the record in the reader's language; one without a translation says in which language it is."""
    return name_of(text)


@register.filter
def plain(text: str) -> str:
    """Give a text of the record in the reader's language, for an attribute or a title: without any mark."""
    return tell(text)


@register.filter
def refusal(of: object) -> SafeString:
    """Say a fault or a refused step in the reader's language."""
    return said_refusal(of, translation.get_language() or "en")


@register.filter
def num(value: object) -> str:
    """Write a number with thin spaces and a true minus sign."""
    return number(value) if isinstance(value, int) else number(value, 1) if isinstance(value, float) else str(value)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: dt.datetime | None, place: str = "", style: str = "d MMMM y HH:mm") -> SafeString:
    """Write a moment in the reader's zone and, where it differs, in the place's."""
    if moment is None:
        return format_html('<span class="none">{}</span>', say(COMMON, context["language"], "not_yet"))
    language, texts, day = context["language"], [], None
    for zone in dict.fromkeys([context["zone"], place or context["zone"]]):
        local = moment.astimezone(ZoneInfo(zone))
        shape = "HH:mm" if local.date() == day and style.endswith("HH:mm") else style  # a date stands once
        texts.append(f"{format_datetime(local, shape, locale=language)} ({city(zone, language)})")
        day = local.date()
    return format_html('<time datetime="{}">{}</time>', moment.astimezone(dt.UTC).isoformat(), " · ".join(texts))


@register.filter
def instant(text: str) -> dt.datetime:
    """Give the moment that a record keeps as text, for `when`."""
    return dt.datetime.fromisoformat(text)


@register.simple_tag(takes_context=True)
def local(context: Context, moment: dt.datetime) -> str:
    """Write a moment by the clock that it carries, with the place whose clock it is."""
    return by_clock(moment, context["language"])


def by_clock(moment: dt.datetime, language: str) -> str:
    """Give a moment in the words of a language, by the clock that it carries."""
    return f"{format_datetime(moment, 'd MMMM y HH:mm', locale=language)} ({city(str(moment.tzinfo), language)})"


@register.simple_tag(takes_context=True)
def day(context: Context, date: dt.date) -> SafeString:
    """Write a date out."""
    text = format_date(date, "d MMMM y", locale=context["language"])
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), text)


@register.simple_tag(takes_context=True)
def until(context: Context, moment: dt.datetime) -> str:
    """Write how long it is to a moment, or since it: "in 3 hours"."""
    left = moment - context["now"]
    return format_timedelta(left, add_direction=True, locale=context["language"], threshold=1.2)


def city(zone: str, language: str) -> str:
    """Give a zone's place as readers of a language know it."""
    plain = zone.rsplit("/", 1)[-1].replace("_", " ")
    names = {} if language == "en" else Locale.parse(language).time_zones.get(_OLD.get(zone, zone), {})
    return str(names.get("city", plain))


_OLD = {"Europe/Kyiv": "Europe/Kiev"}
"""Names under which the library of places still has a zone."""


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """Write the hidden fields of every form: the token against forgery and the key that makes a repeat harmless."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="once" value="{}">',
        context["csrf_token"],
        context.get("once_key") or new_id(),
    )


@register.simple_tag
def asset(path: str) -> str:
    """Give the address of a static file, with its hash so that a new one is fetched."""
    return f"{static(path)}?{_digest(path)}"


@cache
def _digest(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise TypeError(f"no static file {path}")
    with open(found, "rb") as file:  # noqa: PTH123  a finder gives a string
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]


@register.filter
def item(mapping: dict[str, object], key: str) -> object:
    """Give a mapping's value by a key that the template holds."""
    return mapping[key]
