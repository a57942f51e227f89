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
        If there is none, or it is somebody else's.
    """
    job = Job.objects.filter(id=job_id).first()
    if job is None:
        raise NotYoursError("no such job")
    require(viewer, "read", Thing("job", job.owner, frozenset({"own_job"} if job.owner == viewer.party else ())))
    return job
