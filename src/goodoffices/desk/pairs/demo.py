"""The demo's pairs: the first side's held list against the other's sought one, a few pairs decided and one answered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from goodoffices.desk.lists.demo import member, work_off
from goodoffices.desk.lists.models import ListVersion
from goodoffices.desk.lists.selectors import version_seen
from goodoffices.desk.pairs import services
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.pairs.selectors import parties_of
from goodoffices.domain.lists import ListKind

_SAME = 6


def fill(workspace: Path, at: dt.datetime) -> None:  # noqa: ARG001  every room's share has this form
    """Compare whom one side holds with whom the other seeks and decide a few pairs; the other way waits."""
    first, second = member("humanitarian-1"), member("humanitarian-2")
    held = ListVersion.objects.filter(list__kind=ListKind.HELD, state="sealed").select_related("list")
    sought = ListVersion.objects.filter(list__kind=ListKind.SOUGHT, state="sealed").select_related("list")
    for one in held.order_by("list__owner"):
        other = sought.exclude(list__owner=one.list.owner_id).get()
        seen = [version_seen(first, version.list_id, at, version=version.id) for version in (one, other)]
        services.run_ask(left=seen[0], right=seen[1], by=first, at=at)
        if not Run.objects.filter(is_done=True).exists():
            work_off()
    review = Pair.objects.select_related("run__left__list", "run__right__list")
    for number, pair in enumerate(review.filter(verdict="link").order_by("bits")[:_SAME]):
        services.pair_decide(pair=pair, verdict="same", seen=0, by=second if number % 2 else first, at=at)
    for pair in review.filter(verdict="review").order_by("bits")[:3]:
        services.pair_decide(pair=pair, verdict="other", seen=0, by=second, at=at)
    answered = review.filter(state="same").order_by("bits").first()
    if answered is not None:
        holder = member(f"side-{parties_of(answered.run)[0].lower()}-1")
        services.pair_reply(pair=answered, answer="held", by=holder, at=at)
