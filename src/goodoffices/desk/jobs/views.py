"""A job's page: what it does, how far it is, cancel."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.http import guard, show, viewer_of, writes
from goodoffices.desk.jobs.models import State
from goodoffices.desk.jobs.selectors import job_of
from goodoffices.desk.jobs.work import cancel


@guard("job", "read")
def job(request: HttpRequest, job_id: str) -> HttpResponse:
    """Show a job; when it is done, lead to what it found."""
    found = job_of(viewer_of(request), job_id)
    if found.state == State.DONE and found.address:
        answer = HttpResponseRedirect(found.address)
        if request.headers.get("HX-Request"):
            answer = HttpResponse(headers={"HX-Redirect": found.address})  # type: ignore[assignment]
        return answer
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return show(request, template, {"job": found}, part="desk_jobs")


@guard("job", "cancel")
@writes
def job_cancel(request: HttpRequest, job_id: str) -> HttpResponse:
    """Cancel a job."""
    found = job_of(viewer_of(request), job_id)
    cancel(found, timezone.now())
    return HttpResponseRedirect(f"/jobs/{job_id}")
