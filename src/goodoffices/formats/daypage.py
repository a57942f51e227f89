"""The page with which one role counts at a handover: one file, opened from disk, with no network by its own policy."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from goodoffices.domain.assertion import Scope
from goodoffices.domain.handover import Day
from goodoffices.domain.process import Role
from goodoffices.formats.offline import constant, document, page_file
from goodoffices.formats.page import Html, join, tag

SCOPES = (Scope.CHECKED_AGAINST_MANIFEST, Scope.COUNTED, Scope.OBSERVED)
"""What can be attested at the road; interviews and identifications are attested elsewhere."""

_SCRIPTS = ("common.js", "keyfile.js", "day.js")
_OF_THE_DESK = ("problem_", "mark_", "state_", "condition_", "cell_")
_ACTS = ("counted", "missing", "seal_broken", "does_not_go")


def day_page(day: Day, role: Role) -> str:
    """Write the page of one role: equal input gives equal bytes, so that its hash can be read out at the place."""
    table = tomllib.loads((files("goodoffices.formats") / "words" / "count.toml").read_text(encoding="utf-8"))
    words = {key: entry for key, entry in table.items() if not key.startswith(_OF_THE_DESK)}
    values = (("WORDS", words), ("DAY", day.as_json()), ("HASH", day.hash), ("ROLE", role.value))
    code = "".join(constant(name, value) for name, value in values) + "".join(map(page_file, _SCRIPTS))
    return document(_main(role), code, style=page_file("day.css"))


def slip(day: Day, code: str) -> str:
    """Give what the QR code on a slip holds; the page reads it by camera or by a scanner that types."""
    return f"goodoffices:slip:{day.transfer}:{code}"


def _main(role: Role) -> Html:
    return join(
        [
            tag("h1", data_say="title"),
            tag("p", id="what", class_="sub"),
            tag("p", id="store", role="status"),
            tag("p", data_say="cannot_sign", id="cannot", class_="bad", role="status", hidden=""),
            tag("div", id="damaged"),
            tag("div", tag("div", _entry(), _place(role)), tag("div", _list(), _signing(), _file()), class_="grid"),
        ]
    )


def _entry() -> Html:
    keys = [
        tag("button", "⌫" if key == "back" else key, type="button", data_key=key, aria_labelledby=_label(key))
        for key in (*"123456789", "0", "back")
    ]
    return tag(
        "section",
        tag("p", id="there", class_="there", role="status"),
        Html('<progress id="bar" value="0" max="1" aria-labelledby="bar_label"></progress>'),
        tag("span", data_say="progress", id="bar_label", hidden=""),
        tag("label", tag("span", data_say="code"), Html('<input id="code" inputmode="none" autocomplete="off">')),
        tag("div", *keys, class_="pad"),
        tag("span", data_say="back", id="back_label", hidden=""),
        tag("button", data_say="scan", id="scan", type="button", class_="btn sec", hidden=""),
        Html('<video id="eye" playsinline muted hidden></video>'),
        tag("p", id="chosen", role="status"),
        tag(
            "div",
            *(tag("button", data_say=f"say_{act}", type="button", data_act=act, disabled="") for act in _ACTS),
            class_="acts",
        ),
        tag("div", id="said", role="alert"),
        tag(
            "div",
            tag("button", data_say="undo", id="undo", type="button", class_="btn sec", hidden=""),
            tag("span", id="last"),
            class_="undo",
        ),
        _sums(),
        tag("p", data_say="lead", class_="lead"),
    )


def _label(key: str) -> str | None:
    return "back_label" if key == "back" else None


def _sums() -> Html:
    cells = [
        tag("div", tag("dt", data_say=f"say_{name}" if name in _ACTS else name), tag("dd", "0", id=f"n_{name}"))
        for name in (*_ACTS, "not_yet")
    ]
    return tag("dl", *cells, class_="sums")


def _place(role: Role) -> Html:
    says = ("arrived", "met", "receipt") if role is Role.RECEIVER else ("arrived", "met")
    told = ("objection",) if role is Role.NEUTRAL else ("objection", "postponed", "aborted")
    return _card(
        "at_place",
        tag(
            "div",
            *(tag("button", data_say=f"say_{say}", type="button", data_place=say, class_="btn sec") for say in says),
            class_="place",
        ),
        tag("label", tag("span", data_say="words"), Html('<textarea id="words" maxlength="500"></textarea>')),
        tag(
            "div",
            *(tag("button", data_say=f"do_{say}", type="button", data_words=say, class_="btn sec") for say in told),
            class_="place",
        ),
    )


def _list() -> Html:
    options = [
        tag("option", data_say=f"which_{name}" if name in {"not_yet", "all"} else f"say_{name}", value=name)
        for name in ("not_yet", *_ACTS, "all")
    ]
    return tag(
        "details",
        tag("summary", tag("span", data_say="list")),
        tag("label", tag("span", data_say="which"), tag("select", *options, id="which")),
        tag("div", id="list"),
        class_="card",
    )


def _signing() -> Html:
    scopes = [tag("option", data_say=f"scope_{scope}", value=scope.value) for scope in SCOPES]
    return _card(
        "signing",
        tag("label", tag("span", data_say="scope"), tag("select", *scopes, id="scope")),
        tag("label", tag("span", data_say="key"), Html('<input type="file" id="key">')),
        tag(
            "label",
            tag("span", data_say="passphrase"),
            Html('<input type="password" id="passphrase" autocomplete="off">'),
        ),
        tag(
            "div",
            tag("button", data_say="act", id="act", type="button", class_="btn"),
            tag("button", data_say="sign", id="sign", type="button", class_="btn sec"),
            class_="place",
        ),
        tag("div", id="done", aria_live="polite"),
    )


def _file() -> Html:
    return _card(
        "file",
        tag("p", data_say="file_lead", class_="sub"),
        tag("button", data_say="save", id="save", type="button", class_="btn sec"),
        tag("div", id="saved", aria_live="polite"),
        tag("label", tag("span", data_say="load"), Html('<input type="file" id="load">')),
    )


def _card(title: str, *inner: Html) -> Html:
    return tag(
        "details", tag("summary", tag("span", data_say=title)), tag("div", *inner, class_="fields"), class_="card"
    )
