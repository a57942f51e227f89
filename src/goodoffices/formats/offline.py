"""The offline pages that sign and verify: each one file, opened from disk, with no network by its own policy."""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
from importlib.resources import files

from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.words import Language

_NAMES = {Language.EN: "English", Language.UK: "Українська", Language.RU: "Русский", Language.TR: "Türkçe"}
_PARTS = ("ledger", "signer")
_USED = ("kind_", "field_", "value_")


def offline_pages() -> dict[str, str]:
    """Build both pages, by file name; equal input gives equal bytes, so that their hashes can be published."""
    return {
        "sign.html": _page("sign", _sign_form(), ("keyfile.js", "signer.js")),
        "verify.html": _page("verify", _form(), ("verifier.js",)),
    }


def document(main: Html, code: str, *, style: str = "") -> str:
    """Write one page with its one script, which its own policy names by hash; nothing else may run, load or send.

    Parameters
    ----------
    main
        What stands below the languages.
    code
        The script.
    style
        Further rules of this page alone.
    """
    mark = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    rules = ["default-src 'none'", f"script-src 'sha256-{mark}'", "style-src 'unsafe-inline'"]
    policy = "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])
    sheet = (files("goodoffices.formats") / "page.css").read_text("utf-8") + page_file("offline.css") + style
    head = join(
        [
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{h(policy)}">'),
            Html('<meta name="referrer" content="no-referrer">'),
            tag("title", "Good Offices"),
            Html(f"<style>{sheet}</style>"),
        ]
    )
    languages = [
        tag("button", name, type="button", data_language=code.value, lang=code.value) for code, name in _NAMES.items()
    ]
    body = join(
        [
            tag("header", tag("div", tag("span", "Good Offices", class_="brand"), class_="wrap"), class_="top"),
            tag("main", tag("p", *languages, class_="lang"), main, class_="wrap"),
            Html(f"<script>{code}</script>"),
        ]
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def constant(name: str, value: object) -> str:
    """Write a constant of a script; no text in it can end the script."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text = text.replace("</", "<\\/").replace("<!", "<\\!")
    return f"const {name} = {text};\n"


def page_file(name: str) -> str:
    """Read a script or a sheet of the pages."""
    return (files("goodoffices.formats") / "pages" / name).read_text(encoding="utf-8")


def _page(what: str, form: Html, scripts: tuple[str, ...]) -> str:
    main = join(
        [
            tag("h1", data_say=f"title_{what}"),
            tag("p", data_say=f"lead_{what}", class_="lead"),
            form,
            tag("section", id="found", aria_live="polite"),
            *([tag("button", id="sign", type="button", class_="btn", hidden="")] if what == "sign" else []),
            tag("section", id="done", aria_live="polite"),
        ]
    )
    return document(main, constant("WORDS", _words()) + "".join(map(page_file, ("common.js", *scripts))))


def _sign_form() -> Html:
    return tag(
        "form",
        _file_field("request"),
        _file_field("key"),
        _file_field("state"),
        tag("label", Html('<input type="checkbox" id="first">'), tag("span", data_say="first"), class_="line"),
        _file_field("policy"),
        tag("label", tag("span", data_say="charter"), Html('<input type="text" id="charter" autocomplete="off">')),
        tag(
            "label",
            tag("span", data_say="passphrase"),
            Html('<input type="password" id="passphrase" autocomplete="off">'),
        ),
        _check(),
    )


def _form() -> Html:
    return tag(
        "form",
        _file_field("policy"),
        _file_field("proof"),
        tag("label", tag("span", data_say="or_text"), Html('<textarea id="text" spellcheck="false"></textarea>')),
        _check(),
    )


def _file_field(name: str) -> Html:
    return tag("label", tag("span", data_say=name), Html(f'<input type="file" id="{name}">'))


def _check() -> Html:
    return tag("p", tag("button", data_say="check", id="check", type="button", class_="btn"))


def _words() -> dict[str, object]:
    """Give every word of the pages, and the kinds, fields and values of entries, in four languages."""
    found: dict[str, object] = {}
    for part in _PARTS:
        table = tomllib.loads((files("goodoffices.formats") / "words" / f"{part}.toml").read_text(encoding="utf-8"))
        found |= {key: entry for key, entry in table.items() if part == "signer" or key.startswith(_USED)}
    return found
