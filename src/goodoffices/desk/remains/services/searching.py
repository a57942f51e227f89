"""Writes of searches: ask for one, keep what a part found, close it with its candidates or groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.jobs import work
from goodoffices.desk.remains.models import Candidate, Grouping, Search, SearchPart
from goodoffices.desk.remains.selectors.standing import thing
from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.engines.kinship.prior import parse

MUTATION = "equal:0.002"


def search_ask(
    *,
    kind: str,
    by: Viewer,
    at: dt.datetime,
    prior: str = "default",
    threshold: float = 0.9995,
    theta: float = 0.0,
    drop_out: float = 0.02,
    parts: int = 0,
) -> Search:
    """Ask for a search over everything typed until now; its job begins when a worker is free.

    Raises
    ------
    InputError
        If the prior is none.
    """
    require(by, "search", thing(""))
    try:
        parse(prior)
    except RangeError as error:
        raise InputError(Fault("search", "", "size", prior, "population")) from error
    frame = {
        "prior": prior,
        "threshold": threshold,
        "theta": theta,
        "drop_out": drop_out,
        "mutation": MUTATION,
        "parts": parts,
    }
    search = Search.objects.create(kind=kind, owner=by.party, frame=frame, asked_by_id=by.user, asked_at=at)
    job = work.ask(kind=f"remains_{kind}", owner=by.party, given={"search": search.id}, by=by, at=at)
    search.job = job.id
    search.save(update_fields=["job"])
    return search


def part_keep(*, search: Search, number: int, found: Mapping[str, object]) -> None:
    """Keep what a part found, so that a search whose worker died goes on after it."""
    SearchPart.objects.get_or_create(search=search, number=number, defaults={"owner": search.owner, "found": found})


def search_close(
    *,
    search: Search,
    counts: Mapping[str, int],
    notes: Sequence[Sequence[str]],
    candidates: Sequence[Candidate] = (),
    groupings: Sequence[Grouping] = (),
) -> None:
    """Write everything a search found, once, in one transaction; a second time changes nothing."""
    with transaction.atomic():
        held = Search.objects.select_for_update().get(id=search.id)
        if held.done_at is not None:
            return
        Candidate.objects.bulk_create(candidates)
        Grouping.objects.bulk_create(groupings)
        SearchPart.objects.filter(search=held).delete()
        held.counts, held.notes, held.done_at = dict(counts), [list(note) for note in notes], timezone.now()
        held.save()
