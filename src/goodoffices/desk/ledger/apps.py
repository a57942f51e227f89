"""The app as Django knows it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The record: what is written waits here until the one sequencer has appended it; entries in words."""

    name = "goodoffices.desk.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to acts on members, and register what the room tells on Today."""
        from goodoffices.desk import notices
        from goodoffices.desk.ledger.people import listen
        from goodoffices.desk.ledger.telling import tell

        listen()
        notices.tell("ledger", tell)
