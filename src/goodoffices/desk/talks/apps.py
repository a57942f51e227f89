"""The app as Django knows it."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Forums, the single text, consent, commitments."""

    name = "goodoffices.desk.talks"
    label = "talks"
    default_auto_field = "django.db.models.BigAutoField"
