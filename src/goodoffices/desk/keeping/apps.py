"""The app as Django knows it."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """What crosses and what is kept."""

    name = "goodoffices.desk.keeping"
    label = "keeping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand at the gate of reads, write releases into the record, tell what waits."""
        from goodoffices.desk import notices
        from goodoffices.desk.keeping import selectors, services, tasks  # noqa: F401  tasks registers its job
        from goodoffices.desk.parties import crossing

        crossing.gate("keeping", services.cap_check)
        crossing.after("keeping", services.release_record)
        notices.tell("keeping", selectors.notices)
