"""How things stand: gaps of custody, votes, identifications, what was reopened; computed each time, stored nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max, Q, QuerySet

from goodoffices.desk.access import Thing
from goodoffices.desk.remains.models import (
    Candidate,
    Case,
    Custody,
    Finding,
    Profile,
    Reference,
    Reopening,
    Search,
    Vote,
)
from goodoffices.engines.kinship.conclusions import Entry, Kind, Standing, states


def thing(owner: str, *facts: str) -> Thing:
    """Name remains of a party."""
    return Thing("remains", owner, frozenset(facts))


def gaps(line: QuerySet[Custody] | Sequence[Custody]) -> list[str]:
    """Say of each step of a line of custody, in the order of time, what is missing before it, or nothing."""
    found: list[str] = []
    held, last = "", None
    for one in line:
        gap = ""
        if last is not None and _folded(one.hands["gave"]) != held:
            gap = "hands"
        elif last is not None and last.seal == "broken" and one.seal == "intact":
            gap = "seal"  # broken, and never renewed in between
        found.append(gap)
        held, last = _folded(one.hands["took"]), one
    return found


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def lacks(candidate: Candidate) -> tuple[str, ...]:
    """Say what stands against an identification by this pair: what the rule lacks, and what has changed since."""
    found = [code for code in candidate.lacking.split(";") if code]
    asked = candidate.search.asked_at
    latest = Search.objects.filter(kind="kinship", done_at__isnull=False).order_by("-asked_at").first()
    if latest is not None and latest.id != candidate.search_id:
        found.append("newer_search")
    if Reference.objects.filter(family=candidate.family_id, withdrawn_at__isnull=False, withdrawn_at__gte=asked):
        found.append("withdrawn_since")
    typed = Q(sample__case=candidate.case_id) | Q(reference__family=candidate.family_id)
    if Profile.objects.filter(typed, at__gt=asked).exists():
        found.append("typed_since")
    if candidate.case.state not in {"profiled", "reassociated"} or candidate.case.joined_to_id:
        found.append("state")
    return tuple(found)


def standing_votes(case: Case, question: str) -> list[Vote]:
    """Give the latest vote of each member on a question since it was last decided, the earliest first."""
    last = Finding.objects.filter(case=case, question=question).aggregate(Max("at"))["at__max"]
    votes = Vote.objects.filter(case=case, question=question).order_by("at", "id")
    if last is not None:
        votes = votes.filter(at__gt=last)
    return sorted({one.by_id: one for one in votes}.values(), key=lambda one: one.at)


def standing_findings(case: Case) -> list[Finding]:
    """Give the identifications of a case that stand: neither retracted, nor reopened by what came later."""
    stand = conclusions()
    return [one for one in case.findings.filter(kind="identified") if stand.get(one.id) == Standing.STANDS]


def conclusions() -> dict[str, Standing]:
    """Compute how every identification stands, from findings and withdrawals alone, in the order of time."""
    found: list[tuple[dt.datetime, Entry]] = []
    standing: set[str] = set()
    for one in Finding.objects.order_by("number"):
        if one.kind == "identified":
            found.append((one.at, Entry(one.id, Kind.CONCLUDE, rests_on=tuple(one.rests_on))))
            standing.add(one.id)
        for fallen in Reopening.objects.filter(finding=one, kind="finding").values_list("object", flat=True):
            if fallen in standing:
                found.append((one.at, Entry(f"{one.id}:{fallen}", Kind.RETRACT, about=fallen, reason=one.kind)))
                standing.discard(fallen)
    for reference in Reference.objects.filter(withdrawn_at__isnull=False):
        if reference.withdrawn_at is not None:
            entry = Entry(f"w:{reference.id}", Kind.WITHDRAW_CONSENT, about=reference.id, reason="withdrawn")
            found.append((reference.withdrawn_at, entry))
    found.sort(key=lambda pair: pair[0])
    return {one.conclusion: one.standing for one in states([entry for _, entry in found])}


def reopenings(*, kind: str = "", key: str = "", since: dt.datetime | None = None) -> QuerySet[Reopening]:
    """Give what findings have reopened, the latest first, for the rooms that come after.

    Parameters
    ----------
    kind
        `case`, `finding`, `transfer` or `movement`; every kind if empty.
    key
        Of the object; every one if empty.
    since
        Not before this moment.
    """
    found = Reopening.objects.select_related("finding").order_by("-at")
    if kind:
        found = found.filter(kind=kind)
    if key:
        found = found.filter(object=key)
    return found if since is None else found.filter(at__gte=since)
