"""The frame of every page the command line writes: self-contained, no script, four languages, dark, print, phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from goodoffices.formats.words import Language, Words

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Html(str):
    """Text that is HTML already; everything else is escaped by `h`."""

    __slots__ = ()


def h(value: object) -> Html:
    """Escape a value for HTML, unless it is HTML already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def tag(name: str, *inner: object, **attributes: object) -> Html:
    """Write one element; `class_` becomes `class`, `data_l` becomes `data-l`, None leaves an attribute out."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{h(value)}"' for key, value in attributes.items() if value is not None
    )
    return Html(f"<{name}{pairs}>{''.join(h(part) for part in inner)}</{name}>")


def join(parts: Iterable[object]) -> Html:
    """Join parts that are HTML, or become it by escaping."""
    return Html("".join(h(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be written.

    Attributes
    ----------
    title
        As in the browser's tab.
    body
        What stands in `main`.
    language
        Of the page.
    foot
        One line at the foot: what the page was made from.
    style
        Further rules of this page alone.
    """

    title: str
    body: Html
    language: Language = Language.EN
    foot: str = ""
    style: str = ""


def render(page: Page) -> str:
    """Write a whole HTML document that needs no other file, no network and no script."""
    words = Words("page", page.language)
    head = join(
        [
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            tag("title", f"{page.title} · Good Offices"),
            Html('<link rel="icon" href="data:,">'),
            Html(f"<style>{_css()}{page.style}</style>"),
        ]
    )
    top = tag(
        "header",
        tag("div", tag("span", "Good Offices", class_="brand"), class_="wrap"),
        class_="top",
    )
    body = join(
        [
            tag("a", words("skip"), class_="skip", href="#main"),
            top,
            tag("main", page.body, id="main", class_="wrap"),
            tag("footer", tag("div", page.foot or words("foot"), class_="wrap")),
        ]
    )
    return f'<!doctype html>\n<html lang="{page.language.value}"><head>{head}</head><body>{body}</body></html>\n'


@cache
def _css() -> str:
    return (files("goodoffices.formats") / "page.css").read_text(encoding="utf-8")
