"""The app as Django knows it."""

from django.apps import AppConfig


class RemainsConfig(AppConfig):
    """Transfers of the dead, containers, cases, samples, candidates, the board."""

    name = "goodoffices.desk.remains"
    label = "remains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's long work and what it has to tell."""
        from goodoffices.desk import notices
        from goodoffices.desk.remains import tasks, telling  # noqa: F401  importing registers the long work

        notices.tell("remains", telling.tell)
