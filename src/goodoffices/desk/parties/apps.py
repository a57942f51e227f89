"""The app as Django knows it."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Parties, members, mandates, releases, and who read what."""

    name = "goodoffices.desk.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
