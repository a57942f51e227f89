"""The demo's exchange: two invented lists, terms after the third round, a plan that one side has signed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from goodoffices.desk.exchange import selectors, services
from goodoffices.desk.exchange.models import Exchange
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.lists import services as lists
from goodoffices.desk.lists.models import ListFile, ListVersion
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.parties.services import release_approve
from goodoffices.desk.talks.demo import viewer_of
from goodoffices.domain.lists import ListKind
from goodoffices.domain.ranks import Rank
from goodoffices.domain.terms import Legs, Terms
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes
from goodoffices.synth.held import held_list

PERSONS = 200
_SCRIPTS = ("ru", "uk")
_RELEASED = ("ref", "sex", "birth_date", "rank", "category", "health", "held_at", "family", "requested")
_DAYS = dt.timedelta(days=90)


def fill(workspace: Path, at: dt.datetime) -> None:
    """Compose an exchange; the first side has signed it, the other is asked."""
    del workspace
    exchange = compose(at, persons=PERSONS, minimum=110)
    plan = selectors.standing(exchange)
    if plan is not None and plan.kind == "composed":
        first = sides()[0].code.lower()
        services.plan_sign(exchange=exchange, sha256=plan.sha256, by=viewer_of(f"side-{first}-1"), at=at)


def compose(at: dt.datetime, *, persons: int, minimum: int) -> Exchange:
    """Open an exchange on two invented lists, set its terms and compose a plan."""
    versions = {
        side.code: held(side.code, persons, seed=41 + place, script=_SCRIPTS[place % 2], at=at)
        for place, side in enumerate(sides())
    }
    closed = selectors.commitments()
    commitment = next((one for one in closed if "1,200" in one.title or "1200" in one.title), closed[0])
    by = viewer_of("humanitarian-1")
    exchange = services.exchange_open(
        title="Exchange under the third round (invented lists)", commitment=commitment, versions=versions, by=by, at=at
    )
    services.terms_set(exchange=exchange, terms=demo_terms(at.date(), minimum=minimum, persons=persons), by=by, at=at)
    services.work_ask(kind=services.COMPOSE, exchange=exchange, by=by, at=at, given={})
    work_off()
    return exchange


def demo_terms(on: dt.date, *, minimum: int, persons: int) -> str:
    """Write terms in the spirit of the public record, at a scale that fits the lists."""
    first, second = (side.code for side in sides())
    terms = Terms(
        sides=(first, second),
        on=on,
        held={first: f"{first}.csv", second: f"{second}.csv"},
        minimum={first: minimum, second: minimum},
        all_for_all=("seriously_wounded_or_ill", "aged_18_to_25"),
        rank_groups=((Rank.CAPTAIN, Rank.MAJOR),),
        civilians={first: persons // 50, second: 0},
        retained_apart=True,
        order=("requested:1", "women", "requested:2", "longest_held", "requested:3"),
        legs=Legs((persons // 4,) * 3, persons // 6),
    )
    return terms_bytes(terms).decode()


def held(party: str, persons: int, *, seed: int, script: str, at: dt.datetime) -> ListVersion:
    """Give a sealed list of invented persons, released to the neutral by two members of its side."""
    by, second = viewer_of(f"side-{party.lower()}-1"), viewer_of(f"side-{party.lower()}-2")
    own = lists.list_start(kind=ListKind.HELD, title="Held (invented)", by=by, at=at)
    data = sealed_csv(held_list(persons, seed=seed, script=script))
    file = lists.file_take(list_=own, name=f"held-{party}.csv", data=data, by=by, at=at)
    work_off()
    version = lists.file_accept(file=ListFile.objects.get(id=file.id), by=by, at=at)
    work_off()
    version = lists.version_seal(version=ListVersion.objects.get(id=version.id), by=by, at=at)
    asked = lists.version_release(
        version=version, audience=neutral().code, fields=tuple(name for name in _RELEASED if name in version.columns),
        starts_at=at, ends_at=at + _DAYS, by=by, at=at,
    )  # fmt: skip
    release_approve(release=asked, by=second, at=at)
    return version


def work_off() -> None:
    """Do every job that waits."""
    while run_one():
        pass
