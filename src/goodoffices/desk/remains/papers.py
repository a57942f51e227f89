"""What the room prints: the chain of custody of a container or an item, as far as it is noted, with lines to fill."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.templatetags.desk import city
from goodoffices.desk.frame.told import told
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.selectors import content
from goodoffices.desk.parties.selectors import process
from goodoffices.desk.remains.forms import PART
from goodoffices.desk.remains.models import Container, Custody, Item
from goodoffices.desk.remains.selectors import cases
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.formats.print import custody as paper
from goodoffices.formats.print.frame import Frame, Mark, Place
from goodoffices.formats.words import Language, Words

_SEALS = {"renewed": paper.SealState.REPLACED}


def custody_pdf(viewer: Viewer, one: Container | Item, *, at: dt.datetime) -> bytes:
    """Print the chain of custody of what the viewer may read."""
    return paper.custody_pdf(custody_form(viewer, one, at=at), Language(viewer.language))


def custody_form(viewer: Viewer, one: Container | Item, *, at: dt.datetime) -> paper.CustodyForm:
    """Fill the form with what is noted: numbers and posts; of what it is the kind alone, not its sealed words."""
    words, line = Words(PART, Language(viewer.language)), cases.line_of(one)
    zones = dict.fromkeys([line[-1].step.zone if line else process().zone, viewer.zone])
    places = tuple(Place(city(zone, viewer.language), zone) for zone in zones)
    return paper.CustodyForm(
        Frame(told(process().title, viewer.language), one.number, at, places),
        one.number,
        (one.parent.number if one.parent else one.case.number) if isinstance(one, Item) else "",
        words(f"choice_kind_{one.kind}") if isinstance(one, Item) else words("container_of", number=_brought(one)),
        tuple(_printed(hand, words) for hand in line),
        mark=_mark(one, line[-1].step) if line else None,
    )


def _brought(one: Container) -> str:
    return one.transfer.movement or one.transfer.number


def _printed(hand: cases.Hand, words: Words) -> paper.Custody:
    step = hand.step
    state = _SEALS.get(step.seal) or paper.SealState(step.seal)
    note = words(f"gap_{hand.gap}") if hand.gap else ""
    return paper.Custody(
        step.at, step.hands["gave"], step.hands["took"], step.hands["place"], step.seal_number, state, note
    )


def _mark(one: Container | Item, last: Custody) -> Mark | None:
    """Name the statement by which the last step stands in the record; None if its content was erased."""
    noted = Statement.objects.filter(kind="custody_step", owner=one.owner, at=last.noted_at).order_by("-number")
    moment = last.at.astimezone(dt.UTC).isoformat()
    for statement in noted:
        said = content(statement)
        if not isinstance(said, dict) or (said.get("at"), said.get("seal")) != (moment, last.seal):
            continue
        if one.id in (said.get("things") or ()):
            return Mark(statement.name, sha256_hex(canonical_bytes(said)))
    return None
