"""A side's own view of a plan: what its own list bears out, and the file to check it with at home."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpRequest, HttpResponse

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.exchange import owning, page, selectors
from goodoffices.desk.exchange.models import Exchange, Plan
from goodoffices.desk.exchange.views import shown
from goodoffices.desk.http import guard, viewer_of
from goodoffices.desk.keeping import exports
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import NotYoursError

_STAMP = (1980, 1, 1, 0, 0, 0)
"""Of every file in the ZIP: the same view gives the same bytes."""


def _own(request: HttpRequest, key: str) -> tuple[Viewer, Exchange, Plan]:
    """Give the side that asks, and the plan that stands.

    Raises
    ------
    NotYoursError
        If the viewer is of no side, or no plan stands.
    """
    viewer = viewer_of(request)
    found = selectors.exchange_of(viewer, key)
    require(viewer, "read", Thing(selectors.PEOPLE, viewer.party))
    row = selectors.plan_row(found)
    if row.kind == "infeasible" or not found.holdings.filter(party=viewer.party).exists():
        raise NotYoursError("no view")
    return viewer, found, row


@guard("exchange_people", "read")
def own(request: HttpRequest, key: str) -> HttpResponse:
    """Show what of the plan the side's own list bears out, and where the hash of its view stands."""
    viewer, found, row = _own(request, key)
    view = owning.own_view(row, viewer.party)
    ticks = page.ticks(view.verdict, viewer.language)
    return shown(
        request, "own", exchange=found, row=row, ticks=ticks, sha256=sha256_hex(view.view),
        agreed=selectors.is_agreed(row), party=viewer.party, own_list=True,
    )  # fmt: skip


@guard("exchange_people", "read")
def own_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give terms, view and own sealed list as one ZIP, sealed to the side's own keys."""
    viewer, _, row = _own(request, key)
    view, out = owning.own_view(row, viewer.party), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (
            ("TERMS.toml", row.terms.encode()), ("VIEW.json", view.view), (f"{viewer.party}.csv", view.sealed),
        ):  # fmt: skip
            packed.writestr(zipfile.ZipInfo(name, _STAMP), data)
    return exports.answer(exports.sealed(out.getvalue(), name=f"plan-{row.number}-{viewer.party}.zip", by=viewer))
