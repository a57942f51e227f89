"""The app as Django knows it."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Lists in: files checked, versions, seals, answers."""

    name = "goodoffices.desk.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the long work and what Today is told."""
        from goodoffices.desk.lists import tasks, telling
        from goodoffices.desk.notices import tell

        tasks.register()
        tell("lists", telling.tell)
