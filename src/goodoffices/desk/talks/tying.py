"""Writes of packages: tie, take in and out, release ahead, close. The chair asks; what all sides accept last holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.talks.deciding import accord_put, once_accepted
from goodoffices.desk.talks.models import Accord, Forum, Package, Tie
from goodoffices.desk.talks.packages import package_thing, standing, standings
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, TransitionError

LEAST = 2
"""Parts that a package has at least; with none it is dissolved."""


@transaction.atomic
def package_open(
    *, forum: Forum, code: str, title: str, parts: Sequence[str], known: Sequence[str], by: Viewer, at: dt.datetime
) -> Package:
    """Propose a package to the sides; it ties nothing before every side has accepted.

    Parameters
    ----------
    forum
        Where all sides sit.
    code, title
        Its own.
    parts, known
        What shall be tied, and what could be.
    by, at
        Who and when.

    Raises
    ------
    InputError
        If the code is taken, or the parts are too few or unknown.
    TransitionError
        If a side does not sit in the forum.
    """
    require(by, "write", package_thing(forum, by))
    if not {side.code for side in sides()} <= set(forum.members):
        raise TransitionError(f"not every side sits in {forum.code}, expected a forum of all sides")
    if Package.objects.filter(code=code).exists():
        raise InputError(Fault("package", "", "code", code, "a code that no other package has"))
    if len(set(parts)) < LEAST:
        raise InputError(Fault("package", "", "parts", str(len(set(parts))), "two parts at least"))
    made = Package.objects.create(code=code, title=title, forum=forum)
    _tie(made, parts, known, by=by, at=at)
    return made


@transaction.atomic
def package_revise(*, package: Package, parts: Sequence[str], known: Sequence[str], by: Viewer, at: dt.datetime) -> Tie:
    """Propose that parts are taken in or out; until every side has accepted, what they accepted before holds.

    Raises
    ------
    InputError
        If nothing changes, one part alone would be tied, or a part is unknown.
    TransitionError
        If the package has closed.
    """
    require(by, "write", package_thing(package.forum, by))
    found = standing(package)
    if found.state == "closed":
        raise TransitionError(f"package {package.code} has closed: all its parts bind")
    if len(set(parts)) == 1:
        raise InputError(Fault("package", "", "parts", "1", "two parts at least, or none to dissolve it"))
    if sorted(set(parts)) == found.latest.parts and found.latest.accord.state in {"waits", "accepted"}:
        raise InputError(Fault("package", "", "parts", "what it ties already", "a part taken in or out"))
    return _tie(package, parts, [*known, *found.parts], by=by, at=at)


def _tie(package: Package, parts: Sequence[str], known: Sequence[str], *, by: Viewer, at: dt.datetime) -> Tie:
    unknown = sorted(set(parts) - set(known))
    if unknown:
        raise InputError(
            *(
                Fault("package", "", "parts", part, "a clause of the text, or what does not bind yet")
                for part in unknown
            )
        )
    tied: list[Json] = [*sorted(set(parts))]
    number = package.ties.count() + 1
    asks: dict[str, Json] = {"package": package.code, "number": number, "parts": tied}
    accord = accord_put(forum=package.forum, kind="package", about=package.id, asks=asks, by=by, at=at)
    return Tie.objects.create(package=package, number=number, parts=tied, accord=accord)


def harvest_ask(*, package: Package, part: str, by: Viewer, at: dt.datetime) -> Accord:
    """Ask the sides to release a part ahead of the rest.

    Raises
    ------
    InputError
        If it is no part of what is tied, or was released before.
    TransitionError
        If nothing is tied, or the package has closed.
    """
    require(by, "write", package_thing(package.forum, by))
    found = standing(package)
    if found.state != "tied":
        raise TransitionError(f"package {package.code} is {found.state}, expected tied")
    if part not in found.parts or part in package.early_harvest:
        raise InputError(Fault("package", "", "part", part, "a part that is tied and was not released ahead"))
    asks: dict[str, Json] = {"package": package.code, "part": part}
    return accord_put(forum=package.forum, kind="harvest", about=_about(package, part), asks=asks, by=by, at=at)


def _about(package: Package, part: str) -> str:
    return f"{package.id} {part}"


@once_accepted("package")
def _tied(accord: Accord, at: dt.datetime) -> None:
    """Take back what was asked of parts that are no longer tied."""
    tie = accord.tie
    kept = [_about(tie.package, part) for part in tie.parts]
    gone = accord.forum.accords.filter(kind="harvest", state="waits", about__startswith=f"{tie.package_id} ")
    gone.exclude(about__in=kept).update(state="withdrawn", ended_at=at)


@once_accepted("harvest")
def _released(accord: Accord, at: dt.datetime) -> None:  # noqa: ARG001  the moment stands with the accord
    package = Package.objects.get(code=accord.asks["package"])
    package.early_harvest = sorted({*package.early_harvest, accord.asks["part"]})
    package.save(update_fields=["early_harvest"])


def packages_close(at: dt.datetime) -> None:
    """Note the packages all of whose parts have closed; asked for at the sequencer's beat, once each."""
    for found in standings():
        if found.row.closed_at is not None or found.state != "closed":
            continue
        with transaction.atomic():
            if Package.objects.filter(id=found.row.id, closed_at__isnull=True).update(closed_at=at):
                statement_record(
                    kind="package_closed", owner=neutral().code, by=Viewer(), at=at,
                    content={"package": found.row.code, "parts": list(found.parts), "at": at.isoformat()},
                    subject=f"package:{found.row.id}", roles=[side.code for side in sides()],
                )  # fmt: skip
