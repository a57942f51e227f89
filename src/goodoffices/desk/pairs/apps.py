"""The app as Django knows it."""

from django.apps import AppConfig


class PairsConfig(AppConfig):
    """Candidate pairs and what reviewers decide of them."""

    name = "goodoffices.desk.pairs"
    label = "pairs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the long work and what Today is told."""
        from goodoffices.desk.ledger.services import before_sequencing
        from goodoffices.desk.notices import tell
        from goodoffices.desk.pairs import services, tasks, telling

        tasks.register()
        tell("pairs", telling.tell)
        before_sequencing(services.days_record)
