"""Pages of commitments, with the readings side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.ledger.selectors import names, readable
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.talks import force, owing, packages, revisions, selectors, textparts
from goodoffices.desk.talks.forms import ReadingForm
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
    items, parties = force.with_words(id__in=[item.id for item in chosen]), names()
    found = force.forces(items, witnesses=force.witnesses_for(viewer))
    read = readable(viewer, [item.entry.index for item in items if item.entry is not None])

    def called_(codes: Iterable[str]) -> list[str]:
        return [parties.get(code, code) for code in codes]

    return [
        (
            item,
            {
                "force": (one := found[item.code]),
                "lacks": [(lack.why.value, called_(lack.owed_by)) for lack in one.lacks],
                "signed": called_(one.signed),
                "may_read_entry": item.entry is not None and item.entry.index in read,
            },
        )
        for item in items
    ]


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
    return page(
        request, "commitment", item=item, readings=_readings(item), form=form,
        may_answer=may(viewer, "accept", thing) and item.state in packages.BEFORE_FORCE,
        rest=rest, later=_later(viewer, item, rest), **shown, **_held(viewer, item, packages.standings()),
    )  # fmt: skip


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
