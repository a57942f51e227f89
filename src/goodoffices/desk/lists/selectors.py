"""Reads of lists: what is yours, what was released to you, and of that the released fields alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.jobs.models import Job, State
from goodoffices.desk.lists.models import Answer, List, ListFile, ListVersion, Record, SearchKeys, Settling
from goodoffices.desk.lists.states import SEALED, shown
from goodoffices.desk.parties.models import Release
from goodoffices.desk.parties.selectors import neutral, releases_in_force
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.lists import COLUMNS, ListKind

KIND = "list"


@dataclass(frozen=True, slots=True)
class Seen:
    """A version as one viewer may see it.

    Attributes
    ----------
    version
        The row.
    facts
        In the words of the access table.
    fields
        Columns that the viewer may see; of his own every one, and what was not understood.
    is_own
        Whether it is the viewer's.
    state
        In the words of the domain.
    """

    version: ListVersion
    facts: frozenset[str]
    fields: tuple[str, ...]
    is_own: bool

    @property
    def state(self) -> str:
        """Give the state as shown."""
        return shown(self.version.state, self.facts)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns worth a place on a page: stated by the owner, or, of another's, withheld or not."""
        return tuple(column for column in COLUMNS if column in self.version.columns)


def list_of(viewer: Viewer, key: str, verb: str) -> List:
    """Give one of the viewer's own lists.

    Raises
    ------
    NotYoursError
        If there is none, or it is another's.
    """
    found = List.objects.select_related("owner").filter(id=key).first()
    if found is None:
        raise NotYoursError("no such list")
    require(viewer, verb, Thing(KIND, found.owner_id))
    return found


def file_of(viewer: Viewer, key: str, file: str = "") -> ListFile:
    """Give a file of one of the viewer's own lists, the latest if none is named.

    Raises
    ------
    NotYoursError
        If there is none.
    """
    files = ListFile.objects.filter(list=list_of(viewer, key, "write")).select_related("list", "by").order_by("-at")
    found = files.filter(id=file).first() if file else files.first()
    if found is None:
        raise NotYoursError("no such file")
    return found


def is_stopped(file: ListFile) -> bool:
    """Whether a file waits for a job that was cancelled, has failed, or is not there any more."""
    if file.state not in {"waiting", "accepted"}:
        return False
    job = Job.objects.filter(id=file.job).first()
    return job is None or job.state in {State.CANCELLED, State.FAILED}


def facts_of(version: ListVersion, releases: Iterable[Release], desk: str) -> frozenset[str]:
    """State what is true of a version: to whom it is released, and whether it speaks of remains."""
    facts = {"released_neutral" if release.audience_id == desk else "released_side" for release in releases}
    if version.list.kind == ListKind.REMAINS:
        facts.add("remains")
    return frozenset(facts)


def _seen(viewer: Viewer, version: ListVersion, releases: Collection[Release], desk: str) -> Seen:
    """Look at a version through the releases that open it for this viewer; a field only if its own release does."""
    owner = version.list.owner_id
    is_own = viewer.party == owner
    open_ = releases if is_own or viewer.party == desk else [r for r in releases if r.audience_id == viewer.party]
    read = [r for r in open_ if is_own or may(viewer, "read", Thing(KIND, owner, facts_of(version, [r], desk)))]
    names = {name for release in read for name in release.fields}
    fields = COLUMNS if is_own else tuple(column for column in COLUMNS if column in names)
    return Seen(version, facts_of(version, open_, desk), fields, is_own)


def versions_seen(viewer: Viewer, now: dt.datetime, *, verb: str = "read") -> list[Seen]:
    """Give every version on which the viewer may do something: his own latest ones, and what was released to him."""
    desk = neutral().code
    releases: dict[str, list[Release]] = {}
    for release in releases_in_force(now).filter(kind=KIND):
        releases.setdefault(release.object, []).append(release)
    last = ListVersion.objects.filter(list=OuterRef("list")).order_by("-number").values("number")[:1]
    own = Q(list__owner=viewer.party, number=Subquery(last))
    found = ListVersion.objects.exclude(state="storing").filter(own | Q(id__in=list(releases)))
    seen = [
        _seen(viewer, version, releases.get(version.id, ()), desk)
        for version in found.select_related("list__owner").order_by("-stored_at", "id")
    ]
    return [one for one in seen if may(viewer, verb, Thing(KIND, one.version.list.owner_id, one.facts))]


