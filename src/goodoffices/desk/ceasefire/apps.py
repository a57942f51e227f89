"""The app as Django knows it."""

from django.apps import AppConfig


class CeasefireConfig(AppConfig):
    """Windows, plans, the frontier, teams, incidents."""

    name = "goodoffices.desk.ceasefire"
    label = "ceasefire"
    default_auto_field = "django.db.models.BigAutoField"
