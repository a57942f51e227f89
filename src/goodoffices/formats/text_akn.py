"""The single text as Akoma Ntoso 3.0: alternatives point to the first wording of their place (`alternativeTo`)."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree as ET

from goodoffices.domain.text import CHAIR, NOBODY, Document, Fork, Wording

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"


def text_akn(document: Document, *, name: str, language: str, on: dt.date) -> bytes:
    """Write one language of a text as an Akoma Ntoso document.

    Parameters
    ----------
    document
        As its readers may see it.
    name
        Short name of the text, letters, digits and hyphens; part of its identifiers.
    language
        Two letters.
    on
        Day of this version.

    Returns
    -------
    bytes
        XML that is valid against the OASIS schema of Akoma Ntoso 3.0. Holders stand in `class`; an empty
        wording (a proposal to delete) is an empty `inline`.
    """
    root = ET.Element("akomaNtoso", xmlns=NAMESPACE)
    doc = ET.SubElement(root, "doc", name="single-negotiating-text")
    _meta(doc, document, (name, language, on))
    body = ET.SubElement(doc, "mainBody")
    if not document.clauses:
        ET.SubElement(body, "p")  # the schema wants something in a body
    for clause in document.clauses:
        key = "cl_" + re.sub(r"\W", "-", clause.id)
        article = ET.SubElement(body, "article", eId=key)
        ET.SubElement(article, "num").text = clause.id
        content = ET.SubElement(article, "content", eId=f"{key}__content")
        _write(ET.SubElement(content, "p"), clause.wording, key)
    written: str = ET.tostring(root, encoding="unicode")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + written).encode()


def _meta(doc: ET.Element, document: Document, which: tuple[str, str, dt.date]) -> None:
    name, language, on = which
    meta = ET.SubElement(doc, "meta")
    identification = ET.SubElement(meta, "identification", source="#goodoffices")
    work = f"/akn/un/doc/{on.isoformat()}/{name}"
    for level, uri in (
        ("FRBRWork", work),
        ("FRBRExpression", f"{work}/{_three(language)}@{on.isoformat()}"),
        ("FRBRManifestation", f"{work}/{_three(language)}@{on.isoformat()}.xml"),
    ):
        part = ET.SubElement(identification, level)
        ET.SubElement(part, "FRBRthis", value=f"{uri}/!main")
        ET.SubElement(part, "FRBRuri", value=uri)
        ET.SubElement(part, "FRBRdate", date=on.isoformat(), name="generation")
        ET.SubElement(part, "FRBRauthor", href="#goodoffices")
        if level == "FRBRWork":
            ET.SubElement(part, "FRBRcountry", value="un")
        if level == "FRBRExpression":
            ET.SubElement(part, "FRBRlanguage", language=_three(language))
    references = ET.SubElement(meta, "references", source="#goodoffices")
    ET.SubElement(
        references,
        "TLCOrganization",
        eId="goodoffices",
        href="/ontology/organization/goodoffices",
        showAs="Good Offices",
    )
    for party in () if NOBODY in document.parties else (*document.parties, CHAIR):
        ET.SubElement(references, "TLCOrganization", eId=party, href=f"/ontology/organization/{party}", showAs=party)


def _write(parent: ET.Element, wording: Wording, key: str) -> None:
    place = 0
    last: ET.Element | None = None
    for node in wording:
        if not isinstance(node, Fork):
            if last is None:
                parent.text = (parent.text or "") + node
            else:
                last.tail = (last.tail or "") + node
            continue
        place += 1
        first = f"{key}__place_{place}__w_1"
        for number, choice in enumerate(node.alternatives, 1):
            own = f"{key}__place_{place}__w_{number}"
            attributes = {"name": "wording", "eId": own, "class": " ".join(map(str, choice.holders))}
            if number > 1:
                attributes["alternativeTo"] = first
            last = ET.SubElement(parent, "inline", attributes)
            _write(last, choice.wording, own)


def _three(language: str) -> str:
    return {"en": "eng", "uk": "ukr", "ru": "rus", "tr": "tur"}.get(language, language)