def version_seen(viewer: Viewer, key: str, now: dt.datetime, *, version: str = "", verb: str = "read") -> Seen:
    """Give the version of a list that the viewer may see: the one named, or the latest.

    Raises
    ------
    NotYoursError
        If there is none for him.
    """
    desk = neutral().code
    found = ListVersion.objects.filter(list=key).exclude(state="storing").select_related("list__owner")
    if version:
        found = found.filter(id=version)
    for one in found.order_by("-number"):
        seen = _seen(viewer, one, list(releases_in_force(now).filter(kind=KIND, object=one.id)), desk)
        if may(viewer, verb, Thing(KIND, one.list.owner_id, seen.facts)):
            return seen
    raise NotYoursError("no version for this viewer")


def versions_of(own: List) -> QuerySet[ListVersion]:
    """Give all versions of an own list, the latest first."""
    return own.versions.exclude(state="storing").select_related("sealed_by", "stored_by").order_by("-number")


def is_sealed(version: ListVersion) -> bool:
    """Whether the seal holds."""
    return version.state in SEALED


def records_of(seen: Seen) -> QuerySet[Record]:
    """Give the records in the order of the file."""
    return Record.objects.filter(version=seen.version).order_by("position")


def record_of(seen: Seen, record: str) -> Record:
    """Give one record of a version that the viewer may see.

    Raises
    ------
    NotYoursError
        If it is not on it.
    """
    found = Record.objects.filter(version=seen.version, id=record).first()
    if found is None:
        raise NotYoursError("no such record")
    return found


def latest_answers(version: ListVersion, records: Iterable[str] | None = None) -> dict[str, Answer]:
    """Give the answer that stands for each record: the last one given."""
    found = Answer.objects.filter(version=version).order_by("number", "at").select_related("by", "party")
    if records is not None:
        found = found.filter(record__in=list(records))
    return {answer.record_id: answer for answer in found}


def answered_counts(versions: Iterable[ListVersion], party: str = "") -> Counter[str]:
    """Count, version by version, the lines that have an answer, of one party or of any."""
    found = Answer.objects.filter(version__in=[version.id for version in versions])
    if party:
        found = found.filter(party=party)
    return Counter(dict(found.values_list("version").annotate(n=Count("record", distinct=True)).order_by()))


def answered_count(version: ListVersion, party: str = "") -> int:
    """Count the lines of a version that have an answer, of one party or of any."""
    return answered_counts([version], party)[version.id]


def settled(version: ListVersion, records: Iterable[str] | None = None) -> dict[str, Settling]:
    """Give the last word on each line that was agreed, executed or moved back."""
    found = Settling.objects.filter(version=version).order_by("number")
    if records is not None:
        found = found.filter(record__in=list(records))
    return {one.record_id: one for one in found}


def settled_counts(version: ListVersion) -> dict[str, int]:
    """Count the lines of a version by what became of them; a line of which nothing was said is not counted."""
    counts = Counter(one.state for one in settled(version).values())
    return {name: counts[name] for name in ("agreed", "executed", "reopened") if counts[name]}


def releases_of(version: ListVersion) -> QuerySet[Release]:
    """Give every release that was ever asked for of a version, for its owner."""
    return Release.objects.filter(kind=KIND, object=version.id).select_related("audience").order_by("-asked_at")


def title_of_version(key: str) -> str:
    """Give the words by which a version's owner knows it."""
    found = ListVersion.objects.select_related("list").filter(id=key).first()
    return f"{found.list.title} ({found.number})" if found else key


def address_of_version(key: str) -> str:
    """Give the address of a version's page."""
    found = ListVersion.objects.filter(id=key).first()
    return f"/lists/{found.list_id}?version={key}" if found else "/lists"


def rows_of_list(key: str) -> tuple[QuerySet[Any], ...]:
    """Give the rows of one list, or of all for an empty key, in the order in which they can be erased."""
    return (
        Record.objects.filter(version__list=key) if key else Record.objects.all(),
        SearchKeys.objects.filter(version__list=key) if key else SearchKeys.objects.all(),
        ListVersion.objects.filter(list=key) if key else ListVersion.objects.all(),
        ListFile.objects.filter(list=key) if key else ListFile.objects.all(),
        List.objects.filter(id=key) if key else List.objects.all(),
    )
