"""The app as Django knows it."""

from django.apps import AppConfig


class RemainsConfig(AppConfig):
    """Transfers of the dead, containers, cases, samples, candidates, the board."""

    name = "goodoffices.desk.remains"
    label = "remains"
    default_auto_field = "django.db.models.BigAutoField"
