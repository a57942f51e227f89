"""The single text as PDF: one language, or languages facing; its hash, page k of n and a QR code on every page."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import cast

import segno
import typst

from goodoffices.domain.text import Alternative, Document, Fork, Wording
from goodoffices.formats.print.frame import clock_name
from goodoffices.formats.words import Language, Words

NAMES = {"en": "English", "uk": "Українська", "ru": "Русский", "tr": "Türkçe"}
"""Each language in its own words."""

_Node = str | list[dict[str, object]]


def text_pdf(
    texts: Mapping[str, Document], text_hash: str, *, title: str, language: Language, at: dt.datetime
) -> bytes:
    """Print a text as tagged PDF (PDF/UA-1).

    Parameters
    ----------
    texts
        Language code to text, one to three of them; the first gives the order of the clauses.
    text_hash
        SHA-256 of the text in all its languages, in hex.
    title
        Of the document.
    language
        Of the labels.
    at
        When it was printed; equal input gives equal bytes.

    Returns
    -------
    bytes
        The PDF.
    """
    words = Words("talks", language)
    rows = _rows(texts)
    data = {
        "title": title,
        "lead": words("pdf_lead"),
        "foot": words("pdf_foot"),
        "hash": text_hash,
        "hash_label": "SHA-256",
        "page_label": words("page"),
        "state": words("open", n=_forks(next(iter(texts.values())))),
        "printed": Words("print", language)(
            "printed", at=f"{words.date(at.date())}, {at:%H:%M} ({clock_name(at, '')})"
        ),
        "qr": _qr(f"{title}\nSHA-256 {text_hash}"),
        "qr_alt": f"QR: SHA-256 {text_hash}",
        "languages": list(texts),
        "language_names": [NAMES.get(code, code) for code in texts],
        "parties": list(next(iter(texts.values())).parties),
        "rows": rows,
    }
    templates = files("goodoffices.formats") / "print"
    press = typst.Compiler(
        (templates / "text.typ").read_bytes(),
        root=str(templates),  # nothing but the templates can be read
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return cast("bytes", press.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(at.timestamp())))


def _forks(text: Document) -> int:
    return sum(isinstance(node, Fork) for clause in text.clauses for node in clause.wording)


def _rows(texts: Mapping[str, Document]) -> list[dict[str, object]]:
    by_language = [{clause.id: clause.wording for clause in document.clauses} for document in texts.values()]
    order = dict.fromkeys(name for clauses in by_language for name in clauses)
    return [{"id": name, "wordings": [_nodes(clauses.get(name, ())) for clauses in by_language]} for name in order]


def _nodes(wording: Wording) -> list[_Node]:
    return [[_choice(choice) for choice in node.alternatives] if isinstance(node, Fork) else node for node in wording]


def _choice(choice: Alternative) -> dict[str, object]:
    return {
        "wording": _nodes(choice.wording),
        "codes": [holder.code for holder in choice.holders],
        "holders": ", ".join(map(str, choice.holders)),
    }


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
