"""Pages of commitments, with the readings side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.ledger.selectors import may_consent, names, readable
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.talks import accords, force, owing, packages, revisions, selectors, textparts, validity
from goodoffices.desk.talks.forms import ReadingForm, ValidityForm
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.packageviews import named
from goodoffices.desk.talks.views import PART, page, refusal
from goodoffices.domain.process import Stance


@guard("commitment", "read")
def commitments(request: HttpRequest) -> HttpResponse:
    """Show what is owed, by whom, by when, what is in force, with the readings side by side."""
    viewer = viewer_of(request)
    found, items = packages.standings(), _with_force(viewer, selectors.commitments(viewer))
    rows = [{"item": item, "readings": _readings(item), **shown, **_held(viewer, item, found)} for item, shown in items]
    return page(request, "commitments", rows=rows, parties=sides(), packages=packages.packages(viewer))


def _with_force(viewer: Viewer, chosen: Sequence[Commitment]) -> list[tuple[Commitment, dict[str, object]]]:
    """Give commitments with what a page says of their force: what is missing and who owes it, the entry, who signed."""
    items = force.with_words(id__in=[item.id for item in chosen])
    called = _caller()
    found = force.forces(items, witnesses=cache(partial(force.witnesses_for, viewer)))
    read = readable(viewer, [item.entry.index for item in items if item.entry is not None])
    return [
        (
            item,
            {
                "force": (one := found[item.code]),
                "lacks": [
                    {"why": lack.why.value, "owed_by": called(lack.owed_by), "mine": _mine(viewer, item, lack)}
                    for lack in one.lacks
                ],
                "signed": called(one.signed),
                "may_read_entry": item.entry is not None and item.entry.index in read,
            },
        )
        for item in items
    ]


def _mine(viewer: Viewer, item: Commitment, lack: force.Lack) -> str:
    """Give where the viewer himself can bring what is missing; empty where it is not his to bring."""
    if viewer.party not in lack.owed_by:
        return ""
    if lack.why in {force.Why.ANSWER, force.Why.REFERENDUM}:
        return "#answer" if may(viewer, "accept", selectors.commitment_thing(item, viewer)) else ""
    if lack.why is force.Why.COSIGNATURE:
        return "/record/cosign" if may(viewer, "cosign", Thing("head")) else ""
    return f"/record/{item.entry.index}/sign" if item.entry is not None and may_consent(viewer, item.entry) else ""


def _held(viewer: Viewer, item: Commitment, found: Sequence[packages.Standing]) -> dict[str, object]:
    """Give what holds a commitment: the packages the viewer may read by name and parts, others that there are some."""
    holding = packages.holding(item, found)
    forums = {one.row.code: one.row.forum for one in found}
    told = [
        (held.package, named(held.waits_for, forums[held.package.code], viewer.language))
        for held in holding
        if may(viewer, "read", packages.package_thing(forums[held.package.code], viewer))
    ]
    return {"is_held": bool(holding), "held": told}


def _readings(item: object) -> list[tuple[Party, object]]:
    said = selectors.readings(item)  # type: ignore[arg-type]
    return [(side, said.get(side.code)) for side in sides()]


@guard("commitment", "read")
def commitment(request: HttpRequest, code: str) -> HttpResponse:
    """Show one commitment."""
    viewer = viewer_of(request)
    [(item, shown)] = _with_force(viewer, [selectors.commitment_of(viewer, code)])
    own, rest = selectors.readings(item).get(viewer.party), revisions.rest_of(item)
    thing = selectors.commitment_thing(item, viewer)
    form = ReadingForm(language=viewer.language, initial={"reading": own.text if own else ""})
    may_ask = may(viewer, "write", thing) and item.text is not None
    return page(
        request, "commitment", item=item, readings=_readings(item), form=form, **_moves(viewer, item),
        ask_form=ValidityForm(language=viewer.language, events=force.events_of(item)) if may_ask else None,
        may_answer=may(viewer, "accept", thing) and item.state in packages.BEFORE_FORCE,
        rest=rest, later=_later(viewer, item, rest), **shown, **_held(viewer, item, packages.standings()),
    )  # fmt: skip


def _moves(viewer: Viewer, item: Commitment) -> dict[str, object]:
    """Give what every side has accepted last of whether a commitment holds, and what waits to be answered of it."""
    move = force.last_move(item, partial(force.witnesses_for, viewer))
    asked = (
        item.text.forum.accords.filter(kind=force.VALIDITY, about=item.id, state="waits").first() if item.text else None
    )
    is_read = asked is not None and may(viewer, "read", accords.accord_thing(asked, viewer, timezone.now()))
    called = _caller()
    lacks = [(lack.why.value, called(lack.owed_by)) for lack in move.lacks] if move is not None else []
    read = readable(viewer, [move.entry] if move is not None else [])
    return {"move": move, "move_lacks": lacks, "move_read": bool(read), "asked": asked if is_read else None}


def _caller() -> Callable[[Iterable[str]], list[str]]:
    """Give what turns codes of parties into their names."""
    parties = names()
    return lambda codes: [parties.get(code, code) for code in codes]


def _later(viewer: Viewer, item: Commitment, rest: revisions.Rest | None) -> list[dict[str, object]] | None:
    """Tell what a later revision made of the clause; None if nothing, or if the text is not the viewer's to read."""
    if rest is None or not rest.differs or item.text is None:
        return None
    if not may(viewer, "read", selectors.text_thing(item.text, viewer)):
        return None
    return textparts.clause_changes(item.text, rest.revision, item.clause, viewer.language)


@guard("commitment", "accept")
@writes
def commitment_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Give a side's reading or acceptance."""
    viewer = viewer_of(request)
    item, form = selectors.commitment_of(viewer, code), ReadingForm(request.POST, language=viewer.language)
    again = refusal(
        request, form, lambda given: owing.commitment_answer(
            item=item, stance=Stance(given["answer"]) if given["answer"] else None, reading=given["reading"], by=viewer,
            at=timezone.now(),
        ),
        title="your_reading", back=f"/commitments/{code}",
    )  # fmt: skip
    return again or done(request, f"/commitments/{code}", PART, "reading_kept")


@guard("commitment", "write")
@writes
def commitment_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the sides whether a commitment shall be suspended, resumed or withdrawn."""
    viewer = viewer_of(request)
    item = selectors.commitment_of(viewer, code)
    form = ValidityForm(request.POST, language=viewer.language, events=force.events_of(item))
    again = refusal(
        request, form, lambda given: validity.validity_ask(item=item, by=viewer, at=timezone.now(), **given),
        title="validity", back=f"/commitments/{code}",
    )  # fmt: skip
    return again or done(request, f"/commitments/{code}", PART, "accord_put")
