"""Long work of keeping: erasure."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from goodoffices.desk.jobs.work import Progress, work
from goodoffices.desk.keeping.models import Erasure
from goodoffices.desk.keeping.retention import erase
from goodoffices.domain.errors import TransitionError


@work("erase")
def erase_due(given: Mapping[str, object], progress: Progress) -> tuple[Mapping[str, object], str]:
    """Erase what is due, once two persons have asked for it.

    Raises
    ------
    TransitionError
        If the second person has not approved it.
    """
    erasure = Erasure.objects.get(id=given["erasure"])
    if erasure.approved_at is None:
        raise TransitionError("this erasure is not approved")
    if erasure.done_at is None:
        erase(timezone.now(), say=progress.tell)
        Erasure.objects.filter(id=erasure.id).update(done_at=timezone.now())
    return {}, "/retention"
