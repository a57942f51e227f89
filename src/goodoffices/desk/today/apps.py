"""The app as Django knows it."""

from django.apps import AppConfig


class TodayConfig(AppConfig):
    """What waits, what falls due, what changed; the guided walk; the pack for tomorrow."""

    name = "goodoffices.desk.today"
    label = "today"
    default_auto_field = "django.db.models.BigAutoField"
