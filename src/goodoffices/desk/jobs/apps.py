"""The app as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work in the background: progress, cancel, resume after a crash."""

    name = "goodoffices.desk.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
