"""The app as Django knows it."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Promised, stated, confirmed, withheld: the public page."""

    name = "goodoffices.desk.results"
    label = "results"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room tells on Today."""
        from goodoffices.desk import notices
        from goodoffices.desk.results.telling import tell

        notices.tell("results", tell)
