"""What the pages of the text show: clauses with their brackets, what is open, what changed, exports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.told import told
from goodoffices.desk.talks import revisions, selectors
from goodoffices.desk.talks.models import Text
from goodoffices.desk.talks.records import holder_of
from goodoffices.domain.text import CHAIR, Alternative, Document, Fork, Wording, forks_of, plain
from goodoffices.engines.talks.views import unattributed
from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.text_akn import text_akn
from goodoffices.formats.text_docx import text_docx
from goodoffices.formats.text_page import bracket_bars
from goodoffices.formats.text_pdf import text_pdf
from goodoffices.formats.words import Language, Words

A_PART = 60
"""Clauses on one page of a long text, if its articles allow."""


def whole(
    text: Text,
    shown: revisions.TextView,
    viewer: Viewer,
    *,
    languages: list[str],
    mode: str,
    since: int,
    at: str = "",
) -> dict[str, Any]:
    """Give what the page of the whole text shows.

    Parameters
    ----------
    text, shown, viewer
        The text, what the viewer sees of it, and the viewer.
    languages
        One, or two to be read facing.
    mode
        `all`, `sign` (as one's own side would sign it) or `changes`.
    since
        Revision to compare with.
    at
        Clause whose part of a long text is shown; the first part if there is none of that number.

    Returns
    -------
    dict
        For the template.
    """
    words = Words("talks", Language(viewer.language))
    open_by_clause: dict[str, list[str]] = {}
    for place in shown.places:
        open_by_clause.setdefault(place.clause, []).extend(place.waits_for or (CHAIR,))
    rows: list[dict[str, object]]
    if mode == "sign" and holder_of(viewer) not in {None, CHAIR}:
        signed = revisions.as_signed(shown, viewer.party)
        rows = [
            {"id": number, "cells": [(code, dict(signed[code]).get(number, "")) for code in languages], "open": []}
            for number, _ in signed[languages[0]]
        ]
        numbers = [str(row["id"]) for row in rows]
        parts, here = parts_of(numbers, Counter(place.clause for place in shown.places), at)
        rows = [row for row in rows if row["id"] in here]
    else:
        numbers = [clause.id for clause in shown.own[languages[0]].clauses]
        parts, here = parts_of(numbers, Counter(place.clause for place in shown.places), at)
        rows = _rows(shown, languages, open_by_clause, words, only=here)
    place_here = next((number for number, part in enumerate(parts) if part.is_here), 0)
    return {
        "rows": rows,
        "parts": parts,
        "part_here": parts[place_here] if parts else None,
        "before": parts[place_here - 1] if place_here else None,
        "after": parts[place_here + 1] if place_here + 1 < len(parts) else None,
        "missing": at if at and at not in numbers else "",
        "changes": _changes(revisions.changes(text, since, viewer.language), words) if mode == "changes" else [],
        "since": since,
        "picture": _safe(bracket_bars(shown.counts, words)),
        "places": [
            {
                "place": place,
                "why": words(f"why_{place.why}"),
                "waits": ", ".join(_name(p, words) for p in place.waits_for),
            }
            for place in shown.places
            if place.clause in here
        ],
        "drafts": drafts_shown(shown, languages, words),
        "drafts_mark": revisions.drafts_mark(shown.drafts, shown.documents),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of a long text that are read on one page.

    Attributes
    ----------
    first, last
        Its first and last clause.
    open
        How many places are open in it.
    is_here
        Whether it is the one that is shown.
    """

    first: str
    last: str
    open: int
    is_here: bool


def parts_of(clauses: Sequence[str], opened: Mapping[str, int], at: str) -> tuple[list[Part], frozenset[str]]:
    """Cut a text into parts of whole articles, and give the clauses of the one that a clause stands in.

    A short text is one part. An article longer than a part is cut where it must be.
    """
    cuts: list[list[str]] = [[]]
    for _, article in groupby(clauses, key=lambda number: number.partition(".")[0]):
        for piece in _pieces(list(article)):
            if len(cuts[-1]) + len(piece) > A_PART and len(clauses) > A_PART:
                cuts.append([])
            cuts[-1] += piece
    cuts = [cut for cut in cuts if cut] or [[]]
    here = next((number for number, cut in enumerate(cuts) if at in cut), 0)
    parts = [
        Part(cut[0], cut[-1], sum(opened.get(number, 0) for number in cut), number == here)
        for number, cut in enumerate(cuts)
        if cut
    ]
    return parts, frozenset(cuts[here])


def _pieces(items: list[str]) -> Iterator[list[str]]:
    """Give a list in pieces no longer than a part."""
    for begin in range(0, len(items), A_PART):
        yield items[begin : begin + A_PART]


def _rows(
    shown: revisions.TextView,
    languages: list[str],
    waits: Mapping[str, list[str]],
    words: Words,
    *,
    only: frozenset[str],
) -> list[dict[str, object]]:
    found = {code: {clause.id: clause for clause in shown.own[code].clauses} for code in languages}
    return [
        {
            "id": clause.id,
            "cells": [
                (
                    code,
                    _html(found[code][clause.id].wording, shown.documents[code], words)
                    if clause.id in found[code]
                    else "",
                )
                for code in languages
            ],
            "open": [
                (_rank(who, shown.documents[languages[0]]), _name(who, words)) for who in waits.get(clause.id, [])
            ],
        }
        for clause in shown.own[languages[0]].clauses
        if clause.id in only
    ]


def drafts_shown(
    shown: revisions.TextView, languages: Sequence[str], words: Words, clause: str = ""
) -> list[dict[str, object]]:
    """Give what the viewer keeps back, in the order of the text, with where it would be tabled now."""
    document = shown.documents[languages[0]]
    order = [each.id for each in shown.own[languages[0]].clauses]
    tabled = {each.id for each in document.clauses}
    found = [draft for draft in shown.drafts if clause in {"", draft.kept.clause}]
    found.sort(key=lambda draft: order.index(draft.kept.clause) if draft.kept.clause in order else len(order))
    return [
        {
            "key": draft.row.id,
            "at": draft.row.at,
            "clause": draft.kept.clause,
            "is_new": draft.kept.clause not in tabled,
            "place": draft.place,
            "standing": draft.standing.value,
            "cells": [(code, _html(draft.kept.wording.get(code, ()), document, words)) for code in languages],
        }
        for draft in found
    ]


def one(text: Text, shown: revisions.TextView, viewer: Viewer, number: str) -> dict[str, Any]:
    """Give what the page of one clause shows."""
    words = Words("talks", Language(viewer.language))
    language = viewer.language if viewer.language in shown.documents else next(iter(shown.documents))
    document = shown.documents[language]
    clause = next((each for each in document.clauses if each.id == number), None)
    holder = holder_of(viewer)
    places = []
    for place, fork in enumerate(forks_of(clause.wording) if clause else (), 1):
        choices = [
            {
                "number": which,
                "words": plain(choice.wording),
                "holders": [
                    (_rank(each.code, document), _name(each.code, words), each.mark.value) for each in choice.holders
                ],
                "mine": any(each.code == holder for each in choice.holders),
                "reserved": any(each.code == holder and each.mark.value == "!" for each in choice.holders),
            }
            for which, choice in enumerate(fork.alternatives, 1)
        ]
        opened = next((p for p in shown.places if (p.clause, p.place) == (number, place)), None)
        places.append({
            "number": place, "choices": choices, "count": len(choices),
            "why": words(f"why_{opened.why}") if opened else "", "agreed": bool(opened and opened.why == "agreed"),
        })  # fmt: skip
    return {
        "is_there": clause is not None,
        "cells": [
            (code, _html(found.wording, each, words))
            for code, each in shown.own.items()
            for found in each.clauses
            if found.id == number
        ],
        "places": places,
        "mark": revisions.clause_mark(shown.documents, number),
        "drafts": drafts_shown(shown, list(shown.documents), words, number),
        "sources": {f"source_{code}": source for code, source in _sources(shown.documents, number).items()},
        "positions": selectors.words_on(text, [number]),
        "is_clean": clause is not None and not places,
    }


def _sources(documents: Mapping[str, Document], number: str) -> dict[str, str]:
    return {code: revisions.clause_source(document, number) for code, document in documents.items()}


def exported(text: Text, shown: revisions.TextView, viewer: Viewer, *, form: str, at: dt.datetime) -> bytes:
    """Write the text as everybody sees it: DOCX and Akoma Ntoso in the reader's language, PDF in all, facing.

    What the reader keeps back is not in the file: a file goes from hand to hand. Under the Chatham House rule it names
    no holder.
    """
    documents = shown.documents
    if text.forum.chatham_house:
        documents = {code: unattributed(document) for code, document in documents.items()}
    language = viewer.language if viewer.language in documents else next(iter(documents))
    if form == "docx":
        return text_docx(documents[language], title=told(text.title, language))
    if form == "xml":
        return text_akn(documents[language], name=text.forum.code, language=language, on=at.date())
    digest = revisions.hash_of(documents)  # of what is shown: one of the names would let them be guessed
    return text_pdf(
        documents, digest, title=told(text.title, viewer.language), language=Language(viewer.language), at=at
    )


def clause_changes(text: Text, since: int, number: str, language: str) -> list[dict[str, object]]:
    """Tell in words what became of one clause since a revision, under another number too."""
    found = revisions.changes(text, since, language)
    return _changes(tuple(one for one in found if number in {one.id, *one.others}), Words("talks", Language(language)))


def _changes(found: tuple[object, ...], words: Words) -> list[dict[str, object]]:
    return [
        {
            "id": clause.id,  # type: ignore[attr-defined]
            "fate": words(f"fate_{clause.fate}", others=", ".join(clause.others)),  # type: ignore[attr-defined]
            "lines": [
                words(
                    f"change_{change.code}",
                    who=", ".join(_name(w, words) for w in change.who),
                    old=change.old,
                    new=change.new,
                )
                for change in clause.changes  # type: ignore[attr-defined]
            ],
        }
        for clause in found
    ]


def _html(wording: Wording, document: Document, words: Words) -> SafeString:
    return _safe(_wording(wording, document, words))


def _wording(wording: Wording, document: Document, words: Words) -> Html:
    parts: list[Html] = []
    for node in wording:
        if isinstance(node, Fork):
            count = len(node.alternatives)
            parts += [_choice(choice, document, words, (n, count)) for n, choice in enumerate(node.alternatives, 1)]
        else:
            parts.append(Html(h(node).replace("\n", "<br>")))
    return join(parts)


def _choice(choice: Alternative, document: Document, words: Words, at: tuple[int, int]) -> Html:
    """Write one alternative; a screen reader hears "alternative 1 of 2, held by ..." before its words."""
    names = ", ".join(_name(each.code, words) + each.mark.value for each in choice.holders)
    inner = _wording(choice.wording, document, words) if choice.wording else tag("i", words("delete"))
    css = f"alt {_rank(choice.holders[0].code, document)}"
    css += " hidden" if all(each.mark.value == "?" for each in choice.holders) else ""
    spoken = Words("desk_talks", words.language)("spoken", number=at[0], count=at[1], names=names)
    bracket = tag("b", "[", aria_hidden="true"), tag("b", "]", aria_hidden="true")
    return tag(
        "span",
        tag("span", spoken, " ", class_="sr"),
        bracket[0],
        inner,
        bracket[1],
        tag("sub", names, aria_hidden="true"),
        class_=css,
    )


def _rank(code: str, document: Document) -> str:
    """Give a holder's colour by its place among the parties of the text; no party has a colour of its own."""
    parties = list(document.parties)
    return f"h{parties.index(code) % 4}" if code in parties else "hc"


def _name(code: str, words: Words) -> str:
    return words("chair") if code == CHAIR else code


def _safe(html: Html) -> SafeString:
    return mark_safe(html)  # noqa: S308  every part was escaped by `tag` and `h`
