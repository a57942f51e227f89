"""Reads of jobs."""

from __future__ import annotations

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.jobs.models import Job
from goodoffices.domain.errors import NotYoursError


def job_of(viewer: Viewer, job_id: str) -> Job:
    """Give a job to whom it is.

    Raises
    ------
    NotYoursError
        If there is none, or it is another party's or another role's.
    """
    job = Job.objects.select_related("asked_by").filter(id=job_id).first()
    if job is None:
        raise NotYoursError("no such job")
    is_own = job.owner == viewer.party and job.asked_by.role == viewer.role  # a party may have several desks
    require(viewer, "read", Thing("job", job.owner, frozenset({"own_job"} if is_own else ())))
    return job
