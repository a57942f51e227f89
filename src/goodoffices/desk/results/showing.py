"""The pages of results as HTML, in one language; the frame is put around them by the view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.frame.told import texts_in
from goodoffices.desk.results.selectors import Shown
from goodoffices.domain.assertion import Assertion, Standing
from goodoffices.formats.page import Html, join, tag
from goodoffices.formats.results_bars import DEFS
from goodoffices.formats.results_cards import Cards, Proof
from goodoffices.formats.results_page import Origin, movement_table, results_body
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.results_talks import transfers
from goodoffices.formats.results_time import timeline
from goodoffices.formats.words import Language

PART = "desk_results"
ORGANS = ("side", "secretariat", "humanitarian", "forensic", "observer", "several")
"""Who at the desk attests; the key of the organ's word."""


def phrases_of(shown: Shown, language: str) -> Phrases:
    """Give the words of the process in the reader's language."""
    texts = dict(texts_in(language))
    texts |= {say(PART, "en", f"organ_{name}"): say(PART, language, f"organ_{name}") for name in ORGANS}
    return Phrases(shown.process, Language(language), texts)


T = TypeVar("T", str, bytes)
_KEPT: OrderedDict[tuple[str, ...], str | bytes] = OrderedDict()
_MOST = 64
_LOCK = Lock()


def kept(key: tuple[str, ...], made: Callable[[], T]) -> T:
    """Give what was made before under this key, or make it; the ones asked for least recently are let go."""
    with _LOCK:
        found = _KEPT.get(key)
        if found is not None:
            _KEPT.move_to_end(key)
            return cast("T", found)
    fresh = made()
    with _LOCK:
        _KEPT[key] = fresh
        if len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return fresh


def whole(shown: Shown, language: str, *, address: str = "/results") -> str:
    """Write everything in one page; the same again until anything shown changes."""

    def made() -> str:
        phrases = phrases_of(shown, language)
        proof = _prover(shown, language)
        origin = Origin("", "", address=address, lead=_lead(shown, language), proof=proof)
        return results_body(shown.process, shown.result, phrases, overall=shown.overall, origin=origin)

    return kept(("whole", shown.key, language, address), made)


def one(shown: Shown, name: str, language: str) -> str:
    """Write one commitment: readings, bars, movements in time, transfers, every statement with its source and proof."""
    return kept(("one", shown.key, language, name), lambda: _one(shown, name, language))


def _one(shown: Shown, name: str, language: str) -> str:
    phrases = phrases_of(shown, language)
    words = phrases.words
    cards = Cards(shown.result, shown.process.assertions, phrases, proof=_prover(shown, language))
    found = next(c for c in shown.result.commitments if c.commitment.id == name)
    mine = [m for m in shown.result.movements if any(a.commitment == name for a in m.told)]
    disputed = [t for t in shown.result.transfers if t.transfer.commitment == name]
    note = tag("p", say(PART, language, "proofs_note"), class_="sub")
    parts: list[object] = [DEFS, cards.commitment(found, is_open=True), note]
    if mine:
        up = shown.process.sides[0].code
        lead = words("time_lead", up=phrases.party(up), down=phrases.party(shown.process.sides[1].code))
        parts += [
            tag("h2", words("nav_time")),
            tag(
                "div",
                tag("p", lead, class_="lead"),
                timeline(mine, up, phrases),
                movement_table(mine, phrases),
                class_="card",
            ),
        ]
    if disputed:
        parts += [tag("h2", words("nav_transfer")), transfers(disputed, phrases)]
    return join(parts)


def _lead(shown: Shown, language: str) -> Html:
    if not shown.publication:
        return tag("p", say(PART, language, "no_publication"), class_="sub")
    link = tag("a", say(PART, language, "publication_n", n=shown.publication), href="/results/publications")
    return tag("p", link, " · ", say(PART, language, "publication_lead"), class_="sub")


def _prover(shown: Shown, language: str) -> Proof:
    """Give what proves an attested figure: its entry, or the publication it is part of; a statement has its source."""

    def prove(a: Assertion) -> Html:
        if a.standing is not Standing.ATTESTED:
            return Html("")
        if a.id in shown.statements:
            return tag("a", say(PART, language, "proof_attested"), href=f"/results/proof/{a.id}")
        return tag("a", say(PART, language, "proof_pooled"), href="/results/publications")

    return prove
