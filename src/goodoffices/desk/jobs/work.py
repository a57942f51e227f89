"""The worker: takes jobs one after another; a job that died with its worker is taken up again, a finished one never."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.refusals import stored
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job, State
from goodoffices.domain.errors import CancelledError, GoodOfficesError

LEASE = dt.timedelta(seconds=60)
ATTEMPTS = 3
_DEFECT = "a defect of the desk: its operator finds it in the log"
_LOG = logging.getLogger("goodoffices.jobs")


@dataclass(frozen=True, slots=True)
class Progress:
    """What a running job tells of itself.

    Attributes
    ----------
    job, runner
        Whose work it is, and who does it.
    """

    job: str
    runner: str

    def tell(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is, and keep the lease.

        Raises
        ------
        CancelledError
            If it was cancelled, or another worker has taken it.
        """
        held = Job.objects.filter(id=self.job, runner=self.runner, state=State.RUNNING, cancel=False)
        if not held.update(stage=stage, done=done, total=total, lease_until=timezone.now() + LEASE):
            raise CancelledError(self.job)


Work = Callable[[Mapping[str, object], Progress], tuple[Mapping[str, object], str]]
"""Takes what was given and the teller of progress; gives the result and the address of its page. Called again after a
crash it must do no harm: it writes what it found in one transaction, last (`finish` is in the same one)."""
_WORK: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does a kind of job; rooms do it in their `tasks.py`."""

    def register(function: Work) -> Work:
        _WORK[kind] = function
        return function

    return register


def ask(*, kind: str, owner: str, given: Mapping[str, object], by: Viewer, at: dt.datetime) -> Job:
    """Ask for a job; while an equal one waits or runs, that one is given."""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{kind}\0{owner}\0{text}".encode()).hexdigest()
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind, owner=owner, given=dict(given), input_hash=key, asked_by_id=by.user, asked_at=at
            )
    except IntegrityError:
        return Job.objects.get(kind=kind, owner=owner, input_hash=key, state__in=[State.WAITING, State.RUNNING])


def cancel(job: Job, at: dt.datetime) -> None:
    """Cancel: a waiting job at once, a running one at its next sign of progress."""
    if not Job.objects.filter(id=job.id, state=State.WAITING).update(state=State.CANCELLED, ended_at=at):
        Job.objects.filter(id=job.id, state=State.RUNNING).update(cancel=True)


def run_one() -> bool:
    """Do the next job, if there is one; whether there was."""
    runner = new_id()
    job = _claim(runner)
    if job is None:
        return False
    try:
        with _beating(job.id, runner):
            result, address = _WORK[job.kind](job.given, Progress(job.id, runner))
        _end(job, runner, state=State.DONE, result=dict(result), address=address)
    except CancelledError:
        _end(job, runner, state=State.CANCELLED)
    except GoodOfficesError as error:
        _end(job, runner, state=State.FAILED, faults=stored(error))
    except Exception as error:  # noqa: BLE001  a defect of one job must not stop the worker; its class and place are logged
        place = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.error(
            "job %s: %s at %s:%s", job.kind, type(error).__name__, place.filename.rsplit("/", 1)[-1], place.lineno
        )
        _end(job, runner, state=State.FAILED, faults=stored(GoodOfficesError(_DEFECT)))
    return True


@contextmanager
def _beating(job: str, runner: str) -> Iterator[None]:
    """Keep the lease while this process lives: a compilation or one long comparison says nothing of itself."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            try:
                held = Job.objects.filter(id=job, runner=runner, state=State.RUNNING)
                held.update(lease_until=timezone.now() + LEASE)
            except DatabaseError:
                _LOG.warning("job: the lease could not be renewed this time")
            finally:
                connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _claim(runner: str) -> Job | None:
    """Take the oldest job that waits, or whose worker was not heard of for the length of a lease."""
    now = timezone.now()
    lost = Q(state=State.RUNNING, lease_until__lt=now)
    Job.objects.filter(lost, attempts__gte=ATTEMPTS).update(state=State.FAILED, ended_at=now)
    Job.objects.filter(lost, cancel=True).update(state=State.CANCELLED, ended_at=now)
    for job in Job.objects.filter(Q(state=State.WAITING) | lost).order_by("asked_at")[:5]:
        free = Job.objects.filter(id=job.id).filter(Q(state=State.WAITING) | lost)
        taken = free.update(
            state=State.RUNNING, runner=runner, lease_until=now + LEASE, started_at=now, attempts=job.attempts + 1
        )
        if taken:
            job.refresh_from_db()
            return job
    return None


def _end(job: Job, runner: str, *, state: State, **fields: object) -> None:
    """Write the end, unless another worker has taken the job meanwhile or it ended already."""
    with transaction.atomic():
        held = Job.objects.select_for_update().filter(id=job.id, runner=runner, state=State.RUNNING).first()
        if held is None:
            return
        held.state, held.ended_at, held.lease_until = state, timezone.now(), None
        for name, value in fields.items():
            setattr(held, name, value)
        held.save()
