"""Addresses of jobs."""

from django.urls import path

from goodoffices.desk.jobs import views

urlpatterns = [
    path("jobs/<slug:job_id>", views.job, name="job"),
    path("jobs/<slug:job_id>/cancel", views.job_cancel, name="job_cancel"),
]
